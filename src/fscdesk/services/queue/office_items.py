"""What else waits: authorizations that run out, missed instalments, decisions, statements."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from fscdesk.models.approval import RequestKind, RequestStatus
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plan_reading import missed_plans
from fscdesk.services.billing.plan_standing import DueState
from fscdesk.services.claims.authorization_rows import (
    AuthorizationFilter,
    Warns,
    page_of_authorizations,
)
from fscdesk.services.paging import Span
from fscdesk.services.payments.requests import queue as queue_of_requests
from fscdesk.services.queue.bills import PLACE
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, the_rest
from fscdesk.services.queue.wording import many
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work


def authorizations(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the authorizations in force that have little left, or end soon."""
    page = page_of_authorizations(work, AuthorizationFilter(view="asks"), Span(0, most, "to"))
    for row in page.rows:
        up = row.warns is Warns.USED_UP
        asked = {"patient": row.patient_id, "tab": "authorizations", "record": row.id}
        warning = row.warning.removesuffix(".")
        yield QueueItem(
            key=f"{ItemKind.AUTHORIZATION.value}:{row.id}",
            kind=ItemKind.AUTHORIZATION,
            urgency=Urgency.HIGH if up else Urgency.MEDIUM,
            title=f"Authorization: {warning[:1].lower()}{warning[1:]}",
            about=f"{row.patient}, {row.payer}, {row.fields.number}",
            why=f"{row.used:,} of {row.fields.granted:,} are used; it ends on"
            f" {row.fields.valid_to:%m/%d/%Y}.",
            amount=ZERO,
            due_on=row.fields.valid_to,
            since=None,
            opens=Opens("patients", asked),
            steps=(Step("Ask the payer for more", row.payer), Step("Type in the new one")),
            patient_id=row.patient_id,
            payer_id=row.fields.payer_id,
            payer=row.payer,
            standing=f"{row.used} {row.warns}",
        )
    opens = Opens("patients")
    yield from the_rest(
        ItemKind.AUTHORIZATION, page.total, most, "authorizations", opens, Urgency.MEDIUM
    )


def instalments(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the payment plans with an instalment that was missed."""
    rows = missed_plans(work)
    opens = Opens(PLACE, {"tab": "instalments"})
    for row in rows[:most]:
        stand = row.standing
        missed = [one.due_on for one in stand.instalments if one.state is DueState.MISSED]
        since = min(missed, default=None)
        yield QueueItem(
            key=f"{ItemKind.INSTALMENT.value}:{stand.plan_id}",
            kind=ItemKind.INSTALMENT,
            urgency=Urgency.HIGH,
            title="Instalment missed",
            about=f"{row.guarantor}, {stand.number}",
            why=f"{many(stand.missed, 'instalment')} of {stand.number} did not come.",
            amount=stand.due_now,
            due_on=None,
            since=since,
            opens=opens,
            steps=(Step("Call", row.guarantor), Step("Take the payment, or charge the late fee")),
            patient_id=stand.patient_id,
            standing=f"missed {stand.missed}",
        )
    yield from the_rest(
        ItemKind.INSTALMENT, len(rows), most, "missed instalments", opens, Urgency.HIGH
    )


def approvals(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the requests that the person at the desk may decide; own ones are not among them."""
    waiting = queue_of_requests(work, status=RequestStatus.WAITING)
    rows = [one for one in waiting if one.may_decide]
    for row in rows[:most]:
        run = row.kind is RequestKind.WRITE_OFF_RUN
        opens = (
            Opens(PLACE, {"tab": "write_offs", "request": row.id})
            if run
            else Opens("payments", {"tab": "approvals", "request": row.id})
        )
        yield QueueItem(
            key=f"{ItemKind.APPROVAL.value}:{row.id}",
            kind=ItemKind.APPROVAL,
            urgency=Urgency.HIGH,
            title="Write-off run to decide" if run else "Request to decide",
            about=f"{row.number}, asked for by {row.asked_by}",
            why=row.reason,
            amount=row.amount,
            due_on=None,
            since=row.asked_at.astimezone(work.zone).date(),
            opens=opens,
            steps=(Step("Look at what is asked for", row.needs), Step("Approve or refuse")),
            standing=row.status.value,
        )
    opens = Opens("payments", {"tab": "approvals"})
    yield from the_rest(ItemKind.APPROVAL, len(rows), most, "requests", opens, Urgency.HIGH)


def unsent_statements(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the statement runs of which something has not left the office: each run once."""
    rows = work.db.execute(
        select(StatementRun.id, StatementRun.as_of, func.count(), func.sum(Statement.amount_due))
        .join(Statement, Statement.run_id == StatementRun.id)
        .where(
            StatementRun.undone_at.is_(None),
            Statement.sent_at.is_(None),
            Statement.dropped_at.is_(None),
        )
        .group_by(StatementRun.id, StatementRun.as_of)
        .order_by(StatementRun.as_of, StatementRun.id)
        .limit(most)
    )
    for run_id, as_of, count, total in rows:
        yield QueueItem(
            key=f"{ItemKind.STATEMENTS.value}:{run_id}",
            kind=ItemKind.STATEMENTS,
            urgency=Urgency.MEDIUM,
            title="Statements not sent",
            about=f"{many(count, 'statement')} of {as_of:%m/%d/%Y}",
            why=f"{many(count, 'statement')} made, but not yet out of the office.",
            amount=total if isinstance(total, Money) else Money(int(total or 0)),
            due_on=None,
            since=as_of,
            opens=Opens(PLACE, {"tab": "unsent"}),
            steps=(Step("Print or e-mail them"), Step("Mark them as sent")),
            standing=str(count),
        )
