"""Payment plans as arithmetic: what is paid down, when each part is due, what interest it bears.

Pure: no database and no clock. How the figures are made:

- *Down payment*: the practice's least share of the total (20 %), rounded up to the cent, unless
  another amount is agreed. What is left is *financed*.
- *Principal*: the financed amount in equal parts of whole cents; what does not divide goes to the
  last part. The parts add up to the cent.
- *Due days* are counted from the first one, never from the one before: monthly from 31 January
  falls on 28 (or 29) February, 31 March, 30 April.
- *Interest* is simple, in basis points a year on the principal that the schedule has left:
  ``principal left x points x days / (10,000 x 365)`` for the days since the due day before (for
  the first part, since the agreement), rounded half-even to the cent, each part by itself. There
  is no interest on interest, and a leap year's day counts as any other.
"""

from __future__ import annotations

import calendar
import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fscdesk.models.plan import Every
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding

POINTS: Final = 10_000
"""Basis points in a whole."""
YEAR_DAYS: Final = 365
MOST_PARTS: Final = 200
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3}
_WEEKS = {Every.WEEK: 1, Every.TWO_WEEKS: 2}


class Limit(enum.StrEnum):
    """Which limit a plan breaks; the code of its finding."""

    TOTAL = "plan-total"
    DOWN = "plan-down-payment"
    NUMBER = "plan-number"
    FIRST_DUE = "plan-first-due"
    TOO_LONG = "plan-too-long"
    INTEREST = "plan-interest"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed. ``down`` is what is paid at once; ``apr_points`` is 500 for 5 % a year."""

    total: Money
    down: Money
    number: int
    every: Every
    agreed_on: date
    first_due_on: date
    apr_points: int = 0

    @property
    def financed(self) -> Money:
        """What the instalments pay."""
        return self.total - self.down


@dataclass(frozen=True, slots=True)
class Limits:
    """What the practice allows (DESIGN 9): the least down, the longest, the interest it takes.

    ``paid_before`` was paid on the plan that this one replaces: it counts as paid down.
    """

    down_percent: int = 20
    longest_months: int = 24
    apr_points: int = 500
    paid_before: Money = ZERO


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment: when it is due, and of what it is made. ``left`` is financed still after."""

    position: int
    due_on: date
    principal: Money
    interest: Money
    left: Money

    @property
    def amount(self) -> Money:
        """What is to be paid on the day."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Schedule:
    """The terms with their instalments."""

    terms: Terms
    parts: tuple[Part, ...]

    @property
    def interest(self) -> Money:
        """All interest, if everything is paid on its day."""
        return Money(sum(part.interest.cents for part in self.parts))

    @property
    def of_payments(self) -> Money:
        """All instalments together; the down payment is not among them."""
        return self.terms.financed + self.interest


def least_down(total: Money, limits: Limits) -> Money:
    """Return the least that is paid down: the share of the total, rounded up to the cent."""
    whole = total.cents + limits.paid_before.cents
    least = -(-whole * limits.down_percent // 100) - limits.paid_before.cents
    return Money(max(least, 0))


def due_day(first: date, every: Every, step: int) -> date:
    """Return the ``step``-th due day after the first, counted from the first."""
    if every in _WEEKS:
        return first + timedelta(weeks=_WEEKS[every] * step)
    return months_after(first, _MONTHS[every] * step)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def interest_of(day_cents: int, apr_points: int) -> Money:
    """Return the simple interest on cents x days, rounded half-even to the cent."""
    return rounded(day_cents * apr_points, POINTS * YEAR_DAYS)


def rounded(top: int, bottom: int) -> Money:
    """Return a fraction of cents that is not negative, rounded half-even: banker's rounding."""
    whole, rest = divmod(top, bottom)
    up = rest * 2 > bottom or (rest * 2 == bottom and whole % 2 == 1)
    return Money(whole + up)


def broken_limits(terms: Terms, limits: Limits) -> tuple[Finding, ...]:
    """Return every limit that the terms break, in sentences; none of them can be agreed."""
    return tuple(Finding(limit.value, words, "plan") for limit, words in _broken(terms, limits))


def schedule_of(terms: Terms) -> Schedule:
    """Return the instalments. The terms must be possible: see ``broken_limits``."""
    each, over = divmod(terms.financed.cents, terms.number)
    left = terms.financed.cents
    before = terms.agreed_on
    parts = []
    for position in range(1, terms.number + 1):
        due_on = due_day(terms.first_due_on, terms.every, position - 1)
        interest = interest_of(left * (due_on - before).days, terms.apr_points)
        principal = each + (over if position == terms.number else 0)
        left -= principal
        parts.append(Part(position, due_on, Money(principal), interest, Money(left)))
        before = due_on
    return Schedule(terms, tuple(parts))


def _broken(terms: Terms, limits: Limits) -> Iterator[tuple[Limit, str]]:
    if terms.total <= ZERO:
        yield Limit.TOTAL, "A plan needs something that is open."
        return
    least = least_down(terms.total, limits)
    if terms.down < least:
        yield (
            Limit.DOWN,
            (
                f"{terms.down} is paid down, but a plan over {terms.total} asks for {least}"
                f" ({limits.down_percent} %)."
            ),
        )
    if terms.down >= terms.total:
        yield Limit.DOWN, f"{terms.down} paid down leaves nothing of {terms.total} for a plan."
        return
    if not 1 <= terms.number <= MOST_PARTS:
        yield Limit.NUMBER, f"A plan has from 1 to {MOST_PARTS} payments, not {terms.number}."
        return
    if terms.financed.cents < terms.number:
        yield Limit.NUMBER, f"{terms.financed} cannot be paid in {terms.number} payments."
    if terms.first_due_on <= terms.agreed_on:
        yield (
            Limit.FIRST_DUE,
            f"The first payment is due after the day of the plan, {terms.agreed_on:%m/%d/%Y}.",
        )
    last = due_day(terms.first_due_on, terms.every, terms.number - 1)
    until = months_after(terms.agreed_on, limits.longest_months)
    if last > until:
        yield (
            Limit.TOO_LONG,
            (
                f"The last payment would be due on {last:%m/%d/%Y}; a plan runs"
                f" {limits.longest_months} months at most, until {until:%m/%d/%Y}."
            ),
        )
    if terms.apr_points not in {0, limits.apr_points}:
        yield (
            Limit.INTEREST,
            (
                f"A plan bears no interest or {limits.apr_points / 100:g} % a year,"
                f" not {terms.apr_points / 100:g} %."
            ),
        )
