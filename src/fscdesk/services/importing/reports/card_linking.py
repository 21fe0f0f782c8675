"""Finds the payment that each movement on the card account belongs to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.payment import Credit, Payment, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.services.bulk import run_many
from fscdesk.services.importing.readers.card_transactions import CHARGE, REFUND
from fscdesk.services.importing.reports.payment_words import CARDS
from fscdesk.services.work import Work

_Key = tuple[date, int]


def link_cards(work: Work) -> int:
    """Link card charges to payments, and card refunds to the payment that went back.

    By the day in the practice's zone, the amount, and the client; where the client of a charge is
    not sure (two clients share a name), only if no other payment could be meant. Returns how many
    were linked; what has no partner yet stays as it is, until its payment comes.
    """
    open_cards = work.db.execute(
        select(
            CardTransaction.id,
            CardTransaction.kind,
            CardTransaction.patient_id,
            CardTransaction.created_on,
            CardTransaction.amount,
        )
        .where(CardTransaction.payment_id.is_(None), CardTransaction.kind.in_((CHARGE, REFUND)))
        .order_by(CardTransaction.patient_id.is_(None), CardTransaction.id)
    ).all()
    if not open_cards:
        return 0
    first = min(row.created_on for row in open_cards)
    last = max(row.created_on for row in open_cards)
    by_kind = {CHARGE: _payments(work, first, last), REFUND: _refunds(work, first, last)}
    found: list[tuple[int, int]] = []
    for row in open_cards:
        candidates = by_kind[row.kind].get((row.created_on, abs(row.amount.cents)), [])
        fits = [one for one in candidates if row.patient_id in (None, one[1])]
        if fits and (row.patient_id is not None or len(fits) == 1):
            candidates.remove(fits[0])
            found.append((fits[0][0], row.id))
    run_many(work, "UPDATE card_transaction SET payment_id = ? WHERE id = ?", found)
    work.db.expire_all()
    return len(found)


def _payments(work: Work, first: date, last: date) -> dict[_Key, list[tuple[int, int | None]]]:
    taken = select(CardTransaction.payment_id).where(
        CardTransaction.payment_id.is_not(None), CardTransaction.kind == CHARGE
    )
    whose = (
        select(func.min(Credit.patient_id))
        .where(Credit.payment_id == Payment.id, Credit.guarantor_id == Payment.guarantor_id)
        .scalar_subquery()
    )
    rows = work.db.execute(
        select(Payment.id, whose, Payment.received_on, Payment.amount)
        .where(
            Payment.received_on.between(first, last),
            Payment.method.in_(CARDS),
            Payment.status != PaymentStatus.VOIDED,
            Payment.guarantor_id.is_not(None),
            Payment.id.not_in(taken),
        )
        .order_by(Payment.id)
    )
    found: dict[_Key, list[tuple[int, int | None]]] = defaultdict(list)
    for payment_id, patient_id, day, amount in rows:
        found[day, amount.cents].append((payment_id, patient_id))
    return found


def _refunds(work: Work, first: date, last: date) -> dict[_Key, list[tuple[int, int | None]]]:
    rows = work.db.execute(
        select(Refund.payment_id, Credit.patient_id, Refund.paid_on, Refund.amount)
        .join(Credit, Credit.id == Refund.credit_id)
        .where(
            Refund.status == RefundStatus.PAID,
            Refund.method.in_(CARDS),
            Refund.paid_on.between(first, last),
        )
        .order_by(Refund.id)
    )
    found: dict[_Key, list[tuple[int, int | None]]] = defaultdict(list)
    for payment_id, patient_id, day, amount in rows:
        if day is not None:
            found[day, amount.cents].append((payment_id, patient_id))
    return found
