"""The row above a table: chips at the left, buttons at the right, none of them out of reach."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.tables.filters import FilterLine

RIGHT, GAP = 16, 8


class ToolLine(QWidget):
    """Where the chips would be squeezed away, the buttons that have an icon keep only that."""

    def __init__(self, above: int, below: int, filters: FilterLine, *buttons: Button) -> None:
        super().__init__()
        self._filters = filters
        self._words = {button: button.words() for button in buttons}
        self._tips = {button: button.toolTip() for button in buttons}
        self._short = False
        line = QHBoxLayout(self)
        line.setContentsMargins(0, above, RIGHT, below)
        line.setSpacing(GAP)
        line.addWidget(filters, 1)
        for button in buttons:
            line.addWidget(button)
        filters.needs_room.connect(self.fit)

    @property
    def short(self) -> bool:
        """Whether the buttons show icons alone."""
        return self._short

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit()

    def fit(self) -> None:
        """Give the chips the room that they need."""
        self._say(short=False)
        line = self.layout()
        assert line is not None
        others = 0
        for at in range(line.count()):
            item = line.itemAt(at)
            part = None if item is None else item.widget()
            if part is not None and part is not self._filters and not part.isHidden():
                others += part.sizeHint().width() + GAP
        self._say(short=self.width() - RIGHT - others < self._filters.least_width())

    def _say(self, *, short: bool) -> None:
        if short == self._short:
            return
        self._short = short
        for button, words in self._words.items():
            button.set_words("" if short else words)
            button.setAccessibleName(words)
            told = " ".join(part for part in (words, self._tips[button]) if part)
            button.setToolTip(told if short else self._tips[button])
