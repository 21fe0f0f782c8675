"""Looks into the folder of downloads for the newest statement of a bank that was not read yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from fscdesk.models.bank import BankStatement, StatementStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.reading import read_statement
from fscdesk.services.banking.statements import saved_layouts
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

ENDINGS = frozenset({".csv", ".ofx", ".qfx", ".qbo", ".xlsx"})
LOOKED_AT = 20
"""How many files of a folder are opened at most: a folder of downloads can hold thousands."""
LARGEST = 16 * 1024 * 1024
"""What is larger is not opened unasked; it can still be chosen by hand."""


@dataclass(frozen=True, slots=True)
class WaitingStatement:
    """A statement that waits to be read: its lines, its days, and what it ends with if it tells."""

    path: Path
    lines: int
    first_day: date | None
    last_day: date | None
    closing: Money | None
    modified_at: datetime


def newest_statement(work: Work, folder: Path) -> WaitingStatement | None:
    """Return the newest file in ``folder`` that is a bank's and was not read, or None.

    Only the newest files are opened. None as well for somebody who may not reconcile.
    """
    if not may(work, Right.RECONCILE):
        return None
    read = set(
        work.db.scalars(
            select(BankStatement.sha256).where(BankStatement.status == StatementStatus.APPLIED)
        )
    )
    layouts = saved_layouts(work)
    candidates = _candidates(folder)
    for done, (modified_at, path) in enumerate(candidates):
        work.job.step(done, len(candidates), f"Looking at {path.name}")
        try:
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() in read:
                continue
            found = read_statement(data, path.name, layouts=layouts)
        except (OSError, Problem):  # not ours to judge: nobody chose it
            continue
        lines = sum(len(one.lines) for one in found)
        if lines:
            one = found[0]
            return WaitingStatement(
                path, lines, one.first_day, one.last_day, one.closing, modified_at
            )
    return None


def _candidates(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the newest files that could be statements, newest first."""
    found: list[tuple[datetime, Path]] = []
    try:
        for path in folder.iterdir():
            if path.suffix.lower() not in ENDINGS or not path.is_file():
                continue
            facts = path.stat()
            if facts.st_size <= LARGEST:
                found.append((datetime.fromtimestamp(facts.st_mtime, UTC), path))
    except OSError:
        return []
    found.sort(key=lambda one: (one[0], one[1].name), reverse=True)
    return found[:LOOKED_AT]
