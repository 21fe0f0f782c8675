"""Plans the first payer's claims of ready sessions: each is on one, or left out with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, exists, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.coverage import Policy
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.claim_standing import holding
from fscdesk.services.claims.build_plan import BuildPlan, LeftOut, WhyNot
from fscdesk.services.claims.drafting import Drafting, Wanted
from fscdesk.services.claims.gathering import holds
from fscdesk.services.claims.grouping import DraftSession, group_sessions
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

CLAIMED_KINDS: Final = frozenset({ServiceKind.SESSION, ServiceKind.ADD_ON})
"""Services that a payer is billed for; fees for what did not take place are the client's."""
PRIMARY: Final = 1


def plan_claims(work: Work, session_ids: Collection[int] | None = None) -> BuildPlan:
    """Return the claims that would be made of sessions, and what would be left out. Reads only.

    None: of all sessions that are ready to bill and on no claim. Each session is in exactly one
    planned claim, or left out with its reason.
    """
    work.db.flush()
    sessions = _sessions(work, session_ids)
    asked = [one.id for one in sessions]
    charges = charges_of_sessions(work, asked)
    claimed = claims_of_sessions(work, asked)
    drafting = Drafting(work, {one.patient_id for one in sessions})
    wanted: list[Wanted] = []
    left: list[LeftOut] = []
    for at, session in enumerate(sessions):
        work.job.step(at, len(sessions), "Planning claims")
        found = _want(drafting, session, charges.get(session.id, []), claimed.get(session.id, ""))
        if isinstance(found, Wanted):
            wanted.append(found)
        else:
            left.append(found)
    return planned(drafting, wanted, left)


def planned(
    drafting: Drafting,
    wanted: Sequence[Wanted],
    left: Sequence[LeftOut],
    *,
    later_payers: bool = False,
) -> BuildPlan:
    """Return the plan of sessions whose policy is known."""
    drafts: list[DraftSession] = []
    out = list(left)
    for one in drafting.drafts(wanted):
        if isinstance(one, DraftSession):
            drafts.append(one)
        else:
            out.append(
                leave_out(
                    drafting,
                    one.session,
                    WhyNot.NO_PLACE,
                    "It is not known where it took place. Set its location in Sessions, or the "
                    "usual place under Setup.",
                    "session",
                    one.session.id,
                )
            )
    return BuildPlan(
        tuple(drafting.planned(group) for group in group_sessions(drafts)),
        tuple(sorted(out, key=lambda one: (one.day, one.session_id))),
        later_payers,
    )


def charges_of_sessions(
    work: Work, session_ids: Collection[int]
) -> dict[int, list[tuple[Charge, ServiceKind]]]:
    """Return the live charges of sessions with the kind of their service, in their order."""
    found: dict[int, list[tuple[Charge, ServiceKind]]] = defaultdict(list)
    for charge, kind in work.db.execute(
        select(Charge, Service.kind)
        .join(Service, Service.id == Charge.service_id)
        .where(among(work, Charge.session_id, session_ids), Charge.voided_on.is_(None))
        .order_by(Charge.session_id, Charge.position, Charge.id)
    ):
        if charge.session_id is not None:
            found[charge.session_id].append((charge, kind))
    return found


def billable(charges: Sequence[tuple[Charge, ServiceKind]]) -> tuple[Charge, ...]:
    """Return the charges that go on a claim: a payer's share, of what is no fee."""
    return tuple(
        charge for charge, kind in charges if charge.insurance_share and kind in CLAIMED_KINDS
    )


def claims_of_sessions(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """Return the number of the newest claim by session that bills it."""
    rows = work.db.execute(
        select(ClaimLine.session_id, Claim.number)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(among(work, ClaimLine.session_id, session_ids), holding())
        .order_by(Claim.id)
    )
    return {row.session_id: row.number for row in rows}


def leave_out(
    drafting: Drafting,
    session: Session,
    code: WhyNot,
    reason: str,
    place: str,
    place_id: int | None,
) -> LeftOut:
    """Return a session that goes on no claim."""
    return LeftOut(
        session_id=session.id,
        patient_id=session.patient_id,
        patient=drafting.facts.patients[session.patient_id].name,
        day=session.day,
        code=code,
        reason=reason,
        place=place,
        place_id=place_id,
        fee=session.fee,
    )


def _sessions(work: Work, session_ids: Collection[int] | None) -> list[Session]:
    wanted: list[ColumnElement[bool]]
    if session_ids is not None:
        wanted = [among(work, Session.id, session_ids)]
    else:
        on_claim = exists().where(
            ClaimLine.session_id == Session.id, Claim.id == ClaimLine.claim_id, holding()
        )
        wanted = [
            Session.billing_status == BillingStatus.READY_TO_BILL,
            Session.withdrawn_by.is_(None),
            ~on_claim,
        ]
    return list(work.db.scalars(select(Session).where(*wanted).order_by(Session.id)))


def _want(
    drafting: Drafting,
    session: Session,
    charges: Sequence[tuple[Charge, ServiceKind]],
    claim: str,
) -> Wanted | LeftOut:
    """Return what is billed of a session, or why it goes on no claim."""

    def left(code: WhyNot, reason: str, place: str, place_id: int | None) -> LeftOut:
        return leave_out(drafting, session, code, reason, place, place_id)

    facts, day = drafting.facts, session.day
    name = facts.patients[session.patient_id].name
    if session.withdrawn_by is not None:
        return left(WhyNot.NOT_READY, "It was taken back with its import.", "session", session.id)
    if claim:
        return left(WhyNot.ON_CLAIM, f"It is on claim {claim} already.", "claim", None)
    if session.billing_status is not BillingStatus.READY_TO_BILL:
        status = session.billing_status.value.replace("_", " ")
        return left(
            WhyNot.NOT_READY,
            f"It is {status}, not ready to bill. Check it in Sessions.",
            "session",
            session.id,
        )
    wanted = billable(charges)
    if not wanted:
        if any(charge.insurance_share for charge, _ in charges):
            return left(
                WhyNot.FEE_ONLY,
                "Its services are never billed to a payer. Change that under Setup, Services.",
                "services",
                None,
            )
        return left(
            WhyNot.SELF_PAY,
            f"{name} pays it. It goes on a statement or an invoice.",
            "patient",
            session.patient_id,
        )
    policy = _primary(facts.policies.get(session.patient_id, ()), session)
    if policy is None:
        return left(
            WhyNot.NO_POLICY,
            f"{name} has no primary policy on {day:%m/%d/%Y}. Add it under Policies.",
            "patient",
            session.patient_id,
        )
    charged = wanted[0].payer_id
    if charged is not None and charged != policy.payer_id:
        return left(
            WhyNot.OTHER_PAYER,
            f"It is charged to {facts.payers[charged].name}, but the primary policy of {name} on "
            f"{day:%m/%d/%Y} is with {facts.payers[policy.payer_id].name}. Correct the policy, or "
            "the session in SimplePractice.",
            "patient",
            session.patient_id,
        )
    return Wanted(session, wanted, policy)


def _primary(policies: Sequence[Policy], session: Session) -> Policy | None:
    """Return the primary policy on the day; of two, that of the session's payer."""
    found = [one for one in policies if one.rank == PRIMARY and holds(one, session.day)]
    own = [one for one in found if one.payer_id == session.payer_id]
    return next(iter(own or found), None)
