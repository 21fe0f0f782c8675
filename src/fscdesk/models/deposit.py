"""Payments that were taken to the bank together."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class DepositKind(enum.StrEnum):
    """How the money gets to the bank."""

    COUNTER = "counter"
    CARD = "card"
    EFT = "eft"
    SUSPENSE = "suspense"


class DepositStatus(enum.StrEnum):
    """An undone deposit stays in the list; its payments are undeposited again."""

    POSTED = "posted"
    UNDONE = "undone"


class Deposit(Base):
    """One amount that the bank books: cash and checks of a slip, a card payout, an EFT.

    ``amount`` reaches the account (Dr the bank's account), ``fees`` were kept back on the way (Dr
    7600), and both together leave 1050. One of kind ``suspense`` takes its money from what already
    stands in 2420 (``suspense_id``). ``cash`` is the count of notes and coins, in cents by their
    value: ``{"2000": 3}`` is three twenties. ``payout`` is the payout of the card report.
    """

    __tablename__ = "deposit"
    __table_args__ = (
        CheckConstraint("fees >= 0", name="fees_not_negative"),
        CheckConstraint("(kind = 'suspense') = (suspense_id IS NOT NULL)", name="from_suspense"),
        Index(None, "bank_account_id", "on"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    kind: Mapped[DepositKind]
    on: Mapped[date] = mapped_column(index=True)
    amount: Mapped[Money]
    fees: Mapped[Money] = mapped_column(default=Money())
    reference: Mapped[str] = mapped_column(String(100), default="", index=True)
    cash: Mapped[dict[str, Any] | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[DepositStatus] = mapped_column(default=DepositStatus.POSTED)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    live_payout_id: Mapped[int | None] = mapped_column(
        ForeignKey("card_transaction.id"), unique=True
    )
    suspense_id: Mapped[int | None] = mapped_column(ForeignKey("bank_suspense.id"), index=True)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class DepositItem(Base):
    """One payment, or one card refund that was netted, of a deposit; with its sign.

    ``live_payment_id`` and ``live_refund_id`` let it be in one standing deposit at a time; they
    empty when the deposit is undone.
    """

    __tablename__ = "deposit_item"
    __table_args__ = (
        CheckConstraint("(payment_id IS NULL) <> (refund_id IS NULL)", name="of_one"),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
    )

    id: Mapped[IntPk]
    deposit_id: Mapped[int] = mapped_column(ForeignKey("deposit.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), index=True)
    amount: Mapped[Money]
    live_payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    live_refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), unique=True)
