"""Why a payout is open, and whether a person closed it: deposited its payments by hand.

What the program cannot deposit to the cent (a dispute of a part of a payment, fees that come
back) a person matches with the bank's line, and says there what the rest of it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.reconciliation import BankMatch, BankMatchEntry
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.payout_returns import CHARGE, FEES, REFUND, TakenBack
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

_NAMED = 3
_ORDINARY = frozenset({CHARGE, REFUND}) | FEES


@dataclass(frozen=True, slots=True)
class ByHand:
    """A deposit without a payout's name that holds a payment of the payout.

    ``matched`` is what the bank's lines of its match come to; None while it is not matched.
    """

    payment_id: int
    number: str
    amount: Money
    match_id: int | None
    matched: Money | None


def deposits_by_hand(work: Work, payout_ids: Collection[int]) -> dict[int, list[ByHand]]:
    """Return by payout the standing deposits, made without its name, that hold its payments."""
    found: dict[int, list[ByHand]] = defaultdict(list)
    for row in work.db.execute(
        select(
            CardTransaction.payout_id,
            CardTransaction.payment_id,
            Deposit.number,
            Deposit.amount,
            BankMatch.id,
            BankMatch.amount.label("matched"),
        )
        .join(DepositItem, DepositItem.live_payment_id == CardTransaction.payment_id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .outerjoin(
            BankMatchEntry,
            (BankMatchEntry.entry_id == Deposit.entry_id) & BankMatchEntry.live.is_(True),
        )
        .outerjoin(BankMatch, BankMatch.id == BankMatchEntry.match_id)
        .where(
            among(work, CardTransaction.payout_id, payout_ids),
            CardTransaction.kind == CHARGE,
            Deposit.live_payout_id.is_(None),
        )
        .order_by(Deposit.number)
    ):
        found[row.payout_id].append(
            ByHand(row.payment_id, row.number, row.amount, row.id, row.matched)
        )
    return found


def closed_by_hand(
    amount: Money, parts: Sequence[Any], held: Sequence[ByHand], tied: Sequence[TakenBack]
) -> bool:
    """Whether a person accounted for a payout of an amount: nothing of it waits for the bank.

    Each of its charges is in a deposit, and either their match is the bank's line of the payout,
    or each deposit and each payment charged back is matched and no other dispute is left; a
    deposit of exactly the payout's amount closes it before the bank shows it.
    """
    charges = [one.payment_id for one in parts if one.kind == CHARGE]
    disputes = [one for one in parts if one.kind not in _ORDINARY]
    if not charges and not disputes:
        return False
    if set(charges) != {one.payment_id for one in held}:
        return False
    matches = {one.match_id for one in held} | {one.match_id for one in tied}
    if None not in matches and matches:
        sums = {one.matched for one in held}
        return len(disputes) == len(tied) or (len(matches) == 1 and sums == {amount})
    deposits = {one.number: one.amount for one in held}
    return len(deposits) == 1 and not disputes and sum(deposits.values(), ZERO) == amount


def why_open(
    name: str,
    *,
    difference: Money,
    fees: Money,
    parts: Sequence[Any],
    missing: Sequence[Any],
    held: Sequence[ByHand],
) -> str:
    """Say in a sentence why a payout cannot be deposited; empty where it can.

    ``name`` begins it. ``missing`` are the rows for which nothing of ours is there.
    """
    if not parts:
        return f"{name} has no rows that add up to it; {difference} is to be explained."
    if difference:
        return f"{name} differs from its rows by {difference}."
    disputes = [one for one in missing if one.kind not in _ORDINARY]
    if held:
        numbers = ", ".join(dict.fromkeys(one.number for one in held))
        return (
            f"{name} has payments in {numbers}, which was made without it. Match that with the"
            " bank's line, and say there what the rest of the line is."
        )
    if disputes:
        return _disputed(name, disputes)
    if fees.cents < 0:
        return f"{name} gives {-fees} of fees back; enter it from the bank's line."
    if missing:
        total = sum((part.amount for part in missing), ZERO)
        return (
            f"{name} holds {total} of which no payment is undeposited here ({_rows(missing)})."
            " Import the payment export of these days."
        )
    if all(part.kind not in (CHARGE, REFUND) for part in parts):
        return (
            f"{name} has no payment that could be deposited; match the bank's line with what was"
            f" taken back, and enter {fees} of fees on 7600."
        )
    return ""


def _disputed(name: str, disputes: Sequence[Any]) -> str:
    taken = sum((-one.amount for one in disputes), ZERO)
    rows = _rows(disputes)
    if taken <= ZERO:
        return (
            f"{name} gives {-taken} back ({rows}). Where a dispute of that amount was won, record"
            " it on the payment; else match the bank's line by hand, and say there what that is."
        )
    fees = sum((one.fee for one in disputes), ZERO)
    kept = f" and a fee of {fees}" if fees else ""
    return (
        f"{name} takes {taken} back{kept} ({rows}). Where a card payment, or a part of one, of that"
        " amount was charged back, record it on the payment; else match the bank's line by hand,"
        " and say there what that is."
    )


def _rows(parts: Sequence[Any]) -> str:
    return ", ".join(part.transaction_id for part in parts[:_NAMED])
