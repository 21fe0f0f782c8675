"""Makes the reminders of a day: one letter for each guarantor, kept and listed, all or none.

    plan = plan_reminders(work)            # who is reminded of what, who is not and why
    made = make_reminders(work, plan)      # the letters; each invoice has its band on record

What was reminded of stays on record: the next reminder of an invoice is that of its next band.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.document import DocumentKind
from fscdesk.models.invoice import Reminder
from fscdesk.models.practice import Practice
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.billing.documents import document_number, keep
from fscdesk.services.billing.invoice_policies import reminder_words
from fscdesk.services.billing.reminder_plan import (
    LeftOutInvoice,
    Letter,
    NotReminded,
    RemindedInvoice,
    ReminderPlan,
    plan_reminders,
)
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.printing.reminder import ReminderDoc, ReminderLine, ReminderTone, reminder
from fscdesk.services.work import Topic, Work

__all__ = [
    "LeftOutInvoice",
    "Letter",
    "MadeLetter",
    "NotReminded",
    "RemindedInvoice",
    "ReminderPlan",
    "RemindersMade",
    "make_reminders",
    "plan_reminders",
    "reminders_of",
]


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """One letter that is kept: its number, for whom, the band, what it asks for."""

    document_id: int
    number: str
    guarantor_id: int
    account: str
    name: str
    band: int
    invoices: tuple[str, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class RemindersMade:
    """The letters of one command, and what was left out."""

    letters: tuple[MadeLetter, ...]
    left_out: tuple[LeftOutInvoice, ...]

    @property
    def total(self) -> Money:
        """Return what the letters ask for together."""
        return Money(sum(one.total.cents for one in self.letters))


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A reminder of an invoice that was made, with its letter."""

    days: int
    made_on: date
    amount: Money
    document_id: int


def make_reminders(work: Work, plan: ReminderPlan, *, shown: str | None = None) -> RemindersMade:
    """Draw and keep the letters of the plan, in this transaction.

    ``shown`` is the digest that a person saw (the plan's where it is not given); when money came
    or another desk was first, nothing is made and ChangedElsewhere is raised. Raises Problem
    when there is nobody to remind.
    """
    require(work, Right.MAKE_INVOICES, "make reminders")
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    only = sorted({one.guarantor_id for one in plan.letters})
    now = plan_reminders(work, guarantor_ids=only)
    if now.digest != (shown or plan.digest):
        raise ChangedElsewhere(
            "The books changed after this list was made.",
            hint="No reminder was made. The new list is shown; look at it and make them again.",
        )
    if not now.letters:
        raise Problem(
            "There is nobody to remind today.",
            hint=f"{len(plan.left_out)} overdue invoices were left out; the list says why.",
        )
    made: list[MadeLetter] = []
    for at, letter in enumerate(now.letters):
        work.job.step(at, len(now.letters), "Drawing reminders")
        made.append(_make(work, letter))
    result = RemindersMade(tuple(made), plan.left_out)
    record(
        work,
        "make_reminders",
        "document",
        made[0].document_id,
        letters=len(made),
        total=result.total.plain(),
    )
    work.touch(Topic.INVOICES, Topic.DOCUMENTS)
    return result


def reminders_of(work: Work, invoice_id: int) -> tuple[ReminderRow, ...]:
    """Return the reminders of an invoice, the first one first."""
    require(work, Right.MAKE_INVOICES, "look at invoices")
    rows = work.db.execute(
        select(Reminder.days, Reminder.made_on, Reminder.amount, Reminder.document_id)
        .where(Reminder.invoice_id == invoice_id)
        .order_by(Reminder.days)
    )
    return tuple(ReminderRow(*row) for row in rows)


def _make(work: Work, letter: Letter) -> MadeLetter:
    number = document_number(work, DocumentKind.REMINDER)
    doc = ReminderDoc(
        letterhead=letterhead_of(work),
        account=letter.account,
        day=work.today(),
        recipient=Recipient(letter.name, letter.address),
        tone=ReminderTone(letter.band),
        paragraphs=(reminder_words(work, letter.band),),
        lines=tuple(
            ReminderLine(f"Invoice {one.number}", one.due_on, one.open) for one in letter.invoices
        ),
        total=letter.total,
        number=number,
        signed=f"{work.actor.name}, billing office",
    )
    patients = {one.patient_id for one in letter.invoices}
    document = keep(
        work,
        DocumentKind.REMINDER,
        min(patients),
        reminder(doc),
        "",
        letter.guarantor_id,
        min(patients) if len(patients) == 1 else None,
        number,
    )
    work.db.add_all(
        Reminder(
            invoice_id=one.invoice_id,
            days=one.band,
            amount=one.open,
            document_id=document,
            made_on=work.today(),
        )
        for one in letter.invoices
    )
    work.db.flush()
    return MadeLetter(
        document,
        number,
        letter.guarantor_id,
        letter.account,
        letter.name,
        letter.band,
        tuple(one.number for one in letter.invoices),
        letter.total,
    )
