"""Looks into a folder for the newest export that was not imported yet, whatever its name."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.services.errors import Problem
from fscdesk.services.importing.profiles import saved_profiles
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.spreadsheets.files import open_source
from fscdesk.services.work import Work

ENDINGS = frozenset({".csv", ".xlsx"})
LOOKED_AT = 20
"""How many files of a folder are opened at most: a folder of downloads can hold thousands."""
LARGEST = 64 * 1024 * 1024
"""What is larger is not opened unasked; it can still be chosen by hand."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A file that waits to be imported: what it is, and when it was written (UTC)."""

    path: Path
    title: str
    modified_at: datetime


class Nothing(enum.StrEnum):
    """Why no file of a folder waits to be imported."""

    NO_FOLDER = "no_folder"
    NO_REPORT = "no_report"
    ALL_IMPORTED = "all_imported"
    ALL_OLDER = "all_older"
    """A report there was never imported, and is older than the last import."""


def newest_unseen(work: Work, folder: Path) -> Noticed | None:
    """Return the newest report in ``folder`` that was not imported, or None."""
    found = look_into(work, folder)
    return found if isinstance(found, Noticed) else None


def look_into(work: Work, folder: Path) -> Noticed | Nothing:
    """Return the newest report in ``folder`` that was not imported, or why none.

    Only files that are newer than the last import count, and of these the newest 20. They are
    known by what is in them: the sha256 of the bytes, and the headings.
    """
    imported = set(
        work.db.scalars(select(ImportBatch.sha256).where(ImportBatch.status == BatchStatus.APPLIED))
    )
    last = work.db.scalar(
        select(func.max(ImportBatch.applied_at)).where(ImportBatch.status == BatchStatus.APPLIED)
    )
    profiles = saved_profiles(work)
    candidates = _candidates(folder)
    if candidates is None:
        return Nothing.NO_FOLDER
    nothing = Nothing.NO_REPORT
    for done, (modified_at, path) in enumerate(candidates):
        work.job.step(done, len(candidates), f"Looking at {path.name}")
        try:
            if hashlib.sha256(path.read_bytes()).hexdigest() in imported:
                if nothing is Nothing.NO_REPORT:
                    nothing = Nothing.ALL_IMPORTED
                continue
            recognised = recognise(open_source(path), profiles)
        except (OSError, Problem):  # not ours to judge: nobody chose it
            continue
        if recognised is not None and (recognised.readable or recognised.is_report):
            if last is None or modified_at > last:
                return Noticed(path, recognised.title, modified_at)
            nothing = Nothing.ALL_OLDER
            break
    return nothing


def _candidates(folder: Path) -> list[tuple[datetime, Path]] | None:
    """Return the newest files that could be exports, newest first; None without the folder."""
    found: list[tuple[datetime, Path]] = []
    try:
        for path in folder.iterdir():
            if path.suffix.lower() not in ENDINGS or not path.is_file():
                continue
            facts = path.stat()
            modified_at = datetime.fromtimestamp(facts.st_mtime, UTC)
            if facts.st_size <= LARGEST:
                found.append((modified_at, path))
    except OSError:
        return None
    found.sort(key=lambda one: (one[0], one[1].name), reverse=True)
    return found[:LOOKED_AT]
