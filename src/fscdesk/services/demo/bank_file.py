"""The fictional bank: what it knows of a month, and the file that it gives. Pure, lines to bytes.

The file is like that of Chase: the newest line first, each with the balance after it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

BANK: Final = "Sampleville Savings Bank"
_HEADING: Final = (
    *("Details", "Posting Date", "Description", "Amount", "Type", "Balance"),
    "Check or Slip #",
)


class Line(NamedTuple):
    """A line of the bank, money in above zero, in cents.

    ``entry_id`` is the entry of ours that it is, ``account`` the account of the chart that a
    person says it is, ``hold`` what is kept until somebody explains it. A line with none of them
    explains itself (an EFT by its trace), or is left to be looked at (``left``).
    """

    on: date
    cents: int
    words: str
    kind: str = "ACH_DEBIT"
    check: str = ""
    entry_id: int | None = None
    account: str = ""
    hold: bool = False
    left: bool = False


def statement(lines: Sequence[Line], opening: int) -> tuple[bytes, int]:
    """Return the file of a month that began with a balance in cents, and what it ends with."""
    rows, balance = [], opening
    for line in lines:
        balance += line.cents
        details = "CREDIT" if line.cents > 0 else "CHECK" if line.check else "DEBIT"
        rows.append(
            (
                *(details, f"{line.on:%m/%d/%Y}", line.words, dollars(line.cents), line.kind),
                *(dollars(balance), line.check),
            )
        )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADING)
    writer.writerows(reversed(rows))
    return out.getvalue().encode("ascii"), balance


def dollars(cents: int) -> str:
    """Return ``-1234.50``."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
