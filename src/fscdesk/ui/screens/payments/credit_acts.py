"""What can be done with money that is not applied: apply, transfer, another kind, refund."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.approving import request_detail, withdraw
from fscdesk.services.payments.entering import KINDS
from fscdesk.services.payments.line_entry import CreditKind, PaymentMethod
from fscdesk.services.payments.policies import refund_alone
from fscdesk.services.payments.queries import CreditFilter, CreditRow, open_credits
from fscdesk.services.payments.refunding import (
    Asked,
    NewRefund,
    cancel_refund,
    request_refund,
)
from fscdesk.services.payments.transferring import apply_credit, change_kind, take_back, transfer
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.apply_dialog import ApplyDialog
from fscdesk.ui.screens.payments.finding_who import Who, WhoDialog
from fscdesk.ui.screens.payments.payment_acts import UNDONE, Done
from fscdesk.ui.screens.payments.refund_dialog import refund_dialog
from fscdesk.ui.screens.payments.wording import kind_word, sentences, stated
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo


class CreditActs(QObject):
    """The acts on one credit. What is left is read again before each question is put."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today

    def apply(self, credit_id: int) -> None:
        """Ask what it pays, and apply it."""
        self._with(credit_id, self._ask_apply)

    def transfer(self, credit_id: int) -> None:
        """Ask for whom it is, and move it there."""
        self._with(credit_id, self._ask_transfer)

    def change_kind(self, credit_id: int) -> None:
        """Ask why it is kept."""
        self._with(credit_id, self._ask_kind)

    def refund(self, credit_id: int) -> None:
        """Ask how much goes back, and why."""
        self._with(credit_id, lambda credit: self._refund_of((credit,)))

    def refund_of_payment(self, payment_id: int) -> None:
        """Ask how much of a payment goes back, out of which credit where there are several."""
        self._shell.desk.ask(
            self,
            lambda work: open_credits(work, CreditFilter(payment_id=payment_id)),
            self._refund_of,
            self._shell.messages.refused,
        )

    # Questions

    def _with(self, credit_id: int, then: Callable[[CreditRow], None]) -> None:
        self._shell.desk.ask(
            self,
            partial(credit_row, credit_id),
            then,
            self._shell.messages.refused,
        )

    def _ask_apply(self, credit: CreditRow) -> None:
        dialog = ApplyDialog(self._shell, credit, self._today, self._window)
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _apply,
                    credit=credit,
                    parts=dialog.applications(),
                    on=dialog.on.value() or self._today(),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_transfer(self, credit: CreditRow) -> None:
        dialog = WhoDialog(
            self._shell,
            f"Transfer money of {credit.owner}",
            "It stays money of the same payment: a refund still goes to who paid it. Both accounts"
            " name the other.",
            ("Transfer", "Posting…"),
            self._window,
            with_payers=False,
        )
        amount = MoneyField("Amount", credit.free, rule=partial(_at_most, credit.free))
        dialog.add(amount)
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _transfer,
                    credit=credit,
                    who=dialog.who(),
                    amount=amount.value() or Money(),
                    why=dialog.reason.value(),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_kind(self, credit: CreditRow) -> None:
        dialog = FieldsDialog(
            f"Why {stated(credit.balance)} of {credit.owner} is kept",
            f"Now it is kept as {kind_word(credit.kind).lower()}. Nothing is posted.",
            ("Save", "Saving…"),
            self._window,
        )
        dialog.row(kind=ChoiceField("Kept as", KINDS, credit.kind))
        dialog.row(reason=reason_field())
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _change_kind,
                    credit=credit,
                    new=CreditKind(dialog.value("kind")),
                    why=str(dialog.value("reason")),
                ),
            )
        )
        open_dialog(dialog)

    def _refund_of(self, credits_: Sequence[CreditRow]) -> None:
        free = [one for one in credits_ if one.free.cents > 0 and one.payment_id is not None]
        if not free:
            self._shell.messages.problem(
                "Nothing is left that could go back.",
                hint="Take back first what was applied; then refund it.",
            )
            return
        self._shell.desk.ask(
            self,
            refund_alone,
            lambda alone: self._ask_refund(free, alone),
            self._shell.messages.refused,
        )

    def _ask_refund(self, free: Sequence[CreditRow], alone: Money) -> None:
        dialog = refund_dialog(free, alone, self._today, self._window)
        dialog.wanted.connect(
            lambda: self._do(dialog, partial(_refund, new=_new_refund(dialog, free)))
        )
        open_dialog(dialog)

    def _do(self, dialog: ActDialog, act: Callable[[Work], Done]) -> None:
        carry_out(
            self._shell,
            dialog,
            act,
            lambda done: self._shell.messages.info(done[0], undo=done[1]),
        )


def credit_row(credit_id: int, work: Work) -> CreditRow:
    """Return a credit that holds something. Raises Problem when it holds nothing any more."""
    for row in open_credits(work):
        if row.id == credit_id:
            return row
    raise Problem("Nothing is left of this money.", hint="Look at the list again.")


def _at_most(free: Money, amount: Money) -> str:
    if amount.cents <= 0:
        return "The amount is above 0.00."
    return "" if amount <= free else f"{stated(free)} is free."


def _new_refund(dialog: FieldsDialog, free: Sequence[CreditRow]) -> NewRefund:
    credit_id = int(dialog.value("credit") or free[0].id or 0)
    return NewRefund(
        credit_id,
        dialog.value("amount"),
        str(dialog.value("reason")),
        PaymentMethod(dialog.value("method")),
        str(dialog.value("method_reason")),
        dialog.value("found_on"),
    )


def _id(credit: CreditRow) -> int:
    assert credit.id is not None
    return credit.id


def _apply(work: Work, *, credit: CreditRow, parts: Sequence[Application], on: date) -> Done:
    done = apply_credit(work, _id(credit), parts, on=on, seen=credit.balance)
    given = Money(sum(one.amount.cents for one in parts))
    rest = credit.balance - given
    charges = count_text(len(parts), "charge")
    said = sentences(
        f"{stated(given)} of {credit.owner} is applied to {charges}; {stated(rest)} is left.",
        *(finding.message for finding in done.findings),
    )

    def back(work: Work) -> str:
        for entry_id in done.entry_ids:
            take_back(work, entry_id, reason=UNDONE)
        return f"{stated(given)} of {credit.owner} is a credit again; {charges} as before."

    return said, Undo(f"applying {stated(given)}", back)


def _transfer(work: Work, *, credit: CreditRow, who: Who, amount: Money, why: str) -> Done:
    assert who.patient_id is not None
    on = max(work.today(), credit.since)
    done = transfer(
        work,
        _id(credit),
        amount=amount,
        to_patient=who.patient_id,
        reason=why,
        on=on,
        seen=credit.balance,
    )
    left = credit.balance - amount

    def back(work: Work) -> str:
        assert credit.patient_id is not None
        transfer(
            work,
            done.credit_id,
            amount=amount,
            to_patient=credit.patient_id,
            reason=UNDONE,
            on=max(work.today(), on),
            seen=amount,
        )
        return f"{stated(amount)} is money of {credit.owner} again."

    said = f"{stated(amount)} is money of {who.name} now; {stated(left)} is left of {credit.owner}."
    return said, Undo(f"the transfer of {stated(amount)}", back)


def _change_kind(work: Work, *, credit: CreditRow, new: CreditKind, why: str) -> Done:
    old = CreditKind(credit.kind)
    if new is old:
        return f"It is kept as {kind_word(old.value).lower()} as before.", None
    change_kind(work, _id(credit), new, reason=why, seen=old)

    def back(work: Work) -> str:
        change_kind(work, _id(credit), old, reason=UNDONE, seen=new)
        return f"It is kept as {kind_word(old.value).lower()} again."

    said = f"{stated(credit.balance)} of {credit.owner} is kept as {kind_word(new.value).lower()}."
    return said, Undo("the kind of a credit", back)


def _refund(work: Work, *, new: NewRefund) -> Done:
    asked = request_refund(work, new)
    due = day_text(asked.due_on)
    if asked.request_id is not None:
        said = (
            f"Refund {asked.number} of {stated(new.amount)} waits for a second person."
            f" It is due by {due}."
        )
    else:
        said = f"Refund {asked.number} of {stated(new.amount)} can be paid. It is due by {due}."
    return said, Undo(f"refund {asked.number}", partial(_call_off, asked))


def _call_off(asked: Asked, work: Work) -> str:
    if asked.request_id is None:
        cancel_refund(work, asked.refund_id, reason=UNDONE, expected_version=asked.version)
    else:
        row = request_detail(work, asked.request_id).row
        withdraw(work, row.id, expected_version=row.version)
    return f"Refund {asked.number} is called off; its money is free again."
