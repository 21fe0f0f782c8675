"""Entries that come again, and entries that turn back by themselves."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, IntPk


class Every(enum.StrEnum):
    """How often an entry comes again."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class RecurringEntry(Base):
    """A template of a journal entry with its next day. It proposes; a person or a job posts it.

    ``legs`` is a list of ``{"account", "cents", "cost_centre", "note"}``. ``by_itself``: the daily
    job posts it without asking. ``turns_back``: each one is reversed on the first of the month
    after.
    """

    __tablename__ = "recurring_entry"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    memo: Mapped[str] = mapped_column(default="")
    every: Mapped[Every]
    next_on: Mapped[date | None] = mapped_column(index=True)
    day: Mapped[int]
    until: Mapped[date | None]
    legs: Mapped[dict[str, Any]]
    by_itself: Mapped[bool] = mapped_column(default=False)
    turns_back: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class RecurringPosting(Base):
    """One day of a recurring entry that was posted: once for each day, at whatever desk."""

    __tablename__ = "recurring_posting"

    recurring_id: Mapped[int] = mapped_column(ForeignKey("recurring_entry.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)


class DueReversal(Base):
    """An entry that is to be reversed on a day; ``done_entry_id`` is the reversal."""

    __tablename__ = "due_reversal"

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    done_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
