"""Parked balances: out of the way until the client comes again, which nobody has to notice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import Money
from fscdesk.services.billing.parking import (
    NEW_VISIT,
    is_parked,
    park,
    park_without_visit,
    parked_balances,
    parked_patients,
    parkings_of,
    release,
    release_on_new_visit,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.work import Work
from tests.support.appointment_files import HEADER, written
from tests.support.appointment_files import row as row_of
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, verify
from tests.support.people import add_session
from tests.support.second_person import at_once, clerk, nobody, without
from tests.support.write_offs import TODAY


def parked(books: Office, patient: int) -> int:
    return books.write(lambda work: park(work, patient, reason="Abroad for a year")).value


def visit(books: Office, till: Till, day: date, attendance: Attendance) -> None:
    def act(work: Work) -> None:
        provider = work.db.get_one(Charge, till.own).provider_id or 0
        add_session(work, till.ben, provider, day=day, share=1_00, attendance=attendance)

    books.write(act)


def test_a_parked_balance_is_listed_and_released_by_a_person(books: Office, till: Till) -> None:
    assert_all_or_nothing(books, lambda work: park(work, till.ben, reason="Abroad"))
    assert books.read(parked_patients) == {till.ben}
    (row,) = books.read(parked_balances)
    assert (row.patient, row.owes, row.parked_on, row.reason) == (
        "Ben Somebody",
        Money(160_00),
        TODAY,
        "Abroad",
    )
    with pytest.raises(ChangedElsewhere, match="was parked on 04/12/2026 already"):
        parked(books, till.ben)
    assert_all_or_nothing(books, lambda work: release(work, till.ben, reason="Is back"))
    assert not books.read(lambda work: is_parked(work, till.ben))
    with pytest.raises(ChangedElsewhere, match="is not parked"):
        books.write(lambda work: release(work, till.ben, reason="Is back"))
    (row,) = books.read(lambda work: parkings_of(work, till.ben))
    assert (row.released_on, row.release_reason) == (TODAY, "Is back")
    verify(books)


@pytest.mark.parametrize(
    ("day", "attendance", "still"),
    [
        (date(2026, 4, 13), Attendance.COMPLETED, False),
        (date(2026, 4, 12), Attendance.COMPLETED, True),
        (date(2026, 4, 13), Attendance.SCHEDULED, True),
        (date(2026, 4, 13), Attendance.CANCELLED, True),
    ],
)
def test_a_visit_after_the_day_of_parking_releases_at_once(
    books: Office, till: Till, day: date, attendance: Attendance, *, still: bool, clock: Any
) -> None:
    parked(books, till.ben)
    clock.forward(days=2)
    visit(books, till, day, attendance)
    assert books.read(lambda work: is_parked(work, till.ben)) is still
    assert (till.ben in books.read(parked_patients)) is still
    assert len(books.read(parked_balances)) == still
    done = books.write(release_on_new_visit).value
    assert done == (() if still else (till.ben,))
    (row,) = books.read(lambda work: parkings_of(work, till.ben))
    assert row.release_reason == ("" if still else NEW_VISIT)
    assert books.write(release_on_new_visit).value == ()
    assert_all_or_nothing(books, lambda work: park(work, till.alma, reason="Abroad"))


def test_the_job_is_whole_or_nothing(books: Office, till: Till, clock: Any) -> None:
    parked(books, till.ben)
    clock.forward(days=2)
    visit(books, till, date(2026, 4, 13), Attendance.COMPLETED)
    assert_all_or_nothing(books, release_on_new_visit)


def set_to(books: Office, session_id: int, new: Attendance) -> None:
    books.write(lambda work: change_attendance(work, [session_id], new, reason="Told by phone"))


def test_completing_a_visit_releases_and_taking_that_back_parks_again(
    books: Office, till: Till, clock: Any
) -> None:
    parked(books, till.ben)
    clock.forward(days=2)
    visit(books, till, date(2026, 4, 13), Attendance.SCHEDULED)
    session_id = books.read(lambda work: work.db.scalars(select(func.max(Session.id))).one())
    set_to(books, session_id, Attendance.COMPLETED)
    (row,) = books.read(lambda work: parkings_of(work, till.ben))
    assert (row.release_reason, row.released_on) == (NEW_VISIT, date(2026, 4, 14))
    set_to(books, session_id, Attendance.CANCELLED)
    assert books.read(parked_patients) == {till.ben}
    (row,) = books.read(lambda work: parkings_of(work, till.ben))
    assert (row.release_reason, row.released_on) == ("", None)
    assert books.write(release_on_new_visit).value == ()
    verify(books)


def test_what_a_person_released_or_parked_since_stays(
    books: Office, till: Till, clock: Any
) -> None:
    parked(books, till.ben)
    books.write(lambda work: release(work, till.ben, reason="Is back"))
    assert books.write(lambda work: park_without_visit(work, [till.ben])).value == ()
    clock.forward(days=2)
    parked(books, till.alma)
    clock.forward(days=2)
    assert books.write(lambda work: park_without_visit(work, [till.ben, till.alma])).value == ()
    assert books.read(parked_patients) == {till.alma}


def test_an_import_brings_the_visit_and_its_undo_takes_it_back(
    books: Office, clock: Any, tmp_path: Path
) -> None:
    def comes(*days: str) -> int:
        path = tmp_path / f"report{len(days)}.csv"
        table = [HEADER, *(row_of(DATE=f"{day} 09:00") for day in days)]
        path.write_text(written(table), encoding="utf-8")
        file = read_file(path)
        done = books.write(lambda work: import_file(work, file, accept_proposals=True)).value
        return done.batch_id or 0

    comes("03/02/2026")
    quill = books.read(lambda work: work.db.scalars(select(Patient.id)).one())
    parked(books, quill)
    clock.forward(days=9)
    batch = comes("03/02/2026", "04/14/2026")
    (row,) = books.read(lambda work: parkings_of(work, quill))
    assert (row.release_reason, row.released_on) == (NEW_VISIT, date(2026, 4, 21))
    books.write(lambda work: undo_import(work, batch))
    assert books.read(parked_patients) == {quill}
    (row,) = books.read(lambda work: parkings_of(work, quill))
    assert row.released_on is None
    verify(books)


def test_who_came_again_can_be_parked_again(books: Office, till: Till, clock: Any) -> None:
    parked(books, till.ben)
    clock.forward(days=2)
    visit(books, till, date(2026, 4, 13), Attendance.COMPLETED)
    parked(books, till.ben)
    assert books.read(lambda work: is_parked(work, till.ben))
    rows = books.read(lambda work: parkings_of(work, till.ben))
    assert [one.release_reason for one in rows] == ["", NEW_VISIT]


def test_rights_reasons_and_two_desks(books: Office, till: Till) -> None:
    for desk in (nobody(books), without(books, Right.MAKE_STATEMENTS)):
        with pytest.raises(Problem, match="You may not park balances"):
            parked(desk, till.ben)
        with pytest.raises(Problem, match="You may not park balances"):
            desk.write(lambda work: release(work, till.ben, reason="Is back"))
    with pytest.raises(Problem, match="The reason is missing"):
        books.write(lambda work: park(work, till.ben, reason=" "))
    with pytest.raises(Problem, match="This client is not in the books"):
        parked(books, 999)

    def act(work: Work) -> int:
        return park(work, till.ben, reason="Abroad")

    both = at_once((books, act), (clerk(books), act))
    assert sorted(type(one).__name__ for one in both) == ["ChangedElsewhere", "int"]
