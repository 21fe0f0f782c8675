"""Asks for a refund: out of which money, how much, by which method, why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.payments.queries import CreditRow
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, reason_field
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screens.payments.wording import by_method, kind_word, stated


def refund_dialog(
    free: Sequence[CreditRow],
    alone: Money,
    today: Callable[[], date],
    parent: QWidget | None = None,
) -> FieldsDialog:
    """Return the dialog for money of one payment. ``alone``: up to this no second person is asked.

    Fields: credit (where there are several), amount, found_on, method, method_reason, reason.
    """
    first = free[0]
    came = first.method.value if first.method is not None else ""
    dialog = FieldsDialog(
        f"Give money of {first.owner} back",
        f"It goes to who paid {first.payment_number}, {by_method(came)} as it came."
        f" Above {stated(alone)} a second person approves it before it is paid.",
        ("Ask for the refund", "Asking…"),
        parent,
    )

    def least() -> Money:
        chosen = dialog.value("credit") or first.id
        return next(one.free for one in free if one.id == chosen)

    def fits(amount: Money) -> str:
        if amount.cents <= 0:
            return "The amount to give back is above 0.00."
        return "" if amount <= least() else f"{stated(least())} is free of this money."

    def another() -> None:
        other = dialog.value("method") != came
        dialog.field("method_reason").setVisible(other)
        dialog.fit()

    amount = MoneyField("Amount", first.free, rule=fits)
    if len(free) > 1:
        words = [
            (one.id or 0, f"{one.owner}, {kind_word(one.kind).lower()}, {stated(one.free)}")
            for one in free
        ]
        choice = ChoiceField("Out of", words, first.id)
        choice.changed.connect(lambda: amount.set_value(least()))
        dialog.row(credit=choice)
    found = DateField("Found on", today(), today=today, hint="Starts the clock.")
    dialog.row(amount=amount, found_on=found)
    method = ChoiceField("Method", METHODS, came or None)
    dialog.row(method=method)
    dialog.row(method_reason=reason_field("Why by another method"))
    dialog.row(reason=reason_field(example="Paid twice"))
    dialog.field("method_reason").hide()
    method.changed.connect(another)
    return dialog
