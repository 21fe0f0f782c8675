"""The questions of the queue: what tabs and chips mean to the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.listing_items import (
    NOBODY,
    VIEWS,
    ItemKind,
    QueueFilter,
    QueueItem,
    Urgency,
    chip_counts,
    counts_of,
    page_of_items,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.setup.people import people
from fscdesk.services.work import Work
from fscdesk.ui.screens.queue.wording import KINDS, URGENCIES, things
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Filter, View

VIEW, KIND, URGENCY, PAYER, WITH = "view", "kind", "urgency", "payer", "with"
_CHIPS = (KIND, URGENCY, PAYER, WITH)
_SETS: Final[Mapping[str, tuple[str, tuple[ItemKind, ...], str]]] = {
    "denied": ("Denied", (ItemKind.DENIED,), "Nothing is denied."),
    "deadline": ("Last day near", (ItemKind.DEADLINE,), "No claim is near its last day."),
    "money": (
        "Money to place",
        (
            *(ItemKind.REMITTANCE, ItemKind.UNPOSTED, ItemKind.CREDIT, ItemKind.CLEARING),
            *(ItemKind.RECOUPMENT, ItemKind.RETURNED, ItemKind.OVERPAID, ItemKind.MONEY_OFF),
            *(ItemKind.MONEY_MISSING, ItemKind.MONEY_UNNAMED, ItemKind.BANK_LINES),
            *(ItemKind.NOT_BANKED, ItemKind.TO_DEPOSIT),
        ),
        "All money has its place.",
    ),
}
"""Tabs that are a few kinds: their name, the kinds, what their emptiness means."""
_GOOD_NEWS: Final = {
    "all": "Nothing waits for a person.",
    "mine": "Nothing waits for you.",
    "unassigned": "Everything that waits is with somebody.",
    "snoozed": "Nothing is asleep.",
    "done": "Nothing is set aside.",
}
_FIRST: Final = ("all", "mine", "unassigned")


def question_of(state: FilterState) -> QueueFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    asked: dict[str, object] = {
        "text": state.text.strip(),
        "view": next(iter(state.values(VIEW)), "all"),
    }
    asked.update({key: state.values(key) for key in _CHIPS})
    return QueueFilter.of(asked)


def ask_page(work: Work, state: FilterState, span: Span) -> Page[QueueItem]:
    """Return a span of the things that a state asks for."""
    return page_of_items(work, question_of(state), span)


def ask_every(work: Work) -> int:
    """Return how many things wait now."""
    return page_of_items(work, QueueFilter(), Span(0, 0, "lost")).total


def ask_view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    """Return how many things each tab has."""
    return counts_of(work, {key: question_of(state) for key, state in states.items()})


def counted_words(state: FilterState, count: int) -> str:
    """Return how many things are shown; of what is denied also what is counted as one."""
    if state.values(KIND) != (ItemKind.DENIED.value,) or not count:
        return things(count)
    return f"{things(count)}: each denied claim once, and denied sessions on no claim"


def ask_names(work: Work) -> Mapping[str, Mapping[str, str]]:
    """Return what payers and people are called, for their chips."""
    return {
        PAYER: {str(row.id): row.fields.short_name for row in payers(work)},
        WITH: {str(NOBODY): "Nobody", **{str(row.id): row.name for row in people(work)}},
    }


def queue_views() -> tuple[View, ...]:
    """Return the tabs: what waits now, some kinds of it, and what is out of sight."""
    kept = {
        key: View(key, VIEWS[key], _state(key), good_news=_GOOD_NEWS[key], counted=key != "done")
        for key in VIEWS
    }
    sets = [
        View(
            key,
            name,
            FilterState().with_values(KIND, [one.value for one in kinds]),
            good_news=good_news,
        )
        for key, (name, kinds, good_news) in _SETS.items()
    ]
    rest = [view for key, view in kept.items() if key not in _FIRST]
    return (*(kept[key] for key in _FIRST), *sets, *rest)


def queue_filters() -> tuple[Filter, ...]:
    """Return the chips, each with the counts of what it would show."""
    return (
        ChoiceFilter(KIND, "Kind", _kinds(), ask=_counted(KIND, _kinds, lambda one: one.kind)),
        ChoiceFilter(
            URGENCY, "Severity", _urgencies(), ask=_counted(URGENCY, _urgencies, _urgency_of)
        ),
        ChoiceFilter(PAYER, "Payer", ask=_payers),
        ChoiceFilter(WITH, "With", ask=_people),
    )


def _state(view: str) -> FilterState:
    return FilterState() if view == "all" else FilterState().with_values(VIEW, (view,))


def _kinds() -> tuple[Choice, ...]:
    return tuple(Choice(one.value, word) for one, word in KINDS.items())


def _urgencies() -> tuple[Choice, ...]:
    return tuple(
        Choice(one.value, word, status=("severity", one.value)) for one, word in URGENCIES.items()
    )


def _urgency_of(item: QueueItem) -> Urgency:
    return item.urgency


def _counted(
    key: str, choices: Callable[[], Sequence[Choice]], of: Callable[[QueueItem], object]
) -> Callable[[Work, FilterState], Sequence[Choice]]:
    """Return what asks for a chip's values: those of which there is something, and those set."""

    def ask(work: Work, state: FilterState) -> Sequence[Choice]:
        found = chip_counts(work, question_of(state.without(key)), of)
        picked = state.values(key)
        return [
            Choice(one.key, one.word, found.get(one.key, 0), one.status)
            for one in choices()
            if one.key in found or one.key in picked
        ]

    return ask


def _payers(work: Work, state: FilterState) -> Sequence[Choice]:
    return _named(work, state, PAYER, lambda one: one.payer_id)


def _people(work: Work, state: FilterState) -> Sequence[Choice]:
    return _named(work, state, WITH, lambda one: one.assigned_to or NOBODY)


def _named(
    work: Work, state: FilterState, key: str, of: Callable[[QueueItem], int | None]
) -> Sequence[Choice]:
    found = chip_counts(work, question_of(state.without(key)), of)
    picked = state.values(key)
    return [
        Choice(one, word, found.get(int(one), 0))
        for one, word in ask_names(work)[key].items()
        if int(one) in found or one in picked
    ]
