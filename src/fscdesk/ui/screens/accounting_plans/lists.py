"""What the lists of these tabs have in common: short, found by words, in the service's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fscdesk.services.work import Topic, Work
from fscdesk.ui.tables.columns import Column, HasId, badge_column
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.theme import Status

R = TypeVar("R", bound=HasId)
_IN_USE = Status("In use", "green", "check")
_CLOSED = Status("Closed", "neutral", "lock")


def plain_spec(
    key: str,
    name: str,
    noun: tuple[str, str],
    rows: Callable[[Work], Sequence[R]],
    columns: tuple[Column[R], ...],
    empty: Empty,
    **more: Any,
) -> ListSpec[R]:
    """Declare a list in a tab of Accounting. It is shown as the service orders it."""
    given: dict[str, Any] = {
        "ticking": False,
        "totals": False,
        "title": False,
        "topics": frozenset({Topic.BOOKS}),
        "sort": columns[0].key,
        **more,
    }
    return ListSpec(
        key=f"accounting.{key}",
        name=name,
        columns=columns,
        query=query_of(rows, columns, given["sort"]),
        noun=noun,
        empty=empty,
        none_words=lambda state: f"No {noun[0]} here holds “{state.text.strip()}”.",
        **given,
    )


def use_column(active: Callable[[R], bool]) -> Column[R]:
    """Return the column that says whether a record is in use, or closed."""
    return badge_column(
        "active", "Status", lambda row: _IN_USE if active(row) else _CLOSED, width=96, priority=3
    )
