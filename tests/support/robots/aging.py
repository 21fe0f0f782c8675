"""The Aging screen in the user's words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.aging.matrix import Grid
from fscdesk.ui.screens.aging.screen import AgingScreen
from tests.support.robots.office import OfficeRobot


class AgingRobot(OfficeRobot):
    """Presses keys on the matrix and reads what stands there."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        front = window.screen_in_front()
        assert isinstance(front, AgingScreen)
        self.screen = front

    def settles(self) -> None:
        """Wait until figures, proof and months are there."""
        screen = self.screen
        self.waits(
            lambda: (
                screen.shown is not None
                and not screen._figures.waiting
                and not screen._proof.waiting
                and not screen._months.waiting
            )
        )

    def focuses(self) -> None:
        """Put the keys on the matrix, at its first amount."""
        self.screen.matrix.grid.setFocus()
        self.screen.matrix.grid.go(0, 1)

    def row(self, name: str) -> list[str]:
        """The words of a row, without its name."""
        cells = self.screen.matrix.cells
        place = self.names().index(name)
        return [cells.words(place, column) for column in range(1, cells.columnCount())]

    def names(self) -> list[str]:
        """The names of the rows, in their order."""
        return [row.name for row in self.screen.matrix.cells.rows]

    def all_row(self) -> list[str]:
        """The words of the row of all."""
        sums = self.screen.matrix.sums
        return [sums.words(0, column) for column in range(1, sums.columnCount())]

    def clicks_cell(self, grid: Grid, place: int, column: int) -> None:
        """Click a cell."""
        rect = grid.visualRect(grid.cells.index(place, column))
        at = QPoint(rect.center())
        QTest.mouseClick(
            grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )

    def lines_settle(self) -> None:
        """Wait until the lines of the open cell are there."""
        model = self.screen.lines.part.model
        self.waits(lambda: self.screen.lines.cell is not None and model.known and model.settled)
        self.waits(lambda: self.screen.lines.note.text() != "…")

    def lines_sum(self) -> Money:
        """The total under the lines."""
        return self.screen.lines.part.model.totals.get("open", Money())

    def heading(self) -> str:
        """The heading of the lines."""
        return self.screen.lines.heading.text()
