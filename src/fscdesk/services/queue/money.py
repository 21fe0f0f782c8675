"""What waits of money that came in: decisions, refunds, returned checks, credits, account 1060."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, literal_column, select

from fscdesk.models.approval import RequestKind, RequestStatus
from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.refund import RefundStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.paging import Span
from fscdesk.services.payments.clearing_list import page_of_clearing
from fscdesk.services.payments.credit_list import CreditFilter, page_of_credits
from fscdesk.services.payments.refund_list import RefundRow, refund_clock
from fscdesk.services.payments.requests import RequestRow
from fscdesk.services.payments.requests import queue as queue_of_requests
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.kinds import SHOWN, Kind, Line, Waiting, many, since, until
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

SOON = 7
"""A refund that is due within so many days is urgent."""
_OPEN: ColumnElement[bool] = literal_column("charge.patient_balance <> 0")
"""Written out as in the partial index of open charges, which is used only then."""


def requests(work: Work) -> Iterator[Waiting]:
    """Yield the requests that the person may decide: a write-off run each, the others together.

    Own requests are not among them: nobody decides what he asked for himself.
    """
    mine = [one for one in queue_of_requests(work, status=RequestStatus.WAITING) if one.may_decide]
    runs = [one for one in mine if one.kind is RequestKind.WRITE_OFF_RUN]
    others = [one for one in mine if one.kind is not RequestKind.WRITE_OFF_RUN]
    for run in runs:
        yield Waiting(
            Kind.REQUEST,
            Urgency.HIGH,
            "Write-off run to decide",
            f"{many(run.count, 'balance')}, asked for by {run.asked_by}: {run.reason}",
            "Approve it, or refuse it",
            since(_day(work, run), work.today()),
            run.count,
            run.amount,
            _day(work, run),
            Opens("statements", {"tab": "write_offs", "request": run.id}),
            (Line(run.number, run.needs, run.amount),),
        )
    if others:
        oldest = min(_day(work, one) for one in others)
        yield Waiting(
            Kind.REQUEST,
            Urgency.HIGH,
            "Requests to decide",
            f"{many(len(others), 'request')} by {_names(others)}",
            "Approve or refuse",
            since(oldest, work.today()),
            len(others),
            sum((one.amount for one in others), ZERO),
            oldest,
            Opens("payments", {"tab": "approvals", "request": others[0].id}),
            tuple(
                Line(f"{one.number}, {one.asked_by}", one.reason, one.amount)
                for one in others[:SHOWN]
            ),
        )


def refunds(work: Work) -> Iterator[Waiting]:
    """Yield the refunds that were promised, by their clock."""
    if not may(work, Right.REFUND):
        return
    rows = [one for one in refund_clock(work) if one.status is not RefundStatus.WAITING]
    if not rows:
        return
    first = min(rows, key=lambda one: one.due_on)
    yield Waiting(
        Kind.REFUND,
        _refund_urgency(first),
        "Refunds to pay",
        f"{many(len(rows), 'refund')}, the first to {first.to_name}",
        f"Pay by {first.due_on:%m/%d/%Y}",
        until(first.due_on, work.today()),
        len(rows),
        sum((one.amount for one in rows), ZERO),
        min(one.found_on for one in rows),
        Opens("payments", {"tab": "refunds"}),
        tuple(
            Line(one.to_name, f"{one.number}, due {one.due_on:%m/%d/%Y}", one.amount)
            for one in rows[:SHOWN]
        ),
    )


def returned(work: Work) -> Iterator[Waiting]:
    """Yield the charges that a returned check has opened again, and that are open still."""
    if not may(work, Right.POST_PAYMENT):
        return
    touched = (
        select(JournalLine.charge_id)
        .join(Payment, Payment.id == JournalLine.payment_id)
        .where(Payment.status == PaymentStatus.RETURNED, JournalLine.charge_id.is_not(None))
    )
    rows = work.db.execute(
        select(Patient.name, func.sum(Charge.patient_balance), func.min(Charge.service_day))
        .join(Patient, Patient.id == Charge.patient_id)
        .where(Charge.id.in_(touched), _OPEN, Charge.patient_balance > ZERO)
        .group_by(Patient.id, Patient.name)
        .order_by(func.min(Charge.service_day), Patient.id)
    ).all()
    if not rows:
        return
    oldest = min(day for _name, _sum, day in rows)
    yield Waiting(
        Kind.RETURNED,
        Urgency.HIGH,
        "Returned checks",
        f"Charges of {many(len(rows), 'client')} are open again",
        "Call, and ask for another payment",
        since(oldest, work.today()),
        len(rows),
        _sum([amount for _name, amount, _day_ in rows]),
        oldest,
        Opens("payments", {"tab": "payments", "view": "returned"}),
        tuple(
            Line(name, f"since {day:%m/%d/%Y}", _sum([amount]))
            for name, amount, day in rows[:SHOWN]
        ),
    )


def clearing(work: Work) -> Iterator[Waiting]:
    """Yield what SimplePractice calls paid and no payment has closed: account 1060."""
    if not may(work, Right.SEE_REPORTS):
        return
    page = page_of_clearing(work, Span(0, SHOWN, "since"))
    if not page.total:
        return
    oldest = min(line.since for line in page.rows)
    yield Waiting(
        Kind.CLEARING,
        Urgency.MEDIUM,
        "Paid in SimplePractice, not received",
        f"{many(page.total, 'line')} of account 1060 stand open, each with its reason",
        "Find the payment, or import the report",
        since(oldest, work.today()),
        page.total,
        page.totals["amount"],
        oldest,
        Opens("payments", {"tab": "clearing"}),
        tuple(Line(line.patient, line.reason, line.amount) for line in page.rows),
    )


def credits_left(work: Work) -> Iterator[Waiting]:
    """Yield money that is not applied and that nobody is promised."""
    if not may(work, Right.POST_PAYMENT):
        return
    page = page_of_credits(work, CreditFilter(), Span(0, SHOWN, "since"))
    if not page.total:
        return
    oldest = min(row.since for row in page.rows)
    yield Waiting(
        Kind.CREDIT,
        Urgency.LOW,
        "Unapplied credits",
        f"{many(page.total, 'amount')} that no charge has taken",
        "Apply it, or give it back",
        since(oldest, work.today()),
        page.total,
        page.totals["free"],
        oldest,
        Opens("payments", {"tab": "unapplied"}),
        tuple(
            Line(
                row.owner,
                f"{row.payment_number or 'SimplePractice'}, {row.since:%m/%d/%Y}",
                row.free,
            )
            for row in page.rows
        ),
    )


def _refund_urgency(first: RefundRow) -> Urgency:
    left = first.days_left or 0
    if left < 0:
        return Urgency.CRITICAL
    return Urgency.HIGH if left <= SOON else Urgency.MEDIUM


def _day(work: Work, one: RequestRow) -> date:
    return one.asked_at.astimezone(work.zone).date()


def _names(rows: Sequence[RequestRow]) -> str:
    names = list(dict.fromkeys(one.asked_by for one in rows))
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _sum(amounts: Sequence[object]) -> Money:
    """Return a sum as Money, whether the column's type came through the SQL or not."""
    return Money(sum(one.cents if isinstance(one, Money) else int(str(one)) for one in amounts))
