"""The Year end tab: how each year stands, what its closing entry carries, close and take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtGui import QAction

from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import PeriodStatus, periods
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.accounting.ledgers import EntryLine, entry_detail, entry_named
from fscdesk.services.accounting.year_end import (
    YearEndPlan,
    YearRow,
    close_year,
    plan_year_end,
    undo_year_end,
    years,
)
from fscdesk.services.ledger.periods import OpenDays, open_days
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screens.accounting.part import HeldPart, Rooms
from fscdesk.ui.screens.accounting_plans.first_step import FirstStep
from fscdesk.ui.screens.accounting_plans.lists import plain_spec
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.tables.columns import Column, badge_column, date_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.pane_tab import PaneTab as ListWithPane
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import count_text, day_text, moment_text, money_text, month_text
from fscdesk.ui.theme import Status
from fscdesk.ui.undo import Undo

_CLOSED: Final = Status("Closed", "green", "lock")
_READY: Final = Status("Can be closed", "blue", "circle-arrow-up")
_OPEN: Final = Status("Open", "amber", "clock")
_CARRIED: Final = Status("Carried", "neutral", "lock")
_BY_MESSAGE: Final = "Year-end close taken back"


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year in the list; ``missing`` is what stands in the way first, "" where nothing does.

    ``carried``: a later year was closed before it, and has taken its income and expense along.
    """

    id: int
    row: YearRow
    missing: str = ""
    carried: bool = False

    @property
    def closed(self) -> bool:
        """Whether its closing entry stands."""
        return self.row.number is not None


@dataclass(frozen=True, slots=True)
class YearDetail:
    """A year with its plan (None without the right to keep books) and its months not closed.

    ``posted`` are the lines of the entry that closed it, for whoever may see reports.
    """

    line: YearLine
    plan: YearEndPlan | None
    open_months: tuple[str, ...]
    entry_id: int | None = None
    posted: tuple[EntryLine, ...] = ()


class YearEndPart(HeldPart):
    """Choose a year, see what closing it carries, close it; the newest closed one comes back."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        detail: DetailSpec[YearLine, YearDetail] = DetailSpec(
            ask=_detail,
            head=self._head,
            tabs=(
                PaneTab("carried", "Closing entry", lambda: FactsPage("Closing entry", _carried)),
                PaneTab("months", "In the way", lambda: FactsPage("In the way", _in_the_way)),
            ),
            nothing="Choose a year to see what closing it carries.",
        )
        columns: tuple[Column[YearLine], ...] = (
            Column("year", "Year", lambda one: str(one.row.year), names=True, width=80, priority=0),
            date_column("first", "From", lambda one: one.row.first_day, priority=4),
            date_column("last", "To", lambda one: one.row.last_day, priority=3),
            badge_column("state", "Status", _state, width=136, priority=1),
            Column(
                "way",
                "In the way",
                lambda one: one.missing if not one.closed else "",
                width=220,
                priority=5,
                wide=True,
            ),
            Column("entry", "Entry", lambda one: one.row.number or "", width=120, priority=2),
            Column("by", "Closed by", lambda one: one.row.closed_by, width=120, priority=6),
        )
        spec = plain_spec(
            "years",
            "Fiscal years",
            ("year", "years"),
            _lines,
            columns,
            Empty("No years yet. The first entry begins one.", "calendar-check"),
            descending=True,
            detail=detail,
            topics=frozenset({Topic.BOOKS, Topic.LEDGER}),
            least_width=520,
        )
        self.list_tab: ListWithPane[YearLine] = ListWithPane(
            rooms.shell, spec, keeping=rooms.keeping
        )
        super().__init__(self.list_tab)
        self._first = FirstStep(self, self.list_tab)

    def primary(self) -> QAction | None:
        return self._first.primary()

    def note(self) -> str:
        return "Closing carries income and expense to 3100 Retained earnings, by one entry."

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("year") is not None:
            self.list_tab.list.go_to(int(what["year"]))

    def here(self) -> Mapping[str, object]:
        return {"year": self.list_tab.list.view.picking.current_id}

    # What happens

    def _close(self, plan: YearEndPlan) -> None:
        year, messages = plan.year, self._rooms.shell.messages

        def done(posted: PostedEntry) -> None:
            undo = Undo(
                f"the close of {year}",
                lambda work: _taken_back(undo_year_end(work, year, reason=_BY_MESSAGE), year),
            )
            messages.info(
                f"{year} is closed by entry {posted.number}: {_earned(plan.earned)} "
                "carried to 3100 Retained earnings.",
                undo=undo,
            )

        self._rooms.shell.desk.act(
            self, lambda work: close_year(work, year), done, messages.refused
        )

    def _take_back(self, line: YearLine) -> None:
        year = line.row.year
        dialog = FieldsDialog(
            f"Take the close of {year} back?",
            f"The opposite of entry {line.row.number} is posted on "
            f"{day_text(line.row.last_day)}; both stay in the journal. {year} is open again.",
            ("Take the close back", "Taking back…"),
            self.window(),
            keep_it="Keep it closed",
        )
        dialog.row(reason=reason_field(example="An invoice of December was found"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._rooms.shell,
                dialog,
                lambda work: undo_year_end(work, year, reason=dialog.value("reason")),
                lambda back: self._rooms.shell.messages.info(_taken_back(back, year)),
            )
        )
        open_dialog(dialog)

    def _head(self, detail: YearDetail) -> PaneHead:
        line, plan = detail.line, detail.plan
        row = line.row
        figures: tuple[Figure, ...] = ()
        steps: tuple[NextStep, ...] = ()
        if line.closed:
            steps = (NextStep("Take the close back", lambda: self._take_back(line), "rotate-ccw"),)
            if detail.entry_id is not None:
                show = partial(self._rooms.go, "journal", entry=detail.entry_id)
                steps += (NextStep("Show the entry", show, "book-open"),)
            if plan is not None:
                figures = (Figure("Earned", text=_earned(plan.earned)),)
        elif plan is not None:
            figures = (
                Figure("Earned", text=_earned(plan.earned)),
                Figure("Accounts carried", text=count_text(len(plan.lines))),
            )
            steps = (
                NextStep(
                    f"Close {row.year}",
                    lambda: self._close(plan),
                    "lock",
                    plan.missing[0] if plan.missing else "",
                ),
            )
            if detail.open_months:
                go = self._rooms.go
                steps += (NextStep("Close its months", lambda: go("periods"), "calendar-check"),)
        return PaneHead(
            name=f"Year {row.year}",
            line=self._line(line),
            badges=(_state(line),),
            figures=figures,
            next_steps=steps,
        )

    def _line(self, line: YearLine) -> str:
        row = line.row
        if row.closed_at is None:
            return f"{day_text(row.first_day)} to {day_text(row.last_day)}"
        at = moment_text(row.closed_at, self._rooms.shell.practice.zone)
        return f"Closed by {row.closed_by}, {at}, entry {row.number}"


def _lines(work: Work) -> Sequence[YearLine]:
    days, today, rows = open_days(work), work.today(), years(work)
    closed = max((row.year for row in rows if row.number is not None), default=0)
    return tuple(
        YearLine(
            row.year,
            row,
            _in_short(row, days, today, closed),
            row.number is None and row.year < closed,
        )
        for row in reversed(rows)
    )


def _in_short(row: YearRow, days: OpenDays, today: date, closed: int) -> str:
    """Say what stands against closing a year as far as its days tell, without adding it up.

    ``closed`` is the newest closed year: its entry has carried the years before it, too.
    """
    if row.number is not None:
        return ""
    if row.year < closed:
        return f"Carried with {closed}, which is closed."
    if row.last_day >= today:
        return f"It is not over until {day_text(row.last_day)}."
    if days.status(row.last_day) is PeriodStatus.OPEN:
        return f"{month_text(row.last_day)} is open."
    return ""


def _detail(work: Work, line: YearLine) -> YearDetail:
    row = line.row
    open_months = tuple(
        month_text(one.month)
        for one in reversed(periods(work))
        if row.first_day <= one.month <= row.last_day and one.status is PeriodStatus.OPEN
    )
    plan = plan_year_end(work, row.year) if may(work, Right.KEEP_BOOKS) else None
    if row.number is None or not may(work, Right.SEE_REPORTS):
        return YearDetail(line, plan, open_months)
    entry_id = entry_named(work, row.number)
    return YearDetail(line, plan, open_months, entry_id, entry_detail(work, entry_id).lines)


def _state(line: YearLine) -> Status:
    if line.closed:
        return _CLOSED
    if line.carried:
        return _CARRIED
    return _OPEN if line.missing else _READY


def _carried(detail: YearDetail) -> Sequence[FactLine]:
    if detail.line.closed:
        number = detail.line.row.number
        return [
            FactLine(f"Entry {number}", heading=True),
            *(
                FactLine(f"{one.account}  {one.name}", _side(one.amount.cents), abs(one.amount))
                for one in detail.posted
            ),
        ]
    plan = detail.plan
    if plan is None:
        return [FactLine("Whoever may keep the books sees here what closing carries.")]
    if not plan.lines:
        return [FactLine("Nothing is to be carried.", next(iter(plan.missing), ""))]
    lines = [
        FactLine(f"{one.account}  {one.name}", _side(-one.balance.cents), abs(one.balance))
        for one in plan.lines
    ]
    if plan.earned:
        lines.append(
            FactLine("3100  Retained earnings", _side(-plan.earned.cents), abs(plan.earned))
        )
    debits = Money(
        sum(max(0, -one.balance.cents) for one in plan.lines) + max(0, -plan.earned.cents)
    )
    lines.append(
        FactLine(f"Posted on {day_text(plan.last_day)}, balanced", "Debits = credits", debits)
    )
    return lines


def _in_the_way(detail: YearDetail) -> Sequence[FactLine]:
    if detail.line.closed:
        return [FactLine("It is closed. Only the newest closed year can be taken back.")]
    plan = detail.plan
    found = [FactLine(words) for words in (plan.missing if plan is not None else ())]
    if not found:
        found = [FactLine("Nothing stands in the way.")]
    if detail.open_months:
        found.append(FactLine("Open months", heading=True))
        found += [FactLine(month) for month in detail.open_months]
    return found


def _side(cents: int) -> str:
    return "Debit" if cents > 0 else "Credit"


def _earned(amount: Money) -> str:
    return money_text(amount, zero_dash=False)


def _taken_back(back: PostedEntry, year: int) -> str:
    return f"The close of {year} is taken back by entry {back.number}. {year} is open again."
