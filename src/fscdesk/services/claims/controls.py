"""The control numbers of files: interchange (ISA13), group (GS06) and transaction set (ST02).

They never repeat. A receiver drops a file whose number it has seen, and an answer finds its
batch by them. The database counts them; besides, they are never below the seconds that have
passed since 2018, so that neither a practice restored from this morning's backup nor another
program that counts from one can come upon a number that is taken. Nine digits last until 2049.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session as DbSession

from fscdesk.models.practice import NumberSeries
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.work import Work

INTERCHANGE: Final = "ISA13"
GROUP: Final = "GS06"
TRANSACTION: Final = "ST02"
_EVER: Final = 0
"""The year under which a series counts that no year begins anew."""
_BEGINNING: Final = datetime(2018, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_LARGEST: Final = 999_999_999


def take_controls(work: Work, series: str, count: int = 1) -> range:
    """Take the next ``count`` numbers of a series; a rollback gives them back.

    Raises Problem when nine digits are used up.
    """
    numbers = reserve_numbers(work, series, _EVER, count)
    first = max(numbers[0], (work.now() - _BEGINNING) // _SECOND)
    if first != numbers[0]:
        _count_from(work.db, series, first + count)
    if first + count - 1 > _LARGEST:
        raise Problem(
            "The control numbers of files are used up.",
            hint="Nothing was sent. Ask the clearinghouse from which number to begin again.",
        )
    return range(first, first + count)


def _count_from(db: DbSession, series: str, number: int) -> None:
    """Let a series, which this transaction holds locked, go on from a number."""
    row = db.get_one(NumberSeries, (series, _EVER))
    row.next = number
    db.flush()
