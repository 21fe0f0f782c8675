"""The seven metrics of Home against their goals, as of any day, and the money of each week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.ledger.open_items import dated
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.metric_facts import (
    WINDOW,
    as_day,
    read_collected,
    read_payments,
    read_receivable,
    read_statuses,
    sessions_owed_by_payers,
)
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

WEEKS: Final = 8
"""How many earlier weeks a trend shows."""
WEEK: Final = timedelta(days=7)
OLD: Final = 90
"""A claim older than this many days should not exist."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What the office aims at: less than, more than, or (``exact``) not above the limit."""

    limit: float
    below: bool = True
    exact: bool = False

    def met(self, value: float) -> bool:
        """Return whether a value is on the good side."""
        if self.exact:
            return value <= self.limit
        return value < self.limit if self.below else value > self.limit

    def words(self, unit: str) -> str:
        """Return ``< 10``, ``> 95 %`` or ``0``."""
        sign = "" if self.exact else "< " if self.below else "> "
        return f"{sign}{self.limit:g}{' %' if unit == '%' else ''}"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of Home. None is unknown: nothing has happened yet that it could count.

    ``unit`` is empty, ``days`` or ``%``; ``goal`` is text, ``target`` its number. ``off_by`` is
    how far a missed goal is away. ``trend`` has the same figure of eight earlier weeks, oldest
    first, as the office would have seen it. ``words`` say what is counted.
    """

    key: str
    title: str
    value: float | None
    unit: str
    goal: str
    target: float
    good: bool | None
    off_by: float | None
    trend: tuple[float | None, ...]
    words: str
    list_of: Opens


@dataclass(frozen=True, slots=True)
class MoneyWeek:
    """What came in during the week from Monday ``start`` on, recorded there or posted here."""

    start: date
    insurance: Money
    patient: Money


@dataclass(frozen=True, slots=True)
class _Kind:
    key: str
    title: str
    unit: str
    goal: Goal
    words: str
    list_of: Callable[[date], Opens]


def metrics(work: Work, as_of: date) -> tuple[Metric, ...]:
    """Return the seven metrics as of the end of that day, in the order of the screen."""
    require(work, Right.SEE_REPORTS, "see reports")
    days = [as_of - WEEK * back for back in range(WEEKS, -1, -1)]
    first = days[0] - WINDOW
    statuses = read_statuses(work, first)
    payments = read_payments(work, first, as_of)
    receivable = read_receivable(work, first, as_of)
    collected = read_collected(work, first, as_of)
    readers: dict[str, Callable[[date], float | None]] = {
        "unbilled": lambda day: float(statuses.unbilled_on(day)),
        "days_to_payment": payments.days_to_payment,
        "days_in_ar": receivable.days_open,
        "old_claims": lambda day: float(sessions_owed_by_payers(work, day, older_than=OLD)),
        "denial_rate": statuses.denied_rate,
        "clean_rate": statuses.clean_rate,
        "collection_rate": collected.rate,
    }
    opened = _first_day(work)
    out = []
    for done, kind in enumerate(KINDS):
        work.job.step(done, len(KINDS), kind.title)
        read = readers[kind.key]
        values = [None if opened is None or day < opened else read(day) for day in days]
        out.append(_metric(kind, as_of, values))
    return tuple(out)


def money_by_week(work: Work, as_of: date, weeks: int = 13) -> tuple[MoneyWeek, ...]:
    """Return what payers and patients paid by week, the week of ``as_of`` last.

    It is what closed their receivables, dated by the payment or by the report that told of it;
    what was taken back counts against the week in which it was.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    monday = as_of - timedelta(days=as_of.weekday())
    starts = [monday - WEEK * back for back in range(weeks - 1, -1, -1)]
    rows = dated(
        work,
        "SELECT day, part, -sum(amount) FROM journal_line WHERE account IN ('1100', '1110')"
        " AND day >= :first AND day <= :last AND part IN ('insurance_paid', 'patient_paid')"
        " GROUP BY day, part",
        first=starts[0],
        last=as_of,
    )
    sums = {start: {"insurance_paid": 0, "patient_paid": 0} for start in starts}
    for day, part, cents in rows:
        on = as_day(day)
        sums[on - timedelta(days=on.weekday())][part] += int(cents)
    return tuple(
        MoneyWeek(start, Money(of["insurance_paid"]), Money(of["patient_paid"]))
        for start, of in sums.items()
    )


def _first_day(work: Work) -> date | None:
    """Return the day on which the office first recorded a session: before, nothing is known."""
    found = dated(work, "SELECT day FROM session_status_history ORDER BY id LIMIT 1")
    return as_day(found[0][0]) if found else None


def _metric(kind: _Kind, as_of: date, values: list[float | None]) -> Metric:
    value, goal = values[-1], kind.goal
    good = None if value is None else goal.met(value)
    return Metric(
        key=kind.key,
        title=kind.title,
        value=value,
        unit=kind.unit,
        goal=goal.words(kind.unit),
        target=goal.limit,
        good=good,
        off_by=None if value is None or good else round(abs(value - goal.limit), 1),
        trend=tuple(values[:-1]),
        words=kind.words,
        list_of=kind.list_of(as_of),
    )


def _sessions(**asked: object) -> Callable[[date], Opens]:
    return lambda _as_of: Opens("sessions", asked)


KINDS: Final = (
    _Kind(
        "unbilled",
        "Unbilled sessions",
        "",
        Goal(10),
        "Sessions that were held, have a payer, and are not submitted yet.",
        _sessions(view="unbilled"),
    ),
    _Kind(
        "days_to_payment",
        "Days to payment",
        "days",
        Goal(45),
        "Average days from the service to each payment of a payer recorded in the last 90 days.",
        _sessions(status=("paid",)),
    ),
    _Kind(
        "days_in_ar",
        "Days in A/R",
        "days",
        Goal(40),
        "Everything open, less credits, over the average charges of a day in the last 90 days.",
        lambda _as_of: Opens("aging", {"by": "payer"}),
    ),
    _Kind(
        "old_claims",
        "Claims over 90 days",
        "",
        Goal(0, exact=True),
        "Sessions for which a payer still owes, more than 90 days after the service.",
        lambda as_of: Opens(
            "sessions",
            {"view": "payer_owes", "day": (None, as_of - timedelta(days=OLD + 1))},
        ),
    ),
    _Kind(
        "denial_rate",
        "Denial rate",
        "%",
        Goal(5),
        "Of the sessions that a payer answered in the last 90 days, those it denied.",
        _sessions(view="denied"),
    ),
    _Kind(
        "clean_rate",
        "Clean claims",
        "%",
        Goal(95, below=False),
        "Of the sessions submitted in the last 90 days, those that did not come back to be mended.",
        _sessions(status=("submitted", "pending")),
    ),
    _Kind(
        "collection_rate",
        "Net collection rate",
        "%",
        Goal(95, below=False),
        "Paid, of charges less write-offs, for services of 90 to 31 days ago.",
        lambda as_of: Opens(
            "sessions",
            {"day": (as_of - WINDOW, as_of - timedelta(days=31)), "open": True},
        ),
    ),
)
"""Goals from the source documents (DESIGN.md 1)."""
