"""How new what we know is, and what was done last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fscdesk.models.bank import BankAccount
from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.statement import StatementRun
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.reports.freshness import freshness, last_done
from fscdesk.services.work import Work
from tests.support.bank_books import line, other_account
from tests.support.clock import Clock
from tests.support.people import add_batch, add_patient, add_payer, add_provider, add_session

END = date(2026, 3, 31)


@pytest.fixture
def office(books: Office, clock: Clock) -> Office:
    clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC))
    return books


def _ago(days: int) -> date:
    return END - timedelta(days=days)


def test_payers_by_their_last_answer(office: Office) -> None:
    def fill(work: Work) -> None:
        clinician, patient = add_provider(work, "Testa"), add_patient(work, "Quill Fakerson")
        names = ("Imaginary Blue", "FICTA", "Example East", "Asleep", "Never met")
        blue, ficta, east, asleep, _never = (add_payer(work, name) for name in names)
        for minute, (payer, paid, ago) in enumerate(
            ((blue, 9000, 14), (ficta, 4000, 15), (east, 0, 0), (asleep, 9000, 500))
        ):
            add_session(
                work,
                patient,
                clinician,
                day=_ago(max(ago, 40)),
                minute=minute,
                payer=payer,
                insurance=9000,
                insurance_paid=paid,
                paid_on=_ago(ago),
            )

    office.write(fill)
    found = office.read(freshness).payers
    assert [(one.name, one.days, one.late) for one in found] == [
        ("Imaginary Blue", 14, False),
        ("FICTA", 15, True),
        ("Example East", None, True),
    ]


def test_imports_by_their_kind(office: Office, clock: Clock) -> None:
    def day(ago: int) -> None:
        clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC) - timedelta(days=ago))

    day(20)
    office.write(lambda work: add_batch(work, "a.csv"))
    day(9)
    office.write(lambda work: add_batch(work, "b.csv", profile="Jane"))
    day(3)
    office.write(lambda work: add_batch(work, "c.csv"))
    day(1)
    office.write(lambda work: add_batch(work, "d.csv", status=BatchStatus.UNDONE))
    day(0)
    found = office.read(freshness).imports
    assert [(one.name, one.days, one.late) for one in found] == [
        ("Jane", 9, True),
        ("SimplePractice appointment status report", 3, False),
    ]


def test_the_last_acts_come_newest_first(office: Office, clock: Clock) -> None:
    def act(ago: int, write: object) -> None:
        clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC) - timedelta(days=ago))
        office.write(write)  # type: ignore[arg-type]

    def undo(work: Work) -> None:
        batch = work.db.get_one(ImportBatch, 1)
        batch.status, batch.undone_at = BatchStatus.UNDONE, work.now()

    def statements(work: Work) -> None:
        run = StatementRun(
            as_of=END,
            through_entry=0,
            minimum=Money(1000),
            made_by=work.actor.staff_id,
            made_at=work.now(),
        )
        work.db.add(run)

    act(9, lambda work: add_batch(work, "first.csv", read=60, created=58, skipped=2))
    act(8, undo)
    act(7, statements)
    act(6, lambda work: add_batch(work, "second.csv", read=5, created=0, changed=5))
    done = office.read(last_done)
    assert [(one.kind, one.words, one.undoable) for one in done] == [
        ("import", "Imported 5 rows, 5 changed", True),
        ("statements", "Made 0 statements, 0.00", False),
        ("undo", "Undid the import of 03/22", False),
        ("import", "Imported 60 rows, 58 new, 2 skipped", False),
    ]
    assert len(office.read(lambda work: last_done(work, limit=2))) == 2


def test_an_account_of_which_nothing_is_expected_is_not_late(books: Office) -> None:
    other = books.write(other_account).value
    assert books.read(freshness).accounts == ()
    books.write(lambda work: line(work, "3/2", 30_00))
    found = books.read(freshness)
    assert [(one.name, one.late) for one in found.accounts] == [("Operating account", True)]
    assert [(one.name, one.day, one.late) for one in found.deposits] == [
        ("Operating account", None, True)
    ]

    def begin(work: Work) -> None:
        work.db.get_one(BankAccount, other).starts_on = date(2026, 3, 1)

    books.write(begin)
    found = books.read(freshness)
    assert [one.name for one in found.accounts] == ["Operating account", "Savings"]
    assert (found.accounts[1].day, found.accounts[1].late) == (None, True)
    assert [one.name for one in found.deposits] == ["Operating account"]
