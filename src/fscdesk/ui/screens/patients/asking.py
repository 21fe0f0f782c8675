"""The questions of the list of patients: what tabs and chips mean to the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.queries import (
    NOBODY,
    PatientFilter,
    PatientRow,
    page_of_patients,
    patient_counts,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Filter, View

VIEW, PAYER, CLINICIAN = "view", "payer", "clinician"
_GOOD_NEWS = MappingProxyType(
    {
        "client_owes": "Nobody owes us anything.",
        "credits": "Nobody has a credit.",
        "no_address": "Everybody has an address.",
        "same_name": "No name stands for two.",
        "inactive": "Everybody is active.",
    }
)


def question_of(state: FilterState) -> PatientFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    return PatientFilter(
        text=state.text.strip(),
        payers=tuple(int(one) for one in state.values(PAYER)),
        providers=tuple(int(one) for one in state.values(CLINICIAN)),
        view=next(iter(state.values(VIEW)), "all"),
    )


def ask_page(work: Work, state: FilterState, span: Span) -> Page[PatientRow]:
    """Return a span of the patients that a state asks for."""
    return page_of_patients(work, question_of(state), span)


def ask_every(work: Work) -> int:
    """Return how many patients there are."""
    return patient_counts(work)["all"]


def ask_view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    """Return how many patients each tab has."""
    return {key: _count(work, question_of(state)) for key, state in states.items()}


def patient_views() -> tuple[View, ...]:
    """Return the tabs, each a question of its own."""
    return (
        View("all", "All", counted=False),
        _view("client_owes", "Owe us", sort="client", descending=True),
        _view("credits", "Credits"),
        _view("no_address", "No address"),
        _view("same_name", "Two with one name"),
        _view("inactive", "Inactive"),
    )


def patient_filters() -> tuple[Filter, ...]:
    """Return the chips: payer and clinician, with counts."""
    return (
        ChoiceFilter(PAYER, "Payer", ask=_ask(PAYER, _payer_words)),
        ChoiceFilter(CLINICIAN, "Clinician", ask=_ask(CLINICIAN, _clinician_words)),
    )


def none_words(practice: PracticeFacts, state: FilterState) -> str:
    """Say why nothing is shown."""
    noun = practice.patients.lower()
    if state.text.strip():
        return f"No {noun} have “{state.text.strip()}” in their name, number or spellings."
    return f"No {noun} match these filters."


def _view(key: str, name: str, *, sort: str = "", descending: bool = False) -> View:
    filters = FilterState().with_values(VIEW, (key,))
    return View(key, name, filters, _GOOD_NEWS[key], sort=sort, descending=descending)


def _payer_words(work: Work) -> list[tuple[int, str]]:
    found = [(row.id, row.fields.short_name) for row in payers(work)]
    return [(NOBODY, "Self-pay"), *found]


def _clinician_words(work: Work) -> list[tuple[int, str]]:
    found = [(row.id, row.fields.name) for row in providers(work)]
    return [*found, (NOBODY, "None")]


def _ask(
    key: str, words: Callable[[Work], list[tuple[int, str]]]
) -> Callable[[Work, FilterState], Sequence[Choice]]:
    def ask(work: Work, state: FilterState) -> Sequence[Choice]:
        found = []
        for one, word in words(work):
            wanted = question_of(state.with_values(key, (str(one),)))
            count = _count(work, wanted)
            if count or str(one) in state.values(key):
                found.append(Choice(str(one), word, count))
        return found

    return ask


def _count(work: Work, wanted: PatientFilter) -> int:
    return page_of_patients(work, wanted, Span(0, 0, "name")).total
