"""How the entry is laid out: head, finding line, grid, what is below, sums, and the pane."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line, TitleLine
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.entry_below import Below
from fscdesk.ui.screens.payments.entry_finding import FindingLine
from fscdesk.ui.screens.payments.entry_foot import EntrySums
from fscdesk.ui.screens.payments.entry_grid import EntryGrid
from fscdesk.ui.screens.payments.entry_head import EntryHead
from fscdesk.ui.screens.payments.entry_pane import NARROW, WIDE, EntryPane
from fscdesk.ui.screens.payments.entry_state import EntryState

NARROW_BELOW = 1120


class EntryView(QWidget):
    """Every part of the entry; `follow` brings all of them up to date."""

    def __init__(
        self,
        shell: Shell,
        state: EntryState,
        today: Callable[[], date],
        post: QAction,
        post_next: QAction,
        window: QWidget,
    ) -> None:
        super().__init__()
        self.line = TitleLine("Enter payment")
        self.discard = Button("Discard draft", kind="quiet")
        self.cancel = Button("Cancel", kind="quiet", tip="Esc: what is half entered stays")
        self.line.add(self.discard, self.cancel)
        self.head = EntryHead(shell.desk, window, shell.practice.patient, today)
        self.grid = EntryGrid(state)
        self.finding = FindingLine(shell.desk, self.grid, shell.practice.patients)
        self.below, self.sums = Below(), EntrySums()
        self.pane = EntryPane(post, post_next)
        left = QVBoxLayout()
        left.setContentsMargins(0, 10, 0, 0)
        left.setSpacing(8)
        left.addWidget(self.finding)
        left.addWidget(self.grid, 1)
        left.addWidget(self.below)
        left.addWidget(self.sums)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addLayout(left, 1)
        across.addWidget(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.head)
        column.addWidget(Line())
        column.addLayout(across, 1)
        theme.changed.connect(self._resize)
        self._resize()

    def follow(self, state: EntryState, draft_words: str) -> None:
        """Bring every part up to date with the state."""
        self.sums.follow(state)
        self.pane.follow(state)
        self.below.follow(state)
        self.finding.follow()
        self.line.note.setText(draft_words if state.started else "")
        self.discard.setVisible(state.started)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize()

    def _resize(self) -> None:
        narrow = self.width() < theme.now.px(NARROW_BELOW)
        self.pane.setFixedWidth(theme.now.px(NARROW if narrow else WIDE))
