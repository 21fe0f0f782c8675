"""Sliding fees: what a patient pays by income, from when to when, on what proof.

The full fee is charged, then a typed discount lowers it (features 3.5, 46), so that a claim and a
report always show the fee. What a patient pays of a charge is rounded to the cent, half a cent up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus, SlidingFee
from fscdesk.models.charge import Charge, Side
from fscdesk.models.patient import Patient
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, waiting_for
from fscdesk.services.billing.adjustment_posting import about_charge
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_DOING = "grant sliding fees"
_WHOLE = 100
SOON = 30
"""So many days before a proof runs out the office hears of it."""


@dataclass(frozen=True, slots=True)
class SlidingFeeFields:
    """What a person types: what is paid of the fee, from when to when, what proves the income."""

    pays_percent: int
    valid_from: date
    valid_to: date | None
    proof: str


@dataclass(frozen=True, slots=True)
class SlidingFeeRow:
    """A sliding fee of a patient; ``in_force`` says whether it is valid today."""

    id: int
    patient_id: int
    patient: str
    number: str
    fields: SlidingFeeFields
    in_force: bool
    version: int


@dataclass(frozen=True, slots=True)
class SlidingProposal:
    """Discounts to ask for, and the charges that get none, each with its reason."""

    adjustments: tuple[NewAdjustment, ...]
    left_out: tuple[Finding, ...]


def add_sliding_fee(work: Work, patient_id: int, fields: SlidingFeeFields) -> int:
    """Grant a sliding fee and return its id.

    Raises Problem for a percentage, dates or a proof that cannot be, and where another one of
    the patient is valid on one of the days.
    """
    require(work, Right.ADJUST, _DOING)
    patient = locked(work, Patient, patient_id, "this client")
    if not 0 <= fields.pays_percent < _WHOLE:
        raise Problem(
            f"{fields.pays_percent} % cannot be what is paid of the fee.",
            hint="Nothing was saved. It is from 0 to 99.",
        )
    _require_dates(fields.valid_from, fields.valid_to)
    values = {**values_of(fields), "proof": _proof(fields.proof)}
    both = select(SlidingFee).where(
        SlidingFee.patient_id == patient_id,
        or_(SlidingFee.valid_to.is_(None), SlidingFee.valid_to >= fields.valid_from),
    )
    if fields.valid_to is not None:
        both = both.where(SlidingFee.valid_from <= fields.valid_to)
    other = work.db.scalars(both.order_by(SlidingFee.valid_from)).first()
    if other is not None:
        raise Problem(
            f"A sliding fee of {other.pays_percent} % is valid from {other.valid_from:%m/%d/%Y}.",
            hint="Nothing was saved. End that one first, or choose other days.",
        )
    row = SlidingFee(patient_id=patient.id, **values)
    told = {"patient_id": patient.id, **values_of(fields), "proof": "given"}
    new_id = recorded_new(work, row, told, action="add_sliding_fee", noun="sliding_fee")
    work.touch(Topic.PATIENTS)
    return new_id


def end_sliding_fee(work: Work, sliding_id: int, *, on: date, expected_version: int) -> None:
    """Let a sliding fee be valid until a day; earlier discounts stay."""
    require(work, Right.ADJUST, _DOING)
    row = locked(work, SlidingFee, sliding_id, "this sliding fee")
    require_version(row, expected_version, "this sliding fee")
    _require_dates(row.valid_from, on)
    if row.valid_to is not None and on > row.valid_to:
        raise Problem(
            f"It ends on {row.valid_to:%m/%d/%Y} already.",
            hint="Nothing was saved. A longer time needs a new proof: add another sliding fee.",
        )
    apply_changes(work, row, {"valid_to": on}, action="end_sliding_fee", noun="sliding_fee")
    work.touch(Topic.PATIENTS)


def sliding_fees_of(work: Work, patient_id: int) -> tuple[SlidingFeeRow, ...]:
    """Return the sliding fees of a patient, the newest first."""
    found = (
        select(SlidingFee, Patient.name, Patient.number)
        .join(Patient, Patient.id == SlidingFee.patient_id)
        .where(SlidingFee.patient_id == patient_id)
        .order_by(SlidingFee.valid_from.desc(), SlidingFee.id.desc())
    )
    today = work.today()
    return tuple(_row(*row, today) for row in work.db.execute(found))


def expired_proofs(work: Work, *, within: int = SOON) -> tuple[SlidingFeeRow, ...]:
    """Return the last sliding fee of each active patient that has ended or ends within days.

    The office asks these patients for a new proof; the longest expired stand first.
    """
    today = work.today()
    last = (
        select(SlidingFee.patient_id, func.max(SlidingFee.valid_from).label("newest"))
        .group_by(SlidingFee.patient_id)
        .subquery()
    )
    found = (
        select(SlidingFee, Patient.name, Patient.number)
        .join(last, last.c.patient_id == SlidingFee.patient_id)
        .join(Patient, Patient.id == SlidingFee.patient_id)
        .where(
            SlidingFee.valid_from == last.c.newest,
            SlidingFee.valid_to <= today + timedelta(days=within),
            Patient.active,
            Patient.withdrawn.is_(False),
        )
        .order_by(SlidingFee.valid_to, SlidingFee.id)
    )
    return tuple(_row(*row, today) for row in work.db.execute(found))


def sliding_discount(work: Work, charge_ids: Iterable[int]) -> SlidingProposal:
    """Propose the discounts of charges by the scale that was valid on the day of service.

    Only what nobody else pays is discounted, once, and only in full: a charge with a payer, one
    that has its discount, and one that is paid below it already are left out with the reason.
    """
    wanted = sorted(set(charge_ids))
    charges = list(
        work.db.scalars(
            select(Charge)
            .where(among(work, Charge.id, wanted))
            .order_by(Charge.service_day, Charge.id)
        )
    )
    scales = _scales(work, {one.patient_id for one in charges})
    done = _discounted(work, wanted)
    waiting = waiting_for(work, wanted)
    proposed: list[NewAdjustment] = []
    left: list[Finding] = [
        Finding("unknown", "The charge is not in the books.", f"charge {one}", Severity.WARNING)
        for one in sorted(set(wanted) - {charge.id for charge in charges})
    ]
    for charge in charges:
        scale = next((one for one in scales[charge.patient_id] if _covers(one, charge)), None)
        why = _why_not(charge, scale, done)
        if why is None and scale is not None:
            pays = pays_of(charge.amount, scale.pays_percent)
            discount = charge.amount - pays
            free = charge.patient_balance.cents - waiting.get((charge.id, Side.PATIENT), 0)
            if discount.cents <= free:
                proposed.append(_adjustment(charge, scale, pays, discount))
                continue
            why = (
                "short",
                f"The discount would be {discount}, but only {Money(max(free, 0))} is open",
            )
        code, words = why or ("", "")
        left.append(
            Finding(code, f"{about_charge(charge)}: {words}.", f"charge {charge.id}", Severity.INFO)
        )
    return SlidingProposal(tuple(proposed), tuple(left))


def pays_of(amount: Money, percent: int) -> Money:
    """Return a percentage of an amount, rounded to the cent, half a cent up."""
    return Money((amount.cents * percent * 2 + _WHOLE) // (2 * _WHOLE))


def _adjustment(charge: Charge, scale: SlidingFee, pays: Money, discount: Money) -> NewAdjustment:
    exact = charge.amount.cents * scale.pays_percent % _WHOLE == 0
    rounded = "" if exact else ", rounded to the cent"
    return NewAdjustment(
        charge.id,
        AdjustmentKind.SLIDING_FEE,
        discount,
        f"Sliding fee: pays {scale.pays_percent} % of {charge.amount}, which is {pays}{rounded}",
        Side.PATIENT,
    )


def _why_not(
    charge: Charge, scale: SlidingFee | None, done: frozenset[int]
) -> tuple[str, str] | None:
    if charge.voided_on is not None:
        return "voided", "It is not in the books any more"
    if charge.session_id is None:
        return "fee", "A fee of the account is not discounted by income"
    if charge.payer_id is not None or charge.insurance_share.cents:
        return "insured", "A payer covers it"
    if scale is None:
        return "no-scale", "No sliding fee was valid on that day"
    if charge.id in done:
        return "discounted", "It has its discount, or waits for it"
    return None


def _covers(scale: SlidingFee, charge: Charge) -> bool:
    until = scale.valid_to or date.max
    return scale.valid_from <= charge.service_day <= until


def _scales(work: Work, patient_ids: set[int]) -> dict[int, list[SlidingFee]]:
    scales: dict[int, list[SlidingFee]] = defaultdict(list)
    found = select(SlidingFee).where(among(work, SlidingFee.patient_id, patient_ids))
    for row in work.db.scalars(found.order_by(SlidingFee.valid_from.desc())):
        scales[row.patient_id].append(row)
    return scales


def _discounted(work: Work, charge_ids: Sequence[int]) -> frozenset[int]:
    found = select(Adjustment.charge_id).where(
        among(work, Adjustment.charge_id, charge_ids),
        Adjustment.kind == AdjustmentKind.SLIDING_FEE,
        Adjustment.status.in_((AdjustmentStatus.POSTED, AdjustmentStatus.WAITING)),
    )
    return frozenset(work.db.scalars(found))


def _require_dates(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise Problem(
            f"It cannot end on {last:%m/%d/%Y}, before {first:%m/%d/%Y}.",
            hint="Nothing was saved. Choose a later day.",
        )


def _proof(text: str) -> str:
    return text_of(text, "the proof of income", longest=300, required=True)


def _row(row: SlidingFee, patient: str, number: str, today: date) -> SlidingFeeRow:
    fields = SlidingFeeFields(row.pays_percent, row.valid_from, row.valid_to, row.proof)
    until = row.valid_to or date.max
    return SlidingFeeRow(
        row.id,
        row.patient_id,
        patient,
        number,
        fields,
        row.valid_from <= today <= until,
        row.version,
    )
