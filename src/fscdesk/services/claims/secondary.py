"""Plans claims to the payer behind one that has answered: secondary, then tertiary.

They carry the services of the answered claim, unchanged; what the payers before paid, took off
and left is read when the claim is put together. A claim whose payer passed it on by itself
(crossover) has its successor in the books already, or its remittance says so, and none is planned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.coverage import Policy
from fscdesk.models.remittance import Fate, RemittanceClaim
from fscdesk.models.service import ServiceKind
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO
from fscdesk.services.claim_standing import FALLEN, UNSENT, holding
from fscdesk.services.claims.build_plan import BuildPlan, LeftOut, WhyNot
from fscdesk.services.claims.drafting import Drafting, Wanted
from fscdesk.services.claims.gathering import holds
from fscdesk.services.claims.lifecycle import status_words
from fscdesk.services.claims.planning import (
    CLAIMED_KINDS,
    charges_of_sessions,
    leave_out,
    planned,
)
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

ANSWERED: Final = frozenset({ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID, ClaimStatus.DENIED})
"""Claims of an earlier payer behind which the next one is billed."""


def plan_secondary(work: Work, session_ids: Collection[int] | None = None) -> BuildPlan:
    """Return the claims to the next payers of clients whose earlier payer has answered.

    None: of all sessions that have a further policy on their day and something open. A session
    whose earlier claim is not answered yet is left out: it waits. Reads only.
    """
    work.db.flush()
    newest: dict[int, Claim] = {}
    sessions: dict[int, Session] = {}
    for row in work.db.execute(_candidates(work, session_ids)):
        newest[row.Session.id] = row.Claim  # the last payer's, and of that the newest
        sessions[row.Session.id] = row.Session
    charges = charges_of_sessions(work, sessions)
    drafting = Drafting(work, {one.patient_id for one in sessions.values()})
    claimed = _claimed(work, sessions)
    passed_on = _passed_on(work, {one.id for one in newest.values()})
    wanted: list[Wanted] = []
    left: list[LeftOut] = []
    for session in sessions.values():
        policy = _next_policy(drafting, session, newest[session.id])
        if policy is None:
            continue
        found = _want(
            drafting,
            session,
            charges.get(session.id, []),
            policy,
            newest[session.id],
            claimed.get((session.id, policy.rank), ""),
            passed_on=newest[session.id].id in passed_on,
        )
        if isinstance(found, Wanted):
            wanted.append(found)
        elif found is not None:
            left.append(found)
    return planned(drafting, wanted, left, later_payers=True)


def _candidates(work: Work, session_ids: Collection[int] | None) -> Select[Session, Claim]:
    """Return sessions with each claim that was sent of them, of clients with a later policy."""
    policy = aliased(Policy)
    wanted: list[ColumnElement[bool]] = [
        Claim.status.not_in(FALLEN | UNSENT),
        Claim.frequency != Frequency.VOID,
        Session.withdrawn_by.is_(None),
        policy.rank > Claim.rank,
        policy.valid_from <= Session.day,
    ]
    if session_ids is not None:
        wanted.append(among(work, Session.id, session_ids))
    return (
        select(Session, Claim)
        .join(ClaimLine, ClaimLine.session_id == Session.id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(policy, policy.patient_id == Session.patient_id)
        .where(*wanted)
        .distinct()
        .order_by(Session.id, Claim.rank, Claim.id)
    )


def _claimed(work: Work, session_ids: Collection[int]) -> Mapping[tuple[int, int], str]:
    rows = work.db.execute(
        select(ClaimLine.session_id, Claim.rank, Claim.number)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(among(work, ClaimLine.session_id, session_ids), holding())
        .order_by(Claim.id)
    )
    return {(row.session_id, row.rank): row.number for row in rows}


def _next_policy(drafting: Drafting, session: Session, claim: Claim) -> Policy | None:
    """Return the policy on the day that comes next behind a claim's."""
    found = [
        one
        for one in drafting.facts.policies.get(session.patient_id, ())
        if one.rank > claim.rank and holds(one, session.day)
    ]
    return min(found, key=lambda one: one.rank, default=None)


def _want(
    drafting: Drafting,
    session: Session,
    charges: Sequence[tuple[Charge, ServiceKind]],
    policy: Policy,
    claim: Claim,
    number: str,
    *,
    passed_on: bool,
) -> Wanted | LeftOut | None:
    """Return what goes to the next payer, or why nothing does; None where nothing is open."""
    open_charges = tuple(
        charge
        for charge, kind in charges
        if charge.insurance_share
        and kind in CLAIMED_KINDS
        and (charge.insurance_balance > ZERO or charge.patient_balance > ZERO)
    )
    if not open_charges:
        return None
    if number:
        return leave_out(
            drafting,
            session,
            WhyNot.ON_CLAIM,
            f"It is on claim {number} to the next payer already.",
            "claim",
            None,
        )
    if claim.status not in ANSWERED:
        payer = drafting.facts.payers[claim.payer_id].name
        return leave_out(
            drafting,
            session,
            WhyNot.WAITS,
            f"It waits for {payer}: claim {claim.number} is {status_words(claim.status)}.",
            "claim",
            claim.id,
        )
    if passed_on:
        payer = drafting.facts.payers[claim.payer_id].name
        return leave_out(
            drafting,
            session,
            WhyNot.WAITS,
            f"{payer} passed claim {claim.number} on by itself: the next payer answers it.",
            "claim",
            claim.id,
        )
    return Wanted(session, open_charges, policy, claim.id)


def _passed_on(work: Work, claim_ids: Collection[int]) -> set[int]:
    """Return the claims that their payer's remittance says it sent on (19 to 21, NM1*TT, MA18)."""
    found = select(RemittanceClaim.claim_id).where(
        among(work, RemittanceClaim.claim_id, claim_ids),
        RemittanceClaim.forwarded.is_(True),
        RemittanceClaim.fate == Fate.POSTED,
    )
    return {one for one in work.db.scalars(found) if one is not None}
