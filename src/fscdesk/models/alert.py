"""Alerts, what people did about lines of the work queue, and which jobs ran."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class AlertSeverity(enum.StrEnum):
    """How urgent an alert is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class AlertStatus(enum.StrEnum):
    """An open alert is new; an acknowledged one was seen; a resolved one is history."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Alert(Base):
    """Something that the daily jobs found and that a person must see.

    ``live`` is ``kind:object`` while its cause is there, so that nothing is told twice, also not
    what a person has resolved. What made it is what ends it: the next run closes what is not so
    any more.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(None, "status", "severity"),
        Index(None, "assigned_to", "status"),
    )

    id: Mapped[IntPk]
    kind: Mapped[Code]
    severity: Mapped[AlertSeverity]
    live: Mapped[str | None] = mapped_column(String(80), unique=True)
    message: Mapped[str] = mapped_column(String(300))
    amount: Mapped[Money] = mapped_column(default=Money())
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    remittance_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"), index=True)
    due_on: Mapped[date | None]
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    status: Mapped[AlertStatus] = mapped_column(default=AlertStatus.OPEN)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class WorkItem(Base):
    """What people did about one thing of the queue: whose it is, until when it sleeps, a note.

    ``key`` is ``kind:object``. The thing itself is never stored: it is there while its cause is.
    ``done_on`` sets it aside until what it is about changes (``seen`` is how it stood then).
    """

    __tablename__ = "work_item"
    __table_args__ = (Index(None, "assigned_to"), Index(None, "snoozed_until"))

    id: Mapped[IntPk]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    snoozed_until: Mapped[date | None]
    note: Mapped[LongText] = mapped_column(default="")
    seen: Mapped[str] = mapped_column(String(80), default="")
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class JobRun(Base):
    """One run of a job for the whole practice: which day, by which desk, what it did.

    ``key`` is ``name:day`` and unique: whoever writes it first runs the job, the others leave it.
    """

    __tablename__ = "job_run"

    id: Mapped[IntPk]
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Code]
    day: Mapped[date] = mapped_column(index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(300), default="")
