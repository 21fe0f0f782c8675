"""Who did what and when, in a chain that shows a missing link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk


class AuditEvent(Base):
    """One act. ``digest`` covers this row and the digest before it; rows never change."""

    __tablename__ = "audit_event"

    id: Mapped[IntPk]
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[Code]
    noun: Mapped[Code]
    noun_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
