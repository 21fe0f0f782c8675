"""The double-entry ledger: entries and their lines."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class EntryKind(enum.StrEnum):
    """What happened."""

    CHARGE = "charge"
    SP_RECORDED = "sp_recorded"
    REVERSAL = "reversal"
    OPENING = "opening"
    RECEIPT = "receipt"
    APPLIED = "applied"
    REFUND = "refund"
    RETURNED = "returned"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"
    RESPONSIBILITY = "responsibility"
    CREDIT_MEMO = "credit_memo"
    AGENCY = "agency"
    TAKEN_BACK = "taken_back"
    PROVIDER_ADJUSTMENT = "provider_adjustment"
    DEPOSIT = "deposit"
    BANK = "bank"
    MANUAL = "manual"
    ADJUSTING = "adjusting"
    CLOSING = "closing"


class Part(enum.StrEnum):
    """What a line stands for in words that a statement can print."""

    CHARGE = "charge"
    PATIENT_PAID = "patient_paid"
    INSURANCE_PAID = "insurance_paid"
    WRITE_OFF = "write_off"
    ADJUSTMENT = "adjustment"
    RESPONSIBILITY = "responsibility"
    REFUND = "refund"
    RETURNED = "returned"
    TRANSFER = "transfer"
    AGENCY = "agency"
    PAYER_OWN = "payer_own"
    BOOKS = "books"


class JournalEntry(Base):
    """One balanced event. A draft until ``posted_at`` is set, then never changed.

    ``entry_date`` is the accounting day; ``posted_at`` the moment it was written.
    ``charge_id`` and ``batch_id`` are its source documents, and ``case_id``: the case at an
    agency whose part of account 1130 it moves. ``reference`` is a manual entry's own;
    ``late_reason`` says why it was posted into a closed month.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index(
            "ix_journal_entry_case",
            "case_id",
            sqlite_where=text("case_id IS NOT NULL"),
            postgresql_where=text("case_id IS NOT NULL"),
        ),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    entry_date: Mapped[date] = mapped_column(index=True)
    kind: Mapped[EntryKind]
    memo: Mapped[str] = mapped_column(default="")
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("collection_case.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    reference: Mapped[str | None] = mapped_column(String(100))
    late_reason: Mapped[str | None] = mapped_column(String(300))
    posted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    posted_at: Mapped[datetime | None]


class JournalLine(Base):
    """One leg: a debit when the amount is positive, a credit when negative.

    A line that moves a credit (``credit_id``) belongs to the credit's owner and to no charge;
    its entry may concern a charge of somebody else.
    """

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("credit_id IS NULL OR charge_id IS NULL", name="credit_or_charge"),
        Index("ix_journal_line_account_day", "account", "day", "amount"),
        Index(
            "ix_journal_line_charge",
            "charge_id",
            "account",
            "day",
            "amount",
            sqlite_where=text("charge_id IS NOT NULL"),
            postgresql_where=text("charge_id IS NOT NULL"),
        ),
        Index("ix_journal_line_patient", "patient_id", "day", "account", "amount"),
        *(
            Index(
                f"ix_journal_line_{name}",
                f"{name}_id",
                "account",
                "day",
                "amount",
                sqlite_where=text(f"{name}_id IS NOT NULL"),
                postgresql_where=text(f"{name}_id IS NOT NULL"),
            )
            for name in ("payment", "credit")
        ),
        Index("ix_journal_line_guarantor", "guarantor_id", "account", "day", "amount"),
    )

    id: Mapped[IntPk]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), index=True)
    day: Mapped[date]
    account: Mapped[str] = mapped_column(String(12), ForeignKey("account.code"))
    amount: Mapped[Money]
    part: Mapped[Part]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"))
    cost_centre: Mapped[str | None] = mapped_column(String(12), ForeignKey("cost_centre.code"))
    note: Mapped[str | None]
