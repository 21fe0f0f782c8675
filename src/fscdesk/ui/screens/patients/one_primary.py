"""Keeps one filled button on the account desk, however many parts of it have one of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.form import Form
from fscdesk.ui.tables.detail_pane import DetailPane
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.selection_bar import SelectionBar

PRIMARY: Final = "primary"
_SHOWN = (QEvent.Type.Show, QEvent.Type.Hide)


class OnePrimary(QObject):
    """Of the filled buttons on view the one of the innermost part stays; the others are plain.

    ``inner`` are the parts that come before all others, the first before the next: the
    explanation. Then come ticked rows, then the pane or the form of a tab, then the head; a tab
    that yields has in its pane only ways to other places, so there the head comes before it. What
    was made plain is filled again as soon as the other part is gone.
    """

    def __init__(self, whole: QWidget, inner: Sequence[QWidget]) -> None:
        super().__init__(whole)
        self._whole, self._inner = whole, tuple(inner)
        self._plain: list[Button] = []
        self._watched: set[QObject] = set()
        self._yielding: list[QWidget] = []
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.judge)
        for part in self._inner:
            part.installEventFilter(self)

    def watch(self, part: QWidget, *, yields: bool = False) -> None:
        """Look again whenever something in this tab comes or goes that has a filled button."""
        if yields and part not in self._yielding:
            self._yielding.append(part)
        for pane in part.findChildren(DetailPane):
            if self._new(pane):
                pane.shown.connect(self._soon.start)
        for found in part.findChildren(ListPart):
            if self._new(found):
                found.model.ticks.changed.connect(self._soon.start)
        for bar in part.findChildren(SelectionBar):
            self._new(bar)
        for form in part.findChildren(Form):
            self._new(form.primary)
        self._soon.start()

    def judge(self) -> None:
        """Fill one button, and no other."""
        for button in self._plain:
            if isValid(button):
                button.set_kind(PRIMARY)
        found = [
            one
            for one in self._whole.findChildren(Button)
            if one.property("kind") == PRIMARY and one.isVisible()
        ]
        found.sort(key=self._rank)
        self._plain = found[1:]
        for button in self._plain:
            button.set_kind("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SHOWN:
            self._soon.start()
        return super().eventFilter(watched, event)

    def _new(self, one: QObject) -> bool:
        if one in self._watched:
            return False
        self._watched.add(one)
        one.installEventFilter(self)
        return True

    def _rank(self, button: Button) -> int:
        for at, part in enumerate(self._inner):
            if part.isAncestorOf(button):
                return at
        above = button.parent()
        while above is not None and above is not self._whole:
            if isinstance(above, SelectionBar):
                return len(self._inner)
            if isinstance(above, DetailPane | Form):
                yields = any(part.isAncestorOf(above) for part in self._yielding)
                return len(self._inner) + (3 if yields else 1)
            above = above.parent()
        return len(self._inner) + 2
