"""Asks for the lines of account 1060: of three kinds, filtered, sorted and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.clearing_list import (
    CLIENT_PAID,
    PAYER_PAID,
    WRITTEN_OFF,
    Clearing,
    clearing_list,
)
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work
from fscdesk.ui.tables.filter_state import FilterState

VIEW, PART = "view", "part"
PAID, LEFT, REFUNDS = "paid", "left", "refunds"
TOPICS = frozenset(
    {
        Topic.PAYMENTS,
        Topic.LEDGER,
        Topic.SESSIONS,
        Topic.IMPORTS,
        Topic.PATIENTS,
        Topic.APPROVALS,
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that stands open between the two systems, of any of the three kinds.

    ``what`` says which part of the charge, or which payment. ``amount`` is None where the books
    do not know it; ``request_id`` is the request that a write-off waits in.
    """

    id: int
    view: str
    day: date | None
    who: str
    number: str
    payer: str
    code: str
    part: str
    what: str
    since: date | None
    amount: Money | None
    reason: str
    session_id: int | None = None
    patient_id: int | None = None
    payment_id: int | None = None
    charge_id: int | None = None
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line, and how account 1060 stands against the list."""

    line: Line
    ledger: Money
    difference: Money


def parts_of(patient: str) -> Mapping[str, str]:
    """Return what the parts of a charge are called; ``patient`` is the practice's word."""
    return {
        CLIENT_PAID: f"{patient} paid",
        PAYER_PAID: "Payer paid",
        WRITTEN_OFF: "Written off",
    }


def clearing(work: Work) -> Clearing:
    """Return the list, kept until something of it changes: three views count it."""
    return remembered(work, TOPICS, ("clearing", work.actor.staff_id), lambda: clearing_list(work))


def _lines(words: Mapping[str, str], found: Clearing) -> list[Line]:
    parts = list(words)
    lines = [
        Line(
            id=(one.charge_id or 0) * 4 + parts.index(one.part) + 1,
            view=PAID,
            day=one.day,
            who=one.patient or "Nobody",
            number=one.number,
            payer=one.payer,
            code=one.code,
            part=one.part,
            what=words[one.part],
            since=one.since,
            amount=one.amount,
            reason=one.reason,
            session_id=one.session_id,
            patient_id=one.patient_id,
            charge_id=one.charge_id,
            request_id=one.request_id,
        )
        for one in found.lines
    ]
    lines += [
        Line(
            id=-2 * at - 1,
            view=LEFT,
            day=one.received_on,
            who=one.owner,
            number="",
            payer="",
            code="",
            part="",
            what=one.payment,
            since=one.received_on,
            amount=one.left,
            reason=one.reason,
            payment_id=one.payment_id,
        )
        for at, one in enumerate(found.left_over)
    ]
    lines += [
        Line(
            id=-2 * at - 2,
            view=REFUNDS,
            day=None,
            who=one.file_name,
            number="",
            payer="",
            code="",
            part="",
            what=f"Row {one.line}",
            since=None,
            amount=None,
            reason=one.reason,
        )
        for at, one in enumerate(found.refunds)
    ]
    return lines


def _matching(words: Mapping[str, str], work: Work, state: FilterState) -> list[Line]:
    view = next(iter(state.values(VIEW)), PAID)
    parts, text = state.values(PART), fold(state.text).split()
    return [
        line
        for line in _lines(words, clearing(work))
        if line.view == view
        and (not parts or line.part in parts)
        and all(word in fold(f"{line.who} {line.number} {line.reason}") for word in text)
    ]


def ask_page(words: Mapping[str, str], work: Work, state: FilterState, span: Span) -> Page[Line]:
    """Answer a span of the lines of a view. ``totals``: amount, ledger, difference."""
    found = _matching(words, work, state)
    found.sort(key=lambda line: (_SORTS[span.sort](line), line.id), reverse=span.descending)
    everything = clearing(work)
    total = Money(sum((line.amount or Money()).cents for line in found))
    totals = {"amount": total, "ledger": everything.ledger, "difference": everything.difference}
    part = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), part, totals)


def ask_counts(
    words: Mapping[str, str], work: Work, states: Mapping[str, FilterState]
) -> Mapping[str, int]:
    """Return how many lines each view has."""
    return {key: len(_matching(words, work, state)) for key, state in states.items()}


_SORTS: Mapping[str, Callable[[Line], str]] = {
    "day": lambda line: str(line.day or ""),
    "who": lambda line: fold(line.who),
    "payer": lambda line: fold(line.payer),
    "what": lambda line: fold(line.what),
    "since": lambda line: str(line.since or ""),
    "amount": lambda line: f"{(line.amount or Money()).cents + 10**15:020d}",
    "reason": lambda line: fold(line.reason),
    "code": lambda line: line.code,
}
