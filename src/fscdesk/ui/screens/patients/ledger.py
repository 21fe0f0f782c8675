"""The ledger of an account: every movement, the oldest first, with three running balances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.account import (
    BROUGHT_FORWARD,
    KINDS,
    AccountFilter,
    page_of_account,
)
from fscdesk.services.patients.movements import AccountRow
from fscdesk.services.sessions.queries import SessionDetail, session_detail
from fscdesk.services.sessions.rows import SessionRow
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text, money_text

DAY, KIND, TAKEN_BACK = "day", "kind", "taken_back"
HIDDEN = FilterState().with_values(TAKEN_BACK, ("hidden",))
"""What the ledger shows first: entries and the reversals that take them back are left out."""
_REVERSALS = (Choice("hidden", "Hidden"), Choice("shown", "Shown"))
WHOLE = 500
"""More movements than these of one session are not explained one by one."""
_TOPICS = frozenset({Topic.LEDGER, Topic.SESSIONS, Topic.PATIENTS, Topic.IMPORTS})
_TONES = {"charge": ("receipt", "blue"), "write_off": ("circle-minus", "neutral")}
_PAID = ("banknote", "green")


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a balance is what it is: the movements of one session, and where it stands today."""

    row: AccountRow
    movements: tuple[AccountRow, ...]
    session: SessionDetail | None
    today: date


def ledger_spec(
    practice: PracticeFacts,
    patient_id: int,
    payer: str,
    *,
    open_session: Callable[[int], object] | None,
    copy: Callable[[str], object],
) -> ListSpec[AccountRow]:
    """Declare the ledger of one patient, whose insurer is called ``payer``."""
    columns = _columns(practice, payer)
    return ListSpec(
        key="account-ledger",
        name="Ledger",
        columns=columns,
        query=partial(_page, patient_id),
        noun=("movement", "movements"),
        filters=(
            DayFilter(DAY, "Posted"),
            ChoiceFilter(KIND, "Kind", tuple(Choice(key, word) for key, word in KINDS.items())),
            ChoiceFilter(TAKEN_BACK, "Taken back", _REVERSALS, single=True),
        ),
        ticking=False,
        searching=False,
        title=False,
        sort=DAY,
        topics=_TOPICS,
        empty=Empty("Nothing was charged or paid on this account yet.", "scroll-text"),
        none_words=lambda _state: "Nothing moved on this account in these days.",
        totals_words=_totals_words,
        detail=DetailSpec(
            ask=partial(_explained, patient_id),
            head=partial(_head, practice, open_session, copy),
            tabs=(PaneTab("why", "Movements", _page_of_steps, "oldest first"),),
            nothing="Choose a movement: all of its session stand here.",
        ),
    )


def explanation(practice: PracticeFacts, explained: Explained) -> str:
    """Return the explanation as plain text, a line for each movement: for a mail or a call."""
    lines = [
        f"{day_text(row.day)}  {_sentence(row)}  {money_text(_amount(row), zero_dash=False)}"
        for row in explained.movements
    ]
    return "\n".join([*lines, f"{day_text(explained.today)}  {_now(practice, explained)}"])


def _columns(practice: PracticeFacts, payer: str) -> tuple[Column[AccountRow], ...]:
    stated: dict[str, Any] = {"states_zero": True, "sortable": False, "width": 90, "priority": 4}
    named = max(90, min(118, round(5.8 * len(f"{payer} owes")) + 20))
    return (
        date_column(DAY, "Posted", lambda row: row.day, sortable=False, priority=1),
        Column(
            "what",
            "What",
            lambda row: row.what,
            second=_second,
            names=True,
            width=190,
            sortable=False,
            priority=1,
        ),
        money_column(
            "charge", "Charge", lambda row: row.charge, width=78, sortable=False, priority=3
        ),
        money_column(
            "paid",
            "Paid or adjusted",
            lambda row: row.paid,
            width=112,
            sortable=False,
            plain_negative=True,
            priority=3,
        ),
        money_column(
            "payer_owes", f"{payer} owes", lambda row: row.payer_owes, **{**stated, "width": named}
        ),
        money_column(
            "client_owes", f"{practice.patient} owes", lambda row: row.client_owes, **stated
        ),
        money_column(
            "balance", "Balance", lambda row: row.balance, strong=True, **{**stated, "priority": 1}
        ),
    )


def _second(row: AccountRow) -> str:
    detail = row.detail.replace(", entry ", ", ")
    if row.reversed_by:
        return f"{detail}, reversed by {row.reversed_by}"
    return f"{detail}, takes back {row.reverses}" if row.reverses else detail


def _page(patient_id: int, work: Work, state: FilterState, span: Span) -> Page[AccountRow]:
    first, last = state.ends(DAY, work.today())
    hidden = state.values(TAKEN_BACK) == ("hidden",)
    wanted = AccountFilter(first, last, state.values(KIND), only_standing=hidden)
    return page_of_account(work, patient_id, wanted, span)


def _totals_words(total: int, _totals: Mapping[str, Money]) -> str:
    return count_text(total, "movement")


def _explained(patient_id: int, work: Work, row: AccountRow) -> Explained:
    if row.session_id is None:
        return Explained(row, (row,), None, work.today())
    standing = not (row.reverses or row.reversed_by)
    wanted = AccountFilter(session_id=row.session_id, only_standing=standing)
    page = page_of_account(work, patient_id, wanted, Span(0, WHOLE, DAY))
    return Explained(row, page.rows, session_detail(work, row.session_id), work.today())


def _head(
    practice: PracticeFacts,
    open_session: Callable[[int], object] | None,
    copy: Callable[[str], object],
    explained: Explained,
) -> PaneHead:
    row, session = explained.row, explained.session
    today = day_text(explained.today)
    if row.id == BROUGHT_FORWARD:
        return PaneHead("Brought forward", f"before {day_text(row.day)}: {row.detail}")
    steps = [NextStep("Copy text", lambda: copy(explanation(practice, explained)), "copy")]
    figures: tuple[Figure, ...] = ()
    name, line = row.what, f"{day_text(row.day)}, as of {today}"
    if session is not None:
        name = f"Session {day_text(session.row.day)}"
        line = f"{session.row.code_text}, as of {today}"
        figures = (
            Figure(f"{practice.patient} owes", session.row.patient_balance),
            Figure(f"{_payer(session.row)} owes", session.row.insurance_balance),
        )
        if open_session is not None:
            go = partial(open_session, session.row.id)
            steps.insert(0, NextStep("Open session", go, "arrow-right"))
    return PaneHead(name, line, figures=figures, next_steps=tuple(steps))


def _page_of_steps() -> PanePage:
    return StoryPage(_steps)


def _steps(explained: Any) -> Sequence[StoryStep]:
    steps = [
        StoryStep(
            title=row.what,
            second=_source(row),
            amount=money_text(_amount(row), zero_dash=False),
            day=day_text(row.day),
            icon=_TONES.get(row.kind, _PAID)[0],
            tone=_TONES.get(row.kind, _PAID)[1],
        )
        for row in explained.movements
    ]
    session = explained.session
    if session is not None:
        owed = session.row.patient_balance + session.row.insurance_balance
        amount = money_text(owed, zero_dash=False)
        today = day_text(explained.today)
        steps.append(StoryStep("Open today", "both together", amount, today, "circle-dot", "sky"))
    return steps


def _source(row: AccountRow) -> str:
    """Return the second line without the entry's number, which the ledger itself shows."""
    return _second(row).replace(f", {row.entry_number}", "")


def _amount(row: AccountRow) -> Money | None:
    return row.charge if row.charge is not None else row.paid


def _sentence(row: AccountRow) -> str:
    charged = row.kind == "charge" and not row.reverses
    return f"{row.what} was charged." if charged else f"{row.what}."


def _payer(row: SessionRow) -> str:
    """Return who owes the payer's part; a self-pay session has a payer's part of nobody."""
    return row.payer if row.payer_id else "Payer"


def _now(practice: PracticeFacts, explained: Explained) -> str:
    session = explained.session
    if session is None:
        return f"The balance of the account is {explained.row.balance} after this."
    owes = money_text(session.row.patient_balance, zero_dash=False)
    payer = money_text(session.row.insurance_balance, zero_dash=False)
    return f"The {practice.patient.lower()} owes {owes}. {_payer(session.row)} owes {payer}."
