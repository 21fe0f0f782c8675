"""The list of denial rates: what stands in a row, how it is read, sorted and summed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from fscdesk.models.values import Money
from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy, RateRow, denial_rates
from fscdesk.services.claims.denials import Category
from fscdesk.services.claims.first_answers import TOPICS
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.screens.claims.denial_words import CATEGORIES
from fscdesk.ui.tables.columns import Column, Kind, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import DayFilter, Empty, ListSpec
from fscdesk.ui.text import count_text, month_text

DAY: Final = "day"
EARLIEST: Final = date(2000, 1, 1)
"""Where a period without a beginning begins: no claim of a practice is older."""
ROWS: Final = MappingProxyType(
    {
        DenialsBy.PAYER: "Payer",
        DenialsBy.CODE: "Code",
        DenialsBy.CLINICIAN: "Clinician",
        DenialsBy.CATEGORY: "Category",
        DenialsBy.MONTH: "Month",
    }
)
_PLAIN: Final = "name"


@dataclass(frozen=True, slots=True)
class RateLine:
    """A row of the rates with the name that people read; ``place`` is that in the report."""

    id: int
    key: str
    name: str
    place: int
    row: RateRow


def rates_spec(by: Callable[[], DenialsBy]) -> ListSpec[RateLine]:
    """Return the declaration of the list; ``by`` says what stands in a row now."""

    def query(work: Work, state: FilterState, span: Span) -> Page[RateLine]:
        return _page(rates_of(work, state, by()), state, span)

    return ListSpec(
        key="denial_rates",
        name="Denial rates",
        title=False,
        columns=_columns(),
        query=query,
        noun=("row", "rows"),
        filters=(DayFilter(DAY, "First answered"),),
        ticking=False,
        sort="amount",
        descending=True,
        topics=TOPICS,
        empty=Empty("No payer has answered anything yet.", "scale"),
        none_words=_none,
        totals_words=lambda count, _totals: count_text(count, "row"),
    )


def period_of(work: Work, state: FilterState) -> tuple[date, date]:
    """Return the first and the last day of the chip; without one from the beginning to today."""
    first, last = state.ends(DAY, work.today())
    return first or EARLIEST, last or work.today()


def rates_of(work: Work, state: FilterState, by: DenialsBy) -> DenialRates:
    """Return the rates of the chip's period. Raises Problem without the right to see reports."""
    first, last = period_of(work, state)
    return denial_rates(work, first, last, by=by)


def lines_of(found: DenialRates) -> list[RateLine]:
    """Return the rows of rates, in the report's order; an id is its row's in every period."""
    return [
        RateLine(
            id=zlib.crc32(f"{found.by.value}:{row.key}".encode()),
            key=row.key,
            name=row_name(found.by, row),
            place=place,
            row=row,
        )
        for place, row in enumerate(found.rows)
    ]


def row_name(by: DenialsBy, row: RateRow) -> str:
    """Return what a row is called: months and categories as people write them."""
    if by is DenialsBy.MONTH:
        year, _dash, month = row.key.partition("-")
        return month_text(date(int(year), int(month), 1))
    if by is DenialsBy.CATEGORY:
        return CATEGORIES[Category(row.key)].word
    return row.name


def rate_words(row: RateRow) -> str:
    """Return the denied of a hundred answered: ``8.3 %``; empty where nothing was answered."""
    return "" if row.rate is None else f"{row.rate} %"


def _page(found: DenialRates, state: FilterState, span: Span) -> Page[RateLine]:
    words = state.text.casefold().split()
    rows = [one for one in lines_of(found) if all(word in one.name.casefold() for word in words)]
    if span.sort == _PLAIN:
        plain = found.by in (DenialsBy.MONTH, DenialsBy.CATEGORY)
        rows.sort(key=lambda one: one.place if plain else one.name, reverse=span.descending)
    else:
        value = _VALUES[span.sort]
        rows.sort(key=lambda one: (value(one.row), one.place), reverse=span.descending)
    totals = {} if words else {"amount": found.total.amount, "open": found.total.open}
    if not words:
        totals["billed"] = found.total.billed
    part = tuple(rows[span.start : span.start + span.size])
    return Page(span.start, len(rows), part, totals)


_VALUES: Mapping[str, Callable[[RateRow], Any]] = MappingProxyType(
    {
        "answered": lambda row: row.answered,
        "billed": lambda row: row.billed,
        "denied": lambda row: row.denied,
        "rate": lambda row: row.rate or 0,
        "turned": lambda row: row.turned,
        "amount": lambda row: row.amount,
        "open": lambda row: row.open,
    }
)


def _columns() -> tuple[Column[RateLine], ...]:
    def number(key: str, title: str, value: Callable[[RateRow], int], **more: Any) -> Any:
        return Column[RateLine](
            key,
            title,
            lambda line: f"{value(line.row):,}",
            Kind.NUMBER,
            lambda line: value(line.row),
            descending_first=True,
            **{"width": 84, **more},
        )

    def money(key: str, title: str, value: Callable[[RateRow], Money], **more: Any) -> Any:
        return money_column(key, title, lambda line: value(line.row), descending_first=True, **more)

    return (
        Column(_PLAIN, "Name", lambda line: line.name, names=True, priority=1),
        number("answered", "Answered", lambda row: row.answered, priority=3),
        number("denied", "Denied", lambda row: row.denied, priority=1),
        Column(
            "rate",
            "Rate",
            lambda line: rate_words(line.row),
            Kind.NUMBER,
            lambda line: line.row.rate,
            width=76,
            priority=1,
            descending_first=True,
        ),
        number("turned", "Paid since", lambda row: row.turned, priority=4),
        money("billed", "Billed", lambda row: row.billed, width=110, priority=5),
        money("amount", "Denied amount", lambda row: row.amount, width=116, priority=1),
        money("open", "Still open", lambda row: row.open, width=100, priority=2),
    )


def _none(state: FilterState) -> str:
    if state.text.strip():
        return f"No row is called “{state.text.strip()}”."
    return "No payer answered anything in this period."
