"""A chart under its heading, on one line with the names of its series."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from fscdesk.ui.charts.column_chart import ColumnChart
from fscdesk.ui.text import Label


class Headed(QWidget):
    """The heading lies over the upper left of the chart, where it draws nothing.

    Where the names of the series leave no room beside it, the chart begins below.
    """

    def __init__(self, chart: ColumnChart, title: str, note: str = "") -> None:
        super().__init__()
        self.chart = chart
        head = self._head = QWidget()
        head.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Label(title, "section"))
        line.addWidget(Label(note, "hint"))
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(chart, 0, 0)
        grid.addWidget(head, 0, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._below = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._head.sizeHint().width() + self.chart.names_width()
        below = needed > self.width()
        if below != self._below:
            self._below = below
            self._grid.removeWidget(self.chart)
            self._grid.addWidget(self.chart, int(below), 0)
            self._head.raise_()
