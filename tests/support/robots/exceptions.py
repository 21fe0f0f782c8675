"""The Exceptions tab in the user's words: what misses its other half, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.exceptions.part import ExceptionsPart
from fscdesk.ui.screens.reconciliation.screen import ReconciliationScreen
from fscdesk.ui.tables.story import StoryPage
from tests.support.focus import comes_to
from tests.support.robots.office import DiaryScreen
from tests.support.robots.screens import ScreenRobot, open_window

ELSEWHERE = ("home", "sessions", "payments", "remittance", "accounting")


class ExceptionsRobot(ScreenRobot):
    """Everything a test may do to the tab: real keys where the focus is."""

    def __init__(self, qtbot: QtBot, office: Office, window: MainWindow) -> None:
        super().__init__(qtbot, office, window)
        window.open("reconciliation", tab="exceptions")
        front = window.screen_in_front()
        assert isinstance(front, ReconciliationScreen)
        self.screen = front
        self.at_the_list()

    @property
    def part(self) -> ExceptionsPart:
        """The tab."""
        part = self.screen.tabs.part
        assert isinstance(part, ExceptionsPart)
        return part

    def at_the_list(self) -> None:
        """Wait until the rows are there and the keys go to them."""
        model = self.part.list.model
        self.waits(lambda: model.known and model.settled)
        if model.total:
            comes_to(self.part.list.view)

    def cells(self, *keys: str) -> list[tuple[str, ...]]:
        """What cells say, row by row."""
        model = self.part.list.model
        self.waits(lambda: model.known and model.settled)
        return [
            tuple(str(model.index(at, model.section_of(key)).data()) for key in keys)
            for at in range(model.total)
        ]

    def goes_to_view(self, key: str) -> None:
        """Go to a view with the arrow keys, and back to the rows."""
        views = self.part.list.views
        assert views is not None
        views.tabs.setFocus()
        comes_to(views.tabs)
        keys = list(views.tabs.keys)
        step = keys.index(key) - keys.index(views.tabs.current)
        self.presses(*["Right" if step > 0 else "Left"] * abs(step))
        self.part.list.view.setFocus()
        self.at_the_list()

    def sees_pane(self) -> Any:
        """Wait until the pane shows the current row as it is now, and return what it shows."""
        part = self.part.list
        pane = part.pane
        assert pane is not None
        shown: list[Any] = []
        pane.shown.connect(shown.append)
        pane.follow(part.view.picking.current_row)
        self.waits(lambda: bool(shown) and pane.foot.isEnabled())
        pane.shown.disconnect(shown.append)
        return pane._detail

    def story(self) -> list[tuple[str, str]]:
        """The steps of the pane's story: title and second line."""
        pane = self.part.list.pane
        assert pane is not None
        page = pane.page("story")
        assert isinstance(page, StoryPage)
        return [(one.title, one.second) for one in page.story._steps]

    def is_at(self, place: str) -> dict[str, object]:
        """Wait until another place is in front, and return what it was opened on."""
        self.waits(lambda: isinstance(self.window.screen_in_front(), DiaryScreen))
        front = self.window.screen_in_front()
        assert isinstance(front, DiaryScreen)
        stop = self.window.history.here()
        assert stop is not None
        assert stop.place == place
        return dict(front.asked[-1])


@contextmanager
def exceptions_window(qtbot: QtBot, office: Office, folder: Path) -> Iterator[ExceptionsRobot]:
    """Open a window on the tab; other places keep a diary of what they were opened on."""
    desk = Desk(office)
    makers = {**dict.fromkeys(ELSEWHERE, DiaryScreen), "reconciliation": ReconciliationScreen}
    try:
        window = open_window(qtbot, desk, folder, makers)
        yield ExceptionsRobot(qtbot, office, window)
    finally:
        desk.close()
