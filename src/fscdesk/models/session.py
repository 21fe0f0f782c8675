"""Sessions: the appointments, where each stands, and what SimplePractice last said of it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money

LIVE = text("withdrawn_by IS NULL")
OPEN = text("withdrawn_by IS NULL AND (insurance_balance <> 0 OR patient_balance <> 0)")
ASKED = ("billing_status", "payer_id", "provider_id", "attendance", "note_status")
"""What lists are filtered by; two covering indexes hold these columns, so that counting
and summing a million sessions reads no table row (domain/speed.md)."""


class Attendance(enum.StrEnum):
    """Whether the session took place (DESIGN.md 7)."""

    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    NO_SHOW = "no_show"


class BillingStatus(enum.StrEnum):
    """How far a session is on its way to being paid (DESIGN.md 7)."""

    COMPLETED = "completed"
    DOCUMENTED = "documented"
    READY_TO_BILL = "ready_to_bill"
    SUBMITTED = "submitted"
    PENDING = "pending"
    APPROVED = "approved"
    PAID = "paid"
    DENIED = "denied"
    APPEALING = "appealing"


class StatusKind(enum.StrEnum):
    """Which of a session's two statuses a change is about."""

    ATTENDANCE = "attendance"
    BILLING = "billing"


class Session(Base):
    """One appointment of one patient. SQLAlchemy's session is always ``db``.

    ``day`` and ``minute`` are the practice's own calendar and clock, as SimplePractice
    shows them; ``starts_at`` is the same moment in UTC. ``occurrence`` numbers rows that
    agree in patient, clinician and minute. The two balances are kept by the ledger's
    triggers. ``withdrawn_by`` names the batch whose undoing took the session back.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute_of_day"),
        CheckConstraint("occurrence >= 1", name="occurrence_counts_from_one"),
        Index(
            "uq_session_live",
            "patient_id",
            "day",
            "minute",
            "provider_id",
            "occurrence",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        *(
            Index(f"ix_session_by_{name}", *columns, sqlite_where=LIVE, postgresql_where=LIVE)
            for name, columns in {
                "day": (
                    "day",
                    "minute",
                    "id",
                    *ASKED,
                    "patient_id",
                    "code_text",
                    "batch_id",
                    "fee",
                ),
                "billing": ("billing_status", "day", "id", "fee"),
                "attendance": ("attendance", "id"),
                "note": ("note_status", "id"),
                "code": ("code_text", "id"),
                "fee": ("fee", "id"),
                "insurance": ("insurance_balance", "id"),
                "patient_owes": ("patient_balance", "id"),
                "payer": ("payer_id", "day", "id", "fee"),
                "provider": ("provider_id", "day", "id", "fee"),
            }.items()
        ),
        Index(
            "ix_session_open",
            *("patient_id", "insurance_balance", "patient_balance", "day", "minute", *ASKED),
            *("code_text", "batch_id", "fee"),
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[IntPk]
    starts_at: Mapped[datetime]
    day: Mapped[date]
    minute: Mapped[int]
    occurrence: Mapped[int] = mapped_column(default=1)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    second_payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    attendance: Mapped[Attendance]
    billing_status: Mapped[BillingStatus]
    status_since: Mapped[date]
    note_status: Mapped[str] = mapped_column(String(24), default="")
    code_text: Mapped[str] = mapped_column(String(80), default="")
    fee: Mapped[Money] = mapped_column(default=Money())
    insurance_balance: Mapped[Money] = mapped_column(default=Money())
    patient_balance: Mapped[Money] = mapped_column(default=Money())
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class SessionReport(Base):
    """What SimplePractice last said of a session, as read, so that a change can be seen.

    Amounts are those of the appointment status report. ``codes`` holds one
    ``code*units@cents`` for each billing code, blank-separated. ``posts`` says whether what it
    calls paid is in the ledger (account 1060), or only compared with the payments entered here.
    """

    __tablename__ = "session_report"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id"), primary_key=True, autoincrement=False
    )
    client: Mapped[str]
    clinician: Mapped[str]
    payer: Mapped[str] = mapped_column(default="")
    second_payer: Mapped[str] = mapped_column(default="")
    codes: Mapped[str] = mapped_column(String(400))
    fee: Mapped[Money]
    note_status: Mapped[str] = mapped_column(String(24))
    patient_status: Mapped[str] = mapped_column(String(24))
    patient_charge: Mapped[Money]
    uninvoiced: Mapped[Money]
    patient_paid: Mapped[Money]
    patient_unpaid: Mapped[Money]
    insurance_status: Mapped[str] = mapped_column(String(24))
    insurance_charge: Mapped[Money]
    insurance_paid: Mapped[Money]
    write_off: Mapped[Money]
    insurance_unpaid: Mapped[Money]
    posts: Mapped[bool] = mapped_column(default=True)


class SessionStatusHistory(Base):
    """Every change of a session's status: old, new, who, when, why. Never changed."""

    __tablename__ = "session_status_history"
    __table_args__ = (Index("ix_session_status_history_day", "day"),)

    id: Mapped[IntPk]
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    kind: Mapped[StatusKind]
    old: Mapped[Code | None]
    new: Mapped[Code]
    reason: Mapped[LongText]
    at: Mapped[datetime]
    day: Mapped[date]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
