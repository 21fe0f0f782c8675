"""What a number of the rates is made of: the denials of a row, or the appeals that ended so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.claims.appeal_outcomes import AppealLine, appeals_opened
from fscdesk.services.claims.denial_rates import DenialsBy
from fscdesk.services.claims.denials_counted import (
    Counted,
    CountedAnswer,
    CountedFilter,
    page_of_counted,
)
from fscdesk.services.claims.first_answers import TOPICS
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.forms.buttons import IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.denial_words import OUTCOMES, now_mark
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text

WHAT: Final = {
    Counted.DENIED: "Denied",
    Counted.TURNED: "Paid since",
    Counted.OPEN: "Still open",
    Counted.ANSWERED: "All answered",
}


@dataclass(frozen=True, slots=True)
class OpenRow:
    """The row that is open: its period, its key, how it is called."""

    first: date
    last: date
    by: DenialsBy
    key: str
    name: str


class CountedLines(QWidget):
    """Head and list of the open row, or of the appeals with one outcome; hidden while none is."""

    closed = Signal()

    def __init__(self, shell: Shell, keeping: Keeping, ask_path: AskPath | None = None) -> None:
        super().__init__()
        self._shell = shell
        self.row: OpenRow | None = None
        self.outcome: str | None = None
        self.period: tuple[date, date] | None = None
        self.heading = ElidedLabel("", "section")
        self.note = Label("", "hint")
        self.what = Segmented("Show", [(key.value, word) for key, word in WHAT.items()])
        self.what.chosen.connect(lambda _key: self.denials.ask_again())
        close = IconButton("x", "Close the lines", key="Esc", on=self.closed.emit)
        more: dict[str, Any] = {
            "messages": shell.messages,
            "keeping": keeping,
            "ask_path": ask_path,
        }
        self.denials: ListPart[CountedAnswer] = ListPart(shell.desk, self._denials(), **more)
        self.appeals: ListPart[AppealLine] = ListPart(shell.desk, self._appeals(), **more)
        self.denials.opened.connect(self._open_denial)
        self.appeals.opened.connect(self._open_appeal)
        for listed in (self.denials, self.appeals):
            listed.answered.connect(self._on_answered)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.denials)
        self._lists.addWidget(self.appeals)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(LEFT, 10, RIGHT, 10)
        line.setSpacing(8)
        line.addWidget(self.heading)
        line.addWidget(self.note)
        line.addStretch(1)
        line.addWidget(self.what)
        line.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line())
        column.addWidget(head)
        column.addWidget(self._lists, 1)
        self.hide()

    @property
    def part(self) -> ListPart[Any]:
        """The list on view."""
        return self.denials if self.row is not None else self.appeals

    def show_row(self, row: OpenRow, what: Counted = Counted.DENIED) -> None:
        """Show what a row of the rates is made of."""
        self.row, self.outcome = row, None
        self.what.set_value(what.value)
        self.what.show()
        self._show(row.name, self.denials)

    def show_appeals(self, first: date, last: date, outcome: str) -> None:
        """Show the appeals of a period that ended so; "" are those that are pending."""
        self.row, self.outcome, self.period = None, outcome, (first, last)
        self.what.hide()
        self._show(f"Appeals: {OUTCOMES[outcome].word.lower()}", self.appeals)

    def forget(self) -> None:
        """Close."""
        self.row = self.outcome = None
        self.hide()

    def _show(self, heading: str, part: ListPart[Any]) -> None:
        self.heading.setText(heading)
        self.note.setText("…")
        part.view.setAccessibleName(f"Lines of {heading}")
        self._lists.setCurrentWidget(part)
        part.ask_again()
        self.show()

    def _denials(self) -> ListSpec[CountedAnswer]:
        return ListSpec(
            key="denials_counted",
            name="Denials counted",
            title=False,
            line=False,
            searching=False,
            columns=_denial_columns(self._shell.practice.patient),
            query=self._page,
            noun=("line", "lines"),
            ticking=False,
            sort="answered_on",
            descending=True,
            topics=TOPICS,
            empty=Empty("Nothing in this row.", "circle-check"),
        )

    def _page(self, work: Work, _state: FilterState, span: Span) -> Page[CountedAnswer]:
        row = self.row
        if row is None:
            return Page(span.start, 0, ())
        what = Counted(self.what.value())
        wanted = CountedFilter(row.first, row.last, row.by, row.key, what)
        return page_of_counted(work, wanted, span)

    def _appeals(self) -> ListSpec[AppealLine]:
        columns = _appeal_columns(self._shell.practice.patient)
        return ListSpec(
            key="appeals_counted",
            name="Appeals counted",
            title=False,
            line=False,
            searching=False,
            columns=columns,
            query=query_of(self._ended, columns, "opened"),
            noun=("appeal", "appeals"),
            ticking=False,
            sort="opened",
            topics=TOPICS,
            empty=Empty("No appeal ended so.", "scale"),
        )

    def _ended(self, work: Work) -> Sequence[AppealLine]:
        if self.period is None or self.outcome is None:
            return ()
        found = appeals_opened(work, *self.period)
        return [one for one in found if one.outcome == self.outcome]

    def _open_denial(self, one: CountedAnswer) -> None:
        if one.claim_id is not None and self._shell.has("claim"):
            self._shell.open("claim", claim=one.claim_id, field="line_code", line=one.line)
        elif one.session_id is not None and self._shell.has("sessions"):
            self._shell.open("sessions", session=one.session_id)

    def _open_appeal(self, one: AppealLine) -> None:
        if self._shell.has("claim"):
            self._shell.open("claim", claim=one.claim_id, tab="appeal")

    def _on_answered(self) -> None:
        part = self.part
        model = part.model
        words = count_text(model.total, *part.spec.noun)
        amount: Mapping[str, Money] = model.totals
        if "amount" in amount:
            words += f", {money_text(amount['amount'], zero_dash=False)} billed"
        self.note.setText(words)
        if part.view.hasFocus() and part.view.current_place < 0 and model.total:
            part.view.picking.go(0)  # the keys are here: the next Enter opens something


def _denial_columns(patient: str) -> tuple[Column[CountedAnswer], ...]:
    return (
        date_column("answered_on", "Answered", lambda one: one.answered_on, priority=2),
        date_column("day", "Service", lambda one: one.day, priority=5),
        Column("patient", patient, lambda one: one.patient, width=150, priority=1),
        Column("payer", "Payer", lambda one: one.payer, width=116, priority=4),
        Column("clinician", "Clinician", lambda one: one.clinician, width=130, priority=7),
        Column("code", "Code", lambda one: one.code, width=64, priority=3),
        Column(
            "reason",
            "First said",
            lambda one: f"{one.why}: {one.reason}" if one.why else one.reason or "Paid",
            names=True,
            priority=2,
        ),
        badge_column(
            "now", "Now", lambda one: now_mark(one.now, denied=one.denied), width=118, priority=1
        ),
        money_column("amount", "Billed", lambda one: one.amount, priority=3),
        money_column("open", "Open", lambda one: one.open, priority=1),
    )


def _appeal_columns(patient: str) -> tuple[Column[AppealLine], ...]:
    return (
        date_column("opened", "Opened", lambda one: one.opened_on, priority=1),
        Column("patient", patient, lambda one: one.patient, names=True, priority=1),
        Column("payer", "Payer", lambda one: one.payer, width=116, priority=3),
        Column("number", "Claim", lambda one: one.number, width=130, priority=4),
        Column("level", "Level", lambda one: str(one.level), width=60, priority=6),
        date_column("sent", "Sent", lambda one: one.sent_on, priority=5),
        badge_column(
            "outcome", "Outcome", lambda one: OUTCOMES[one.outcome], sortable=False, priority=2
        ),
        date_column("ended", "Ended", lambda one: one.outcome_on, priority=5),
        money_column("back", "Brought back", lambda one: one.back, width=110, priority=1),
    )
