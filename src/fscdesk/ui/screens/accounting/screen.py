"""The Accounting place: tabs over the books; each tab is a part of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from fscdesk.ui.actions import action
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.accounting.part import AskFile, BooksPart, Rooms
from fscdesk.ui.screens.accounting.tabs import JOURNAL, TABS, BooksTab
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.keeping import Keeping


class AccountingScreen(Screen):
    """Opened with ``tab`` it shows that one, on what else is named; without, as it was left.

    ``entry`` (an id) shows that entry of the journal, ``account`` (a number) its ledger, and
    ``month`` (its first day) that month among the periods.
    """

    title = "Accounting"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        ask_path: AskPath | None = None,
        ask_file: AskFile | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self.rooms = Rooms(
            shell,
            keeping or keeping_in_books(),
            self._today,
            self.go,
            ask_path,
            ask_file or _ask_file,
        )
        self.line = TitleLine(self.title)
        self._own: tuple[QAction, ...] = ()
        self._lent: tuple[QWidget, ...] = ()
        self._shelf = QWidget(self)  # where the buttons of other tabs lie
        self._shelf.hide()
        self.tabs = TabbedParts(
            self.title, [PartTab(tab.key, tab.word, partial(self._made, tab)) for tab in TABS]
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.tabs, 1)
        self._save = action(self, "Save", self.save)
        self._save.setVisible(False)
        action(self, "Next tab", partial(self._step, 1), "Ctrl+PgDown")
        action(self, "Previous tab", partial(self._step, -1), "Ctrl+PgUp")
        for tab in TABS:
            action(self, f"Accounting: {tab.word}", partial(self.open_tab, tab.key))
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self.tabs.opened.connect(lambda _key: self._on_opened())
        self.tabs.open(JOURNAL)

    @property
    def part(self) -> BooksPart:
        """The tab in front."""
        found = self.tabs.part
        assert isinstance(found, BooksPart)
        return found

    def open_tab(self, key: str) -> None:
        """Bring a tab to the front and put the focus where its work begins."""
        self.tabs.open(key)
        self._focus_soon.start()

    def go(self, key: str, **what: object) -> None:
        """Bring a tab to the front on what is named; Back returns to where the person was."""
        self.shell.open("accounting", tab=key, **what)

    # What the window asks

    def primary(self) -> QAction | None:
        part = self.part
        own = part.primary()
        if own is not None:
            return own
        return self._save if part.can_save() else None

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

    def save(self) -> None:
        """Save or post the form in front (Ctrl+S)."""
        self.part.save()

    def escape(self) -> bool:
        return self.part.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.tabs.panes()

    def here(self) -> Mapping[str, object]:
        return {"tab": self.tabs.current, **self.part.here()}

    def on_shown(self, **what: Any) -> None:
        self._today.learn(self.shell.desk, self)
        tab = what.pop("tab", "")
        if tab not in self.tabs.tabs.keys:
            tab = _tab_of(what) or self.tabs.current
        if tab != self.tabs.current:
            self.tabs.open(tab)
        self.part.show_what(what)
        self._focus_soon.start()

    # What happens

    def _step(self, step: int) -> None:
        keys = [tab.key for tab in TABS]
        self.open_tab(keys[(keys.index(self.tabs.current) + step) % len(keys)])

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

    def _made(self, tab: BooksTab) -> BooksPart:
        part = tab.make(self.rooms)
        part.told.connect(self._on_told)
        return part

    def _on_told(self) -> None:
        if self.sender() is self.tabs.part:
            self._tell()


def _tab_of(what: Mapping[str, object]) -> str:
    """Return the tab that knows what is named, or ""."""
    knows = {"entry": "journal", "account": "ledger", "month": "periods"}
    return next((tab for key, tab in knows.items() if key in what), "")


def _ask_file(window: QWidget) -> Path | None:
    chosen, _kind = QFileDialog.getOpenFileName(window, "Choose the paper to keep")
    return Path(chosen) if chosen else None
