"""Finds one record by a few letters and chooses it: another client, another guarantor."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from fscdesk.ui import theme
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import ListSpec

R = TypeVar("R", bound=HasId)
FIND_AFTER_MS = 120
_INTO = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindDialog(Dialog, Generic[R]):
    """A field, the list of what is found, and a verb for the one that is current.

    Typing finds, Down goes on to the rows, Enter chooses. `chosen` is the row, or None.
    """

    def __init__(
        self,
        desk: Desk,
        spec: ListSpec[R],
        title: str,
        sentence: str,
        verbs: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, parent, width=theme.now.size.dialog_medium)
        self.chosen: R | None = None
        self.field = TextField("Find", optional=True, example="Name or number")
        self.list: ListPart[R] = ListPart(desk, spec)
        self.list.setMinimumHeight(theme.now.px(240))
        self.body.addWidget(self.field)
        self.body.addWidget(self.list, 1)
        self.do_it = self.verb(verbs[0], primary=True)
        self.keep_it = self.verb(verbs[1], harmless=True)
        self._pause = QTimer(self, singleShot=True, interval=FIND_AFTER_MS)
        self._pause.timeout.connect(self._find)
        self.field.edit.textEdited.connect(lambda _text: self._pause.start())
        self.field.edit.installEventFilter(self)
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._on_opened)
        self.list.answered.connect(self._on_answered)
        self._on_current(None)
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QLineEdit) and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and event.key() in _INTO and self.list.model.total:
                self.list.view.setFocus()
                return True
            if pressed and event.key() in _ENTER and self._pause.isActive():
                return True  # what is on view is not yet what was typed
        return super().eventFilter(watched, event)

    def _find(self) -> None:
        self.list.go_to(None)
        self.list.filter_by(FilterState(text=self.field.value()))

    def _on_answered(self) -> None:
        if self.list.view.picking.current_id is None and self.list.model.total:
            self.list.view.picking.go(0)

    def _on_current(self, row: R | None) -> None:
        self.chosen = row
        self.do_it.off_because("" if row is not None else "Choose one first")

    def _on_opened(self, row: R) -> None:
        self.chosen = row
        self.accept()
