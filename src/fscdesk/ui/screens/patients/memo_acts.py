"""What is done with credit memos: issued, applied, printed, mailed, voided, or called off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_lists import MemoRow, memos_of
from fscdesk.services.billing.credit_memos import Memo, NewMemo, issue, void_memo
from fscdesk.services.billing.documents import Kept
from fscdesk.services.billing.invoice_listing import InvoiceFilter, InvoiceRow, page_of_invoices
from fscdesk.services.billing.limits import write_off_alone
from fscdesk.services.billing.memo_pages import make_memo_page
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Span
from fscdesk.services.payments.approving import withdraw
from fscdesk.services.payments.requests import request_detail
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.document_acts import DocumentActs
from fscdesk.ui.screens.payments.credit_acts import CreditActs
from fscdesk.ui.text import day_text, money_text
from fscdesk.ui.undo import Undo

BACK = "Taken back at once"
MOST = 200


@dataclass(frozen=True, slots=True)
class MemoBasis:
    """What a credit memo can be for, and up to which amount nobody else has to be asked."""

    invoices: tuple[InvoiceRow, ...]
    alone: Money


class MemoActs(QObject):
    """The acts on the credit memos of one account; each says what came of it."""

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        patient_id: int,
        name: str,
        today: Callable[[], date],
    ) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._patient_id, self._name = patient_id, name
        self._credits = CreditActs(shell, window, today)
        self._papers = DocumentActs(shell, window, patient_id, today)

    def issue(self, invoice_id: int | None = None) -> None:
        """Ask for an amount and a reason, and issue a memo: for an invoice, or for the account."""
        self._shell.desk.ask(
            self,
            partial(_basis, self._patient_id),
            partial(self._ask_issue, invoice_id),
            self._shell.messages.refused,
        )

    def apply(self, row: MemoRow) -> None:
        """Ask which charges it pays, and apply all or a part of it."""
        if row.credit_id is not None:
            self._credits.apply(row.credit_id)

    def show(self, row: MemoRow) -> None:
        """Show the page of a memo as it stands now, to print it."""
        self._with_page(row, self._papers.show)

    def email(self, row: MemoRow) -> None:
        """Write the page into a draft for the mail program."""
        self._with_page(row, self._papers.email)

    def void(self, row: MemoRow) -> None:
        """Ask why a memo is void, and take back what is left of it."""
        used = f" The {_stated(row.applied)} that were applied stay applied." if row.applied else ""
        dialog = FieldsDialog(
            f"Void {row.number}",
            f"{_stated(row.left)} is left of it and is taken back.{used}",
            ("Void the credit memo", "Posting…"),
            self._window,
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="Issued for the wrong session"))

        def act(work: Work) -> str:
            left = void_memo(
                work, row.id, reason=str(dialog.value("reason")), expected_version=row.version
            )
            return f"{row.number} is void; {_stated(left)} is taken back."

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def call_off(self, row: MemoRow) -> None:
        """Take back the request for a memo that nobody has decided about yet."""
        self._shell.desk.act(
            self, partial(_call_off, row.request_id), self._say, self._shell.messages.refused
        )

    # What is asked

    def _ask_issue(self, invoice_id: int | None, basis: MemoBasis) -> None:
        offered = [
            (one.id, f"{one.number}, {day_text(one.issued_on)}, {_stated(one.amount)}")
            for one in basis.invoices
        ]
        word = self._shell.practice.patient.lower()
        dialog = FieldsDialog(
            f"Credit memo for {self._name}",
            f"The practice gives the {word} a credit, which is applied to charges like money."
            f" {_who_decides(basis.alone)}",
            ("Issue the credit memo", "Posting…"),
            self._window,
            keep_it="Leave it",
        )
        first = invoice_id if any(key == invoice_id for key, _words in offered) else None
        invoice = ChoiceField[int]("Invoice", offered, first, optional=True)
        invoice.set_hint("Empty: for the account, not for an invoice.")
        amount = MoneyField("Amount", rule=_above_zero)
        dialog.row(amount=amount)
        dialog.row(invoice=invoice)
        dialog.row(reason=reason_field(example="Long wait on 03/02"))
        key = uuid4().hex

        def act(work: Work) -> Memo:
            new = NewMemo(
                self._patient_id,
                dialog.value("amount"),
                str(dialog.value("reason")),
                dialog.value("invoice"),
                key,
            )
            return issue(work, new)

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._issued))
        open_dialog(dialog)

    def _issued(self, memo: Memo) -> None:
        what = f"Credit memo {memo.number} over {_stated(memo.amount)}"
        messages, credit_id = self._shell.messages, memo.credit_id
        if credit_id is None:
            messages.info(
                f"{what} waits for a second person ({memo.request_number}). Nothing is posted"
                f" before it is approved. {memo.why}".rstrip(),
                undo=Undo(f"credit memo {memo.number}", partial(_call_off, memo.request_id)),
            )
            return
        messages.info(
            f"{what} is issued; nothing of it is applied yet.",
            undo=Undo(f"credit memo {memo.number}", partial(_back, self._patient_id, memo)),
            help=Help("Apply it", lambda: self._credits.apply(credit_id)),
        )

    def _with_page(self, row: MemoRow, then: Callable[[Kept], None]) -> None:
        self._shell.desk.act(
            self,
            lambda work: make_memo_page(work, row.id),
            then,
            self._shell.messages.refused,
        )

    def _say(self, sentence: str) -> None:
        self._shell.messages.info(sentence)


def _basis(patient_id: int, work: Work) -> MemoBasis:
    span = Span(0, MOST, "issued_on", descending=True)
    page = page_of_invoices(work, InvoiceFilter(patient_id=patient_id), span)
    live = tuple(one for one in page.rows if one.status.value != "void")
    return MemoBasis(live, write_off_alone(work))


def _who_decides(alone: Money) -> str:
    if not alone:
        return "A second person approves it; nothing is posted before."
    return f"Up to {_stated(alone)} it is issued at once, above that a second person approves it."


def _back(patient_id: int, memo: Memo, work: Work) -> str:
    row = next((one for one in memos_of(work, patient_id) if one.id == memo.memo_id), None)
    if row is None or row.applied:
        raise Problem(
            f"A part of {memo.number} was applied since.",
            hint="Nothing was changed. Void it: what was applied stays.",
        )
    void_memo(work, row.id, reason=BACK, expected_version=row.version)
    return f"{memo.number} is void; nothing of it was applied."


def _call_off(request_id: int | None, work: Work) -> str:
    if request_id is None:
        raise Problem("Nobody was asked about this credit memo.", hint="Nothing was changed.")
    row = request_detail(work, request_id).row
    withdraw(work, row.id, expected_version=row.version)
    return f"{row.number} is taken back; the credit memo will not be issued."


def _above_zero(amount: Money) -> str:
    return "" if amount.cents > 0 else "A credit memo is above 0.00."


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
