"""The reports of each month: written into a folder, about the month before, as PDF and Excel.

Which, and where to, are settings of the practice. What the person in whose name the job runs
chose for a report on the screen (view, cut, comparison) holds here as well; its days do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from fscdesk.services.audit import record
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.preferences import preference
from fscdesk.services.reports.exporting import Format, write_report
from fscdesk.services.reports.report_asked import (
    DayWord,
    Kept,
    ParamKind,
    PeriodWord,
    asked_from,
)
from fscdesk.services.reports.report_catalogue import REPORTS, ReportKind
from fscdesk.services.setup.report_settings import MONTHLY_REPORTS, REPORTS_FOLDER
from fscdesk.services.setup.settings import setting
from fscdesk.services.work import Work

FORMATS: Final = (Format.PDF, Format.XLSX)


@dataclass(frozen=True, slots=True)
class WrittenReports:
    """The files that were written, and why a report was not."""

    paths: tuple[Path, ...]
    refused: tuple[str, ...]


def write_monthly(work: Work) -> WrittenReports:
    """Write the chosen reports of the month before; the same month again replaces its files.

    A report that cannot be made is named, and stops no other. Raises Problem without the right,
    and where the folder does not take a file.
    """
    require(work, Right.SEE_REPORTS, "write the reports of the month")
    folder, names = str(setting(work, REPORTS_FOLDER)), setting(work, MONTHLY_REPORTS)
    if not folder or not names:
        return WrittenReports((), ())
    month = work.today().replace(day=1) - timedelta(days=1)
    paths: list[Path] = []
    refused: list[str] = []
    for done, name in enumerate(names):
        report = REPORTS[name]
        work.job.step(done, len(names), report.title)
        try:
            made = report.make(work, asked_from(work, report.params, monthly(work, report)))
        except Problem as fault:
            refused.append(f"{report.title}: {fault.message}")
            continue
        for form in FORMATS:
            path = Path(folder) / f"{name}_{month:%Y-%m}.{form.value}"
            write_report(made.table, path, form)
            paths.append(path)
    record(work, "write_reports", "report", None, files=len(paths), refused=len(refused))
    return WrittenReports(tuple(paths), tuple(refused))


def monthly(work: Work, report: ReportKind) -> Kept:
    """Return what a report is asked each month: what was chosen, about the month before."""
    chosen = preference(work, f"report/{report.name}")
    kept: dict[str, Any] = dict(chosen) if isinstance(chosen, Mapping) else {}
    for param in report.params:
        if param.kind is ParamKind.DAY:
            kept[param.key] = DayWord.LAST_MONTH.value
        elif param.kind is ParamKind.PERIOD:
            month = param.default in (PeriodWord.THIS_MONTH, PeriodWord.LAST_MONTH)
            kept[param.key] = (PeriodWord.LAST_MONTH if month else PeriodWord.TWELVE_MONTHS).value
    return kept
