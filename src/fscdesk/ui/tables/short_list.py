"""Lists that are short and come whole: found by their words, sorted by what a column shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.tables.columns import Column, HasId
from fscdesk.ui.tables.filter_state import FilterState

R = TypeVar("R", bound=HasId)
Query = Callable[[Work, FilterState, Span], Page[R]]


def query_of(
    rows: Callable[[Work], Sequence[R]], columns: Sequence[Column[R]], natural: str = ""
) -> Query[R]:
    """Return the query of a list over all rows that a service gives at once.

    ``natural`` is the column in whose order the service gives them.
    """
    by_key = {column.key: column for column in columns}

    def query(work: Work, state: FilterState, span: Span) -> Page[R]:
        words = state.text.casefold().split()
        found = [row for row in rows(work) if _has(row, columns, words)]
        column = by_key[span.sort]
        if span.sort != natural:
            found.sort(key=lambda row: _rank(column, row), reverse=span.descending)
        elif span.descending:
            found.reverse()
        part = tuple(found[span.start : span.start + span.size])
        return Page(span.start, len(found), part, {})

    return query


def _has(row: R, columns: Sequence[Column[R]], words: Sequence[str]) -> bool:
    if not words:
        return True
    text = " ".join(column.copied_text(row) for column in columns).casefold()
    return all(word in text for word in words)


def _rank(column: Column[R], row: R) -> tuple[Any, ...]:
    """Return what a row is sorted by; what is unknown comes first."""
    value = column.value(row) if column.value is not None else None
    if isinstance(value, Money | date | int):
        return (1, value, row.id)
    if column.value is not None:
        return (0, row.id)
    return (1, column.text(row).casefold(), row.id)
