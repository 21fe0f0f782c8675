"""The payments of a period: what came, from whom, how, and what of it is not applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class ListedPayment:
    """One payment; ``account`` is a guarantor's number or a payer's code."""

    id: int
    number: str
    account: str
    name: str
    method: PaymentMethod
    reference: str
    received_on: date
    posted_on: date
    amount: Money
    unapplied: Money
    status: PaymentStatus


def payments_between(
    work: Work, first: date, last: date, *, text: str = ""
) -> tuple[ListedPayment, ...]:
    """Return what was posted from ``first`` to ``last``, oldest first.

    ``text`` narrows it by words of number, reference, name or account.
    """
    require(work, Right.POST_PAYMENT, "look at payments")
    left = (
        select(Credit.payment_id, func.sum(Credit.balance).label("left"))
        .where(Credit.payment_id.is_not(None))
        .group_by(Credit.payment_id)
        .subquery()
    )
    question = (
        select(
            Payment,
            Guarantor.number,
            Guarantor.name,
            Payer.payer_code,
            Payer.name,
            func.coalesce(left.c.left, 0),
        )
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(left, left.c.payment_id == Payment.id)
        .where(Payment.posted_on.between(first, last))
        .order_by(Payment.posted_on, Payment.id)
    )
    searched = (
        *(Payment.number, Payment.reference, Guarantor.number, Guarantor.name),
        *(Payer.payer_code, Payer.name),
    )
    for word in text.split():
        question = question.where(
            or_(*(column.icontains(word, autoescape=True) for column in searched))
        )
    return tuple(
        ListedPayment(
            one.id,
            one.number,
            account or code or "",
            name or payer or "",
            one.method,
            one.reference,
            one.received_on,
            one.posted_on,
            one.amount,
            unapplied if isinstance(unapplied, Money) else Money(int(unapplied)),
            one.status,
        )
        for one, account, name, code, payer, unapplied in work.db.execute(question)
    )
