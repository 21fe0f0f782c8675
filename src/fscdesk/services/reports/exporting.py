"""Gives a report out: CSV and JSON for programs, XLSX for spreadsheets, PDF for people."""

from __future__ import annotations

import csv
import enum
import io
import json
from pathlib import Path
from typing import Any

from fscdesk.services.printing.report import report_pdf
from fscdesk.services.reports.cells import as_json, csv_cell, plain
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.table_report import Cell, ReportColumn, TableReport, summed

__all__ = [
    "Cell",
    "Format",
    "ReportColumn",
    "TableReport",
    "csv_bytes",
    "json_bytes",
    "pdf_bytes",
    "report_bytes",
    "report_json",
    "summed",
    "write_report",
    "xlsx_bytes",
]


class Format(enum.StrEnum):
    """What a report can be given out as; the value is the file's ending."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


def csv_bytes(report: TableReport) -> bytes:
    """Titles and rows alone, so that a program can read them and a sum is right.

    UTF-8 with a byte order mark (or Excel guesses), CRLF, amounts as ``-1234.50``, days as
    ``2026-03-31``. Filters are in the other formats, and totals, but those that prove something.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_cell(column.title) for column in report.columns])
    writer.writerows([plain(cell) for cell in row] for row in report.rows)
    if report.proves and report.totals is not None:
        writer.writerow([plain(cell) for cell in report.totals])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(report: TableReport) -> bytes:
    """A workbook with numbers as numbers, days as days, and never a formula."""
    from fscdesk.services.reports.workbook import workbook_bytes

    return workbook_bytes(report)


def pdf_bytes(report: TableReport) -> bytes:
    """The report as it is printed."""
    return report_pdf(report)


def report_json(report: TableReport) -> dict[str, Any]:
    """The whole report, rows as objects by column key, amounts as strings like ``12.50``."""
    keys = [column.key for column in report.columns]

    def named(row: tuple[Cell, ...]) -> dict[str, str | int | None]:
        return {key: as_json(cell) for key, cell in zip(keys, row, strict=True)}

    return {
        "title": report.title,
        "as_of": as_json(report.as_of),
        "filters": list(report.filters),
        "printed_by": report.printed_by,
        "printed_at": report.printed_at.isoformat(),
        "columns": [
            {"key": column.key, "title": column.title, "kind": column.kind, "total": column.total}
            for column in report.columns
        ],
        "rows": [named(row) for row in report.rows],
        "totals": None if report.totals is None else named(report.totals),
        "notes": list(report.notes),
    }


def json_bytes(report: TableReport) -> bytes:
    """`report_json` as a UTF-8 document."""
    text = json.dumps(report_json(report), ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace") + b"\n"


def report_bytes(report: TableReport, wanted: Format) -> bytes:
    """The report in any format."""
    make = {
        Format.CSV: csv_bytes,
        Format.XLSX: xlsx_bytes,
        Format.PDF: pdf_bytes,
        Format.JSON: json_bytes,
    }
    return make[wanted](report)


def write_report(report: TableReport, path: Path, wanted: Format) -> None:
    """Write a report to a file, all of it or nothing; Problem if it cannot be saved there."""
    save_bytes(path, report_bytes(report, wanted))
