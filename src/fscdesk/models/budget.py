"""What a practice means to earn and to spend."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, IntPk
from fscdesk.models.values import Money


class BudgetStatus(enum.StrEnum):
    """Reports compare with the approved one of a year."""

    DRAFT = "draft"
    APPROVED = "approved"
    CLOSED = "closed"


class Budget(Base):
    """A plan for one fiscal year, by its first month. ``live`` holds the year while approved."""

    __tablename__ = "budget"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    first_month: Mapped[date] = mapped_column(index=True)
    status: Mapped[BudgetStatus] = mapped_column(default=BudgetStatus.DRAFT)
    live: Mapped[date | None] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class BudgetLine(Base):
    """The amount of one month, account and cost centre; income and expense are both positive."""

    __tablename__ = "budget_line"
    __table_args__ = (Index(None, "budget_id", "account", "month"),)

    id: Mapped[IntPk]
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    account: Mapped[str] = mapped_column(String(12), ForeignKey("account.code"))
    cost_centre: Mapped[str | None] = mapped_column(String(12), ForeignKey("cost_centre.code"))
    month: Mapped[date]
    amount: Mapped[Money]
