"""Documents that were made for somebody, kept as they were, and where they were sent."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk


class DocumentKind(enum.StrEnum):
    """What was made."""

    RECEIPT = "receipt"
    INVOICE = "invoice"
    SUPERBILL = "superbill"
    CREDIT_MEMO = "credit_memo"
    AGREEMENT = "agreement"
    EXPLANATION = "explanation"
    ESTIMATE = "estimate"
    REMINDER = "reminder"
    HAND_OFF = "hand_off"
    APPEAL = "appeal"
    DEPOSIT_SLIP = "deposit_slip"
    RECONCILIATION = "reconciliation"
    ATTACHMENT = "attachment"


class SentBy(enum.StrEnum):
    """How a document left the office."""

    PRINT = "print"
    EMAIL_FILE = "email_file"
    FILE = "file"


class Document(Base):
    """A page that was made: for whom, of what, and its bytes, so that it prints again exactly.

    ``noun_id`` is the id of what it shows, by ``kind``: a payment for a receipt, an invoice, a
    plan, a credit memo, a collection case, an estimate, a deposit, a reconciliation, a journal
    entry for what is attached to it; a patient for the others.
    """

    __tablename__ = "document"
    __table_args__ = (Index(None, "kind", "noun_id"),)

    id: Mapped[IntPk]
    kind: Mapped[DocumentKind]
    number: Mapped[Code] = mapped_column(unique=True)
    noun_id: Mapped[int]
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Sending(Base):
    """A document or statement left the office: how, to whom, when, by whom. Append only."""

    __tablename__ = "sending"

    id: Mapped[IntPk]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"), index=True)
    how: Mapped[SentBy]
    destination: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
