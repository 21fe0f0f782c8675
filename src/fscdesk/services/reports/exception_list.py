"""The exceptions as a list: filtered, sorted, counted; read once until something changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.remembering import remembered
from fscdesk.services.reports.exceptions import (
    WORDS,
    BankException,
    ExceptionKind,
    Opens,
    exceptions,
)
from fscdesk.services.work import Topic, Work

__all__ = [
    "TOPICS",
    "WORDS",
    "BankException",
    "ExceptionFilter",
    "ExceptionKind",
    "ExceptionRow",
    "Opens",
    "exception_counts",
    "exception_sums",
    "page_of_exceptions",
]

TOPICS: Final = frozenset(
    {
        *(Topic.BANK, Topic.PAYMENTS, Topic.LEDGER, Topic.REMITTANCES, Topic.IMPORTS),
        *(Topic.BOOKS, Topic.PATIENTS, Topic.PAYERS, Topic.SESSIONS),
    }
)
"""What can open or close an exception, or change what it is called."""
_SORTS: Final[Mapping[str, Callable[[BankException], Any]]] = MappingProxyType(
    {
        "since": lambda one: one.since,
        "days": lambda one: one.days,
        "kind": lambda one: list(ExceptionKind).index(one.kind),
        "number": lambda one: one.number,
        "who": lambda one: one.who.casefold(),
        "words": lambda one: one.words.casefold(),
        "amount": lambda one: one.amount,
        "to_do": lambda one: one.to_do,
    }
)


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception with a number that is the same at every look."""

    id: int
    exception: BankException


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """The question above the list; empty means any. ``first`` and ``last`` bound ``since``."""

    text: str = ""
    kinds: frozenset[ExceptionKind] = frozenset()
    first: date | None = None
    last: date | None = None


def page_of_exceptions(work: Work, asked: ExceptionFilter, span: Span) -> Page[ExceptionRow]:
    """Return a span of the exceptions of today, with what they come to if they are of one kind.

    A remittance without its money and a deposit that the bank has not shown are no sum of
    anything: over several kinds `exception_sums` has one for each. ``span.sort`` is a key of
    what is shown: since, days, kind, number, who, words, amount.
    """
    found = _asked(work, asked)
    found.sort(key=lambda row: (_SORTS[span.sort](row.exception), row.id), reverse=span.descending)
    sums = _sums(found)
    rows = tuple(found[span.start : span.start + span.size])
    totals = {"amount": sum(sums.values(), ZERO)} if len(sums) <= 1 else {}
    return Page(span.start, len(found), rows, totals)


def exception_sums(work: Work, asked: ExceptionFilter) -> Mapping[ExceptionKind, Money]:
    """Return what the exceptions of each kind come to that match a question."""
    return _sums(_asked(work, asked))


def exception_counts(
    work: Work, asked: ExceptionFilter | None = None
) -> Mapping[ExceptionKind, int]:
    """Return how many exceptions of each kind match a question, whichever kinds it asks for."""
    wanted = asked or ExceptionFilter()
    rows = _asked(work, ExceptionFilter(wanted.text, frozenset(), wanted.first, wanted.last))
    return Counter(row.exception.kind for row in rows)


def _sums(rows: Sequence[ExceptionRow]) -> dict[ExceptionKind, Money]:
    found: dict[ExceptionKind, Money] = {}
    for row in rows:
        kind = row.exception.kind
        found[kind] = found.get(kind, ZERO) + row.exception.amount
    return found


def _asked(work: Work, asked: ExceptionFilter) -> list[ExceptionRow]:
    words = asked.text.casefold().split()
    return [
        row
        for row in _every(work)
        if (not asked.kinds or row.exception.kind in asked.kinds)
        and (asked.first is None or row.exception.since >= asked.first)
        and (asked.last is None or row.exception.since <= asked.last)
        and all(word in _found_by(row.exception) for word in words)
    ]


def _every(work: Work) -> Sequence[ExceptionRow]:
    require(work, Right.SEE_REPORTS, "see exceptions")
    return remembered(
        work,
        TOPICS,
        ("exceptions", work.today()),
        lambda: tuple(ExceptionRow(_id_of(one), one) for one in exceptions(work)),
    )


def _id_of(one: BankException) -> int:
    key = f"{one.kind.value}:{one.opens.value}:{one.opens_id}:{one.number}:{one.words}"
    return int.from_bytes(sha256(key.encode()).digest()[:7], "big")


def _found_by(one: BankException) -> str:
    told = (WORDS[one.kind], one.number, one.who, one.words, one.amount.plain(), one.to_do)
    return " ".join(told).casefold()
