"""Every report of the catalogue, made in each way in which it can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fscdesk.services.errors import Problem
from fscdesk.services.reports.report_asked import Kept, ParamKind, asked_from, period_text
from fscdesk.services.reports.report_catalogue import CATALOGUE, ReportKind
from fscdesk.services.reports.report_made import Made
from fscdesk.services.table_report import Cell
from fscdesk.services.work import Work

MARCH = period_text(date(2026, 3, 1), date(2026, 3, 31))


def ways(report: ReportKind) -> Iterator[Kept]:
    """Yield each way to ask a report, one choice at a time."""
    base: Kept = {}
    for param in report.params:
        if param.kind is ParamKind.PERIOD:
            base[param.key] = MARCH
        elif param.kind is ParamKind.DAY:
            base[param.key] = "2026-03-31"
    yield base
    for param in report.params:
        if param.kind in (ParamKind.CHOICE, ParamKind.NUMBER):
            for value, _words in param.choices:
                yield {
                    **base,
                    param.key: int(value) if param.kind is ParamKind.NUMBER else value,
                }
        elif param.kind is ParamKind.CHOICES:
            yield {**base, param.key: [param.choices[0][0]]}
        elif param.kind is ParamKind.FLAG:
            yield {**base, param.key: True}
        elif param.kind is ParamKind.WORDS:
            yield {**base, param.key: ["90834"]}


@dataclass(frozen=True)
class Way:
    """A report that was made in one of its ways."""

    report: ReportKind
    asked: Kept
    made: Made

    def __str__(self) -> str:
        return f"{self.report.name} {self.asked}"


def every(work: Work) -> Iterator[Way]:
    """Each report in each way in which it can be asked here."""
    for report in CATALOGUE:
        for asked in (*ways(report), {}):
            try:
                made = report.make(work, asked_from(work, report.params, asked))
            except Problem:
                continue
            yield Way(report, asked, made)


def all_told(work: Work) -> list[tuple[str, tuple[tuple[Cell, ...], ...]]]:
    """What each report says in each way, to the cent, with its notes: for another database."""
    return [
        (
            str(one),
            (
                tuple(column.title for column in one.made.table.columns),
                *one.made.table.rows,
                one.made.table.totals or (),
                one.made.table.notes,
            ),
        )
        for one in every(work)
    ]
