"""A page of the pane that lists facts: words, a fact below them, an amount at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.text import Label, money_text

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line; ``heading`` begins a group."""

    words: str
    fact: str = ""
    amount: Money | None = None
    heading: bool = False


class FactsPage(Scrolled):
    """Shows what ``lines`` makes of a detail."""

    def __init__(self, name: str, lines: Callable[[Any], Sequence[FactLine]]) -> None:
        super().__init__(QWidget(), name)
        self._lines = lines

    def show_detail(self, detail: Any) -> None:
        """Show another record."""
        content = QWidget()
        content.setProperty("kind", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 10, 8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for at, line in enumerate(self._lines(detail)):
            if line.heading:
                grid.addWidget(Label(line.words, "section"), 3 * at, 0, 1, 2)
                grid.setRowMinimumHeight(3 * at + 2, 4)
                continue
            grid.addWidget(Label(line.words, wrap=True), 3 * at, 0)
            if line.amount is not None:
                shown = Label(money_text(line.amount, zero_dash=False))
                grid.addWidget(shown, 3 * at, 1, _RIGHT)
            if line.fact:
                grid.addWidget(Label(line.fact, "hint", wrap=True), 3 * at + 1, 0, 1, 2)
            grid.setRowMinimumHeight(3 * at + 2, 6)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(content)
