"""The lists of Collections: accounts old enough for an agency, those left out, and the cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fscdesk.services.billing.collection_holds import Hold
from fscdesk.services.billing.collection_plan import Account, CollectionPlan
from fscdesk.services.billing.collection_reading import (
    CaseDetail,
    CaseFilter,
    CaseRow,
    case_detail,
    page_of_cases,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status

_HOLDS = {
    Hold.DO_NOT_BILL: Status("Not billed", "slate", "ban"),
    Hold.DECEASED: Status("Deceased", "slate", "user-x"),
    Hold.PARKED: Status("Parked", "slate", "pause"),
    Hold.IN_PLAN: Status("On a plan", "sky", "calendar-check"),
    Hold.INSURANCE_PENDING: Status("Insurance pending", "sky", "hourglass"),
    Hold.WRITE_OFF_WAITING: Status("Waits for approval", "amber", "stamp"),
    Hold.CREDITS: Status("Covered by credit", "sky", "coins"),
    Hold.BELOW_MINIMUM: Status("Below minimum", "neutral", "circle-minus"),
}
_CASES = {
    "placed": Status("At the agency", "orange", "briefcase"),
    "recovered": Status("Recovered", "green", "circle-check"),
    "settled": Status("Settled", "teal", "circle-dot"),
    "recalled": Status("Recalled", "neutral", "undo-2"),
    "written_off": Status("Written off", "neutral", "circle-slash"),
}
_LATE = Status("Bad address", "orange", "map-pin")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account of the threshold list."""

    id: int
    one: Account


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case at an agency."""

    id: int
    one: CaseRow


def accounts_spec(
    plan: Callable[[], CollectionPlan | None], bulk: tuple[RowsAct[AccountRow], ...], *, left: bool
) -> ListSpec[AccountRow]:
    """Declare the accounts to hand over, or those left out with their reason."""

    def rows(_work: Work) -> Sequence[AccountRow]:
        found = plan()
        some = () if found is None else found.left_out if left else found.accounts
        return [AccountRow(one.guarantor_id, one) for one in some]

    detail: DetailSpec[AccountRow, AccountRow] = DetailSpec(
        ask=lambda _work, row: row,
        head=_account_head,
        tabs=(PaneTab("facts", "", lambda: FactsPage("What is owed", _account_lines)),),
        nothing="Choose an account to see what it owes.",
    )
    why: tuple[Column[AccountRow], ...] = (
        badge_column("why", "Why not", lambda row: _hold(row.one), width=148, priority=1),
    )
    sent: tuple[Column[AccountRow], ...] = (
        Column("sent", "Sent so far", lambda row: sent_words(row.one), width=230, wide=True),
    )
    words = "No account owes for so long." if not left else "Nobody is left out."
    return short_spec(
        "collections_left" if left else "collections",
        "Collections: left out" if left else "Collections: to hand over",
        ("account", "accounts"),
        rows,
        (
            Column("number", "Account", lambda row: row.one.number, width=84, priority=5),
            Column("name", "Name", lambda row: row.one.name, names=True, width=170, priority=0),
            *(why if left else ()),
            *sent,
            Column(
                "days",
                "Oldest",
                lambda row: f"{row.one.days} days",
                Kind.AGE,
                value=lambda row: row.one.days,
                width=86,
                priority=2,
            ),
            money_column("held", "Held", lambda row: row.one.held, priority=4),
            money_column(
                "amount",
                "To hand over",
                lambda row: row.one.amount,
                width=112,
                priority=0,
                strong=True,
            ),
        ),
        "",
        Empty(words, "circle-check"),
        sort="amount",
        descending=True,
        ticking=not left,
        bulk=bulk,
        detail=detail,
        least_width=700,
    )


def cases_spec(
    acts: tuple[RowsAct[CaseLine], ...], steps: Callable[[CaseLine], tuple[NextStep, ...]]
) -> ListSpec[CaseLine]:
    """Declare the cases, the newest first."""

    def query(work: Work, state: FilterState, span: Span) -> Page[CaseLine]:
        page = page_of_cases(work, span, CaseFilter(text=state.text))
        return Page(page.start, page.total, tuple(CaseLine(one.case_id, one) for one in page.rows))

    def ask(work: Work, row: CaseLine) -> tuple[CaseLine, CaseDetail]:
        found = case_detail(work, row.id)
        return CaseLine(row.id, found.row), found

    detail: DetailSpec[CaseLine, tuple[CaseLine, CaseDetail]] = DetailSpec(
        ask=ask,
        head=lambda seen: _case_head(seen[0], steps(seen[0])),
        tabs=(PaneTab("facts", "", lambda: FactsPage("The case", _case_lines)),),
        nothing="Choose a case to see its charges.",
    )
    return ListSpec(
        key="billing.cases",
        name="Cases at agencies",
        columns=(
            Column("number", "Case", lambda row: row.one.number, width=124, priority=1),
            Column(
                "guarantor",
                "Name",
                lambda row: row.one.guarantor,
                names=True,
                width=170,
                priority=0,
            ),
            Column(
                "agency",
                "Agency",
                lambda row: row.one.agency,
                width=150,
                priority=4,
                sortable=False,
            ),
            badge_column(
                "status",
                "Status",
                lambda row: _CASES[row.one.status.value],
                width=124,
                priority=1,
                sortable=False,
            ),
            date_column("placed_on", "Placed", lambda row: row.one.placed_on, priority=3),
            money_column("amount", "Handed over", lambda row: row.one.amount, priority=2),
            money_column(
                "recovered",
                "Recovered",
                lambda row: row.one.recovered,
                priority=3,
                sortable=False,
            ),
            money_column(
                "left",
                "Left there",
                lambda row: row.one.left,
                priority=0,
                strong=True,
                sortable=False,
            ),
        ),
        query=query,
        noun=("case", "cases"),
        row_acts=acts,
        ticking=False,
        totals=False,
        title=False,
        sort="number",
        descending=True,
        topics=frozenset({Topic.COLLECTIONS, Topic.LEDGER}),
        empty=Empty("Nothing was handed to an agency yet.", "briefcase"),
        none_words=lambda state: f"No case holds “{state.text.strip()}”.",
        detail=detail,
        least_width=700,
    )


def sent_words(one: Account) -> str:
    """Say what an account got so far."""
    parts = []
    if one.sent.statements:
        parts.append(
            f"{count_text(one.sent.statements, 'statement')}, the last"
            f" {day_text(one.sent.last_statement_on)}"
        )
    if one.sent.last_reminder_days:
        parts.append(f"reminder at {one.sent.last_reminder_days} days")
    return "; ".join(parts) or "Nothing"


def _hold(one: Account) -> Status | None:
    return None if one.reason_code is None else _HOLDS[one.reason_code]


def _account_head(row: AccountRow) -> PaneHead:
    one, badge = row.one, _hold(row.one)
    return PaneHead(
        name=one.name,
        line=", ".join(part for part in (f"Account {one.number}", one.phone) if part),
        badges=tuple(
            mark for mark in (badge, _LATE if one.bad_address else None) if mark is not None
        ),
        figures=(
            Figure("To hand over", text=money_text(one.amount, zero_dash=False)),
            Figure("Held", text=money_text(one.held, zero_dash=False)),
            Figure("Oldest", text=f"{one.days} days"),
        ),
    )


def _account_lines(row: AccountRow) -> Sequence[FactLine]:
    lines = [
        FactLine("Sent so far", heading=True),
        FactLine(sent_words(row.one)),
        FactLine("What is owed", heading=True),
    ]
    for one in row.one.charges:
        held = "" if one.hold is None else f", stays: {_HOLDS[one.hold].word.lower()}"
        fact = f"Owed since {day_text(one.since)}{held}"
        lines.append(FactLine(f"{one.patient}, {day_text(one.service_day)}", fact, one.amount))
    return lines


def _case_head(row: CaseLine, steps: tuple[NextStep, ...]) -> PaneHead:
    one = row.one
    share = f"{one.commission_points / 100:g} % commission"
    return PaneHead(
        name=f"{one.number}, {one.guarantor}",
        line=f"{one.agency}, placed {day_text(one.placed_on)}, {share}",
        badges=(_CASES[one.status.value],),
        figures=(
            Figure("Left there", text=money_text(one.left, zero_dash=False)),
            Figure("Recovered", text=money_text(one.recovered, zero_dash=False)),
            Figure("Commission", text=money_text(one.commission, zero_dash=False)),
        ),
        next_steps=steps,
    )


def _case_lines(seen: Any) -> Sequence[FactLine]:
    row, detail = seen[0].one, seen[1]
    lines = [FactLine("Charges", heading=True)]
    for one in detail.charges:
        fact = f"{one.code}, {money_text(one.left, zero_dash=False)} left at the agency"
        lines.append(FactLine(f"{one.patient}, {day_text(one.service_day)}", fact, one.amount))
    lines.append(FactLine("What came of it", heading=True))
    lines.append(FactLine("Handed over", amount=row.amount))
    lines.append(FactLine("Recovered by the agency", amount=row.recovered))
    lines.append(FactLine("Back on the account", amount=row.returned))
    lines.append(FactLine("Left at the agency", amount=row.left))
    if row.closed_on is not None:
        lines.append(FactLine(f"Closed {day_text(row.closed_on)}", row.close_reason))
    return lines
