"""Today's claims: what was built, what can go, what must be mended first, what is left out.

built = office.write(build_today).value       # builds what is ready, checks all that waits
today = office.read(todays_plan)              # the whole of it, to look at; writes nothing
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.claim_batch import Route
from fscdesk.models.values import Money
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claims import policies
from fscdesk.services.claims.batch_plan import BatchPlan, GoingClaim, StayingClaim, Stays
from fscdesk.services.claims.build_plan import BuildPlan, Built, LeftOut, PlannedClaim
from fscdesk.services.claims.building import build_claims, plan_claims, undo_build
from fscdesk.services.claims.going import judge
from fscdesk.services.claims.mend_cards import MendCard, cards_to_mend
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.secondary import plan_secondary
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, may, require
from fscdesk.services.work import Work

__all__ = [
    "BatchPlan",
    "BuiltToday",
    "GoingClaim",
    "LeftOut",
    "PlannedClaim",
    "Route",
    "StayingClaim",
    "Stays",
    "Today",
    "build_today",
    "todays_plan",
    "undo_today",
]


@dataclass(frozen=True, slots=True)
class BuiltToday:
    """What building made, for first and for later payers.

    ``checked`` are all claims that wait, ``left_out`` the ready sessions that are on none.
    ``later_claims`` of ``later_sessions`` are those to later payers: they are of sessions that a
    first payer has answered, not of sessions that were ready.
    """

    made: tuple[Built, ...]
    checked: int
    left_out: int
    later_claims: int = 0
    later_sessions: int = 0

    @property
    def claims(self) -> int:
        """Return how many claims were made."""
        return sum(len(one.claim_ids) for one in self.made)

    @property
    def sessions(self) -> int:
        """Return how many sessions went on them."""
        return sum(one.sessions for one in self.made)

    @property
    def total(self) -> Money:
        """Return what they charge."""
        return Money(sum(one.total.cents for one in self.made))


@dataclass(frozen=True, slots=True)
class Today:
    """The claims of a day before they go.

    ``unbuilt`` are claims that sessions would make that became ready since. ``in_claims`` counts
    the sessions on claims, ``days`` has the first day of each claim by its id; ``may_send`` is
    False where the person has no right to.
    """

    batch: BatchPlan
    cards: tuple[MendCard, ...]
    left_out: tuple[LeftOut, ...]
    unbuilt: tuple[PlannedClaim, ...]
    in_claims: int
    may_send: bool
    days: Mapping[int, date]

    @property
    def sessions(self) -> int:
        """Return how many sessions are ready: on a claim, or left out."""
        return self.in_claims + len(self.left_out)

    @property
    def to_mend(self) -> tuple[StayingClaim, ...]:
        """Return the claims that something stops."""
        return tuple(one for one in self.batch.staying if one.reason_code is Stays.STOPS)

    @property
    def behind(self) -> tuple[StayingClaim, ...]:
        """Return the claims that stay behind for another reason."""
        return tuple(one for one in self.batch.staying if one.reason_code is not Stays.STOPS)


def build_today(work: Work, session_ids: Collection[int] | None = None) -> BuiltToday:
    """Build the claims of all that is ready, or of some sessions, and check all that waits.

    Nothing is built twice: what is on a claim already stays on it. Nothing to build is no
    refusal.
    """
    require(work, Right.MAKE_CLAIMS, "build claims")
    plans = _plans(work, session_ids)
    made, later = [], []
    for plan in plans:
        if plan.claims:
            made.append(build_claims(work, plan))
            later += made[-1:] if plan.later_payers else []
    waiting = list(work.db.scalars(select(Claim.id).where(Claim.status.in_(UNSENT))))
    fresh = {one for built in made for one in built.claim_ids}
    scrub_claims(work, [one for one in waiting if one not in fresh])
    return BuiltToday(
        tuple(made),
        len(waiting),
        len(plans[0].left_out),
        sum(len(one.claim_ids) for one in later),
        sum(one.sessions for one in later),
    )


def undo_today(work: Work, built: BuiltToday) -> int:
    """Drop what was built, and return how many claims it were. Raises Problem once one was sent."""
    return sum(undo_build(work, one) for one in built.made)


def todays_plan(work: Work, claim_ids: Collection[int] | None = None) -> Today:
    """Return what would go and what would not: of all claims that wait, or of some alone."""
    batch = _batch(work, claim_ids)
    cards = cards_to_mend(work, claim_ids)
    shown = [one.claim_id for one in batch.going] + [one.claim_id for one in batch.staying]
    sessions, days = _sessions(work, shown), _days(work, shown)
    may_send = may(work, Right.SEND_CLAIMS)
    if claim_ids is not None:
        return Today(batch, cards, (), (), len(sessions), may_send, days)
    plans = _plans(work, None)
    unbuilt = tuple(one for plan in plans for one in plan.claims)
    sessions |= {one for plan in plans for one in plan.session_ids}
    left = tuple(one for one in plans[0].left_out if one.session_id not in sessions)
    return Today(batch, cards, left, unbuilt, len(sessions), may_send, days)


def _plans(work: Work, session_ids: Collection[int] | None) -> tuple[BuildPlan, ...]:
    if session_ids is not None:
        return (plan_claims(work, session_ids),)
    return plan_claims(work), plan_secondary(work)


def _batch(work: Work, claim_ids: Collection[int] | None) -> BatchPlan:
    """Return the plan of a send, also for who may not send: to look at it is no send."""
    judged = judge(work, claim_ids)
    by_route: dict[Route, list[GoingClaim]] = defaultdict(list)
    for claim, _content in judged.going:
        by_route[claim.route].append(claim)
    folder: Path | None = policies.outbox(work)
    return BatchPlan(
        work.today(),
        tuple(by_route[Route.ELECTRONIC]),
        tuple(by_route[Route.PAPER]),
        tuple(by_route[Route.PORTAL]),
        judged.staying,
        policies.words(work, policies.MODE) == policies.TEST,
        folder,
    )


def _sessions(work: Work, claim_ids: Collection[int]) -> set[int]:
    found = select(ClaimLine.session_id).where(among(work, ClaimLine.claim_id, claim_ids))
    return set(work.db.scalars(found.distinct()))


def _days(work: Work, claim_ids: Collection[int]) -> dict[int, date]:
    rows = work.db.execute(
        select(Claim.id, Claim.first_day).where(among(work, Claim.id, claim_ids))
    )
    return {row.id: row.first_day for row in rows}
