"""Bills for given charges, what they were reminded of, and credit memos."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class InvoiceStyle(enum.StrEnum):
    """How much a page says."""

    PATIENT = "patient"
    DETAILED = "detailed"
    SUMMARY = "summary"


class InvoiceStatus(enum.StrEnum):
    """What a person did with an invoice. Partly paid, paid and overdue follow from the ledger."""

    DRAFT = "draft"
    SENT = "sent"
    VIEWED = "viewed"
    COLLECTIONS = "collections"
    WRITTEN_OFF = "written_off"
    VOID = "void"


class Invoice(Base):
    """A bill to a guarantor for given charges of one patient; what is due is in the ledger.

    ``void_batch_id`` is the import that took the last of its charges, so that undoing the import
    can put the bill back.
    """

    __tablename__ = "invoice"
    __table_args__ = (Index(None, "status", "due_on"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    style: Mapped[InvoiceStyle]
    status: Mapped[InvoiceStatus]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    amount: Mapped[Money]
    note: Mapped[str] = mapped_column(String(300), default="")
    sent_on: Mapped[date | None]
    viewed_on: Mapped[date | None]
    void_reason: Mapped[str] = mapped_column(String(300), default="")
    void_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    request_key: Mapped[str | None] = mapped_column(String(64), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class InvoiceLine(Base):
    """A charge on an invoice, and what was due for it on that day.

    ``live`` is the charge again while the invoice is not void: a charge stands on one
    invoice at a time, which the database holds to. ``billed_id`` is the charge that the page
    names, where that was voided and ``charge_id`` has taken its place.
    """

    __tablename__ = "invoice_line"
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    id: Mapped[IntPk]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    live: Mapped[int | None] = mapped_column(unique=True)
    billed_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), index=True)
    amount: Mapped[Money]


class Reminder(Base):
    """A reminder that was made for an invoice: at 7, 14, 30, 60 or 90 days overdue, once each."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("invoice_id", "days"),)

    id: Mapped[IntPk]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    days: Mapped[int]
    amount: Mapped[Money]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    made_on: Mapped[date]


class MemoStatus(enum.StrEnum):
    """Waiting for approval or refused; issued or void: how much is left is its credit's balance."""

    WAITING = "waiting"
    REFUSED = "refused"
    ISSUED = "issued"
    VOID = "void"


class CreditMemo(Base):
    """A credit that the practice gives; ``credit_id`` holds what is left of it.

    It has neither credit nor entry before it is approved.
    """

    __tablename__ = "credit_memo"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"), unique=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount: Mapped[Money]
    reason: Mapped[str] = mapped_column(String(300))
    issued_on: Mapped[date]
    status: Mapped[MemoStatus]
    void_reason: Mapped[str] = mapped_column(String(300), default="")
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
