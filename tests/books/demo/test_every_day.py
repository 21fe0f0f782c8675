"""On every day of the demo: what is owed by documents, the aging, and the general ledger agree."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_RECEIVABLE,
    OPEN_ACCOUNTS,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECOUPMENTS,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.office import Office
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.work import Work

TODAY = date(2026, 4, 15)


class Day(NamedTuple):
    """Cents of one day or, summed up, at its end: by client and payer, and of the accounts."""

    documents: int
    ledger: int


def _days(work: Work) -> dict[date, Day]:
    """Return what moved on each day: one pass over the lines, once by document, once by account.

    By document: what has a charge, a credit, or a client; 1120 is of no document of a client.
    """
    posted = JournalEntry.posted_at.is_not(None)
    rows = work.db.execute(
        select(
            JournalLine.day,
            JournalLine.account,
            JournalLine.charge_id.is_not(None).label("charged"),
            JournalLine.patient_id.is_not(None).label("client"),
            func.sum(JournalLine.amount).label("amount"),
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(posted, JournalLine.account.in_(OPEN_ACCOUNTS))
        .group_by(JournalLine.day, JournalLine.account, "charged", "client")
    )
    documents, ledger = Counter[date](), Counter[date]()
    for row in rows:
        cents = row.amount.cents
        ledger[row.day] += cents
        of_charge = row.account in (PATIENT_RECEIVABLE, INSURANCE_RECEIVABLE, AT_AGENCY)
        if (
            (of_charge and row.charged)
            or (row.account == UNAPPLIED_CREDITS and row.client)
            or row.account in (PAYER_CREDITS, RECOUPMENTS)
        ):
            documents[row.day] += cents
    return {day: Day(documents[day], ledger[day]) for day in sorted({*documents, *ledger})}


def test_documents_are_the_ledger_on_every_day(small_demo: Office) -> None:
    moved = small_demo.read(_days)
    assert len(moved) > 100
    documents = ledger = 0
    for day, one in moved.items():
        documents, ledger = documents + one.documents, ledger + one.ledger
        assert documents == ledger, day


def test_the_aging_is_the_ledger_on_every_day(small_demo: Office) -> None:
    """Every day with a movement, so that each that it could go wrong on is asked."""

    def look(work: Work) -> None:
        ledger = 0
        for day, one in _days(work).items():
            ledger += one.ledger
            if day > TODAY:
                break
            found = aging(work, as_of=day)
            assert found.ties, day
            assert found.tie is not None
            assert found.tie.ledger.cents == ledger, day

    small_demo.read(look)


def test_the_balance_sheet_is_the_ledger_at_each_end_of_a_month(small_demo: Office) -> None:
    day = TODAY.replace(day=1)
    while day > date(2025, 10, 1):
        last = day - timedelta(days=1)
        assert small_demo.read(lambda work, last=last: balance_sheet(work, last)).ties  # type: ignore[misc]
        day = last.replace(day=1)
