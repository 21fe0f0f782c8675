"""What the pane shows of a kind of work: why it waits, and the first things of it by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fscdesk.services.queue.waiting import Waiting
from fscdesk.services.reports.opening import Opens
from fscdesk.ui.forms.card import Card, Scrolled
from fscdesk.ui.screens.queue.line_button import LineButton
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class LinesPage(Scrolled):
    """A page of the pane; it names a few, the place behind it has all.

    What has a place of its own is a line that ``open_it`` goes to.
    """

    def __init__(self, open_it: Callable[[Opens], object], has: Callable[[str], bool]) -> None:
        super().__init__(QWidget(), "What waits")
        self._open, self._has = open_it, has
        self.buttons: tuple[LineButton, ...] = ()

    def show_detail(self, detail: Waiting) -> None:
        """Show another kind."""
        content = QWidget()
        content.setProperty("kind", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 10, 8)
        column.setSpacing(12)
        why = Card(kind="well", margins=(14, 10, 14, 12))
        why.body.setSpacing(4)
        why.body.addWidget(Label("Why", "strong"))
        why.body.addWidget(Label(f"{detail.why}.", wrap=True))
        column.addWidget(why)
        if detail.lines:
            column.addWidget(Label("What is in it", "section"))
            column.addLayout(self._lines(detail))
        column.addStretch(1)
        self.setWidget(content)

    def _lines(self, detail: Waiting) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        buttons = []
        at = 0
        for line in detail.lines:
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
        more = detail.count - len(detail.lines)
        if more > 0:
            grid.addWidget(Label(f"And {count_text(more)} more.", "hint"), at, 0, 1, 2)
        return grid
