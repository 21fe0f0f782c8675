"""The attendance report says where sessions took place; what a person said stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from fscdesk.models.patient import Patient
from fscdesk.models.practice import Location
from fscdesk.models.session import Attendance, Session
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.office import Office
from fscdesk.services.sessions.detail import session_detail
from fscdesk.services.setup.practice import LocationFields, add_location
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.report_files import line
from tests.support.report_imports import (
    bring_in,
    counts,
    proves,
    sample,
    sessions_of,
    small,
    take_back,
)

REPORT = "sp_attendance"
MAIN, VIDEO = "Main Street Office (SAMPLE)", "Video Office"


@pytest.fixture
def main(books: Office) -> int:
    """March's sessions, and one of the report's two offices as a location."""
    sessions_of(books)
    return books.write(lambda work: add_location(work, LocationFields(MAIN, "11"))).value


def nova(books: Office) -> Session:
    """A session of March on which no money stands."""

    def read(work: Work) -> Session:
        found = select(Session).join(Patient, Patient.id == Session.patient_id)
        wanted = found.where(Patient.name == "Nova Newclient", Session.day == date(2026, 3, 31))
        return work.db.scalars(wanted).one()

    return books.read(read)


def row(office: str, status: str = "Show") -> list[str]:
    return line(
        REPORT,
        clientname="Nova Newclient",
        clinicianname="Testa Fernsample",
        dateofservice="03/31/2026",
        officename=office,
        status=status,
    )


def placed(books: Office) -> dict[int | None, int]:
    """How many live sessions each location has."""

    def read(work: Work) -> dict[int | None, int]:
        found = select(Session.location_id, func.count()).group_by(Session.location_id)
        return {one: count for one, count in work.db.execute(found)}  # noqa: C416 - rows

    return books.read(read)


def test_a_known_office_becomes_the_location_and_undo_takes_it_off(
    books: Office, main: int
) -> None:
    before = placed(books)
    done = bring_in(books, sample(REPORT))
    assert done.plan.changed > 0
    assert done.plan.changed + done.plan.unchanged == 60
    assert placed(books)[main] == done.plan.changed
    session_id = books.read(
        lambda work: work.db.scalars(select(Session.id).filter_by(location_id=main)).first() or 0
    )
    assert books.read(lambda work: session_detail(work, session_id)).location == MAIN
    assert done.plan.open_change.cents == 0
    proves(books)
    take_back(books, done)
    assert placed(books) == before
    proves(books)


def test_an_unknown_office_is_said_once_and_comes_in_when_it_is_known(
    books: Office, main: int
) -> None:
    first = bring_in(books, sample(REPORT))
    (said,) = (one for one in first.plan.findings if one.code == "unknown-office")
    assert f"{first.plan.unchanged} rows name the office “{VIDEO}”" in said.message
    assert "Setup, Practice" in said.message
    video = books.write(lambda work: add_location(work, LocationFields(VIDEO, "10"))).value
    again = bring_in(books, sample(REPORT))
    assert again.plan.changed == first.plan.unchanged
    assert placed(books)[video] == again.plan.changed
    assert [one.code for one in again.plan.findings if one.code == "unknown-office"] == []
    third = bring_in(books, sample(REPORT))
    assert (third.batch_id, third.plan.changed) == (None, 0)


def test_what_a_person_said_stays(books: Office, main: int, tmp_path: Path) -> None:
    session_id = nova(books).id
    home = books.write(lambda work: add_location(work, LocationFields("Home", "12"))).value

    def types(work: Work) -> None:
        work.db.get_one(Session, session_id).location_id = home

    books.write(types)
    done = bring_in(books, small(tmp_path, REPORT, row(MAIN)))
    assert counts(done.plan) == (1, 0, 0, 1, 0)
    assert done.plan.rows[0].reason == "It stays at Home, as a person said"
    assert nova(books).location_id == home


def test_what_an_import_set_a_later_one_may_change(
    books: Office, main: int, tmp_path: Path
) -> None:
    video = books.write(lambda work: add_location(work, LocationFields(VIDEO, "10"))).value
    bring_in(books, small(tmp_path, REPORT, row(MAIN)))
    assert nova(books).location_id == main
    later = bring_in(books, small(tmp_path, REPORT, row(f"  {VIDEO.upper()} ")))
    assert later.plan.rows[0].what == f"Location {MAIN} → {VIDEO}"
    assert nova(books).location_id == video
    take_back(books, later)
    assert nova(books).location_id == main


def test_undo_leaves_what_a_person_typed_since(books: Office, main: int, tmp_path: Path) -> None:
    done = bring_in(books, small(tmp_path, REPORT, row(MAIN)))
    home = books.write(lambda work: add_location(work, LocationFields("Home", "12"))).value
    session_id = nova(books).id

    def types(work: Work) -> None:
        work.db.get_one(Session, session_id).location_id = home

    books.write(types)
    take_back(books, done)
    assert nova(books).location_id == home


def test_attendance_and_office_change_together(books: Office, main: int, tmp_path: Path) -> None:
    done = bring_in(books, small(tmp_path, REPORT, row(MAIN, "No Show")))
    assert counts(done.plan) == (1, 0, 1, 0, 0)
    assert [one.field for one in done.plan.rows[0].changes] == ["Attendance", "Location"]
    assert (nova(books).attendance, nova(books).location_id) == (Attendance.NO_SHOW, main)
    take_back(books, done)
    assert (nova(books).attendance, nova(books).location_id) == (Attendance.COMPLETED, None)
    proves(books)


def test_it_is_all_or_nothing(books: Office, main: int, tmp_path: Path) -> None:
    file = small(tmp_path, REPORT, row(MAIN))
    assert_all_or_nothing(books, lambda work: import_report(work, file))


def test_an_inactive_location_gives_way_to_an_active_one_of_its_name(
    books: Office, main: int, tmp_path: Path
) -> None:
    books.write(lambda work: work.db.add(Location(name=MAIN.upper(), active=False)))
    bring_in(books, small(tmp_path, REPORT, row(MAIN)))
    assert nova(books).location_id == main
