"""Which days a line of the bank can have: one rule for every reader, and for what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from fscdesk.services.banking.statement_files import ReadLine, ReadStatement
from fscdesk.services.errors import Finding, Severity

EARLIEST: Final = date(1990, 1, 1)
AHEAD: Final = timedelta(days=5)
"""On the eve of a long weekend a bank gives its lines the next business day."""
PAID_OUT_WITHIN: Final = timedelta(days=60)
"""A card processor tells so long before on which day money becomes available."""


def is_bank_day(on: date, today: date, *, ahead: timedelta = AHEAD) -> bool:
    """Return whether the bank can have booked something on a day, as far as today tells."""
    return EARLIEST <= on <= today + ahead


def shown_day(on: date) -> str:
    """Return a day as a sentence shows it, also one of the year 206."""
    return f"{on:%m/%d}/{on.year:04}"


def on_bank_days(read: ReadStatement, today: date) -> ReadStatement:
    """Return a file without the lines whose day cannot be, each of them a finding.

    A first or last day that cannot be is that of the lines.
    """
    lines = tuple(line for line in read.lines if is_bank_day(line.on, today))
    gone = [line for line in read.lines if not is_bank_day(line.on, today)]
    return replace(
        read,
        first_day=_fitting(read.first_day, today) or min(_days(lines), default=None),
        last_day=_fitting(read.last_day, today) or max(_days(lines), default=None),
        lines=lines,
        findings=(*read.findings, *(_finding(read, line) for line in gone)),
    )


def _fitting(on: date | None, today: date) -> date | None:
    return on if on is not None and is_bank_day(on, today) else None


def _days(lines: Sequence[ReadLine]) -> list[date]:
    return [line.on for line in lines]


def _finding(read: ReadStatement, line: ReadLine) -> Finding:
    what = "transaction" if read.layout == "OFX" else "line"
    return Finding(
        "bank-day",
        f"{shown_day(line.on)} cannot be the day of a line of the bank; {line.amount} of it is"
        " left out.",
        f"{what} {line.position}",
        Severity.ERROR,
    )
