"""What leaves the office on paper: invoices in every state, reminders, and statements that went."""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.document import SentBy
from fscdesk.models.invoice import Invoice, InvoiceStatus
from fscdesk.services.billing.invoice_plan import Chosen, plan_invoices
from fscdesk.services.billing.invoices import make_invoices, send_invoices, void_invoice
from fscdesk.services.billing.reminder_plan import plan_reminders
from fscdesk.services.billing.reminders import make_reminders
from fscdesk.services.billing.statement_plan import plan_statements
from fscdesk.services.billing.statement_sending import mark_sent, unsent
from fscdesk.services.billing.statements import make_statements
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.scene import Account, Scene, owed, take_check
from fscdesk.services.work import Work


def invoice_late(scene: Scene) -> None:
    """Send an invoice that nobody will pay."""
    _send(scene, Story.INVOICE_LATE, Story.PLAN_DONE)


def invoice(scene: Scene) -> None:
    """Send an invoice; the first of them is paid later, the second is on its way."""
    _send(scene, Story.INVOICES, Story.FAMILY)


def pay_invoice(scene: Scene) -> None:
    """Take the check that pays an invoice in full."""
    account = scene.first(Story.INVOICES, Story.FAMILY)
    if account is None:
        return
    number = scene.check_number()

    def act(work: Work) -> None:
        billed = [
            one
            for one in owed(work, [account.patient_id], bound=True)
            if one.guarantor_id == account.guarantor_id
        ]
        if billed:
            take_check(work, account, billed, number)

    scene.clerk(act)


def invoice_void(scene: Scene) -> None:
    """Make an invoice for the wrong one, and void it."""
    account = scene.first(Story.CHECKS, Story.SLIDING_FEE)
    if account is None:
        return

    def act(work: Work) -> None:
        for invoice_id in _make(work, account):
            row = work.db.get_one(Invoice, invoice_id)
            void_invoice(work, row.id, "Sent to the wrong parent", expected_version=row.version)

    scene.clerk(act)


def invoice_draft(scene: Scene) -> None:
    """Make an invoice that was not sent yet."""
    account = scene.first(Story.BOUNCED, Story.PLAN_KEPT)
    if account is not None:
        scene.clerk(lambda work: _make(work, account))


def reminders(scene: Scene) -> None:
    """Write the reminders that are due, and send them."""

    def act(work: Work) -> None:
        plan = plan_reminders(work)
        if plan.letters:
            make_reminders(work, plan)

    scene.clerk(act)


def statements(scene: Scene) -> None:
    """Make a run of statements and send it."""

    def make(work: Work) -> None:
        make_statements(work, plan_statements(work, as_of=work.today()))

    def send(work: Work) -> None:
        waiting = [row.id for row in unsent(work)]
        if waiting:
            mark_sent(work, waiting, how=SentBy.PRINT)

    scene.clerk(make)
    scene.clerk(send)


def _send(scene: Scene, *stories: Story) -> None:
    account = scene.first(*stories)
    if account is None:
        return

    def act(work: Work) -> None:
        made = _make(work, account)
        drafts = select(Invoice.id).where(
            Invoice.id.in_(made), Invoice.status == InvoiceStatus.DRAFT
        )
        waiting = list(work.db.scalars(drafts))
        if waiting:
            send_invoices(work, waiting, SentBy.PRINT)

    scene.clerk(act)


def _make(work: Work, account: Account) -> list[int]:
    """Invoice what an account owes and is on no bill; return the invoices."""
    ids = tuple(
        one.id
        for one in owed(work, [account.patient_id])
        if one.guarantor_id == account.guarantor_id
    )
    plan = plan_invoices(work, Chosen(charge_ids=ids)) if ids else None
    if plan is None or not plan.invoices:
        return []
    return [one.id for one in make_invoices(work, plan).invoices]
