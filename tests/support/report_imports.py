"""Reports imported in tests: the samples, and small ones of a few rows, with what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.reading import ReadReport, read_any, read_file
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from tests.support.appointment_files import written
from tests.support.report_files import SAMPLES, ZONE, heading
from tests.support.shared import samples

MARCH = "simplepractice_appointments_2026-03.csv"
AGAIN = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"


def sessions_of(books: Office, name: str = MARCH) -> Applied:
    """Import an appointment export of the samples, with every proposal taken."""
    file = read_file(samples() / name)
    return books.write(lambda work: import_file(work, file, accept_proposals=True)).value


def sample(profile: str) -> ReadReport:
    """A report of the samples, read."""
    return opened(samples() / SAMPLES[profile])


def opened(path: Path) -> ReadReport:
    """A report at a path, read."""
    file = read_any(path, zone=ZONE)
    assert isinstance(file, ReadReport)
    return file


def small(folder: Path, profile: str, *rows: list[str], name: str = "") -> ReadReport:
    """A report of these rows under its own heading, written and read."""
    path = folder / (name or f"{profile}-{len(list(folder.iterdir()))}.csv")
    path.write_text(written([heading(profile), *rows]), encoding="utf-8", newline="")
    return opened(path)


def bring_in(
    books: Office,
    file: ReadReport,
    *,
    accept: bool = True,
    answers: Mapping[str, str] | None = None,
) -> Applied:
    """Import a report."""
    return books.write(
        lambda work: import_report(work, file, accept_proposals=accept, answers=answers)
    ).value


def take_back(books: Office, applied: Applied) -> None:
    """Undo an import that left something."""
    assert applied.batch_id is not None
    batch_id = int(applied.batch_id)
    books.write(lambda work: undo_import(work, batch_id))


def counts(plan: ImportPlan) -> tuple[int, int, int, int, int]:
    """Read, new, changed, unchanged, skipped."""
    return (plan.read, plan.created, plan.changed, plan.unchanged, plan.skipped)


def reasons(plan: ImportPlan) -> list[str]:
    """What is said of every row, in order."""
    return [row.what or row.reason for row in plan.rows]


def proves(books: Office) -> None:
    """Every check of the books holds."""
    report = books.read(run_checks)
    assert [(check.name, check.offenders) for check in report.checks if not check.ok] == []


def ask(books: Office, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a question in SQL."""
    return [tuple(row) for row in books.read(lambda work: work.db.execute(text(sql), values).all())]
