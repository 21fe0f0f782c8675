"""Enter as the way on: from field to field in the order of a paper, then to the button."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EnterPath(QObject):
    """Leads Enter through fields to the last stop, a button, on which it does what that says.

    A key that is held down goes no further and does nothing.
    """

    def __init__(
        self, stops: Sequence[QWidget], act: Callable[[], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stops, self._act = tuple(stops), act
        for stop in self._stops:
            stop.installEventFilter(self)

    def begin(self) -> None:
        """Put the cursor into the first field, with what stands there marked."""
        self._go(self._stops[0])

    def on_from(self, stop: QWidget) -> None:
        """Go on from a field, as Enter does."""
        later = self._stops[self._stops.index(stop) + 1 :]
        for one in later:
            if one.isEnabled() and one.isVisible():
                self._go(one)
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in _ENTER or held or not isinstance(watched, QWidget):
            return super().eventFilter(watched, event)
        if not event.isAutoRepeat():
            if watched is self._stops[-1]:
                self._act()
            else:
                self.on_from(watched)
        return True

    def _go(self, stop: QWidget) -> None:
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(stop, QLineEdit):
            stop.selectAll()
