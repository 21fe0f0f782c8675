"""Checks that the numbers which people read have no gap: what was numbered is still there."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import select, text

from fscdesk.models.practice import NumberSeries
from fscdesk.services.ledger.offenders import Found, listed
from fscdesk.services.ledger.posting import SERIES, entry_number
from fscdesk.services.numbering import number_text
from fscdesk.services.work import Work

_TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SERIES: "journal_entry",
        "PAY": "payment",
        "ADJ": "adjustment",
        "REF": "refund",
        "REQ": "approval_request",
        "CM": "credit_memo",
        "INV": "invoice",
        "CLM": "claim",
        "BAT": "claim_batch",
        "REM": "remittance",
        "RCP": "recoupment",
        "BST": "bank_statement",
        "DEP": "deposit",
        "REC": "reconciliation",
        "PLAN": "payment_plan",
        "COL": "collection_case",
        "ST": "statement",
        "GFE": "estimate",
        **dict.fromkeys(("AT", "EX", "HO", "PA", "RC", "RM", "SB"), "document"),
    }
)
"""Where the documents of a series are. Clients and guarantors may go, and their numbers too."""


def numbers_without_gaps(work: Work) -> Found:
    """The documents of each series and year have every number below the next one, and no other."""
    taken = {
        (one.name, one.year): one.next - 1
        for one in work.db.scalars(select(NumberSeries))
        if one.name in _TABLES
    }
    there = {
        (row.series, int(row.year)): (row.many, row.highest[3:])
        for row in work.db.execute(text(_THERE))
        if row.year.isdigit()
    }
    return listed(_gaps(taken, there))


def _gaps(
    taken: Mapping[tuple[str, int], int], there: Mapping[tuple[str, int], tuple[int, str]]
) -> Iterator[str]:
    for series, year in sorted({*taken, *there}):
        last = taken.get((series, year), 0)
        many, highest = there.get((series, year), (0, ""))
        spelt = entry_number(year, last) if series == SERIES else number_text(series, year, last)
        if many != last or (last and highest != spelt):
            yield f"series {series} of {year}: {last} numbers were taken, {many} are there" + (
                f", the last is {highest}" if highest else ""
            )


def _count(series: str, table: str) -> str:
    prefix = "" if series == SERIES else f"{series}-"
    # A longer number is a higher one: its length is put in front of it.
    return (
        f"SELECT '{series}' AS series, substr(number, {len(prefix) + 1}, 4) AS year,"
        " count(*) AS many, max(CAST(100 + length(number) AS varchar(3)) || number) AS highest"
        f" FROM {table} WHERE number LIKE '{prefix}____-%' GROUP BY 1, 2"
    )


_THERE: Final = " UNION ALL ".join(_count(series, table) for series, table in _TABLES.items())
"""How many documents each series has of each year, and the highest number of them."""
