"""Money that was received and is not at the bank yet: what account 1050 holds, by document.

A payment is undeposited while its lines on 1050 do not sum to zero, whatever became of it since:
a check that the bank returned was at the bank, and its deposit is still to be entered. A refund
that was kept back from what a card processor pays out stands there too, with a minus.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Exists, Select, exists, func, select
from sqlalchemy.orm import aliased

from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import JournalEntry, JournalLine, Part
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import UNDEPOSITED
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class Undeposited:
    """One payment, or one refund that was netted (``amount`` below zero), in account 1050.

    ``owner`` says who paid, for a list; ``last_day`` is the newest day on which its money in
    1050 changed: a deposit of it is not entered before that day. ``returned``: the bank has taken
    it back already, so it was at the bank.
    """

    payment_id: int
    refund_id: int | None
    number: str
    owner: str
    from_payer: bool
    method: PaymentMethod
    reference: str
    received_on: date
    last_day: date
    amount: Money
    returned: bool = False


def undeposited(work: Work, as_of: date | None = None) -> tuple[Undeposited, ...]:
    """Return all that is in 1050 and in no deposit, by day of receipt; as of a past day if given.

    Sums the lines of each document; no flag of it is asked. Raises Problem without a right to see
    the bank.
    """
    require_seeing(work, "money that is not deposited")
    return waiting_money(work, as_of)


def waiting_money(work: Work, as_of: date | None = None) -> tuple[Undeposited, ...]:
    """Return what `undeposited` does, for counts and checks that show nobody's name."""
    found = [*_payments(work, as_of, None), *_refunds(work, as_of, None)]
    return tuple(sorted(found, key=lambda one: (one.received_on, one.payment_id, one.number)))


def undeposited_of(
    work: Work, payment_ids: Collection[int], refund_ids: Collection[int] = ()
) -> tuple[Undeposited, ...]:
    """Return what of some payments and refunds is undeposited now, payments first, by id."""
    found = _payments(work, None, payment_ids) if payment_ids else []
    if refund_ids:
        found += _refunds(work, None, refund_ids)
    return tuple(sorted(found, key=lambda one: (one.refund_id or 0, one.payment_id)))


def _payments(work: Work, as_of: date | None, only: Collection[int] | None) -> list[Undeposited]:
    # A day on which all cancels out, as of a deposit that was undone on it, holds nothing back.
    moved = (
        select(
            JournalLine.payment_id.label("payment_id"),
            JournalLine.day.label("day"),
            func.sum(JournalLine.amount).label("cents"),
        )
        .where(
            JournalLine.account == UNDEPOSITED,
            JournalLine.part != Part.REFUND,
            JournalLine.payment_id.is_not(None),
        )
        .group_by(JournalLine.payment_id, JournalLine.day)
        .having(func.sum(JournalLine.amount) != ZERO)
    )
    if only is not None:
        moved = moved.where(among(work, JournalLine.payment_id, only))
    if as_of is not None:
        moved = moved.where(JournalLine.day <= as_of)
    elif only is None:
        moved = moved.where(JournalLine.payment_id.in_(_in_no_deposit()))
    days = moved.subquery()
    part = (
        select(
            days.c.payment_id,
            func.sum(days.c.cents).label("cents"),
            func.max(days.c.day).label("last_day"),
        )
        .group_by(days.c.payment_id)
        .having(func.sum(days.c.cents) != ZERO)
        .subquery()
    )
    rows = work.db.execute(
        select(
            Payment.id,
            Payment.number,
            func.coalesce(Guarantor.name, Payer.short_name).label("owner"),
            Payment.payer_id,
            Payment.method,
            Payment.reference,
            Payment.received_on,
            Payment.status,
            part.c.last_day,
            part.c.cents,
        )
        .join(part, part.c.payment_id == Payment.id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
    )
    return [
        Undeposited(
            row.id,
            None,
            row.number,
            row.owner,
            row.payer_id is not None,
            row.method,
            row.reference,
            row.received_on,
            row.last_day,
            row.cents,
            row.status is PaymentStatus.RETURNED,
        )
        for row in rows
    ]


def _in_no_deposit() -> Select[int]:
    """The payments that no standing deposit holds: few, and found by an index."""
    return select(Payment.id).where(
        ~exists().where(DepositItem.live_payment_id == Payment.id), Payment.amount != ZERO
    )


def _refunds(work: Work, as_of: date | None, only: Collection[int] | None) -> list[Undeposited]:
    """Refunds whose entry took their money out of 1050, and that no deposit has settled."""
    settled = exists().where(DepositItem.live_refund_id == Refund.id)
    if as_of is not None:
        settled = _settled_by(as_of)
    query = (
        select(
            Refund.id,
            Refund.number,
            Refund.payment_id,
            func.coalesce(Guarantor.name, Payer.short_name).label("owner"),
            Payment.payer_id,
            Refund.method,
            Refund.reference,
            func.coalesce(Refund.paid_on, JournalLine.day).label("paid_on"),
            JournalLine.day,
            JournalLine.amount,
        )
        .join(JournalLine, JournalLine.entry_id == Refund.entry_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .where(
            Refund.status == RefundStatus.PAID,
            JournalLine.account == UNDEPOSITED,
            ~_reversed(),
            ~settled,
        )
    )
    if only is not None:
        query = query.where(among(work, Refund.id, only))
    if as_of is not None:
        query = query.where(JournalLine.day <= as_of)
    return [
        Undeposited(
            row.payment_id,
            row.id,
            row.number,
            row.owner,
            row.payer_id is not None,
            row.method,
            row.reference,
            row.paid_on,
            row.day,
            row.amount,
        )
        for row in work.db.execute(query)
    ]


def _reversed() -> Exists:
    again = aliased(JournalEntry)
    return exists().where(again.reverses_id == Refund.entry_id)


def _settled_by(as_of: date) -> Exists:
    """Whether a deposit held the refund at the end of a day: entered by then, not taken back."""
    made, back = aliased(JournalEntry), aliased(JournalEntry)
    undone = exists().where(back.reverses_id == made.id, back.entry_date <= as_of)
    return exists(
        select(DepositItem.id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .join(made, made.id == Deposit.entry_id)
        .where(DepositItem.refund_id == Refund.id, made.entry_date <= as_of, ~undone)
    )
