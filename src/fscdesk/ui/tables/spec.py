"""A list, declared: what it asks, what it shows, what can be done. ``ListPart`` does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.tables.columns import Column, HasId
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.layout import Density
from fscdesk.ui.text import count_text

if TYPE_CHECKING:
    from fscdesk.ui.tables.detail import DetailSpec

R = TypeVar("R", bound=HasId)


EVERYTHING = FilterState()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a chip: its key in ``FilterState``, its word, and how many rows have it.

    ``status`` is a kind and a key of the tokens, to show the value's badge icon.
    """

    key: str
    word: str
    count: int | None = None
    status: tuple[str, str] | None = None


@dataclass(frozen=True)
class ChoiceFilter:
    """A chip with values to tick: ``Status Any``.

    ``choices`` are fixed, or ``ask`` reads them (with counts, for the question as it stands
    without this chip) when the popup opens. ``always`` False keeps it behind "+ Filter".
    ``single``: one value at a time, and picking it closes the popup.
    """

    key: str
    title: str
    choices: tuple[Choice, ...] = ()
    ask: Callable[[Work, FilterState], Sequence[Choice]] | None = None
    always: bool = True
    single: bool = False


@dataclass(frozen=True, slots=True)
class DayFilter:
    """A chip with a range of days: ``Date March 2026``."""

    key: str
    title: str
    always: bool = True


Filter = ChoiceFilter | DayFilter


@dataclass(frozen=True)
class View:
    """A built-in view: a tab that cannot be deleted.

    ``good_news`` is what its emptiness means, as "Nothing is denied." ``counted`` False leaves
    the number out of the tab.
    """

    key: str
    name: str
    filters: FilterState = EVERYTHING
    good_news: str = ""
    counted: bool = True
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True)
class RowsAct(Generic[R]):
    """Something to do with the ticked rows, or with the current one.

    ``off_because`` says why it cannot be done with these rows, or "". The first act that can be
    done and is ``likely`` for them is the primary button. ``in_menu`` False keeps it out of the
    menu of a row, which copies by itself.
    """

    key: str
    word: str
    act: Callable[[Sequence[R]], object]
    icon: str = ""
    shortcut: str = ""
    off_because: Callable[[Sequence[R]], str] | None = None
    likely: Callable[[Sequence[R]], bool] | None = None
    in_menu: bool = True


@dataclass(frozen=True)
class Press:
    """A button of the title line or of an empty list: a verb and what it does."""

    word: str
    act: Callable[[], object]
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Empty:
    """What a list says that never held anything: why, and the one button that helps."""

    sentence: str
    icon: str = "inbox"
    press: Press | None = None


NOTHING_YET = Empty("There is nothing here yet.")


def _no_words(_total: int, _totals: Mapping[str, Money]) -> str:
    return ""


@dataclass(frozen=True)
class ListSpec(Generic[R]):
    """Everything that makes one list different from the others.

    ``query`` answers a span of the rows for a ``FilterState``, with the sums of everything that
    matches, keyed by column. It runs in the background, sorts by ``span.sort`` (a column key)
    with the id as tie-breaker, and must answer a span of size 0 with total and sums alone.
    ``noun`` is singular and plural. ``topics`` are what refreshes the list.

    ``all_total`` counts the list before any filter, ``view_counts`` the tabs in one question
    (otherwise each view is asked by itself), ``picked_words`` sums ticked rows ("230.00
    charged, 190.00 open"), ``totals_words`` stands at the left of the totals. ``none_words``
    says for a filter why nothing is shown: "No denied sessions in March 2026.", ``none_press``
    what helps there instead of clearing the filters.
    """

    key: str
    name: str
    columns: tuple[Column[R], ...]
    query: Callable[[Work, FilterState, Span], Page[R]]
    noun: tuple[str, str] = ("row", "rows")
    filters: tuple[Filter, ...] = ()
    views: tuple[View, ...] = ()
    bulk: tuple[RowsAct[R], ...] = ()
    row_acts: tuple[RowsAct[R], ...] = ()
    presses: tuple[Press, ...] = ()
    ticking: bool = True
    totals: bool = True
    searching: bool = True
    title: bool = True
    line: bool = True
    sort: str = ""
    descending: bool = False
    density: Density = Density.COMPACT
    topics: frozenset[Topic] = frozenset()
    empty: Empty = NOTHING_YET
    none_words: Callable[[FilterState], str] | None = None
    none_press: Callable[[FilterState], Press | None] | None = None
    picked_words: Callable[[Sequence[R]], str] | None = None
    totals_words: Callable[[int, Mapping[str, Money]], str] = _no_words
    all_total: Callable[[Work], int] | None = None
    view_counts: Callable[[Work, Mapping[str, FilterState]], Mapping[str, int]] | None = None
    detail: DetailSpec[R, Any] | None = None
    exports: bool = True
    subtitle: str = ""
    least_width: int = 0
    """Pixels at 100 % that the list needs: where less is left beside the details, they fold."""

    @property
    def first_sort(self) -> str:
        """The column that the list is sorted by before anybody chose."""
        return self.sort or self.columns[0].key

    def counted(self, count: int) -> str:
        """Return ``60 sessions``, ``1 session``."""
        return count_text(count, *self.noun)
