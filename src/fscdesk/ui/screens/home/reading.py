"""What Home reads: five questions that are asked side by side, each shown when it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fscdesk.services.reports.aging import Aging, aging
from fscdesk.services.reports.freshness import Freshness, LastDone, freshness, last_done
from fscdesk.services.reports.metrics import Metric, MoneyWeek, metrics, money_by_week
from fscdesk.services.reports.twelve_months import MonthSeen, months_seen
from fscdesk.services.work import Work

DONE_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Overview:
    """The metrics as of the office's day, and when they were read."""

    today: date
    at: datetime
    metrics: tuple[Metric, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing ever happened here."""
        return all(metric.value is None for metric in self.metrics)


@dataclass(frozen=True, slots=True)
class OpenMoney:
    """What is open by age today."""

    aging: Aging


@dataclass(frozen=True, slots=True)
class News:
    """How new the office's knowledge is, and what was done last."""

    today: date
    freshness: Freshness
    done: tuple[LastDone, ...]


def read_overview(work: Work) -> Overview:
    """Return the seven metrics."""
    today = work.today()
    return Overview(today, work.now(), metrics(work, today))


def read_open(work: Work) -> OpenMoney:
    """Return what is open; its proof against the ledger is the Aging screen's matter."""
    return OpenMoney(aging(work, as_of=work.today(), prove=False))


def read_weeks(work: Work) -> tuple[MoneyWeek, ...]:
    """Return what came in by week."""
    return money_by_week(work, work.today())


def read_months(work: Work) -> tuple[MonthSeen, ...]:
    """Return the twelve months until today."""
    return months_seen(work, work.today())


def read_news(work: Work) -> News:
    """Return freshness and the last acts."""
    return News(work.today(), freshness(work), last_done(work, DONE_SHOWN))
