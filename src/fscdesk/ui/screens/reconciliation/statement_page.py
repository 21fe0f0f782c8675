"""The plan of a bank's file: what is new, what it is matched with, and the one way to apply it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.banking.reading import UnknownLayout
from fscdesk.services.banking.statement_matches import TakenStatement, take_back, take_statement
from fscdesk.services.importing.no_statement import no_statement
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import ActionButton, Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Line, TitleLine
from fscdesk.ui.messages import Help
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.statement_lines import (
    DECIDE,
    FATE,
    FATES,
    MATCHED,
    FileLine,
    PlanShown,
    ask_plan,
    page_of_lines,
)
from fscdesk.ui.screens.reconciliation.sums_line import Sum, SumsLine
from fscdesk.ui.screens.reconciliation.words import stated
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec
from fscdesk.ui.text import Label, count_text, day_text
from fscdesk.ui.undo import Undo

AskFile = Callable[[QWidget], Path | None]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class StatementPage(Part):
    """One file. Enter or Ctrl+Enter applies it, Esc leaves it; nothing is saved before."""

    taken = Signal(object)
    """The file is read: ``TakenStatement``."""
    leave_wanted = Signal()
    planned = Signal()

    def __init__(self, shell: Shell, keeping: Keeping, ask_file: AskFile | None = None) -> None:
        super().__init__()
        self._shell, self._ask_file = shell, ask_file or choose_statement
        self.shown: PlanShown | None = None
        self._busy = False
        self._unmapped: Path | None = None
        self.head = TitleLine("Bank statement")
        self.sums = SumsLine()
        self.told = Label("", "hint", wrap=True)
        self.list: ListPart[FileLine] = ListPart(
            shell.desk, _spec(self._page), messages=shell.messages, keeping=keeping
        )
        self.apply = action(self, "Apply", self.apply_it)
        self.apply.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        top = QWidget()
        across = QVBoxLayout(top)
        across.setContentsMargins(LEFT, 0, RIGHT, 10)
        across.setSpacing(6)
        across.addWidget(self.sums)
        across.addWidget(self.told)
        column.addWidget(top)
        column.addWidget(Line())
        column.addWidget(self.list, 1)
        column.addWidget(Line())
        column.addWidget(self._foot())
        self.list.view.installEventFilter(self)
        self.list.opened.connect(lambda _row: self.apply_it())
        self.list.answered.connect(self._on_answered)

    # For the screen

    def choose(self, account_id: int | None) -> None:
        """Ask for a file, and plan it."""
        path = self._ask_file(self)
        if path is not None:
            self.open(path, account_id)

    def open(self, path: Path, account_id: int | None, *, again: bool = False) -> None:
        """Plan a file; the page comes to the front when its plan is there.

        ``again``: its columns were to be named meanwhile; where they were not, nothing is said.
        """
        self._shell.desk.ask(
            self,
            partial(ask_plan, path, account_id),
            self._show,
            partial(self._unread, path, again),
            title=f"Reading {path.name}",
        )

    def take_unmapped(self) -> Path | None:
        """Return the file whose columns a person went to name, once."""
        path, self._unmapped = self._unmapped, None
        return path

    def apply_it(self) -> None:
        """Read the file into the books, with the matches that stand here."""
        shown = self.shown
        if shown is None or self._busy:
            return
        if not self.apply.isEnabled():
            self._shell.messages.note(self.apply.statusTip())
            return
        self._busy = True
        self._judge()
        name, data, account = shown.path.name, shown.data, shown.plan.account_id

        def act(work: Work) -> TakenStatement:
            return take_statement(work, name, data, account_id=account)

        self._shell.desk.act(self, act, self._on_taken, self._refused, title=f"Reading {name}")

    def find_(self) -> None:
        self.list.find_()

    def escape(self) -> bool:
        if not self.list.escape():
            self.leave_wanted.emit()
        return True

    def panes(self) -> tuple[QWidget, ...]:
        return (self.list.view, self.leave)

    def enter(self) -> None:
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.list.view.picking.current_row is None:
            self.list.view.picking.go(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        held = (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.isAutoRepeat()
            and Qt.Key(event.key()) in _ENTER
        )
        return held or super().eventFilter(watched, event)

    # Inside

    def _foot(self) -> QWidget:
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(LEFT, 10, RIGHT, 10)
        line.setSpacing(12)
        self.leave = Button("Leave it", on=self.leave_wanted.emit, tip="Esc")
        self.promise = Label("Nothing is saved yet.", "quiet")
        line.addWidget(self.leave)
        line.addWidget(self.promise)
        line.addStretch(1)
        self.button = ActionButton(self.apply, "check", "primary")
        line.addWidget(self.button)
        self.apply.setVisible(True)
        return foot

    def _page(self, _work: Work, state: FilterState, span: Span) -> Page[FileLine]:
        return Page(0, 0, ()) if self.shown is None else page_of_lines(self.shown, state, span)

    def _show(self, shown: PlanShown) -> None:
        self.shown, self._busy = shown, False
        plan = shown.plan
        days = f"{day_text(plan.first_day)} to {day_text(plan.last_day)}"
        self.head.note.setText(f"{plan.account_name}, {days}, {shown.path.name}")
        self.sums.show_sums(sums_of(shown))
        words = told_of(shown)
        self.told.setText(words)
        self.told.setVisible(bool(words))
        self.list.ask_again()
        self._judge()
        self.planned.emit()

    def _on_answered(self) -> None:
        if self.list.view.picking.current_row is None and self.list.model.total:
            self.list.view.picking.go(0)

    def _judge(self) -> None:
        shown = self.shown
        if shown is None:
            return
        new, matched = shown.plan.created, shown.count(MATCHED)
        words = f"Apply {count_text(new, 'line')}"
        if matched:
            words += f", match {matched:,}"
        self.apply.setText("Reading…" if self._busy else words)
        why = "Reading…" if self._busy else ""
        off_because(self.apply, why if new else "Every line of this file is known already.")

    def _on_taken(self, done: TakenStatement) -> None:
        self._busy = False
        plan = done.applied.plan
        self.shown = None
        left = plan.created - done.matched
        words = (
            f"{count_text(plan.created, 'line')} read ({done.applied.number}): {done.matched:,}"
            f" matched, {left:,} to decide."
        )
        undo = Undo(f"reading {plan.file_name}", partial(_undone, done))
        self._shell.messages.info(words, undo=undo)
        self.taken.emit(done)

    def _unread(self, path: Path, again: bool, fault: BaseException) -> None:
        """Say why a file has no plan; where nobody has named its columns, the way to do that."""
        if again and isinstance(fault, UnknownLayout):
            return
        report = no_statement(fault.source) if isinstance(fault, UnknownLayout) else None
        if report is not None:
            go = partial(self._shell.open, "importing", files=[path])
            help_ = Help("Import it", go) if self._shell.has("importing") else None
            self._shell.messages.problem(report.message, hint=report.hint, help=help_)
            return
        if isinstance(fault, UnknownLayout) and self._shell.has("setup"):
            mapping = Help("Map its columns", partial(self._map, path))
            self._shell.messages.problem(fault.message, hint=fault.hint, help=mapping)
        else:
            self._shell.messages.refused(fault)

    def _map(self, path: Path) -> None:
        """Have the columns of a file named; its plan is there when the person comes back."""
        self._unmapped = path
        self._shell.open("setup", group="bank", tab="layouts", file=str(path), returns=True)

    def _refused(self, fault: BaseException) -> None:
        self._busy = False
        self._judge()
        self._shell.messages.refused(fault)


def sums_of(shown: PlanShown) -> tuple[Sum, ...]:
    """Return the plan as a sum: read = new + known + skipped, matched, and the balances."""
    plan = shown.plan
    found = [
        Sum("Read", f"{plan.read:,}"),
        Sum("New", f"{plan.created:,}", "="),
        Sum("Known", f"{plan.unchanged:,}", "+"),
        Sum("Skipped", f"{plan.skipped:,}", "+"),
        Sum("Matched", f"{shown.count(MATCHED):,}", tone="green", apart=True),
        Sum("To decide", f"{shown.count(DECIDE):,}", tone="amber" if shown.count(DECIDE) else ""),
        Sum("Money in", stated(plan.credits), apart=True),
        Sum("Money out", stated(-plan.debits)),
    ]
    if plan.closing is not None:
        found.append(Sum(f"Balance {day_text(plan.last_day)}", stated(plan.closing), apart=True))
    return tuple(found)


def told_of(shown: PlanShown) -> str:
    """Return what there is to say of the file: whether it was read, and each finding."""
    plan = shown.plan
    told = [f"This file is {plan.duplicate_of}."] if plan.duplicate_of else []
    return " ".join((*told, *(one.message for one in plan.findings)))


def choose_statement(window: QWidget) -> Path | None:
    """Ask for a file with the system's own dialog."""
    chosen, _kind = QFileDialog.getOpenFileName(
        window.window(),
        "Import a bank statement",
        "",
        "Bank statements (*.csv *.ofx *.qfx *.qbo *.xlsx);;All files (*)",
    )
    return Path(chosen) if chosen else None


def _undone(done: TakenStatement, work: Work) -> str:
    lines = take_back(work, done)
    return f"{done.applied.number} is taken back: {count_text(lines, 'line')} and their matches."


def _spec(query: Callable[[Work, FilterState, Span], Page[FileLine]]) -> ListSpec[FileLine]:
    return ListSpec(
        key="statement_plan",
        name="Lines of the file",
        title=False,
        columns=(
            date_column("on", "Bank date", lambda row: row.on, priority=0),
            Column(
                "says",
                "Bank says",
                lambda row: row.says,
                second=lambda row: row.detail,
                tooltip=lambda row: row.words,
                width=240,
                strong=True,
                priority=0,
            ),
            money_column(
                "amount", "Amount", lambda row: row.amount, priority=0, plain_negative=True
            ),
            badge_column("fate", "State", lambda row: FATES[row.fate], priority=1),
            Column(
                "why",
                "Why",
                lambda row: row.why,
                width=260,
                wide=True,
                names=True,
                sortable=False,
                priority=1,
            ),
            money_column("balance", "Balance", lambda row: row.balance, priority=4, sortable=False),
        ),
        query=query,
        noun=("line", "lines"),
        filters=(
            ChoiceFilter(
                FATE,
                "Show",
                tuple(Choice(key, status.word) for key, status in FATES.items()),
            ),
        ),
        sort="fate",
        ticking=False,
        exports=False,
        empty=Empty("This file has no lines.", "landmark"),
    )
