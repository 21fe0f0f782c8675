"""What waits of bills: the month's statements, invoices, reminders, dues, write-offs, agencies."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from fscdesk.models.statement import StatementRun
from fscdesk.services.billing.collection_plan import plan_collections
from fscdesk.services.billing.invoice_listing import InvoiceFilter, ShownStatus, page_of_invoices
from fscdesk.services.billing.plan_dues import dues_now
from fscdesk.services.billing.reminder_plan import plan_reminders
from fscdesk.services.billing.statement_holds import held_accounts, still_held
from fscdesk.services.billing.statements import plan_statements
from fscdesk.services.billing.write_off_plan import plan_write_offs
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.groups import NAMED, Group
from fscdesk.services.queue.items import ItemKind, Line
from fscdesk.services.queue.wording import many, since
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

PLACE = "statements"
"""The place of everything that goes to those who pay."""


def run_is_due(work: Work) -> bool:
    """Return whether no run of this month stands, without planning one."""
    today = work.today()
    made = select(StatementRun.id).where(
        StatementRun.as_of >= today.replace(day=1), StatementRun.undone_at.is_(None)
    )
    return may(work, Right.MAKE_STATEMENTS) and work.db.scalar(made.limit(1)) is None


def statement_run(work: Work) -> Iterator[Group]:
    """Yield the month's statements while no run of this month stands: from day 1 on."""
    if not run_is_due(work):
        return
    today = work.today()
    plan = plan_statements(work, as_of=today, held=still_held(work, as_of=today))
    if not plan.recipients:
        return
    proof = plan.to_proof
    looked = f"; {len(proof):,} to look at first" if proof else ""
    yield Group(
        ItemKind.STATEMENT_RUN,
        Urgency.MEDIUM,
        "Statements of the month",
        f"{many(len(plan.recipients), 'account')} would get one{looked}",
        "Look at the pages, make the run",
        f"due {today.replace(day=1):%m/%d/%Y}",
        len(plan.recipients),
        plan.total,
        today.replace(day=1),
        Opens(PLACE, {"tab": "statements", "proof": True}),
        tuple(
            Line(one.name, "To look at" if one.to_proof else "", one.balance)
            for one in (*proof, *(one for one in plan.recipients if not one.to_proof))[:NAMED]
        ),
        due_on=today.replace(day=1),
    )


def held_statements(work: Work) -> Iterator[Group]:
    """Yield the statements that a person holds back and whose cause is not gone."""
    plan = held_accounts(work) if may(work, Right.MAKE_STATEMENTS) else None
    if plan is None or not plan.recipients:
        return
    yield Group(
        ItemKind.STATEMENT_HELD,
        Urgency.LOW,
        "Statements held back",
        f"{many(len(plan.recipients), 'account')} held until the cause is gone",
        "Mend the cause, or put it back",
        "",
        len(plan.recipients),
        plan.total,
        None,
        Opens(PLACE, {"tab": "statements", "term": "left", "what": "held"}),
        tuple(Line(one.name, "", one.balance) for one in plan.recipients[:NAMED]),
    )


def draft_invoices(work: Work) -> Iterator[Group]:
    """Yield the invoices that were made and not sent."""
    yield from _invoices(
        work,
        ItemKind.INVOICE_DRAFT,
        Urgency.MEDIUM,
        InvoiceFilter(statuses=(ShownStatus.DRAFT,)),
        view="draft",
        what="Invoices not sent",
        more="made, but not yet sent",
        step="Look at them and send them",
    )


def changed_invoices(work: Work) -> Iterator[Group]:
    """Yield the invoices whose charges are not any more what their pages say."""
    yield from _invoices(
        work,
        ItemKind.INVOICE_CHANGED,
        Urgency.HIGH,
        InvoiceFilter(outdated=True),
        view="changed",
        what="Invoices to be made anew",
        more="for sessions that were changed since",
        step="Make them anew, and send them",
    )


def _invoices(
    work: Work,
    kind: ItemKind,
    urgency: Urgency,
    wanted: InvoiceFilter,
    *,
    view: str,
    what: str,
    more: str,
    step: str,
) -> Iterator[Group]:
    if not may(work, Right.MAKE_INVOICES):
        return
    page = page_of_invoices(work, wanted, Span(0, NAMED, "issued_on"))
    if not page.total:
        return
    oldest = min(one.issued_on for one in page.rows)
    yield Group(
        kind,
        urgency,
        what,
        f"{many(page.total, 'invoice')} {more}",
        step,
        since(oldest, work.today()),
        page.total,
        page.totals["open"],
        oldest,
        Opens(PLACE, {"tab": "invoices", "view": view}),
        tuple(Line(one.guarantor, one.number, one.open) for one in page.rows),
    )


def reminders(work: Work) -> Iterator[Group]:
    """Yield the reminders that are due today."""
    if not may(work, Right.MAKE_INVOICES):
        return
    plan = plan_reminders(work)
    if not plan.letters:
        return
    invoices = [one for letter in plan.letters for one in letter.invoices]
    oldest = min(one.due_on for one in invoices)
    yield Group(
        ItemKind.REMINDER,
        Urgency.MEDIUM,
        "Reminders due",
        f"{many(len(plan.letters), 'letter')} about {many(len(invoices), 'overdue invoice')}",
        "Look at the letters, make them",
        since(oldest, work.today()),
        len(plan.letters),
        plan.total,
        oldest,
        Opens(PLACE, {"tab": "reminders"}),
        tuple(
            Line(one.name, f"{one.band} days overdue or more", one.total)
            for one in plan.letters[:NAMED]
        ),
    )


def plan_dues(work: Work) -> Iterator[Group]:
    """Yield the interest and late fees of payment plans that are due and not charged yet."""
    if not may(work, Right.MANAGE_PLANS):
        return
    today = work.today()
    found = dues_now(work, today)
    if not found.parts and not found.failing:
        return
    late = sum(one.late for one in found.parts)
    interest = len(found.parts) - late
    said = [many(late, "late fee")] * bool(late)
    said += [f"interest for {many(interest, 'instalment')}"] * bool(interest)
    said += [f"{many(len(found.failing), 'plan')} in default"] * bool(found.failing)
    oldest = min((one.due_on for one in found.parts), default=None)
    yield Group(
        ItemKind.PLAN_DUE,
        Urgency.MEDIUM,
        "Due on payment plans, not charged",
        f"{', '.join(said)}: nothing is charged before you do it",
        "Look at the plans, and charge it",
        since(oldest, today),
        len(found.parts) or len(found.failing),
        found.amount,
        oldest,
        Opens(PLACE, {"tab": "instalments"}),
        tuple(
            Line(
                one.plan,
                f"{'Late fee' if one.late else 'Interest'}, due {one.due_on:%m/%d/%Y}",
                one.amount,
            )
            for one in found.parts[:NAMED]
        ),
    )


def write_offs(work: Work) -> Iterator[Group]:
    """Yield the small balances that could be asked to be written off."""
    if not may(work, Right.ADJUST):
        return
    plan = plan_write_offs(work)
    if not plan.candidates:
        return
    oldest = min(one.since for one in plan.candidates)
    yield Group(
        ItemKind.WRITE_OFF,
        Urgency.LOW,
        "Small balances",
        f"{many(len(plan.candidates), 'account')} owe {plan.threshold} or less"
        f" for more than {plan.days} days",
        "Ask for approval to write them off",
        since(oldest, work.today()),
        len(plan.candidates),
        plan.total,
        oldest,
        Opens(PLACE, {"tab": "write_offs"}),
        tuple(Line(one.name, one.reason, one.amount) for one in plan.candidates[:NAMED]),
    )


def collections(work: Work) -> Iterator[Group]:
    """Yield the accounts that owe for so long that an agency may get them."""
    if not may(work, Right.MANAGE_COLLECTIONS):
        return
    plan = plan_collections(work)
    if not plan.accounts:
        return
    oldest = min(charge.since for one in plan.accounts for charge in one.charges)
    yield Group(
        ItemKind.COLLECTION,
        Urgency.MEDIUM,
        "Old enough for an agency",
        f"{many(len(plan.accounts), 'account')} owe for more than {plan.days} days",
        "Hand over, park, or call once more",
        since(oldest, work.today()),
        len(plan.accounts),
        plan.total,
        oldest,
        Opens(PLACE, {"tab": "collections"}),
        tuple(Line(one.name, f"{one.days} days", one.amount) for one in plan.accounts[:NAMED]),
    )
