"""The list of refunds, and their clock: what must go back, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.holding import PROMISED
from fscdesk.services.work import Work

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "open": "To be paid",
        "waiting": "Waiting for approval",
        "overdue": "Overdue",
        "paid": "Paid",
    }
)


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund: to whom it goes, and how many days are left (None once it is paid or off)."""

    id: int
    number: str
    payment_id: int
    payment_number: str
    credit_id: int
    to_name: str
    guarantor_id: int | None
    payer_id: int | None
    amount: Money
    method: PaymentMethod
    reference: str
    reason: str
    status: RefundStatus
    found_on: date
    due_on: date
    days_left: int | None
    paid_on: date | None
    request_id: int | None
    request_number: str
    version: int

    @property
    def overdue(self) -> bool:
        """Return whether its day has passed and it was not paid."""
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class RefundFilter:
    """The question above the list; empty means any."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    payment_id: int | None = None
    guarantor_id: int | None = None
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> RefundFilter:
        """Read what the table part holds: text, status, payment, guarantor, view.

        Raises KeyError for any other key.
        """
        return cls(**fields_asked(asked, _SINGLE, texts=_TEXTS))


_TEXTS = {"status": "statuses"}
_SINGLE = {
    "text": "text",
    "payment": "payment_id",
    "guarantor": "guarantor_id",
    "view": "view",
}
_TO = func.coalesce(Payer.name, Guarantor.name)
_COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "number": Refund.number,
        "payment": Payment.number,
        "to": _TO,
        "amount": Refund.amount,
        "method": Refund.method,
        "status": Refund.status,
        "found": Refund.found_on,
        "due": Refund.due_on,
        "paid": Refund.paid_on,
    }
)
SORTS = tuple(_COLUMNS)


def page_of_refunds(work: Work, wanted: RefundFilter, span: Span) -> Page[RefundRow]:
    """Return a span of the matching refunds, how many match, and their sum (``amount``).

    ``span.sort`` is one of ``SORTS``.
    """
    conditions = _conditions(work, wanted)
    counted: Select[*tuple[Any, ...]] = select(func.count(), func.sum(Refund.amount))
    count, total = work.db.execute(_joined(counted).where(*conditions)).one()
    column = _COLUMNS[span.sort]
    order = column.desc().nulls_last() if span.descending else column.asc().nulls_first()
    rows = work.db.execute(
        _asked()
        .where(*conditions)
        .order_by(order, Refund.id.desc() if span.descending else Refund.id)
        .offset(span.start)
        .limit(span.size)
    )
    found = tuple(_row(work, *row) for row in rows)
    return Page(span.start, count, found, {"amount": total or ZERO})


def refund_counts(work: Work, base: RefundFilter | None = None) -> dict[str, int]:
    """Return how many refunds each built-in view has, within ``base``."""
    within = base or RefundFilter()
    return {
        view: work.db.scalar(
            _joined(select(func.count())).where(*_conditions(work, replace(within, view=view)))
        )
        or 0
        for view in VIEWS
    }


def refund_clock(work: Work) -> tuple[RefundRow, ...]:
    """Return the refunds that were not paid yet, the most urgent first, with days left."""
    rows = work.db.execute(
        _asked().where(Refund.status.in_(PROMISED)).order_by(Refund.due_on, Refund.id)
    )
    return tuple(_row(work, *row) for row in rows)


def refunds_of(work: Work, payment_id: int) -> tuple[RefundRow, ...]:
    """Return the refunds of a payment, oldest first."""
    rows = work.db.execute(_asked().where(Refund.payment_id == payment_id).order_by(Refund.id))
    return tuple(_row(work, *row) for row in rows)


def refunds_of_request(work: Work, request_id: int) -> tuple[RefundRow, ...]:
    """Return the refunds that a request asks for."""
    rows = work.db.execute(_asked().where(Refund.request_id == request_id).order_by(Refund.id))
    return tuple(_row(work, *row) for row in rows)


def _asked() -> Select[*tuple[Any, ...]]:
    asked: Select[*tuple[Any, ...]] = select(
        Refund,
        Payment.number,
        _TO,
        Payment.guarantor_id,
        Payment.payer_id,
        ApprovalRequest.number,
    )
    return _joined(asked)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[Any]:
    return (
        query.select_from(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(ApprovalRequest, ApprovalRequest.id == Refund.request_id)
    )


def _conditions(work: Work, wanted: RefundFilter) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses:
        conditions.append(Refund.status.in_([RefundStatus(one) for one in wanted.statuses]))
    if wanted.payment_id is not None:
        conditions.append(Refund.payment_id == wanted.payment_id)
    if wanted.guarantor_id is not None:
        conditions.append(Payment.guarantor_id == wanted.guarantor_id)
    for word in wanted.text.split():
        places = (Refund.number, Payment.number, Refund.reference, Refund.reason, _TO)
        conditions.append(or_(*(one.icontains(word, autoescape=True) for one in places)))
    views: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "open": [Refund.status == RefundStatus.APPROVED],
        "waiting": [Refund.status == RefundStatus.WAITING],
        "overdue": [Refund.status.in_(PROMISED), Refund.due_on < work.today()],
        "paid": [Refund.status == RefundStatus.PAID],
    }
    return [*conditions, *views[wanted.view]]


def _row(
    work: Work,
    refund: Refund,
    payment_number: str,
    to_name: str,
    guarantor_id: int | None,
    payer_id: int | None,
    request_number: str | None,
) -> RefundRow:
    runs = refund.status in PROMISED
    return RefundRow(
        id=refund.id,
        number=refund.number,
        payment_id=refund.payment_id,
        payment_number=payment_number,
        credit_id=refund.credit_id,
        to_name=to_name,
        guarantor_id=guarantor_id,
        payer_id=payer_id,
        amount=refund.amount,
        method=refund.method,
        reference=refund.reference,
        reason=refund.reason,
        status=refund.status,
        found_on=refund.found_on,
        due_on=refund.due_on,
        days_left=(refund.due_on - work.today()).days if runs else None,
        paid_on=refund.paid_on,
        request_id=refund.request_id,
        request_number=request_number or "",
        version=refund.version,
    )
