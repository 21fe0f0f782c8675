"""The Periods tab: months open and closed, what stands in the way, who changed them and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from fscdesk.services.accounting.before_closing import BeforeClosing, Undone, before_closing
from fscdesk.services.accounting.closing_periods import (
    PeriodChangeRow,
    PeriodRow,
    PeriodStatus,
    period_changes,
    periods,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screens.accounting.journal_list import DAY, LATE
from fscdesk.ui.screens.accounting.part import HeldPart, Rooms
from fscdesk.ui.screens.accounting.period_acts import PeriodActs
from fscdesk.ui.screens.accounting.tabs import JOURNAL, RECURRING, TABS
from fscdesk.ui.screens.accounting.wording import STATES
from fscdesk.ui.tables.columns import Column, Kind, badge_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.filter_state import FilterState, month_of
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, moment_text, month_text

NOUN = ("month", "months")
RECONCILIATION = "reconciliation"
_TOPICS: Final = frozenset({Topic.BOOKS, Topic.BANK, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS})

_UNDONE: Final = {
    Undone.RECURRING: "Recurring entries are due",
    Undone.REVERSALS: "Reversals are due",
    Undone.NOT_RECONCILED: "The bank is not reconciled",
    Undone.TO_IDENTIFY: "Money is to be identified",
}
"""What a step is called; the words below it go on over lines, so that no name is cut."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the list; its id is made of year and month."""

    id: int
    row: PeriodRow


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month with what it still waits for, and who closed and opened it."""

    row: PeriodRow
    undone: tuple[BeforeClosing, ...]
    changes: tuple[PeriodChangeRow, ...]


def id_of(month: date) -> int:
    """Return the id of a month: 202603."""
    return month.year * 100 + month.month


def months(work: Work) -> list[Month]:
    """Return the months, the oldest first."""
    return [Month(id_of(row.month), row) for row in periods(work)[::-1]]


class PeriodsPart(HeldPart):
    """Enter goes into the pane of a month. Shown on ``month`` (a day) it makes that one current."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms, self._shell = rooms, rooms.shell
        self._view: MonthView | None = None
        self.periods: PaneTab[Month] = PaneTab(
            self._shell, self._spec(), keeping=rooms.keeping, follows=_TOPICS
        )
        super().__init__(self.periods)
        self.list = self.periods.list
        self.acts = PeriodActs(rooms, self)
        self._first = action(self, "First step", self._press_first)
        self._first.setVisible(False)

    def primary(self) -> Any:
        button = self.periods.primary_button()
        if button is None:
            return None
        self._first.setText(button.words())
        self._first.setEnabled(button.isEnabled())
        self._first.setStatusTip(button.toolTip())
        return self._first

    def show_what(self, what: Mapping[str, Any]) -> None:
        month, row = what.get("month"), what.get("row")
        if isinstance(month, date):
            self.list.go_to(id_of(month))
        elif isinstance(row, int):
            self.list.go_to(row)

    def here(self) -> Mapping[str, object]:
        return {"row": self.list.view.picking.current_id}

    # What is declared

    def _spec(self) -> ListSpec[Month]:
        columns = self._columns()
        return ListSpec(
            key="periods",
            name="Periods",
            title=False,
            columns=columns,
            query=query_of(months, columns, "month"),
            noun=NOUN,
            ticking=False,
            totals=False,
            sort="month",
            descending=True,
            topics=_TOPICS,
            empty=Empty("Nothing is posted yet.", "calendar"),
            none_words=lambda state: f"No month with “{state.text.strip()}”.",
            detail=DetailSpec(
                ask=_ask,
                head=self._head,
                tabs=(
                    Tab("waits", "Before closing", self._waits),
                    Tab("history", "History", self._history),
                ),
                nothing="Choose a month to see what it waits for.",
            ),
        )

    def _columns(self) -> tuple[Column[Month], ...]:
        zone = self._shell.practice.zone
        return (
            Column("month", "Month", lambda one: month_text(one.row.month), names=True, priority=1),
            badge_column(
                "state", "State", lambda one: STATES[one.row.status], width=128, priority=1
            ),
            Column(
                "entries",
                "Entries",
                lambda one: f"{one.row.entries:,}",
                Kind.NUMBER,
                lambda one: one.row.entries,
                width=80,
            ),
            Column(
                "late",
                "After closing",
                lambda one: f"{one.row.late:,}" if one.row.late else "",
                Kind.NUMBER,
                lambda one: one.row.late,
                width=104,
            ),
            Column(
                "changed",
                "Changed",
                lambda one: moment_text(one.row.changed.at, zone) if one.row.changed else "",
                width=136,
                priority=6,
                sortable=False,
            ),
            Column(
                "by",
                "By",
                lambda one: one.row.changed.by if one.row.changed else "",
                width=120,
                priority=7,
                sortable=False,
            ),
        )

    # The pane

    def _head(self, view: MonthView) -> PaneHead:
        self._view = view
        row = view.row
        waits = sum(one.count for one in view.undone)
        return PaneHead(
            name=month_text(row.month),
            line=_line(view),
            badges=(STATES[row.status],),
            figures=(
                Figure("Entries", text=f"{row.entries:,}"),
                Figure("After closing", text=f"{row.late:,}"),
                Figure("Waits for", text=f"{waits:,}"),
            ),
            next_steps=self._steps(row),
            more=self._more(row),
        )

    def _steps(self, row: PeriodRow) -> tuple[NextStep, ...]:
        name = month_text(row.month)
        if row.may_close and row.status is PeriodStatus.OPEN:
            return (
                NextStep(f"Close {name}…", partial(self.acts.close, row), "lock"),
                NextStep("Soft-close…", partial(self.acts.close, row, soft=True)),
            )
        if row.may_close:
            close = NextStep(f"Close {name}…", partial(self.acts.close, row), "lock")
            if row.may_open:
                return close, NextStep("Open again…", partial(self.acts.open_again, row))
            return (close,)
        if row.may_open:
            return (
                NextStep(f"Open {name} again…", partial(self.acts.open_again, row), "lock-open"),
            )
        return (self._entries_step(row),)

    def _entries_step(self, row: PeriodRow) -> NextStep:
        return NextStep("Show its entries", partial(self._show_entries, row, ""))

    def _more(self, row: PeriodRow) -> tuple[NextStep, ...]:
        found = [self._entries_step(row)] if row.may_close or row.may_open else []
        if row.late:
            words = f"Show {count_text(row.late, 'entry', 'entries')} after closing"
            found.append(NextStep(words, partial(self._show_entries, row, LATE)))
        if row.may_open and row.status is PeriodStatus.CLOSED:
            found.append(
                NextStep(
                    "Open for adjusting entries only…",
                    partial(self.acts.open_again, row, soft=True),
                )
            )
        return tuple(found)

    def _waits(self) -> StoryPage:
        page = StoryPage(self._waiting)
        page.story.setAccessibleName("What it waits for")
        page.opened.connect(self._on_step)
        return page

    def _waiting(self, view: MonthView) -> Sequence[StoryStep]:
        if not view.undone:
            return [StoryStep("Nothing stands in the way", icon="check", tone="green")]
        return [
            StoryStep(
                _UNDONE[one.kind],
                f"{one.words} Enter opens it." if self._leads(one.kind) else one.words,
                icon="clock",
                tone="amber",
                key=one.kind.value if self._leads(one.kind) else "",
            )
            for one in view.undone
        ]

    def _history(self) -> StoryPage:
        zone = self._shell.practice.zone

        def steps(view: MonthView) -> Sequence[StoryStep]:
            if not view.changes:
                return [StoryStep("Never closed", icon="lock-open")]
            return [
                StoryStep(
                    f"{STATES[one.old].word} → {STATES[one.new].word}",
                    f"{one.by}, {moment_text(one.at, zone)}"
                    + (f": {one.reason}" if one.reason else ""),
                    icon="lock-open" if one.new is PeriodStatus.OPEN else "lock",
                )
                for one in view.changes
            ]

        page = StoryPage(steps)
        page.story.setAccessibleName("Who closed and opened it")
        return page

    # What happens

    def _leads(self, kind: Undone) -> bool:
        if kind in (Undone.RECURRING, Undone.REVERSALS):
            return any(tab.key == RECURRING for tab in TABS)
        return self._shell.has(RECONCILIATION)

    def _on_step(self, key: str) -> None:
        if Undone(key) in (Undone.RECURRING, Undone.REVERSALS):
            self._rooms.go(RECURRING)
        else:
            self._shell.open(RECONCILIATION)

    def _show_entries(self, row: PeriodRow, view: str) -> None:
        state = FilterState().with_days(DAY, month_of(row.month))
        if view:
            state = state.with_values("view", (view,))
        self._rooms.go(JOURNAL, filters=state.to_json(), view=view or "all")

    def _press_first(self) -> None:
        button: Button | None = self.periods.primary_button()
        if button is not None and button.isEnabled():
            button.click()


def _ask(work: Work, month: Month) -> MonthView:
    row = next((one for one in periods(work) if one.month == month.row.month), month.row)
    return MonthView(row, before_closing(work, row.month), period_changes(work, row.month))


def _line(view: MonthView) -> str:
    row = view.row
    if row.status is PeriodStatus.OPEN:
        return "Takes every entry." if row.may_close else "Not over yet: it takes every entry."
    if row.status is PeriodStatus.SOFT_CLOSED:
        return "Takes adjusting and closing entries only."
    return "Takes nothing but an entry with a written reason."
