"""A window over real books with the screens that a test asks for, and what a person does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.forms.form import Form
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import PracticeFacts, Shell

PRACTICE = PracticeFacts("Fictional Springs", "Dana Kestrel", ZoneInfo("America/New_York"))
T = TypeVar("T")


class ScreenRobot:
    """Keys that are pressed where the focus is, and what is then seen and kept."""

    def __init__(self, qtbot: QtBot, office: Office, window: MainWindow) -> None:
        self.qtbot, self.office, self.window = qtbot, office, window
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    def presses(self, *keys: str) -> None:
        """Press keys or chords, one after the other, on whatever has the focus."""
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def types(self, words: str) -> None:
        """Type into whatever has the focus."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, words)

    def fills(self, form: Form, **words: str) -> None:
        """Go to each field in turn and type over what stands in it."""
        for name, text in words.items():
            field = form.field(name)
            field.editor.setFocus(Qt.FocusReason.TabFocusReason)
            self.waits(field.editor.hasFocus)
            self.presses("Ctrl+A")
            if text:
                self.types(text)
            else:
                self.presses("Delete")

    def waits(self, until: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(until)

    def hears(self, words: str, level: Level = Level.INFO) -> Message:
        """Wait for a message that holds these words, and return it."""

        def told() -> bool:
            return any(words in one.text and one.level is level for one in self.heard)

        self.qtbot.waitUntil(told)
        return next(one for one in reversed(self.heard) if words in one.text)

    def sees_fault(self, field: Field, words: str) -> None:
        """Wait for a sentence under a field."""
        self.qtbot.waitUntil(lambda: words in field.sentence.text())

    def asks(self, question: Callable[[Work], T]) -> T:
        """Read from the books, past the screen."""
        return self.office.read(question)

    def elsewhere(self, change: Callable[[Work], object]) -> None:
        """Change the books as another workstation would, before the news of it is here."""
        self.office.write(change)

    def dialog(self) -> QWidget:
        """The dialog that has come up, as soon as the keys go to it."""

        def is_in_front() -> bool:
            top, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
            return top is not None and focused is not None and top.isAncestorOf(focused)

        self.qtbot.waitUntil(is_in_front)
        top = QApplication.activeModalWidget()
        assert top is not None
        return top

    def chooses_by_letter(self, field: Field, letter: str) -> None:
        """Go to a choice and type a letter, when what was typed before is forgotten."""
        field.editor.setFocus(Qt.FocusReason.TabFocusReason)
        self.waits(field.editor.hasFocus)
        self.qtbot.wait(QApplication.keyboardInputInterval() + 50)
        self.types(letter)


def open_window(
    qtbot: QtBot,
    desk: Desk,
    folder: Path,
    makers: Mapping[str, Callable[[Shell], QWidget]],
    size: tuple[int, int] = (1440, 900),
) -> MainWindow:
    """Show a window with these screens, in front."""
    window = MainWindow(
        desk, PRACTICE, places(makers), preferences=Preferences(folder / "workstation.ini")
    )
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window
