"""The sum of a file of answers made visible; each term is a filter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screens.claims.answers_rows import ACCEPTED, ALL, PENDING, REJECTED, STRANGE
from fscdesk.ui.screens.importing.tiles import WIDE, Face, Tile
from fscdesk.ui.text import Label

_FACES: Final[Mapping[str, Face]] = MappingProxyType(
    {
        ALL: ("Answers", "Answer", "", "text2"),
        ACCEPTED: ("Accepted", "Accepted", "check-check", "teal.fg"),
        REJECTED: ("Rejected", "Rejected", "undo-2", "orange.fg"),
        PENDING: ("Pending", "Pending", "clock", "amber.fg"),
        STRANGE: ("Not ours", "Not ours", "unlink", "neutral.fg"),
    }
)
_SIGNS: Final = MappingProxyType({ACCEPTED: "=", REJECTED: "+", PENDING: "+", STRANGE: "+"})


class AnswerTiles(QWidget):
    """Answers = accepted + rejected + pending + those that are not ours, where there are some."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 12)
        line.setSpacing(0)
        self.tiles: dict[str, Tile] = {}
        self._plus_strange = Label(_SIGNS[STRANGE], "quiet")
        for key in (ALL, ACCEPTED, REJECTED, PENDING, STRANGE):
            if key in _SIGNS:
                sign = self._plus_strange if key == STRANGE else Label(_SIGNS[key], "quiet")
                sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
                sign.setMinimumWidth(24)
                line.addWidget(sign)
            line.addWidget(self._tile(key), 10)
        line.addStretch(30)
        self.choose(ALL)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show other figures; what is not ours shows only where there is some."""
        for key, tile in self.tiles.items():
            tile.show_count(counts.get(key, 0))
        for part in (self._plus_strange, self.tiles[STRANGE]):
            part.setVisible(counts.get(STRANGE, 0) > 0)

    def current(self) -> str:
        """Return the term that filters."""
        return next(key for key, tile in self.tiles.items() if tile.isChecked())

    def choose(self, key: str) -> None:
        """Mark the term that filters, without telling."""
        for name, tile in self.tiles.items():
            tile.setChecked(name == key)

    def _tile(self, key: str) -> Tile:
        tile = self.tiles[key] = Tile(key, face=_FACES[key])
        tile.setMaximumWidth(WIDE)
        tile.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
        tile.moved.connect(lambda step, key=key: self._on_moved(key, step))
        return tile

    def _on_clicked(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def _on_moved(self, key: str, step: int) -> None:
        keys = [name for name, tile in self.tiles.items() if not tile.isHidden()]
        at = max(0, min(len(keys) - 1, keys.index(key) + step))
        self.tiles[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)
