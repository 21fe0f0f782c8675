"""A line by which the bank took a payment back: its return is recorded, and matched with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.banking.bank_sheet import BankSheet, Returnable, SheetRow
from fscdesk.services.payments.detail import PaymentDetail
from fscdesk.services.payments.policies import returned_fee
from fscdesk.services.payments.queries import payment_detail
from fscdesk.services.remittances.returned_lines import (
    ReturnOfLine,
    record_return,
    take_return_back,
)
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import (
    LONGEST_REASON,
    FieldsDialog,
    carry_out,
    open_dialog,
)
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.wording import open_again, sentences
from fscdesk.ui.screens.reconciliation.set_choices import CardWords
from fscdesk.ui.screens.reconciliation.words import stated
from fscdesk.ui.text import day_text
from fscdesk.ui.undo import Undo

MOST_REASON = 120
"""A remittance that is undone with the return keeps no longer one."""


class Returning(QObject):
    """Asks for fee and reason, then records it. ``done`` comes when a line was decided."""

    done = Signal()

    def __init__(
        self, shell: Shell, window: QWidget, sheet: Callable[[], BankSheet | None]
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._sheet = shell, window, sheet

    def ask(self, row: SheetRow, at: int) -> None:
        """Ask whether a line is the return of one of its payments, and what it costs."""
        one, sheet = row.returns[at], self._sheet()
        if sheet is None:
            return
        self._shell.desk.ask(
            self,
            lambda work: (payment_detail(work, one.payment_id), returned_fee(work)),
            lambda found: self._open(sheet.account_id, row, one, *found),
            self._shell.messages.refused,
        )

    def _open(
        self, account_id: int, row: SheetRow, one: Returnable, detail: PaymentDetail, fee: Money
    ) -> None:
        dialog = FieldsDialog(
            f"{one.number} of {stated(one.amount)} came back",
            sentences(
                f"{facts_of(one)}.",
                f"The return has the bank’s day, {day_text(row.on)}, and is matched with this"
                " line.",
                open_again(detail.applications).replace("Open again", "Open again then"),
            ),
            ("Record the return", "Posting…"),
            self._window,
        )
        if detail.row.guarantor_id is not None:
            hint = "A charge of its own; empty or 0.00 for none."
            dialog.row(fee=MoneyField("Fee", fee or None, optional=True, hint=hint))
        reason = f"The bank: {row.bank_words}"[:MOST_REASON]
        dialog.row(reason=TextField("Reason", reason, longest=LONGEST_REASON))

        def act(work: Work) -> ReturnOfLine:
            wanted = None if detail.row.guarantor_id is None else dialog.value("fee") or Money()
            return record_return(
                work,
                account_id,
                row.line_ids[0],
                one.payment_id,
                reason=str(dialog.value("reason")),
                fee=wanted,
            )

        dialog.wanted.connect(
            lambda: carry_out(self._shell, dialog, act, lambda done: self._said(done, detail))
        )
        open_dialog(dialog)

    def _said(self, done: ReturnOfLine, detail: PaymentDetail) -> None:
        words = sentences(
            f"{done.number}, {stated(done.amount)}, was returned on {day_text(done.on)} and is"
            " matched.",
            open_again(detail.applications),
            f"The fee of {stated(done.returned.fee)} is charged." if done.returned.fee else "",
            f"Its check had also settled other things: {done.undone} was undone with it."
            if done.undone
            else "",
        )

        def back(work: Work) -> str:
            take_return_back(work, done)
            return (
                f"The return of {done.number} is taken back and the line is open again:"
                f" {stated(done.amount)} is a credit. Apply it to what is open."
            )

        undo = None if done.undone else Undo(f"the return of {done.number}", back)
        self._shell.messages.info(words, undo=undo)
        self.done.emit()


def facts_of(one: Returnable) -> str:
    """Return whose payment it is, its check, and the deposit that it went in."""
    into = f" in {one.deposit}" if one.deposit else ""
    parts = (one.who, check_of(one), f"deposited {day_text(one.deposited_on)}{into}")
    return ", ".join(part for part in parts if part)


def card_of(one: Returnable, amount: Money, *, named: bool) -> CardWords:
    """Return the card of a payment that may have come back, its number first."""
    into = f" in {one.deposit}" if one.deposit else ""
    told = f"{check_of(one)}, as the bank says" if named else check_of(one)
    facts = (one.who, told, f"deposited {day_text(one.deposited_on)}{into}")
    return CardWords(one.number, "\n".join(part for part in facts if part), stated(amount))


def check_of(one: Returnable) -> str:
    """Return ``check 1040``; what is no number is the reference as it stands."""
    return f"check {one.reference}" if one.reference.isdecimal() else one.reference
