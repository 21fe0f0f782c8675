"""The count of notes and coins: how many of each, their sum, and what it is off by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.cash_count import NOTES, cash_total
from fscdesk.ui import theme
from fscdesk.ui.screens.payments.wording import stated
from fscdesk.ui.text import Label, money_text

COINS: Final = (50, 25, 10, 5, 1)
"""A dollar coin counts as a dollar note."""
_MOST_DIGITS: Final = 6
_ACROSS: Final = 3


class CountEdit(QLineEdit):
    """How many of one note or coin: digits alone; Up, Down and Enter go to its neighbours."""

    step = Signal(int)

    def __init__(self, value: int) -> None:
        super().__init__()
        self.value = value
        self.setMaxLength(_MOST_DIGITS)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        what = "bills" if value >= Money(1_00).cents else "coins"
        self.setAccessibleName(f"Number of {Money(value)} {what}")

    def number(self) -> int:
        """Return how many are typed; 0 for nothing."""
        text = self.text().strip()
        return int(text) if text.isascii() and text.isdigit() else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Return: 1,
            Qt.Key.Key_Enter: 1,
        }
        step = moves.get(Qt.Key(event.key()))
        keypad = Qt.KeyboardModifier.KeypadModifier
        if step is not None and not event.modifiers() & ~keypad:
            self.step.emit(step)
        elif event.text().isprintable() and event.text() and not event.text().isdigit():
            event.accept()  # only digits are typed here
        else:
            super().keyPressEvent(event)


class CountForm(QWidget):
    """Bills at the left, coins at the right, the sums below. Nothing typed: nobody counted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edits: dict[int, CountEdit] = {}
        self._sums: dict[int, Label] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for across, (title, values) in enumerate((("Bills", NOTES), ("Coins", COINS))):
            grid.addWidget(Label(title, "label"), 0, across * _ACROSS, 1, 2)
            for down, value in enumerate(values, 1):
                self._row(grid, down, across * _ACROSS, value)
            grid.setColumnStretch(across * _ACROSS + 2, 1)
        self.told = Label("", "body", wrap=True)
        self.off = Label("", "strong", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addWidget(self.told)
        column.addWidget(self.off)
        column.addStretch(1)
        for edit in self.edits.values():
            edit.step.connect(self._on_step)

    def count(self) -> dict[int, int]:
        """Return what was counted, by value in cents; empty where nothing is typed."""
        return {value: edit.number() for value, edit in self.edits.items() if edit.number()}

    def show_count(self, count: Mapping[int, int], cash: Money) -> None:
        """Show a count beside the cash that the payments are."""
        for value, edit in self.edits.items():
            number = count.get(value, 0)
            if edit.number() != number:
                edit.setText(str(number) if number else "")
        self.judge(cash)

    def judge(self, cash: Money) -> None:
        """Say what was counted, what the payments are, and the difference by name."""
        count = self.count()
        for value, label in self._sums.items():
            number = count.get(value, 0)
            label.setText(money_text(Money(value * number)) if number else "")
        counted = cash_total(count)
        self.told.setText(f"Counted {stated(counted)}. Cash payments {stated(cash)}.")
        off = counted - cash
        if not count:
            words = "Not counted yet." if cash else "There is no cash in this deposit."
        elif off:
            words = f"{stated(abs(off))} too {'much' if off > ZERO else 'little'}."
        else:
            words = "The count is right."
        self.off.setText(words)

    def _row(self, grid: QGridLayout, down: int, across: int, value: int) -> None:
        edit = self.edits[value] = CountEdit(value)
        edit.setFixedWidth(theme.now.px(54))
        edit.textChanged.connect(lambda _text: self.changed.emit())
        name = Label(f"{Money(value)} ×", "quiet")
        name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        total = self._sums[value] = Label("", "quiet")
        total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for place, part in enumerate((name, edit, total)):
            grid.addWidget(part, down, across + place)

    def _on_step(self, step: int) -> None:
        edits = list(self.edits.values())
        at = next(place for place, edit in enumerate(edits) if edit is self.sender())
        to = edits[max(0, min(len(edits) - 1, at + step))]
        to.setFocus(Qt.FocusReason.TabFocusReason)
        to.selectAll()
