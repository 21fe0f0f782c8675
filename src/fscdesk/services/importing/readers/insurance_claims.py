"""Reads the insurance claims report: which claims were sent, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile

_STATUSES = frozenset(
    {"paid", "denied", "accepted", "received", "rejected", "submitted", "prepared", "deductible"}
)


@dataclass(frozen=True, slots=True)
class InsuranceClaimRow:
    """One claim as it was sent; the report has neither its day of service nor its amount.

    References are blank where the report has dashes.
    """

    line: int
    raw: str
    submitted_on: date
    client: str
    status: str
    payer: str
    clearinghouse_reference: str
    payer_claim: str


def _row(cells: ReportCells) -> InsuranceClaimRow:
    return InsuranceClaimRow(
        line=cells.line,
        raw=cells.raw,
        submitted_on=cells.day("submitted_on"),
        client=cells.need("client"),
        status=cells.word("status", _STATUSES),
        payer=cells.name("payer"),
        clearinghouse_reference=cells.reference("clearinghouse_reference"),
        payer_claim=cells.reference("payer_claim"),
    )


def read_insurance_claims(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[InsuranceClaimRow]:
    """Read the report; it has no amounts to total. Raises Problem as read_rows does."""
    shape = Shape(
        _row,
        keys=("submitted_on", "client", "payer", "clearinghouse_reference"),
        day=lambda row: row.submitted_on,
    )
    return read_rows(source, recognised, shape, progress=progress)
