"""Money between a payer and the practice that is no claim's: PLB segments, and their pairs."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class RecoupmentKind(enum.StrEnum):
    """What an item is: what the payer will take, has taken, or what is settled by itself."""

    WILL_TAKE = "will_take"
    TAKEN = "taken"
    INTEREST = "interest"
    CAPITATION = "capitation"
    PENALTY = "penalty"
    TO_EXPLAIN = "to_explain"


class Recoupment(Base):
    """One provider-level adjustment (a pair of PLB), or a reversal of what is not in the books.

    ``amount`` is as in the PLB: positive was taken from the check, negative was added to it.
    ``open`` is what of it is not paired or explained yet, with the same sign; 0 closes it.
    ``account`` is where its other side stands: 2410 with a credit of the payer for what it will
    take, 1120 for what is to explain, an income or expense account for what is settled.
    """

    __tablename__ = "recoupment"
    __table_args__ = (
        Index(
            "ix_recoupment_open",
            "payer_id",
            "on",
            sqlite_where=text("open <> 0"),
            postgresql_where=text("open <> 0"),
        ),
        Index(None, "remittance_id"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"))
    remittance_claim_id: Mapped[int | None] = mapped_column(ForeignKey("remittance_claim.id"))
    kind: Mapped[RecoupmentKind]
    reason_code: Mapped[Code]
    reference: Mapped[str] = mapped_column(String(80), default="", index=True)
    provider: Mapped[str] = mapped_column(String(50), default="")
    amount: Mapped[Money]
    open: Mapped[Money]
    account: Mapped[str] = mapped_column(String(12), ForeignKey("account.code"))
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"), unique=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    on: Mapped[date]
    undone: Mapped[bool] = mapped_column(default=False)
    note: Mapped[LongText] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class RecoupmentPair(Base):
    """What of one item settles what of another, or which account explains it."""

    __tablename__ = "recoupment_pair"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(other_id IS NULL) <> (account IS NULL)", name="settled_by_one"),
    )

    id: Mapped[IntPk]
    item_id: Mapped[int] = mapped_column(ForeignKey("recoupment.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("recoupment.id"), index=True)
    account: Mapped[str | None] = mapped_column(String(12), ForeignKey("account.code"))
    amount: Mapped[Money]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
