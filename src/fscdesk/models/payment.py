"""Money that was received, and the credits that are left of it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class PaymentMethod(enum.StrEnum):
    """How money came, or how it goes back."""

    CASH = "cash"
    CHECK = "check"
    CARD = "card"
    DEBIT = "debit"
    ACH = "ach"
    WIRE = "wire"
    EFT = "eft"
    ONLINE = "online"
    PLAN = "plan"
    OTHER = "other"


class PaymentOrigin(enum.StrEnum):
    """Who said that the money came."""

    TYPED = "typed"
    REMITTANCE = "remittance"
    SIMPLEPRACTICE = "simplepractice"


class PaymentStatus(enum.StrEnum):
    """A returned payment (NSF) stays in the list; a voided one was entered by mistake."""

    POSTED = "posted"
    RETURNED = "returned"
    VOIDED = "voided"


class CreditKind(enum.StrEnum):
    """Why money is not applied (features 1.5: typed unearned income).

    ``remittance`` is what of a payer's check is not posted yet; ``recoupment`` is what the payer
    has told that it will take back.
    """

    PREPAYMENT = "prepayment"
    OVERPAYMENT = "overpayment"
    RETAINER = "retainer"
    CREDIT_MEMO = "credit_memo"
    REMITTANCE = "remittance"
    RECOUPMENT = "recoupment"


class Payment(Base):
    """One receipt: a check, a card payment, an EFT. It pays charges of any number of patients.

    It came from a guarantor or from a payer, never both. The day of the service stands with
    each charge; the other four of the five days are here: ``posted_on`` is the day in the
    books, ``check_on`` stands on the check, ``deposited_on`` and ``banked_on`` are learnt
    later. ``request_key`` makes a repeated command harmless, and ``request_digest`` says which
    command it was; ``external_id`` is the payment's id in SimplePractice. Only a payer's may be
    0.00: an EOB that denies, or leaves all to its member, comes without money.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("(guarantor_id IS NULL) <> (payer_id IS NULL)", name="from_one"),
        CheckConstraint(
            "amount > 0 OR (amount = 0 AND payer_id IS NOT NULL)", name="amount_positive"
        ),
        Index(None, "posted_on", "id"),
        Index(None, "guarantor_id", "posted_on"),
        Index(None, "payer_id", "posted_on"),
        Index(None, "reference"),
        Index(None, "status", "deposited_on", "amount"),
        Index(None, "amount", "id"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    method: Mapped[PaymentMethod]
    reference: Mapped[str] = mapped_column(String(100), default="")
    amount: Mapped[Money]
    received_on: Mapped[date]
    posted_on: Mapped[date]
    check_on: Mapped[date | None]
    deposited_on: Mapped[date | None]
    banked_on: Mapped[date | None]
    memo: Mapped[str] = mapped_column(default="")
    status: Mapped[PaymentStatus] = mapped_column(default=PaymentStatus.POSTED)
    origin: Mapped[PaymentOrigin] = mapped_column(default=PaymentOrigin.TYPED)
    external_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    request_digest: Mapped[str] = mapped_column(String(64), default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    received_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    posted_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class PaymentChange(Base):
    """What was corrected, returned or moved after posting: from, to, who, why. Append only."""

    __tablename__ = "payment_change"

    id: Mapped[IntPk]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    what: Mapped[Code]
    old: Mapped[str] = mapped_column(String(300))
    new: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Credit(Base):
    """Money that is not applied: whose it is, and why. Its ``balance`` is kept by the ledger.

    Every receipt passes through a credit: the whole amount goes in (account 2400, or 2410 for
    a payer), each application to a charge takes its part out. So what is left of a payment is
    a balance and not a subtraction. ``balance`` is positive while money is left.
    """

    __tablename__ = "credit"
    __table_args__ = (
        CheckConstraint("(patient_id IS NULL) <> (payer_id IS NULL)", name="owned_by_one"),
        Index(None, "patient_id", "balance"),
        Index(None, "payer_id", "balance"),
        Index(
            "ix_credit_open",
            "payment_id",
            "balance",
            sqlite_where=text("balance <> 0"),
            postgresql_where=text("balance <> 0"),
        ),
    )

    id: Mapped[IntPk]
    kind: Mapped[CreditKind]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"), index=True)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    since: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    balance: Mapped[Money] = mapped_column(default=Money())
