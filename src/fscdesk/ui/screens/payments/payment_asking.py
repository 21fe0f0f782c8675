"""The questions of the list of payments: what tabs and chips mean to the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.guarantors import find_guarantors, guarantor
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.payments.listing import (
    VIEWS,
    PaymentFilter,
    PaymentRow,
    page_of_payments,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.wording import ORIGINS, STATUSES
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Filter, View

DAY, VIEW, GUARANTOR, PAYER, BATCH = "day", "view", "guarantor", "payer", "batch"
_SEVERAL = ("method", "status", "origin", PAYER)
_GOOD_NEWS = {
    "unapplied": "All money is applied.",
    "not_deposited": "Every payment is deposited.",
    "returned": "No payment was returned.",
    "voided": "No payment was voided.",
}


def question_of(work: Work, state: FilterState) -> PaymentFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    asked: dict[str, object] = {
        "text": state.text.strip(),
        "day": state.ends(DAY, work.today()),
        "view": _one(state, VIEW) or "all",
    }
    asked.update({key: state.values(key) for key in _SEVERAL})
    for key in (GUARANTOR, BATCH):
        picked = _one(state, key)
        asked[key] = int(picked) if picked else None
    return PaymentFilter.of(asked)


def ask_page(work: Work, state: FilterState, span: Span) -> Page[PaymentRow]:
    """Return a span of the payments that a state asks for."""
    return page_of_payments(work, question_of(work, state), span)


def ask_every(work: Work) -> int:
    """Return how many payments there are."""
    return page_of_payments(work, PaymentFilter(), Span(0, 0, "posted")).total


def ask_view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    """Return how many payments each tab has."""
    span = Span(0, 0, "posted")
    return {
        key: page_of_payments(work, question_of(work, state), span).total
        for key, state in states.items()
    }


def ask_names(work: Work, state: FilterState) -> Mapping[str, Mapping[str, str]]:
    """Return what picked payers and guarantors are called, for their chips."""
    names = {str(row.id): row.fields.short_name for row in payers(work)}
    whose = {one: guarantor(work, int(one)).fields.name for one in state.values(GUARANTOR)}
    return {PAYER: names, GUARANTOR: whose}


def payment_views() -> tuple[View, ...]:
    """Return the tabs, each a question of its own."""
    return tuple(
        View(
            key,
            name,
            FilterState() if key == "all" else FilterState().with_values(VIEW, (key,)),
            good_news=_GOOD_NEWS.get(key, ""),
            counted=key != "all",
        )
        for key, name in VIEWS.items()
    )


def payment_filters() -> tuple[Filter, ...]:
    """Return the chips; the last ones stand behind "+ Filter" until they are set."""
    return (
        DayFilter(DAY, "Posted"),
        ChoiceFilter("method", "Method", tuple(Choice(key, word) for key, word in METHODS)),
        ChoiceFilter(PAYER, "Payer", ask=_payers),
        ChoiceFilter("status", "Status", _choices(STATUSES), always=False),
        ChoiceFilter("origin", "Came from", _choices(ORIGINS), always=False),
        ChoiceFilter(GUARANTOR, "Guarantor", ask=_guarantors, always=False, single=True),
    )


def _choices(words: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, word) for key, word in words.items())


def _payers(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.short_name) for row in payers(work)]


def _guarantors(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.name) for row in find_guarantors(work, "")]


def _one(state: FilterState, key: str) -> str:
    return next(iter(state.values(key)), "")
