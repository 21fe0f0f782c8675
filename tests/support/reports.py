"""A small report for the tests of files and paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from fscdesk.models.values import Money
from fscdesk.services.table_report import Cell, ReportColumn, TableReport, summed

COLUMNS = (
    ReportColumn("day", "Day", "date"),
    ReportColumn("client", "Client"),
    ReportColumn("owed", "Owed", "money", total=True),
    ReportColumn("share", "Share", "percent"),
    ReportColumn("visits", "Visits", "number", total=True),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    (date(2026, 3, 4), "Quill Fakerson", Money(123_450), Decimal("5.1"), 7),
    (date(2026, 3, 5), "José “Pepe” Ficción", Money(-1_000), Decimal("12.5"), 0),
    (None, "Minna, Placeholder", None, None, None),
)
PRINTED_AT = datetime(2026, 4, 1, 8, 15, tzinfo=ZoneInfo("America/New_York"))


def a_report(
    rows: Sequence[tuple[Cell, ...]] = ROWS,
    columns: tuple[ReportColumn, ...] = COLUMNS,
    title: str = "Open balances",
) -> TableReport:
    """A report as of the end of March, with totals where a column has them."""
    totals = summed(columns, rows) if any(column.total for column in columns) else None
    return TableReport(
        title=title,
        columns=columns,
        rows=rows,
        printed_by="Dana Kestrel",
        printed_at=PRINTED_AT,
        as_of=date(2026, 3, 31),
        filters=("Payer: FICTA", "Age by service date"),
        totals=totals,
        notes=("Ties to the general ledger.",),
    )
