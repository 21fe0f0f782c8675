"""Reads Stripe's own files: payouts itemized, and balance transactions.

Both tell which payout brought a row (``payout``: ``po_…``), which the card report does not. Columns
of the itemized report can be chosen and stand in any order; they are found by their names.
"""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from fscdesk.services.importing.readers.card_transactions import (
    CHARGE,
    PAYOUT,
    REFUND,
    CardRow,
    amounts_of,
    check_rows,
    totals_of_cards,
)
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile

_UTC: Final = ZoneInfo("UTC")
KINDS: Final = MappingProxyType(
    {
        "charge": CHARGE,
        "payment": CHARGE,
        "refund": REFUND,
        "payment_refund": REFUND,
        "partial_capture_reversal": REFUND,
        "payout": PAYOUT,
        "transfer": PAYOUT,
    }
)
"""Stripe's words for what a row is, and ours; other words (fee, dispute, …) stay as they are."""


def read_stripe_payouts(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[CardRow]:
    """Read ``payouts.itemized``: each row with the payout that it is part of.

    Its only moment is that of the payout, in UTC, which is the bank's day. Raises Problem as
    read_rows does.
    """
    shape = Shape(
        _itemized,
        keys=("transaction_id", "kind", "payout"),
        totals=totals_of_cards,
        amounts=("amount", "fee", "net"),
        day=lambda row: row.created_day,
        check=check_rows,
    )
    return read_rows(source, recognised, shape, progress=progress)


def read_stripe_balance(
    source: SourceFile, recognised: Recognised, zone: tzinfo, *, progress: Step | None = None
) -> ReportFile[CardRow]:
    """Read the balance transactions; ``Transfer`` is the payout. Raises Problem as read_rows does.

    Times are in UTC; the day of a charge is the practice's.
    """

    def row(cells: ReportCells) -> CardRow:
        created = cells.instant("created_at")
        day = created.astimezone(zone).date() if cells.timed("created_at") else created.date()
        return _row(cells, created, day, cells.utc_day("available_on"))

    shape = Shape(
        row,
        keys=("transaction_id", "kind", "created_at"),
        totals=totals_of_cards,
        amounts=("amount", "fee", "net"),
        day=lambda row: row.created_day,
        check=check_rows,
    )
    return read_rows(source, recognised, shape, progress=progress)


def _itemized(cells: ReportCells) -> CardRow:
    created = cells.instant("created_at")
    day = cells.utc_day("created_at") or created.date()
    midnight = datetime.combine(day, time(), _UTC)
    return _row(cells, midnight, day, day)


def _row(cells: ReportCells, created: datetime, day: date, available: date | None) -> CardRow:
    word = cells.text("kind")
    kind = KINDS.get(word.strip().lower(), word)
    payout = cells.text("payout")
    currency = cells.text("currency").lower()
    if currency not in {"", "usd"}:
        cells.tell("currency", f"The row is in {currency.upper()}, not in US dollars.")
    source = cells.text("source_id")
    return CardRow(
        line=cells.line,
        raw=cells.raw,
        client="",
        transaction_id=cells.text("transaction_id"),
        kind=kind,
        source_id=(payout or source) if kind == PAYOUT else source,
        **amounts_of(cells),
        currency=currency or "usd",
        created_at=created,
        created_day=day,
        available_on=available,
        payout="" if kind == PAYOUT else payout,
    )
