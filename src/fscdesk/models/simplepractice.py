"""What other reports of SimplePractice say of payments and claims, kept to match with ours."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.charge import Side
from fscdesk.models.values import Money


class ReportedAllocation(Base):
    """A row of the income allocation report: what of a payment paid which appointment.

    ``occurrence`` numbers equal rows, so that a second load of the same report adds none.
    """

    __tablename__ = "reported_allocation"
    __table_args__ = (Index(None, "patient_id", "paid_on"), Index(None, "key", unique=True))

    id: Mapped[IntPk]
    key: Mapped[str] = mapped_column(String(300))
    occurrence: Mapped[int]
    side: Mapped[Side]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    paid_on: Mapped[date]
    session_day: Mapped[date | None]
    codes: Mapped[str] = mapped_column(String(80))
    document: Mapped[str] = mapped_column(String(80), default="")
    reference: Mapped[str] = mapped_column(String(100), default="")
    amount: Mapped[Money]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)


class CardTransaction(Base):
    """A row of the card report: charge, refund or payout, with its fee; ids make it unique.

    ``payout_id`` is the row of the payout that brought it to the bank.
    """

    __tablename__ = "card_transaction"

    id: Mapped[IntPk]
    transaction_id: Mapped[str] = mapped_column(String(64), unique=True)
    source_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Code]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    amount: Mapped[Money]
    fee: Mapped[Money]
    net: Mapped[Money]
    created_on: Mapped[date] = mapped_column(index=True)
    available_on: Mapped[date | None]
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("card_transaction.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)


class ReportedClaim(Base):
    """A claim as SimplePractice's claim, payment and unpaid reports name it; newest word wins."""

    __tablename__ = "reported_claim"

    id: Mapped[IntPk]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    payer_claim: Mapped[str] = mapped_column(String(64), default="")
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), index=True)
    submitted_on: Mapped[date | None]
    status: Mapped[Code] = mapped_column(default="")
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Comparison(Base):
    """One line of a comparison with a SimplePractice total: what it said, what we say, why not."""

    __tablename__ = "comparison"
    __table_args__ = (Index(None, "batch_id", "line"),)

    id: Mapped[IntPk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"), index=True)
    what: Mapped[Code]
    theirs: Mapped[Money]
    ours: Mapped[Money]
    reason: Mapped[str] = mapped_column(String(300), default="")
