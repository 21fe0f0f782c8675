"""Commands: actions with a key, menus that fit the sheet, and the table of all keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from fscdesk.ui import icons
from fscdesk.ui.screen import Screen
from fscdesk.ui.text import key_text


def action(
    owner: QWidget | QObject,
    text: str,
    on: Callable[[], object],
    key: str | tuple[str, ...] = "",
    icon: str = "",
    *,
    repeats: bool = False,
) -> QAction:
    """Make a command and give it to its owner, where Ctrl+K and Ctrl+/ find it.

    `key` works while the owner or something in it has the focus; for the window, everywhere. A
    key that is held down runs it once, unless it `repeats` (moving, not doing).
    """
    made = QAction(text, owner)
    keys = (key,) if isinstance(key, str) else key
    made.setShortcuts([QKeySequence(one) for one in keys if one])
    made.setAutoRepeat(repeats)
    made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if icon:
        made.setIcon(icons.icon(icon))
    made.triggered.connect(lambda _checked=False: on())
    if isinstance(owner, QWidget):
        owner.addAction(made)
    return made


def off_because(command: QAction, reason: str) -> None:
    """Switch a command off, with its reason for the tooltip; an empty reason turns it on."""
    command.setEnabled(not reason)
    command.setStatusTip(reason)


class Menu(QMenu):
    """A menu with the sheet's round corners."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=True)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint, on=True)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def add(self, text: str, on: Callable[[], object], icon: str = "", key: str = "") -> QAction:
        """Add a line that does something; `key` is only shown."""
        made = self.addAction(f"{text}\t{key_text(key)}" if key else text)
        if icon:
            made.setIcon(icons.icon(icon))
        made.triggered.connect(lambda _checked=False: on())
        return made


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the key table."""

    group: str
    words: str
    key: str


def shown_key(command: QAction) -> str:
    """The key of a command as it is shown, in this system's words."""
    sequence = command.shortcut()
    return key_text(sequence.toString(QKeySequence.SequenceFormat.NativeText))


def key_lines(group: str, commands: Iterable[QAction]) -> list[KeyLine]:
    """The commands that have a key and can be used now."""
    return [
        KeyLine(group, plain(command), shown_key(command))
        for command in commands
        if not command.shortcut().isEmpty() and command.isEnabled() and command.isVisible()
    ]


def plain(command: QAction) -> str:
    """A command's words without the mark of its mnemonic."""
    return command.text().replace("&", "")


def clashes(window: QWidget, screen: QWidget | None = None) -> list[str]:
    """Keys that two enabled commands claim: Qt would run neither. Tests expect none.

    Raises nothing; a screen's own commands are compared with the window's.
    """
    claimed: Counter[str] = Counter()
    owners = [window] if screen is None else [window, screen]
    for owner in owners:
        for command in owner.actions():
            if command.isEnabled():
                claimed.update({one.toString() for one in command.shortcuts()})
    return sorted(key for key, count in claimed.items() if key and count > 1)


def commands_of(screen: QWidget | None) -> list[QAction]:
    """What a screen offers now: its own commands, and its primary act if that is another."""
    if screen is None:
        return []
    found = [one for one in screen.actions() if one.text() and not one.isSeparator()]
    primary = screen.primary() if isinstance(screen, Screen) else None
    if primary is not None and primary not in found:
        found.insert(0, primary)
    return [one for one in found if one.isEnabled() and one.isVisible()]
