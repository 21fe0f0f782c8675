"""The rates of the practice month by month: collection, days in A/R, denials, clean claims.

Each figure is that of Home's metrics (`metric_facts`), so that a report and a tile never differ.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fscdesk.models.values import Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.earned import percent
from fscdesk.services.reports.metric_facts import (
    WINDOW,
    read_collected,
    read_payments,
    read_receivable,
    read_statuses,
)
from fscdesk.services.reports.periods import Period, month_ends_of, period_of
from fscdesk.services.work import Work

GOALS = {"dso": "under 40 days", "days_to_payment": "under 45 days", "denied": "under 5 %",
         "clean": "over 95 %", "collected": "over 95 %"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """The services of a month: what was charged, taken off and paid of them until a day.

    ``gross`` is the paid of a hundred charged, ``net`` of what is left after adjustments.
    """

    month: date
    charged: Money
    taken_off: Money
    paid: Money
    gross: Decimal | None
    net: Decimal | None

    @property
    def left(self) -> Money:
        """Return what is neither paid nor taken off yet."""
        return self.charged - self.taken_off - self.paid


@dataclass(frozen=True, slots=True)
class CollectionRates:
    """Months of service; the rows add up to ``total``. ``as_of`` is until when payments count."""

    period: Period
    as_of: date
    rows: tuple[CollectionRow, ...]
    total: CollectionRow


@dataclass(frozen=True, slots=True)
class DsoRow:
    """Open receivables on a day over the average charges of a day in the 90 days before it."""

    day: date
    open: Money
    charged: Money
    dso: Decimal | None
    days_to_payment: Decimal | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Of the sessions answered in the 90 days before a day those denied; of those sent the clean.

    Both of a hundred; None where nothing was answered or sent.
    """

    day: date
    denied: Decimal | None
    clean: Decimal | None


def collection_rates(
    work: Work, first: date, last: date, *, as_of: date | None = None
) -> CollectionRates:
    """Return the collection rate of each month of service.

    Raises Problem without the right, and for a period that ends before it begins.
    """
    require(work, Right.SEE_REPORTS, "see the collection rate")
    period = period_of(first, last)
    until = as_of or work.today()
    sums: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for service, posted, what, cents in read_collected(work, first, last).rows:
        if posted <= until:
            sums[service.replace(day=1)][what] += cents
    rows = tuple(_collection(month, sums[month]) for month in sorted(sums))
    whole: dict[str, int] = defaultdict(int)
    for of in sums.values():
        for what, cents in of.items():
            whole[what] += cents
    return CollectionRates(period, until, rows, _collection(period.first, whole))


def dso_by_month(work: Work, first: date, last: date) -> tuple[DsoRow, ...]:
    """Return days in A/R and days to payment at the end of each month, and on ``last``."""
    require(work, Right.SEE_REPORTS, "see days in A/R")
    period = period_of(first, last)
    receivable = read_receivable(work, first - WINDOW, last)
    payments = read_payments(work, first - WINDOW, last)
    out = []
    for day in month_ends_of(period):
        moved = sum(cents for on, cents in receivable.moved.items() if day < on)
        charged = sum(cents for on, cents in receivable.charged.items() if day - WINDOW < on <= day)
        out.append(
            DsoRow(
                day=day,
                open=Money(receivable.open_now - moved),
                charged=Money(charged),
                dso=_decimal(receivable.days_open(day)),
                days_to_payment=_decimal(payments.days_to_payment(day)),
            )
        )
    return tuple(out)


def claim_rates(work: Work, first: date, last: date) -> tuple[ClaimRow, ...]:
    """Return the denial rate and the rate of clean claims at the end of each month."""
    require(work, Right.SEE_REPORTS, "see denial and clean-claim rates")
    period = period_of(first, last)
    statuses = read_statuses(work, first - WINDOW)
    return tuple(
        ClaimRow(day, _decimal(statuses.denied_rate(day)), _decimal(statuses.clean_rate(day)))
        for day in month_ends_of(period)
    )


def _collection(month: date, of: dict[str, int]) -> CollectionRow:
    charged, off, paid = of.get("charged", 0), of.get("written_off", 0), of.get("paid", 0)
    net = charged - off
    return CollectionRow(
        month=month,
        charged=Money(charged),
        taken_off=Money(off),
        paid=Money(paid),
        gross=percent(paid, charged) if charged > 0 else None,
        net=percent(paid, net) if net > 0 else None,
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
