"""Billing: statements, invoices, reminders, write-offs, agencies and instalments behind tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from fscdesk.ui.actions import action
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.billing.collections import CollectionsPart
from fscdesk.ui.screens.billing.instalments import InstalmentsPart
from fscdesk.ui.screens.billing.invoices import InvoicesPart
from fscdesk.ui.screens.billing.part import BillingPart
from fscdesk.ui.screens.billing.reminders import RemindersPart
from fscdesk.ui.screens.billing.send_log import SendLogPart
from fscdesk.ui.screens.billing.statements_part import StatementsPart
from fscdesk.ui.screens.billing.unsent import UnsentPart
from fscdesk.ui.screens.billing.write_offs import WriteOffsPart
from fscdesk.ui.screens.statements.run_page import AskFolder
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.keeping import Keeping

STATEMENTS, WRITE_OFFS, COLLECTIONS = "statements", "write_offs", "collections"


class BillingScreen(Screen):
    """Opened with ``tab`` it shows that one, on what else is named; without, as it was left.

    What the Statements tab understands (``guarantor``, ``run``, ``as_of``, …) opens that tab.
    """

    title = "Billing"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        ask_path: AskPath | None = None,
        ask_folder: AskFolder | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self._keeping = keeping or keeping_in_books()
        self._ask_path, self._ask_folder = ask_path, ask_folder
        self.line = TitleLine(self.title)
        self._own: tuple[QAction, ...] = ()
        self._lent: tuple[QWidget, ...] = ()
        self._shelf = QWidget(self)  # where the buttons of other tabs lie
        self._shelf.hide()
        tabs = self._tabs()
        self.tabs = TabbedParts("Billing", tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.tabs, 1)
        for tab in tabs:
            action(self, f"Billing: {tab.word}", partial(self.open_tab, tab.key))
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self.tabs.opened.connect(lambda _key: self._on_opened())
        self.tabs.open(STATEMENTS)

    @property
    def part(self) -> BillingPart:
        """The tab in front."""
        found = self.tabs.part
        assert isinstance(found, BillingPart)
        return found

    def open_tab(self, key: str) -> None:
        """Bring a tab to the front and put the focus where its work begins."""
        self.tabs.open(key)
        self._focus_soon.start()

    # What the window asks

    def primary(self) -> QAction | None:
        return self.part.primary()

    def new(self) -> None:
        """Begin what "new" means in the tab (Ctrl+N)."""
        if self.part.new_verb():
            self.part.new()
        else:
            self.shell.messages.note("Nothing new can be begun on this tab.")

    def refresh(self) -> None:
        """Look again (F5)."""
        self.part.refresh()

    def find_(self) -> None:
        """Find in the list in front (Ctrl+F)."""
        self.part.find_()

    def export(self) -> None:
        """Export the list in front (Ctrl+Shift+E)."""
        self.part.export()

    def print_(self) -> None:
        """Print or preview what is in front (Ctrl+P)."""
        self.part.print_()

    def escape(self) -> bool:
        return self.part.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.tabs.panes()

    def here(self) -> Mapping[str, object]:
        return {"tab": self.tabs.current, **self.part.here()}

    def on_shown(self, **what: Any) -> None:
        tab = what.pop("tab", STATEMENTS if what else self.tabs.current)
        if tab in self.tabs.tabs.keys:
            if tab != self.tabs.current:
                self.tabs.open(tab)
            self.part.show_what(what)
        self._focus_soon.start()

    # What happens

    def _on_focus(self) -> None:
        if self.isVisible():
            self.part.enter()

    def _on_opened(self) -> None:
        """Give the title line and Ctrl+K to the tab in front."""
        part = self.part
        for one in self._own:
            self.removeAction(one)
        self._own = tuple(part.actions())
        self.addActions(list(self._own))
        self._tell()
        if self.isVisible():
            self._focus_soon.start()

    def _tell(self) -> None:
        part = self.part
        self.line.note.setText(part.note())
        wanted = part.buttons()
        if wanted == self._lent:
            return
        for one in self._lent:
            one.setParent(self._shelf)
        self.line.add(*wanted)
        for one in wanted:
            one.setVisible(True)
        self._lent = wanted

    # Building

    def _tabs(self) -> tuple[PartTab, ...]:
        shell, kept = self.shell, self._keeping

        def tab(key: str, word: str, make: Callable[[], BillingPart]) -> PartTab:
            return PartTab(key, word, partial(self._made, make))

        return (
            tab(
                STATEMENTS,
                "Statements",
                partial(StatementsPart, shell, kept, self._ask_path, self._ask_folder),
            ),
            tab("unsent", "Unsent", partial(UnsentPart, shell, kept, self._folder)),
            tab("invoices", "Invoices", partial(InvoicesPart, shell, kept)),
            tab("reminders", "Reminders", partial(RemindersPart, shell, kept)),
            tab(WRITE_OFFS, "Write-offs", partial(WriteOffsPart, shell, kept)),
            tab(
                COLLECTIONS,
                "Collections",
                partial(CollectionsPart, shell, kept, self._ask_folder),
            ),
            tab("instalments", "Instalments", partial(InstalmentsPart, shell, kept)),
            tab("send_log", "Send log", partial(SendLogPart, shell, kept)),
        )

    def _folder(self) -> Path | None:
        if self._ask_folder is not None:
            return self._ask_folder(self.window())
        chosen = QFileDialog.getExistingDirectory(self.window(), "Write the e-mails to")
        return Path(chosen) if chosen else None

    def _made(self, make: Callable[[], BillingPart]) -> BillingPart:
        part = make()
        part.told.connect(self._tell)
        return part
