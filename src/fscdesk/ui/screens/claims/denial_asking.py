"""The questions of the list of denied lines: what tabs and chips mean to the service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from fscdesk.services.claims.denials import (
    NOBODY,
    VIEWS,
    DenialFilter,
    DenialRow,
    denial_counts,
    page_of_denials,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.remittances.reasons import carcs
from fscdesk.services.setup.payers import payers
from fscdesk.services.setup.people import people
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from fscdesk.ui.screens.claims.denial_words import CATEGORIES
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Filter, View

DAY, VIEW, PAYER, CLINICIAN, ASSIGNED = "day", "view", "payer", "clinician", "assigned"
CODE, REASON, CATEGORY = "code", "reason", "category"
_SEVERAL = (CODE, REASON, CATEGORY, PAYER, CLINICIAN, ASSIGNED)
_ALL = Span(0, 1_000_000, "denied")
_GOOD_NEWS = {
    "open": "Nothing is denied.",
    "mine": "No denial is yours.",
    "appeals": "No appeal is open.",
}
_WORDS = {"open": "To work on", "appeals": "Appealed"}


def question_of(work: Work, state: FilterState) -> DenialFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    asked: dict[str, object] = {
        "text": state.text.strip(),
        "day": state.ends(DAY, work.today()),
        "view": next(iter(state.values(VIEW)), "all"),
    }
    asked.update({key: state.values(key) for key in _SEVERAL})
    return DenialFilter.of(asked)


def ask_page(work: Work, state: FilterState, span: Span) -> Page[DenialRow]:
    """Return a span of the denied lines that a state asks for."""
    return page_of_denials(work, question_of(work, state), span)


def ask_every(work: Work) -> int:
    """Return how many denied lines there are."""
    return denial_counts(work)["all"]


def ask_view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    """Return how many lines each tab has."""
    span = Span(0, 0, "denied")
    return {key: ask_page(work, state, span).total for key, state in states.items()}


def ask_names(work: Work, state: FilterState) -> Mapping[str, Mapping[str, str]]:
    """Return what picked payers, clinicians and people are called, for their chips."""
    return {
        PAYER: {one.key: one.word for one in _payers(work, state)},
        CLINICIAN: {one.key: one.word for one in _clinicians(work, state)},
        ASSIGNED: {one.key: one.word for one in _people(work, state)},
    }


def denial_views() -> tuple[View, ...]:
    """Return the tabs: what is to be worked on first, the shortest time first."""
    return tuple(
        View(
            key,
            _WORDS.get(key, word),
            FilterState() if key == "all" else FilterState().with_values(VIEW, (key,)),
            good_news=_GOOD_NEWS.get(key, ""),
            counted=key not in ("all", "settled"),
            sort="denied" if key in ("all", "settled") else "deadline",
            descending=key in ("all", "settled"),
        )
        for key, word in VIEWS.items()
    )


def denial_filters() -> tuple[Filter, ...]:
    """Return the chips; the last ones stand behind "+ Filter" until they are set."""
    return (
        DayFilter(DAY, "Denied"),
        ChoiceFilter(
            CATEGORY,
            "Category",
            tuple(Choice(key.value, mark.word) for key, mark in CATEGORIES.items()),
        ),
        ChoiceFilter(PAYER, "Payer", ask=_payers),
        ChoiceFilter(ASSIGNED, "With", ask=_people),
        ChoiceFilter(REASON, "Reason", ask=_reasons, always=False),
        ChoiceFilter(CODE, "Code", ask=_codes, always=False),
        ChoiceFilter(CLINICIAN, "Clinician", ask=_clinicians, always=False),
    )


def _payers(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.short_name) for row in payers(work)]


def _clinicians(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.name) for row in providers(work)]


def _people(work: Work, _state: FilterState) -> Sequence[Choice]:
    found = [Choice(str(row.id), row.name) for row in people(work) if row.active]
    return [Choice(str(NOBODY), "Nobody"), *found]


def _reasons(work: Work, state: FilterState) -> Sequence[Choice]:
    """Return the reasons that occur, in the order of their list, with how many lines have them."""
    counts = _counted(work, state, lambda row: row.carc)
    known = carcs()
    order = {code: at for at, code in enumerate(known)}
    return [
        Choice(code, f"{code} {known[code].words}" if code in known else code, counts[code])
        for code in sorted(filter(None, counts), key=lambda one: (order.get(one, len(order)), one))
    ]


def _codes(work: Work, state: FilterState) -> Sequence[Choice]:
    counts = _counted(work, state, lambda row: row.code)
    return [Choice(code, code, counts[code]) for code in sorted(counts)]


def _counted(work: Work, state: FilterState, key: Callable[[DenialRow], str]) -> Mapping[str, int]:
    return Counter(map(key, ask_page(work, state, _ALL).rows))
