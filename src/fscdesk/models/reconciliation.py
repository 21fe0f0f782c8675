"""Which lines of the bank are which entries of ours, and the months that were proved by them."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class MatchedBy(enum.StrEnum):
    """Why lines and entries belong together."""

    TRACE = "trace"
    PAYOUT = "payout"
    SLIP = "slip"
    AMOUNT = "amount"
    SUM = "sum"
    RULE = "rule"
    HAND = "hand"
    OFFSET = "offset"
    SUSPENSE = "suspense"


class MatchStatus(enum.StrEnum):
    """A match that was taken apart stays, with who did it."""

    STANDING = "standing"
    UNDONE = "undone"


class ReconciliationStatus(enum.StrEnum):
    """An open one is worked on; a completed one locks its matches; the last can be undone."""

    OPEN = "open"
    COMPLETED = "completed"
    UNDONE = "undone"


class BankMatch(Base):
    """Bank lines and journal entries of one account whose sums are the same.

    Many to many: one line may be several deposits, several lines one. A match without lines is
    entries that offset each other (an entry and its reversal); one without entries, lines of the
    bank that do. ``automatic``: made by trace number, without a person. ``reconciliation_id``
    locks it.
    """

    __tablename__ = "bank_match"
    __table_args__ = (Index(None, "bank_account_id", "status", "on"),)

    id: Mapped[IntPk]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    by: Mapped[MatchedBy]
    why: Mapped[str] = mapped_column(String(300))
    automatic: Mapped[bool] = mapped_column(default=False)
    on: Mapped[date]
    amount: Mapped[Money]
    status: Mapped[MatchStatus] = mapped_column(default=MatchStatus.STANDING)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("bank_rule.id"))
    reconciliation_id: Mapped[int | None] = mapped_column(
        ForeignKey("reconciliation.id"), index=True
    )
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class BankMatchLine(Base):
    """A bank line of a match; ``live_line_id`` empties when the match is taken apart."""

    __tablename__ = "bank_match_line"

    id: Mapped[IntPk]
    match_id: Mapped[int] = mapped_column(ForeignKey("bank_match.id"), index=True)
    bank_line_id: Mapped[int] = mapped_column(ForeignKey("bank_line.id"), index=True)
    live_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_line.id"), unique=True)


class BankMatchEntry(Base):
    """A journal entry of a match: what its lines on the bank's account come to.

    ``made``: the entry (or its deposit) was posted by this match and goes when it goes.
    ``live`` is True while the match stands and None afterwards: an entry is matched once.
    """

    __tablename__ = "bank_match_entry"
    __table_args__ = (UniqueConstraint("entry_id", "account", "live"),)

    id: Mapped[IntPk]
    match_id: Mapped[int] = mapped_column(ForeignKey("bank_match.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"))
    account: Mapped[str] = mapped_column(String(12), ForeignKey("account.code"))
    amount: Mapped[Money]
    deposit_id: Mapped[int | None] = mapped_column(ForeignKey("deposit.id"), index=True)
    suspense_id: Mapped[int | None] = mapped_column(ForeignKey("bank_suspense.id"), index=True)
    made: Mapped[bool] = mapped_column(default=False)
    live: Mapped[bool | None]


class Reconciliation(Base):
    """One period of one account: opening + cleared = statement, and book = bank and items.

    ``opening`` is the statement balance of the one before, ``book`` what our ledger said on
    ``last_day`` when it was completed. ``live`` is True unless it was undone, and None then.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (UniqueConstraint("bank_account_id", "last_day", "live"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    opening: Mapped[Money]
    statement: Mapped[Money]
    book: Mapped[Money | None]
    status: Mapped[ReconciliationStatus] = mapped_column(default=ReconciliationStatus.OPEN)
    live: Mapped[bool | None] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    started_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    completed_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ReconciliationItem(Base):
    """What our books have and the bank has not yet, as a person saw it: in transit, outstanding."""

    __tablename__ = "reconciliation_item"
    __table_args__ = (UniqueConstraint("reconciliation_id", "entry_id"),)

    id: Mapped[IntPk]
    reconciliation_id: Mapped[int] = mapped_column(ForeignKey("reconciliation.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), index=True)
    amount: Mapped[Money]
    note: Mapped[str] = mapped_column(String(300), default="")
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime | None]
