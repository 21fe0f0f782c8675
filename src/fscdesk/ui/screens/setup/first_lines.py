"""The first lines of a bank's file as a grid, with what each column means written above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import hairline
from fscdesk.ui.tables.marks import elide, paint_focus

LINE, PAD, LEAST, MOST = 26, 8, 64, 260
_V = Qt.AlignmentFlag.AlignVCenter


class FirstLines(QWidget):
    """Draws headings and lines; columns that mean something are tinted. Arrows scroll across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headings: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._meanings: Mapping[int, str] = {}
        self._widths: list[int] = []
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("First lines of the file")
        theme.changed.connect(self._measure)

    def show_file(self, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
        """Show another file."""
        self._headings, self._rows = tuple(headings), tuple(rows)
        self._measure()

    def mean(self, meanings: Mapping[int, str]) -> None:
        """Say which column means what."""
        self._meanings = dict(meanings)
        said = ", ".join(f"{self._headings[at]}: {word}" for at, word in sorted(meanings.items()))
        self.setAccessibleDescription(said)
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths), (len(self._rows) + 2) * theme.now.px(LINE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        viewport = self.parentWidget()
        area = None if viewport is None else viewport.parentWidget()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()), 0)
        if step and isinstance(area, QScrollArea):
            bar = area.horizontalScrollBar()
            bar.setValue(bar.value() + step * theme.now.px(LEAST))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, high = theme.now, QPainter(self), theme.now.px(LINE)
        x = 0
        for at, heading in enumerate(self._headings):
            wide = self._widths[at]
            meaning = self._meanings.get(at, "")
            if meaning:
                whole = QRect(x, 0, wide, (len(self._rows) + 2) * high)
                painter.fillRect(whole, now.tone("blue").bg)
            cell = QRect(x + PAD, 0, wide - 2 * PAD, high)
            painter.setFont(now.font("caption"))
            painter.setPen(now.tone("blue").fg)
            painter.drawText(cell, _V, elide(meaning, cell.width(), "caption"))
            painter.setFont(now.font("strong"))
            painter.setPen(now.text)
            cell.translate(0, high)
            painter.drawText(cell, _V, elide(heading, cell.width(), "strong"))
            painter.setFont(now.font("body"))
            painter.setPen(now.text2)
            for row in self._rows:
                cell.translate(0, high)
                words = row[at] if at < len(row) else ""
                painter.drawText(cell, _V, elide(words, cell.width(), "body"))
            x += wide
        for place in range(2, len(self._rows) + 2):
            hairline(painter, 0, place * high - 1, x)
        if self.hasFocus():
            paint_focus(painter, self.rect().adjusted(0, 0, -1, -1), now.radius_control)

    def _measure(self) -> None:
        body, strong = theme.now.metrics("body"), theme.now.metrics("strong")
        caption = theme.now.metrics("caption")
        self._widths = []
        for at, heading in enumerate(self._headings):
            cells = [row[at] for row in self._rows if at < len(row)]
            wide = max(
                [
                    strong.horizontalAdvance(heading),
                    caption.horizontalAdvance(self._meanings.get(at, "")),
                    *(body.horizontalAdvance(one) for one in cells),
                ]
            )
            self._widths.append(max(LEAST, min(MOST, wide + 2 * PAD + 2)))
        self.setMinimumWidth(sum(self._widths))
        self.updateGeometry()
        self.update()
