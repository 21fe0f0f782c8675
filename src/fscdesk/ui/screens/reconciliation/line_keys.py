"""The keys of the bank's rows beyond those of every list: Q holds, a digit chooses a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from fscdesk.services.banking.bank_sheet import SheetRow
from fscdesk.ui.messages import Messages
from fscdesk.ui.tables.view import ListView

ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NOTHING_CHOSEN: Final = "No line is chosen. Choose one with the arrows first."
NO_SET: Final = "No set waits here. Ctrl+F finds an amount."


class LineKeys(QObject):
    """Takes these keys on the rows as a card would, and no Enter that is held down.

    ``hold`` is told the row of a Q; ``mark`` the row and the place of the card that a digit names.
    """

    def __init__(
        self,
        view: ListView[SheetRow],
        messages: Messages,
        hold: Callable[[SheetRow], object],
        mark: Callable[[SheetRow, int], object],
    ) -> None:
        super().__init__(view)
        self._view, self._messages = view, messages
        self._hold, self._mark = hold, mark
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self.takes(event)
        return super().eventFilter(watched, event)

    def takes(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; False for one that belongs to the list or the pane."""
        key, row = Qt.Key(event.key()), self._view.picking.current_row
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        digit = int(event.text()) if event.text().isdecimal() else None
        if key in ENTER and not held and (event.isAutoRepeat() or row is None):
            self._says_nothing_chosen(event, row)
            return True
        if held or (key != Qt.Key.Key_Q and digit is None):
            return False
        if event.isAutoRepeat():
            return True
        if row is None:
            self._says_nothing_chosen(event, row)
        elif digit is None:
            self._hold(row)
        elif 0 < digit <= len(row.sets or row.returns):
            self._mark(row, digit - 1)
        else:
            self._messages.note(NO_SET)
        return True

    def _says_nothing_chosen(self, event: QKeyEvent, row: SheetRow | None) -> None:
        if row is None and not event.isAutoRepeat():
            self._messages.note(NOTHING_CHOSEN)
