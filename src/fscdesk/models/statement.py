"""Statements that were made: for whom, as of which day, for how much, and their page's hash."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class StatementRun(Base):
    """One batch of statements, with the day it speaks of.

    ``through_entry`` is the newest journal entry that it saw. What is posted later for an
    earlier day was not on these statements, so it is activity of the next ones. ``filters`` is
    how its accounts were chosen. An undone run counts as never sent.
    """

    __tablename__ = "statement_run"

    id: Mapped[IntPk]
    as_of: Mapped[date]
    through_entry: Mapped[int] = mapped_column(BigInteger)
    minimum: Mapped[Money]
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]


class Statement(Base):
    """One account's statement; ``pdf`` is the page as it was made, ``sha256`` its hash.

    ``message`` is the dunning text on it. It stands in the list of what is not sent until
    ``sent_at`` is set; who takes it off the list again sets ``dropped_at``.
    """

    __tablename__ = "statement"

    id: Mapped[IntPk]
    run_id: Mapped[int] = mapped_column(ForeignKey("statement_run.id"), index=True)
    number: Mapped[Code] = mapped_column(unique=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    period_from: Mapped[date]
    amount_due: Mapped[Money]
    sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    message: Mapped[str] = mapped_column(String(400), default="")
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
