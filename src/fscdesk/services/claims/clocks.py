"""The days that run on a claim: to file it, to correct it, to appeal, each with a band.

How many days a payer gives is the payer's own (Setup, Payers); a claim whose payer has none
typed has no clock. Filing counts from the first day of service, behind another payer from that
payer's answer, a correction from the payer's answer (before there is one: from the first sending
of what it corrects), an appeal from the denial (``domain/features.md`` 3.4, 38).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fscdesk.models.claim import ClaimStatus, Frequency

UNSENT: Final = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED, ClaimStatus.REJECTED)
"""Not at the payer: what is rejected never reached it, so its time to file goes on."""
DECIDED_AGAINST: Final = (ClaimStatus.DENIED, ClaimStatus.PARTIALLY_PAID)
"""Where a denial can be corrected or argued with."""
WAITING: Final = (
    ClaimStatus.SUBMITTED,
    ClaimStatus.ACKNOWLEDGED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.PENDING,
)
"""Sent, and the payer has not decided."""
_MUCH_USED: Final = 75
_NEAR, _VERY_NEAR = 14, 7
_SILENT: Final = ((90, "critical"), (60, "high"), (30, "medium"))


class ClockKind(enum.StrEnum):
    """What must be done by the day."""

    FILE = "file"
    CORRECT = "correct"
    APPEAL = "appeal"


class Band(enum.StrEnum):
    """How near the day is; from ``USED`` on a screen marks it."""

    OK = "ok"
    USED = "used"
    DAYS_14 = "days_14"
    DAYS_7 = "days_7"
    OVERDUE = "overdue"


WORDS: Final = {
    ClockKind.FILE: "File",
    ClockKind.CORRECT: "Correct",
    ClockKind.APPEAL: "Appeal",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit: what it is for, its last day, and how many days are left (below 0: over)."""

    what: ClockKind
    due_on: date
    left: int
    band: Band

    @property
    def words(self) -> str:
        """Return it as a list shows it: ``File in 12 days``, ``Appeal 3 days over``."""
        days = "1 day" if abs(self.left) == 1 else f"{abs(self.left)} days"
        doing = WORDS[self.what]
        if self.left < 0:
            return f"{doing} {days} over"
        return f"{doing} today" if self.left == 0 else f"{doing} in {days}"


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What the clocks of a claim go by.

    ``filed_from`` is the day on which the payer before it answered, for a claim that stands behind
    another: filing counts from there. ``corrects_answer_of`` is the day on which the payer answered
    the claim that this one replaces or takes back, ``corrects_sent_on`` the day on which that was
    first sent: a replacement counts from there until it is answered. ``appeal_due_on`` is the
    limit of an appeal that is open and not sent. ``to_enter``: it counts as sent, and nobody has
    typed it into the payer's portal yet.
    """

    status: ClaimStatus
    frequency: Frequency
    first_day: date
    answered_on: date | None = None
    denied_on: date | None = None
    filed_from: date | None = None
    corrects_answer_of: date | None = None
    corrects_sent_on: date | None = None
    appeal_due_on: date | None = None
    filing_days: int | None = None
    corrected_days: int | None = None
    appeal_days: int | None = None
    to_enter: bool = False


def clocks_of(facts: ClockFacts, today: date) -> tuple[Clock, ...]:
    """Return the clocks that run on a claim today, the nearest first; none where none runs."""
    running: list[Clock | None] = []
    if facts.status in UNSENT or facts.to_enter:
        if facts.frequency is Frequency.ORIGINAL:
            filed_from = facts.filed_from or facts.first_day
            running.append(_clock(ClockKind.FILE, filed_from, facts.filing_days, today))
        else:
            start = facts.corrects_answer_of
            if start is None and facts.frequency is Frequency.REPLACEMENT:
                start = facts.corrects_sent_on
            running.append(_clock(ClockKind.CORRECT, start, facts.corrected_days, today))
    elif facts.status in DECIDED_AGAINST and facts.denied_on is not None:
        answered = facts.answered_on or facts.denied_on
        running.append(_clock(ClockKind.CORRECT, answered, facts.corrected_days, today))
        running.append(_clock(ClockKind.APPEAL, facts.denied_on, facts.appeal_days, today))
    elif facts.status is ClaimStatus.APPEALING and facts.appeal_due_on is not None:
        start, due = facts.denied_on or facts.appeal_due_on, facts.appeal_due_on
        running.append(_clock(ClockKind.APPEAL, start, (due - start).days, today))
    found = [one for one in running if one is not None]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.what)))


def silence(status: ClaimStatus, sent_on: date | None, today: date) -> str:
    """Return how grave a payer's silence is: ``medium``, ``high``, ``critical``, or nothing.

    From 30, 60 and 90 days after the claim was last sent (DESIGN.md 9).
    """
    if status not in WAITING or sent_on is None:
        return ""
    days = (today - sent_on).days
    return next((word for limit, word in _SILENT if days >= limit), "")


def band_of(start: date, due_on: date, today: date) -> Band:
    """Return the band of a limit that began on ``start`` and ends with ``due_on``."""
    left = (due_on - today).days
    if left < 0:
        return Band.OVERDUE
    if left <= _VERY_NEAR:
        return Band.DAYS_7
    if left <= _NEAR:
        return Band.DAYS_14
    gone, given = (today - start).days, (due_on - start).days
    return Band.USED if gone * 100 >= given * _MUCH_USED else Band.OK


def _clock(what: ClockKind, start: date | None, days: int | None, today: date) -> Clock | None:
    if start is None or days is None:
        return None
    due = start + timedelta(days=days)
    return Clock(what, due, (due - today).days, band_of(start, due, today))
