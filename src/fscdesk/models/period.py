"""The months of the books: open, soft-closed, closed; and the years that were closed."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, IntPk


class PeriodStatus(enum.StrEnum):
    """Nothing posts into a closed month without a reason; a soft-closed one takes adjustments."""

    OPEN = "open"
    SOFT_CLOSED = "soft_closed"
    CLOSED = "closed"


class AccountingPeriod(Base):
    """One month, by its first day. A month that has no row is open."""

    __tablename__ = "accounting_period"

    month: Mapped[date] = mapped_column(primary_key=True)
    status: Mapped[PeriodStatus]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class PeriodChange(Base):
    """Who opened or closed a month, and why. Append only."""

    __tablename__ = "period_change"

    id: Mapped[IntPk]
    month: Mapped[date] = mapped_column(index=True)
    old: Mapped[PeriodStatus]
    new: Mapped[PeriodStatus]
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class YearClose(Base):
    """A year whose income and expense were carried to retained earnings, by one entry.

    ``live`` holds the year while it stands, and None when it was taken back.
    """

    __tablename__ = "year_close"

    id: Mapped[IntPk]
    year: Mapped[int]
    live: Mapped[int | None] = mapped_column(unique=True)
    last_day: Mapped[date]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    closed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str] = mapped_column(String(300), default="")
