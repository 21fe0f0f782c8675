"""The window in the user's words: keys that are pressed, and what is then seen."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.ui.actions import action
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.screen import PracticeFacts, Screen, Shell

PRACTICE = PracticeFacts("Fictional Springs", "Dana Kestrel", ZoneInfo("America/New_York"))


class PlainScreen(Screen):
    """A screen for tests: one row at a time, and a diary of what it was asked to do."""

    title = "Plain"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.diary: list[str] = []
        self.row = 0
        self.busy_with = ""
        self.field = QLineEdit()
        self.field.setAccessibleName("Words")
        self.other = QLineEdit()
        self.other.setAccessibleName("More words")
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.other)
        self.post = action(self, "Post the check", lambda: self.diary.append("posted"))
        self.own = action(self, "Note a call", lambda: self.diary.append("noted"), "Ctrl+Shift+N")

    def primary(self) -> QAction | None:
        return self.post

    def new(self) -> None:
        self.diary.append("new")

    def refresh(self) -> None:
        self.diary.append("looked again")

    def find_(self) -> None:
        self.field.setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        return self.field, self.other

    def escape(self) -> bool:
        stepped = bool(self.busy_with)
        self.busy_with = ""
        return stepped

    def here(self) -> Mapping[str, object]:
        return {"row": self.row}

    def on_shown(self, **what: object) -> None:
        row = what.get("row", self.row)
        assert isinstance(row, int)
        self.row = row


class SilentScreen(QWidget):
    """A widget that is no Screen: the shared keys must leave it alone."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell


class ShellRobot:
    """Everything a test may do to the window."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    def presses(self, keys: str) -> None:
        """Press a key or a chord on whatever has the focus."""
        QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(keys))

    def types(self, words: str) -> None:
        """Type into whatever has the focus."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, words)

    def place(self) -> str:
        """The place that the rail marks."""
        return self.window.rail.marked()

    def screen(self) -> PlainScreen:
        """The screen in front."""
        front = self.window.screen_in_front()
        assert isinstance(front, PlainScreen)
        return front

    def found(self) -> list[str]:
        """The titles in the search popup."""
        assert self.window.search.popup.isVisible()
        return [line.title for line in self.window.search.list.lines]

    def sees_message(self, text: str) -> None:
        """Wait until the bar shows a sentence."""
        bar = self.window.bar
        self.qtbot.waitUntil(lambda: bar.isVisible() and bar.message().text == text)

    def has_focus(self, widget: QWidget) -> bool:
        """Whether the keys go to a widget."""
        return QApplication.focusWidget() is widget

    def clicks(self, widget: QWidget) -> None:
        """Click a widget with the left button."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
