"""Files that were read, their raw rows, and the layouts that were mapped by hand."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText


class BatchStatus(enum.StrEnum):
    """An undone batch stays in the list, and its file may be imported again."""

    APPLIED = "applied"
    UNDONE = "undone"


class Verdict(enum.StrEnum):
    """What an import does with one row. The words are those of the tokens."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    GONE = "gone"


class ImportBatch(Base):
    """One applied file: who, when, what it did, and whether it was undone.

    ``file_day`` is the last day that the file speaks of; amounts that SimplePractice
    calls paid are dated by it.
    """

    __tablename__ = "import_batch"

    id: Mapped[IntPk]
    file_name: Mapped[str] = mapped_column(String(260))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    profile: Mapped[str] = mapped_column(String(80))
    file_day: Mapped[date]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    status: Mapped[BatchStatus]
    read: Mapped[int]
    created: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    skipped: Mapped[int]
    gone: Mapped[int]
    totals: Mapped[dict[str, Any]]
    findings: Mapped[dict[str, Any]]
    applied_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    applied_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]


class ImportRow(Base):
    """A row of a file, exactly as read, and what was done with it.

    ``before`` holds what the session and its report said before a change (JSON), so that
    the change can be shown and undone. A row that is no session names what it made or changed
    by ``noun`` and ``noun_id``.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index(None, "batch_id", "line"),)

    id: Mapped[IntPk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(String(300))
    raw: Mapped[LongText]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), index=True)
    noun: Mapped[Code | None]
    noun_id: Mapped[int | None]
    before: Mapped[LongText | None]


class ImportAnswer(Base):
    """An answer of a person to a question of an import, remembered for the next one."""

    __tablename__ = "import_answer"

    question: Mapped[str] = mapped_column(String(300), primary_key=True)
    answer: Mapped[Code]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)


class ImportProfile(Base):
    """A hand-made mapping of columns, recognised again by its heading row."""

    __tablename__ = "import_profile"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    signature: Mapped[str] = mapped_column(String(64), unique=True)
    mapping: Mapped[dict[str, Any]]
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime]
