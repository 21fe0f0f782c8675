"""The Reconciliation place: the bank month, the proofs of the books, and what never came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.banking.accounts import BankAccountView, bank_accounts
from fscdesk.services.banking.bank_sheet import SheetPeriod
from fscdesk.services.banking.bank_sheet_reading import sheet_periods
from fscdesk.services.banking.statement_matches import TakenStatement
from fscdesk.services.banking.statement_watching import WaitingStatement, newest_statement
from fscdesk.services.work import Topic
from fscdesk.ui.actions import Menu, action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.forms.chip import Chip
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.exceptions.part import ExceptionsPart
from fscdesk.ui.screens.reconciliation.bank_part import BankPart
from fscdesk.ui.screens.reconciliation.line_finding import LineFinding
from fscdesk.ui.screens.reconciliation.paid_part import paid_part
from fscdesk.ui.screens.reconciliation.payers_part import payers_part
from fscdesk.ui.screens.reconciliation.statement_page import AskFile, StatementPage
from fscdesk.ui.screens.reconciliation.tab_counts import tab_counts
from fscdesk.ui.screens.reconciliation.tie_list import TiePart
from fscdesk.ui.screens.reconciliation.waiting_strip import WaitingStrip
from fscdesk.ui.screens.reconciliation.words import period_words, until_words
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.keeping import Keeping

BANK, EXCEPTIONS, TIE, PAYERS, PAID = "bank", "exceptions", "tie", "payers", "paid"
TABS = {
    BANK: "Bank",
    EXCEPTIONS: "Exceptions",
    TIE: "A/R and general ledger",
    PAYERS: "Payers",
    PAID: "SimplePractice paid, not received",
}
_COUNTED = frozenset(
    {Topic.BANK, Topic.PAYMENTS, Topic.LEDGER, Topic.IMPORTS, Topic.REMITTANCES, Topic.BOOKS}
)


class ReconciliationScreen(Screen):
    """Tabs over one account and period; a bank's file is planned on a page of its own.

    Opened with ``tab``, and in the bank with ``account`` and ``period`` (a reconciliation) and
    ``row``; ``line`` (the id of a bank line) makes that one current, in the account and period
    where it stands; ``file`` plans a file. Nothing: as it was left, and where a statement waits
    in the folder, its plan is one Enter away.
    """

    title = "Reconciliation"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        ask_file: AskFile | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._keeping = keeping or keeping_in_books()
        self._accounts: Sequence[BankAccountView] = ()
        self._periods: Sequence[SheetPeriod] = ()
        self._wanted_period: int | None = None
        self.bank = BankPart(shell, self._keeping, self._today, self.import_newest)
        self.statement = StatementPage(shell, self._keeping, ask_file)
        self.strip = WaitingStrip()
        self.tabs = TabbedParts(
            self.title, [PartTab(key, word, partial(self._make, key)) for key, word in TABS.items()]
        )
        self.head = TitleLine(self.title)
        self.account_chip, self.period_chip = Chip("Account", "…"), Chip("Period", "…")
        self.account_chip.setToolTip("Alt+A")
        self.period_chip.setToolTip("Alt+P")
        self.account_chip.clicked.connect(self.choose_account)
        self.period_chip.clicked.connect(self.choose_period)
        self.head.beside(self.account_chip, self.period_chip)
        self.head.add(
            Button("Import statement", "file-input", tip="Ctrl+I", on=self.choose_file),
            Button("Match again", "refresh-cw", on=self.bank.acts.again),
        )
        self._build()
        self._commands()
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self.focus)
        self.finding = LineFinding(shell, self.bank, self._show_account)
        self.tabs.opened.connect(lambda _key: self._on_tab())
        self.bank.looked.connect(self._on_looked)
        self.strip.wanted.connect(self._plan)
        self.statement.planned.connect(self._to_plan)
        self.statement.leave_wanted.connect(self._to_tabs)
        self.statement.taken.connect(self._on_taken)
        shell.desk.changed.connect(self._on_changed)
        self.tabs.open(BANK)

    # What the window asks

    def primary(self) -> QAction | None:
        if self.planning:
            return self.statement.apply
        return self.bank.primary if self.tabs.current == BANK else None

    def refresh(self) -> None:
        """Look again (F5)."""
        self.front.refresh()
        self._look_for_files()
        self._count()

    def find_(self) -> None:
        """Find an amount or a reference (Ctrl+F)."""
        self.front.find_()

    def export(self) -> None:
        """Export the list in front (Ctrl+Shift+E)."""
        self.front.export()

    def print_(self) -> None:
        """Show the page of the reconciled period (Ctrl+P)."""
        self.bank.finishing.report()

    def next_exception(self) -> None:
        """Go to the next line that waits (Ctrl+J)."""
        if not self.planning and self.tabs.current == BANK:
            self.bank.next_open()

    def escape(self) -> bool:
        return self.front.escape()

    def panes(self) -> tuple[QWidget, ...]:
        if self.planning:
            return self.statement.panes()
        strip = (self.strip,) if self.strip.isVisible() else ()
        return (*strip, *self.tabs.panes())

    def here(self) -> Mapping[str, object]:
        return {
            "tab": self.tabs.current,
            "account": self.bank.account,
            "period": self.bank.period,
            "row": self.bank.list.view.picking.current_id,
            "plan": self.planning,
        }

    def on_shown(self, **what: Any) -> None:
        self._today.learn(self.shell.desk, self)
        line = what.get("line")
        tab = str(what.get("tab") or (BANK if line is not None else self.tabs.current))
        if what and not what.get("plan"):
            self._stack.setCurrentIndex(0)  # another place asks for something else than the plan
        self.tabs.open(tab if tab in TABS else BANK)
        if line is not None:
            self.finding.find(int(line))
        else:
            if what.get("row") is not None:
                self.bank.list.go_to(int(what["row"]))
            account = what.get("account") or self.bank.account
            as_left = self.bank.period if account == self.bank.account else None
            self._show_account(account, what.get("period", as_left))
        self._count()
        unmapped = self.statement.take_unmapped()
        if what.get("file") or unmapped is not None:
            self._plan(unmapped or Path(str(what["file"])), again=unmapped is not None)
        elif not self.planning:
            self._look_for_files()
        self._focus_soon.start()

    # What a person does

    @property
    def planning(self) -> bool:
        """Whether the plan of a file is in front."""
        return self._stack.currentWidget() is self.statement

    @property
    def front(self) -> Part:
        """The part in front: the plan of a file, or the open tab."""
        return self.statement if self.planning else self.tabs.part

    def focus(self) -> None:
        """Put the focus where the work begins: on a file that waits, else on the rows."""
        if not self.isVisible():
            return
        if not self.planning and self.strip.isVisible() and self.tabs.current == BANK:
            self.strip.look.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.front.enter()

    def import_newest(self) -> None:
        """Plan the statement that waits in the folder, or ask for a file (Ctrl+I)."""
        waiting = self.strip.waiting
        if waiting is not None:
            self._plan(waiting.path)
        else:
            self.choose_file()

    def choose_file(self) -> None:
        """Ask for a bank's file, and plan it."""
        self.statement.choose(self._file_account())

    def choose_account(self) -> None:
        """Offer the accounts (Alt+A)."""
        menu = Menu(self)
        for one in self._accounts:
            line = menu.add(one.label, partial(self._open_account, one.id))
            line.setCheckable(True)
            line.setChecked(one.id == self.bank.account)
        self._pop(menu, self.account_chip)

    def choose_period(self) -> None:
        """Offer the periods of the account (Alt+P)."""
        menu = Menu(self)
        for one in self._periods:
            show = partial(self._open_period, one.reconciliation_id)
            line = menu.add(period_words(one), show)
            line.setCheckable(True)
            line.setChecked(one.reconciliation_id == self.bank.period)
        sheet = self.bank.sheet
        if sheet is not None and sheet.state is not None and not sheet.period.completed:
            words = until_words(sheet.period.last_day)
            menu.addSeparator()
            menu.add(f"Give up {words}", self.bank.finishing.give_up)
            told = sheet.state.told_start
            if told is not None:
                menu.add(f"Begin with {told.words}", self.bank.finishing.take_start)
        self._pop(menu, self.period_chip)

    # Building

    def _build(self) -> None:
        self._stack = QStackedWidget()
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.strip)
        column.addWidget(self.tabs, 1)
        self._stack.addWidget(whole)
        self._stack.addWidget(self.statement)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _make(self, key: str) -> Part:
        if key == EXCEPTIONS:
            return ExceptionsPart(self.shell, self._keeping)
        if key == TIE:
            return TiePart(self.shell, self._keeping, self._today)
        if key == PAYERS:
            return payers_part(self.shell, self._keeping)
        if key == PAID:
            return paid_part(self.shell, self, self._keeping)
        return self.bank

    def _commands(self) -> None:
        action(self, "Choose the bank account", self.choose_account, "Alt+A")
        action(self, "Choose the period", self.choose_period, "Alt+P")
        action(self, "Match again by trace number", self.bank.acts.again)
        action(self, "Import a bank statement…", self.choose_file)
        action(self, "Next tab", partial(self._step, 1), "Ctrl+PgDown")
        action(self, "Previous tab", partial(self._step, -1), "Ctrl+PgUp")
        for key, word in TABS.items():
            action(self, f"Reconciliation: {word}", partial(self.tabs.open, key))

    def _step(self, step: int) -> None:
        keys = list(TABS)
        self.tabs.open(keys[(keys.index(self.tabs.current) + step) % len(keys)])

    def _pop(self, menu: Menu, chip: Chip) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 2)))

    # Account and period

    def _show_account(self, account: int | None, period: int | None) -> None:
        """Show an account (None: the default one) and a period (None: the newest) of it."""
        self._wanted_period = period
        self.shell.desk.ask(
            self,
            lambda work: bank_accounts(work, also_inactive=True),
            partial(self._on_accounts, account),
            self.shell.messages.refused,
        )

    def _on_accounts(self, wanted: int | None, found: Sequence[BankAccountView]) -> None:
        self._accounts = [one for one in found if one.active or one.id == wanted]
        ids = [one.id for one in self._accounts]
        default = next(
            (one.id for one in self._accounts if one.is_default), ids[0] if ids else None
        )
        account = wanted if wanted in ids else default
        if account is not None:
            self._open_account(account, self._wanted_period)

    def _open_account(self, account_id: int, period: int | None = None) -> None:
        chosen = next((one for one in self._accounts if one.id == account_id), None)
        self.account_chip.show_value(chosen.label if chosen else "…", is_set=False)
        self.shell.desk.ask(
            self,
            lambda work: sheet_periods(work, account_id),
            partial(self._on_periods, account_id, period),
            self.shell.messages.refused,
        )

    def _on_periods(
        self, account_id: int, period: int | None, found: Sequence[SheetPeriod]
    ) -> None:
        self._periods = found
        ids = [one.reconciliation_id for one in found]
        self.bank.show_period(account_id, period if period in ids else ids[0])

    def _open_period(self, reconciliation_id: int | None) -> None:
        if self.bank.account is not None:
            self.bank.show_period(self.bank.account, reconciliation_id)
            self.tabs.open(BANK)

    def _on_looked(self) -> None:
        sheet = self.bank.sheet
        if sheet is None:
            return
        self.period_chip.show_value(period_words(sheet.period), is_set=False)
        self.shell.desk.ask(
            self, lambda work: sheet_periods(work, sheet.account_id), self._keep_periods
        )

    def _keep_periods(self, found: Sequence[SheetPeriod]) -> None:
        self._periods = found

    # Files

    def _look_for_files(self) -> None:
        folder = self.shell.preferences.watched_folder()
        self.shell.desk.ask(self, lambda work: newest_statement(work, folder), self._on_waiting)

    def _on_waiting(self, waiting: WaitingStatement | None) -> None:
        before = self.strip.waiting
        there = self.strip.show_waiting(waiting)
        if there and (before is None or waiting is None or before.path != waiting.path):
            self._focus_soon.start()

    def _plan(self, path: Path, *, again: bool = False) -> None:
        self.statement.open(path, self._file_account(), again=again)

    def _file_account(self) -> int | None:
        """Return the account that a file is meant for: with one alone, the file may say itself."""
        return self.bank.account if len(self._accounts) > 1 else None

    def _to_plan(self) -> None:
        self._stack.setCurrentWidget(self.statement)
        self._focus_soon.start()

    def _to_tabs(self) -> None:
        self._stack.setCurrentIndex(0)
        self.front.enter()

    def _on_taken(self, done: TakenStatement) -> None:
        self.strip.show_waiting(None)
        self._stack.setCurrentIndex(0)
        self.tabs.open(BANK)
        self.bank.list.view.picking.go_to(None)
        account = done.applied.plan.account_id
        self._open_account(account, done.reconciliation_id)
        self._look_for_files()
        self.bank.enter()

    # What happens

    def _on_tab(self) -> None:
        if self.isVisible():
            self.front.enter()

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _COUNTED and self.isVisible():
            self._count()

    def _count(self) -> None:
        self.shell.desk.ask(self, tab_counts, self._on_counts)

    def _on_counts(self, counts: Mapping[str, int]) -> None:
        self.tabs.show_counts(counts)
        self.shell.set_count("reconciliation", counts.get(BANK, 0))
