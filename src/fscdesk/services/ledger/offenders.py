"""What a check has found: how many break the rule, and the first of them in words."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Date, Row, bindparam, text

from fscdesk.models.values import Money
from fscdesk.services.work import Work

SHOWN = 50
"""How many offenders are named; ``count`` tells of the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """Offenders of one invariant. Their words hold numbers and days, never a person's name."""

    count: int = 0
    offenders: tuple[str, ...] = ()

    def __add__(self, other: Found) -> Found:
        return Found(self.count + other.count, (self.offenders + other.offenders)[:SHOWN])


def ask(work: Work, sql: str, words: Callable[[Row[Any]], str], **values: object) -> Found:
    """Run a question of ours whose rows are the offenders; it must order them itself."""
    whole = text(
        f"SELECT found.*, count(*) OVER () AS how_many FROM ({sql}) AS found LIMIT {SHOWN}"
    ).bindparams(
        *(bindparam(name, type_=Date) for name, v in values.items() if isinstance(v, date))
    )
    rows = work.db.execute(whole, values).all()
    return Found(int(rows[0].how_many) if rows else 0, tuple(words(row) for row in rows))


def listed(offenders: Iterable[str]) -> Found:
    """Count offenders that come one by one, and keep the first."""
    coming = iter(offenders)
    first = tuple(islice(coming, SHOWN))
    return Found(len(first) + sum(1 for _ in coming), first)


def cents(value: Any) -> Money:
    """Return a sum as an amount: Postgres sums to numeric, and an empty sum is None."""
    return Money(int(value or 0))


def day_words(value: Any) -> str:
    """Return a day of a raw row as people read it; SQLite gives text, Postgres a date."""
    if value is None:
        return "none"
    day = value if isinstance(value, date) else date.fromisoformat(value)
    return f"{day:%m/%d/%Y}"
