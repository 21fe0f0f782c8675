"""What a card processor takes back in a payout: which payment that was charged back here it is.

A dispute has its own row in the card report, and names no charge. It is tied to the one payment
of its amount (and of its client, where the row tells one) that is recorded as charged back: whose
entry took the money out of the bank's account already. A deposit of the payout then brings that
much more than the bank shows, and both together are the bank's line. A dispute that was won brings
money again: its row is the entry that says so on the payment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from fscdesk.models.bank import BankAccount
from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.reconciliation import BankMatchEntry
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

CHARGE: Final = "charge"
REFUND: Final = "refund"
PAYOUT: Final = "payout"
"""The words of the card report for what a row is."""
FEES: Final = frozenset({"fee", "stripe_fee", "application_fee", "network_cost"})
"""Stripe's words for a row that is nothing but a fee."""
_KNOWN: Final = (CHARGE, REFUND, PAYOUT, *sorted(FEES))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A row of a payout that is money of a payment charged back here, for ``amount``.

    ``entry_id`` took the money out of the bank's account (``amount`` below zero: it came again,
    the dispute was won); ``match_id`` is set once that entry is matched with the bank.
    """

    row_id: int
    payout_id: int
    reference: str
    entry_id: int
    amount: Money
    match_id: int | None


def taken_back(work: Work) -> dict[int, TakenBack]:
    """Return what is tied, by row of the card report; nothing is chosen among equals.

    An entry that is matched already belongs to a payout only where the same match has that
    payout's deposit, or where the payout has no charge that could be deposited.
    """
    returned = _returned(work)
    if not returned:
        return {}
    rows = _disputes(work)
    payout_ids = {row.payout_id for row in rows}
    matches = _matches_of(work, payout_ids)
    charged = _with_charges(work, payout_ids)
    tied: dict[int, TakenBack] = {}
    taken: set[int] = set()
    for row in rows:
        fitting = [
            one
            for one in returned
            if one.amount == -row.amount
            and one.entry_id not in taken
            and row.patient_id in (None, one.patient_id)
            and (
                one.match_id is None
                or row.payout_id not in charged
                or one.match_id in matches.get(row.payout_id, ())
            )
        ]
        if len(fitting) == 1:
            one = fitting[0]
            taken.add(one.entry_id)
            tied[row.id] = TakenBack(
                row.id, row.payout_id, row.source_id, one.entry_id, one.amount, one.match_id
            )
    return tied


def taken_from(work: Work, payout_id: int) -> Money:
    """Return what of a payout the books have taken out of the bank's account already."""
    disputed = exists().where(
        CardTransaction.payout_id == payout_id,
        CardTransaction.kind.not_in(_KNOWN),
        CardTransaction.amount != ZERO,
    )
    if not work.db.scalar(select(disputed)):
        return ZERO  # most payouts; ties are looked for among all of them
    found = taken_back(work).values()
    return sum((one.amount for one in found if one.payout_id == payout_id), ZERO)


def _returned(work: Work) -> Sequence[Any]:
    """Return what was charged back of payments, or came again, by the entries that stand.

    ``amount`` is above zero for what the bank took.
    """
    again = aliased(JournalEntry)
    whose = (
        select(func.min(Credit.patient_id))
        .where(Credit.payment_id == Payment.id, Credit.guarantor_id == Payment.guarantor_id)
        .scalar_subquery()
    )
    return work.db.execute(
        select(
            JournalEntry.id.label("entry_id"),
            (-JournalLine.amount).label("amount"),
            whose.label("patient_id"),
            BankMatchEntry.match_id,
        )
        .select_from(JournalEntry)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .join(Payment, Payment.id == JournalLine.payment_id)
        .join(BankAccount, BankAccount.account == JournalLine.account)
        .outerjoin(
            BankMatchEntry,
            (BankMatchEntry.entry_id == JournalEntry.id) & BankMatchEntry.live.is_(True),
        )
        .where(
            Payment.guarantor_id.is_not(None),
            JournalEntry.kind == EntryKind.RETURNED,
            JournalEntry.reverses_id.is_(None),
            ~exists().where(again.reverses_id == JournalEntry.id),
        )
        .order_by(JournalEntry.id)
    ).all()


def _disputes(work: Work) -> Sequence[Any]:
    payout = aliased(CardTransaction)
    return work.db.execute(
        select(
            CardTransaction.id,
            CardTransaction.payout_id,
            CardTransaction.patient_id,
            CardTransaction.amount,
            payout.source_id,
        )
        .join(payout, payout.id == CardTransaction.payout_id)
        .where(CardTransaction.kind.not_in(_KNOWN), CardTransaction.amount != ZERO)
        .order_by(CardTransaction.id)
    ).all()


def _matches_of(work: Work, payout_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by payout the matches that have a deposit of its payments."""
    found: dict[int, set[int]] = {}
    for row in work.db.execute(
        select(CardTransaction.payout_id, BankMatchEntry.match_id)
        .join(DepositItem, DepositItem.live_payment_id == CardTransaction.payment_id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .join(BankMatchEntry, BankMatchEntry.entry_id == Deposit.entry_id)
        .where(
            among(work, CardTransaction.payout_id, payout_ids),
            CardTransaction.kind == CHARGE,
            BankMatchEntry.live.is_(True),
        )
    ):
        found.setdefault(row.payout_id, set()).add(row.match_id)
    return found


def _with_charges(work: Work, payout_ids: Collection[int]) -> set[int]:
    return {
        one
        for one in work.db.scalars(
            select(CardTransaction.payout_id).where(
                among(work, CardTransaction.payout_id, payout_ids), CardTransaction.kind == CHARGE
            )
        )
        if one is not None
    }
