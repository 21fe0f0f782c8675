"""What a person may choose from when nobody could say which charge a payer's line is about.

First what fits to the day and the cent, of any client; then what else the client has with
payers; with letters typed, what clients of that name have. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.patient import Patient
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.days_meant import days_meant
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.answered import MatchedBy
from fscdesk.services.work import Work

__all__ = ["ChargeChoice", "LineToPlace", "charge_choices", "lines_to_place"]

MOST: Final = 40
"""So many charges are offered; who seeks another types more letters."""


@dataclass(frozen=True, slots=True)
class LineToPlace:
    """A line of a payer for which a person may say which charge it is about.

    ``code`` is what the payer decided on, ``billed_code`` what it says was billed, where that
    differs. ``charge`` is what it calls the charge, ``charge_id`` what was chosen already.
    """

    id: int
    position: int
    of: int
    day: date | None
    code: str
    billed_code: str
    charge: Money
    paid: Money
    charge_id: int | None


@dataclass(frozen=True, slots=True)
class ChargeChoice:
    """A charge of ours. ``differs`` says why the line cannot be about it; empty where it can.

    ``claim`` is the number of the newest claim that it is on, ``open`` what payers owe of it.
    """

    id: int
    patient_id: int
    patient: str
    day: date
    code: str
    amount: Money
    open: Money
    claim: str
    differs: str


def lines_to_place(work: Work, remittance_claim_id: int) -> tuple[LineToPlace, ...]:
    """Return the lines of a claim that has nobody's charge yet, or one that a person chose.

    None of a claim that is posted or set aside. Those without a charge come first.
    """
    claim = work.db.get(RemittanceClaim, remittance_claim_id)
    if claim is None or claim.fate is not Fate.UNPOSTED:
        return ()
    if work.db.get_one(Remittance, claim.remittance_id).origin is RemittanceOrigin.TYPED:
        return ()  # who typed the EOB has said what it is about
    rows = work.db.scalars(
        select(RemittanceLine)
        .where(RemittanceLine.remittance_claim_id == remittance_claim_id)
        .order_by(RemittanceLine.position)
    ).all()
    found = [
        LineToPlace(
            id=row.id,
            position=row.position,
            of=len(rows),
            day=row.first_day,
            code=row.code,
            billed_code=row.billed_code,
            charge=row.charge,
            paid=row.paid,
            charge_id=row.charge_id,
        )
        for row in rows
        if row.charge_id is None or row.matched_by == MatchedBy.HAND
    ]
    return tuple(sorted(found, key=lambda line: (line.charge_id is not None, line.position)))


def charge_choices(work: Work, remittance_line_id: int, text: str = "") -> tuple[ChargeChoice, ...]:
    """Return charges for a line, those that it can be about first, then the nearest days.

    ``text`` are parts of a name or number, or days (``3/2``). Raises Problem for a line that is
    not there any more.
    """
    require(work, Right.POST_PAYMENT, "post remittances")
    line = work.db.get(RemittanceLine, remittance_line_id)
    if line is None:
        raise Problem("This line is not in the books any more.", hint="Look at the page again.")
    claim = work.db.get_one(RemittanceClaim, line.remittance_claim_id)
    chosen = _typed(work, text) if text.strip() else _untyped(line, claim)
    if chosen is None:
        return ()
    taken = select(RemittanceLine.charge_id).where(
        RemittanceLine.remittance_claim_id == claim.id,
        RemittanceLine.id != line.id,
        RemittanceLine.charge_id.is_not(None),
    )
    charges = work.db.scalars(
        select(Charge)
        .where(
            chosen,
            Charge.voided_on.is_(None),
            Charge.session_id.is_not(None),
            Charge.id.not_in(taken),
        )
        .order_by(Charge.service_day.desc(), Charge.id)
        .limit(MOST * 5)
    ).all()
    near = sorted(charges, key=lambda one: _place(one, line, claim))[:MOST]
    return _choices(work, near, line)


def _typed(work: Work, text: str) -> ColumnElement[bool] | None:
    """Return what the typed words mean; None where nobody is called so."""
    days: list[date] = []
    words: list[str] = []
    for word in text.split():
        meant = days_meant(word, work.today())
        if meant:
            days += meant
        else:
            words.append(fold(word))
    people = patients_with(work, words) if words else None
    if people is not None and not people:
        return None
    on = Charge.service_day.in_(days) if days else None
    of = among(work, Charge.patient_id, people) if people is not None else None
    if on is None or of is None:
        return on if of is None else of
    return on & of


def _untyped(line: RemittanceLine, claim: RemittanceClaim) -> ColumnElement[bool]:
    same: ColumnElement[bool] = Charge.amount == abs(line.charge)
    if line.first_day is not None:
        same = same & (Charge.service_day == line.first_day)
    if claim.patient_id is None:
        return same
    return or_(same, (Charge.patient_id == claim.patient_id) & (Charge.insurance_balance != ZERO))


def _place(
    one: Charge, line: RemittanceLine, claim: RemittanceClaim
) -> tuple[bool, bool, int, int]:
    off = 0 if line.first_day is None else abs((one.service_day - line.first_day).days)
    return bool(_differs(one, line)), one.patient_id != claim.patient_id, off, one.id


def _differs(one: Charge, line: RemittanceLine) -> str:
    parts = []
    if line.first_day is not None and line.first_day != one.service_day:
        parts.append("another day")
    if abs(line.charge) != one.amount:
        parts.append("another amount")
    return " and ".join(parts)


def _choices(
    work: Work, charges: Sequence[Charge], line: RemittanceLine
) -> tuple[ChargeChoice, ...]:
    people = {one.patient_id for one in charges}
    names: dict[int, str] = {
        row.id: row.name
        for row in work.db.execute(
            select(Patient.id, Patient.name).where(among(work, Patient.id, people))
        )
    }
    numbers = _claims(work, [one.id for one in charges])
    return tuple(
        ChargeChoice(
            id=one.id,
            patient_id=one.patient_id,
            patient=names[one.patient_id],
            day=one.service_day,
            code=one.code,
            amount=one.amount,
            open=one.insurance_balance,
            claim=numbers.get(one.id, ""),
            differs=_differs(one, line),
        )
        for one in charges
    )


def _claims(work: Work, charge_ids: Collection[int]) -> dict[int, str]:
    """Return the number of the newest claim that each charge is on."""
    newest = (
        select(ClaimLine.charge_id, func.max(ClaimLine.claim_id).label("claim_id"))
        .where(among(work, ClaimLine.charge_id, charge_ids))
        .group_by(ClaimLine.charge_id)
        .subquery()
    )
    return {
        row.charge_id: row.number
        for row in work.db.execute(
            select(newest.c.charge_id, Claim.number).join(Claim, Claim.id == newest.c.claim_id)
        )
    }
