"""What a day takes: asked while an entry is written, so that nobody is refused at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.ledger import EntryKind
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import (
    PeriodStatus,
    month_words,
    open_days,
    require_takes,
)
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

__all__ = ["DayTakes", "day_takes"]

_STATES = {
    PeriodStatus.OPEN: "open",
    PeriodStatus.SOFT_CLOSED: "soft-closed",
    PeriodStatus.CLOSED: "closed",
}


@dataclass(frozen=True, slots=True)
class DayTakes:
    """Whether a day takes an entry of a kind by the person at the desk.

    ``asks_reason``: with a written reason. ``words`` says how the month stands and what to do,
    "" for an open one. ``first_open`` is the first day that takes everything.
    """

    takes: bool
    asks_reason: bool
    words: str
    first_open: date | None


def day_takes(work: Work, on: date, kind: EntryKind) -> DayTakes:
    """Return whether an entry can be posted on a day, and how."""
    days = open_days(work)
    if not may(work, Right.KEEP_BOOKS):
        words = "You may not post journal entries. Ask who keeps the books."
        return DayTakes(takes=False, asks_reason=False, words=words, first_open=days.first)
    status = days.status(on)
    if status is PeriodStatus.OPEN:
        refused = _refusal(work, on, kind, None)
        words = "" if refused is None else _sentence(refused)
        return DayTakes(refused is None, asks_reason=False, words=words, first_open=days.first)
    state = f"{month_words(on)} is {_STATES[status]}."
    if _refusal(work, on, kind, None) is None:
        words = f"{state} It still takes adjusting entries."
        return DayTakes(takes=True, asks_reason=False, words=words, first_open=days.first)
    refused = _refusal(work, on, kind, "asked")
    if refused is None:
        words = f"{state} Say why it belongs there, or choose a day from"
        words = f"{words} {days.postable(on):%m/%d/%Y} on."
        return DayTakes(takes=True, asks_reason=True, words=words, first_open=days.first)
    return DayTakes(takes=False, asks_reason=False, words=_sentence(refused), first_open=days.first)


def _refusal(work: Work, on: date, kind: EntryKind, reason: str | None) -> Problem | None:
    try:
        require_takes(work, open_days(work), on, kind, reason)
    except Problem as refused:
        return refused
    return None


def _sentence(refused: Problem) -> str:
    hint = (refused.hint or "").removeprefix("Nothing was posted.").strip()
    return f"{refused.message} {hint}".strip()
