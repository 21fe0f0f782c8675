"""What a person wants to see beside a claim of a remittance: what was posted before, the limits.

And the remittances before and after one, for going through them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.detail import PageClaim, RemittancePage
from fscdesk.services.remittances.following import decided_on
from fscdesk.services.work import Work

__all__ = ["ClaimBeside", "ClaimStatus", "Earlier", "Neighbours", "besides", "neighbours"]

_OPEN = (RemittanceStatus.TO_POST, RemittanceStatus.PARTLY, RemittanceStatus.STOPPED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What another payment of this payer posted to the claim's charges (below zero: took back)."""

    day: date
    number: str
    paid: Money


@dataclass(frozen=True, slots=True)
class ClaimBeside:
    """How our claim stands, who works on it, what was posted before, and what ends when.

    ``appeal_on`` and ``correct_on`` are the last days where the claim is denied, counted from
    the denial: from the check's day while it is not posted; None where the payer has no such
    limit.
    """

    status: ClaimStatus | None = None
    assigned: str = ""
    earlier: tuple[Earlier, ...] = ()
    appeal_on: date | None = None
    correct_on: date | None = None


class Neighbours(NamedTuple):
    """Where a remittance stands among those that wait, or among all: place, of, ids beside it."""

    place: int
    total: int
    before: int | None
    after: int | None


def besides(
    work: Work, page: RemittancePage, claims: Iterable[PageClaim]
) -> dict[int, ClaimBeside]:
    """Return what stands beside these claims of a page, by the id of their row."""
    wanted = list(claims)
    payer = None if page.row.payer_id is None else work.db.get(Payer, page.row.payer_id)
    ids = {one.claim_id for one in wanted if one.claim_id is not None}
    ours = {one.id: one for one in work.db.scalars(select(Claim).where(among(work, Claim.id, ids)))}
    people = {one.assigned_to for one in ours.values() if one.assigned_to is not None}
    names = {
        row.id: row.name
        for row in work.db.execute(
            select(Staff.id, Staff.name).where(among(work, Staff.id, people))
        )
    }
    earlier = _earlier(work, page, wanted)
    said_on = decided_on(work, page.row.paid_on)
    found: dict[int, ClaimBeside] = {}
    for one in wanted:
        claim = ours.get(one.claim_id or 0)
        since = (None if claim is None else _denied_before(one, claim)) or said_on
        found[one.id] = ClaimBeside(
            status=None if claim is None else claim.status,
            assigned="" if claim is None else names.get(claim.assigned_to or 0, ""),
            earlier=_of_claim(one, earlier),
            appeal_on=_limit(since, None if payer is None else payer.appeal_days),
            correct_on=_limit(since, None if payer is None else payer.corrected_days),
        )
    return found


def _denied_before(one: PageClaim, claim: Claim) -> date | None:
    """Return since when a claim is denied, where what is said of it is or was not a new denial."""
    reasons = {line.denied.rpartition("-")[2] for line in one.lines if line.denied}
    again = claim.reason_code in reasons and claim.status is not ClaimStatus.APPEALING
    return claim.denied_on if one.posted or again else None


def neighbours(work: Work, page: RemittancePage) -> Neighbours:
    """Return what is newer and older: among those that wait where this one does."""
    row = page.row
    kept: list[ColumnElement[bool]] = []
    if row.status in _OPEN:
        kept.append(Remittance.status.in_(_OPEN))
    same_day = Remittance.paid_on == row.paid_on
    newer = or_(Remittance.paid_on > row.paid_on, and_(same_day, Remittance.id > row.id))
    older = or_(Remittance.paid_on < row.paid_on, and_(same_day, Remittance.id < row.id))
    count = select(func.count(Remittance.id)).where(*kept)
    order = (Remittance.paid_on, Remittance.id)
    return Neighbours(
        place=1 + (work.db.scalar(count.where(newer)) or 0),
        total=work.db.scalar(count) or 0,
        before=work.db.scalar(select(Remittance.id).where(*kept, newer).order_by(*order).limit(1)),
        after=work.db.scalar(
            select(Remittance.id)
            .where(*kept, older)
            .order_by(*(one.desc() for one in order))
            .limit(1)
        ),
    )


def _limit(since: date, days: int | None) -> date | None:
    return None if days is None else since + timedelta(days=days)


def _earlier(
    work: Work, page: RemittancePage, claims: Iterable[PageClaim]
) -> dict[int, list[Earlier]]:
    """Return what other payments of this payer posted, by charge; what was undone is not in it."""
    charges = {line.charge_id for one in claims for line in one.lines if line.charge_id}
    rows = work.db.execute(
        select(
            JournalLine.charge_id,
            Payment.number,
            func.min(JournalLine.day),
            func.sum(JournalLine.amount),
        )
        .join(Payment, Payment.id == JournalLine.payment_id)
        .where(
            among(work, JournalLine.charge_id, charges),
            JournalLine.part == Part.INSURANCE_PAID,
            Payment.payer_id == page.row.payer_id,
            Payment.id != (page.row.payment_id or 0),
        )
        .group_by(JournalLine.charge_id, Payment.id, Payment.number)
        .order_by(Payment.id)
    )
    found: dict[int, list[Earlier]] = {}
    for charge_id, number, day, amount in rows:
        if charge_id is not None and amount:
            found.setdefault(charge_id, []).append(Earlier(day, number, -amount))
    return found


def _of_claim(one: PageClaim, earlier: dict[int, list[Earlier]]) -> tuple[Earlier, ...]:
    """Return what was posted to a claim, one line for each payment."""
    sums: dict[str, Earlier] = {}
    for charge_id in dict.fromkeys(line.charge_id for line in one.lines):
        for part in earlier.get(charge_id or 0, ()):
            before = sums.get(part.number)
            paid = part.paid if before is None else before.paid + part.paid
            sums[part.number] = Earlier(part.day, part.number, paid)
    return tuple(sums.values())
