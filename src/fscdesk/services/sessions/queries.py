"""Questions about sessions. Rows leave as frozen dataclasses, never as mapped objects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fscdesk.services.paging import Page, Span
from fscdesk.services.sessions.detail import SessionDetail, session_detail
from fscdesk.services.sessions.filters import SELF_PAY, VIEWS, SessionFilter
from fscdesk.services.sessions.ordering import (
    SORTS,
    all_ids,
    ids_in_order,
    payer_names,
    provider_names,
    ranked,
)
from fscdesk.services.sessions.rows import SELF_PAY_WORDS, SessionRow, rows_of_sessions
from fscdesk.services.sessions.story import Step, story
from fscdesk.services.sessions.totalling import Totals, groups_of, totals_of
from fscdesk.services.work import Work

__all__ = [
    "SELF_PAY",
    "SORTS",
    "VIEWS",
    "Choice",
    "SessionDetail",
    "SessionFilter",
    "SessionRow",
    "Step",
    "Totals",
    "choices",
    "ids_of_sessions",
    "page_of_sessions",
    "rows_of_sessions",
    "session_counts",
    "session_detail",
    "story",
    "totals_of",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a chip offers: what the filter takes, its word, how many have it."""

    value: str
    word: str
    count: int


def page_of_sessions(work: Work, wanted: SessionFilter, span: Span) -> Page[SessionRow]:
    """Return one span of the matching sessions, how many match, and the sums of all of them.

    ``span.sort`` is one of ``SORTS``; totals are keyed ``fee``, ``insurance``, ``patient``.
    """
    totals = totals_of(work, wanted)
    ids = ids_in_order(work, wanted, span, totals.count)
    return Page(
        start=span.start,
        total=totals.count,
        rows=rows_of_sessions(work, ids),
        totals=totals.by_column(),
    )


def ids_of_sessions(work: Work, wanted: SessionFilter) -> tuple[int, ...]:
    """Return the ids of everything that matches, by day: for an act on all of it."""
    return tuple(all_ids(work, wanted))


def session_counts(work: Work, base: SessionFilter | None = None) -> dict[str, int]:
    """Return how many sessions each built-in view has, within ``base``: for the tabs."""
    within = base or SessionFilter()
    return {view: totals_of(work, replace(within, view=view)).count for view in VIEWS}


def choices(work: Work, column: str, within: SessionFilter | None = None) -> tuple[Choice, ...]:
    """Return what the chip of a column offers, with counts.

    Columns: ``status``, ``attendance``, ``note``, ``code``, ``payer``, ``clinician``. The
    payer ``0`` is self-pay; an empty note status is shown as no note.
    """
    counts = groups_of(work, within or SessionFilter(), column)
    words = _words_of(work, column)
    return tuple(
        Choice(
            value=str(SELF_PAY) if value is None else str(value),
            word=words.get(value, str(value)) or "None",
            count=counts[value],
        )
        for value in ranked(work, column, counts)
    )


def _words_of(work: Work, column: str) -> dict[Any, str]:
    if column == "payer":
        return {None: SELF_PAY_WORDS, **payer_names(work)}
    if column == "clinician":
        return dict(provider_names(work))
    return {}
