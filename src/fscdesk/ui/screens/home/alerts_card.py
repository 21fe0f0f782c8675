"""Alerts on Home, the gravest first: seen, given to somebody, resolved, and the work behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.alerts import (
    AlertRow,
    AlertStatus,
    acknowledge,
    assign_alert,
    open_alerts,
    resolve,
)
from fscdesk.services.setup.people import people
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.queue.wording import away
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column
from fscdesk.ui.tables.delegates import FIRST_PAD
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import ElidedLabel, Label, count_text

TOPICS = frozenset({Topic.QUEUE, Topic.STAFF})
SEEN_KEY, GIVE_KEY, RESOLVE_KEY = "Ctrl+Shift+K", "Ctrl+Shift+A", "Ctrl+D"
ROWS_SHOWN, FEWEST_ROWS, MOST = 3, 1, 500
NOBODY = 0
Rows = Sequence[AlertRow]


class AlertsCard(QFrame):
    """Not on view while there is no alert: the daily jobs make them, a person has none to make."""

    opened = Signal(object)
    """Opens."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._shell = shell
        self.today = OfficeDay(shell.practice.zone)
        self.note = ElidedLabel("", "hint")
        self.part: ListPart[AlertRow] = ListPart(shell.desk, self._spec(), messages=shell.messages)
        for one in self.part.actions():  # a held-down key never resolves one after the other
            one.setAutoRepeat(False)
        self._head = QWidget()
        line = QHBoxLayout(self._head)
        line.setContentsMargins(FIRST_PAD - 1, 12, 16, 10)
        line.setSpacing(8)
        line.addWidget(Label("Alerts", "section"))
        line.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 6)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.part, 1)
        self.part.opened.connect(lambda row: self.opened.emit(row.opens))
        self.part.answered.connect(self._on_answered)
        theme.changed.connect(self._fit)
        shell.desk.changed.connect(self._on_changed)
        self._fit()

    def begin(self) -> None:
        """Look whether there is something to show: a hidden list does not ask by itself."""
        self.today.learn(self._shell.desk, self)
        self.part.start()
        if self.isHidden():
            self.part.refresh()

    # What a person does

    def see(self, rows: Rows) -> None:
        """Note that alerts were seen."""

        def act(work: Work) -> None:
            for row in rows:
                acknowledge(work, row.id, expected_version=row.version)

        self._act(act, f"{_named(rows)} noted as seen.")

    def close_(self, rows: Rows) -> None:
        """Take alerts out of the list (Ctrl+D)."""

        def act(work: Work) -> None:
            for row in rows:
                resolve(work, row.id, expected_version=row.version)

        self._act(act, f"{_named(rows)} resolved; told again only when it becomes graver.")

    def give(self, rows: Rows) -> None:
        """Ask who shall have alerts; the person at the desk stands first."""
        desk = self._shell.desk
        desk.ask(self, _staff, partial(self._ask_who, rows), self._shell.messages.refused)

    def _ask_who(self, rows: Rows, staff: Sequence[tuple[int, str]]) -> None:
        dialog = FieldsDialog(
            f"Give {count_text(len(rows), 'alert')} to",
            "Enter gives to what is chosen; type a name to choose another.",
            ("Give", "Giving…"),
            self,
        )
        dialog.row(who=ChoiceField("With", [*staff, (NOBODY, "Nobody")], staff[0][0]))

        def act(work: Work) -> None:
            who = int(dialog.value("who") or NOBODY) or None
            for row in rows:
                assign_alert(work, row.id, who, expected_version=row.version)

        def said(_none: None) -> None:
            who = int(dialog.value("who") or NOBODY)
            name = dict(staff).get(who, "nobody")
            self._shell.messages.info(f"{_named(rows)} given to {name}.")

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, said))
        open_dialog(dialog)

    def _act(self, act: Callable[[Work], None], words: str) -> None:
        messages = self._shell.messages
        self._shell.desk.act(self, act, lambda _none: messages.info(words), messages.refused)

    # What happens

    def _on_answered(self) -> None:
        model = self.part.model
        if not model.known:
            return
        self.note.setText(f"{count_text(model.total, 'alert')}, the gravest first")
        had = self.part.view.hasFocus()
        self.setVisible(bool(model.total))
        if model.total and self.part.view.picking.current_row is None and had:
            self.part.view.picking.go(0)
        self._fit()

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.isHidden():
            self.part.refresh()

    def _fit(self) -> None:
        """Be as high as the alerts need, up to so many of them; more scroll."""
        size, model = theme.now.size, self.part.model
        rows = min(ROWS_SHOWN, max(FEWEST_ROWS, model.total)) if model.known else FEWEST_ROWS
        above = self._head.sizeHint().height() + size.header_row + 12
        self.setFixedHeight(above + rows * size.row_twoline)

    # The list

    def _spec(self) -> ListSpec[AlertRow]:
        return ListSpec(
            key="alerts",
            name="Alerts",
            columns=self._columns(),
            query=_page,
            noun=("alert", "alerts"),
            row_acts=(
                RowsAct("seen", "Seen", self.see, "eye", SEEN_KEY, off_because=_why_not_seen),
                RowsAct("give", "Give to…", self.give, "user", GIVE_KEY),
                RowsAct("resolve", "Resolve", self.close_, "check", RESOLVE_KEY),
            ),
            ticking=False,
            totals=False,
            searching=False,
            title=False,
            line=False,
            exports=False,
            sort="severity",
            topics=TOPICS,
            empty=Empty("No alert.", "circle-check"),
        )

    def _columns(self) -> tuple[Column[AlertRow], ...]:
        return (
            Column(
                "severity",
                "Severity",
                lambda row: theme.now.severity(row.severity.value).word,
                Kind.SEVERITY,
                badge=lambda row: ("severity", row.severity.value),
                width=92,
                priority=2,
                sortable=False,
            ),
            Column(
                "what",
                "Alert",
                lambda row: row.message.partition(": ")[0],
                second=_second,
                names=True,
                strong=True,
                priority=0,
                width=220,
                sortable=False,
            ),
            Column(
                "with",
                "With",
                lambda row: row.assigned or "nobody",
                icon=lambda _row: "user",
                width=128,
                priority=4,
                sortable=False,
            ),
            date_column(
                "due",
                "Do by",
                lambda row: row.due_on,
                second=lambda row: away(row.due_on, self.today()),
                width=104,
                priority=3,
                sortable=False,
            ),
            money_column(
                "amount", "At stake", lambda row: row.amount, width=104, priority=1, sortable=False
            ),
        )


def _page(work: Work, _state: FilterState, span: Span) -> Page[AlertRow]:
    rows = open_alerts(work, most=MOST)
    return Page(span.start, len(rows), rows[span.start : span.start + span.size])


def _second(row: AlertRow) -> str:
    rest = row.message.partition(": ")[2]
    seen = "seen" if row.status is AlertStatus.ACKNOWLEDGED else ""
    return ", ".join(part for part in (rest, seen) if part)


def _staff(work: Work) -> list[tuple[int, str]]:
    """Return who works here, whoever asks first."""
    me = work.actor.staff_id
    found = [(row.id, row.name) for row in people(work) if row.active]
    return sorted(found, key=lambda row: row[0] != me)


def _named(rows: Rows) -> str:
    if len(rows) > 1:
        return f"{count_text(len(rows), 'alert')} are"
    return f"“{rows[0].message.partition(':')[0]}” is"


def _why_not_seen(rows: Rows) -> str:
    seen = all(row.status is AlertStatus.ACKNOWLEDGED for row in rows)
    return "It was seen already." if seen else ""
