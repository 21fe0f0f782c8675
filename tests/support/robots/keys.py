"""A person at the keyboard, with a stopwatch: every key is logged and priced by KLM.

The model is Card, Moran and Newell's (CACM 23(7), 1980), counted as for the tools that we are
compared with: K for a key (Ctrl, Shift and Alt are keys of their own), M for a thought, P for
pointing, H for a hand that leaves the keys. Nothing is priced for waiting: that is the program's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.ui.main_window import MainWindow

KEY, THINK, POINT, CLICK, HAND = 0.28, 1.35, 1.10, 0.20, 0.40
_HELD: Final = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.MetaModifier,
)
_MOUSE: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Wheel,
        QEvent.Type.Drop,
    }
)


@dataclass
class KeyLog:
    """What a person did. An act is one key, one chord, or one click."""

    keys: int = 0
    acts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    clicks: int = 0

    @property
    def seconds(self) -> float:
        """How long a practised person needs, without the program's own time."""
        by_mouse = self.clicks * (POINT + CLICK) + (2 * HAND if self.clicks else 0)
        return round(self.keys * KEY + len(self.thoughts) * THINK + by_mouse, 2)

    def told(self) -> str:
        """The log in one line, for a test that fails."""
        return (
            f"{len(self.acts)} acts ({' '.join(self.acts)}), {self.keys} K, "
            f"{len(self.thoughts)} M, {self.clicks} clicks: {self.seconds} s"
        )


class KeyRobot(QObject):
    """Presses keys on whatever has the focus, and counts them. Base of the robots of flows.

    Real mouse events anywhere in the program are counted as well, whoever sends them, and so are
    the screens that come to the front after the first.
    """

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(window)
        self.qtbot, self.window = qtbot, window
        self.log = KeyLog()
        self.screens: list[QWidget] = []
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        window.sheet.stack.currentChanged.connect(self._on_screen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() in _MOUSE and event.spontaneous() and watched.isWidgetType():
            self.log.clicks += 1
        return False

    def begins(self) -> None:
        """Start the count: what was before was only the way to here."""
        self.log, self.screens = KeyLog(), []

    def presses(self, *keys: str) -> None:
        """Press keys or chords, one after the other: `presses("Ctrl+I", "Return")`."""
        for words in keys:
            combination = _combination(words)
            held = combination.keyboardModifiers()
            self.log.acts.append(words)
            self.log.keys += 1 + sum(bool(held & one) for one in _HELD)
            QTest.keyClick(self.target(), combination.key(), held)

    def types(self, words: str) -> None:
        """Type words, one key for each letter."""
        self.log.acts += list(words)
        self.log.keys += len(words) + sum(letter.isupper() for letter in words)
        QTest.keyClicks(self.target(), words)

    def thinks(self, why: str) -> None:
        """Note one thought: a start, a value read, a line compared, a last look."""
        self.log.thoughts.append(why)

    def holds(self, keys: str, times: int = 5) -> None:
        """Hold a key down: the presses that the keyboard repeats by itself."""
        key = _combination(keys).key()
        words = "\r" if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else keys.lower()
        for _ in range(times):
            event = QKeyEvent(
                QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, words, autorep=True
            )
            QApplication.sendEvent(self.target(), event)

    def target(self) -> QWidget:
        """What the keys go to."""
        return QApplication.focusWidget() or self.window

    def waits(self, for_what: object, timeout: int = 20_000) -> None:
        """Wait until a condition holds; the person's clock stands."""
        assert callable(for_what)
        self.qtbot.waitUntil(for_what, timeout=timeout)

    def _on_screen(self, _at: int) -> None:
        front = self.window.screen_in_front()
        if front is not None and front not in self.screens:
            self.screens.append(front)


def _combination(words: str) -> QKeyCombination:
    """The first key of a sequence: Qt's types forget that it can be indexed."""
    sequence: Any = QKeySequence(words)
    found: QKeyCombination = sequence[0]
    return found
