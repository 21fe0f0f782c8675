"""Refunds: documents of their own that give money back to whom it came from."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money


class RefundStatus(enum.StrEnum):
    """Asked for, allowed, gone out; or called off."""

    WAITING = "waiting"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


class Refund(Base):
    """Money that goes back out of a credit of one payment, by the method it came.

    ``found_on`` starts the clock, ``due_on`` ends it: 30 days, or 60 for Medicare and
    Medicaid (DESIGN 9). ``entry_id`` is its entry once it is paid.
    """

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(None, "status", "due_on"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    amount: Mapped[Money]
    method: Mapped[PaymentMethod]
    reference: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(300))
    status: Mapped[RefundStatus]
    found_on: Mapped[date]
    due_on: Mapped[date]
    paid_on: Mapped[date | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
