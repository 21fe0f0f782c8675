"""What the lists of Setup have in common: short, found by words, no totals, a form beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from fscdesk.services.work import Topic, Work
from fscdesk.ui.tables.columns import Column, HasId, badge_column
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.theme import Status

R = TypeVar("R", bound=HasId)
_ACTIVE = Status("In use", "green", "check")
_INACTIVE = Status("Not used", "neutral", "circle-minus")


def setup_spec(
    key: str,
    name: str,
    noun: tuple[str, str],
    rows: Callable[[Work], Sequence[R]],
    columns: tuple[Column[R], ...],
    topic: Topic,
    empty: Empty,
) -> ListSpec[R]:
    """Declare a list of Setup, in the order in which its service gives the rows."""
    return ListSpec(
        key=f"setup-{key}",
        name=name,
        columns=columns,
        query=query_of(rows, columns, columns[0].key),
        noun=noun,
        ticking=False,
        totals=False,
        title=False,
        sort=columns[0].key,
        topics=frozenset({topic}),
        empty=empty,
    )


def active_column(active: Callable[[R], bool]) -> Column[R]:
    """Return the column that says whether a record is still used."""
    return badge_column(
        "active",
        "Status",
        lambda row: _ACTIVE if active(row) else _INACTIVE,
        width=104,
        priority=3,
    )
