"""The sum of today's claims made visible; each term is a filter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screens.importing.tiles import HIGH, WIDE, Face, Tile
from fscdesk.ui.text import Label

EVERYTHING, IN_CLAIMS, LEFT_OUT = "sessions", "in_claims", "left_out"
READY, MEND, BEHIND = "ready", "mend", "behind"
_SUM: Final = (EVERYTHING, IN_CLAIMS, LEFT_OUT)
_CLAIMS: Final = (READY, MEND, BEHIND)
_SIGNS: Final = MappingProxyType({IN_CLAIMS: "=", LEFT_OUT: "+"})
_FACES: Final[Mapping[str, Face]] = MappingProxyType(
    {
        EVERYTHING: ("Sessions ready", "Session ready", "", "text2"),
        IN_CLAIMS: ("On claims", "On a claim", "file-text", "blue.fg"),
        LEFT_OUT: ("Left out", "Left out", "circle-minus", "neutral.fg"),
        READY: ("Claims ready", "Claim ready", "circle-arrow-up", "green.fg"),
        MEND: ("To mend", "To mend", "triangle-alert", "amber.fg"),
        BEHIND: ("Stay behind", "Stays behind", "pause", "neutral.fg"),
    }
)


class BuildTiles(QWidget):
    """Sessions = on claims + left out; then the claims by what becomes of them."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 12)
        line.setSpacing(0)
        self.tiles: dict[str, Tile] = {}
        for key in _SUM:
            if key in _SIGNS:
                sign = Label(_SIGNS[key], "quiet")
                sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
                sign.setMinimumWidth(24)
                line.addWidget(sign)
            line.addWidget(self._tile(key), 10)
        line.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(8)
        rule = Line(upright=True)
        rule.setFixedHeight(theme.now.px(HIGH))
        beside.addWidget(rule)
        beside.addSpacing(4)
        for key in _CLAIMS:
            beside.addWidget(self._tile(key), 10)
        line.addLayout(beside, 30)
        self.choose(EVERYTHING)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show other figures."""
        for key, tile in self.tiles.items():
            tile.show_count(counts.get(key, 0))

    def current(self) -> str:
        """Return the term that filters."""
        return next(key for key, tile in self.tiles.items() if tile.isChecked())

    def choose(self, key: str) -> None:
        """Mark the term that filters, without telling."""
        for name, tile in self.tiles.items():
            tile.setChecked(name == key)

    def _tile(self, key: str) -> Tile:
        tile = self.tiles[key] = Tile(key, face=_FACES[key])
        tile.setMaximumWidth(theme.now.px(WIDE + 8))
        tile.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
        tile.moved.connect(lambda step, key=key: self._on_moved(key, step))
        return tile

    def _on_clicked(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def _on_moved(self, key: str, step: int) -> None:
        keys = list(self.tiles)
        at = max(0, min(len(keys) - 1, keys.index(key) + step))
        self.tiles[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)
