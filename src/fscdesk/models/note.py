"""What the office writes down about an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, IntPk, LongText


class AccountNote(Base):
    """A note of the billing office; a pinned one is shown whenever the account is opened."""

    __tablename__ = "account_note"
    __table_args__ = (Index(None, "patient_id", "at"),)

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    text: Mapped[LongText]
    pinned: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
