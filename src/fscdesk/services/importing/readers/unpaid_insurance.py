"""Reads the unpaid insurance appointments report: what payers still owe, session by session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile, totals_of
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile


@dataclass(frozen=True, slots=True)
class UnpaidRow:
    """One session whose insurance share is open.

    References are blank where the report has dashes: then no claim was sent, or none answered.
    """

    line: int
    raw: str
    day: date
    client: str
    clearinghouse_reference: str
    payer_claim: str
    billed: Money
    copay: Money
    insurance_billed: Money
    insurance_paid: Money
    insurance_balance: Money


def _row(cells: ReportCells) -> UnpaidRow:
    return UnpaidRow(
        line=cells.line,
        raw=cells.raw,
        day=cells.day("day"),
        client=cells.need("client"),
        clearinghouse_reference=cells.reference("clearinghouse_reference"),
        payer_claim=cells.reference("payer_claim"),
        billed=cells.money("billed"),
        copay=cells.money("copay"),
        insurance_billed=cells.money("insurance_billed"),
        insurance_paid=cells.money("insurance_paid"),
        insurance_balance=cells.money("insurance_balance"),
    )


def read_unpaid_insurance(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[UnpaidRow]:
    """Read the report; ``totals``: its five amounts. Raises Problem as read_rows does."""
    shape = Shape(
        _row,
        keys=("day", "client", "clearinghouse_reference"),
        totals=lambda rows: totals_of(
            rows,
            billed=lambda row: row.billed,
            copay=lambda row: row.copay,
            insurance_billed=lambda row: row.insurance_billed,
            insurance_paid=lambda row: row.insurance_paid,
            insurance_balance=lambda row: row.insurance_balance,
        ),
        amounts=("billed", "copay", "insurance_billed", "insurance_paid", "insurance_balance"),
        day=lambda row: row.day,
    )
    return read_rows(source, recognised, shape, progress=progress)
