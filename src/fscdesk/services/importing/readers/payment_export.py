"""Reads the payment export: what was received and paid back, each with the id of its payment.

SimplePractice lists client payments under “Accounts Receivable” and insurance payments under
“Accounts Receivable Insurance”; a refund is a row of its own with a negative amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.errors import Finding
from fscdesk.services.importing.readers.appointment_rows import SkippedRow
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows, repeated
from fscdesk.services.importing.readers.report_rows import ReportFile, total, totals_of
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.tables import heading_key

CLIENT, INSURANCE = "client", "insurance"
_ACCOUNTS = {
    "accountsreceivable": CLIENT,
    "accountsreceivableclient": CLIENT,
    "accountsreceivableinsurance": INSURANCE,
}


@dataclass(frozen=True, slots=True)
class PaymentExportRow:
    """One payment or refund. ``payment_id`` is SimplePractice's own and unique.

    ``account`` is ``client`` or ``insurance``; an account that fscdesk does not know stands as
    written. ``name`` is the client's or the payer's. ``amount`` is negative for a refund.
    """

    line: int
    raw: str
    payment_id: str
    paid_on: date
    account: str
    method_word: str
    name: str
    amount: Money
    reference: str


def _row(cells: ReportCells) -> PaymentExportRow:
    paid_on = cells.day("paid_on")
    account = cells.word("account", _ACCOUNTS)
    return PaymentExportRow(
        line=cells.line,
        raw=cells.raw,
        payment_id=cells.text("payment_id"),
        paid_on=paid_on,
        account=_ACCOUNTS.get(heading_key(account), account),
        method_word=cells.text("method_word"),
        name=cells.name("name"),
        amount=cells.needed_money("amount"),
        reference=cells.reference("reference"),
    )


def _totals(rows: Sequence[PaymentExportRow]) -> dict[str, Money]:
    return totals_of(rows, amount=lambda row: row.amount) | {
        party: total(row.amount for row in rows if row.account == party)
        for party in (CLIENT, INSURANCE)
    }


def _check(
    rows: Sequence[PaymentExportRow], _skipped: Sequence[SkippedRow]
) -> Iterable[tuple[int, Finding]]:
    return repeated(rows, lambda row: row.payment_id, "payment id")


def read_payment_export(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[PaymentExportRow]:
    """Read the export; ``totals``: amount, client, insurance. Raises Problem as read_rows does."""
    shape = Shape(
        _row,
        keys=("payment_id", "paid_on", "account", "name"),
        totals=_totals,
        amounts=("amount",),
        day=lambda row: row.paid_on,
        check=_check,
    )
    return read_rows(source, recognised, shape, progress=progress)
