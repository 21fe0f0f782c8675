"""The window with every real place in it, for the ways that lead from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.composing import screens_of
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.focus import comes_to
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import window_over


class BetweenRobot(KeyRobot):
    """A person who follows money from place to place, and back."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office) -> None:
        super().__init__(qtbot, window)
        self.office = office
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def front(self) -> Any:
        """The screen in front."""
        return self.window.screen_in_front()

    @property
    def place(self) -> str:
        """The place in front."""
        stop = self.window.history.here()
        return "" if stop is None else stop.place

    def rests(self) -> None:
        """Wait until nothing is asked and every list on view has its rows."""

        def still() -> bool:
            QApplication.processEvents()
            self.window.grab()
            parts = [one for one in self.window.findChildren(ListPart) if one.isVisible()]
            return self.window.desk.quiet() and all(
                one.model.known and one.model.settled for one in parts
            )

        for _ in range(2):
            self.waits(still)
            self.qtbot.wait(150)  # panes and figures follow a little later
        self.waits(still)

    def comes(self, place: str, **what: object) -> None:
        """Come to a place as another one sends a person there."""
        self.window.open(place, **what)
        self.rests()

    def does(self, *keys: str) -> None:
        """Press keys, and rest after each."""
        for key in keys:
            self.presses(key)
            self.rests()

    def is_at(self, place: str) -> Any:
        """Wait until a place is in front, and return its screen."""
        self.waits(lambda: self.place == place)
        self.rests()
        return self.front

    def is_on(self, part: ListPart[Any], row_id: int) -> None:
        """Wait until a row is the current one of a list, with its details to be had."""
        self.waits(lambda: part.view.picking.current_row is not None)
        self.waits(lambda: part.view.picking.current_id == row_id)
        assert part.view.picking.current_row.id == row_id

    def goes_to(self, part: ListPart[Any], words: str) -> int:
        """Go with the arrow keys to the row in which words stand, and return its id."""
        rows = list(part.model.loaded())
        at = next(place for place, row in enumerate(rows) if words in repr(row))
        part.view.setFocus()
        comes_to(part.view)
        self.does("Home", *["Down"] * at)
        found = part.view.picking.current_id
        assert found is not None
        assert found == rows[at].id
        return found


@contextmanager
def between_window(qtbot: QtBot, office: Office, folder: Path) -> Iterator[BetweenRobot]:
    """Open the window as the program composes it, on the work queue."""
    with window_over(office, qtbot, folder, screens_of().makers) as window:
        robot = BetweenRobot(qtbot, window, office)
        robot.comes("queue")
        yield robot
