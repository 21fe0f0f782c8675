"""Somebody who does everything else that a billing desk does, at random but by seed.

Adjustments with a second person, plans, agencies, bills, memos, statements and reminders, beside
what ``MoneyDesk`` does with money. A refusal is an answer; any other exception is a bug.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.collection import Agency, CollectionCase, ParkedBalance
from fscdesk.models.document import SentBy
from fscdesk.models.invoice import CreditMemo, Invoice
from fscdesk.models.patient import Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.plan import Every, PaymentPlan
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.statement import StatementRun
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing import (
    adjusting,
    collections,
    credit_memos,
    invoices,
    parking,
    plans,
    recalling,
    reminders,
    sliding_fees,
    statement_sending,
    statements,
    write_off_runs,
)
from fscdesk.services.billing.adjustment_decisions import reverse_adjustment
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.invoice_plan import Chosen, plan_invoices
from fscdesk.services.billing.plan_dues import charge_due
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.billing.reminder_plan import plan_reminders
from fscdesk.services.billing.statement_plan import plan_statements
from fscdesk.services.billing.write_off_plan import plan_write_offs
from fscdesk.services.errors import Problem
from fscdesk.services.patients.guarantors import change_guarantor
from fscdesk.services.payments.clearing_list import WRITTEN_OFF, clearing_list
from fscdesk.services.payments.plan_payments import make_plan_with_payment, pay_plan
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.recovering import NewRecovery, recover
from fscdesk.services.payments.written_off import accept_by_hand
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Work
from tests.support.agency import AGENCY
from tests.support.money_desk import WHY, MoneyDesk


class BillingDesk(MoneyDesk):
    """A money desk that bills, agrees, writes off and hands over as well."""

    def acts(self) -> dict[str, Callable[[], Any]]:
        """Return everything that can happen at this desk, by name."""
        names = (
            *("receive", "apply", "take_back", "transfer", "bounce", "undo_bounce", "void"),
            *("correct_amount", "correct_payer", "ask", "pay", "cancel", "decide"),
            *("adjust", "reverse", "slide", "write_off_small", "accept_written_off"),
            *("plan", "pay_plan", "dues", "replan", "end_plan"),
            *("place", "recover", "recall", "park", "release"),
            *("invoice", "send", "void_invoice", "remind", "memo", "void_memo"),
            *("statements", "send_statements", "undo_statements", "attendance", "status"),
            *("eob", "change_guarantor"),
        )
        return {name: getattr(self, name) for name in names}

    def do(self, name: str) -> bool:
        """Do one thing; return whether it was done, and not refused."""
        try:
            self.acts()[name]()
        except Problem as refused:
            assert refused.message.endswith((".", "?"))  # noqa: PT017 - as the seed has it
            self.refused[name] += 1
            return False
        self.done[name] += 1
        return True

    def adjust(self) -> None:
        """Adjust a charge or two in any way."""
        kind = self.rng.choice(list(AdjustmentKind))
        side = self.rng.choice((None, Side.PATIENT, Side.INSURANCE))
        wanted = [
            NewAdjustment(one.charge_id, kind, one.amount, WHY, side=side)
            for one in self._parts(side or Side.PATIENT, self.rng.randint(1, 2))
        ]
        self.books.write(lambda work: adjusting.adjust(work, wanted))

    def reverse(self) -> None:
        """Take an adjustment back."""
        one = self._pick(Adjustment)
        self.books.write(
            lambda work: reverse_adjustment(work, one.id, reason=WHY, expected_version=one.version)
        )

    def slide(self) -> None:
        """Grant a sliding fee, or take the discounts that one gives."""
        patient, today = self._pick(Patient), self._today()
        if self.rng.random() < 0.5:
            fields = sliding_fees.SlidingFeeFields(60, today.replace(day=1), None, "A pay slip")
            self.books.write(lambda work: sliding_fees.add_sliding_fee(work, patient.id, fields))
            return
        ids = self._open(patient.guarantor_id)

        def act(work: Work) -> None:
            proposal = sliding_fees.sliding_discount(work, ids)
            if proposal.adjustments:
                adjusting.adjust(work, proposal.adjustments)

        self.books.write(act)

    def write_off_small(self) -> None:
        """Ask to write small balances off."""

        def act(work: Work) -> None:
            plan = plan_write_offs(work, threshold=Money(40_00), days=7)
            write_off_runs.ask_run(work, plan, reason=WHY)

        self.books.write(act)

    def accept_written_off(self) -> None:
        """Decide about what SimplePractice wrote off without a payment."""

        def act(work: Work) -> None:
            lines = clearing_list(work).lines
            found = {one.charge_id for one in lines if one.part == WRITTEN_OFF and one.charge_id}
            accept_by_hand(work, sorted(found)[:2], reason=WHY)

        self.books.write(act)

    def plan(self) -> None:
        """Agree on a plan over what a guarantor owes, with or without the first payment."""
        guarantor_id = self._pick(Patient).guarantor_id
        ids = self._open(guarantor_id)[:5]
        number, every = self.rng.choice(((2, Every.MONTH), (4, Every.WEEK), (3, Every.TWO_WEEKS)))
        new = plans.NewPlan(
            guarantor_id, ids, number, every, apr_points=self.rng.choice((0, 0, 500))
        )
        if self.rng.random() < 0.5:
            self.books.write(lambda work: plans.make_plan(work, new))
            return
        down = self.books.read(lambda work: plans.preview_plan(work, new).least_down)
        first = self._money_of(guarantor_id, down)
        self.books.write(lambda work: make_plan_with_payment(work, new, first))

    def pay_plan(self) -> None:
        """Pay something on a plan."""
        one = self._pick(PaymentPlan)
        new = self._money_of(one.guarantor_id, self._amount())
        self.books.write(lambda work: pay_plan(work, one.id, new))

    def dues(self) -> None:
        """Charge what fell due on plans."""
        self.books.write(lambda work: charge_due(work, work.today()))

    def replan(self) -> None:
        """Replace a plan by another."""
        one = self._pick(PaymentPlan)
        new = plans.NewPlan(one.guarantor_id, (), 3, Every.TWO_WEEKS)
        self.books.write(
            lambda work: plans.replace_plan(
                work, one.id, new, reason=WHY, expected_version=one.version
            )
        )

    def end_plan(self) -> None:
        """Cancel a plan."""
        one = self._pick(PaymentPlan)
        self.books.write(
            lambda work: cancel_plan(work, one.id, reason=WHY, expected_version=one.version)
        )

    def place(self) -> None:
        """Hand charges of somebody to the agency."""
        ids = self._open(self._pick(Patient).guarantor_id)

        def act(work: Work) -> None:
            agency = work.db.scalar(select(Agency.id)) or add_agency(work, AGENCY)
            collections.place(work, collections.NewPlacement(agency, charge_ids=ids[:3]))

        self.books.write(act)

    def recover(self) -> None:
        """Post what the agency got."""
        one = self._pick(CollectionCase)
        new = NewRecovery(one.id, self._amount(), self._today())
        self.books.write(lambda work: recover(work, new))

    def recall(self) -> None:
        """Take a case back from the agency."""
        one = self._pick(CollectionCase)
        self.books.write(
            lambda work: recalling.recall(work, one.id, reason=WHY, expected_version=one.version)
        )

    def park(self) -> None:
        """Park a balance."""
        one = self._pick(Patient)
        self.books.write(lambda work: parking.park(work, one.id, reason=WHY))

    def release(self) -> None:
        """Bring a parked balance back."""
        one = self._pick(ParkedBalance)
        self.books.write(lambda work: parking.release(work, one.patient_id, reason=WHY))

    def invoice(self) -> None:
        """Invoice somebody's open charges."""
        who = (self._pick(Patient).guarantor_id,)

        def act(work: Work) -> None:
            invoices.make_invoices(work, plan_invoices(work, Chosen(guarantor_ids=who)))

        self.books.write(act)

    def send(self) -> None:
        """Send an invoice."""
        one = self._pick(Invoice)
        self.books.write(lambda work: invoices.send_invoices(work, [one.id], SentBy.PRINT))

    def void_invoice(self) -> None:
        """Void an invoice."""
        one = self._pick(Invoice)
        self.books.write(
            lambda work: invoices.void_invoice(work, one.id, WHY, expected_version=one.version)
        )

    def remind(self) -> None:
        """Remind of what is overdue."""
        self.books.write(lambda work: reminders.make_reminders(work, plan_reminders(work)))

    def memo(self) -> None:
        """Give somebody a credit."""
        new = credit_memos.NewMemo(self._pick(Patient).id, self._amount(), WHY)
        self.books.write(lambda work: credit_memos.issue(work, new))

    def void_memo(self) -> None:
        """Take a credit memo back."""
        one = self._pick(CreditMemo)
        self.books.write(
            lambda work: credit_memos.void_memo(
                work, one.id, reason=WHY, expected_version=one.version
            )
        )

    def statements(self) -> None:
        """Make a run of statements."""

        def act(work: Work) -> None:
            statements.make_statements(work, plan_statements(work, as_of=work.today()))

        self.books.write(act)

    def send_statements(self) -> None:
        """Send what is not sent."""

        def act(work: Work) -> None:
            waiting = [row.id for row in statement_sending.unsent(work)]
            statement_sending.mark_sent(work, waiting, how=SentBy.PRINT)

        self.books.write(act)

    def undo_statements(self) -> None:
        """Undo a run of statements."""
        one = self._pick(StatementRun)
        self.books.write(lambda work: statement_sending.undo_run(work, one.id, reason=WHY))

    def attendance(self) -> None:
        """Say otherwise who came."""
        one = self._pick(Session)
        came = self.rng.choice(
            (Attendance.NO_SHOW, Attendance.COMPLETED, Attendance.LATE_CANCELLED)
        )
        self.books.write(lambda work: change_attendance(work, [one.id], came))

    def status(self) -> None:
        """Set a status by hand."""
        one, new = self._pick(Session), self.rng.choice(list(BillingStatus))
        self.books.write(lambda work: change_billing_status(work, [one.id], new, reason=WHY))

    def eob(self) -> None:
        """Type what a payer's check says of a charge or two: paid, denied, whose share the rest."""
        charges = self.books.read(
            lambda work: work.db.scalars(
                select(Charge)
                .where(Charge.insurance_balance > ZERO, Charge.voided_on.is_(None))
                .order_by(Charge.id)
            ).all()
        )
        if not charges:
            raise Problem("No payer owes anything.", hint="Take another.")
        payer = self.rng.choice(charges).payer_id
        lines = []
        for one in self.rng.sample(list(charges), min(len(charges), 2)):
            owed = one.insurance_balance.cents
            paid, off = self.rng.choice(((owed, 0), (owed // 2, owed // 4), (0, owed // 3), (0, 0)))
            share = self.rng.choice((0, (owed - paid - off) // 2))
            denied = "" if paid or off or share else "29"
            lines.append(EobLine(one.id, Money(paid), Money(off), Money(share), denied=denied))
        came = Money(sum(one.paid.cents for one in lines) + self.rng.choice((0, 0, 5_00)))
        new = NewPayment(came, PaymentMethod.EFT, self._today(), payer_id=payer)
        self.books.write(lambda work: post_eob(work, new, lines, keep_rest=True))

    def change_guarantor(self) -> None:
        """Let somebody else pay for a client, from some day of the last month on."""
        one, other = self._pick(Patient), self._pick(Patient).guarantor_id
        since = self._today() - timedelta(days=self.rng.randint(0, 30))
        self.books.write(
            lambda work: change_guarantor(
                work, one.id, other, from_day=since, expected_version=one.version
            )
        )

    def _open(self, guarantor_id: int) -> tuple[int, ...]:
        """Return the charges of which a guarantor owes something, oldest first."""
        query = (
            select(Charge.id)
            .where(
                Charge.guarantor_id == guarantor_id,
                Charge.patient_balance > ZERO,
                Charge.voided_on.is_(None),
            )
            .order_by(Charge.service_day, Charge.id)
        )
        found = self.books.read(lambda work: tuple(work.db.scalars(query)))
        if not found:
            raise Problem("Nothing is open.", hint="Take another.")
        return found

    def _money_of(self, guarantor_id: int, amount: Money) -> NewPayment:
        return NewPayment(amount, PaymentMethod.CARD, self._today(), guarantor_id=guarantor_id)
