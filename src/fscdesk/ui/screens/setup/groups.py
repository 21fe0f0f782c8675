"""The groups of Setup, from top to bottom at its left edge. Up and Down move, Enter opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box
from fscdesk.ui.tables.marks import elide

WIDE = 196


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its key, its words, its icon."""

    key: str
    word: str
    icon: str


class GroupButton(QAbstractButton):
    """One line: icon and name; tinted while its group is open."""

    moved = Signal(int)

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.of = group
        self.setCheckable(True)
        self.setText(group.word)
        self.setAccessibleName(group.word)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(40, theme.now.size.control)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        if self.isChecked():
            box(painter, self.rect(), now.radius_control, now.selected)
        elif self.underMouse():
            box(painter, self.rect(), now.radius_control, now.hover)
        side = now.size.icon
        shade = "accent" if self.isChecked() else "text2"
        icons.paint(painter, self.of.icon, shade, 10, (self.height() - side) / 2, side)
        weight = 600 if self.isChecked() else 500
        painter.setFont(now.font("body", weight=weight))
        painter.setPen(now.text if self.isChecked() else now.text2)
        words = self.rect().adjusted(10 + side + 10, 0, -6, 0)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(words, flags, elide(self.of.word, words.width(), "body", weight))


class GroupList(QWidget):
    """All groups; tells which one is opened."""

    chosen = Signal(str)

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {group.key: GroupButton(group) for group in groups}
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 12, 12)
        column.setSpacing(2)
        for key, button in self.buttons.items():
            column.addWidget(button)
            button.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
            button.moved.connect(lambda step, key=key: self._on_moved(key, step))
        column.addStretch(1)
        theme.changed.connect(self._fit)
        self._fit()

    def mark(self, key: str) -> None:
        """Show which group is open."""
        for name, button in self.buttons.items():
            button.setChecked(name == key)

    def _fit(self) -> None:
        self.setFixedWidth(theme.now.px(WIDE))

    def _on_moved(self, key: str, step: int) -> None:
        keys = list(self.buttons)
        to = keys[max(0, min(len(keys) - 1, keys.index(key) + step))]
        self.buttons[to].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(to)
