"""The tie-out: aging, the accounts of clients and payers, and the general ledger, on a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.tie_out import TieOut, tie_out
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.card import LEFT
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.aging.tie_strip import TieStrip
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import Label

AGING, ACCOUNTING = "aging", "accounting"
TOPICS = frozenset({Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS, Topic.BOOKS, Topic.IMPORTS})
_SIDES = {"Aging": "Aging", "Accounts": "Accounts", "Ledger": "General ledger"}


@dataclass(frozen=True, slots=True)
class TieLine:
    """A figure of one of the three sides; ``whole``: it is the side's sum."""

    id: int
    side: str
    name: str
    account: str
    amount: Money
    whole: bool


class TiePart(Part):
    """Three ways to what is owed. Enter opens what a figure is made of."""

    def __init__(self, shell: Shell, keeping: Keeping, today: OfficeDay) -> None:
        super().__init__()
        self._shell, self._today = shell, today
        self._day: date | None = None
        self._stale = False
        self.found: TieOut | None = None
        self.as_of = DateField("As of", today(), today=today)
        self.as_of.left.connect(self._on_day)
        self.strip = TieStrip()
        spec = _spec(self._page)
        self.list: ListPart[TieLine] = ListPart(
            shell.desk, spec, messages=shell.messages, keeping=keeping
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = self.list.line_row.layout()
        if isinstance(line, QHBoxLayout):
            line.insertWidget(0, _in_the_line(self.as_of))
        column.addWidget(self.list, 1)
        column.addWidget(self.strip)
        self.list.opened.connect(self._on_open)
        shell.desk.changed.connect(self._on_changed)

    def look(self) -> None:
        """Compare the three again, on the day that stands there."""
        day = self._day
        self.strip.wait()
        self._shell.desk.ask(
            self,
            lambda work: (tie_out(work, day or work.today()), work.now()),
            self._keep,
            self._refused,
        )

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        self.look()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        return self.list.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.as_of, self.list.view)

    def enter(self) -> None:
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.found is None:
            self.look()
        elif self.list.view.picking.current_row is None:
            self.list.view.picking.go(0)

    def _keep(self, found: tuple[TieOut, datetime]) -> None:
        self.found, at = found
        tie = replace(self.found.tie)
        self.strip.show_tie(tie, at, self._shell.practice.zone)
        self.list.ask_again()

    def _refused(self, fault: BaseException) -> None:
        self.strip.unknown()
        self._shell.messages.refused(fault)

    def _page(self, _work: Work, state: FilterState, span: Span) -> Page[TieLine]:
        words = state.text.casefold().split()
        lines = [
            one
            for one in (lines_of(self.found) if self.found is not None else ())
            if all(word in f"{one.side} {one.account} {one.name}".casefold() for word in words)
        ]
        return Page(span.start, len(lines), tuple(lines[span.start : span.start + span.size]))

    def _on_day(self) -> None:
        day = self.as_of.value()
        if day is not None and day != self._day:
            self._day = day
            self.look()

    def _on_open(self, line: TieLine) -> None:
        if line.account and self._shell.has(ACCOUNTING):
            self._shell.open(ACCOUNTING, tab="ledger", account=line.account)
        elif self._shell.has(AGING):
            self._shell.open(AGING)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.found is not None:
            if self.isVisible():
                self.look()
            else:
                self.found = None


def _in_the_line(field: DateField) -> QWidget:
    """Return the day with its word before it, not above: the room is for the figures."""
    for label in field.findChildren(Label):
        if label.buddy() is not None:
            label.hide()
    layout = field.layout()
    if layout is not None:
        layout.setSpacing(0)
    field.setFixedWidth(theme.now.px(130))
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(LEFT, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(Label("As of", "hint"))
    line.addWidget(field)
    return whole


def lines_of(found: TieOut) -> tuple[TieLine, ...]:
    """Return the figures as lines, each side's sum last."""
    last = {row.side: place for place, row in enumerate(found.rows)}
    return tuple(
        TieLine(
            place + 1,
            _SIDES.get(row.side, row.side),
            row.name,
            row.account,
            row.amount,
            last[row.side] == place,
        )
        for place, row in enumerate(found.rows)
    )


def _spec(query: Callable[[Work, FilterState, Span], Page[TieLine]]) -> ListSpec[TieLine]:
    return ListSpec(
        key="tie_out",
        name="A/R and general ledger",
        title=False,
        columns=(
            Column("side", "Side", lambda row: row.side, width=140, sortable=False, priority=1),
            Column(
                "account", "Account", lambda row: row.account, width=88, sortable=False, priority=3
            ),
            Column(
                "name",
                "Figure",
                lambda row: row.name,
                names=True,
                sortable=False,
                priority=0,
            ),
            money_column(
                "amount",
                "Amount",
                lambda row: row.amount,
                sortable=False,
                states_zero=True,
                plain_negative=True,
                priority=0,
                width=130,
            ),
            Column(
                "whole",
                "",
                lambda row: "Sum" if row.whole else "",
                width=64,
                sortable=False,
                priority=4,
            ),
        ),
        query=query,
        noun=("figure", "figures"),
        ticking=False,
        totals=False,
        sort="side",
        empty=Empty("The ledger is being compared.", "scale"),
    )
