"""Fields for money and for days, with the short ways of typing them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from fscdesk.models.values import Money
from fscdesk.ui.forms.day_entry import move_day, read_day
from fscdesk.ui.forms.fields import LineField, Rule
from fscdesk.ui.forms.money_entry import read_money
from fscdesk.ui.text import day_text, money_text


class MoneyField(LineField):
    """An amount: takes `12.5`, `1,200`, `=100-38.60`, a pasted `$`; shows `1,200.00`."""

    def __init__(
        self,
        label: str,
        value: Money | None = None,
        *,
        optional: bool = False,
        hint: str = "",
        rule: Rule[Money] | None = None,
    ) -> None:
        super().__init__(label, optional=optional, hint=hint)
        self._rule = rule
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.set_value(value)
        self.left.connect(self._settle)

    def value(self) -> Money | None:
        """The amount; None where nothing, or no amount, is typed."""
        try:
            return read_money(self.edit.text())
        except ValueError:
            return None

    def set_value(self, value: Money | None) -> None:
        """Show another amount."""
        self.edit.setText(money_text(value, zero_dash=False))
        self._edited()

    def fault(self) -> str:
        text = self.edit.text().strip()
        if not text:
            return "" if self.optional else self._missing()
        try:
            amount = read_money(text)
        except ValueError as fault:
            return str(fault)
        return self._rule(amount) if self._rule else ""

    def _settle(self) -> None:
        amount = self.value()
        if amount is not None:
            self.edit.setText(money_text(amount, zero_dash=False))


class DayEdit(QLineEdit):
    """A line that holds a day: Up and Down move it by a day, PgUp and PgDn by a month."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (1, 0),
            Qt.Key.Key_Down: (-1, 0),
            Qt.Key.Key_PageUp: (0, 1),
            Qt.Key.Key_PageDown: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        today = self._today()
        try:
            day = move_day(read_day(self.text(), today), days=step[0], months=step[1])
        except ValueError:
            day = today
        self.setText(day_text(day))
        self.selectAll()
        self.textEdited.emit(self.text())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        with suppress(ValueError):  # what is no day stays, with the sentence under it
            self.setText(day_text(read_day(self.text(), self._today())))
        super().focusOutEvent(event)


class DateField(LineField):
    """A day: takes `t`, `+5`, `-1`, `5-2`, `0502`; shows `05/02/2026`.

    `today` is the office's day, in the practice's zone: the computer's is not asked.
    """

    def __init__(
        self,
        label: str,
        value: date | None = None,
        *,
        today: Callable[[], date],
        optional: bool = False,
        hint: str = "",
        rule: Rule[date] | None = None,
    ) -> None:
        self._today = today
        super().__init__(
            label, optional=optional, hint=hint, example="MM/DD/YYYY", edit=DayEdit(today)
        )
        self._rule = rule
        self.set_value(value)

    def value(self) -> date | None:
        """The day; None where nothing, or no day, is typed."""
        try:
            return read_day(self.edit.text(), self._today())
        except ValueError:
            return None

    def set_value(self, value: date | None) -> None:
        """Show another day."""
        self.edit.setText(day_text(value))
        self._edited()

    def fault(self) -> str:
        text = self.edit.text().strip()
        if not text:
            return "" if self.optional else self._missing()
        try:
            day = read_day(text, self._today())
        except ValueError as fault:
            return str(fault)
        return self._rule(day) if self._rule else ""
