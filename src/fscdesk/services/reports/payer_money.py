"""The payers' money, payer by payer: what they told, what is posted, deposited and at the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from fscdesk.models.bank import BankLine
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

BEFORE = 7
"""Money of so many days before the first line that was read may be in that line."""
_NOT_MONEY = (RemittanceStatus.UNDONE, RemittanceStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class PayerMoney:
    """One payer since a day. ``unposted`` was told by remittances that nobody has posted.

    ``apart`` is what was told or posted and is not at the bank: 0.00 where all of it came.
    """

    id: int
    name: str
    remitted: Money
    unposted: Money
    posted: Money
    deposited: Money
    banked: Money

    @property
    def apart(self) -> Money:
        """Return what is not at the bank yet."""
        return self.unposted + self.posted - self.banked


@dataclass(frozen=True, slots=True)
class PayersMoney:
    """All payers that paid since a day; ``since`` is None while no statement was read."""

    since: date | None
    rows: tuple[PayerMoney, ...] = ()


def payer_money(work: Work) -> PayersMoney:
    """Compare the payers' money with the bank since its first line that was read.

    Raises Problem without the right to see reports.
    """
    require(work, Right.SEE_REPORTS, "see the payers' money")
    first = work.db.scalar(select(func.min(BankLine.on)).where(BankLine.live.is_(True)))
    if first is None:
        return PayersMoney(None)
    since = first - timedelta(BEFORE)
    told = {
        row.payer_id: row
        for row in work.db.execute(
            select(
                Remittance.payer_id,
                func.sum(Remittance.amount).label("remitted"),
                func.sum(case((Remittance.payment_id.is_(None), Remittance.amount), else_=0)).label(
                    "unposted"
                ),
            )
            .where(
                Remittance.paid_on >= since,
                Remittance.payer_id.is_not(None),
                Remittance.test.is_(False),
                Remittance.status.not_in(_NOT_MONEY),
            )
            .group_by(Remittance.payer_id)
        )
    }
    rows = work.db.execute(
        select(
            Payer.id,
            Payer.name,
            func.sum(Payment.amount).label("posted"),
            func.sum(case((Payment.deposited_on.is_not(None), Payment.amount), else_=0)).label(
                "deposited"
            ),
            func.sum(case((Payment.banked_on.is_not(None), Payment.amount), else_=0)).label(
                "banked"
            ),
        )
        .outerjoin(
            Payment,
            (Payment.payer_id == Payer.id)
            & (Payment.received_on >= since)
            & (Payment.status == PaymentStatus.POSTED),
        )
        .group_by(Payer.id, Payer.name)
        .order_by(Payer.name, Payer.id)
    )
    return PayersMoney(
        since,
        tuple(
            PayerMoney(
                row.id,
                row.name,
                _money(told[row.id].remitted) if row.id in told else ZERO,
                _money(told[row.id].unposted) if row.id in told else ZERO,
                _money(row.posted),
                _money(row.deposited),
                _money(row.banked),
            )
            for row in rows
            if row.posted is not None or row.id in told
        ),
    )


def payers_apart(work: Work) -> int:
    """Return of how many payers not all money is at the bank."""
    return sum(bool(row.apart) for row in payer_money(work).rows)


def _money(found: Money | int | None) -> Money:
    if found is None:
        return ZERO
    return found if isinstance(found, Money) else Money(int(found))
