"""Reads the insurance payment report: what payers paid or denied, claim by claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile, totals_of
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile

_STATUSES = frozenset({"paid", "denied", "reversed", "partiallypaid", "deductible", "pending"})
"""Only Paid and Denied were seen in a file; the others are SimplePractice's words on screen."""


@dataclass(frozen=True, slots=True)
class InsurancePaymentRow:
    """What one remittance says of one claim; ``reference`` is the number of the check or transfer.

    A denial has an amount of 0.00, a payment that was taken back a negative one. References are
    blank where the report has dashes.
    """

    line: int
    raw: str
    received_on: date
    client: str
    payer: str
    amount: Money
    clearinghouse_reference: str
    payer_claim: str
    reference: str
    status: str


def _row(cells: ReportCells) -> InsurancePaymentRow:
    return InsurancePaymentRow(
        line=cells.line,
        raw=cells.raw,
        received_on=cells.day("received_on"),
        client=cells.name("client"),
        payer=cells.name("payer"),
        amount=cells.money("amount"),
        clearinghouse_reference=cells.reference("clearinghouse_reference"),
        payer_claim=cells.reference("payer_claim"),
        reference=cells.reference("reference"),
        status=cells.word("status", _STATUSES) if cells.has("status") else "",
    )


def read_insurance_payments(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[InsurancePaymentRow]:
    """Read the report; ``totals``: amount. Raises Problem as read_rows does."""
    shape = Shape(
        _row,
        keys=("received_on", "client", "payer", "clearinghouse_reference", "reference"),
        totals=lambda rows: totals_of(rows, amount=lambda row: row.amount),
        amounts=("amount",),
        day=lambda row: row.received_on,
    )
    return read_rows(source, recognised, shape, progress=progress)
