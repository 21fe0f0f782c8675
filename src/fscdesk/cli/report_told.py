"""How a report of the books is asked for and told: days, one document, a table to read here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, day_of, opened
from fscdesk.cli.report_output import give_out, wanted_format
from fscdesk.cli.terminal import as_json, say, table
from fscdesk.services.printing.report_layout import cell_text
from fscdesk.services.reports.exporting import Format
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work

FromOption = Annotated[
    date | None,
    typer.Option("--from", parser=day_of, metavar="DAY", help="Left out: the month's first day."),
]
ToOption = Annotated[
    date | None,
    typer.Option("--to", parser=day_of, metavar="DAY", help="Left out: the end of that month."),
]
UNTOLD = frozenset({"drill", "drills", "lines"})
"""What screens need to open the lines behind a number, and a document does not."""


@dataclass(frozen=True)
class Told:
    """A report that was made: its table, its document, and whether it needs a person."""

    report: TableReport
    document: Any
    ties: bool = True


@dataclass(frozen=True)
class Wanted:
    """Where a report is to go."""

    form: Format | None
    out: Path | None
    practice: str | None
    as_document: bool


def tell(ctx: typer.Context, wanted: Wanted, make: Callable[[Work], Told]) -> int:
    """Make a report and give it out; exit status 1 where something that must be zero is not."""
    form = wanted_format(wanted.form, wanted.out, as_json=wanted.as_document)
    with opened(ctx, wanted.practice) as office:
        told = office.read(make)
    give_out(told.report, lambda: told.document, form, wanted.out, lambda: say_report(told.report))
    return DONE if told.ties else NEEDS_A_PERSON


def days_meant(work: Work, first: date | None, last: date | None) -> tuple[date, date]:
    """Return the days of a report: left out, it is this month until today."""
    if last is None:
        last = work.today() if first is None else max(first, work.today())
    return first or last.replace(day=1), last


def year_meant(work: Work, first: date | None, last: date | None) -> tuple[date, date]:
    """Return the days of a report of months: left out, it is the twelve months until today."""
    until = last or work.today()
    return first or (until.replace(day=1) - timedelta(days=334)).replace(day=1), until


def document(name: str, found: Any, **more: Any) -> Any:
    """Return a report as JSON says it: the dataclass without the lines behind its numbers."""
    told = _without_lines(as_json(found))
    return {"report": name, **(told if isinstance(told, dict) else {"rows": told}), **more}


def say_report(report: TableReport) -> None:
    """Print a report for a person."""
    as_of = (f"as of {report.as_of:%m/%d/%Y}",) if report.as_of else ()
    say(", ".join((report.title, *as_of, *report.filters)))
    kinds = [column.kind for column in report.columns]
    head = [column.title for column in report.columns]
    rows = []
    for at, row in enumerate(report.rows):
        cells = [
            cell_text(cell, kind).replace("−", "-") for cell, kind in zip(row, kinds, strict=True)
        ]
        if report.looks:
            cells[1] = "  " * report.looks[at].depth + cells[1]
        rows.append(cells)
    if report.totals is not None:
        rows.append(
            [
                cell_text(cell, kind).replace("−", "-")
                for cell, kind in zip(report.totals, kinds, strict=True)
            ]
        )
    right = [at for at, kind in enumerate(kinds) if kind not in ("text", "date")]
    say(*table([head, *rows], right=right))
    say(*report.notes)


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        kept = ((key, one) for key, one in value.items() if not _behind(key, one))
        return {key: _without_lines(one) for key, one in kept}
    if isinstance(value, list):
        return [_without_lines(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _behind(key: str, value: Any) -> bool:
    """Return whether it tells of lines; a number under the same name stays."""
    return key in UNTOLD and (value is None or isinstance(value, dict | list))
