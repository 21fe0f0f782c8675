"""Card payouts: what a processor sends to the bank, and the payments, refunds and fees in it.

The rows of the card report (and of Stripe's) are linked to the payout that brought them: by
Stripe's own payout id where a file told it, else by the day on which they are available. A payout
is the sum of its rows to the cent, or it stays open with its difference. It is deposited when each
of its charges is a payment here, each of its refunds a refund, and each dispute a payment that was
charged back here (`payout_returns`).
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.deposit import Deposit, DepositKind
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposit_drafts import DepositDraft
from fscdesk.services.banking.payout_closing import (
    ByHand,
    closed_by_hand,
    deposits_by_hand,
    why_open,
)
from fscdesk.services.banking.payout_returns import (
    CHARGE,
    FEES,
    PAYOUT,
    REFUND,
    TakenBack,
    taken_back,
)
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.banking.sums import Reach, sets_that_add_up
from fscdesk.services.banking.undeposited import Undeposited, undeposited_of, waiting_money
from fscdesk.services.bulk import run_many
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

__all__ = [
    "CHARGE",
    "PAYOUT",
    "REFUND",
    "Payout",
    "PayoutState",
    "cards_in_transit",
    "link_payouts",
    "payout_draft",
    "payout_findings",
    "payouts",
    "told_payouts",
]


class PayoutState(enum.StrEnum):
    """Whether a payout can be deposited."""

    READY = "ready"
    OPEN = "open"
    DEPOSITED = "deposited"


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout: ``amount`` is what reaches the bank, below zero where the processor takes it.

    ``difference`` is what of it its rows do not explain; ``why`` says in a sentence why it is
    open. ``transaction_id`` is the row of the report, ``reference`` the payout's own id
    (``po_…``), ``on`` the day it arrives. ``taken_back`` of it are payments charged back, which
    left the bank's account by entries of their own: its deposit brings so much more.
    """

    id: int
    reference: str
    transaction_id: str
    on: date
    amount: Money
    fees: Money
    difference: Money
    rows: int
    payment_ids: tuple[int, ...]
    refund_ids: tuple[int, ...]
    state: PayoutState
    why: str = ""
    deposit: str = ""
    taken_back: Money = ZERO

    @property
    def to_deposit(self) -> Money:
        """Return what its deposit brings: the payments less refunds and fees."""
        return self.amount + self.taken_back


def link_payouts(work: Work) -> int:
    """Link the rows of the card report to their payouts, and return how many were linked.

    Only rows whose sum is the payout's to the cent: those available on its day, else all that
    became available since the payout before. Two payouts of one day are told apart only where one
    way of doing so exists.
    """
    open_rows = work.db.execute(
        select(CardTransaction.id, CardTransaction.net, CardTransaction.available_on)
        .where(
            CardTransaction.payout_id.is_(None),
            CardTransaction.kind != PAYOUT,
            CardTransaction.available_on.is_not(None),
        )
        .order_by(CardTransaction.available_on, CardTransaction.id)
    ).all()
    if not open_rows:
        return 0
    rows = [_Row(row.id, row.net.cents, row.available_on) for row in open_rows]
    found: list[tuple[int, int]] = []
    days = _open_payouts_by_day(work)
    left, left_cents, at = list[_Row](), 0, 0
    for day in sorted(days):
        # Each row is looked at once; what no payout of its days took waits with the sum of it.
        upto = bisect_right(rows, day, lo=at, key=lambda row: row.on)
        since, at = rows[at:upto], upto
        given = _of_day(days[day], since, left, left_cents, day)
        found += [(payout_id, row.id) for payout_id, taken in given for row in taken]
        gone = {row.id for _, taken in given for row in taken}
        if left and left[0].id in gone:
            left, left_cents = [], 0
        rest = [row for row in since if row.id not in gone]
        left += rest
        left_cents += sum(row.cents for row in rest)
    run_many(work, "UPDATE card_transaction SET payout_id = ? WHERE id = ?", found)
    work.db.expire_all()
    return len(found)


def payouts(work: Work, *, also_deposited: bool = False) -> tuple[Payout, ...]:
    """Return the payouts that are not deposited, oldest first, with what stands in the way.

    Raises Problem without a right to see the bank.
    """
    require_seeing(work, "card payouts")
    return told_payouts(work, also_deposited=also_deposited)


def told_payouts(work: Work, *, also_deposited: bool = False) -> tuple[Payout, ...]:
    """Return what `payouts` does, for what only counts or matches them."""
    deposit = aliased(Deposit)
    query = (
        select(
            CardTransaction.id,
            CardTransaction.source_id,
            CardTransaction.transaction_id,
            func.coalesce(CardTransaction.available_on, CardTransaction.created_on).label("on"),
            CardTransaction.net,
            deposit.number.label("deposit"),
        )
        .outerjoin(deposit, deposit.live_payout_id == CardTransaction.id)
        .where(CardTransaction.kind == PAYOUT)
        .order_by("on", CardTransaction.id)
    )
    if not also_deposited:
        query = query.where(deposit.id.is_(None))
    found = work.db.execute(query).all()
    parts = _parts_of(work, [row.id for row in found])
    held = [row.payment_id for rows in parts.values() for row in rows if row.payment_id is not None]
    by_payment = {one.payment_id: one for one in undeposited_of(work, held)}
    netted: dict[tuple[int, int], list[Undeposited]] = defaultdict(list)
    if any(row.kind == REFUND for rows in parts.values() for row in rows):
        for one in waiting_money(work):
            if one.refund_id is not None:
                netted[one.payment_id, one.amount.cents].append(one)
    ours = _Ours(
        by_payment,
        netted,
        taken_back(work),
        deposits_by_hand(work, [row.id for row in found if not row.deposit]),
    )
    told = (_payout(row, parts.get(row.id, ()), ours) for row in found)
    return tuple(one for one in told if also_deposited or one.state is not PayoutState.DEPOSITED)


def payout_draft(payout: Payout, bank_account_id: int | None = None) -> DepositDraft:
    """Return the deposit that a ready payout is: on its day, less its fees."""
    return DepositDraft(
        bank_account_id,
        DepositKind.CARD,
        payout.on,
        payout.payment_ids,
        payout.refund_ids,
        payout.fees,
        payout.reference,
        payout_id=payout.id,
    )


def payout_findings(found: Iterable[Payout]) -> tuple[Finding, ...]:
    """Say of each payout that is open why it is, with its difference."""
    return tuple(
        Finding("payout-open", one.why, one.reference, Severity.WARNING)
        for one in found
        if one.state is PayoutState.OPEN
    )


def cards_in_transit(work: Work, as_of: date | None = None) -> Money:
    """Return what was charged by a day, less refunds and fees, and is in no payout of that day."""
    day = as_of or work.today()
    payout = aliased(CardTransaction)
    total = work.db.scalar(
        select(func.sum(CardTransaction.net))
        .outerjoin(payout, payout.id == CardTransaction.payout_id)
        .where(
            CardTransaction.kind != PAYOUT,
            CardTransaction.created_on <= day,
            or_(
                payout.id.is_(None),
                func.coalesce(payout.available_on, payout.created_on) > day,
            ),
        )
    )
    return total or ZERO


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    cents: int
    on: date


def _open_payouts_by_day(work: Work) -> dict[date, list[tuple[int, int]]]:
    """Return the payouts that no row is linked to yet, by day: id and cents to the bank."""
    part = aliased(CardTransaction)
    linked = select(part.payout_id).where(part.payout_id.is_not(None))
    days: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for row in work.db.execute(
        select(
            CardTransaction.id,
            CardTransaction.net,
            func.coalesce(CardTransaction.available_on, CardTransaction.created_on).label("on"),
        )
        .where(CardTransaction.kind == PAYOUT, CardTransaction.id.not_in(linked))
        .order_by(CardTransaction.id)
    ):
        days[row.on].append((row.id, -row.net.cents))
    return days


def _of_day(
    payouts_: Sequence[tuple[int, int]],
    since: Sequence[_Row],
    before: Sequence[_Row],
    before_cents: int,
    day: date,
) -> list[tuple[int, list[_Row]]]:
    """Return the payouts of a day with their rows; one that does not add up is left out.

    ``since`` are the rows since the payout before, ``before`` (which come to so many cents) those
    that no payout took until then.
    """
    if len(payouts_) == 1:
        ((payout_id, cents),) = payouts_
        same = [row for row in since if row.on == day]
        for taken in (same, since):
            if taken and sum(row.cents for row in taken) == cents:
                return [(payout_id, list(taken))]
        if before and before_cents + sum(row.cents for row in since) == cents:
            return [(payout_id, [*before, *since])]
        return []
    left, found = list(since), list[tuple[int, list[_Row]]]()
    if sum(row.cents for row in left) != sum(cents for _, cents in payouts_):
        return []
    for payout_id, cents in payouts_[:-1]:
        sums = sets_that_add_up([row.cents for row in left], cents)
        if sums.reach is not Reach.ONE:
            return []
        chosen = [left[place] for place in sums.sets[0]]
        found.append((payout_id, chosen))
        gone = {row.id for row in chosen}
        left = [row for row in left if row.id not in gone]
    return [*found, (payouts_[-1][0], left)]


def _parts_of(work: Work, payout_ids: Sequence[int]) -> dict[int, list[Any]]:
    parts: dict[int, list[Any]] = defaultdict(list)
    for row in work.db.execute(
        select(
            CardTransaction.id,
            CardTransaction.payout_id,
            CardTransaction.transaction_id,
            CardTransaction.kind,
            CardTransaction.payment_id,
            CardTransaction.amount,
            CardTransaction.fee,
            CardTransaction.net,
        )
        .where(among(work, CardTransaction.payout_id, payout_ids))
        .order_by(CardTransaction.id)
    ):
        parts[row.payout_id].append(row)
    return parts


@dataclass(frozen=True, slots=True)
class _Ours:
    """What of ours the rows may be; each refund is taken from it once."""

    by_payment: dict[int, Undeposited]
    netted: dict[tuple[int, int], list[Undeposited]]
    tied: dict[int, TakenBack]
    by_hand: dict[int, list[ByHand]]


def _payout(row: Any, parts: Sequence[Any], ours: _Ours) -> Payout:
    amount = -row.net
    difference = amount - sum((part.net for part in parts), ZERO)
    # A row that is a fee of its own (Stripe's monthly one) is kept back like the fee of a charge.
    own = [part for part in parts if part.kind in FEES and part.net.cents <= 0]
    fees = sum((part.fee for part in parts if part not in own), ZERO)
    fees -= sum((part.net for part in own), ZERO)
    tied = [ours.tied[part.id] for part in parts if part.id in ours.tied]
    payments: list[int] = []
    refunds: list[int] = []
    missing: list[Any] = []
    for part in parts:
        if part in own or part.id in ours.tied:
            continue
        one = _document(part, ours)
        if one is None:
            missing.append(part)
        elif one.refund_id is not None:
            refunds.append(one.refund_id)
        else:
            payments.append(one.payment_id)
    held = ours.by_hand.get(row.id, [])
    deposit, why = row.deposit or "", ""
    if deposit:
        state = PayoutState.DEPOSITED
    elif not difference and not refunds and closed_by_hand(amount, parts, held, tied):
        state = PayoutState.DEPOSITED
        deposit = held[0].number if held else ""
    else:
        name = f"Payout {row.source_id} of {row.on:%m/%d/%Y} over {amount}"
        why = why_open(
            name, difference=difference, fees=fees, parts=parts, missing=missing, held=held
        )
        state = PayoutState.OPEN if why else PayoutState.READY
    return Payout(
        row.id,
        row.source_id,
        row.transaction_id,
        row.on,
        amount,
        fees,
        difference,
        len(parts),
        tuple(payments),
        tuple(refunds),
        state,
        why,
        deposit,
        sum((one.amount for one in tied), ZERO),
    )


def _document(part: Any, ours: _Ours) -> Undeposited | None:
    """Return the payment or the refund that a row of a payout is; each refund serves once."""
    if part.payment_id is None:
        return None
    if part.kind == CHARGE:
        one = ours.by_payment.get(part.payment_id)
        return one if one is not None and one.amount == part.amount else None
    if part.kind == REFUND:
        waiting = ours.netted.get((part.payment_id, part.amount.cents))
        return waiting.pop(0) if waiting else None
    return None
