"""Reads the card transactions report: charges, refunds, and the payouts to the bank.

Its times are in UTC, so that an evening's charge stands under the next day; the practice's day
follows from its zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.appointment_rows import SkippedRow
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows, repeated
from fscdesk.services.importing.readers.report_rows import ReportFile, total, totals_of
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.tables import heading_key

CHARGE, REFUND, PAYOUT = "charge", "refund", "payout"
_KINDS = (CHARGE, REFUND, PAYOUT)


@dataclass(frozen=True, slots=True)
class CardRow:
    """One movement on the practice's card account; ``transaction_id`` is unique.

    ``kind`` is ``charge``, ``refund`` or ``payout``, or the word of the file where it is none of
    these. ``source_id`` is the charge (``ch_``), refund (``re_``) or payout (``po_``). Refunds
    and payouts are negative, a payout has no client. ``created_at`` is in UTC, ``created_day`` in
    the practice's zone; ``available_on`` is the day that the report names. ``net`` is the amount
    less the fee. ``payout`` names the payout that the row is part of, where the file tells it.
    """

    line: int
    raw: str
    client: str
    transaction_id: str
    kind: str
    source_id: str
    amount: Money
    fee: Money
    net: Money
    currency: str
    created_at: datetime
    created_day: date
    available_on: date | None
    payout: str = ""


class _Making:
    """Makes rows in a zone, and remembers whether any had a time of day."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone, self.timed = zone, False

    def row(self, cells: ReportCells) -> CardRow:
        """Build one row."""
        created_at = cells.instant("created_at")
        self.timed = self.timed or cells.timed("created_at")
        word = cells.word("kind", _KINDS)
        kind = heading_key(word)
        currency = cells.text("currency").lower()
        if currency not in {"", "usd"}:
            cells.tell("currency", f"The row is in {currency.upper()}, not in US dollars.")
        return CardRow(
            line=cells.line,
            raw=cells.raw,
            client=cells.name("client"),
            transaction_id=cells.text("transaction_id"),
            kind=kind if kind in _KINDS else word,
            source_id=cells.text("source_id"),
            **amounts_of(cells),
            payout="",
            currency=currency or "usd",
            created_at=created_at,
            created_day=created_at.astimezone(self.zone).date(),
            available_on=cells.utc_day("available_on"),
        )


def amounts_of(cells: ReportCells) -> dict[str, Money]:
    """Return amount, fee and net; one that has no column follows from the others."""
    amount = cells.needed_money("amount")
    fee, net = cells.money_or_none("fee"), cells.money_or_none("net")
    if fee is None:
        fee = Money() if net is None else amount - net
    if net is None:
        net = amount - fee
    if net != amount - fee:
        cells.tell("net-differs", f"{amount} less a fee of {fee} is not {net}.")
    return {"amount": amount, "fee": fee, "net": net}


def totals_of_cards(rows: Sequence[CardRow]) -> dict[str, Money]:
    """Return the sums of a file: amount, fee, net, and the amounts of each kind of row."""
    sums = totals_of(
        rows, amount=lambda row: row.amount, fee=lambda row: row.fee, net=lambda row: row.net
    )
    return sums | {kind: total(row.amount for row in rows if row.kind == kind) for kind in _KINDS}


def check_rows(
    rows: Sequence[CardRow], _skipped: Sequence[SkippedRow]
) -> Iterable[tuple[int, Finding]]:
    """Tell transactions that stand twice in a file."""
    return repeated(rows, lambda row: row.transaction_id, "transaction id")


def read_card_transactions(
    source: SourceFile, recognised: Recognised, zone: tzinfo, *, progress: Step | None = None
) -> ReportFile[CardRow]:
    """Read the report; ``totals``: amount, fee, net, charge, refund, payout (amounts).

    Raises Problem as read_rows does.
    """
    making = _Making(zone)
    shape = Shape(
        making.row,
        keys=("client", "transaction_id", "kind", "created_at"),
        totals=totals_of_cards,
        amounts=("amount", "fee", "net"),
        day=lambda row: row.created_day,
        check=check_rows,
    )
    file = read_rows(source, recognised, shape, progress=progress)
    return file if making.timed or not file.rows else _without_times(file, recognised.header_line)


def _without_times(file: ReportFile[CardRow], line: int) -> ReportFile[CardRow]:
    """Take the days as they stand: midnight in UTC would put all of them on the day before."""
    rows = [replace(row, created_day=row.created_at.date()) for row in file.rows]
    days = [row.created_day for row in rows]
    told = Finding(
        "no-time",
        "No row has a time of day, so the days are those of UTC: what was charged in the evening "
        "may stand under the next day.",
        f"line {line}",
        Severity.WARNING,
    )
    return replace(
        file,
        rows=rows,
        first_day=min(days),
        last_day=max(days),
        findings=[told, *file.findings],
    )
