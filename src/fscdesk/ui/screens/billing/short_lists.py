"""Lists of Billing that come whole from a plan or a reader: sorted and summed on the spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.tables.columns import Column, HasId, Kind
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec

R = TypeVar("R", bound=HasId)


def short_spec(
    key: str,
    name: str,
    noun: tuple[str, str],
    rows: Callable[[Work], Sequence[R]],
    columns: tuple[Column[R], ...],
    natural: str,
    empty: Empty,
    **more: Any,
) -> ListSpec[R]:
    """Declare a list inside a tab. ``natural`` is the column in whose order the rows come.

    Every column of money is summed below, over what the find field leaves.
    """
    found = query_of(rows, columns, natural)
    money = [one for one in columns if one.kind is Kind.MONEY]

    def query(work: Work, state: FilterState, span: Span) -> Page[R]:
        every = found(work, state, Span(0, 1_000_000, span.sort, span.descending))
        sums = {
            one.key: Money(sum(amount.cents for row in every.rows if (amount := one.money(row))))
            for one in money
        }
        part = every.rows[span.start : span.start + span.size]
        return Page(span.start, every.total, tuple(part), sums)

    given: dict[str, Any] = {"ticking": False, "title": False, "sort": natural, **more}
    return ListSpec(
        key=f"billing.{key}",
        name=name,
        columns=columns,
        query=query,
        noun=noun,
        empty=empty,
        none_words=lambda state: f"No {noun[0]} here holds “{state.text.strip()}”.",
        **given,
    )
