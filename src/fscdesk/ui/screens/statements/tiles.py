"""The plan's sum made visible: so many to print, so many left out; each is a filter."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from fscdesk.models.values import Money
from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box
from fscdesk.ui.screens.statements.words import amount
from fscdesk.ui.text import ElidedLabel, Label, count_text

PRINT, LEFT_OUT = "print", "left"
WIDE, HIGH, PAD = 172, 58, 12
_FACES = {
    PRINT: ("To print", "printer", "accent"),
    LEFT_OUT: ("Left out", "circle-minus", "neutral.fg"),
}


class Tile(QAbstractButton):
    """A count with its word and its sum. Checked, it filters; Left and Right go on."""

    moved = Signal(int)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.count, self.total = key, 0, Money()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_sum(0, Money())

    def show_sum(self, count: int, total: Money) -> None:
        """Show other figures."""
        self.count, self.total = count, total
        word = _FACES[self.key][0].lower()
        self.setAccessibleName(f"{count_text(count)} {word}, {amount(total)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(WIDE), theme.now.px(HIGH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        fill, line, width = now.surface, now.border, 1.0
        if self.isChecked():
            fill, line, width = now.accent_tint, now.accent, 1.5
        elif self.underMouse():
            fill = now.hover
        box(painter, self.rect(), now.radius_card, fill, line, width=width)
        figure = QFont(now.font("figure"))
        figure.setPixelSize(now.px(18))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        upper = self.rect().adjusted(PAD, now.px(6), -PAD, -now.px(26))
        painter.setFont(figure)
        painter.setPen(now.text)
        painter.drawText(upper, flags, count_text(self.count))
        right = flags | int(Qt.AlignmentFlag.AlignRight)
        painter.setFont(now.font("body", weight=500))
        painter.setPen(now.text2)
        painter.drawText(upper, right, amount(self.total))
        word, icon, colour = _FACES[self.key]
        lower = self.rect().adjusted(PAD, now.px(31), -4, -now.px(5))
        side = now.size.icon_small
        icons.paint(painter, icon, colour, PAD, lower.y() + (lower.height() - side) / 2, side)
        lower.adjust(side + 6, 0, 0, 0)
        painter.setFont(now.font("small", weight=500))
        painter.drawText(lower, flags, word)


class Tiles(QWidget):
    """Two tiles and what they come to together; one of them is open."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        self.tiles = {key: Tile(key) for key in _FACES}
        for key, tile in self.tiles.items():
            if key == LEFT_OUT:
                line.addWidget(_sign("+"))
            line.addWidget(tile)
            tile.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
            tile.moved.connect(lambda _step, key=key: self._on_moved(key))
        line.addWidget(_sign("="))
        self.words = ElidedLabel("", "quiet")
        line.addWidget(self.words, 1)
        self.choose(PRINT)

    def choose(self, key: str) -> None:
        """Mark the tile that is open, without telling."""
        for name, tile in self.tiles.items():
            tile.setChecked(name == key)

    def _on_clicked(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def _on_moved(self, key: str) -> None:
        other = LEFT_OUT if key == PRINT else PRINT
        self.tiles[other].setFocus(Qt.FocusReason.TabFocusReason)


def _sign(sign: str) -> Label:
    label = Label(sign, "quiet")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMinimumWidth(28)
    return label
