"""The Home screen in the user's words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.home.metric_tile import MetricTile
from fscdesk.ui.screens.home.row_button import RowButton
from fscdesk.ui.screens.home.screen import HomeScreen
from tests.support.robots.office import OfficeRobot


class HomeRobot(OfficeRobot):
    """Presses keys on Home and reads what stands there."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        front = window.screen_in_front()
        assert isinstance(front, HomeScreen)
        self.screen = front

    def settles(self) -> None:
        """Wait until every question of the screen is answered."""
        screen = self.screen
        asked = (screen._overview, screen._open, screen._weeks, screen._months, screen._news)
        self.waits(lambda: bool(screen.head.heading.text()))
        self.waits(lambda: not any(one.waiting for one in asked))
        if screen.needs.part.isVisible():
            model = screen.needs.part.model
            self.waits(lambda: model.known and model.settled)

    def tile(self, key: str) -> MetricTile:
        """The tile of a metric."""
        return next(
            tile
            for tile in self.screen.band.tiles
            if tile.shown is not None and tile.shown.key == key
        )

    def groups(self) -> list[tuple[str, str]]:
        """Severity and title of what needs a person, from top to bottom."""
        model = self.screen.needs.part.model
        rows = [model.row_at(place) for place in range(model.total)]
        return [(row.urgency.value, row.title) for row in rows if row is not None]

    def lines(self, card: QWidget) -> list[tuple[str, str]]:
        """The lines of a card: words and what stands at the right."""
        found = [row for row in card.findChildren(RowButton) if row.isVisible()]
        return [(row.said.words, row.said.right) for row in found]

    def undo_button(self) -> Button | None:
        """The Undo beside the newest import, if it can be undone."""
        buttons = self.screen.done.findChildren(Button)
        return next((one for one in buttons if one.words() == "Undo" and one.isVisible()), None)
