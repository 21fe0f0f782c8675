"""Sessions as rows of a list: names are joined late, for the rows of one page alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from fscdesk.models.patient import Patient
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.sessions.filters import SIGNED
from fscdesk.services.sessions.ordering import payer_names, provider_names
from fscdesk.services.work import Work

SELF_PAY_WORDS = "Self-pay"
"""What stands in the place of a payer where there is none."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as lists show it.

    ``note_signed`` says that SimplePractice has locked the note. ``insurance_balance`` is
    what the payer owes (negative: it paid too much), ``patient_balance`` what the client
    owes. ``version`` is what a change must name as the version that was seen.
    """

    id: int
    day: date
    time: str
    patient_id: int
    patient_name: str
    payer_id: int | None
    payer: str
    code_text: str
    billing_status: str
    attendance: str
    note_status: str
    note_signed: bool
    provider_id: int
    provider_name: str
    fee: Money
    insurance_balance: Money
    patient_balance: Money
    version: int
    patient_number: str = ""


def rows_of_sessions(work: Work, ids: Sequence[int]) -> tuple[SessionRow, ...]:
    """Return the rows of these sessions, in this order; joined late, for these alone."""
    if not ids:
        return ()
    table = Session.__table__
    found = work.db.execute(
        select(
            table.c.id,
            table.c.day,
            table.c.minute,
            table.c.patient_id,
            Patient.name,
            table.c.payer_id,
            table.c.code_text,
            table.c.billing_status,
            table.c.attendance,
            table.c.note_status,
            table.c.provider_id,
            table.c.fee,
            table.c.insurance_balance,
            table.c.patient_balance,
            table.c.version,
            Patient.number,
        )
        .join(Patient, Patient.id == table.c.patient_id)
        .where(among(work, table.c.id, ids))
    )
    payers, providers = payer_names(work), provider_names(work)
    rows = {row.id: _row(row, payers, providers) for row in found}
    return tuple(rows[one] for one in ids if one in rows)


def _row(row: Any, payers: dict[int, str], providers: dict[int, str]) -> SessionRow:
    return SessionRow(
        id=row.id,
        day=row.day,
        time=f"{row.minute // 60:02d}:{row.minute % 60:02d}",
        patient_id=row.patient_id,
        patient_name=row.name,
        payer_id=row.payer_id,
        payer=SELF_PAY_WORDS if row.payer_id is None else payers.get(row.payer_id, ""),
        code_text=row.code_text,
        billing_status=str(row.billing_status),
        attendance=str(row.attendance),
        note_status=row.note_status,
        note_signed=row.note_status == SIGNED,
        provider_id=row.provider_id,
        provider_name=providers.get(row.provider_id, ""),
        fee=row.fee,
        insurance_balance=row.insurance_balance,
        patient_balance=row.patient_balance,
        version=row.version,
        patient_number=row.number,
    )
