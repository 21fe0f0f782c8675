"""Disputes of card payments: a part that is charged back, a dispute that is won, and both undone.

    charge_back_part(work, payment_id, Money(30_00), on=day, reason="…", expected_version=seen)
    win_dispute(work, payment_id, on=day, reason="…", expected_version=seen)
    take_dispute_back(work, payment_id, reason="…", expected_version=seen)

The whole of a payment is charged back by ``returning``; it can be won here too. A part leaves the
payment posted: what was not applied goes first, then what was applied last, and a charge that is
paid in part by it stays paid so far. Money that is won comes by an entry of its own on the bank's
day, because the bank shows both movements; what the payment had paid and is open is paid again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.deposited import account_of_deposit
from fscdesk.services.banking.reconciliation_locks import require_unmatched
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse
from fscdesk.services.payments.disputed_money import (
    Movement,
    free_money,
    legs_drawing,
    memo_of_bank,
    movements,
    open_chargebacks,
    own_credits,
    pay_again,
)
from fscdesk.services.payments.holding import (
    locked_credits,
    locked_payment,
    refunded_of,
    require_day,
    require_no_promises,
    write_change,
)
from fscdesk.services.payments.return_fees import (
    charge_again,
    fees_made_with,
    fees_taken_by,
    return_fee_of,
    take_fees_back,
)
from fscdesk.services.payments.returning import METHODS, ReturnKind
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_DOING = "record disputes"


@dataclass(frozen=True, slots=True)
class Disputed:
    """What a chargeback of a part did: its entry, the charges that are open again, the fee."""

    entry_id: int
    reopened: tuple[int, ...]
    fee_charge_id: int | None
    fee: Money
    plans: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Won:
    """What winning did: its entry, what came back, and the charges that it has paid again."""

    entry_id: int
    amount: Money
    paid: tuple[int, ...]


def charge_back_part(
    work: Work,
    payment_id: int,
    amount: Money,
    *,
    on: date,
    reason: str,
    expected_version: int,
    fee: Money | None = None,
) -> Disputed:
    """Record that the processor took a part of a client's card payment back on a day.

    ``fee`` is what the account is charged for it: the practice's own fee unless given. Raises
    Problem, with nothing posted, for the whole amount or more, for a payment that is no client's
    card payment, and where a refund of it waits, or money of it has paid for somebody else.
    """
    require(work, Right.CORRECT_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    held = locked_credits(work, payment_id)
    _require_card(payment)
    require_day(work, on, "The bank's day", since=min(payment.received_on, payment.posted_on))
    require_no_promises(work, payment)
    left = left_of(work, payment_id)
    _require_part(payment, amount, left)
    said = f"{amount} of {payment.number} was charged back"
    reopened = free_money(work, payment, amount, on, said)
    entry_id = post(
        work,
        Draft(
            on=on,
            kind=EntryKind.RETURNED,
            memo=memo_of_bank(said, on),
            legs=(
                *legs_drawing(own_credits(work, payment), amount),
                Leg(
                    account_of_deposit(work, payment_id),
                    -amount.cents,
                    Part.RETURNED,
                    crediting.about(held[0])._replace(credit_id=None),
                ),
            ),
        ),
    )
    work.db.expire_all()
    if taken_of(work, payment_id) == payment.amount:
        payment.status = PaymentStatus.RETURNED
    write_change(
        work,
        payment,
        "chargeback_part",
        old=f"{left} at the bank",
        new=f"{amount} charged back {on:%m/%d/%Y}",
        reason=words,
    )
    charged, fee_charge = return_fee_of(work, payment, held[0], fee, on=on, entry_id=entry_id)
    plans = reopen_unpaid(work, reopened, on=max(on, work.today()))
    record(
        work,
        "charge_back_part",
        "payment",
        payment_id,
        amount=amount.plain(),
        on=on.isoformat(),
        fee=charged.plain(),
        entry=entry_id,
    )
    _touch(work)
    return Disputed(entry_id, reopened, fee_charge, charged, plans)


def win_dispute(
    work: Work,
    payment_id: int,
    *,
    on: date,
    reason: str,
    expected_version: int,
    amount: Money | None = None,
    keep_fee: bool | None = None,
) -> Won:
    """Record that money of a card payment that was charged back came again on a day.

    ``amount`` is all that was charged back unless given. What the payment had paid and is open is
    paid again, the rest is a credit. The fee that the client was charged is taken back
    once all came again, unless ``keep_fee`` says that it stays, or goes (False) with a part; what
    the processor gives back of its own fee is said at the bank's line. Raises Problem, with
    nothing posted, where nothing was charged back, or less.
    """
    require(work, Right.CORRECT_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked(work, Payment, payment_id, "this payment")
    require_version(payment, expected_version, f"payment {payment.number}")
    _require_card(payment)
    held = locked_credits(work, payment_id)
    taken = taken_of(work, payment_id)
    back = taken if amount is None else amount
    if not ZERO < back <= taken:
        raise Problem(
            f"{taken} of payment {payment.number} is charged back; {back} cannot come again.",
            hint="Nothing was posted. Look at the payment again.",
        )
    open_ = open_chargebacks(movements(work, payment_id))
    require_day(work, on, "The bank's day", since=open_[-1].bank_day)
    said = f"The dispute of {payment.number} is won: {back} came again"
    entry_id = post(
        work,
        Draft(
            on=on,
            kind=EntryKind.RETURNED,
            memo=memo_of_bank(said, on),
            legs=(
                Leg(
                    account_of_deposit(work, payment_id),
                    back.cents,
                    Part.RETURNED,
                    crediting.about(held[0])._replace(credit_id=None),
                ),
                crediting.leg(held[0], -back.cents, Part.RETURNED),
            ),
        ),
    )
    work.db.expire_all()
    payment.status = PaymentStatus.POSTED
    # On the day that the books gave it: before that the credit does not hold the money.
    entered = work.db.get_one(JournalEntry, entry_id).entry_date
    paid = pay_again(work, payment, back, open_, on=entered)
    write_change(
        work,
        payment,
        "dispute_won",
        old=f"{taken} charged back",
        new=f"{back} came again {on:%m/%d/%Y}",
        reason=words,
    )
    all_back = back == taken
    if not (keep_fee or (keep_fee is None and not all_back)):
        made_with = [one.entry_id for one in open_]
        gone = fees_made_with(work, payment, made_with, all_back=all_back)
        take_fees_back(work, gone, memo_of_bank(said, on))
    record(
        work,
        "win_dispute",
        "payment",
        payment_id,
        amount=back.plain(),
        on=on.isoformat(),
        entry=entry_id,
    )
    _touch(work)
    return Won(entry_id, back, paid)


def take_dispute_back(work: Work, payment_id: int, *, reason: str, expected_version: int) -> int:
    """Undo the last of what was recorded of a dispute by mistake; return the reversing entry.

    A part that was charged back is a credit again, and the fee that was charged with it is gone;
    what came again is gone again, what it had paid is open, and the fee that went with it is
    charged anew. Raises Problem where nothing of the kind stands.
    """
    require(work, Right.CORRECT_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked(work, Payment, payment_id, "this payment")
    require_version(payment, expected_version, f"payment {payment.number}")
    _require_card(payment)
    locked_credits(work, payment_id)
    last = _newest(work, payment_id)
    require_unmatched(work, [last.entry_id], f"What was recorded of payment {payment.number}")
    won = not last.took
    reopened: tuple[int, ...] = ()
    if won:
        reopened = free_money(work, payment, last.amount, work.today(), words)
    back = reverse(work, last.entry_id, on=work.today(), reason=words)
    work.db.expire_all()
    taken = taken_of(work, payment_id)
    whole = taken == payment.amount
    payment.status = PaymentStatus.RETURNED if whole else PaymentStatus.POSTED
    write_change(
        work,
        payment,
        "dispute_undone",
        old=f"{last.amount} came again" if won else f"{-last.amount} charged back",
        new="Taken back",
        reason=words,
    )
    if won:
        charge_again(work, fees_taken_by(work, payment, last.entry_id))
    else:
        gone = fees_made_with(work, payment, [last.entry_id], all_back=not taken)
        take_fees_back(work, gone, words)
    reopen_unpaid(work, reopened, on=work.today())
    record(work, "take_dispute_back", "payment", payment_id, entry=back)
    _touch(work)
    return back


def payment_named(work: Work, number: str) -> tuple[int, int]:
    """Return the id of a payment by its number, and the version that it has now."""
    row = work.db.execute(
        select(Payment.id, Payment.version).where(Payment.number == number.strip().upper())
    ).one_or_none()
    if row is None:
        raise Problem(
            f"There is no payment {number}.",
            hint="Nothing was changed. A payment's number is like PAY-2026-00042.",
        )
    return row.id, row.version


def taken_of(work: Work, payment_id: int) -> Money:
    """Return what of a payment the bank took back and did not give again."""
    found = work.db.scalar(
        select(func.sum(JournalLine.amount)).where(
            JournalLine.payment_id == payment_id,
            JournalLine.part == Part.RETURNED,
            JournalLine.account.in_(select(BankAccount.account)),
        )
    )
    return -(found or ZERO)


def left_of(work: Work, payment_id: int) -> Money:
    """Return what of a payment neither the bank took back nor a refund gave back."""
    amount = work.db.get_one(Payment, payment_id).amount
    return amount - taken_of(work, payment_id) - refunded_of(work, payment_id)


def require_no_dispute(work: Work, payment: Payment, doing: str) -> None:
    """Raise Problem for a payment of which the bank took some, won again or not.

    ``doing`` completes "It cannot be …": money did come, and the bank's lines say so.
    """
    if movements(work, payment.id):
        raise Problem(
            f"Some of payment {payment.number} was charged back: it cannot be {doing}.",
            hint="Nothing was changed. Take the dispute back first, if it was recorded by mistake.",
        )


def _newest(work: Work, payment_id: int) -> Movement:
    """Return the last that stands of what was recorded of a payment's disputes."""
    stands = movements(work, payment_id)
    if not stands:
        raise Problem(
            "Nothing of this payment is charged back.",
            hint="Nothing was changed. Look at the payment again.",
        )
    return stands[-1]


def _require_card(payment: Payment) -> None:
    if payment.guarantor_id is None or payment.method not in METHODS[ReturnKind.CHARGEBACK]:
        raise Problem(
            f"Payment {payment.number} came by {payment.method.value}; only a client's card"
            " payment is disputed.",
            hint="Nothing was posted. Correct the method first, or mark it as returned.",
        )


def _require_part(payment: Payment, amount: Money, left: Money) -> None:
    if amount <= ZERO:
        raise Problem("The amount must be above zero.", hint="Nothing was posted.")
    if amount > left:
        raise Problem(
            f"{left} of payment {payment.number} is left at the bank; {amount} cannot be charged"
            " back.",
            hint="Nothing was posted. Look at the amount again.",
        )
    if amount == payment.amount:
        raise Problem(
            f"{amount} is the whole of payment {payment.number}.",
            hint="Nothing was posted. Record the payment as charged back.",
        )


def _touch(work: Work) -> None:
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS, Topic.LEDGER, Topic.BANK)
    work.db.expire_all()
