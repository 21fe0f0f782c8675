"""The chart of accounts."""

from __future__ import annotations

import enum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base


class AccountType(enum.StrEnum):
    """On which side of the books an account stands."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class Account(Base):
    """An account of the general ledger; system accounts cannot be deleted."""

    __tablename__ = "account"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str]
    type: Mapped[AccountType]
    system: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
