"""An import is undone, changed or re-owned while a payment of it is being saved elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from fscdesk.models.session import Attendance
from fscdesk.models.values import Money
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import change_guarantor
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import receive
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.work import Work
from tests.support.appointment_files import CLIENT, HEADER, written
from tests.support.clock import Clock
from tests.support.exports import FILED, Export, charges, client, own
from tests.support.payments import verify
from tests.support.people import add_guarantor
from tests.support.plans import check_of

Act = Callable[[Work], Any]
A_WHILE = 0.7
"""Seconds in which the second desk gets as far as it can."""


def meanwhile(books: Office, first: Act, second: Act) -> list[Any]:
    """Hold one act open, start another, then save the first; return both outcomes."""
    written_down, save = Event(), Event()

    def held(work: Work) -> Any:
        result = first(work)
        work.db.flush()
        written_down.set()
        save.wait(timeout=20)
        return result

    def outcome(act: Act) -> Any:
        try:
            return books.write(act).value
        except Problem as told:
            return told

    with ThreadPoolExecutor(2) as desks:
        one = desks.submit(outcome, held)
        assert written_down.wait(timeout=20)
        two = desks.submit(outcome, second)
        done = two.exception if two.done() else None
        assert done is None
        Event().wait(A_WHILE)
        save.set()
        return [one.result(timeout=60), two.result(timeout=60)]


@pytest.fixture
def export(books: Office, clock: Clock, tmp_path: Path) -> Export:
    return Export(books, clock, tmp_path)


def _pay(books: Office) -> Act:
    guarantor = client(books).guarantor_id
    (charge,) = charges(books)
    new = check_of(guarantor, 160_00, applications=(Application(charge.id, Money(160_00)),))
    return lambda work: receive(work, new)


def _agree(books: Office) -> Act:
    (charge,) = charges(books)
    return lambda work: make_plan(work, NewPlan(charge.guarantor_id, (charge.id,), 3))


def _undo(books: Office, folder: Path) -> Act:
    del books, folder
    return lambda work: undo_import(work, 1)


def _import(books: Office, folder: Path) -> Act:
    del books
    path = folder / "again.csv"
    path.write_text(written([HEADER, own("100.0")]), encoding="utf-8")
    file = read_file(path)
    return lambda work: import_file(work, file, file_day=work.today(), accept_proposals=True)


def _gone(books: Office, folder: Path) -> Act:
    del books
    others = own(day=1), own(day=3)
    for cells in others:
        cells[CLIENT] = "Zebra Testcase"
    path = folder / "again.csv"
    path.write_text(written([HEADER, *others]), encoding="utf-8")
    file = read_file(path)
    return lambda work: import_file(work, file, file_day=work.today(), accept_proposals=True)


def _other_guarantor(books: Office, folder: Path) -> Act:
    del folder
    who, seen = client(books).id, client(books).version
    new = books.write(lambda work: add_guarantor(work, "Pat Parent")).value
    from_day = date(2026, 1, 1)
    return lambda work: change_guarantor(work, who, new, from_day=from_day, expected_version=seen)


def _missed(books: Office, folder: Path) -> Act:
    del folder
    (charge,) = charges(books)
    assert charge.session_id is not None
    session = charge.session_id
    return lambda work: change_attendance(work, [session], Attendance.CANCELLED)


def at_rest(books: Office) -> None:
    """No voided charge holds anything, no paid session owes, and every check holds."""
    for charge in charges(books, live=False):
        assert (charge.patient_balance, charge.insurance_balance) == (Money(), Money())
    verify(books)


@pytest.mark.parametrize("second", [_undo, _import, _gone, _other_guarantor, _missed])
def test_a_payment_that_is_being_saved_keeps_its_charge(
    books: Office, export: Export, tmp_path: Path, second: Callable[[Office, Path], Act]
) -> None:
    export.batch(own(), day=FILED)
    other = second(books, tmp_path)
    payment, outcome = meanwhile(books, _pay(books), other)
    assert not isinstance(payment, Problem)
    at_rest(books)
    if second in (_undo, _missed):
        assert isinstance(outcome, Problem)
    if second is _undo:
        assert "payment PAY-2026-00001" in outcome.message
    live = [one for one in charges(books) if one.service_day == date(2026, 3, 2)]
    assert [one.patient_balance for one in live] == [Money()], "what was paid stays paid"


@pytest.mark.parametrize("second", [_undo, _import, _gone, _other_guarantor, _missed])
def test_a_plan_that_is_being_made_keeps_its_charge(
    books: Office, export: Export, tmp_path: Path, second: Callable[[Office, Path], Act]
) -> None:
    export.batch(own(), day=FILED)
    other = second(books, tmp_path)
    plan, outcome = meanwhile(books, _agree(books), other)
    assert not isinstance(plan, Problem)
    if second not in (_import, _gone):
        assert isinstance(outcome, Problem)
    assert charges(books, live=False) == [], "no plan holds a voided charge"
    at_rest(books)
