"""Reads the income allocation report: which payment went to which appointment.

It has two tabs. “Current payments” has a row for each share of a payment; “Insurance payer
allocation” tells what each payer paid for each clinician, and need not have days or clients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile, total, totals_of
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.tables import heading_key

CLIENT, INSURANCE = "client", "insurance"
_SOURCES = {
    "clientpayment": CLIENT,
    "clientpayments": CLIENT,
    "client": CLIENT,
    "insurancepayment": INSURANCE,
    "insurancepayments": INSURANCE,
    "insurance": INSURANCE,
}


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """One share of a payment. Fees of the card processor are not in it.

    ``source`` is ``client`` or ``insurance``; a word that fscdesk does not know stands as
    written. ``description`` is “Appointment”, “Refund”, “Unallocated credit” and the like, and
    for insurance the payer, which is then ``payer`` too. ``paid_on`` is None only in the payer
    tab. ``document`` is the invoice or claim (“INV #20000”, “Claim #99700000”); it groups rows
    and is not theirs alone. ``appointment_day`` is None where no appointment was paid. ``codes``
    are apart by one blank. ``reference`` is the number of the check or transfer.
    """

    line: int
    raw: str
    clinician: str
    clinician_id: str
    source: str
    description: str
    paid_on: date | None
    document: str
    appointment_day: date | None
    codes: str
    client: str
    insurance_method: str
    reference: str
    amount: Money
    payer: str


def _current(cells: ReportCells) -> AllocationRow:
    paid_on = cells.day("paid_on")
    word = cells.word("source", _SOURCES)
    source = _SOURCES.get(heading_key(word), word)
    payer = cells.name("payer")
    if not payer and source == INSURANCE:
        payer = cells.name("description")
    return _share(cells, paid_on, source, payer)


def _by_payer(cells: ReportCells) -> AllocationRow:
    return _share(cells, cells.day_or_none("paid_on"), INSURANCE, cells.need("payer"))


def _share(cells: ReportCells, paid_on: date | None, source: str, payer: str) -> AllocationRow:
    return AllocationRow(
        line=cells.line,
        raw=cells.raw,
        clinician=cells.name("clinician"),
        clinician_id=cells.text("clinician_id"),
        source=source,
        description=cells.text("description"),
        paid_on=paid_on,
        document=cells.text("document"),
        appointment_day=cells.day_or_none("appointment_day"),
        codes=cells.codes("codes"),
        client=cells.name("client"),
        insurance_method=cells.text("insurance_method"),
        reference=cells.reference("reference"),
        amount=cells.needed_money("amount"),
        payer=payer,
    )


def _totals(rows: Sequence[AllocationRow]) -> dict[str, Money]:
    return totals_of(rows, amount=lambda row: row.amount) | {
        party: total(row.amount for row in rows if row.source == party)
        for party in (CLIENT, INSURANCE)
    }


def read_income_allocation(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[AllocationRow]:
    """Read the current payments; ``totals``: amount, client, insurance.

    Raises Problem as read_rows does.
    """
    shape = Shape(
        _current,
        keys=("clinician", "source", "paid_on", "client"),
        totals=_totals,
        amounts=("amount",),
        day=lambda row: row.paid_on,
    )
    return read_rows(source, recognised, shape, progress=progress)


def read_payer_allocation(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[AllocationRow]:
    """Read the insurance payer tab; ``totals``: amount, client (0.00), insurance.

    Raises Problem as read_rows does.
    """
    shape = Shape(
        _by_payer,
        keys=("payer", "clinician", "paid_on", "client"),
        totals=_totals,
        amounts=("amount",),
        day=lambda row: row.paid_on,
    )
    return read_rows(source, recognised, shape, progress=progress)
