"""Which deposit holds a payment: for whoever may not change what stands on its slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from fscdesk.models.bank import BankAccount
from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Payment
from fscdesk.models.refund import Refund
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.services.banking.accounts import default_account
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class DepositRef:
    """A standing deposit as a sentence names it."""

    id: int
    number: str
    on: date


def deposit_of(work: Work, payment_id: int) -> DepositRef | None:
    """Return the standing deposit that holds a payment; None while it is in none."""
    row = work.db.execute(
        select(Deposit.id, Deposit.number, Deposit.on)
        .join(DepositItem, DepositItem.deposit_id == Deposit.id)
        .where(DepositItem.live_payment_id == payment_id)
    ).one_or_none()
    return None if row is None else DepositRef(row.id, row.number, row.on)


def account_of_deposit(work: Work, payment_id: int) -> str:
    """Return the bank's account of the ledger that money of a payment goes back from, or comes to.

    It is the one in which the payment was deposited. Before its deposit, and where that account
    is out of use, it is the default one (1000 where there is none).
    """
    found = work.db.scalar(
        select(BankAccount.account)
        .join(Deposit, Deposit.bank_account_id == BankAccount.id)
        .join(DepositItem, DepositItem.deposit_id == Deposit.id)
        .where(DepositItem.live_payment_id == payment_id, BankAccount.active.is_(True))
    )
    return found or default_account(work)


def deposited_words(work: Work, payment: Payment) -> str:
    """Return ``deposited on 04/11/2026 (DEP-2026-00001)``, or "" while it is in no deposit."""
    found = deposit_of(work, payment.id)
    if found is not None:
        return f"deposited on {found.on:%m/%d/%Y} ({found.number})"
    return ""


def require_not_deposited(work: Work, payment: Payment, why: str) -> None:
    """Raise Problem, naming the deposit, for a payment that one holds.

    ``why`` completes "… was deposited on …;": "money did come".
    """
    words = deposited_words(work, payment)
    if words:
        raise Problem(
            f"Payment {payment.number} was {words}; {why}.",
            hint="Nothing was changed. Undo the deposit if the money never got there. A returned"
            " payment is marked as returned, too much money is refunded.",
        )


def deposits_on(work: Work, batch_id: int) -> list[str]:
    """Name the standing deposits of what an import brought: payments, refunds, card payouts."""
    payments = select(Payment.id).where(Payment.batch_id == batch_id)
    refunds = (
        select(Refund.id)
        .join(JournalEntry, JournalEntry.id == Refund.entry_id)
        .where(JournalEntry.batch_id == batch_id)
    )
    cards = select(CardTransaction.id).where(CardTransaction.batch_id == batch_id)
    in_payouts = select(CardTransaction.payout_id).where(
        CardTransaction.batch_id == batch_id, CardTransaction.payout_id.is_not(None)
    )
    numbers = work.db.scalars(
        select(Deposit.number)
        .outerjoin(DepositItem, DepositItem.deposit_id == Deposit.id)
        .where(
            or_(
                DepositItem.live_payment_id.in_(payments),
                DepositItem.live_refund_id.in_(refunds),
                Deposit.live_payout_id.in_(cards),
                Deposit.live_payout_id.in_(in_payouts),
            )
        )
        .distinct()
        .order_by(Deposit.number)
    )
    return [f"deposit {number}" for number in numbers]
