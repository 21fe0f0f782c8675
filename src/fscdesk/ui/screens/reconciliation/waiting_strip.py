"""The strip that says a statement waits in the folder of downloads; Enter opens its plan."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fscdesk.services.banking.statement_watching import WaitingStatement
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.text import ElidedLabel, count_text, day_text


class WaitingStrip(QWidget):
    """Shown while a file waits that nobody has read or put aside."""

    wanted = Signal(object)
    """Its plan is asked for: the path."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: WaitingStatement | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.words = ElidedLabel("", "body")
        self.look = Button("Look at its plan", "file-input", compact=True, on=self._on_look)
        self.aside = IconButton("x", "Leave it for now", on=self.put_aside)
        self._enter = EnterPath([self.look], self._on_look, self)
        self._aside: set[str] = set()
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT + 28, 6, RIGHT, 6)
        line.setSpacing(12)
        line.addWidget(self.words, 1)
        line.addWidget(self.look)
        line.addWidget(self.aside)
        self.hide()

    def show_waiting(self, waiting: WaitingStatement | None) -> bool:
        """Show what waits, or nothing; return whether something does."""
        if waiting is not None and str(waiting.path) in self._aside:
            waiting = None
        self.waiting = waiting
        if waiting is not None:
            lines = count_text(waiting.lines, "line")
            until = f" up to {day_text(waiting.last_day)}" if waiting.last_day else ""
            self.words.setText(
                f"A bank statement waits in {waiting.path.parent.name}: {waiting.path.name},"
                f" {lines}{until}."
            )
        self.setVisible(waiting is not None)
        return waiting is not None

    def put_aside(self) -> None:
        """Say no more of this file while the program runs."""
        if self.waiting is not None:
            self._aside.add(str(self.waiting.path))
        self.show_waiting(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        tone = now.tone("blue")
        painter.fillRect(self.rect(), tone.bg)
        side = now.size.icon
        icons.paint(painter, "landmark", tone.fg, LEFT, (self.height() - side) / 2, side)

    def _on_look(self) -> None:
        if self.waiting is not None:
            self.wanted.emit(self.waiting.path)
