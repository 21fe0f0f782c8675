"""Deposits as lists and their own page show them, and whether the bank has them yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem, DepositKind, DepositStatus
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.reconciliation import BankMatchEntry, BankMatchLine
from fscdesk.models.refund import Refund
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.banking.cash_count import cash_of
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

MOST = 2000
"""How many deposits a list shows; older ones are found by their days."""


@dataclass(frozen=True, slots=True)
class DepositRow:
    """A deposit in a list. ``amount`` reached the bank, less ``fees`` of what its items are.

    ``banked_on`` is the day of the bank's line that it is matched with, None while it is in
    transit; of one that explains held money it is the day of the line that brought that.
    ``entered_on`` is its day in the books.
    """

    id: int
    number: str
    kind: DepositKind
    account: str
    on: date
    entered_on: date
    items: int
    amount: Money
    fees: Money
    reference: str
    status: DepositStatus
    banked_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class DepositLine:
    """One payment of a deposit, or one refund that was netted (below zero)."""

    payment_id: int
    refund_id: int | None
    number: str
    owner: str
    method: PaymentMethod
    reference: str
    received_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class DepositDetail:
    """A deposit whole: its items, its count of cash, who made it and who took it back why."""

    row: DepositRow
    lines: tuple[DepositLine, ...]
    cash: dict[int, int] | None
    note: str
    bank: str
    account_ending: str
    entry_id: int
    made_by: str
    made_at: datetime
    undone_by: str
    undone_at: datetime | None
    undone_why: str

    @property
    def gross(self) -> Money:
        """Return what its items come to."""
        return self.row.amount + self.row.fees


def deposits(
    work: Work,
    *,
    first: date | None = None,
    last: date | None = None,
    account_id: int | None = None,
    also_undone: bool = True,
) -> tuple[DepositRow, ...]:
    """Return the deposits of some days (their ``on``), the newest first.

    Raises Problem without a right to see the bank.
    """
    require_seeing(work, "deposits")
    query = _rows()
    if first is not None:
        query = query.where(Deposit.on >= first)
    if last is not None:
        query = query.where(Deposit.on <= last)
    if account_id is not None:
        query = query.where(Deposit.bank_account_id == account_id)
    if not also_undone:
        query = query.where(Deposit.status == DepositStatus.POSTED)
    found = query.order_by(Deposit.on.desc(), Deposit.id.desc()).limit(MOST)
    return tuple(_row(row) for row in work.db.execute(found))


def deposit_detail(work: Work, deposit_id: int) -> DepositDetail:
    """Return a deposit with all that is in it.

    Raises Problem when there is none, and without a right to see the bank.
    """
    require_seeing(work, "deposits")
    row = work.db.execute(_rows().where(Deposit.id == deposit_id)).one_or_none()
    if row is None:
        raise Problem("This deposit is not in the books.", hint="Look at the list again.")
    made, undone = aliased(Staff), aliased(Staff)
    whole = work.db.execute(
        select(
            Deposit.cash,
            Deposit.note,
            Deposit.entry_id,
            Deposit.made_at,
            Deposit.undone_at,
            Deposit.undone_why,
            BankAccount.bank,
            BankAccount.ending,
            made.name.label("made_by"),
            undone.name.label("undone_by"),
        )
        .join(BankAccount, BankAccount.id == Deposit.bank_account_id)
        .join(made, made.id == Deposit.made_by)
        .outerjoin(undone, undone.id == Deposit.undone_by)
        .where(Deposit.id == deposit_id)
    ).one()
    return DepositDetail(
        _row(row),
        tuple(_lines(work, deposit_id)),
        cash_of(whole.cash),
        whole.note,
        whole.bank,
        whole.ending,
        whole.entry_id,
        whole.made_by,
        whole.made_at,
        whole.undone_by or "",
        whole.undone_at,
        whole.undone_why,
    )


def _rows() -> Select[Any]:
    items = (
        select(func.count())
        .select_from(DepositItem)
        .where(DepositItem.deposit_id == Deposit.id)
        .scalar_subquery()
    )
    banked = (
        select(func.min(BankLine.on))
        .join(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .join(BankMatchEntry, BankMatchEntry.match_id == BankMatchLine.match_id)
        .where(BankMatchEntry.live.is_(True), BankMatchEntry.entry_id == Deposit.entry_id)
        .scalar_subquery()
    )
    held = (
        select(BankLine.on)
        .join(BankSuspense, BankSuspense.bank_line_id == BankLine.id)
        .where(
            BankSuspense.id == Deposit.suspense_id,
            Deposit.status == DepositStatus.POSTED,
        )
        .scalar_subquery()
    )
    return (
        select(
            Deposit.id,
            Deposit.number,
            Deposit.kind,
            BankAccount.name.label("account"),
            Deposit.on,
            JournalEntry.entry_date,
            items.label("items"),
            Deposit.amount,
            Deposit.fees,
            Deposit.reference,
            Deposit.status,
            func.coalesce(banked, held).label("banked_on"),
            Deposit.version,
        )
        .join(BankAccount, BankAccount.id == Deposit.bank_account_id)
        .join(JournalEntry, JournalEntry.id == Deposit.entry_id)
    )


def _row(row: Any) -> DepositRow:
    return DepositRow(*row)


def _lines(work: Work, deposit_id: int) -> Sequence[DepositLine]:
    rows = work.db.execute(
        select(
            func.coalesce(DepositItem.payment_id, Refund.payment_id).label("payment_id"),
            DepositItem.refund_id,
            func.coalesce(Refund.number, Payment.number).label("number"),
            func.coalesce(Guarantor.name, Payer.short_name).label("owner"),
            func.coalesce(Refund.method, Payment.method).label("method"),
            func.coalesce(Refund.reference, Payment.reference).label("reference"),
            func.coalesce(Refund.paid_on, Payment.received_on).label("received_on"),
            DepositItem.amount,
        )
        .outerjoin(Refund, Refund.id == DepositItem.refund_id)
        .join(Payment, Payment.id == func.coalesce(DepositItem.payment_id, Refund.payment_id))
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .where(DepositItem.deposit_id == deposit_id)
        .order_by(DepositItem.id)
    )
    return [DepositLine(*row) for row in rows]
