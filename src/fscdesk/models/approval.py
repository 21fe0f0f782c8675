"""Requests that wait for a second person, and every step they took."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class RequestKind(enum.StrEnum):
    """What is asked for."""

    WRITE_OFF = "write_off"
    WRITE_OFF_RUN = "write_off_run"
    REFUND = "refund"
    CREDIT_MEMO = "credit_memo"


class RequestStatus(enum.StrEnum):
    """Where a request stands; nothing posts before it is approved."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApprovalRequest(Base):
    """One request: by whom, for how much, which right decides it, and who decided.

    That nobody decides an own request is a rule of the database too.
    """

    __tablename__ = "approval_request"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="second_person"),
        CheckConstraint("count > 0", name="count_positive"),
        Index(None, "status", "requested_at"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[RequestKind]
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.WAITING)
    needs: Mapped[str] = mapped_column(String(48))
    amount: Mapped[Money]
    count: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ApprovalStep(Base):
    """One step of a request: asked, approved, refused, withdrawn, taken back. Append only."""

    __tablename__ = "approval_step"

    id: Mapped[IntPk]
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), index=True)
    step: Mapped[Code]
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
