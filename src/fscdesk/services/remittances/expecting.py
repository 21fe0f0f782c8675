"""What a payer is expected to pay for a charge: by its fee schedule, else as it paid last time.

Nothing is guessed: where neither is known there is no expectation (ten_jobs F5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, literal_column, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class Expected:
    """How a payer will probably answer for what is open: paid, contractual, the client's.

    The three add up to what is open. ``why`` says where it is known from, ``patient_reason``
    is the CARC of the client's part: 1 deductible, 2 coinsurance, 3 copay.
    """

    paid: Money
    contractual: Money
    patient: Money
    why: str
    patient_reason: str = "1"


class _Kind(NamedTuple):
    """Charges that a payer treats alike: same code, modifiers, units and share."""

    code: str
    modifiers: str
    units: int
    share: int


def expected_of(work: Work, payer_id: int, charge_ids: Iterable[int]) -> dict[int, Expected]:
    """Return what the payer is expected to answer, by charge; the unknown are left out.

    A fee schedule of the payer that holds on the service day comes first; then the newest
    charge of the same kind that this payer has settled.
    """
    wanted = sorted(set(charge_ids))
    charges = list(work.db.scalars(select(Charge).where(among(work, Charge.id, wanted))))
    allowed = _allowed(work, payer_id, {charge.code for charge in charges})
    found: dict[int, Expected] = {}
    kinds: dict[_Kind, list[Charge]] = {}
    for charge in charges:
        fee = _fee_on(allowed.get((charge.code, charge.modifiers), ()), charge.service_day)
        if fee is None:
            fee = _fee_on(allowed.get((charge.code, ""), ()), charge.service_day)
        if fee is not None:
            found[charge.id] = _by_schedule(charge, fee)
        elif charge.insurance_balance == charge.insurance_share:
            kinds.setdefault(_kind(charge), []).append(charge)
    for kind, alike in kinds.items():
        last = _last_settled(work, payer_id, kind)
        if last is not None:
            found |= {charge.id: last for charge in alike}
    return found


def allowed_of(work: Work, payer_id: int, charge_ids: Collection[int]) -> dict[int, int]:
    """Return what the payer's fee schedule allows for charges, in cents; the unknown are left out.

    Without a schedule of the payer it is one question, however many charges there are.
    """
    schedules = select(FeeSchedule.id).where(FeeSchedule.payer_id == payer_id).limit(1)
    if work.db.scalar(schedules) is None:
        return {}
    charges = work.db.execute(
        select(Charge.id, Charge.code, Charge.modifiers, Charge.units, Charge.service_day).where(
            among(work, Charge.id, charge_ids)
        )
    ).all()
    allowed = _allowed(work, payer_id, {row.code for row in charges})
    found: dict[int, int] = {}
    for row in charges:
        fee = _fee_on(allowed.get((row.code, row.modifiers), ()), row.service_day)
        if fee is None:
            fee = _fee_on(allowed.get((row.code, ""), ()), row.service_day)
        if fee is not None:
            found[row.id] = fee.cents * row.units
    return found


def _by_schedule(charge: Charge, fee: Money) -> Expected:
    """The payer pays what it allows less what the client was charged for already."""
    owed = max(charge.insurance_balance.cents, 0)
    allowed = fee.cents * charge.units - charge.patient_share.cents
    paid = min(owed, max(allowed, 0))
    return Expected(Money(paid), Money(owed - paid), ZERO, "fee schedule")


def _allowed(
    work: Work, payer_id: int, codes: set[str]
) -> dict[tuple[str, str], list[tuple[date, date | None, Money]]]:
    found: dict[tuple[str, str], list[tuple[date, date | None, Money]]] = {}
    for row in work.db.execute(
        select(Fee.code, Fee.modifier, Fee.expected, FeeSchedule.valid_from, FeeSchedule.valid_to)
        .join(FeeSchedule, FeeSchedule.id == Fee.schedule_id)
        .where(FeeSchedule.payer_id == payer_id, Fee.code.in_(codes), Fee.expected.is_not(None))
        .order_by(FeeSchedule.valid_from.desc())
    ):
        if row.expected is not None:
            held = (row.valid_from, row.valid_to, row.expected)
            found.setdefault((row.code, row.modifier), []).append(held)
    return found


def _fee_on(fees: Iterable[tuple[date, date | None, Money]], day: date) -> Money | None:
    for start, end, fee in fees:
        if start <= day and (end is None or day <= end):
            return fee
    return None


def _kind(charge: Charge) -> _Kind:
    return _Kind(charge.code, charge.modifiers, charge.units, charge.insurance_share.cents)


def _last_settled(work: Work, payer_id: int, kind: _Kind) -> Expected | None:
    """Return how the payer settled its newest charge of this kind; None if it never did."""
    newest = work.db.execute(
        select(Charge.id, Charge.service_day)
        .where(
            Charge.payer_id == payer_id,
            Charge.code == kind.code,
            Charge.modifiers == kind.modifiers,
            Charge.units == kind.units,
            Charge.insurance_share == Money(kind.share),
            literal_column("charge.insurance_balance") == 0,
            Charge.voided_on.is_(None),
        )
        .order_by(Charge.service_day.desc(), Charge.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or not kind.share:
        return None
    parts = {
        part: -total.cents
        for part, total in work.db.execute(
            select(JournalLine.part, func.sum(JournalLine.amount))
            .where(
                JournalLine.charge_id == newest.id,
                JournalLine.account == INSURANCE_RECEIVABLE,
                JournalLine.part != Part.CHARGE,
            )
            .group_by(JournalLine.part)
        )
    }
    paid = parts.get(Part.INSURANCE_PAID, 0)
    moved = parts.get(Part.RESPONSIBILITY, 0)
    if paid < 0 or moved < 0 or paid + moved > kind.share:
        return None
    if _unusual(work, newest.id):
        return None
    return Expected(
        Money(paid),
        Money(kind.share - paid - moved),
        Money(moved),
        f"as paid for {newest.service_day:%m/%d/%Y}",
        _patient_reason(work, newest.id) if moved else "1",
    )


def _patient_reason(work: Work, charge_id: int) -> str:
    """Return why the payer made a part the client's, as it said last."""
    carc = work.db.scalar(
        select(Adjustment.carc)
        .where(
            Adjustment.charge_id == charge_id,
            Adjustment.kind == AdjustmentKind.TO_PATIENT,
            Adjustment.carc.in_(("1", "2", "3")),
        )
        .order_by(Adjustment.id.desc())
        .limit(1)
    )
    return carc or "1"


def _unusual(work: Work, charge_id: int) -> bool:
    """Return whether something else than the payer's own answer settled a charge."""
    other = (
        select(Adjustment.id)
        .where(
            Adjustment.charge_id == charge_id,
            or_(
                Adjustment.kind.not_in((AdjustmentKind.CONTRACTUAL, AdjustmentKind.TO_PATIENT)),
                Adjustment.amount < ZERO,
            ),
        )
        .limit(1)
    )
    return work.db.scalar(other) is not None
