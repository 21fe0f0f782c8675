"""Keeps the day on which the bank had a payment (``Payment.banked_on``): an index of the matches.

Written when a deposit is matched, or its match taken apart; nobody else writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update

from fscdesk.models.deposit import Deposit, DepositItem, DepositStatus
from fscdesk.models.payment import Payment
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


def lock_deposits_of(work: Work, entry_ids: Sequence[int]) -> None:
    """Lock the deposits of entries, their payments first, in the order of every act on money.

    Raises Problem for one that was undone meanwhile.
    """
    payments = (
        select(DepositItem.live_payment_id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .where(among(work, Deposit.entry_id, entry_ids), DepositItem.live_payment_id.is_not(None))
    )
    work.db.execute(
        select(Payment.id).where(Payment.id.in_(payments)).order_by(Payment.id).with_for_update()
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


def set_banked(work: Work, entry_ids: Sequence[int], on: date | None) -> None:
    """Write the bank's day to the payments of the deposits of these entries; None takes it off."""
    payments = (
        select(DepositItem.live_payment_id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .where(among(work, Deposit.entry_id, entry_ids), DepositItem.live_payment_id.is_not(None))
    )
    work.db.execute(
        update(Payment)
        .where(Payment.id.in_(payments))
        .values(banked_on=on)
        .execution_options(synchronize_session=False)
    )
    work.db.expire_all()
