"""What the claims of a session say of it: the one answer for everybody who asks.

It stands below the rooms that move claims and those that move money: both ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, ClaimStatusHistory, Frequency
from fscdesk.models.session import BillingStatus
from fscdesk.services.claim_line_answers import is_denied, line_answers
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

FALLEN: Final = frozenset({ClaimStatus.VOID, ClaimStatus.CLOSED})
"""Claims that are over; every other one stands. A closed one holds its charges unless another
claim that was sent has taken its place."""
BEING_CORRECTED: Final = "Being corrected"
"""Why a corrected claim is held that is not in a batch yet."""
UNSENT: Final = frozenset({ClaimStatus.DRAFT, ClaimStatus.SCRUBBED})
"""Claims that nobody outside the office has seen."""

WAITING: Final = (
    ClaimStatus.SUBMITTED,
    ClaimStatus.ACKNOWLEDGED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.PENDING,
)
"""Claims that a payer has, and has not answered."""

SAYS: Final[Mapping[ClaimStatus, BillingStatus]] = MappingProxyType(
    {
        ClaimStatus.SUBMITTED: BillingStatus.SUBMITTED,
        ClaimStatus.ACKNOWLEDGED: BillingStatus.SUBMITTED,
        ClaimStatus.ACCEPTED: BillingStatus.PENDING,
        ClaimStatus.PENDING: BillingStatus.PENDING,
        ClaimStatus.PARTIALLY_PAID: BillingStatus.APPROVED,
        ClaimStatus.PAID: BillingStatus.APPROVED,
        ClaimStatus.DENIED: BillingStatus.DENIED,
        ClaimStatus.APPEALING: BillingStatus.APPEALING,
        ClaimStatus.REJECTED: BillingStatus.READY_TO_BILL,
    }
)
"""Where a session stands by the claim that it was sent on (DESIGN.md 7); both of its balances
at zero make it paid, whatever the claim says."""


def standing() -> ColumnElement[bool]:
    """Return the condition that a claim holds its charges."""
    return Claim.status.not_in(FALLEN)


def holding() -> ColumnElement[bool]:
    """Return the condition, of claims joined with their lines, that a payer is billed by it.

    A claim that a person closed has no successor: the payer has it, and its charges stay with it.
    What takes another claim back (frequency 8) bills nothing.
    """
    kept = and_(Claim.status == ClaimStatus.CLOSED, ClaimLine.live.is_not(None))
    return and_(or_(standing(), kept), Claim.frequency != Frequency.VOID)


def sent_claims(
    work: Work,
    session_ids: Collection[int] | None = None,
    *,
    made_since: datetime | None = None,
) -> dict[int, str]:
    """Return the sessions that a payer has on a claim, each with that claim in words.

    ``claim CLM-2026-00007, sent on 03/05/2026``. Their charges must not be taken away: what the
    payer has would stand for nothing. A rejected claim, and one that takes another back, is no
    claim that a payer has. Of ``session_ids``, or of all; of claims of any age, or of those made
    since a moment.
    """
    wanted = select(ClaimLine.session_id, Claim.number, Claim.last_sent_on).join(
        Claim, Claim.id == ClaimLine.claim_id
    )
    if session_ids is not None:
        wanted = wanted.where(among(work, ClaimLine.session_id, session_ids))
    if made_since is not None:
        wanted = wanted.where(Claim.made_at >= made_since)
    rows = work.db.execute(
        wanted.where(
            holding(),
            Claim.status.not_in(UNSENT | {ClaimStatus.REJECTED}),
        ).order_by(Claim.rank.desc(), Claim.id)
    )
    return {
        row.session_id: f"claim {row.number}"
        + (f", sent on {row.last_sent_on:%m/%d/%Y}" if row.last_sent_on else "")
        for row in rows
    }


def said_by_claims(work: Work, session_ids: Collection[int]) -> dict[int, BillingStatus]:
    """Return where sessions stand by the claims that they were sent on.

    The last payer's claim decides, and of that payer's the newest; one that takes another back
    (frequency 8) says nothing. Of a claim that was paid in part, the sessions of denied lines
    are denied; one that a person closed says what it said before. A session that was sent on no
    claim that bills it is left out.
    """
    rows = work.db.execute(
        select(ClaimLine.session_id, ClaimLine.claim_id, ClaimLine.position, Claim.status)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            among(work, ClaimLine.session_id, session_ids),
            holding(),
            # A rejected correction holds nothing: the claim that it was to replace stands.
            or_(ClaimLine.live.is_not(None), Claim.status != ClaimStatus.REJECTED),
            Claim.status.in_([*SAYS, ClaimStatus.CLOSED]),
        )
        .order_by(Claim.rank, Claim.id, ClaimLine.position)
    ).all()
    closed = _closed_from(work, {row.claim_id for row in rows if row.status not in SAYS})
    partly = {row.claim_id for row in rows if row.status is ClaimStatus.PARTIALLY_PAID}
    answers = line_answers(work, partly) if partly else {}
    found: dict[int, tuple[int, BillingStatus]] = {}
    for row in rows:
        said = SAYS.get(closed.get(row.claim_id, row.status), BillingStatus.APPROVED)
        answer = answers.get(row.claim_id, {}).get(row.position, "")
        before = found.get(row.session_id)
        if is_denied(answer) or before == (row.claim_id, BillingStatus.DENIED):
            said = BillingStatus.DENIED
        found[row.session_id] = (row.claim_id, said)
    return {session_id: said for session_id, (_claim, said) in found.items()}


def _closed_from(work: Work, claim_ids: Collection[int]) -> dict[int, ClaimStatus]:
    """Return where claims stood before they were closed."""
    if not claim_ids:
        return {}
    rows = work.db.execute(
        select(ClaimStatusHistory.claim_id, ClaimStatusHistory.old)
        .where(
            among(work, ClaimStatusHistory.claim_id, claim_ids),
            ClaimStatusHistory.new == ClaimStatus.CLOSED.value,
            ClaimStatusHistory.old.is_not(None),
        )
        .order_by(ClaimStatusHistory.id)
    )
    return {row.claim_id: ClaimStatus(row.old) for row in rows}
