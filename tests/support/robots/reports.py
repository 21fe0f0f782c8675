"""The Reports screen in the user's words."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.reports.popups import PickPopup
from fscdesk.ui.screens.reports.screen import ReportsScreen
from tests.support.focus import comes_to
from tests.support.robots.office import OfficeRobot


class ReportsRobot(OfficeRobot):
    """Presses keys on reports and reads what stands there."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        front = window.screen_in_front()
        assert isinstance(front, ReportsScreen)
        self.screen = front

    def settles(self, name: str = "") -> None:
        """Wait until the report is there, or the sentence why it is not."""
        screen = self.screen

        def there() -> bool:
            if not screen._known or screen._figures.waiting or screen._soon.isActive():
                return False
            shown = screen.shown
            if shown is None:
                return screen._stack.currentWidget() is screen.fault
            return shown.name == (name or screen.report.name)

        self.waits(there)
        self.waits(self.window.desk.quiet)

    def finds(self, words: str) -> None:
        """Go to the list, type words, and take the first report with Enter."""
        self.screen.list.rows.setFocus()
        comes_to(self.screen.list.rows)
        self.types(words)
        self.presses("Return")
        self.settles()
        if self.screen.shown is not None:
            comes_to(self.screen.figures)

    def row(self, name: str) -> list[str]:
        """The words of the row of figures that has this name in one of its cells."""
        figures = self.screen.figures.figures
        columns = range(figures.columnCount())
        for row in range(figures.rowCount()):
            words = [figures.words(row, column) for column in columns]
            if name in words:
                return words
        raise AssertionError(name)

    def goes_to(self, name: str, column: str) -> None:
        """Move with the arrows to the cell of a row and a column."""
        figures, view = self.screen.figures.figures, self.screen.figures
        assert figures.table is not None
        across = [one.key for one in figures.table.columns].index(column)
        down = next(
            row
            for row in range(figures.rowCount())
            if name in [figures.words(row, at) for at in range(figures.columnCount())]
        )
        view.setFocus()
        comes_to(view)
        row, at = view.place()
        self.presses(*(("Down",) * (down - row) or ("Up",) * (row - down)))
        self.presses(*(("Right",) * (across - at) or ("Left",) * (at - across)))
        assert view.place() == (down, across)

    def lines_settle(self) -> None:
        """Wait until the lines of the number are there."""
        model = self.screen.drilled.part.model
        self.waits(lambda: self.screen.is_drilled and model.known and model.settled)
        self.waits(lambda: self.screen.drilled.note.text() != "…")

    def lines_sum(self) -> Money:
        """The total under the lines."""
        return self.screen.drilled.part.model.totals.get("amount", Money())

    def chip(self, key: str) -> str:
        """What a chip says."""
        return self.screen.chips.chips[key].accessibleName()

    def opens_chip(self, key: str) -> None:
        """Press Enter on a chip."""
        chip = self.screen.chips.chips[key]
        chip.setFocus()
        comes_to(chip)
        self.presses("Return")

    def offered(self) -> list[str]:
        """The words that the chip's popup offers."""
        popup = self.popup()
        return [popup.list.item(at).text() for at in range(popup.list.count())]

    def popup(self) -> PickPopup:
        """The popup of a chip that is open."""
        popup = self.screen.chips._popup
        assert isinstance(popup, PickPopup)
        return popup

    def picks(self, words: str) -> None:
        """Take words of the popup with the keys."""
        popup = self.popup()
        comes_to(popup.list)
        wanted, now = self.offered().index(words), popup.list.currentRow()
        self.presses(*(("Down",) * (wanted - now) or ("Up",) * (now - wanted)), "Return")
