"""The list of patients: its columns, what is seen of the current one, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fscdesk.services.paging import Span
from fscdesk.services.patients.account import AccountFilter, page_of_account
from fscdesk.services.patients.movements import AccountRow
from fscdesk.services.patients.queries import PatientDetail, PatientRow, patient_detail
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.screens.patients.account_reading import AccountStanding, standing_of
from fscdesk.ui.screens.patients.asking import (
    ask_every,
    ask_page,
    ask_view_counts,
    none_words,
    patient_filters,
    patient_views,
)
from fscdesk.ui.screens.patients.wording import badges_of, facts_of
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import day_text, money_text

TOPICS = frozenset(
    {Topic.PATIENTS, Topic.SESSIONS, Topic.LEDGER, Topic.IMPORTS, Topic.PAYERS, Topic.PROVIDERS}
)
LATEST = 12
"""So many movements of the ledger are shown beside the list."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the pane shows of a patient: who he is, and what happened last."""

    detail: PatientDetail
    latest: tuple[AccountRow, ...]
    standing: AccountStanding


def patient_columns(practice: PracticeFacts) -> tuple[Column[PatientRow], ...]:
    """Return all columns; their keys are those that the service sorts by."""
    one = practice.patient
    return (
        Column("name", one, lambda row: row.name, names=True, width=190, priority=1),
        Column("number", "Number", lambda row: row.number, width=80, priority=5),
        Column("guarantor", "Guarantor", _payer_of, width=148, priority=6),
        Column("payer", "Payer", lambda row: row.payer, width=124, priority=4),
        Column("clinician", "Clinician", lambda row: row.provider, width=148, priority=7),
        date_column("last", "Last session", lambda row: row.last_session, width=104, priority=3),
        money_column("client", f"{one} owes", lambda row: row.client_owes, width=104, priority=2),
        money_column("payer_owes", "Payer owes", lambda row: row.payer_owes, width=104, priority=2),
        money_column("unapplied", "Credit", lambda row: row.unapplied, width=84, priority=3),
    )


def patients_spec(
    practice: PracticeFacts,
    *,
    add: Callable[[], object],
    open_one: Callable[[int], object],
    statement: Callable[[int], object],
    statements: Callable[[], object] | None = None,
) -> ListSpec[PatientRow]:
    """Declare the list. ``statements`` opens the run of statements, where there is that place."""
    one, many = practice.patient.lower(), practice.patients.lower()
    presses = [Press(f"New {one}", add, "user-plus")]
    if statements is not None:
        presses.insert(0, Press("Statements", statements, "mail"))
    return ListSpec(
        key="patients",
        name=practice.patients,
        columns=patient_columns(practice),
        query=ask_page,
        noun=(one, many),
        filters=patient_filters(),
        views=patient_views(),
        row_acts=(
            RowsAct(
                "statement",
                "Statement…",
                lambda rows: statement(rows[0].id),
                off_because=_no_statement,
            ),
        ),
        presses=tuple(presses),
        ticking=False,
        sort="name",
        topics=TOPICS,
        empty=Empty(
            f"No {many} yet. Import the appointment report from SimplePractice.",
            "users",
            Press(f"New {one}", add),
        ),
        none_words=partial(none_words, practice),
        all_total=ask_every,
        view_counts=ask_view_counts,
        detail=DetailSpec(
            ask=_glance,
            head=partial(_head, practice, open_one),
            tabs=(PaneTab("latest", "Latest", _latest_page, "newest first"),),
            nothing=f"Choose a {one} to see where the account stands.",
        ),
    )


def _payer_of(row: PatientRow) -> str:
    return "self" if row.guarantor == row.name else row.guarantor


def _no_statement(rows: Sequence[PatientRow]) -> str:
    return "" if len(rows) == 1 else "One statement at a time. The run makes many."


def _glance(work: Work, row: PatientRow) -> Glance:
    whole = page_of_account(
        work, row.id, AccountFilter(only_standing=True), Span(0, LATEST, "day", descending=True)
    )
    return Glance(patient_detail(work, row.id), whole.rows, standing_of(work, row.id))


def _head(practice: PracticeFacts, open_one: Callable[[int], object], glance: Glance) -> PaneHead:
    detail, header = glance.detail, glance.detail.header
    return PaneHead(
        name=detail.name,
        line=", ".join(facts_of(practice, detail)[:2]),
        badges=badges_of(detail, glance.standing),
        figures=(
            Figure(f"{practice.patient} owes", header.client_owes),
            Figure(f"{header.payer} owes", header.payer_owes),
            Figure("Balance", header.balance),
        ),
        next_steps=(NextStep("Open account", partial(open_one, detail.id), "arrow-right"),),
    )


def _latest_page() -> PanePage:
    return StoryPage(_steps)


def _steps(glance: Any) -> Sequence[StoryStep]:
    return [
        StoryStep(
            title=row.what,
            second=row.detail,
            amount=money_text(row.charge if row.charge is not None else row.paid),
            day=day_text(row.day),
            icon="receipt" if row.charge is not None else "banknote",
            tone="slate" if row.charge is not None else "green",
        )
        for row in glance.latest
    ]
