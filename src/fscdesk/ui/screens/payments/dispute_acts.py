"""Disputes of card payments: a part that is charged back, one that is won, the last undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.payments.disputing import (
    charge_back_part,
    left_of,
    take_dispute_back,
    taken_of,
    win_dispute,
)
from fscdesk.services.payments.policies import returned_fee
from fscdesk.services.payments.queries import PaymentRow, payment_detail
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.wording import sentences, stated
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

BY_CARD: Final = frozenset({"card", "debit", "online", "plan"})
UNDONE: Final = "Taken back at once"
Done = tuple[str, Undo | None]


class _Facts(NamedTuple):
    """A payment, what the bank took of it and did not give again, what is left, and the fee.

    The fee is that of the practice; what was refunded is not left.
    """

    row: PaymentRow
    taken: Money
    left: Money
    fee: Money


class DisputeActs(QObject):
    """The acts on a disputed payment. Figures are read again before each question is put."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today

    def part(self, payment_id: int) -> None:
        """Ask what part the bank took back, and record it."""
        self._with(payment_id, self._ask_part)

    def won(self, payment_id: int) -> None:
        """Ask when the money came again, and record it."""
        self._with(payment_id, self._ask_won)

    def take_back(self, payment_id: int) -> None:
        """Ask why the last act on a dispute was a mistake, and take it back."""
        self._with(payment_id, self._ask_back)

    def _with(self, payment_id: int, then: Callable[[_Facts], None]) -> None:
        def facts(work: Work) -> _Facts:
            row = payment_detail(work, payment_id).row
            taken, left = taken_of(work, payment_id), left_of(work, payment_id)
            return _Facts(row, taken, left, returned_fee(work))

        self._shell.desk.ask(self, facts, then, self._shell.messages.refused)

    def _ask_part(self, facts: _Facts) -> None:
        row, left = facts.row, facts.left
        if left <= ZERO:
            self._shell.messages.note(f"Nothing of {row.number} is left to be charged back.")
            return
        dialog = FieldsDialog(
            f"A part of {row.number} was charged back",
            f"{stated(left)} of it is with the practice. What was not applied goes first, then"
            " what was applied last.",
            ("Record the chargeback", "Posting…"),
            self._window,
        )
        day = DateField("Bank's day", self._today(), today=self._today)
        hint = "A charge of its own; empty or 0.00 for none."
        dialog.row(on=day, amount=MoneyField("Charged back", None))
        dialog.row(fee=MoneyField("Fee", facts.fee or None, optional=True, hint=hint))
        dialog.row(reason=reason_field(example="The client disputes one session"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _part,
                    row=row,
                    amount=dialog.value("amount"),
                    on=dialog.value("on"),
                    fee=dialog.value("fee") or ZERO,
                    why=dialog.value("reason"),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_won(self, facts: _Facts) -> None:
        row = facts.row
        if facts.taken <= ZERO:
            self._shell.messages.note(f"Nothing of {row.number} is charged back.")
            return
        dialog = FieldsDialog(
            f"The dispute of {row.number} is won",
            f"{stated(facts.taken)} is charged back. What the payment had paid and is open is paid"
            " again, the rest is a credit. The fee that the client was charged is taken off once"
            " all came again.",
            ("Record that it came again", "Posting…"),
            self._window,
        )
        day = DateField("Bank's day", self._today(), today=self._today)
        dialog.row(on=day, amount=MoneyField("Came again", facts.taken))
        dialog.row(reason=reason_field(example="Evidence accepted"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _won,
                    row=row,
                    amount=dialog.value("amount"),
                    on=dialog.value("on"),
                    why=dialog.value("reason"),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_back(self, facts: _Facts) -> None:
        row = facts.row
        dialog = FieldsDialog(
            f"Take the last act on the dispute of {row.number} back",
            "A part that was charged back is a credit again, without its fee; what came again is"
            " gone again, and a fee that went with it is charged again.",
            ("Take it back", "Posting…"),
            self._window,
        )
        dialog.row(reason=reason_field(example="It was another payment"))
        dialog.wanted.connect(
            lambda: self._do(dialog, partial(_back, row=row, why=dialog.value("reason")))
        )
        open_dialog(dialog)

    def _do(self, dialog: FieldsDialog, act: Callable[[Work], Done]) -> None:
        carry_out(
            self._shell,
            dialog,
            act,
            lambda done: self._shell.messages.info(done[0], undo=done[1]),
        )


def why_not_disputed(row: PaymentRow) -> str:
    """Return why nothing can be recorded of a dispute of a payment, or ""."""
    if row.method.value not in BY_CARD:
        return "Only card payments are charged back."
    return f"{row.number} was voided." if row.status.value == "voided" else ""


def why_no_part(row: PaymentRow) -> str:
    """Return why no part of a payment can be charged back, or ""."""
    if row.status.value == "returned":
        return f"All of {row.number} was charged back already."
    return why_not_disputed(row)


def _part(work: Work, *, row: PaymentRow, amount: Money, on: date, fee: Money, why: str) -> Done:
    done = charge_back_part(
        work,
        row.id,
        amount,
        on=on,
        reason=why,
        expected_version=row.version,
        fee=fee,
    )
    opened = count_text(len(done.reopened), "charge is", "charges are")
    said = sentences(
        f"{stated(amount)} of {row.number} was charged back on {day_text(on)}.",
        f"{opened} open again." if done.reopened else "",
        f"The fee of {stated(done.fee)} is charged." if done.fee else "",
    )
    return said, _undo(row, "the chargeback")


def _won(work: Work, *, row: PaymentRow, amount: Money, on: date, why: str) -> Done:
    done = win_dispute(
        work,
        row.id,
        on=on,
        reason=why,
        expected_version=row.version,
        amount=amount,
    )
    paid = count_text(len(done.paid), "charge is", "charges are")
    said = sentences(
        f"{stated(done.amount)} of {row.number} came again on {day_text(on)}.",
        f"{paid} paid by it again." if done.paid else "It is a credit: apply it to what is open.",
    )
    return said, _undo(row, "what came again")


def _back(work: Work, *, row: PaymentRow, why: str) -> Done:
    return _taken_back(work, row, why), None


def _undo(row: PaymentRow, what: str) -> Undo:
    return Undo(f"{what} of {row.number}", lambda work: _taken_back(work, row, UNDONE))


def _taken_back(work: Work, row: PaymentRow, why: str) -> str:
    now = payment_detail(work, row.id).row
    take_dispute_back(work, row.id, reason=why, expected_version=now.version)
    return f"The last act on the dispute of {row.number} is taken back."
