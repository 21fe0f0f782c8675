"""The sum of a plan made visible: `47 read = 12 new + 18 changed + …`, each term a filter."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.painting import box
from fscdesk.ui.text import Label, count_text

WIDE, NARROW, HIGH = 118, 92, 58
PAD = 12
TERMS = ("read", "new", "changed", "unchanged", "skipped")
BESIDE = ("gone", "question", "findings")
_SIGNS = {"new": "=", "changed": "+", "unchanged": "+", "skipped": "+"}
_FACES = {
    "read": ("Rows read", "Row read", "", "text2"),
    "new": ("New", "New", "circle-plus", "green.fg"),
    "changed": ("Changed", "Changed", "pen-line", "blue.fg"),
    "unchanged": ("Unchanged", "Unchanged", "equal", "neutral.fg"),
    "skipped": ("Skipped", "Skipped", "circle-minus", "neutral.fg"),
    "gone": ("Not in file", "Not in file", "unlink", "orange.fg"),
    "question": ("Questions", "Question", "circle-question-mark", "amber.fg"),
    "findings": ("To look at", "To look at", "triangle-alert", "amber.fg"),
}


Face = tuple[str, str, str, str]
"""What a tile says of many and of one, its icon and the icon's colour."""


class Tile(QAbstractButton):
    """A figure with its word. Checked, it filters; Left and Right go to the next one."""

    moved = Signal(int)

    def __init__(
        self, key: str, parent: QWidget | None = None, *, face: Face | None = None
    ) -> None:
        super().__init__(parent)
        self.key, self.count = key, 0
        self._face = face or _FACES[key]
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show another figure."""
        self.count = count
        self.setAccessibleName(f"{count_text(count)} {self._word().lower()}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(WIDE), theme.now.px(HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(NARROW), theme.now.px(HIGH))

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
        elif self.isEnabled() and self.underMouse():
            fill = now.hover
        box(painter, self.rect(), now.radius_card, fill, line, width=width)
        figure = QFont(now.font("figure"))
        figure.setPixelSize(now.px(18))
        painter.setFont(figure)
        painter.setPen(now.text)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        upper = self.rect().adjusted(PAD, now.px(6), -4, -now.px(26))
        painter.drawText(upper, flags, count_text(self.count))
        _, _, icon, colour = self._face
        lower = self.rect().adjusted(PAD, now.px(31), -4, -now.px(5))
        if icon:
            side = now.size.icon_small
            top = lower.y() + (lower.height() - side) / 2
            icons.paint(painter, icon, colour, PAD, top, side)
            lower.adjust(side + 6, 0, 0, 0)
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.text2)
        painter.drawText(lower, flags, self._word())

    def _word(self) -> str:
        many, one, _, _ = self._face
        return one if self.count == 1 else many


class Tiles(QWidget):
    """The terms of the sum, and at the right what is beside it. One term filters at a time."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, filtering: bool = True) -> None:
        super().__init__(parent)
        self._filtering = filtering
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 12)
        line.setSpacing(0)
        self.tiles: dict[str, Tile] = {}
        for key in TERMS:
            if key in _SIGNS:
                sign = Label(_SIGNS[key], "quiet")
                sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
                sign.setMinimumWidth(24)
                line.addWidget(sign)
            line.addWidget(self._tile(key), 10)
        line.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(8)
        self._rule = Line(upright=True)
        self._rule.setFixedHeight(theme.now.px(HIGH))
        beside.addWidget(self._rule)
        beside.addSpacing(4)
        for key in BESIDE:
            beside.addWidget(self._tile(key), 10)
        line.addLayout(beside, 30)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show figures by key; beside the sum, only what there is."""
        for key, tile in self.tiles.items():
            tile.show_count(counts.get(key, 0))
        for key in BESIDE:
            self.tiles[key].setVisible(counts.get(key, 0) > 0 or self.tiles[key].isChecked())
        self._rule.setVisible(any(counts.get(key, 0) for key in BESIDE))

    def choose(self, key: str) -> None:
        """Mark the term that filters, without telling."""
        for name, tile in self.tiles.items():
            tile.setChecked(self._filtering and name == key)

    def _tile(self, key: str) -> Tile:
        tile = self.tiles[key] = Tile(key)
        tile.setMaximumWidth(theme.now.px(WIDE))
        tile.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
        tile.moved.connect(lambda step, key=key: self._on_moved(key, step))
        if not self._filtering:
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.setEnabled(False)
        return tile

    def _on_clicked(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def _on_moved(self, key: str, step: int) -> None:
        keys = [name for name, tile in self.tiles.items() if not tile.isHidden()]
        at = max(0, min(len(keys) - 1, keys.index(key) + step))
        self.tiles[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)
