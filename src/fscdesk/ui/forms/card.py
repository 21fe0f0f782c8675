"""Frames that hold parts of a screen: cards, wells, lines, the title line, and emptiness."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.painting import box
from fscdesk.ui.text import ElidedLabel, Label

LEFT, RIGHT = 24, 16
"""Where content starts and ends on the sheet: one line from top to bottom."""


class Line(QFrame):
    """A hairline between parts."""

    def __init__(self, parent: QWidget | None = None, *, upright: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("kind", "upright" if upright else "line")


class Card(QFrame):
    """A card with a heading, a quiet note beside it, and one way on at the right.

    Put content into `body`.
    """

    def __init__(
        self,
        title: str = "",
        note: str = "",
        link: str = "",
        on_link: Callable[[], object] | None = None,
        parent: QWidget | None = None,
        *,
        kind: str = "card",
        margins: tuple[int, int, int, int] = (16, 12, 16, 12),
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(8)
        self.note = ElidedLabel(note, "hint")
        self.link: Button | None = None
        if title or link:
            head = QHBoxLayout()
            head.setSpacing(8)
            self.heading = Label(title, "section")
            head.addWidget(self.heading)
            head.addWidget(self.note, 1)
            if link:
                self.link = Button(link, kind="link", compact=True, on=on_link)
                head.addWidget(self.link)
            self.body.addLayout(head)
        else:
            self.note.setParent(self)
            self.note.hide()


class TitleLine(QWidget):
    """The first line of a screen: name, count and totals, then buttons, the primary one last.

    Add buttons with `add`; change the words beside the name with `note.setText`.
    """

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(LEFT, 17, RIGHT, 12)
        self._line.setSpacing(8)
        self.heading = Label(title, "title")
        self.note = ElidedLabel(note, "quiet")
        self._line.addWidget(self.heading)
        self._line.addSpacing(4)
        self._line.addWidget(self.note, 1)
        self._floor = QWidget()
        self._floor.setFixedSize(0, theme.now.size.control)
        self._line.addWidget(self._floor)

    def add(self, *widgets: QWidget) -> None:
        """Put buttons at the right end, in order."""
        for widget in widgets:
            self._line.addWidget(widget)

    def beside(self, *widgets: QWidget) -> None:
        """Put badges or wizard steps beside the name, before the note."""
        for widget in widgets:
            self._line.insertWidget(self._line.indexOf(self.note), widget)


class Scrolled(QScrollArea):
    """Content that scrolls where the window is too low for it; never across."""

    def __init__(self, content: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content.setProperty("kind", "page")
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class EmptyState(QWidget):
    """Nothing to show: an icon, one sentence why, and one button that helps."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        button: str = "",
        on: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("ownFocus", True)  # a ring around the whole would cross other parts
        self._icon = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence = Label(sentence, "quiet", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMaximumWidth(480)
        self.button: Button | None = None
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._picture)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.sentence, 3)
        across.addStretch(1)
        column.addLayout(across)
        if button:
            self.button = Button(button, on=on)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme.changed.connect(self._draw)
        self._draw()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            now, words = theme.now, self.sentence
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            seen = words.fontMetrics().boundingRect(words.geometry(), flags, words.text())
            around = seen.adjusted(-10, -6, 10, 6).intersected(self.rect())
            box(QPainter(self), around, now.radius_control, None, now.focus, width=2)

    def also(self, button: Button) -> None:
        """Offer another way on, below the first."""
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, sentence: str, icon: str = "") -> None:
        """Change the sentence, and the icon with it."""
        self.sentence.setText(sentence)
        self._icon = icon or self._icon
        self._draw()

    def _draw(self) -> None:
        side, ratio = theme.now.px(28), self.devicePixelRatioF()
        self._picture.setPixmap(icons.pixmap(self._icon, "text3", side, ratio))
