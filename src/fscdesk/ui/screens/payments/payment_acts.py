"""What can be done with a payment: returned by the bank, voided, an application taken back.

Each asks in a small dialog, says what was done and what is open again, and can be undone where
there is an opposite act.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.payments.detail import ApplicationRow, PaymentDetail
from fscdesk.services.payments.policies import returned_fee
from fscdesk.services.payments.queries import PaymentRow, payment_detail
from fscdesk.services.payments.returning import (
    Returned,
    ReturnKind,
    undo_return,
)
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.remittances.bouncing import bounce
from fscdesk.services.remittances.taking_back import take_back as take_payment_back
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.dispute_acts import BY_CARD, DisputeActs
from fscdesk.ui.screens.payments.wording import charge_words, open_again, sentences, stated
from fscdesk.ui.text import day_text
from fscdesk.ui.undo import Undo

NSF, CHARGEBACK = ReturnKind.NSF, ReturnKind.CHARGEBACK
_WORDS: Final = {NSF: "returned", CHARGEBACK: "charged back"}
_NOT_BY_BANK: Final = frozenset({"cash", "card"})
UNDONE: Final = "Taken back at once"
Done = tuple[str, Undo | None]


class PaymentActs(QObject):
    """The acts on one payment. Figures are read again before each question is put."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today
        self.disputes = DisputeActs(shell, window, today)

    def return_(self, payment_id: int, kind: ReturnKind = NSF) -> None:
        """Ask on which day the bank took a payment back, and record it."""
        self._shell.desk.ask(
            self,
            lambda work: (payment_detail(work, payment_id), returned_fee(work)),
            lambda found: self._ask_return(*found, kind),
            self._shell.messages.refused,
        )

    def undo_return(self, payment_id: int) -> None:
        """Ask why a return was a mistake, and take it back with its fee."""
        self._with(payment_id, self._ask_undo_return)

    def void(self, payment_id: int) -> None:
        """Ask why a payment is to be voided, and void it."""
        self._with(payment_id, self._ask_void)

    def take_back(self, payment_id: int, entry_id: int) -> None:
        """Ask why one application is to be taken back, and do it."""

        def found(detail: PaymentDetail) -> None:
            rows = [one for one in detail.applications if one.entry_id == entry_id]
            if rows:
                self._ask_take_back(detail, rows[0])

        self._with(payment_id, found)

    # Questions

    def _with(self, payment_id: int, then: Callable[[PaymentDetail], None]) -> None:
        self._shell.desk.ask(
            self,
            lambda work: payment_detail(work, payment_id),
            then,
            self._shell.messages.refused,
        )

    def _ask_return(self, detail: PaymentDetail, fee: Money, kind: ReturnKind) -> None:
        row, word = detail.row, _WORDS[kind]
        dialog = FieldsDialog(
            f"{row.number} of {stated(row.amount)} was {word}",
            sentences(
                _leaves(row),
                open_again(detail.applications).replace("Open again", "Open again then"),
            ),
            (f"Record as {word}", "Posting…"),
            self._window,
        )
        day = DateField("Bank's day", self._today(), today=self._today)
        if row.guarantor_id is not None:
            hint = "A charge of its own; empty or 0.00 for none."
            dialog.row(on=day, fee=MoneyField("Fee", fee or None, optional=True, hint=hint))
        else:
            dialog.row(on=day)
        dialog.row(reason=reason_field(example="Not sufficient funds"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _return,
                    detail=detail,
                    kind=kind,
                    on=dialog.value("on"),
                    fee=dialog.value("fee"),
                    why=dialog.value("reason"),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_undo_return(self, detail: PaymentDetail) -> None:
        row = detail.row
        dialog = FieldsDialog(
            f"Take the return of {row.number} back",
            f"{stated(row.amount)} is a credit again, and the fee is taken off. What the payment"
            " had paid is applied anew by you.",
            ("Take it back", "Posting…"),
            self._window,
        )
        dialog.row(reason=reason_field())
        dialog.wanted.connect(
            lambda: self._do(
                dialog, partial(_undo_return, row=row, why=str(dialog.value("reason")))
            )
        )
        open_dialog(dialog)

    def _ask_void(self, detail: PaymentDetail) -> None:
        row = detail.row
        dialog = FieldsDialog(
            f"Void {row.number} of {stated(row.amount)}",
            sentences(
                "Everything of it is reversed; the row stays, and both entries stay in the ledger.",
                open_again(detail.applications).replace("Open again", "Open again then"),
            ),
            ("Void the payment", "Posting…"),
            self._window,
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="Entered twice"))
        dialog.wanted.connect(
            lambda: self._do(dialog, partial(_void, detail=detail, why=dialog.value("reason")))
        )
        open_dialog(dialog)

    def _ask_take_back(self, detail: PaymentDetail, one: ApplicationRow) -> None:
        dialog = FieldsDialog(
            f"Take {stated(one.amount)} back from {charge_words(one)}",
            f"The charge of {one.patient} is open again, and the money is a credit of"
            f" {detail.row.number}.",
            ("Take it back", "Posting…"),
            self._window,
        )
        dialog.row(reason=reason_field(example="Wrong session"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog, partial(_take_back, detail=detail, one=one, why=dialog.value("reason"))
            )
        )
        open_dialog(dialog)

    def _do(self, dialog: FieldsDialog, act: Callable[[Work], Done]) -> None:
        carry_out(
            self._shell,
            dialog,
            act,
            lambda done: self._shell.messages.info(done[0], undo=done[1]),
        )


def why_not_returned(row: PaymentRow) -> str:
    """Return why a bank cannot have returned a payment, or ""."""
    if row.status.value != "posted":
        return _not_posted(row)
    if row.method.value in _NOT_BY_BANK:
        return "Cash and card payments are not returned by a bank."
    return ""


def why_not_charged_back(row: PaymentRow) -> str:
    """Return why a payment cannot have been charged back, or ""."""
    if row.status.value != "posted":
        return _not_posted(row)
    return "" if row.method.value in BY_CARD else "Only card payments are charged back."


def why_not_corrected(row: PaymentRow) -> str:
    """Return why a payment cannot be corrected, or ""."""
    return "" if row.status.value == "posted" else _not_posted(row)


def why_not_voided(row: PaymentRow) -> str:
    """Return why a payment cannot be voided, or ""."""
    if row.status.value != "posted":
        return _not_posted(row)
    if row.deposited_on is not None or row.banked_on is not None:
        return (
            f"{row.number} was deposited, so the money did come. Record it as returned if the"
            " bank took it back."
        )
    return ""


def _not_posted(row: PaymentRow) -> str:
    """Say what became of it, and what can still be done."""
    if row.status.value == "returned":
        return f"{row.number} was returned already. Take the return back if that was a mistake."
    return f"{row.number} was voided, and nothing of it stands. Enter the payment anew."


def _leaves(row: PaymentRow) -> str:
    """Say what a return does in the bank, whether or not the books know of a deposit."""
    if row.deposited_on is not None or row.banked_on is not None:
        return (
            f"{stated(row.amount)} leaves the bank on the day below. The deposit of the earlier"
            " day stays as it was."
        )
    return (
        f"The books know no deposit of it yet. A bank takes back what was deposited:"
        f" {stated(row.amount)} leaves the bank on the day below, and stays in undeposited funds"
        " until its deposit is entered. If it never went to the bank, void it instead."
    )


def _return(
    work: Work, *, detail: PaymentDetail, kind: ReturnKind, on: date, fee: Money | None, why: str
) -> Done:
    row = detail.row
    wanted = (fee or Money()) if row.guarantor_id is not None else None
    bounced = bounce(
        work,
        row.id,
        on=on,
        reason=why,
        expected_version=row.version,
        kind=kind,
        fee=wanted,
    )
    done = bounced.returned
    said = sentences(
        f"{row.number}, {stated(row.amount)}, was {_WORDS[kind]} on {day_text(on)}.",
        open_again(detail.applications),
        f"The fee of {stated(done.fee)} is charged." if done.fee else "",
        _stands(done),
        f"Its check had also settled other things: {bounced.undone} was undone with it."
        if bounced.undone
        else "",
    )
    if bounced.undone:
        return said, None
    now = payment_detail(work, row.id).row

    def back(work: Work) -> str:
        return _undo_return(work, row=now, why=UNDONE)[0]

    return said, Undo(f"the return of {row.number}", back)


def _stands(done: Returned) -> str:
    """Say what a payer's answer keeps saying while its money is missing; "" for nothing."""
    parts = [
        f"{stated(amount)} {words}"
        for amount, words in (
            (done.contractual, "taken off by contract"),
            (done.moved, "made the client's"),
        )
        if amount
    ]
    return f"What came with it stands: {' and '.join(parts)}." if parts else ""


def _undo_return(work: Work, *, row: PaymentRow, why: str) -> Done:
    undo_return(work, row.id, reason=why, expected_version=row.version)
    said = (
        f"The return of {row.number} is taken back: {stated(row.amount)} is a credit again."
        " Apply it to what is open."
    )
    return said, None


def _void(work: Work, *, detail: PaymentDetail, why: str) -> Done:
    row = detail.row
    take_payment_back(work, row.id, reason=why, expected_version=row.version)
    return sentences(f"{row.number} is voided.", open_again(detail.applications)), None


def _take_back(work: Work, *, detail: PaymentDetail, one: ApplicationRow, why: str) -> Done:
    take_back(work, one.entry_id, reason=why)
    said = f"{stated(one.amount)} of {detail.row.number} is a credit again."
    return sentences(said, open_again([one])), None
