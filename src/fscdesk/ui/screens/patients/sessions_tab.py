"""The sessions of one patient, in the account: Enter opens one among all sessions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.sessions.queries import (
    SessionFilter,
    SessionRow,
    choices,
    page_of_sessions,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec
from fscdesk.ui.text import count_text, money_text

_TOPICS = frozenset({Topic.SESSIONS, Topic.IMPORTS, Topic.LEDGER, Topic.PAYERS})


def sessions_spec(practice: PracticeFacts, patient_id: int) -> ListSpec[SessionRow]:
    """Declare the list of one patient's sessions, the newest first."""
    return ListSpec(
        key="account-sessions",
        name="Sessions",
        columns=_columns(practice),
        query=partial(_page, patient_id),
        noun=("session", "sessions"),
        filters=(
            DayFilter("day", "Date"),
            ChoiceFilter("status", "Status", ask=partial(_statuses, patient_id)),
        ),
        ticking=False,
        title=False,
        sort="day",
        descending=True,
        topics=_TOPICS,
        empty=Empty(f"This {practice.patient.lower()} has no sessions.", "calendar-days"),
        totals_words=_totals_words,
    )


def _columns(practice: PracticeFacts) -> tuple[Column[SessionRow], ...]:
    return (
        date_column("day", "Date", lambda row: row.day, priority=1),
        Column("time", "Time", lambda row: row.time, width=64, sortable=False, priority=7),
        Column("clinician", "Clinician", lambda row: row.provider_name, names=True, priority=2),
        Column("payer", "Payer", lambda row: row.payer, width=132, priority=4),
        Column("code", "Code", lambda row: row.code_text, width=104, priority=5),
        badge_column("status", "Status", lambda row: ("billing", row.billing_status), priority=1),
        badge_column(
            "attendance",
            "Attendance",
            lambda row: ("attendance", row.attendance),
            sortable=False,
            priority=8,
        ),
        money_column("fee", "Charged", lambda row: row.fee, priority=3),
        money_column("insurance", "Payer owes", lambda row: row.insurance_balance, width=100),
        money_column(
            "patient", f"{practice.patient} owes", lambda row: row.patient_balance, width=100
        ),
    )


def _question(patient_id: int, work: Work, state: FilterState) -> SessionFilter:
    first, last = state.ends("day", work.today())
    return SessionFilter(
        text=state.text.strip(),
        from_day=first,
        to_day=last,
        billing=state.values("status"),
        patient_id=patient_id,
    )


def _page(patient_id: int, work: Work, state: FilterState, span: Span) -> Page[SessionRow]:
    return page_of_sessions(work, _question(patient_id, work, state), span)


def _statuses(patient_id: int, work: Work, state: FilterState) -> list[Choice]:
    found = choices(work, "status", _question(patient_id, work, state))
    return [Choice(one.value, one.word, one.count, ("billing", one.value)) for one in found]


def _totals_words(total: int, totals: Mapping[str, Money]) -> str:
    charged = money_text(totals.get("fee"), zero_dash=False)
    return f"{count_text(total, 'session')}, {charged} charged"
