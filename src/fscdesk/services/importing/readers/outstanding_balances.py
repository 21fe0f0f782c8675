"""Reads the outstanding balances report: what each client owes, as SimplePractice counts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fscdesk.models.values import Money
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile, total
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile

_ALWAYS = ("services", "uninvoiced", "invoiced", "client_paid", "client_balance")
_MAYBE = (
    "insurance_balance",
    "previous_total",
    "previous_client",
    "client_payments",
    "client_write_off",
    "total_balance",
    "insurance_paid",
    "insurance_write_off",
)


@dataclass(frozen=True, slots=True)
class OutstandingRow:
    """What one client owes for one clinician; a client seen by two clinicians has two rows.

    The report leaves clients without a balance out unless it is told otherwise. Amounts from
    ``insurance_balance`` on are None where the file has no such column: SimplePractice adds them
    with “Show details” and “Include insurance”.
    """

    line: int
    raw: str
    client: str
    clinician: str
    services: Money
    uninvoiced: Money
    invoiced: Money
    client_paid: Money
    client_balance: Money
    insurance_balance: Money | None = None
    previous_total: Money | None = None
    previous_client: Money | None = None
    client_payments: Money | None = None
    client_write_off: Money | None = None
    total_balance: Money | None = None
    insurance_paid: Money | None = None
    insurance_write_off: Money | None = None


def _row(cells: ReportCells) -> OutstandingRow:
    return OutstandingRow(
        line=cells.line,
        raw=cells.raw,
        client=cells.need("client"),
        clinician=cells.name("clinician"),
        services=cells.money("services"),
        uninvoiced=cells.money("uninvoiced"),
        invoiced=cells.money("invoiced"),
        client_paid=cells.money("client_paid"),
        client_balance=cells.money("client_balance"),
        insurance_balance=cells.money_or_none("insurance_balance"),
        previous_total=cells.money_or_none("previous_total"),
        previous_client=cells.money_or_none("previous_client"),
        client_payments=cells.money_or_none("client_payments"),
        client_write_off=cells.money_or_none("client_write_off"),
        total_balance=cells.money_or_none("total_balance"),
        insurance_paid=cells.money_or_none("insurance_paid"),
        insurance_write_off=cells.money_or_none("insurance_write_off"),
    )


def read_outstanding_balances(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[OutstandingRow]:
    """Read the report; ``totals``: its amounts, those without a column left out.

    Raises Problem as read_rows does.
    """
    there = (*_ALWAYS, *(name for name in _MAYBE if name in recognised.columns))

    def totals(rows: Sequence[OutstandingRow]) -> dict[str, Money]:
        return {name: total(getattr(row, name) for row in rows) for name in there}

    shape = Shape(_row, keys=("client", "clinician"), totals=totals, amounts=there)
    return read_rows(source, recognised, shape, progress=progress)
