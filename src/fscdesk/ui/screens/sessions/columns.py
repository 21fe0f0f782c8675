"""The columns of the list of sessions; their keys are those that the service sorts by."""

from __future__ import annotations

from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.text import money_text

HELD = frozenset({"completed", "late_cancelled", "no_show"})
"""Attendances that can be billed: held, or missed for a fee."""
BEFORE_BILLING = frozenset({"completed", "documented"})
"""Statuses from which the check before billing goes on."""
NOTE_WORDS = {"LOCKED": "Signed", "DRAFT": "Draft", "NO NOTE": "No note", "": "No note"}
"""SimplePractice's words for a progress note, as the office says them."""


def note_words(status: str) -> str:
    """Return what a note's status is called; an unknown one keeps SimplePractice's word."""
    return NOTE_WORDS.get(status, status.capitalize())


def shown_status(row: SessionRow) -> tuple[str, str]:
    """Return the badge of a session: how far its bill is, or why there is none.

    A session that is still to come, or was missed at no cost, has nothing to bill: its billing
    status would say that it is completed.
    """
    if is_billed(row):
        return "billing", row.billing_status
    return "attendance", row.attendance


def is_billed(row: SessionRow) -> bool:
    """Return whether a session is one to bill: held, or missed for a fee."""
    return row.attendance == "completed" or (row.attendance in HELD and bool(row.fee))


def session_columns(patient: str = "Client") -> tuple[Column[SessionRow], ...]:
    """Return all columns. ``patient`` is the practice's word for a client."""
    return (
        date_column("day", "Date", lambda row: row.day, priority=1),
        Column("time", "Time", lambda row: row.time, width=64, shown=False, sortable=False),
        Column("client", patient, lambda row: row.patient_name, names=True, priority=1),
        Column(
            "number",
            f"{patient} number",
            lambda row: row.patient_number,
            width=104,
            priority=9,
            sortable=False,
            shown=False,
        ),
        Column("payer", "Payer", lambda row: row.payer, width=112, priority=4),
        Column("code", "Code", lambda row: row.code_text, width=80, priority=6),
        Column(
            "clinician",
            "Clinician",
            lambda row: row.provider_name,
            width=144,
            priority=7,
            shown=False,
        ),
        badge_column("status", "Status", shown_status, width=128, priority=2),
        badge_column(
            "attendance",
            "Attendance",
            lambda row: ("attendance", row.attendance),
            width=124,
            priority=7,
            shown=False,
        ),
        Column(
            "note",
            "Note",
            lambda row: note_words(row.note_status),
            width=80,
            priority=8,
            spoken=lambda row: f"note {note_words(row.note_status).lower()}",
            shown=False,
        ),
        money_column("fee", "Charged", lambda row: row.fee, priority=5, shown=False),
        money_column(
            "insurance",
            "Payer owes",
            lambda row: row.insurance_balance,
            width=88,
            priority=3,
            spoken=lambda row: f"payer owes {money_text(row.insurance_balance, zero_dash=False)}",
        ),
        money_column(
            "patient",
            f"{patient} owes",
            lambda row: row.patient_balance,
            width=88,
            priority=3,
            spoken=lambda row: (
                f"{patient.lower()} owes {money_text(row.patient_balance, zero_dash=False)}"
            ),
        ),
    )
