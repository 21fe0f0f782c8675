"""What the pane shows of a kind of work: why it waits, and the first things of it by name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fscdesk.services.queue.waiting import Waiting
from fscdesk.ui.forms.card import Card, Scrolled
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class LinesPage(Scrolled):
    """A page of the pane; it names a few, the place behind it has all."""

    def __init__(self) -> None:
        super().__init__(QWidget(), "What waits")

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
            column.addLayout(_lines(detail))
        column.addStretch(1)
        self.setWidget(content)


def _lines(detail: Waiting) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(0, 1)
    at = 0
    for line in detail.lines:
        grid.addWidget(ElidedLabel(line.words), at, 0)
        grid.addWidget(Label(money_text(line.amount)), at, 1, _RIGHT)
        if line.fact:
            grid.addWidget(ElidedLabel(line.fact, "hint"), at + 1, 0, 1, 2)
        grid.setRowMinimumHeight(at + 2, 8)
        at += 3
    more = detail.count - len(detail.lines)
    if more > 0:
        grid.addWidget(Label(f"And {count_text(more)} more.", "hint"), at, 0, 1, 2)
    return grid
