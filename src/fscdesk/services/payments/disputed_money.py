"""What of a payment a dispute moves: freed of what it had paid, and applied to that again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import Leg
from fscdesk.services.payments.applying import (
    Application,
    applications_of,
    apply,
    recorded_open,
    unapply,
)
from fscdesk.services.payments.holding import lock_charges_of, locked_credits
from fscdesk.services.work import Work

_ON: Final = " on "
_DAY: Final = "%m/%d/%Y"


@dataclass(frozen=True, slots=True)
class _Applied:
    """An application that stands: its entry, and what it pays."""

    entry_id: int
    credit_id: int
    charge_id: int
    amount: Money
    recorded: bool


@dataclass(frozen=True, slots=True, order=True)
class Movement:
    """What the bank took of a payment (``amount`` below zero), or gave again, by its entry.

    ``bank_day`` is the bank's own day, which the books may have had to move; ``said`` are the
    words by which it took off what the payment had paid.
    """

    entry_id: int
    bank_day: date
    amount: Money
    said: str

    @property
    def took(self) -> bool:
        """Say that it took money."""
        return self.amount < ZERO


def memo_of_bank(said: str, on: date) -> str:
    """Return the words of an entry by which the bank took or gave, with the bank's own day."""
    return f"{said}{_ON}{on:{_DAY}}"


def movements(work: Work, payment_id: int) -> list[Movement]:
    """Return what the bank took of a payment and gave again, by the entries that stand."""
    rows = {
        row.id: _movement(row.id, row.entry_date, row.amount, row.memo)
        for row in work.db.execute(
            select(JournalEntry.id, JournalEntry.entry_date, JournalEntry.memo, JournalLine.amount)
            .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
            .where(
                JournalLine.payment_id == payment_id,
                JournalEntry.kind == EntryKind.RETURNED,
                JournalLine.account.in_(select(BankAccount.account)),
            )
        )
    }
    return sorted(rows[one] for one in standing(work, rows) if one in rows)


def open_chargebacks(stands: Sequence[Movement]) -> list[Movement]:
    """Return the chargebacks since the last time that all of them had come again."""
    open_: list[Movement] = []
    taken = ZERO
    for one in stands:
        taken -= one.amount
        if one.took:
            open_.append(one)
        elif taken <= ZERO:
            open_.clear()
    return open_


def _movement(entry_id: int, entered: date, amount: Money, memo: str) -> Movement:
    """Read the bank's day from an entry's words; what has none there is of its own day."""
    said, _, day = memo.rpartition(_ON)
    if not said:
        return Movement(entry_id, entered, amount, memo)
    try:
        return Movement(entry_id, datetime.strptime(day, _DAY).date(), amount, said)  # noqa: DTZ007
    except ValueError:
        return Movement(entry_id, entered, amount, memo)


def own_credits(work: Work, payment: Payment) -> list[Credit]:
    """Return the credits of a payment that are its owner's still."""
    held = locked_credits(work, payment.id)
    return [one for one in held if one.guarantor_id == payment.guarantor_id]


def legs_drawing(held: Sequence[Credit], amount: Money) -> list[Leg]:
    """Return the legs that draw an amount from credits, the first one first."""
    legs: list[Leg] = []
    left = amount.cents
    for credit in held:
        taken = min(left, max(credit.balance.cents, 0))
        if taken:
            legs.append(crediting.leg(credit, taken, Part.RETURNED))
            left -= taken
    return legs


def free_money(
    work: Work, payment: Payment, amount: Money, on: date, reason: str
) -> tuple[int, ...]:
    """Let the credits of a payment hold an amount; return the charges that are open again.

    What was applied last is taken back first; what of it is not needed is applied again.
    """
    own = {one.id: one for one in own_credits(work, payment)}
    missing = amount - sum((one.balance for one in own.values()), ZERO)
    if missing <= ZERO:
        return ()
    applied = [one for one in _applied(work, payment.id) if one.credit_id in own]
    taken: list[_Applied] = []
    freed = ZERO
    for one in reversed(applied):
        if freed >= missing:
            break
        taken.append(one)
        freed += one.amount
    if freed < missing:
        raise Problem(
            f"{missing - freed} of payment {payment.number} is used elsewhere.",
            hint="Nothing was posted. Look at what became of the payment first.",
        )
    entries = [one.entry_id for one in taken]
    lock_charges_of(work, entries)
    unapply(work, entries, on=on, reason=reason)
    rest = freed - missing
    if rest > ZERO:
        last = taken[-1]
        again = Application(last.charge_id, rest, Side.PATIENT, last.recorded)
        apply(work, work.db.get_one(Credit, last.credit_id), [again], on=on)
    return tuple(sorted({one.charge_id for one in taken}))


def _applied(work: Work, payment_id: int) -> list[_Applied]:
    """Return what a payment is applied to, the oldest first."""
    entries = applications_of(work, payment_id)
    recorded = select(JournalLine.entry_id).where(
        among(work, JournalLine.entry_id, entries),
        JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
    )
    closes = set(work.db.scalars(recorded))
    rows = work.db.execute(
        select(
            JournalLine.entry_id, JournalLine.credit_id, JournalEntry.charge_id, JournalLine.amount
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(among(work, JournalLine.entry_id, entries), JournalLine.credit_id.is_not(None))
        .order_by(JournalLine.entry_id)
    )
    return [
        _Applied(row.entry_id, row.credit_id, row.charge_id, row.amount, row.entry_id in closes)
        for row in rows
        if row.charge_id is not None
    ]


def pay_again(
    work: Work, payment: Payment, amount: Money, after: Sequence[Movement], *, on: date
) -> tuple[int, ...]:
    """Apply money that came again to what chargebacks took it off and is open; say to what."""
    credit = locked_credits(work, payment.id)[0]
    lost = _lost(work, payment.id, after)
    recorded = recorded_open(work, [charge_id for charge_id, _ in lost])
    charges = {
        one.id: one
        for one in work.db.scalars(
            select(Charge).where(among(work, Charge.id, [charge_id for charge_id, _ in lost]))
        )
    }
    again: list[Application] = []
    left = amount
    for (charge_id, closes), gone in lost.items():
        charge = charges[charge_id]
        open_ = (
            Money(recorded.get((charge_id, Side.PATIENT), 0)) if closes else charge.patient_balance
        )
        part = min(gone, left, open_)
        if part > ZERO and charge.voided_on is None:
            again.append(Application(charge_id, part, Side.PATIENT, closes))
            left -= part
    apply(work, credit, again, on=max(on, credit.since))
    return tuple(one.charge_id for one in again)


def _lost(work: Work, payment_id: int, after: Sequence[Movement]) -> dict[tuple[int, bool], Money]:
    """Return by charge what chargebacks took off it and was not paid again since.

    What a person had moved before is not lost, whatever it once paid.
    """
    spans = [_span(work, payment_id, one) for one in after]
    first = min(start for start, _ in spans)
    closes = (JournalLine.account == RECORDED_IN_SIMPLEPRACTICE).label("closes")
    rows = work.db.execute(
        select(JournalLine.entry_id, JournalLine.charge_id, closes, JournalLine.amount)
        .where(
            JournalLine.payment_id == payment_id,
            JournalLine.charge_id.is_not(None),
            JournalLine.part == Part.PATIENT_PAID,
            JournalLine.entry_id >= first,
        )
        .order_by(JournalLine.charge_id, JournalLine.id)
    )
    taken: dict[tuple[int, bool], Money] = {}
    since: dict[tuple[int, bool], Money] = {}
    for row in rows:
        key = (row.charge_id, bool(row.closes))
        there = any(start <= row.entry_id <= end for start, end in spans)
        sums = taken if there else since
        sums[key] = sums.get(key, ZERO) + row.amount
    left = {key: gone + min(since.get(key, ZERO), ZERO) for key, gone in taken.items()}
    return {key: gone for key, gone in left.items() if gone > ZERO}


def _span(work: Work, payment_id: int, one: Movement) -> tuple[int, int]:
    """Return the first and the last entry of what one chargeback posted of its payment.

    Whoever moves a payment has locked it, so nothing else of it lies between them.
    """
    before = work.db.scalar(
        select(func.max(JournalEntry.id))
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.payment_id == payment_id,
            JournalEntry.kind == EntryKind.RETURNED,
            JournalEntry.id < one.entry_id,
        )
    )
    first = work.db.scalar(
        select(func.min(JournalEntry.id))
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.payment_id == payment_id,
            JournalEntry.kind == EntryKind.REVERSAL,
            JournalEntry.memo == one.said,
            JournalEntry.id.between(before or 0, one.entry_id),
        )
    )
    return first or one.entry_id, one.entry_id
