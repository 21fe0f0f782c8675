"""What the pane shows of a thing: why it waits, the way out, what is in it, its note."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fscdesk.services.queue.items import Line, Step
from fscdesk.services.queue.listing_items import QueueItem
from fscdesk.services.reports.opening import Opens
from fscdesk.ui.forms.card import Card, Scrolled
from fscdesk.ui.screens.queue.item_note import ItemNote
from fscdesk.ui.screens.queue.line_button import LineButton
from fscdesk.ui.screens.queue.step_mark import StepMark
from fscdesk.ui.text import ElidedLabel, Label, money_text

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class ItemPage(Scrolled):
    """A page of the pane. What has a place of its own is a line that ``open_it`` goes to."""

    def __init__(
        self,
        open_it: Callable[[Opens], object],
        has: Callable[[str], bool],
        keep_note: Callable[[QueueItem, str], object],
    ) -> None:
        content = QWidget()
        content.setProperty("kind", "page")
        super().__init__(content, "What waits")
        self._open, self._has = open_it, has
        self.buttons: tuple[LineButton, ...] = ()
        self.note = ItemNote(keep_note)
        self._told: QWidget | None = None
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 10, 8)
        self._column.setSpacing(12)
        self._column.addWidget(self.note)
        self._column.addStretch(1)

    def show_detail(self, detail: QueueItem) -> None:
        """Show another thing, or the same one anew."""
        if self._told is not None:
            self._column.removeWidget(self._told)
            self._told.hide()
            self._told.deleteLater()
        self._told = self._tell(detail)
        self._column.insertWidget(0, self._told)
        self._told.show()
        self.note.show_item(detail)

    def _tell(self, item: QueueItem) -> QWidget:
        told = QWidget()
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        why = Card(kind="well", margins=(14, 10, 14, 12))
        why.body.setSpacing(4)
        why.body.addWidget(Label("Why", "strong"))
        why.body.addWidget(Label(item.why, wrap=True))
        column.addWidget(why)
        if item.steps:
            column.addWidget(Label("Do", "section"))
            column.addLayout(_steps(item.steps))
        self.buttons = ()
        if item.lines:
            column.addWidget(Label("What is in it", "section"))
            column.addLayout(self._lines(item.lines))
        return told

    def _lines(self, lines: tuple[Line, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        buttons = []
        at = 0
        for line in lines:
            opens = line.opens
            if opens is not None and self._has(opens.place):
                button = LineButton(line, partial(self._open, opens))
                buttons.append(button)
                grid.addWidget(button, at, 0, 1, 2)
                at += 1
                continue
            grid.addWidget(ElidedLabel(line.words), at, 0)
            grid.addWidget(Label(money_text(line.amount)), at, 1, _RIGHT)
            if line.fact:
                grid.addWidget(ElidedLabel(line.fact, "hint"), at + 1, 0, 1, 2)
            grid.setRowMinimumHeight(at + 2, 8)
            at += 3
        self.buttons = tuple(buttons)
        return grid


def _steps(steps: tuple[Step, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(1, 1)
    for place, step in enumerate(steps):
        at = place * 3
        mark = StepMark(place + 1, done=step.done)
        grid.addWidget(mark, at, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(step.words, "strong", wrap=True), at, 1)
        if step.fact:
            grid.addWidget(Label(step.fact, "hint", wrap=True), at + 1, 1)
        grid.setRowMinimumHeight(at + 2, 8)
    return grid
