"""Attendance at the desk makes and takes back charges, as service and policy say."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.service import Service
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Work
from tests.support.shared import samples

MARCH = "simplepractice_appointments_2026-03.csv"


@pytest.fixture
def unpaid(books: Office) -> int:
    """The session of a client who has paid nothing and whose payer has not: 03/27, 160.00."""
    file = read_file(samples() / MARCH)
    books.write(lambda work: import_file(work, file, accept_proposals=True))

    def fill(work: Work) -> int:
        service = work.db.scalars(select(Service).filter_by(code="90837")).one()
        service.no_show_fee = Money(7500)
        return work.db.scalars(
            select(Session.id).where(Session.day == date(2026, 3, 27), Session.code_text == "90837")
        ).one()

    return books.write(fill).value


def owed(books: Office, session_id: int) -> tuple[Money, Money]:
    row = books.read(lambda work: work.db.get_one(Session, session_id))
    return row.insurance_balance, row.patient_balance


def set_to(books: Office, session_id: int, new: Attendance) -> None:
    books.write(partial(change_attendance, session_ids=[session_id], new=new))


def test_a_no_show_costs_the_client_the_services_fee_and_the_payer_nothing(
    books: Office, unpaid: int
) -> None:
    assert owed(books, unpaid) == (Money(12200), Money(3800))
    set_to(books, unpaid, Attendance.NO_SHOW)
    assert owed(books, unpaid) == (Money(), Money(7500))
    set_to(books, unpaid, Attendance.COMPLETED)
    assert owed(books, unpaid) == (Money(12200), Money(3800))
    voided = select(Charge).where(Charge.session_id == unpaid, Charge.voided_on.is_not(None))
    assert len(books.read(lambda work: list(work.db.scalars(voided)))) == 2
    assert books.read(run_checks).ok


def test_a_practice_that_charges_no_missed_sessions_charges_none(
    books: Office, unpaid: int
) -> None:
    books.write(partial(change_setting, key="no_show_fees", value="nothing", seen="service"))
    set_to(books, unpaid, Attendance.NO_SHOW)
    assert owed(books, unpaid) == (Money(), Money())
    assert books.read(run_checks).ok


def test_a_session_with_money_keeps_its_attendance(books: Office, unpaid: int) -> None:
    paid = books.read(
        lambda work: work.db.scalars(
            select(Session.id).where(Session.day == date(2026, 3, 2)).limit(1)
        ).one()
    )
    before = owed(books, paid)
    with pytest.raises(Problem, match="Money was received") as refused:
        set_to(books, paid, Attendance.NO_SHOW)
    assert "Nothing was changed" in refused.value.hint
    assert owed(books, paid) == before
    assert unpaid != paid
