"""Whose Ctrl+Z is: of the text that has the focus, or of the last act. What came later goes first.

Qt's lines and texts take the key in any case, even with nothing of theirs to undo; the last act
could then not be undone from the field in which the cursor stands.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from fscdesk.ui.forms.fields import undoes_itself


class UndoKey(QObject):
    """Follows the focus of a window; leaves the key to the window where the text has none."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at_act: tuple[int, str] | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def note(self) -> None:
        """Remember what stands in the text in front: an act was done, it was typed before."""
        self._at_act = _standing(QApplication.focusWidget())

    def forget(self) -> None:
        """The act was undone: what was typed before it is what was done last now."""
        self._at_act = None

    def is_texts_own(self) -> bool:
        """Whether Ctrl+Z takes back typing just now."""
        focused = QApplication.focusWidget()
        if not undoes_itself(focused):
            return False
        return self._at_act is None or _standing(focused) != self._at_act

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.is_texts_own()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(old, QLineEdit | QPlainTextEdit):
            old.removeEventFilter(self)
        if isinstance(new, QLineEdit | QPlainTextEdit) and new.window() is self._window:
            new.installEventFilter(self)


def _standing(widget: QWidget | None) -> tuple[int, str] | None:
    """Return which text it is and what stands in it, or None where it is none that was typed in."""
    if not undoes_itself(widget):
        return None
    if isinstance(widget, QLineEdit):
        return id(widget), widget.text()
    return (id(widget), widget.toPlainText()) if isinstance(widget, QPlainTextEdit) else None
