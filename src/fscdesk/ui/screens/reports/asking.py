"""What the Reports screen asks: a report with what was chosen, and what a person chose before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fscdesk.services.preferences import preferences, put_preference
from fscdesk.services.reports.report_asked import Kept, asked_from
from fscdesk.services.reports.report_catalogue import REPORTS
from fscdesk.services.reports.report_made import Made
from fscdesk.services.work import Work

BEGINNING: Final = "report/"
LAST: Final = "last_report"


@dataclass(frozen=True, slots=True)
class Shown:
    """A report on view, by its name, what was chosen for it, and the office's day."""

    name: str
    kept: Mapping[str, Any]
    made: Made
    today: date


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the person chose for each report, the report looked at last, and the office's day."""

    kept: Mapping[str, Kept]
    last: str
    today: date


def read_report(work: Work, name: str, kept: Mapping[str, Any]) -> Shown:
    """Make a report. Raises Problem where it cannot be made so."""
    report = REPORTS[name]
    work.job.step(0, 1, report.title)
    made = report.make(work, asked_from(work, report.params, kept))
    work.job.step(1, 1, report.title)
    return Shown(name, dict(kept), made, work.today())


def read_remembered(work: Work) -> Remembered:
    """Return what the person at the desk chose for each report."""
    found = preferences(work, BEGINNING)
    kept = {
        key.removeprefix(BEGINNING): dict(value)
        for key, value in found.items()
        if isinstance(value, dict)
    }
    last = found.get(BEGINNING + LAST)
    return Remembered(kept, last if isinstance(last, str) else "", work.today())


def remember(work: Work, name: str, kept: Kept | None) -> None:
    """Keep the report looked at last, and what was chosen for it (None: as it was)."""
    put_preference(work, BEGINNING + LAST, name)
    if kept is not None:
        put_preference(work, BEGINNING + name, kept or None)
