"""What payers allowed and paid for services, beside what they should have: read for many.

What a payer gives for a service is what it pays and what it leaves to the client (group PR); that
is held against the expected fee. What it pays by now is the ledger's word, so that a later check,
a take-back or an undo counts, however it came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Row, cast, func, or_, select, type_coerce

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.remittances.answered import REVERSAL, Cas, cas_of
from fscdesk.services.remittances.rules import CAPITATION
from fscdesk.services.work import Work

PATIENT: Final = "PR"
"""The group of what a payer leaves to the client."""
PRIOR_PAYER: Final = "23"
"""The CARC of what an earlier payer did with the charge."""
_FIRST: Final = ("1", "19")
"""The claim statuses of a first payer: processed as primary, and passed on as well."""
_PAID_TO: Final = (INSURANCE_RECEIVABLE, PAYER_CREDITS, RECORDED_IN_SIMPLEPRACTICE)

_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class FeeAnswer:
    """A payer's posted answer to a service, in cents; a denial and a reversal are none.

    ``allowed`` is what the payer says it allows, else what it gives. ``expected`` is what it
    should have allowed, None where nobody knows, and where a capitation pays for it. ``back``:
    the payer took it back. ``primary``: no other payer answered before it, so that what it
    allows is its own fee and not the rest that was left to it.
    """

    line_id: int
    remittance_id: int
    charge_id: int
    payer_id: int
    patient_id: int
    session_id: int | None
    code: str
    modifiers: str
    units: int
    day: date
    paid_on: date
    billed: int
    paid: int
    patient: int
    allowed: int
    expected: int | None
    reasons: tuple[str, ...]
    back: bool = False
    primary: bool = True

    @property
    def given(self) -> int:
        """Return what the payer pays and leaves to the client together."""
        return self.paid + self.patient


class PaidByNow(NamedTuple):
    """What a payer paid of a charge by now, in cents, and when it last did."""

    cents: int
    last: date


def fee_answers(
    work: Work, *, payers: Collection[int] = (), expected: bool = False
) -> dict[tuple[int, int], list[FeeAnswer]]:
    """Return the answers in the books by charge and payer; all payers where empty.

    The last of each is the newest that stands; those that the payer took back come before. A
    service of which none stands is left out. ``expected``: only those whose fee was known.
    """
    rows = _rows(work, payers, expected=expected)
    back = {row.reverses_id for row in rows if row.reverses_id is not None}
    gone: dict[tuple[int, int], list[FeeAnswer]] = defaultdict(list)
    standing: dict[tuple[int, int], list[FeeAnswer]] = defaultdict(list)
    for row in rows:
        said = _answer(row)
        if said is not None:
            key = row.charge_id, row.payer_id
            if row.id in back:
                gone[key].append(replace(said, back=True))
            else:
                standing[key].append(said)
    return {key: [*gone[key], *said] for key, said in standing.items()}


def paid_by_now(work: Work, charge_ids: Collection[int]) -> dict[tuple[int, int], PaidByNow]:
    """Return by charge and payer what is paid, however it came: by remittance, EOB, or by hand."""
    rows = work.db.execute(
        select(
            JournalLine.charge_id,
            Payment.payer_id,
            cast(func.sum(JournalLine.amount), BigInteger).label("cents"),
            func.max(JournalLine.day).label("last"),
        )
        .join(Payment, Payment.id == JournalLine.payment_id)
        .where(
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.account.in_(_PAID_TO),
            JournalLine.part == Part.INSURANCE_PAID,
            Payment.payer_id.is_not(None),
        )
        .group_by(JournalLine.charge_id, Payment.payer_id)
    )
    return {
        (row.charge_id or 0, row.payer_id or 0): PaidByNow(-row.cents, row.last) for row in rows
    }


def _rows(work: Work, payers: Collection[int], *, expected: bool) -> list[_Row]:
    query = (
        select(
            RemittanceLine.id,
            RemittanceLine.charge_id,
            RemittanceLine.adjustments,
            RemittanceLine.denied,
            RemittanceLine.reverses_id,
            type_coerce(RemittanceLine.charge, BigInteger).label("billed"),
            type_coerce(RemittanceLine.paid, BigInteger).label("paid"),
            type_coerce(RemittanceLine.allowed, BigInteger).label("allowed"),
            type_coerce(RemittanceLine.expected, BigInteger).label("expected"),
            RemittanceClaim.status_code,
            RemittanceClaim.adjustments.label("claim_adjustments"),
            type_coerce(RemittanceClaim.charge, BigInteger).label("claim_billed"),
            Remittance.id.label("remittance_id"),
            Remittance.payer_id,
            Remittance.paid_on,
            Charge.patient_id,
            Charge.session_id,
            Charge.code,
            Charge.modifiers,
            Charge.units,
            Charge.service_day,
        )
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(Charge, Charge.id == RemittanceLine.charge_id)
        .where(
            RemittanceLine.fate == Fate.POSTED,
            Remittance.payer_id.is_not(None),
            Charge.voided_on.is_(None),
        )
        .order_by(Remittance.paid_on, RemittanceLine.id)
    )
    if payers:
        query = query.where(among(work, Remittance.payer_id, payers))
    if expected:
        takes_back = RemittanceLine.reverses_id.is_not(None)
        query = query.where(or_(RemittanceLine.expected.is_not(None), takes_back))
    return list(work.db.execute(query))


def _answer(row: _Row) -> FeeAnswer | None:
    """Return what a line says of its fee; None where it denies, or takes back."""
    if row.denied or (row.status_code == REVERSAL and row.paid <= 0):
        return None
    cas = (*cas_of(row.adjustments), *_part_of_claim(row))
    patient = sum(one.cents for one in cas if one.group == PATIENT)
    return FeeAnswer(
        line_id=row.id,
        remittance_id=row.remittance_id,
        charge_id=row.charge_id,
        payer_id=row.payer_id,
        patient_id=row.patient_id,
        session_id=row.session_id,
        code=row.code,
        modifiers=row.modifiers,
        units=row.units,
        day=row.service_day,
        paid_on=row.paid_on,
        billed=row.billed,
        paid=row.paid,
        patient=patient,
        allowed=row.allowed or row.paid + patient,
        expected=None if any(one.carc in CAPITATION for one in cas) else row.expected,
        reasons=tuple(dict.fromkeys(one.code for one in cas if one.group != PATIENT and one.cents)),
        primary=row.status_code in _FIRST and all(one.carc != PRIOR_PAYER for one in cas),
    )


def _part_of_claim(row: _Row) -> list[Cas]:
    """Return what the head of the claim says of a line: all of it where it is the only one.

    Of several lines each has its part by what was billed.
    """
    said = cas_of(row.claim_adjustments)
    if not said or not row.claim_billed:
        return []
    return [one._replace(cents=one.cents * row.billed // row.claim_billed) for one in said]
