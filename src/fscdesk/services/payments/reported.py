"""Refunds and corrected amounts that SimplePractice reports: facts, so nobody approves them here.

Money that went back draws the payment it came with. What that payment has closed in 1060 is taken
back as far as needed; ``clearing.settle`` closes again what is still called paid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentOrigin, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.deposited import account_of_deposit
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE, UNDEPOSITED
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse_all
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.applying import unapply
from fscdesk.services.payments.holding import promised, receipts_of, write_change
from fscdesk.services.payments.policies import refund_days
from fscdesk.services.payments.receiving import receipt_legs
from fscdesk.services.payments.refunding import SERIES
from fscdesk.services.work import Topic, Work

REASON = "Refunded in SimplePractice"


@dataclass(frozen=True, slots=True)
class Holding:
    """What of a reported payment can still go back; ``free`` in cents, newest first in lists.

    What closes account 1060 counts as free: it is SimplePractice's own word, and it moves. What
    a person has applied here does not. ``owner`` is the client, or the payer.
    """

    credit_id: int
    payment_id: int
    owner: int
    method: PaymentMethod
    reference: str
    received_on: date
    free: int


@dataclass(frozen=True, slots=True)
class ReportedRefund:
    """A refund as a report tells it; ``owner`` as in Holding, ``key`` knows it again."""

    key: str
    owner: int
    payers: bool
    amount: Money
    method: PaymentMethod
    on: date
    reference: str = ""


def holdings(work: Work, owners: Collection[int], *, payers: bool) -> dict[int, list[Holding]]:
    """Return what can go back of the payments of clients (or payers), newest first."""
    owner = Credit.payer_id if payers else Credit.patient_id
    rows = work.db.execute(
        select(
            Credit.id,
            Credit.payment_id,
            owner.label("owner"),
            Payment.method,
            Payment.reference,
            Payment.received_on,
            Credit.balance,
        )
        .join(Payment, Payment.id == Credit.payment_id)
        .where(
            among(work, owner, owners),
            Payment.status == PaymentStatus.POSTED,
            or_(Payment.origin == PaymentOrigin.SIMPLEPRACTICE, Payment.external_id.is_not(None)),
        )
        .order_by(Payment.received_on.desc(), Payment.id.desc(), Credit.id)
    ).all()
    credit_ids = [row.id for row in rows]
    closing, kept = _closing(work, credit_ids), promised(work, credit_ids)
    found: dict[int, list[Holding]] = defaultdict(list)
    for row in rows:
        free = row.balance.cents + closing.get(row.id, 0) - kept.get(row.id, Money()).cents
        if free > 0 and row.owner is not None:
            found[row.owner].append(
                Holding(row.id, row.payment_id, row.owner, *row[3:6], free=free)
            )
    return found


def _closing(work: Work, credit_ids: Collection[int]) -> dict[int, int]:
    """Return how many cents of each credit close account 1060 now."""
    drawn = {
        entry_id: credit_id
        for entry_id, credit_id in work.db.execute(
            select(JournalLine.entry_id, JournalLine.credit_id).where(
                among(work, JournalLine.credit_id, credit_ids)
            )
        )
        if credit_id is not None
    }
    # By entry and not by account too: else SQLite reads all of 1060 for a few credits.
    rows = work.db.execute(
        select(
            JournalLine.entry_id, JournalLine.account, JournalLine.payment_id, JournalLine.amount
        ).where(among(work, JournalLine.entry_id, drawn))
    )
    found: dict[int, int] = defaultdict(int)
    for entry_id, account, payment_id, amount in rows:
        if account == RECORDED_IN_SIMPLEPRACTICE and payment_id is not None:
            found[drawn[entry_id]] -= amount.cents
    return dict(found)


def pay_back(work: Work, told: ReportedRefund, *, batch_id: int) -> list[int]:
    """Post a refund that SimplePractice made, and return its documents (one for each payment).

    It draws payments of the same method first, then the newest. A card refund is netted from
    the next payout (Cr 1050); anything else left the bank account it was in. Raises Problem, and
    posts nothing, where the payments do not cover it.
    """
    held = [
        one
        for one in holdings(work, [told.owner], payers=told.payers).get(told.owner, [])
        if one.received_on <= told.on
    ]
    if sum(one.free for one in held) < told.amount.cents:
        raise Problem(
            f"{told.amount} went back, but no payment that is here covers it.",
            hint="Nothing was posted.",
        )
    left, made = told.amount.cents, list[int]()
    for one in _in_order(held, told):
        cents = min(left, one.free)
        if cents <= 0:
            break
        left -= cents
        key = told.key if not made else f"{told.key}#{len(made) + 1}"
        made.append(_refund(work, one, told, Money(cents), key, batch_id))
    return made


def _in_order(held: Sequence[Holding], told: ReportedRefund) -> list[Holding]:
    """Say which payment went back: its reference, then its method, one that covers it whole."""
    return sorted(
        held,
        key=lambda one: (
            not (told.reference and one.reference == told.reference),
            one.method is not told.method,
            one.free < told.amount.cents,
        ),
    )


def _refund(
    work: Work, held: Holding, told: ReportedRefund, amount: Money, key: str, batch_id: int
) -> int:
    free_credit(work, held.credit_id, amount, on=told.on, batch_id=batch_id)
    credit = work.db.get_one(Credit, held.credit_id)
    on = max(told.on, credit.since)
    number = next_number(work, SERIES, work.today().year)
    netted = told.method is PaymentMethod.CARD
    money = UNDEPOSITED if netted else account_of_deposit(work, held.payment_id)
    owner = crediting.about(credit)._replace(credit_id=None)
    entry_id = post(
        work,
        Draft(
            on=on,
            kind=EntryKind.REFUND,
            memo=f"Refund {number}",
            legs=(
                crediting.leg(credit, amount.cents, Part.REFUND),
                Leg(money, -amount.cents, Part.REFUND, owner),
            ),
        ),
        batch_id=batch_id,
    )
    refund = Refund(
        number=number,
        payment_id=held.payment_id,
        credit_id=held.credit_id,
        amount=amount,
        method=told.method,
        reference=told.reference[:100],
        reason=REASON,
        status=RefundStatus.PAID,
        found_on=on,
        due_on=on + timedelta(days=refund_days(work, public_program=False)),
        paid_on=told.on,
        entry_id=entry_id,
        request_key=key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(refund)
    work.db.flush()
    refund_id = refund.id
    work.db.expire_all()
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    return refund_id


def free_credit(work: Work, credit_id: int, amount: Money, *, on: date, batch_id: int) -> None:
    """Take back what a credit has closed in 1060, newest first, until so much is free in it."""
    work.db.expire_all()
    missing = amount.cents - work.db.get_one(Credit, credit_id).balance.cents
    if missing <= 0:
        return
    drawn = aliased(JournalLine)
    rows = work.db.execute(
        select(JournalEntry.id, drawn.amount)
        .join(drawn, drawn.entry_id == JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            drawn.credit_id == credit_id,
            JournalEntry.kind == EntryKind.APPLIED,
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
        )
        .order_by(JournalEntry.id.desc())
    ).all()
    tails = {row.id: standing(work, [row.id]) for row in rows}
    taken: list[int] = []
    for row in rows:
        if missing > 0 and tails[row.id]:
            taken += tails[row.id]
            missing -= row.amount.cents
    unapply(work, taken, on=on, reason=REASON, batch_id=batch_id)
    work.db.expire_all()


def correct_reported(
    work: Work, payment_id: int, amount: Money, *, on: date, batch_id: int
) -> None:
    """Give a payment the amount that SimplePractice says now: the receipt is posted anew.

    The caller has seen that enough of it is free.
    """
    payment = work.db.get_one(Payment, payment_id)
    credit_id = work.db.scalars(
        select(Credit.id).where(Credit.payment_id == payment_id).order_by(Credit.id).limit(1)
    ).one()
    if amount.cents < payment.amount.cents:
        free_credit(work, credit_id, payment.amount - amount, on=on, batch_id=batch_id)
    reverse_all(
        work,
        receipts_of(work, payment_id),
        on=on,
        reason="Corrected in SimplePractice",
        batch_id=batch_id,
    )
    work.db.expire_all()
    payment = work.db.get_one(Payment, payment_id)
    old, payment.amount = payment.amount, amount
    post(
        work,
        Draft(
            on=max(on, payment.posted_on),
            kind=EntryKind.RECEIPT,
            memo=f"Payment {payment.number}, corrected",
            legs=receipt_legs(payment, work.db.get_one(Credit, credit_id)),
        ),
        batch_id=batch_id,
    )
    write_change(
        work,
        payment,
        "amount",
        old=str(old),
        new=str(amount),
        reason="Corrected in SimplePractice",
    )
    work.db.expire_all()
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
