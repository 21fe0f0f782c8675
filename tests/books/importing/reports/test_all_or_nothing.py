"""Each report comes in whole or not at all, once from two desks, and fast."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fscdesk.models.payment import Payment
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.importing.any_file import import_any
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.reading import read_any
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from tests.support.appointment_files import HEADER, row, source, written
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.month import EXPORT, FILES
from tests.support.payments import cents, verify
from tests.support.report_files import ZONE, heading, line
from tests.support.reports_read import brought, exported, insured, paid, planned, report
from tests.support.shared import samples

FEW: dict[str, tuple[list[str], ...]] = {
    "sp_payment_export": (
        paid("1", "30.00"),
        insured("2", "106.40", PaymentReferenceID="0000481516"),
        paid("3", "-10.00", DatePaid="03/05/2026"),
    ),
    "sp_income_alloc": (line("sp_income_alloc"),),
    "sp_card_tx": (line("sp_card_tx"),),
    "sp_ins_pay": (line("sp_ins_pay", Amount="106.40", PaymentStatus="Paid"), line("sp_ins_pay")),
}


@pytest.mark.parametrize("kind", FEW)
def test_a_failure_at_any_statement_leaves_nothing(books: Office, kind: str) -> None:
    read = report(kind, *FEW[kind])
    done = assert_all_or_nothing(books, lambda work: import_any(work, read)).value
    assert done.batch_id is not None
    verify(books)
    batch = int(done.batch_id)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch))
    verify(books)


def test_sessions_come_in_wholly_and_go_again_wholly(books: Office) -> None:
    read = sessions_of([paid("1", "30.00")])
    done = assert_all_or_nothing(
        books, lambda work: import_any(work, read, accept_proposals=True)
    ).value
    assert done.batch_id is not None
    batch = int(done.batch_id)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch))
    verify(books)


@pytest.mark.parametrize("kind", [EXPORT, "sp_ins_pay"])
def test_one_report_at_two_desks_comes_in_once(practice: str, clock: Clock, kind: str) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    read = read_any(samples() / FILES[kind], zone=ZONE)

    def act(desk: Office) -> Applied:
        return desk.write(lambda work: import_any(work, read, accept_proposals=True)).value

    try:
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(act, desks))
        assert sorted(one.batch_id is None for one in done) == [False, True]
        count = desks[0].read(lambda work: work.db.scalar(select(func.count(Payment.id))))
        assert count == (47 if kind == EXPORT else 5)
        verify(desks[0])
    finally:
        for desk in desks:
            desk.close()


def test_a_plan_that_another_desk_overtook_is_not_applied(books: Office) -> None:
    read = report(EXPORT, paid("1", "30.00"))
    shown = planned(books, read)
    exported(books, paid("1", "30.00"), name="other.csv")
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: import_any(work, read, shown=shown))
    verify(books)


def many(count: int) -> list[list[str]]:
    """So many payments of a year, of 400 clients."""
    first = date(2025, 4, 1)
    return [
        paid(
            str(at),
            f"{20 + at % 150}.00",
            f"Client {chr(65 + at % 20)}{at % 400:03d} Fictional{at % 400:03d}",
            DatePaid=f"{first + timedelta(days=at % 360):%m/%d/%Y}",
        )
        for at in range(1, count + 1)
    ]


def sessions_of(rows: list[list[str]]) -> ReadFile:
    """An appointment report in which each of these payments is called paid."""
    table = [HEADER]
    for at, (_, day, _, _, name, amount, _) in enumerate(rows):
        cells = row(DATE=f"{day} {8 + at % 10:02d}:{at // 360 % 60:02d}", CLIENT=name, PAYER="")
        for place in (6, 8, 11, 13):
            cells[place] = amount
        cells[15:20] = ["", "0.0", "0.0", "0.0", "0.0"]
        table.append(cells)
    file = source(written(table), "sessions.csv")
    recognised = recognise(file)
    assert recognised is not None
    return ReadFile(file, recognised, read_appointments(file, recognised))


def test_a_year_of_payments_takes_seconds(sqlite_books: Office) -> None:
    """With sessions first: their import is what the planner of SQLite knows the tables by."""
    rows = many(8_000)
    sessions = sessions_of(rows)
    sqlite_books.write(lambda work: import_any(work, sessions, accept_proposals=True))
    assert sqlite_books.read(lambda work: cents(work, "1060")) > 0
    began = time.process_time()
    done = brought(sqlite_books, report(EXPORT, *rows))
    took = time.process_time() - began
    assert (done.plan.created, done.plan.skipped) == (8_000, 0)
    assert sqlite_books.read(lambda work: cents(work, "1060")) == 0
    assert took < 30, f"{took:.1f} s of work"  # three here; over a minute before the guards' hint
    verify(sqlite_books)


def test_the_few_rows_have_the_right_headings() -> None:
    for kind, rows in FEW.items():
        assert all(len(row) == len(heading(kind)) for row in rows)
