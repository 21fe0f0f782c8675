"""Which key does what in a list, as a table that tests and help can read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent

_Key = Qt.Key
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

LIST_KEYS: Final[dict[QKeyCombination, str]] = {
    QKeyCombination(_Key.Key_Up): "up",
    QKeyCombination(_Key.Key_Down): "down",
    QKeyCombination(_Key.Key_PageUp): "page_up",
    QKeyCombination(_Key.Key_PageDown): "page_down",
    QKeyCombination(_Key.Key_Home): "first",
    QKeyCombination(_Key.Key_End): "last",
    QKeyCombination(_CTRL, _Key.Key_Home): "first",
    QKeyCombination(_CTRL, _Key.Key_End): "last",
    QKeyCombination(_SHIFT, _Key.Key_Up): "extend_up",
    QKeyCombination(_SHIFT, _Key.Key_Down): "extend_down",
    QKeyCombination(_Key.Key_Space): "tick",
    QKeyCombination(_CTRL, _Key.Key_A): "tick_loaded",
    QKeyCombination(_Key.Key_Return): "open",
    QKeyCombination(_Key.Key_Enter): "open",
    QKeyCombination(_CTRL, _Key.Key_C): "copy",
    QKeyCombination(_SHIFT, _Key.Key_F10): "menu",
    QKeyCombination(_Key.Key_Menu): "menu",
}


def act_of(event: QKeyEvent) -> str:
    """Return the name of what a key does in a list, or "" if the list leaves it alone."""
    kept = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
    return LIST_KEYS.get(QKeyCombination(event.modifiers() & ~kept, _Key(event.key())), "")


def typed_text(event: QKeyEvent) -> str:
    """Return what a key types into the find field: letters, digits, signs; never a chord."""
    chords = _CTRL | Qt.KeyboardModifier.MetaModifier
    alt = Qt.KeyboardModifier.AltModifier
    held = event.modifiers()
    alt_gr = bool(held & _CTRL) and bool(held & alt)
    if not alt_gr and (held & chords or held & alt):
        return ""
    text = event.text()
    return text if text.isprintable() and not text.isspace() else ""
