"""What the lists of Setup have in common: short, found by words, no totals, a form beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.tables.columns import Column, HasId, badge_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec
from fscdesk.ui.theme import Status

R = TypeVar("R", bound=HasId)
C = TypeVar("C")
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


@dataclass(frozen=True, slots=True)
class Chip(Generic[C]):
    """A chip over a short list: its key, its title, the word of a row, the order of the words.

    Words that are in no order come behind it, by the alphabet.
    """

    key: str
    title: str
    word: Callable[[C], str]
    order: tuple[str, ...] = ()


def with_chips(
    spec: ListSpec[R], rows: Callable[[Work], Sequence[R]], chips: tuple[Chip[R], ...]
) -> ListSpec[R]:
    """Return a list of Setup with chips, each of which offers the words that rows have."""

    def picked(work: Work, state: FilterState, but: str = "") -> list[R]:
        return [
            row
            for row in rows(work)
            if all(
                chip.key == but
                or not state.values(chip.key)
                or chip.word(row) in state.values(chip.key)
                for chip in chips
            )
        ]

    def query(work: Work, state: FilterState, span: Span) -> Page[R]:
        found = query_of(lambda one: picked(one, state), spec.columns, spec.sort)
        return found(work, state, span)

    def asks(chip: Chip[R]) -> Callable[[Work, FilterState], Sequence[Choice]]:
        def ask(work: Work, state: FilterState) -> Sequence[Choice]:
            counts = Counter(chip.word(row) for row in picked(work, state, chip.key))
            words = [*chip.order, *sorted(set(counts) - set(chip.order))]
            shown = {*counts, *state.values(chip.key)}
            return [Choice(word, word, counts[word]) for word in words if word in shown]

        return ask

    filters = tuple(ChoiceFilter(chip.key, chip.title, ask=asks(chip)) for chip in chips)
    return replace(spec, query=query, filters=filters)


def active_column(active: Callable[[R], bool]) -> Column[R]:
    """Return the column that says whether a record is still used."""
    return badge_column(
        "active",
        "Status",
        lambda row: _ACTIVE if active(row) else _INACTIVE,
        width=104,
        priority=3,
    )
