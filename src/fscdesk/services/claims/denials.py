"""The list of denied lines: what it finds, in which order, and with which sums.

Denials are few beside claims: all of them are read once for as long as nothing changes, and
every view, search and order is made of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from fscdesk.models.values import ZERO
from fscdesk.services.asked import fields_asked
from fscdesk.services.claims.denied_lines import DenialRow, denied_lines
from fscdesk.services.days_meant import days_meant
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.remembering import remembered
from fscdesk.services.remittances.reasons import Category
from fscdesk.services.remittances.seeing import DENIALS, require_seeing
from fscdesk.services.work import Topic, Work

__all__ = [
    "NOBODY",
    "SORTS",
    "VIEWS",
    "Category",
    "DenialFilter",
    "DenialRow",
    "denial_counts",
    "denials_of_session",
    "find_denials",
    "page_of_denials",
]

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "open": "Open",
        "mine": "Mine",
        "appeals": "Appeals",
        "settled": "Settled",
        "all": "All",
    }
)
"""The built-in views. ``open`` has money with the payer and no appeal, ``settled`` has no money
open any more, ``mine`` is what of ``open`` and ``appeals`` is the person's at the desk."""
NOBODY: Final = 0
"""Of the chip of who a claim is assigned to: nobody."""
TOPICS: Final = frozenset(
    {
        *(Topic.CLAIMS, Topic.REMITTANCES, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS),
        *(Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.STAFF, Topic.IMPORTS),
    }
)
_ORDER: Final = {one: at for at, one in enumerate(Category)}
_KEYS: Mapping[str, Callable[[DenialRow], Any]] = MappingProxyType(
    {
        "denied": lambda one: one.denied_on,
        "day": lambda one: one.day,
        "number": lambda one: one.number,
        "patient": lambda one: one.sort_name,
        "payer": lambda one: one.payer,
        "clinician": lambda one: one.clinician,
        "code": lambda one: one.code,
        "reason": lambda one: (len(one.carc), one.carc, one.group),
        "category": lambda one: _ORDER[one.category],
        "amount": lambda one: one.amount,
        "open": lambda one: one.open,
        "deadline": lambda one: None if one.deadline is None else one.deadline.due_on,
        "assigned": lambda one: one.assigned or None,
        "next_action": lambda one: one.next_action_on,
    }
)
SORTS: Final = (*_KEYS,)


@dataclass(frozen=True, slots=True)
class DenialFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which is found in the client, the payer, the clinician, the
    claim's number, the codes, the reason, or its category, or is the service's day.
    ``from_day`` and ``to_day`` are of the denial. ``carcs`` are without their group,
    ``categories`` values of `Category`.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    payers: tuple[int, ...] = ()
    clinicians: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    carcs: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    assigned: tuple[int, ...] = ()
    view: str = "open"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> DenialFilter:
        """Read what the table part holds: text, view, day (first, last), and its chips.

        These are code, reason, category, payer, clinician, assigned. Raises KeyError for any
        other key.
        """
        return cls(
            **fields_asked(
                asked,
                {"text": "text", "view": "view"},
                texts={"code": "codes", "reason": "carcs", "category": "categories"},
                numbers={"payer": "payers", "clinician": "clinicians", "assigned": "assigned"},
                days=True,
            )
        )


def page_of_denials(work: Work, wanted: DenialFilter, span: Span) -> Page[DenialRow]:
    """Return a span of the matching lines, how many match, and the sums of them.

    ``span.sort`` is one of ``SORTS``; what has no deadline, owner or next day stands last in
    both orders. The sums are ``amount`` (billed) and ``open``.
    """
    require_seeing(work, DENIALS, "denials")
    return find_denials(work, wanted, span)


def find_denials(work: Work, wanted: DenialFilter, span: Span) -> Page[DenialRow]:
    """Return what ``page_of_denials`` does, for the program itself: nobody is asked."""
    found = _matching(work, wanted)
    totals = {
        "amount": sum((one.amount for one in found), ZERO),
        # A charge that two payers have denied is open once.
        "open": sum({one.charge_id: one.open for one in found}.values(), ZERO),
    }
    shown = _in_order(found, span)[span.start : span.start + span.size]
    return Page(span.start, len(found), tuple(shown), totals)


def denial_counts(work: Work, base: DenialFilter | None = None) -> dict[str, int]:
    """Return how many lines each built-in view has, within ``base``: for the tabs."""
    within = base or DenialFilter()
    return {view: len(_matching(work, replace(within, view=view))) for view in VIEWS}


def denials_of_session(work: Work, session_id: int) -> tuple[DenialRow, ...]:
    """Return the denied lines of a session, as they were billed."""
    return tuple(one for one in _all(work) if one.session_id == session_id)


def _all(work: Work) -> tuple[DenialRow, ...]:
    return remembered(work, TOPICS, ("denials", work.today()), lambda: denied_lines(work))


def _matching(work: Work, wanted: DenialFilter) -> list[DenialRow]:
    view, words = _VIEWED[wanted.view], wanted.text.split()
    meant = [(fold(word), frozenset(days_meant(word, work.today()))) for word in words]
    return [
        one
        for one in _all(work)
        if view(one, work.actor.staff_id)
        and _picked(one, wanted)
        and all(_says(one, word, days) for word, days in meant)
    ]


def _picked(one: DenialRow, wanted: DenialFilter) -> bool:
    chips: tuple[tuple[Sequence[object], object], ...] = (
        (wanted.payers, one.payer_id),
        (wanted.clinicians, one.clinician_id),
        (wanted.codes, one.code),
        (wanted.carcs, one.carc),
        (wanted.categories, one.category.value),
        (wanted.assigned, one.assigned_to or NOBODY),
    )
    return (
        (wanted.from_day is None or one.denied_on >= wanted.from_day)
        and (wanted.to_day is None or one.denied_on <= wanted.to_day)
        and all(not chosen or value in chosen for chosen, value in chips)
    )


def _says(one: DenialRow, word: str, days: frozenset[date]) -> bool:
    said = (one.patient, one.payer, one.clinician, one.number, one.code, one.why, one.reason)
    return one.day in days or word in fold(" ".join((*said, one.category.value)))


def _open(one: DenialRow) -> bool:
    return one.open > ZERO and not one.appealing


_VIEWED: Mapping[str, Callable[[DenialRow, int], bool]] = MappingProxyType(
    {
        "open": lambda one, _: _open(one),
        "mine": lambda one, me: one.assigned_to == me and (_open(one) or one.appealing),
        "appeals": lambda one, _: one.appealing,
        "settled": lambda one, _: not (_open(one) or one.appealing),
        "all": lambda *_: True,
    }
)


def _in_order(found: Sequence[DenialRow], span: Span) -> list[DenialRow]:
    key = _KEYS[span.sort]
    known = [one for one in found if key(one) is not None]
    known.sort(key=lambda one: (key(one), one.charge_id, one.payer_id), reverse=span.descending)
    return [*known, *(one for one in found if key(one) is None)]
