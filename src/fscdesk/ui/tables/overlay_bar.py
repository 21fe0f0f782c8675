"""A scroll bar over the table's edge, so that headings and bands go all the way to the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QTableView

from fscdesk.ui import theme


class OverlayBar(QScrollBar):
    """Follows the table's own vertical scroll bar, which is switched off, and leads it."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        self._leader = table.verticalScrollBar()
        self._leader.rangeChanged.connect(self._follow)
        self._leader.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._leader.setValue)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Scroll")
        self._follow()

    def place(self) -> None:
        """Stand at the right edge, below the headings."""
        top = self._table.horizontalHeader().height()
        wide = theme.now.px(10)
        view = self._table.viewport().geometry()
        self.setGeometry(self._table.width() - wide, top, wide, view.height())
        self._follow()
        self.raise_()

    def _follow(self) -> None:
        self.setRange(self._leader.minimum(), self._leader.maximum())
        self.setPageStep(self._leader.pageStep())
        self.setSingleStep(self._leader.singleStep())
        self.setValue(self._leader.value())
        self.setVisible(self._leader.maximum() > self._leader.minimum())
