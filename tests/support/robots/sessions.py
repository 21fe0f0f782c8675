"""The screen of sessions in the user's words: keys that are pressed, and what is then seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.sessions import SessionsScreen
from fscdesk.ui.screens.sessions.checks_page import ChecksPage
from fscdesk.ui.screens.sessions.pane import PaneFacts
from fscdesk.ui.tables.facts import FactsPage
from fscdesk.ui.tables.story import StoryPage, StoryStep


class Elsewhere(Screen):
    """A place that only notes what it was opened on."""

    title = "Elsewhere"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.shown: list[dict[str, object]] = []

    def on_shown(self, **what: object) -> None:
        self.shown.append(what)


class SessionsRobot:
    """Everything a test may do to the screen: mostly real keys at whatever has the focus."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)
        window.open("sessions")
        self.screen = cast(SessionsScreen, window.screen_in_front())
        self.part = self.screen.part
        self.view, self.model = self.part.view, self.part.model

    # Doing

    def presses(self, *keys: str) -> None:
        """Press keys one after the other, where the focus is."""
        for key in keys:
            where = QApplication.focusWidget() or self.window
            QTest.keySequence(where, QKeySequence.fromString(key))

    def types(self, text: str) -> None:
        """Type letters where the focus is."""
        for letter in text:
            QTest.keyClicks(cast(QWidget, QApplication.focusWidget()), letter)

    def goes_to(self, client: str, day: str = "") -> SessionRow:
        """Move with the arrow keys to a client's row, the newest of that day."""
        self.settles()
        self.view.setFocus()
        self.presses("Home")
        for _place in range(self.model.total):
            row = self.current()
            if row is not None and row.patient_name == client and f"{row.day:%m/%d}".endswith(day):
                return row
            self.presses("Down")
        seen = (self.model.total, self.current(), QApplication.focusWidget())
        raise AssertionError(f"{client} {day} is not in the list: {seen}")

    def picks(self, act: str) -> None:
        """Press a button of the bar of ticked rows."""
        button = self.part.body.bar.buttons[act]
        if button.isVisible():
            button.click()
            return
        menu = self.part.body.bar.menu
        next(one for one in menu.actions() if one.text() == button.words()).trigger()

    def opens(self, place: str, **what: object) -> None:
        """Open a place, as another screen or the rail does."""
        self.window.open(place, **what)

    def sorts_tab(self, key: str) -> None:
        """Go to a tab of the views with the arrow keys."""
        assert self.part.views is not None
        tabs = self.part.views.tabs
        tabs.setFocus()
        keys = list(tabs.keys)
        self.presses(*["Right"] * (keys.index(key) - keys.index(tabs.current)))

    # Seeing

    def settles(self) -> None:
        """Wait until nothing is being asked."""
        self.qtbot.waitUntil(lambda: self.model.known and self.model.settled)

    def sees(self, count: int) -> None:
        """Wait for so many rows."""
        self.qtbot.waitUntil(lambda: self.model.total == count and self.model.settled)

    def current(self) -> SessionRow | None:
        """The current row."""
        return cast("SessionRow | None", self.view.picking.current_row)

    def names(self) -> list[str]:
        """The clients on view, from the top."""
        self.settles()
        return [row.patient_name for row in self.model.loaded()]

    def cell(self, session_id: int, key: str) -> str:
        """What a cell shows of a session."""
        place = self.model.place_of(session_id)
        assert place is not None
        return str(self.model.index(place, self.model.section_of(key)).data())

    def sees_cell(self, session_id: int, key: str, text: str) -> None:
        """Wait until a cell says something."""
        self.qtbot.waitUntil(
            lambda: (
                self.model.place_of(session_id) is not None and self.cell(session_id, key) == text
            )
        )

    def note(self) -> str:
        """The count beside the title."""
        return self.part.title.note.text()

    def sees_message(self, part: str) -> Message:
        """Wait until the bar says something, and return it."""
        bar = self.window.bar
        self.qtbot.waitUntil(lambda: bar.isVisible() and part in bar.message().text)
        return bar.message()

    def dialog(self) -> ActDialog:
        """The dialog that is open."""
        found = [one for one in self.screen.findChildren(QDialog) if one.isVisible()]
        assert len(found) == 1
        self._comes_forward(found[0])
        return cast(ActDialog, found[0])

    def has_dialog(self) -> bool:
        """Whether a dialog is open."""
        if any(one.isVisible() for one in self.screen.findChildren(QDialog)):
            return True
        self._comes_forward(self.window)
        return False

    def sees_pane(self, name: str, day: str = "") -> PaneFacts:
        """Wait until the pane shows a client, and return what it shows."""
        pane = self.part.pane
        assert pane is not None

        def there() -> bool:
            facts = pane._detail
            return (
                isinstance(facts, PaneFacts)
                and facts.detail.row == self.current()
                and facts.detail.row.patient_name == name
                and f"{facts.detail.row.day:%m/%d}".endswith(day)
                and pane.foot.isEnabled()
            )

        self.qtbot.waitUntil(there)
        return cast(PaneFacts, pane._detail)

    def opens_tab(self, key: str) -> None:
        """Open a tab of the pane with the arrow keys."""
        pane = self.part.pane
        assert pane is not None
        pane.tabs.setFocus()
        keys = list(pane.tabs.keys)
        step = keys.index(key) - keys.index(pane.tabs.current)
        self.presses(*["Right" if step > 0 else "Left"] * abs(step))
        assert pane.tabs.current == key

    def story(self) -> tuple[StoryStep, ...]:
        """The steps of the story on view."""
        page = self.page("story")
        assert isinstance(page, StoryPage)
        return page.story._steps

    def facts(self, key: str) -> str:
        """The words of a tab of facts."""
        page = self.page(key)
        assert isinstance(page, FactsPage)
        return page.facts.words()

    def checks(self) -> ChecksPage:
        """The tab of checks."""
        page = self.page("checks")
        assert isinstance(page, ChecksPage)
        return page

    def page(self, key: str) -> QWidget | None:
        """A page of the pane."""
        assert self.part.pane is not None
        return self.part.pane.page(key)

    def steps(self) -> list[str]:
        """The buttons at the pane's foot."""
        assert self.part.pane is not None
        buttons = self.part.pane.foot.buttons()
        return [one.words() for one in buttons if isinstance(one, Button) and one.words()]

    def elsewhere(self, place: str) -> Mapping[str, object]:
        """What another place was opened on last; it is in front."""
        front = self.window.screen_in_front()
        assert isinstance(front, Elsewhere)
        here = self.window.history.here()
        assert here is not None
        assert here.place == place
        return front.shown[-1]

    def _comes_forward(self, window: QWidget) -> None:
        """Wait until the keys go to a window."""
        window.activateWindow()
        self.qtbot.waitUntil(
            lambda: window.isActiveWindow() and QApplication.focusWidget() is not None
        )

    def clicks(self, widget: QWidget) -> None:
        """Click a widget with the left button."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
