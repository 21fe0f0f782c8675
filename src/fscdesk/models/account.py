"""The chart of accounts."""

from __future__ import annotations

import enum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base


class AccountType(enum.StrEnum):
    """On which side of the books an account stands."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class CashFlow(enum.StrEnum):
    """Where a change of an account stands in the cash flow statement."""

    CASH = "cash"
    OPERATING = "operating"
    INVESTING = "investing"
    FINANCING = "financing"


class Account(Base):
    """An account of the general ledger; system accounts cannot be deleted.

    ``parent`` makes it a sub-account of one of the same type. ``flow`` says where its changes
    stand in the cash flow statement; None means operating for income and expense.
    """

    __tablename__ = "account"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str]
    type: Mapped[AccountType]
    system: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    parent: Mapped[str | None] = mapped_column(String(12), ForeignKey("account.code"))
    flow: Mapped[CashFlow | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
