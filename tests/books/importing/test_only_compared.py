"""A practice that posts all payments here: the report's amounts are only compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import Session, SessionReport
from fscdesk.models.values import ZERO, Money
from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.policies import SP_AMOUNTS_POST
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Work
from tests.support.appointment_files import MARCH, REEXPORT
from tests.support.payments import DAY, cents, verify
from tests.support.shared import samples


@pytest.fixture
def here(books: Office) -> Office:
    """A practice that enters its payments itself."""
    books.write(lambda work: change_setting(work, SP_AMOUNTS_POST, value=False, seen=True))
    return books


def imported(books: Office, name: str) -> Applied:
    file = read_file(Path(samples() / name))
    return books.write(lambda work: import_file(work, file, accept_proposals=True)).value


def test_nothing_of_what_is_called_paid_is_posted_and_each_difference_is_said(
    here: Office,
) -> None:
    plan = imported(here, MARCH).plan
    assert here.read(lambda work: cents(work, "1060")) == 0
    assert here.read(lambda work: cents(work, "1100")) == 2_292_00
    assert here.read(lambda work: cents(work, "1110")) == 7_343_00
    told = [one for one in plan.findings if one.code == "paid-differs"]
    paid = here.read(
        lambda work: work.db.scalar(select(func.count()).where(SessionReport.patient_paid != ZERO))
    )
    assert sum("by the client" in one.message for one in told) == paid
    verify(here)


def test_a_payment_that_is_entered_here_ends_the_difference(here: Office) -> None:
    imported(here, MARCH)

    def pay(work: Work) -> str:
        charge, guarantor, day = work.db.execute(
            select(Charge.id, Charge.guarantor_id, Charge.service_day)
            .join(SessionReport, SessionReport.session_id == Charge.session_id)
            .join(Session, Session.id == Charge.session_id)
            .where(SessionReport.patient_paid == Money(38_00), Session.code_text == "90837")
            .order_by(Charge.id.desc())
        ).first() or (0, 0, DAY)
        new = NewPayment(
            Money(38_00),
            PaymentMethod.CHECK,
            DAY,
            guarantor_id=guarantor,
            applications=(Application(charge, Money(38_00)),),
        )
        receive(work, new)
        return f"{day:%m/%d/%Y}"

    before = here.read(lambda work: len(work.db.scalars(select(SessionReport)).all()))
    here.write(pay)
    again = imported(here, REEXPORT).plan
    assert before
    told = [one.message for one in again.findings if one.code == "paid-differs"]
    assert "SimplePractice calls 38.00 paid by the client, 38.00 was applied here." not in told
    assert any("calls 38.00 paid by the client, 0.00" in one for one in told)
    verify(here)


def test_undo_and_import_again_hold(here: Office) -> None:
    done = imported(here, MARCH)
    assert done.batch_id is not None
    here.write(lambda work: undo_import(work, int(done.batch_id or 0)))
    verify(here)
    imported(here, MARCH)
    assert here.read(lambda work: cents(work, "1060")) == 0
    verify(here)


def test_what_was_posted_before_stays_posted(books: Office) -> None:
    imported(books, MARCH)
    recorded = books.read(lambda work: cents(work, "1060"))
    assert recorded > 0
    books.write(lambda work: change_setting(work, SP_AMOUNTS_POST, value=False, seen=True))
    imported(books, REEXPORT)
    verify(books)
    new = books.read(
        lambda work: work.db.scalar(
            select(func.count()).where(SessionReport.posts.is_(False), SessionReport.fee != ZERO)
        )
    )
    assert new == 12 + books.read(_unpaid_before)


def _unpaid_before(work: Work) -> int:
    """Sessions of March in the re-export of which nothing had been recorded."""
    found = work.db.scalar(
        select(func.count())
        .select_from(SessionReport)
        .join(Session, Session.id == SessionReport.session_id)
        .where(SessionReport.posts.is_(False), Session.batch_id == 1)
    )
    return found or 0
