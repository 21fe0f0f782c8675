"""The two ends of the rail: which practice is open, and who is at the desk."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.actions import Menu
from fscdesk.ui.painting import box

_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class _End(QAbstractButton):
    """A line of the rail that opens a menu."""

    def __init__(self, words: str, name: str, fill: Callable[[Menu], None] | None) -> None:
        super().__init__()
        self._words, self._fill = words, fill
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy = Qt.FocusPolicy.NoFocus if fill is None else Qt.FocusPolicy.TabFocus
        self.setFocusPolicy(policy)
        self.setEnabled(fill is not None)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._open)

    def menu(self) -> Menu:
        """The menu as it would open now."""
        menu = Menu(self)
        if self._fill is not None:
            self._fill(menu)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(40, theme.now.size.row_comfortable)

    def folded(self) -> bool:
        """Whether the rail shows icons only."""
        return bool(self.property("folded"))

    def paint_words(self, painter: QPainter, left: int, icon: str, weight: int) -> None:
        """Draw the name, elided before the icon at the right end."""
        now = theme.now
        room = self.rect().adjusted(left, 0, -(34 if icon else 8), 0)
        metrics = now.metrics("body", weight=weight)
        painter.setFont(now.font("body", weight=weight))
        painter.setPen(now.text)
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _ONE_LINE, words)
        if icon:
            side = now.size.icon
            y = (self.height() - side) / 2
            icons.paint(painter, icon, "text2", self.width() - side - 6, y, side)

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))


class PracticeHead(_End):
    """The practice's name beside the program's mark; opens the menu of other practices."""

    def __init__(self, practice: str, fill: Callable[[Menu], None] | None = None) -> None:
        super().__init__(practice, f"Practice: {practice}", fill)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        side = now.px(24)
        x = (self.width() - side) // 2 if self.folded() else 8
        mark = QRect(x, (self.height() - side) // 2, side, side)
        box(painter, mark, now.radius_control, now.accent)
        bar, high = side * 12 // 24, max(2, side // 12)
        for line, cut in enumerate((0, side // 6, 0)):
            top = mark.y() + side * 7 // 24 + line * side * 5 // 24 - high // 2
            shape = QRect(mark.x() + (side - bar) // 2, top, bar - cut, high)
            painter.fillRect(shape, now.on_accent)
        if not self.folded():
            can_change = self.isEnabled()
            icon = "chevrons-up-down" if can_change else ""
            self.paint_words(painter, 8 + side + 10, icon, 600)


class UserFoot(_End):
    """Who is at the desk; opens the menu with the look, the lock, and the way out."""

    def __init__(self, user: str, fill: Callable[[Menu], None] | None = None) -> None:
        super().__init__(user, f"Signed in: {user}", fill)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        side = now.px(24)
        x = (self.width() - side) // 2 if self.folded() else 6
        circle = QRect(x, (self.height() - side) // 2, side, side)
        tone = now.tone("teal")
        box(painter, circle, side / 2, tone.bg)
        painter.setFont(now.font("caption", weight=600))
        painter.setPen(tone.fg)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(self._words))
        if not self.folded():
            self.paint_words(painter, 6 + side + 8, "ellipsis", 500)


def initials(name: str) -> str:
    """The first letters of the first and the last name: `DK`."""
    words = [word for word in name.split() if word[:1].isalnum()]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()


def foot_widget(end: QWidget) -> QWidget:
    """Give the end of the rail its height."""
    end.setFixedHeight(theme.now.size.row_comfortable)
    return end
