"""Aging, accounts and general ledger on every day of two whole years of the demo practice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from typing import Final

import pytest
from sqlalchemy import ColumnElement, and_, func, or_, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Patient
from fscdesk.services.connecting import open_office
from fscdesk.services.demo.building import build_demo
from fscdesk.services.ledger.accounts import AT_AGENCY, OPEN_ACCOUNTS, PAYER_CREDITS, RECOUPMENTS
from fscdesk.services.office import Office
from fscdesk.services.patients.movements import movements
from fscdesk.services.reports.aging import aging
from fscdesk.services.work import Work
from tests.books.demo.conftest import EVENING, TODAY
from tests.support.built_once import built_once
from tests.support.clock import Clock
from tests.support.databases import SqliteDatabases

WEEKS: Final = 104
FEW: Final = 700
"""Few sessions for so many weeks, so that two years are built in about a minute."""
FIRST: Final = date(2024, 4, 15)


@pytest.fixture(scope="module")
def two_years(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The practice of the demo with few clients, over as many days as in its usual size."""
    build = partial(build_demo, today=TODAY, sessions=FEW, weeks=WEEKS)
    target, summary = built_once(tmp_path_factory, "demo-two-years", sqlite_databases, build)
    assert summary.first_day == FIRST
    office = open_office(target, now=Clock(EVENING))
    try:
        yield office
    finally:
        office.close()
        sqlite_databases.drop(target)


def test_aging_is_the_accounts_and_the_ledger_on_every_day(two_years: Office) -> None:
    """Three ways to one sum: open charges, what each client's account shows, and the ledger."""
    days = [FIRST + timedelta(at) for at in range((TODAY - FIRST).days + 1)]
    ledger = two_years.read(lambda work: _at_end_of(days, _in_the_ledger(work)))
    accounts = two_years.read(lambda work: _at_end_of(days, _of_accounts(work)))
    held = two_years.read(lambda work: _at_end_of(days, _beside_the_accounts(work)))
    assert len({*ledger}) > len(days) / 2, "the days differ"

    def look(work: Work) -> list[str]:
        wrong = []
        for at, day in enumerate(days):
            found = aging(work, as_of=day)
            assert found.tie is not None
            outside = found.tie.at_agency + found.tie.to_explain
            aged = (found.total.balance + outside).cents
            if not aged == accounts[at] + held[at] == ledger[at] == found.tie.ledger.cents:
                wrong.append(f"{day}: {aged} {accounts[at]} + {held[at]} {ledger[at]}")
        return wrong

    assert two_years.read(look) == []


def _in_the_ledger(work: Work) -> Counter[date]:
    """What the entries of each day moved on the receivables and credits, by account alone."""
    return _moved(work, JournalLine.account.in_(OPEN_ACCOUNTS))


def _of_accounts(work: Work) -> Counter[date]:
    """What the rows of each day moved in the accounts of all clients, as their screens show it."""
    found = Counter[date]()
    for patient_id in work.db.scalars(select(Patient.id)).all():
        before = 0
        for row in movements(work, patient_id):
            assert row.day is not None
            found[row.day] += row.balance.cents - before
            before = row.balance.cents
    return found


def _beside_the_accounts(work: Work) -> Counter[date]:
    """What no client's account shows: credits of payers, agencies, and what payers took."""
    of_no_client = and_(JournalLine.account == PAYER_CREDITS, JournalLine.patient_id.is_(None))
    return _moved(work, or_(JournalLine.account.in_((AT_AGENCY, RECOUPMENTS)), of_no_client))


def _moved(work: Work, where: ColumnElement[bool]) -> Counter[date]:
    rows = work.db.execute(
        select(JournalLine.day, func.sum(JournalLine.amount)).where(where).group_by(JournalLine.day)
    )
    return Counter({day: total.cents for day, total in rows})


def _at_end_of(days: list[date], moved: Counter[date]) -> list[int]:
    """Return the sums at the end of each day; what came before the first day is in the first."""
    before = sum(cents for day, cents in moved.items() if day < days[0])
    return [before + cents for cents in accumulate(moved[day] for day in days)]
