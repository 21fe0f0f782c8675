"""Bank accounts, the statements that banks give of them, and what a practice taught us to read."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class BankAccountKind(enum.StrEnum):
    """What the practice keeps at a bank."""

    CHECKING = "checking"
    SAVINGS = "savings"
    CREDIT_CARD = "credit_card"
    MERCHANT = "merchant"


class StatementStatus(enum.StrEnum):
    """A statement that was taken back stays in the list, and may be read again."""

    APPLIED = "applied"
    UNDONE = "undone"


class BankAccount(Base):
    """One account at a bank, and the account of the general ledger that it is.

    ``ending`` is all that is kept of its number for people; ``fingerprint`` is a digest of the
    whole number, by which a statement file is recognised. ``starts_on`` is the first day that is
    reconciled here, with what the bank had at the end of the day before.
    """

    __tablename__ = "bank_account"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    bank: Mapped[str] = mapped_column(default="")
    kind: Mapped[BankAccountKind]
    ending: Mapped[str] = mapped_column(String(4), default="")
    fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(String(12), ForeignKey("account.code"), unique=True)
    starts_on: Mapped[date | None]
    starts_with: Mapped[Money] = mapped_column(default=Money())
    active: Mapped[bool] = mapped_column(default=True)
    is_default: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class BankStatement(Base):
    """One applied statement file, or lines typed from paper: what it said and what it added.

    ``opening`` and ``closing`` are the balances that the file tells, None where it tells none.
    """

    __tablename__ = "bank_statement"
    __table_args__ = (Index(None, "bank_account_id", "last_day"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    file_name: Mapped[str] = mapped_column(String(260))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    layout: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    opening: Mapped[Money | None]
    closing: Mapped[Money | None]
    status: Mapped[StatementStatus]
    read: Mapped[int]
    created: Mapped[int]
    unchanged: Mapped[int]
    skipped: Mapped[int]
    findings: Mapped[dict[str, Any]]
    applied_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    applied_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]


class BankLine(Base):
    """One line of a bank's statement: money in is positive, as the bank wrote it.

    ``key`` is its day, amount and words without blanks, so that the same line of another file, in
    another layout, is known again; ``occurrence`` counts equal lines within an account, because
    two equal lines of one file are two. ``trace`` is what of its words names a payment (TRN02 of
    an EFT, a payout's id, a check number), ``sender`` the payer's id beside it (TRN03). ``live`` is
    None when the statement was taken back.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("bank_account_id", "key", "occurrence", "live"),
        Index(None, "bank_account_id", "on", "id"),
        Index(None, "bank_account_id", "amount"),
        Index(None, "trace"),
        Index(None, "statement_id"),
    )

    id: Mapped[IntPk]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"))
    position: Mapped[int]
    on: Mapped[date]
    amount: Mapped[Money]
    words: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(40), default="")
    check_number: Mapped[str] = mapped_column(String(40), default="")
    bank_id: Mapped[str] = mapped_column(String(255), default="")
    trace: Mapped[str] = mapped_column(String(100), default="")
    sender: Mapped[str] = mapped_column(String(60), default="")
    balance: Mapped[Money | None]
    key: Mapped[str] = mapped_column(String(64))
    occurrence: Mapped[int]
    live: Mapped[bool | None] = mapped_column(default=True)


class BankSuspense(Base):
    """Money that the bank has and nobody can name yet; it stands in 2420 until it is explained.

    ``open`` is what of it is not explained. A remittance or a payment that comes later takes its
    money from here instead of from a deposit.
    """

    __tablename__ = "bank_suspense"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    bank_line_id: Mapped[int] = mapped_column(ForeignKey("bank_line.id"), index=True)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"), index=True)
    amount: Mapped[Money]
    open: Mapped[Money]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    since: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")
    undone: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class BankRule(Base):
    """What a line with these words is: learnt from what a person confirmed, only ever proposed."""

    __tablename__ = "bank_rule"
    __table_args__ = (CheckConstraint("(account IS NULL) <> (payer_id IS NULL)", name="means_one"),)

    id: Mapped[IntPk]
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    words: Mapped[str] = mapped_column(String(300))
    money_in: Mapped[bool]
    account: Mapped[str | None] = mapped_column(String(12), ForeignKey("account.code"))
    cost_centre: Mapped[str | None] = mapped_column(String(12), ForeignKey("cost_centre.code"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    memo: Mapped[str] = mapped_column(default="")
    confirmed: Mapped[int] = mapped_column(default=0)
    last_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class BankLayout(Base):
    """A hand-made mapping of a bank's columns, recognised again by its heading row."""

    __tablename__ = "bank_layout"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    signature: Mapped[str] = mapped_column(String(64), unique=True)
    mapping: Mapped[dict[str, Any]]
    sample: Mapped[LongText] = mapped_column(default="")
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime]
