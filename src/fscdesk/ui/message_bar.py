"""The bar at the foot of the sheet: one sentence, one Undo, until the next act or Esc.

A sentence that is longer than its line is not cut: it takes more lines, and the bar grows.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button, IconButton, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.messages import Level, Message, Messages
from fscdesk.ui.painting import hairline
from fscdesk.ui.text import WholeLabel
from fscdesk.ui.undo import UndoStack

PICTURES = {
    Level.INFO: ("circle-check", "green.fg"),
    Level.NOTE: ("info", "text3"),
    Level.WARNING: ("triangle-alert", "amber.fg"),
    Level.PROBLEM: ("circle-x", "red.fg"),
}
"""The icon of each level, and its colour."""


FRESH = 1500
"""A sentence that is shown for so long (ms) was there to be read before its place was left."""


class MessageBar(QWidget):
    """Shows what was said last. Its Undo is the newest entry of the stack, as is Ctrl+Z."""

    def __init__(self, messages: Messages, undo: UndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo, self._message = undo, Message(Level.INFO, "")
        self._since = QElapsedTimer()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 1, RIGHT, 0)
        line.setSpacing(8)
        self._picture = QLabel()
        self.sentence = WholeLabel("", "body")
        self.undo = Button("Undo", kind="link", compact=True, on=undo.undo)
        self.key = Keycap("Ctrl+Z")
        self.help = Button("Help", compact=True, on=self._on_help)
        self.close_it = IconButton("x", "Close message", key="Esc", on=messages.clear)
        for part in (self._picture, self.sentence, self.undo, self.key, self.help):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self.close_it)
        line.setStretchFactor(self.sentence, 100)
        # Not within the layout that has just moved the label: it would be cut off half-way.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._resize)
        self.sentence.rewrapped.connect(self._soon.start)
        self._resize()
        self.hide()
        messages.said.connect(self.show_message)
        messages.cleared.connect(self.hide)
        undo.changed.connect(self._follow)

    def message(self) -> Message:
        """What it shows."""
        return self._message

    def show_message(self, message: Message) -> None:
        """Show a sentence, with Undo if it can be undone and a button if one helps."""
        self._message = message
        self._since.start()
        words = f"{message.text} {message.hint}".strip()
        self.sentence.setText(words)
        self.sentence.setAccessibleName(words)
        self.setAccessibleName(words)
        if message.help is not None:
            self.help.set_words(message.help.label)
        self.help.setVisible(message.help is not None)
        self._follow()
        self._draw()
        self.show()

    def leave(self) -> None:
        """The place is left: what was said of it goes, unless it was said just now.

        An act often says what it did and opens the next place. What can be undone still can be.
        """
        if self.age() > FRESH:
            self.hide()

    def age(self) -> int:
        """Return for how long (ms) it shows its sentence; 0 where it has shown none."""
        return self._since.elapsed() if self._since.isValid() else 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._resize()
            self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        hairline(QPainter(self), 0, 0, self.width())

    def _follow(self) -> None:
        mine = self._message.undo
        undoable = mine is not None and self._undo.newest() is mine
        self.undo.setVisible(undoable)
        self.key.setVisible(undoable)
        if mine is not None:
            self.undo.setToolTip(mine.label)

    def _on_help(self) -> None:
        if self._message.help is not None:
            self._message.help.act()

    def _draw(self) -> None:
        side = theme.now.size.icon
        name, shade = PICTURES[self._message.level]
        self._picture.setPixmap(icons.pixmap(name, shade, side, self.devicePixelRatioF()))

    def _resize(self) -> None:
        more = self.sentence.lines() - 1
        height = theme.now.size.message_bar + more * self.sentence.fontMetrics().lineSpacing()
        if self.height() != height:
            self.setFixedHeight(height)
