"""Reads the insurance aging report: what each payer owes in all, and how long."""

from __future__ import annotations

from dataclasses import dataclass

from fscdesk.models.values import Money
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile, totals_of
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile


@dataclass(frozen=True, slots=True)
class AgingRow:
    """What one payer owes; the report names neither clients nor days."""

    line: int
    raw: str
    payer: str
    unbilled: Money
    total_charges: Money
    due_30: Money
    due_60: Money
    balance: Money


def _row(cells: ReportCells) -> AgingRow:
    return AgingRow(
        line=cells.line,
        raw=cells.raw,
        payer=cells.need("payer"),
        unbilled=cells.money("unbilled"),
        total_charges=cells.money("total_charges"),
        due_30=cells.money("due_30"),
        due_60=cells.money("due_60"),
        balance=cells.money("balance"),
    )


def read_insurance_aging(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[AgingRow]:
    """Read the report; ``totals``: its five amounts. Raises Problem as read_rows does."""
    shape = Shape(
        _row,
        keys=("payer",),
        totals=lambda rows: totals_of(
            rows,
            unbilled=lambda row: row.unbilled,
            total_charges=lambda row: row.total_charges,
            due_30=lambda row: row.due_30,
            due_60=lambda row: row.due_60,
            balance=lambda row: row.balance,
        ),
        amounts=("unbilled", "total_charges", "due_30", "due_60", "balance"),
    )
    return read_rows(source, recognised, shape, progress=progress)
