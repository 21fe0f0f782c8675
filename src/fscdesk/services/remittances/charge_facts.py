"""What the ledger, the adjustments and the remittances say of charges, side by side: cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import BigInteger, and_, cast, func, select, type_coerce

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.claim import Claim, ClaimChange, ClaimLine
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.services.billing.adjustment_posting import written_off_open
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.claim_line_answers import FIELD, is_denied
from fscdesk.services.claim_standing import FALLEN
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.remittances.rules import PAID_BEFORE
from fscdesk.services.remittances.said import SaidOfCharge, said_of
from fscdesk.services.work import Work

CONTRACT, PATIENT = ("CO", "PI"), "PR"
"""Groups under which a payer takes off, and under which it leaves to the client."""
_PAID_TO: Final = (INSURANCE_RECEIVABLE, PAYER_CREDITS, RECORDED_IN_SIMPLEPRACTICE)
_CHARGED: Final = (Part.CHARGE, Part.RESPONSIBILITY, Part.WRITE_OFF, Part.ADJUSTMENT)
"""Parts of 1100 that say what the client was charged, beside what he paid."""


@dataclass(slots=True)
class ChargeFacts:
    """A charge: what the books hold (``paid`` to ``open``), and what its payers said of it.

    ``paid_by`` is by payer, ``payments`` counts those of a payer that stand with the charge,
    ``off_by`` is what came off with them by contract.
    ``contractual`` is the write-offs by contract, ``written_off`` all that came off the payer's
    part. ``patient`` is what the client was charged, less what was taken off it. Of what was
    said ``off_said`` and ``patient_said`` are None where no payer says it; ``paid_said`` is
    by payer, and ``twice`` what stands of a payer beyond its newest answer, and does not fit beside
    it. ``waits``: a payer that may answer has not. ``denied``: the newest answer of a
    payer denies it, in whole or in part; then only its money counts.
    """

    charge_id: int
    code: str
    amount: int
    open: int
    patient: int = 0
    paid: int = 0
    written_off: int = 0
    contractual: int = 0
    paid_by: dict[int, int] = field(default_factory=dict)
    payments: dict[int, int] = field(default_factory=dict)
    off_by: dict[int, int] = field(default_factory=dict)
    answered_by: set[int] = field(default_factory=set)
    paid_said: dict[int, int] = field(default_factory=dict)
    twice: dict[int, int] = field(default_factory=dict)
    off_said: int | None = None
    patient_said: int | None = None
    waits: bool = False
    denied: bool = False

    @property
    def answered(self) -> bool:
        """Return whether a payer has said or paid something, other than a denial alone."""
        return bool(self.answered_by) and not (self.denied and not self.paid)


def charge_facts(work: Work, charge_ids: Collection[int]) -> dict[int, ChargeFacts]:
    """Return the facts of charges by id; some questions, whatever their number."""
    work.db.flush()
    found = {
        row.id: ChargeFacts(row.id, row.code, row.amount, row.open)
        for row in work.db.execute(
            select(
                Charge.id,
                Charge.code,
                type_coerce(Charge.amount, BigInteger).label("amount"),
                type_coerce(Charge.insurance_balance, BigInteger).label("open"),
            ).where(among(work, Charge.id, charge_ids))
        )
    }
    if not found:
        return found
    _read_ledger(work, found)
    _read_payments(work, found)
    _read_adjustments(work, found)
    _read_denials(work, found)
    _read_claims(work, found)
    for charge_id, cents in written_off_open(work, found).items():
        found[charge_id].contractual += max(cents, 0)
    said: dict[int, list[tuple[int, SaidOfCharge]]] = defaultdict(list)
    for (charge_id, payer_id), answer in said_of(work, found).items():
        said[charge_id].append((payer_id, answer))
    may_answer = payers_of(work, found)
    for charge_id, one in found.items():
        one.off_said = max(one.off_by.values(), default=None)
        _take_said(one, said[charge_id])
        one.waits = bool(may_answer.get(charge_id, set()) - one.answered_by)
        if one.waits:
            one.patient_said = None
    return found


def _take_said(one: ChargeFacts, said: list[tuple[int, SaidOfCharge]]) -> None:
    """Note what remittances say; the client's part is the word of the last payer."""
    if not said:
        return
    said.sort(key=lambda each: (each[1].paid_on, each[0]))
    one.answered_by |= {payer for payer, _ in said}
    one.paid_said = {payer: answer.paid for payer, answer in said}
    if one.denied:  # what denies it again says nothing of write-off and client any more
        return
    one.twice = {payer: too for payer, answer in said if (too := _twice(one, payer, answer)) > 0}
    # A later check that only brings more money says nothing of the rest.
    whole = [
        (payer, answer) for payer, answer in said if answer.cas or one.payments.get(payer, 0) <= 1
    ]
    if not whole:
        return
    off = max(_sum_of(answer, *CONTRACT) for _, answer in whole)
    one.off_said = max(off, one.off_said or 0)
    payer, last = whole[-1]
    left = _sum_of(last, PATIENT)
    # Its earlier word of the client's part stands where it only brings more money.
    one.patient_said = left if left or one.payments.get(payer, 0) <= 1 else None


def _twice(one: ChargeFacts, payer_id: int, answer: SaidOfCharge) -> int:
    """Return what a payer's earlier money is too much by its newest answer; 0 or less: nothing.

    An answer about the whole charge leaves no room beside it; one that brings more money does.
    """
    paid = one.paid_by.get(payer_id, 0)
    settled = _sum_of(answer, *CONTRACT, PATIENT)
    return min(paid - answer.paid, paid + settled - one.amount)


def _sum_of(answer: SaidOfCharge, *groups: str) -> int:
    """Return what an answer says under some groups, but for what it has paid before."""
    return sum(
        cas.cents for cas in answer.cas if cas.group in groups and cas.carc not in PAID_BEFORE
    )


def _read_ledger(work: Work, found: dict[int, ChargeFacts]) -> None:
    rows = work.db.execute(
        select(
            JournalLine.charge_id,
            JournalLine.account,
            JournalLine.part,
            cast(func.sum(JournalLine.amount), BigInteger).label("cents"),
        )
        .where(
            among(work, JournalLine.charge_id, found),
            JournalLine.account.in_((INSURANCE_RECEIVABLE, PAYER_CREDITS, PATIENT_RECEIVABLE)),
        )
        .group_by(JournalLine.charge_id, JournalLine.account, JournalLine.part)
    )
    for row in rows:
        one = found[row.charge_id or 0]
        if row.account == PATIENT_RECEIVABLE:
            one.patient += row.cents if row.part in _CHARGED else 0
        elif row.part is Part.INSURANCE_PAID:
            one.paid -= row.cents
        elif row.part in (Part.WRITE_OFF, Part.ADJUSTMENT):
            one.written_off -= row.cents


def _read_payments(work: Work, found: dict[int, ChargeFacts]) -> None:
    """Read what each payer's payments put on a charge, and how many of them stand there."""
    rows = work.db.execute(
        select(
            JournalLine.charge_id,
            Payment.payer_id,
            Payment.id,
            cast(func.sum(JournalLine.amount), BigInteger).label("cents"),
        )
        .join(Payment, Payment.id == JournalLine.payment_id)
        .where(
            among(work, JournalLine.charge_id, found),
            JournalLine.account.in_(_PAID_TO),
            JournalLine.part == Part.INSURANCE_PAID,
            Payment.payer_id.is_not(None),
        )
        .group_by(JournalLine.charge_id, Payment.payer_id, Payment.id)
    )
    for row in rows:
        one, payer = found[row.charge_id or 0], row.payer_id or 0
        one.paid_by[payer] = one.paid_by.get(payer, 0) - row.cents
        if row.cents < 0:
            one.payments[payer] = one.payments.get(payer, 0) + 1
        if row.cents:
            one.answered_by.add(payer)


def _read_adjustments(work: Work, found: dict[int, ChargeFacts]) -> None:
    rows = work.db.execute(
        select(
            Adjustment.charge_id,
            Adjustment.kind,
            Adjustment.side,
            type_coerce(Adjustment.amount, BigInteger).label("cents"),
            Payment.payer_id,
        )
        .outerjoin(Payment, Payment.id == Adjustment.payment_id)
        .where(
            among(work, Adjustment.charge_id, found),
            Adjustment.status == AdjustmentStatus.POSTED,
        )
    )
    for row in rows:
        one = found[row.charge_id]
        if row.payer_id is not None:
            one.answered_by.add(row.payer_id)
        if row.kind is AdjustmentKind.CONTRACTUAL and row.side is Side.INSURANCE:
            one.contractual += row.cents
            if row.payer_id is not None:
                one.off_by[row.payer_id] = one.off_by.get(row.payer_id, 0) + row.cents


def _read_denials(work: Work, found: dict[int, ChargeFacts]) -> None:
    """Note whose newest posted line denies a charge."""
    newest = (
        select(func.max(RemittanceLine.id))
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .where(among(work, RemittanceLine.charge_id, found), RemittanceLine.fate == Fate.POSTED)
        .group_by(RemittanceLine.charge_id, Remittance.payer_id)
    )
    denied = select(RemittanceLine.charge_id).where(
        RemittanceLine.id.in_(newest), RemittanceLine.denied != ""
    )
    for charge_id in work.db.scalars(denied):
        found[charge_id or 0].denied = True


def _read_claims(work: Work, found: dict[int, ChargeFacts]) -> None:
    """Note what the lines of claims were answered, also where it came without a remittance."""
    of_line = and_(
        ClaimChange.claim_id == ClaimLine.claim_id, ClaimChange.line == ClaimLine.position
    )
    newest = (
        select(func.max(ClaimChange.id))
        .join(ClaimLine, of_line)
        .where(among(work, ClaimLine.charge_id, found), ClaimChange.field == FIELD)
        .group_by(ClaimChange.claim_id, ClaimChange.line)
    )
    rows = work.db.execute(
        select(ClaimLine.charge_id, ClaimChange.new, Claim.payer_id)
        .join(ClaimLine, of_line)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimChange.id.in_(newest), Claim.status.not_in(FALLEN))
    )
    for row in rows:
        one = found[row.charge_id]
        if row.new:
            one.answered_by.add(row.payer_id)
        one.denied |= is_denied(row.new)
