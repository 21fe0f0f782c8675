"""The first payment of a plan: it stands ready, and is posted together with the plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.payments.plan_entry import FirstPayment
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.text import Label, money_text

LETTERS: Final = MappingProxyType(
    {"k": "check", "c": "card", "d": "debit", "s": "cash", "a": "ach", "o": "online"}
)
"""The letter that chooses how money came: k check, c card, d debit, s cash, a ACH, o online."""
CHECK: Final = "check"


class FirstPaymentStep(QWidget):
    """Amount, method, number, and the button that posts; Enter goes from one to the next."""

    def __init__(self, today: Callable[[], date], post: Button, go: Callable[[], object]) -> None:
        super().__init__()
        self._today = today
        words = dict(METHODS)
        self.amount = MoneyField("Amount", rule=_not_below)
        self.method = ChoiceField("Method", [(key, words[key]) for key in LETTERS.values()])
        hint = " · ".join(f"{letter} {words[key]}" for letter, key in LETTERS.items())
        self.method.set_hint(hint)
        self.number = TextField("Number", longest=60)
        self.received = DateField("Received", today(), today=today, rule=self._not_ahead)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.sentence = Label("", "quiet", wrap=True)
        column.addWidget(Label("First payment", "section"))
        column.addWidget(self.sentence)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        for at, field in enumerate((self.amount, self.method, self.number, self.received)):
            grid.addWidget(field, at // 2, at % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        stops = (self.amount.edit, self.method.combo, self.number.edit, post)
        self.path = EnterPath(stops, go, self)
        self.method.combo.installEventFilter(self)
        self.method.changed.connect(self._on_method)

    def offer(self, amount: Money, method: str, sentence: str) -> None:
        """Stand ready with what is paid at once, by the method that came last."""
        self.amount.set_value(amount)
        self.sentence.setText(sentence)
        if self.method.value() is None and method in LETTERS.values():
            self.method.set_value(method)
        self._on_method()

    def begin(self) -> None:
        """Put the cursor on the amount."""
        self.path.begin()

    def check(self) -> bool:
        """Check what is typed; the first faulty field gets the focus."""
        fields = (self.amount, self.method, self.number, self.received)
        asked = fields if self.amount.value() != ZERO else (self.amount,)
        faulty = [field for field in asked if not field.check()]
        if faulty:
            faulty[0].setFocus()
        return not faulty

    def payment(self) -> FirstPayment:
        """Return the payment that is typed; only after ``check`` said that it is right."""
        amount, received = self.amount.value(), self.received.value()
        assert amount is not None
        return FirstPayment(
            amount, self.method.value() or "", received or self._today(), self.number.value()
        )

    def words(self) -> str:
        """Return the amount in a sentence; nothing while none is typed."""
        amount = self.amount.value()
        return "" if amount is None else money_text(amount, zero_dash=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.method.combo
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        ):
            letter = event.text().casefold()
            if letter in LETTERS:
                if not event.isAutoRepeat():
                    self.method.set_value(LETTERS[letter])
                    self.path.on_from(self.method.combo)
                return True
            if letter.isalpha():
                return True  # a letter that stands for nothing chooses nothing
        return super().eventFilter(watched, event)

    def _on_method(self) -> None:
        checks = self.method.value() == CHECK
        self.number.optional = not checks
        self.number.set_hint("Of the check." if checks else "Where there is one.")

    def _not_ahead(self, day: date) -> str:
        return "" if day <= self._today() else f"{day:%m/%d/%Y} has not come yet."


def _not_below(amount: Money) -> str:
    return "" if amount >= ZERO else "This is below 0.00."
