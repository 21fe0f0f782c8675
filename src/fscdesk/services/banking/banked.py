"""Keeps the days on which a payment was deposited and the bank had it: an index of both.

``Payment.deposited_on`` is written when a deposit is made, ``Payment.banked_on`` when one is
matched, or its match taken apart; nobody else writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select

from fscdesk.models.deposit import Deposit, DepositItem, DepositStatus
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.services.bulk import run_many
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


def lock_deposits_of(work: Work, entry_ids: Sequence[int]) -> None:
    """Lock the deposits of entries, their payments first, in the order of every act on money.

    A payment that was returned is locked with its return. Raises Problem for a deposit that was
    undone meanwhile.
    """
    payments = (
        select(DepositItem.live_payment_id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .where(among(work, Deposit.entry_id, entry_ids), DepositItem.live_payment_id.is_not(None))
    )
    returned = select(JournalLine.payment_id).where(
        among(work, JournalLine.entry_id, entry_ids),
        JournalLine.part == Part.RETURNED,
        JournalLine.payment_id.is_not(None),
    )
    work.db.execute(
        select(Payment.id)
        .where(or_(Payment.id.in_(payments), Payment.id.in_(returned)))
        .order_by(Payment.id)
        .with_for_update()
    ).all()
    rows = work.db.execute(
        select(Deposit.number, Deposit.status)
        .where(among(work, Deposit.entry_id, entry_ids))
        .order_by(Deposit.id)
        .with_for_update()
    ).all()
    for row in rows:
        if row.status is DepositStatus.UNDONE:
            raise Problem(f"{row.number} was undone.", hint="Nothing was matched.")


def set_deposited(work: Work, payments: Sequence[Payment], days: Mapping[int, date]) -> None:
    """Write the days of deposits to their payments, which are locked; ``days`` are by payment."""
    changed: list[tuple[str, int]] = []
    for one in payments:
        day = days.get(one.id)
        if day is not None and day != one.deposited_on:
            changed.append((day.isoformat(), one.id))
            work.db.expire(one)
    sql = "UPDATE payment SET deposited_on = ?, version = version + 1 WHERE id = ?"
    run_many(work, sql, changed)


def set_banked(work: Work, entry_ids: Sequence[int], on: date | None) -> None:
    """Write the bank's day to the payments of the deposits of these entries; None takes it off."""
    set_banked_days(work, dict.fromkeys(entry_ids, on))


def set_banked_days(work: Work, days: Mapping[int, date | None]) -> None:
    """Write the bank's day, by entry, to the payments of deposits; None takes it off."""
    held = (
        select(Deposit.entry_id, DepositItem.live_payment_id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .where(among(work, Deposit.entry_id, days), DepositItem.live_payment_id.is_not(None))
        .order_by(DepositItem.live_payment_id)
    )
    changed = [
        (None if day is None else day.isoformat(), payment_id)
        for entry_id, payment_id in work.db.execute(held)
        for day in (days[entry_id],)
    ]
    run_many(work, "UPDATE payment SET banked_on = ? WHERE id = ?", changed)
    work.db.expire_all()
