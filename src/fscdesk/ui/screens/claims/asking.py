"""The questions of the list of claims: what tabs and chips mean to the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fscdesk.services.claims.listing import (
    NOBODY,
    VIEWS,
    ClaimFilter,
    ClaimRow,
    ids_of_claims,
    page_of_claims,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.setup.payers import payers
from fscdesk.services.setup.people import people
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from fscdesk.ui.screens.claims.wording import FREQUENCIES, RANKS, STATUSES, status_mark
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Filter, View

DAY, VIEW, PAYER, CLINICIAN, ASSIGNED, BATCH = (
    "day",
    "view",
    "payer",
    "clinician",
    "assigned",
    "batch",
)
_SEVERAL = ("status", "frequency", "reason", PAYER, CLINICIAN, "rank", ASSIGNED)
_SINGLE = ("patient", "session", BATCH, "silent", "due")
_SILENT = {"30": "30 days and more", "60": "60 days and more", "90": "90 days and more"}
_DUE = {"0": "Over", "7": "Within 7 days", "14": "Within 14 days", "30": "Within 30 days"}
_GOOD_NEWS = {
    "held": "No claim is held back.",
    "ready": "Nothing waits to be sent.",
    "rejected": "No claim came back rejected.",
    "denied": "No claim is denied.",
    "appeals": "No appeal is open.",
    "silent": "No payer is silent for 30 days.",
    "follow_up": "Nothing is to be followed up today.",
    "mine": "No open claim is yours.",
}
_ORDER = (
    *("ready", "held", "sent", "silent", "pending", "rejected", "denied", "appeals"),
    *("mine", "follow_up", "paid", "all"),
)
"""By who must move: we first, then the payer, then what came back."""
_SORTED = {"denied": "deadline", "rejected": "deadline", "appeals": "deadline"}


def question_of(work: Work, state: FilterState) -> ClaimFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    view = _one(state, VIEW) or "all"
    asked: dict[str, object] = {
        "text": state.text.strip(),
        "day": state.ends(DAY, work.today()),
        "view": view,
    }
    asked.update({key: state.values(key) for key in _SEVERAL})
    for key in _SINGLE:
        picked = _one(state, key)
        asked[key] = int(picked) if picked else None
    return ClaimFilter.of(asked)


def ask_page(work: Work, state: FilterState, span: Span) -> Page[ClaimRow]:
    """Return a span of the claims that a state asks for."""
    return page_of_claims(work, question_of(work, state), span)


def ask_ids(work: Work, state: FilterState) -> tuple[int, ...]:
    """Return the ids of every claim that a state asks for."""
    return ids_of_claims(work, question_of(work, state))


def ask_every(work: Work) -> int:
    """Return how many claims there are."""
    return page_of_claims(work, ClaimFilter(), Span(0, 0, "day")).total


def ask_view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    """Return how many claims each tab has."""
    span = Span(0, 0, "day")
    return {
        key: page_of_claims(work, question_of(work, state), span).total
        for key, state in states.items()
    }


def ask_names(work: Work, _state: FilterState) -> Mapping[str, Mapping[str, str]]:
    """Return what picked payers, clinicians and people are called, for their chips."""
    return {
        PAYER: {one.key: one.word for one in _payers(work, _state)},
        CLINICIAN: {one.key: one.word for one in _clinicians(work, _state)},
        ASSIGNED: {one.key: one.word for one in _people(work, _state)},
    }


def claim_views() -> tuple[View, ...]:
    """Return the tabs, each a question of its own."""
    return tuple(
        View(
            key,
            VIEWS[key],
            FilterState() if key == "all" else FilterState().with_values(VIEW, (key,)),
            good_news=_GOOD_NEWS.get(key, ""),
            counted=key not in ("all", "paid"),
            sort=_SORTED.get(key, ""),
        )
        for key in _ORDER
    )


def claim_filters() -> tuple[Filter, ...]:
    """Return the chips; the last ones stand behind "+ Filter" until they are set."""
    marks = {key: status_mark(key).word for key in STATUSES}
    return (
        DayFilter(DAY, "Service"),
        ChoiceFilter(
            "status",
            "Status",
            tuple(Choice(key, word, status=("claim", key)) for key, word in marks.items()),
        ),
        ChoiceFilter(PAYER, "Payer", ask=_payers),
        ChoiceFilter(ASSIGNED, "With", ask=_people),
        ChoiceFilter(CLINICIAN, "Clinician", ask=_clinicians, always=False),
        ChoiceFilter("silent", "Silent", _choices(_SILENT), always=False, single=True),
        ChoiceFilter("due", "Deadline", _choices(_DUE), always=False, single=True),
        ChoiceFilter("frequency", "Kind", _choices(FREQUENCIES), always=False),
        ChoiceFilter(
            "rank",
            "Coverage",
            tuple(Choice(str(key), word) for key, word in RANKS.items()),
            always=False,
        ),
    )


def _choices(words: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, word) for key, word in words.items())


def _payers(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.short_name) for row in payers(work)]


def _clinicians(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.name) for row in providers(work)]


def _people(work: Work, _state: FilterState) -> Sequence[Choice]:
    found = [Choice(str(row.id), row.name) for row in people(work) if row.active]
    return [Choice(str(NOBODY), "Nobody"), *found]


def _one(state: FilterState, key: str) -> str:
    return next(iter(state.values(key)), "")
