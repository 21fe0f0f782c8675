"""The note of a thing, written in its pane: it is kept when the field is left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.queue.listing_items import QueueItem
from fscdesk.ui.forms.fields import NoteField

_LINES = 3


class ItemNote(QWidget):
    """Esc takes back what was typed; leaving the field or Ctrl+S keeps it."""

    def __init__(self, keep: Callable[[QueueItem, str], object]) -> None:
        super().__init__()
        self._keep = keep
        self._item: QueueItem | None = None
        self.field = NoteField("Note", optional=True, lines=_LINES)
        self.field.edit.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)

    def show_item(self, item: QueueItem) -> None:
        """Show the note of a thing; what is being typed about this very thing stays."""
        same = self._item is not None and self._item.key == item.key
        typing = same and self.changed()
        if not same:
            self.keep()
        self._item = item
        self.field.setEnabled(item.named)
        if not typing:
            self.field.set_value(item.note)

    def changed(self) -> bool:
        """Return whether something was typed that is not kept."""
        return self._item is not None and self.field.value() != self._item.note.strip()

    def keep(self) -> None:
        """Keep what was typed, if anything."""
        item = self._item
        if item is not None and self.changed():
            self._item = None  # until it is read again
            self._keep(item, self.field.value())

    def take_back(self) -> None:
        """Show the note as it is kept."""
        if self._item is not None:
            self.field.set_value(self._item.note)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.keep()
        elif (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.take_back()
        return super().eventFilter(watched, event)
