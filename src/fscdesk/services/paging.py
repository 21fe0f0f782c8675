"""The contract between a service that lists and a table that shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fscdesk.models.values import Money

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Span:
    """Which rows, in which order. Sorting is the database's work, never the screen's."""

    start: int
    size: int
    sort: str
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some rows, how many match in all, and the sums of everything that matches.

    ``totals`` is keyed by column; it covers all matching rows, not only this page.
    """

    start: int
    total: int
    rows: tuple[R, ...]
    totals: dict[str, Money] = field(default_factory=dict)
