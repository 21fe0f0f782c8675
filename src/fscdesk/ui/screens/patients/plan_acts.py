"""What is done with a payment plan: a payment taken, the agreement printed, the plan ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.documents import Kept, document_bytes
from fscdesk.services.billing.plan_agreements import agreement_page
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.billing.plan_reading import PlanDetail, plan_detail
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.payments.plan_entry import FirstPayment, take_on_plan
from fscdesk.services.payments.plan_payments import undo_plan
from fscdesk.services.payments.receiving import Received
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.given_out import logged
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.receipts import Receipts
from fscdesk.ui.text import day_text, money_text


class PlanActs(QObject):
    """The acts on one plan; each asks in a small dialog and says what came of it.

    ``replace`` opens the wizard for a plan that takes the place of one.
    """

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        today: Callable[[], date],
        replace: Callable[[int], object],
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today
        self._replace = replace
        self._receipts = Receipts(shell, window)

    def with_detail(self, plan_id: int, act: Callable[[PlanDetail], None]) -> None:
        """Read a plan as it stands now, then do something with it."""
        self._shell.desk.ask(
            self, lambda work: plan_detail(work, plan_id), act, self._shell.messages.refused
        )

    def pay(self, detail: PlanDetail) -> None:
        """Ask what was paid on a plan, and post it in the plan's order."""
        plan = detail.standing
        due = plan.due_now or plan.next_amount
        dialog = FieldsDialog(
            f"Payment on {plan.number}",
            f"{_stated(plan.due_now)} is due now, {_stated(plan.total_left)} pays it off. Due"
            " payments come before late fees.",
            ("Post the payment", "Posting…"),
            self._window,
        )
        dialog.row(
            amount=MoneyField("Amount", due or None, rule=_above_zero),
            method=ChoiceField("Method", METHODS, METHODS[0][0]),
        )
        dialog.row(
            number=TextField("Number", optional=True, longest=60),
            received=DateField("Received", self._today(), today=self._today),
        )

        key = uuid4().hex

        def act(work: Work) -> Received:
            amount, received = dialog.value("amount"), dialog.value("received")
            method, number = str(dialog.value("method")), str(dialog.value("number"))
            first = FirstPayment(amount, method, received, number, key)
            return take_on_plan(work, plan.plan_id, plan.guarantor_id, first)

        def said(received: Received) -> None:
            kept_back = f" {received.unapplied} is kept as a credit." if received.unapplied else ""
            self._shell.messages.info(
                f"{received.number}: {received.applied} paid on {plan.number}.{kept_back}",
                help=Help("Receipt", partial(self._receipts.show, received.payment_id)),
            )

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, said))
        open_dialog(dialog)

    def agreement(self, detail: PlanDetail) -> None:
        """Show the agreement as it was kept; one that was never drawn is drawn now."""
        plan_id, number = detail.standing.plan_id, detail.standing.number

        def act(work: Work) -> tuple[Kept, bytes]:
            page = agreement_page(work, plan_id)
            return page, document_bytes(work, page.id)

        def show(found: tuple[Kept, bytes]) -> None:
            given = logged(self._shell, self, document_ids=[found[0].id])
            self._shell.preview(found[1], f"Agreement {number}", found[0].file_name, given)

        self._shell.desk.act(self, act, show, self._shell.messages.refused)

    def replace(self, plan_id: int) -> None:
        """Agree on another plan in place of this one."""
        self._replace(plan_id)

    def cancel(self, detail: PlanDetail) -> None:
        """Ask why a plan ends, and end it; what is left is due as usual."""
        plan = detail.standing
        dialog = FieldsDialog(
            f"End {plan.number}",
            f"{_stated(plan.left)} of it is due as usual then. Its payments stay as they are.",
            ("End the plan", "Saving…"),
            self._window,
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="Agreed on the phone"))

        def act(work: Work) -> str:
            cancel_plan(
                work,
                plan.plan_id,
                reason=str(dialog.value("reason")),
                expected_version=plan.version,
            )
            return f"{plan.number} has ended; {_stated(plan.left)} is due as usual."

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def undo(self, detail: PlanDetail) -> None:
        """Ask why a plan was a mistake, and take it back with its first payment."""
        plan = detail.standing
        dialog = FieldsDialog(
            f"Take {plan.number} of {day_text(plan.agreed_on)} back",
            "The plan is cancelled and its first payment is voided, both together.",
            ("Take it back", "Posting…"),
            self._window,
        )
        dialog.row(reason=reason_field(example="Agreed for the wrong client"))

        def act(work: Work) -> str:
            undo_plan(
                work,
                plan.plan_id,
                reason=str(dialog.value("reason")),
                expected_version=plan.version,
            )
            return f"{plan.number} and its first payment are taken back."

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def _say(self, sentence: str) -> None:
        self._shell.messages.info(sentence)


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)


def _above_zero(amount: Money) -> str:
    return "" if amount.cents > 0 else "A payment is above 0.00."
