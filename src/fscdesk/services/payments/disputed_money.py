"""What of a payment a dispute moves: freed of what it had paid, and applied to that again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
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


@dataclass(frozen=True, slots=True)
class _Applied:
    """An application that stands: its entry, and what it pays."""

    entry_id: int
    credit_id: int
    charge_id: int
    amount: Money
    recorded: bool


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


def pay_again(work: Work, payment: Payment, amount: Money, on: date) -> tuple[int, ...]:
    """Apply money that came again to what the payment had paid and is open; say to what."""
    credit = locked_credits(work, payment.id)[0]
    lost = _lost(work, payment.id)
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


def _lost(work: Work, payment_id: int) -> dict[tuple[int, bool], Money]:
    """Return by charge what a payment had paid of it and does not any more, the oldest first."""
    sums = (
        select(
            JournalLine.charge_id,
            (JournalLine.account == RECORDED_IN_SIMPLEPRACTICE).label("closes"),
            JournalEntry.kind,
            func.sum(JournalLine.amount).label("cents"),
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalLine.payment_id == payment_id,
            JournalLine.charge_id.is_not(None),
            JournalLine.part == Part.PATIENT_PAID,
        )
        .group_by(JournalLine.charge_id, "closes", JournalEntry.kind)
        .order_by(JournalLine.charge_id)
    )
    most: dict[tuple[int, bool], Money] = {}
    now: dict[tuple[int, bool], Money] = {}
    for row in work.db.execute(sums):
        key = (row.charge_id, bool(row.closes))
        now[key] = now.get(key, ZERO) - row.cents
        if row.kind is EntryKind.APPLIED:
            most[key] = most.get(key, ZERO) - row.cents
    return {key: paid - now[key] for key, paid in most.items() if paid > now[key]}
