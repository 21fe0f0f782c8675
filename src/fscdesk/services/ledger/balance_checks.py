"""Checks that every stored balance is the sum of its lines, and that all of them tie to the GL."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import OPEN_ACCOUNTS
from fscdesk.services.ledger.offenders import Found, ask, cents, day_words, listed
from fscdesk.services.ledger.open_items import INSURANCE_ACCOUNTS, PATIENT_ACCOUNTS, open_total
from fscdesk.services.work import Work

_BY_SIDE = (
    f"sum(CASE WHEN account IN {INSURANCE_ACCOUNTS} THEN amount ELSE 0 END) AS insurance,"
    f" sum(CASE WHEN account IN {PATIENT_ACCOUNTS} THEN amount ELSE 0 END) AS patient"
)
_OWED = "account IN ('1100', '1110', '2410')"


def charge_balances(work: Work) -> Found:
    """Invariant 3: a charge's two balances, its first and its last day are those of its lines."""
    return ask(
        work,
        "SELECT c.id, c.insurance_balance, c.patient_balance, c.first_day, c.last_day,"
        " l.insurance, l.patient, l.first, l.last FROM charge c LEFT JOIN"
        f" (SELECT charge_id, {_BY_SIDE}, min(day) AS first, max(day) AS last FROM journal_line"
        f" WHERE charge_id IS NOT NULL AND {_OWED} GROUP BY charge_id) l ON l.charge_id = c.id"
        " WHERE c.insurance_balance <> coalesce(l.insurance, 0)"
        " OR c.patient_balance <> coalesce(l.patient, 0)"
        " OR c.first_day IS DISTINCT FROM l.first OR c.last_day IS DISTINCT FROM l.last"
        " ORDER BY c.id",
        lambda row: f"charge {row.id}: {_differences(row)}",
    )


def session_balances(work: Work) -> Found:
    """A session's two balances are the sums of its lines."""
    return ask(
        work,
        "SELECT s.id, s.day, s.insurance_balance, s.patient_balance, l.insurance, l.patient"
        f" FROM session s LEFT JOIN (SELECT session_id, {_BY_SIDE} FROM journal_line"
        f" WHERE session_id IS NOT NULL AND {_OWED} GROUP BY session_id) l ON l.session_id = s.id"
        " WHERE s.insurance_balance <> coalesce(l.insurance, 0)"
        " OR s.patient_balance <> coalesce(l.patient, 0) ORDER BY s.id",
        lambda row: f"session {row.id} of {day_words(row.day)}: {_amounts(row)}",
    )


def patient_unapplied(work: Work) -> Found:
    """A patient's unapplied credit is what account 2400 holds for them."""
    return ask(
        work,
        "SELECT p.number, p.unapplied, l.credit FROM patient p LEFT JOIN"
        " (SELECT patient_id, -sum(amount) AS credit FROM journal_line"
        " WHERE account = '2400' AND patient_id IS NOT NULL GROUP BY patient_id) l"
        " ON l.patient_id = p.id WHERE p.unapplied <> coalesce(l.credit, 0) ORDER BY p.id",
        lambda row: (
            f"patient {row.number}: stored {cents(row.unapplied)}, lines {cents(row.credit)}"
        ),
    )


def open_items_equal_ledger(work: Work) -> Found:
    """Invariant 4: Σ charge balances − Σ unapplied = GL 1100–1130, 2400, 2410, on any day.

    Looked at today and at the end of every month in which something was posted; between two of
    them nothing can change.
    """
    return listed(_untied(work))


def shares_add_up(work: Work) -> Found:
    """A charge is its client's share and its payer's, and was posted so; a voided one is none."""
    shares = ask(
        work,
        "SELECT id, amount, patient_share + insurance_share AS shares FROM charge"
        " WHERE amount <> patient_share + insurance_share ORDER BY id",
        lambda row: f"charge {row.id}: amount {cents(row.amount)}, shares {cents(row.shares)}",
    )
    posted = ask(
        work,
        "SELECT c.id, c.voided_on, l.insurance, l.patient, CASE WHEN c.voided_on IS NULL"
        " THEN c.insurance_share ELSE 0 END AS insurance_share, CASE WHEN c.voided_on IS NULL"
        " THEN c.patient_share ELSE 0 END AS patient_share FROM charge c"
        f" LEFT JOIN (SELECT charge_id, {_BY_SIDE} FROM journal_line"
        " WHERE part = 'charge' AND charge_id IS NOT NULL GROUP BY charge_id) l"
        " ON l.charge_id = c.id"
        " WHERE coalesce(l.insurance, 0)"
        " <> CASE WHEN c.voided_on IS NULL THEN c.insurance_share ELSE 0 END"
        " OR coalesce(l.patient, 0)"
        " <> CASE WHEN c.voided_on IS NULL THEN c.patient_share ELSE 0 END ORDER BY c.id",
        lambda row: (
            f"charge {row.id}{'' if row.voided_on is None else ' (voided)'}:"
            f" posted {cents(row.insurance)} to the payer and {cents(row.patient)} to the client,"
            f" not {cents(row.insurance_share)} and {cents(row.patient_share)}"
        ),
    )
    return shares + posted


def month_ends(first: date, last: date) -> Iterator[date]:
    """Yield the last day of each month from ``first``'s on that lies before ``last``."""
    day = _end_of_month(first)
    while day < last:
        yield day
        day = _end_of_month(day + timedelta(days=1))


def _moved_month_ends(days: Iterable[date], last: date) -> list[date]:
    """Return the ends before ``last`` of those months that have one of ``days``, in order."""
    return sorted({end for day in days if (end := _end_of_month(day)) < last})


def _untied(work: Work) -> Iterator[str]:
    by_day = work.db.execute(
        select(JournalLine.day, func.sum(JournalLine.amount))
        .where(JournalLine.account.in_(OPEN_ACCOUNTS))
        .group_by(JournalLine.day)
        .order_by(JournalLine.day)
    ).all()
    if not by_day:
        last = work.today()
        days = [last]
    else:
        last = max(work.today(), by_day[-1][0])
        days = [*_moved_month_ends((day for day, _ in by_day), last), last]
    at, ledger = 0, Money()
    for done, day in enumerate(days):
        work.job.step(done, len(days), "Comparing open items with the ledger")
        while at < len(by_day) and by_day[at][0] <= day:
            ledger += by_day[at][1]
            at += 1
        items = open_total(work, day)
        if items != ledger:
            yield (
                f"{day:%m/%d/%Y}: open items {items}, ledger {ledger}, difference {items - ledger}"
            )


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _differences(row: Row[Any]) -> str:
    days = [
        f"{which} day stored {day_words(stored)}, lines {day_words(found)}"
        for which, stored, found in (
            ("first", row.first_day, row.first),
            ("last", row.last_day, row.last),
        )
        if stored != found
    ]
    amounts = _amounts(row)
    return "; ".join([*([amounts] if amounts else []), *days])


def _amounts(row: Row[Any]) -> str:
    return "; ".join(
        f"{who} stored {cents(stored)}, lines {cents(found)}"
        for who, stored, found in (
            ("payer", row.insurance_balance, row.insurance),
            ("client", row.patient_balance, row.patient),
        )
        if cents(stored) != cents(found)
    )
