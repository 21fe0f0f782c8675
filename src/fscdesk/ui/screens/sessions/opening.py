"""What another screen asks this one to show, as a view and a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fscdesk.ui.screens.sessions.asking import (
    BALANCE,
    BATCH,
    CLAIM,
    CLIENT,
    DAY,
    LOCATION,
    STILL_OPEN,
    VIEW,
)
from fscdesk.ui.tables.filter_state import Days, FilterState

_PICKS = {
    "patient": CLIENT,
    "client": CLIENT,
    "batch": BATCH,
    "payer": "payer",
    "clinician": "clinician",
    "provider": "clinician",
    "status": "status",
    "attendance": "attendance",
    "note": "note",
    "code": "code",
    "location": LOCATION,
    "claim": CLAIM,
}
_NAMED = {*_PICKS, "view", "text", "day", "open"}


@dataclass(frozen=True)
class Wanted:
    """The tab, the question, and the session to make current.

    ``alone`` is a session that was named without any list to show it in.
    """

    state: FilterState
    view: str = "all"
    session: int | None = None
    alone: int | None = None


def wanted_of(what: Mapping[str, Any], tabs: Iterable[str]) -> Wanted | None:
    """Read what a screen was opened on; None means as it was left.

    The words are those of ``SessionFilter.of``, with ``patient`` for client and ``provider``
    for clinician; a pick may be one value or several, ``day`` is a first and a last day, and
    what is None counts as not given. A view that is no tab becomes a chip. ``tab`` and
    ``filters`` are what ``here`` wrote.
    """
    given = {key: value for key, value in what.items() if value is not None}
    session = _number(given.get("session"))
    if "filters" in given:
        state = FilterState.from_json(str(given["filters"]))
        return Wanted(state, str(given.get("tab", "")), session)
    if not _NAMED & given.keys():
        return None if session is None else Wanted(FilterState(), alone=session)
    state = FilterState().with_text(str(given.get("text", "")))
    view = str(given.get("view", "all"))
    if view not in tabs:
        state, view = state.with_values(BALANCE, (view,)), "all"
    elif view != "all":
        state = state.with_values(VIEW, (view,))
    if given.get("open") and not state.values(BALANCE):
        state = state.with_values(BALANCE, (STILL_OPEN,))
    for name in _PICKS.keys() & given.keys():
        state = state.with_values(_PICKS[name], _words(given[name]))
    first, last = given.get("day", (None, None))
    if isinstance(first, date) or isinstance(last, date):
        state = state.with_days(DAY, Days(start=first, end=last))
    return Wanted(state, view, session)


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return (str(value),)
    return tuple(str(one) for one in value)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
