"""What an agency has recovered of a session is not exchanged: by no import, by no new guarantor."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.collection import CollectionCase
from fscdesk.models.patient import Patient
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.billing.recalling import recall
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import AGENCY_COMMISSIONS
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import change_guarantor
from fscdesk.services.payments.recovering import NewRecovery, recover, undo_recovery
from fscdesk.services.sessions.attending import change_attendance
from tests.support.agency import case_row
from tests.support.clock import Clock
from tests.support.exports import FILED, Export, at_agency, charges, client, left_of_money, own
from tests.support.payments import cents, verify
from tests.support.people import add_guarantor

TODAY = date(2026, 4, 12)


@pytest.fixture
def export(books: Office, clock: Clock, tmp_path: Path) -> Export:
    return Export(books, clock, tmp_path)


def recovered(books: Office, case: int, gross: int) -> int:
    new = NewRecovery(case, Money(gross), TODAY)
    return books.write(lambda work: recover(work, new)).value.payment_id


def recalled(books: Office, case: int) -> None:
    seen = books.read(lambda work: work.db.get_one(CollectionCase, case).version)
    books.write(lambda work: recall(work, case, reason="Enough", expected_version=seen))


def test_a_recovery_stays_when_simplepractice_changes_the_fee(
    books: Office, export: Export
) -> None:
    export.batch(own(), day=FILED)
    case = at_agency(books)
    recovered(books, case, 160_00)
    (charge,) = charges(books)
    done = export.comes(own("170.0"))
    assert (done.plan.changed, done.plan.skipped) == (0, 1)
    (told,) = [one for one in done.plan.findings if one.code == "agreed-elsewhere"]
    assert "A collection agency has recovered money for it" in told.message
    assert told.where == "line 2"
    assert [one.id for one in charges(books)] == [charge.id]
    assert left_of_money(books) == [0]
    assert case_row(books, case).recovered == Money(160_00)
    assert books.read(lambda work: cents(work, AGENCY_COMMISSIONS)) == 48_00
    verify(books)


def test_a_recovery_in_part_stays_after_the_rest_came_back(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    case = at_agency(books)
    recovered(books, case, 100_00)
    recalled(books, case)
    done = export.comes(own("170.0"))
    assert (done.plan.changed, done.plan.skipped) == (0, 1)
    assert case_row(books, case).recovered == Money(100_00)
    assert [one.patient_balance for one in charges(books)] == [Money(60_00)]
    verify(books)


def test_what_came_back_whole_is_exchanged_as_before(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    case = at_agency(books)
    seen = 1
    payment = recovered(books, case, 100_00)
    books.write(
        lambda work: undo_recovery(
            work, case, payment, reason="Other client", expected_version=seen
        )
    )
    recalled(books, case)
    done = export.comes(own("170.0"))
    assert (done.plan.changed, done.plan.skipped) == (1, 0)
    assert [one.patient_balance for one in charges(books)] == [Money(170_00)]
    assert case_row(books, case).left == Money()
    verify(books)


def test_a_new_guarantor_does_not_take_an_agencys_recovery_over(
    books: Office, export: Export
) -> None:
    export.batch(own(), day=FILED)
    case = at_agency(books)
    recovered(books, case, 100_00)
    recalled(books, case)
    who = client(books)
    parent = books.write(lambda work: add_guarantor(work, "Pat Parent")).value
    with pytest.raises(Problem, match=r"03/02/2026.*collection case COL-2026-00001") as told:
        books.write(
            lambda work: change_guarantor(
                work, who.id, parent, from_day=date(2026, 1, 1), expected_version=who.version
            )
        )
    assert "Nothing was changed" in told.value.hint
    kept = books.read(lambda work: work.db.get_one(Patient, who.id).guarantor_id)
    assert kept == who.guarantor_id
    assert case_row(books, case).recovered == Money(100_00)
    books.write(
        lambda work: change_guarantor(
            work, who.id, parent, from_day=date(2026, 3, 3), expected_version=who.version
        )
    )
    assert [one.guarantor_id for one in charges(books)] == [who.guarantor_id]
    verify(books)


def test_a_session_that_an_agency_worked_on_stays_attended(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    case = at_agency(books)
    recovered(books, case, 100_00)
    recalled(books, case)
    session = charges(books)[0].session_id
    assert session is not None
    with pytest.raises(Problem):
        books.write(lambda work: change_attendance(work, [session], Attendance.CANCELLED))
    verify(books)


def test_a_session_at_an_agency_is_not_paid_because_nothing_else_is_open(
    books: Office, export: Export
) -> None:
    export.batch(own(), day=FILED)
    at_agency(books)
    changed = own()
    changed[9] = "NO NOTE"
    assert export.comes(changed).plan.changed == 1
    session = charges(books)[0].session_id
    found = books.read(lambda work: work.db.get_one(Session, session).billing_status)
    assert found is not BillingStatus.PAID
    verify(books)
