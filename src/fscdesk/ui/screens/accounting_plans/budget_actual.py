"""Budget against actual: the same accounts over some months, with the difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.budget_sheet import EVERY_CENTRE, budget_sheet
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.accounting_plans.budget_rows import (
    QUARTER,
    YEAR,
    GridRow,
    RowKind,
    Spread,
    difference_words,
    is_worse,
    months_begun,
    months_over,
    rows_of,
)
from fscdesk.ui.tables.columns import Column, badge_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec
from fscdesk.ui.text import percent_text
from fscdesk.ui.theme import Status

SO_FAR, MONTH, QUARTER_KEY, WHOLE = "so_far", "month", "quarter", "year"
_SPANS: Final = (
    Choice(SO_FAR, "Those that are over"),
    Choice(MONTH, "This month"),
    Choice(QUARTER_KEY, "This quarter"),
    Choice(WHOLE, "The whole year"),
)
_WORSE: Final = Status("To look at", "orange", "triangle-alert")
_FINE: Final = Status("On plan", "green", "circle-check")


@dataclass(frozen=True, slots=True)
class ActualRow:
    """One account, or a total, over the chosen months."""

    id: int
    row: GridRow
    planned: Money
    actual: Money
    over: bool = True
    """Whether all of these months are over; else their budget is whole, and what came is not."""

    @property
    def difference(self) -> Money:
        """What came less what was planned."""
        return self.actual - self.planned


@dataclass
class Chosen:
    """Which budget the list compares, and for which cost centre; the tab changes it."""

    budget_id: int = 0
    centre: str = EVERY_CENTRE


def actual_spec(chosen: Chosen) -> ListSpec[ActualRow]:
    """Declare the list, over what is chosen when it asks."""

    def query(work: Work, state: FilterState, span: Span) -> Page[ActualRow]:
        rows = _rows(work, chosen, state)
        return Page(span.start, len(rows), tuple(rows[span.start : span.start + span.size]), {})

    columns: tuple[Column[ActualRow], ...] = (
        Column(
            "account",
            "Account",
            lambda one: one.row.label.strip(),
            names=True,
            priority=0,
            sortable=False,
        ),
        money_column("planned", "Budget", lambda one: one.planned, width=112, sortable=False),
        money_column(
            "actual",
            "Actual",
            lambda one: one.actual,
            width=112,
            priority=1,
            sortable=False,
            strong=True,
        ),
        money_column(
            "difference",
            "Difference",
            lambda one: one.difference,
            width=112,
            priority=2,
            sortable=False,
            signed=True,
            plain_negative=True,
        ),
        Column("words", "In words", _words, width=240, priority=3, sortable=False),
        Column("used", "Of budget", _used, right=True, width=92, priority=4, sortable=False),
        badge_column("state", "", _state, width=116, priority=4, sortable=False),
    )
    return ListSpec(
        key="accounting.budget_actual",
        name="Budget against actual",
        columns=columns,
        query=query,
        noun=("account", "accounts"),
        filters=(ChoiceFilter("span", "Months", _SPANS, single=True),),
        ticking=False,
        totals=False,
        title=False,
        sort="account",
        topics=frozenset({Topic.BOOKS, Topic.LEDGER}),
        empty=Empty("Nothing is planned, and nothing came in these months.", "scale"),
        none_words=lambda _state: "Nothing is planned, and nothing came in these months.",
    )


def _rows(work: Work, chosen: Chosen, state: FilterState) -> Sequence[ActualRow]:
    if not chosen.budget_id:
        return ()
    sheet = budget_sheet(work, chosen.budget_id, chosen.centre)
    picked = (state.values("span") or (SO_FAR,))[0]
    begun = max(1, months_begun(sheet))
    columns = {
        SO_FAR: Spread("", 0, months_over(sheet) or 1),
        MONTH: Spread("", begun - 1, 1),
        QUARTER_KEY: Spread("", (begun - 1) // QUARTER * QUARTER, QUARTER),
        WHOLE: Spread("", 0, YEAR),
    }
    column = columns.get(picked, columns[SO_FAR])
    words = state.text.casefold().split()
    over = column.first + column.count <= months_over(sheet)
    found = [
        ActualRow(one.id, one, column.sum(one.planned), column.sum(one.actual), over)
        for one in rows_of(sheet)
        if one.kind is not RowKind.HEAD and all(word in one.label.casefold() for word in words)
    ]
    return [one for one in found if one.row.kind is RowKind.TOTAL or one.planned or one.actual]


def _words(one: ActualRow) -> str:
    words = difference_words(one.row.type, one.planned, one.actual)
    return words if one.over or not words else f"{words} so far"


def _used(one: ActualRow) -> str:
    if one.row.type is None or not one.planned:
        return ""
    return percent_text(one.actual.cents / one.planned.cents, 0)


def _state(one: ActualRow) -> Status | None:
    if not one.planned and not one.actual:
        return None
    return _WORSE if is_worse(one.row.type, one.planned, one.actual) else _FINE
