"""The facts that the metrics of Home are made of, read once for all the days of their trends.

Each reader asks one set-based question for the whole stretch and answers for any day in it,
so that a trend of nine points costs what one costs.
"""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.service import Service
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.ledger.accounts import (
    FEES,
    INSURANCE_RECEIVABLE,
    OPEN_ACCOUNTS,
    SERVICE_REVENUE,
)
from fscdesk.services.ledger.open_items import dated, is_past, open_total, sources
from fscdesk.services.reports.books import Lines, closing_entries
from fscdesk.services.work import Work

WINDOW: Final = timedelta(days=90)
"""How far back a rate looks."""
UNBILLED: Final = frozenset(
    {BillingStatus.COMPLETED, BillingStatus.DOCUMENTED, BillingStatus.READY_TO_BILL}
)
ANSWERED: Final = frozenset({BillingStatus.APPROVED, BillingStatus.PAID, BillingStatus.DENIED})
WITH_PAYER: Final = frozenset({BillingStatus.SUBMITTED, BillingStatus.PENDING})


class Change(NamedTuple):
    """A change of a session's billing status, with the session's own day."""

    session_id: int
    day: date
    old: BillingStatus | None
    new: BillingStatus
    service_day: date


@dataclass(frozen=True, slots=True)
class Statuses:
    """Billing statuses of insured sessions that were held: now, and every change of the stretch.

    ``unbilled`` has the sessions that are not submitted yet, with their days.
    """

    unbilled: dict[int, date]
    changes: tuple[Change, ...]

    def unbilled_on(self, day: date) -> int:
        """Return how many were held and not submitted at the end of that day.

        A status is known from the day on which the office learnt it.
        """
        later: dict[int, Change] = {}
        for change in reversed(self.changes):
            if change.day <= day:
                break
            later[change.session_id] = change  # ends as the first change after the day
        still = sum(
            service_day <= day and session_id not in later
            for session_id, service_day in self.unbilled.items()
        )
        return still + sum(
            change.old in UNBILLED and change.service_day <= day for change in later.values()
        )

    def denied_rate(self, day: date) -> float | None:
        """Return the percentage of sessions with a payer's answer in the window that it denied."""
        answered = {c.session_id for c in self._window(day) if c.new in ANSWERED}
        denied = {c.session_id for c in self._window(day) if c.new is BillingStatus.DENIED}
        return _percent(len(denied), len(answered))

    def clean_rate(self, day: date) -> float | None:
        """Return the percentage submitted in the window that did not come back to be mended."""
        sent = {c.session_id for c in self._window(day) if c.new is BillingStatus.SUBMITTED}
        back = {
            c.session_id for c in self._window(day) if c.old in WITH_PAYER and c.new in UNBILLED
        }
        return _percent(len(sent - back), len(sent))

    def _window(self, day: date) -> Iterable[Change]:
        return (c for c in self.changes if day - WINDOW < c.day <= day)


def read_statuses(work: Work, first: date) -> Statuses:
    """Return the statuses now and their changes after ``first``."""
    held = (
        Session.withdrawn_by.is_(None),
        Session.attendance == Attendance.COMPLETED,
        Session.payer_id.is_not(None),
    )
    unbilled = work.db.execute(
        select(Session.id, Session.day).where(Session.billing_status.in_(sorted(UNBILLED)), *held)
    )
    rows = dated(
        work,
        "SELECT h.session_id, h.day, h.old, h.new, s.day FROM session_status_history h"
        " JOIN session s ON s.id = h.session_id WHERE h.kind = 'billing' AND h.day > :first"
        " AND s.withdrawn_by IS NULL AND s.attendance = 'completed' AND s.payer_id IS NOT NULL"
        " ORDER BY h.day, h.id",
        first=first,
    )
    return Statuses(
        unbilled={session_id: day for session_id, day in unbilled},  # noqa: C416 - rows to mypy
        changes=tuple(
            Change(
                row[0],
                as_day(row[1]),
                None if row[2] is None else BillingStatus(row[2]),
                BillingStatus(row[3]),
                as_day(row[4]),
            )
            for row in rows
        ),
    )


@dataclass(frozen=True, slots=True)
class Payments:
    """Payers' payments that still stood: how many, by their day and the day of the service."""

    counts: tuple[tuple[date, date, date | None, int], ...]

    def days_to_payment(self, day: date) -> float | None:
        """Return the mean of days from service to the payer's payment, over the window."""
        days = number = 0
        for paid, service, undone, count in self.counts:
            if day - WINDOW < paid <= day and (undone is None or undone > day):
                days += (paid - service).days * count
                number += count
        return round(days / number, 1) if number else None


def read_payments(work: Work, first: date, last: date) -> Payments:
    """Return what payers paid of their share after ``first`` up to ``last``.

    A payment that is posted here counts as one that SimplePractice has recorded.
    """
    rows = dated(
        work,
        "SELECT l.day, c.service_day, r.entry_date, count(*) FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id JOIN charge c ON c.id = l.charge_id"
        " LEFT JOIN journal_entry r ON r.reverses_id = l.entry_id"
        " WHERE l.account = :account AND l.day > :first AND l.day <= :last AND l.amount < 0"
        " AND l.part = 'insurance_paid' AND e.reverses_id IS NULL"
        " GROUP BY l.day, c.service_day, r.entry_date",
        account=INSURANCE_RECEIVABLE,
        first=first,
        last=last,
    )
    return Payments(
        tuple(
            (as_day(row[0]), as_day(row[1]), None if row[2] is None else as_day(row[2]), row[3])
            for row in rows
        )
    )


@dataclass(frozen=True, slots=True)
class Receivable:
    """What was open on a day, and what was charged until then, in cents by day."""

    last: date
    open_now: int
    moved: dict[date, int]
    charged: dict[date, int]

    def days_open(self, day: date) -> float | None:
        """Return open A/R over the average charges of a day in the window (DSO)."""
        open_then = self.open_now - sum(c for on, c in self.moved.items() if day < on <= self.last)
        charged = sum(c for on, c in self.charged.items() if day - WINDOW < on <= day)
        return round(open_then * WINDOW.days / charged, 1) if charged > 0 else None


def read_receivable(work: Work, first: date, last: date) -> Receivable:
    """Return open A/R at the end of ``last`` and what moved it and was charged after ``first``."""
    charging = charging_accounts(work)
    # What closes a year empties its revenue, and is no charge taken back.
    closings = closing_entries(work, Lines(charging, first, last))
    return Receivable(
        last=last,
        open_now=open_total(work, last).cents,
        moved=_by_day(work, OPEN_ACCOUNTS, first, last),
        charged={
            day: -cents for day, cents in _by_day(work, charging, first, last, closings).items()
        },
    )


def charging_accounts(work: Work) -> tuple[str, ...]:
    """Return the accounts of revenue that charges are posted to."""
    used = set(work.db.scalars(select(Service.revenue_account).distinct()))
    return tuple(sorted(used | {SERVICE_REVENUE, FEES}))


@dataclass(frozen=True, slots=True)
class Collected:
    """Charged, written off and paid, in cents by day of service and day of posting."""

    rows: tuple[tuple[date, date, str, int], ...]

    def rate(self, day: date) -> float | None:
        """Return what was paid of charges less write-offs, of services 90 to 30 days old."""
        sums: dict[str, int] = defaultdict(int)
        young = day - timedelta(days=30)
        for service, posted, what, cents in self.rows:
            if day - WINDOW <= service < young and posted <= day:
                sums[what] += cents
        return _percent(sums["paid"], sums["charged"] - sums["written_off"])


def read_collected(work: Work, first: date, last: date) -> Collected:
    """Return what became of the services from ``first`` up to ``last``."""
    rows = dated(
        work,
        "SELECT s.day, l.day, CASE WHEN l.part = 'charge' THEN 'charged'"
        " WHEN l.part IN ('write_off', 'adjustment') THEN 'written_off' ELSE 'paid' END AS what,"
        " sum(CASE WHEN l.part = 'charge' THEN l.amount ELSE -l.amount END)"
        " FROM session s JOIN charge c ON c.session_id = s.id"
        " JOIN journal_line l ON l.charge_id = c.id"
        " WHERE s.withdrawn_by IS NULL AND s.day >= :first AND s.day <= :last"
        " AND l.account IN ('1100', '1110')"
        " AND l.part IN ('charge', 'write_off', 'adjustment', 'insurance_paid', 'patient_paid')"
        " GROUP BY 1, 2, 3",
        first=first,
        last=last,
    )
    return Collected(
        tuple((as_day(row[0]), as_day(row[1]), row[2], int(row[3] or 0)) for row in rows)
    )


def sessions_owed_by_payers(work: Work, as_of: date, *, older_than: int) -> int:
    """Return how many sessions a payer still owed for on that day, older than so many days."""
    past = is_past(work, as_of)
    parts = " UNION ALL ".join(
        f"SELECT i.session_id, i.insurance AS cents FROM {source.sql}"
        " WHERE i.service_day < :cut AND i.insurance <> 0"
        for source in sources(("session_id", "service_day"), past=past)
    )
    sql = (
        f"SELECT count(*) FROM (SELECT session_id FROM ({parts}) AS items"
        " GROUP BY session_id HAVING sum(cents) > 0) AS owed"
    )
    days: dict[str, object] = {"cut": as_of - timedelta(days=older_than)}
    if past:
        days["as_of"] = as_of
    return int(dated(work, sql, **days)[0][0])


def as_day(value: date | str) -> date:
    """Return a day of a raw row; SQLite gives text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _by_day(
    work: Work, accounts: Sequence[str], first: date, last: date, but: Sequence[int] = ()
) -> dict[date, int]:
    asked = (
        select(JournalLine.day, func.sum(JournalLine.amount))
        .where(JournalLine.account.in_(accounts), JournalLine.day > first, JournalLine.day <= last)
        .group_by(JournalLine.day)
    )
    if but:
        asked = asked.where(JournalLine.entry_id.not_in(but))
    return {day: total.cents for day, total in work.db.execute(asked)}


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole > 0 else None
