"""Corrects a payment: its facts, its amount, who paid. Each correction stands under the payment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.payments.correcting import (
    PaymentFacts,
    correct_amount,
    correct_facts,
    correct_payer,
)
from fscdesk.services.payments.detail import WHAT, PaymentDetail
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.payments.line_entry import PaymentMethod
from fscdesk.services.payments.queries import PaymentRow, payment_detail
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.finding_who import Who, WhoDialog
from fscdesk.ui.screens.payments.payment_acts import UNDONE, Done
from fscdesk.ui.screens.payments.wording import sentences, stated
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

LONGEST_REFERENCE = 100


class CorrectingActs(QObject):
    """Facts are corrected in place; amount and payer by reversing and posting again."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today

    def facts(self, payment_id: int) -> None:
        """Ask for method, number, days and memo."""
        self._with(payment_id, self._ask_facts)

    def amount(self, payment_id: int) -> None:
        """Ask how much came."""
        self._with(payment_id, self._ask_amount)

    def payer(self, payment_id: int) -> None:
        """Ask who paid."""
        self._with(payment_id, self._ask_payer)

    def _with(self, payment_id: int, then: Callable[[PaymentDetail], None]) -> None:
        self._shell.desk.ask(
            self,
            lambda work: payment_detail(work, payment_id),
            then,
            self._shell.messages.refused,
        )

    def _ask_facts(self, detail: PaymentDetail) -> None:
        old, row = _facts(detail), detail.row
        dialog = FieldsDialog(
            f"Correct {row.number}",
            "The ledger does not change. The old values, your name and the reason stay with it.",
            ("Save the correction", "Saving…"),
            self._window,
        )

        def day(label: str, value: date | None) -> DateField:
            return DateField(label, value, today=self._today, optional=True)

        reference = TextField("Number", old.reference, longest=LONGEST_REFERENCE, optional=True)
        dialog.row(method=ChoiceField("Method", METHODS, old.method.value), reference=reference)
        dialog.row(
            check_on=day("Day on the check", old.check_on),
            memo=TextField("Memo", old.memo, optional=True),
        )
        dialog.row(reason=reason_field(example="Misread"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _correct_facts,
                    row=row,
                    old=old,
                    new=_typed(dialog),
                    why=str(dialog.value("reason")),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_amount(self, detail: PaymentDetail) -> None:
        row = detail.row
        used = row.amount - row.unapplied
        dialog = FieldsDialog(
            f"Correct the amount of {row.number}",
            sentences(
                "The receipt is reversed and posted again on the same payment.",
                f"{stated(used)} is used, so it is that much at least." if used else "",
            ),
            ("Correct the amount", "Posting…"),
            self._window,
        )
        dialog.row(amount=MoneyField("Amount", row.amount, rule=_above_zero))
        dialog.row(reason=reason_field(example="Misread"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _correct_amount,
                    row=row,
                    new=dialog.value("amount"),
                    why=str(dialog.value("reason")),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_payer(self, detail: PaymentDetail) -> None:
        row = detail.row
        dialog = WhoDialog(
            self._shell,
            f"Who paid {row.number}?",
            f"Everything of it is reversed and posted again. Now it is from {row.from_name}.",
            ("Correct who paid", "Posting…"),
            self._window,
        )
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_correct_payer, row=row, who=dialog.who(), why=dialog.reason.value()),
                self._say,
            )
        )
        open_dialog(dialog)

    def _do(self, dialog: FieldsDialog, act: Callable[[Work], Done]) -> None:
        carry_out(self._shell, dialog, act, self._say)

    def _say(self, done: Done) -> None:
        self._shell.messages.info(done[0], undo=done[1])


def _facts(detail: PaymentDetail) -> PaymentFacts:
    row = detail.row
    return PaymentFacts(row.method, row.reference, row.check_on, detail.memo)


def _typed(dialog: FieldsDialog) -> PaymentFacts:
    held: dict[str, Any] = {name: dialog.value(name) for name in ("reference", "check_on", "memo")}
    return PaymentFacts(method=PaymentMethod(dialog.value("method")), **held)


def _above_zero(amount: Money) -> str:
    return "" if amount.cents > 0 else "The amount of a payment is above 0.00."


def _correct_facts(
    work: Work, *, row: PaymentRow, old: PaymentFacts, new: PaymentFacts, why: str
) -> Done:
    names = correct_facts(work, row.id, new, reason=why, expected_version=row.version)
    if not names:
        return f"{row.number} is as it was: nothing differs.", None
    version = payment_detail(work, row.id).row.version

    def back(work: Work) -> str:
        correct_facts(work, row.id, old, reason=UNDONE, expected_version=version)
        return f"{row.number} is as it was before."

    words = ", ".join(WHAT[name].lower() for name in names)
    return f"{row.number} is corrected: {words}.", Undo(f"the correction of {row.number}", back)


def _correct_amount(work: Work, *, row: PaymentRow, new: Money, why: str) -> Done:
    done = correct_amount(work, row.id, new, reason=why, expected_version=row.version)
    version = payment_detail(work, row.id).row.version
    said = (
        f"{row.number} is {stated(new)} now, was {stated(row.amount)}: {stated(done.applied)}"
        f" used, {stated(new - done.applied)} left."
    )
    if new == row.amount:
        return f"{row.number} is {stated(new)} as before.", None

    def back(work: Work) -> str:
        correct_amount(work, row.id, row.amount, reason=UNDONE, expected_version=version)
        return f"{row.number} is {stated(row.amount)} again."

    return said, Undo(f"the amount of {row.number}", back)


def _correct_payer(work: Work, *, row: PaymentRow, who: Who, why: str) -> Done:
    done = correct_payer(
        work,
        row.id,
        guarantor_id=who.guarantor_id,
        payer_id=who.payer_id,
        patient_id=who.patient_id,
        reason=why,
        expected_version=row.version,
    )
    stays = count_text(len(done.left_open), "charge")
    said = sentences(
        f"{row.number} is from {who.payer} now.",
        f"{stated(done.applied)} is applied as before." if done.applied else "",
        f"{stays} it had paid {'is' if len(done.left_open) == 1 else 'are'} open again."
        if done.left_open
        else "",
    )
    return said, None
