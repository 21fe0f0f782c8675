"""Questions about sessions. Rows leave as frozen dataclasses, never as mapped objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from fscdesk.models.patient import Patient
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.sessions.filters import SELF_PAY, SIGNED, VIEWS, SessionFilter
from fscdesk.services.sessions.ordering import (
    SORTS,
    all_ids,
    ids_in_order,
    payer_names,
    provider_names,
    ranked,
)
from fscdesk.services.sessions.totalling import Totals, groups_of, totals_of
from fscdesk.services.work import Work

__all__ = [
    "SELF_PAY",
    "SORTS",
    "VIEWS",
    "Choice",
    "SessionFilter",
    "SessionRow",
    "Totals",
    "choices",
    "ids_of_sessions",
    "page_of_sessions",
    "rows_of_sessions",
    "session_counts",
    "totals_of",
]

SELF_PAY_WORDS = "Self-pay"


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


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a chip offers: what the filter takes, its word, how many have it."""

    value: str
    word: str
    count: int


def page_of_sessions(work: Work, wanted: SessionFilter, span: Span) -> Page[SessionRow]:
    """Return one span of the matching sessions, how many match, and the sums of all of them.

    ``span.sort`` is one of ``SORTS``; totals are keyed ``fee``, ``insurance``, ``patient``.
    """
    totals = totals_of(work, wanted)
    ids = ids_in_order(work, wanted, span, totals.count)
    return Page(
        start=span.start,
        total=totals.count,
        rows=rows_of_sessions(work, ids),
        totals=totals.by_column(),
    )


def ids_of_sessions(work: Work, wanted: SessionFilter) -> tuple[int, ...]:
    """Return the ids of everything that matches, by day: for an act on all of it."""
    return tuple(all_ids(work, wanted))


def session_counts(work: Work, base: SessionFilter | None = None) -> dict[str, int]:
    """Return how many sessions each built-in view has, within ``base``: for the tabs."""
    within = base or SessionFilter()
    return {view: totals_of(work, replace(within, view=view)).count for view in VIEWS}


def choices(work: Work, column: str, within: SessionFilter | None = None) -> tuple[Choice, ...]:
    """Return what the chip of a column offers, with counts.

    Columns: ``status``, ``attendance``, ``note``, ``code``, ``payer``, ``clinician``. The
    payer ``0`` is self-pay; an empty note status is shown as no note.
    """
    counts = groups_of(work, within or SessionFilter(), column)
    words = _words_of(work, column)
    return tuple(
        Choice(
            value=str(SELF_PAY) if value is None else str(value),
            word=words.get(value, str(value)) or "None",
            count=counts[value],
        )
        for value in ranked(work, column, counts)
    )


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
    )


def _words_of(work: Work, column: str) -> dict[Any, str]:
    if column == "payer":
        return {None: SELF_PAY_WORDS, **payer_names(work)}
    if column == "clinician":
        return dict(provider_names(work))
    return {}
