"""The attendance report sets attendance where it is clear, asks where not, and keeps off money."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.session import Attendance, Session
from fscdesk.services.errors import Problem
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import received
from tests.support.plans import check_of
from tests.support.report_files import line
from tests.support.report_imports import (
    AGAIN,
    ask,
    bring_in,
    counts,
    proves,
    sample,
    sessions_of,
    small,
    take_back,
)

REPORT = "sp_attendance"
NOVA = (
    "SELECT s.id, s.attendance, s.fee, s.insurance_balance, s.patient_balance FROM session s"
    " JOIN patient p ON p.id = s.patient_id"
    " WHERE p.name = 'Nova Newclient' AND s.day = '2026-03-31'"
)
XAVIER = (
    "SELECT s.minute, s.attendance FROM session s JOIN patient p ON p.id = s.patient_id"
    " WHERE p.name LIKE 'Xavier%' AND s.day = '2026-03-26' ORDER BY s.minute"
)


def row(status: str, client: str = "Nova Newclient", day: str = "03/31/2026") -> list[str]:
    """A row for a session of March on which no money stands."""
    clinician = "Placebo Quentin Q. Standin" if client.startswith("Xavier") else "Testa Fernsample"
    return line(
        REPORT, clientname=client, clinicianname=clinician, dateofservice=day, status=status
    )


def xavier(status: str) -> list[str]:
    """A row for one of the two sessions of Xavier on one day."""
    return row(status, "Xavier Testington III", "03/26/2026")


def later_that_day(books: Office) -> None:
    """Move the second of the two sessions of Xavier to the afternoon."""

    def act(work: Work) -> None:
        second = work.db.scalars(
            select(Session).where(Session.minute == 660, Session.occurrence == 2)
        ).one()
        second.minute, second.occurrence = 960, 1
        second.starts_at += timedelta(hours=5)

    books.write(act)


def test_the_sample_agrees_with_march(books: Office) -> None:
    sessions_of(books)
    plan = bring_in(books, sample(REPORT)).plan
    assert counts(plan) == (63, 0, 0, 60, 3)
    codes = [finding.code for finding in plan.findings]
    assert codes == ["cancelled-absent"] * 2 + ["unknown-office"] * 2 + ["left-out"]
    proves(books)


def test_rows_without_sessions_wait_for_them(books: Office) -> None:
    first = bring_in(books, sample(REPORT))
    assert (first.batch_id, first.plan.skipped) == (None, 63)
    assert "no-session" in [finding.code for finding in first.plan.findings]
    sessions_of(books)
    assert counts(bring_in(books, sample(REPORT)).plan) == (63, 0, 0, 60, 3)


def test_a_missed_session_loses_its_charge_and_gets_it_back(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    before = ask(books, NOVA)
    assert before[0][1:] == ("completed", 20000, 17500, 2500)
    applied = bring_in(books, small(tmp_path, REPORT, row("No Show")))
    assert counts(applied.plan) == (1, 0, 1, 0, 0)
    after = ask(books, NOVA)[0]
    assert after[1] == "no_show"
    assert after[3] == 0, "a payer is never asked for a missed session"
    assert (after[3] + after[4]) - 20000 == applied.plan.open_change.cents
    proves(books)
    take_back(books, applied)
    assert ask(books, NOVA) == before
    proves(books)
    again = bring_in(books, small(tmp_path, REPORT, row("No Show")))
    assert counts(again.plan) == (1, 0, 1, 0, 0)
    assert again.plan.questions == (), "undoing an import is no person's word"


def test_the_next_appointment_report_keeps_what_the_attendance_report_said(
    books: Office, tmp_path: Path
) -> None:
    sessions_of(books)
    bring_in(books, small(tmp_path, REPORT, row("No Show")))
    sessions_of(books, AGAIN)
    assert ask(books, NOVA)[0][1] == "no_show"
    proves(books)


def test_a_clinician_who_cancels_is_said_in_the_reason(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    bring_in(books, small(tmp_path, REPORT, row("Clinician Canceled")))
    assert ask(books, NOVA)[0][1:] == ("cancelled", 0, 0, 0)
    (why,) = ask(books, "SELECT reason FROM session_status_history WHERE new = 'cancelled'")
    assert why == ("Attendance report: cancelled by the clinician",)
    proves(books)


def test_money_stays_and_is_a_finding(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    plan = bring_in(
        books, small(tmp_path, REPORT, row("No Show", "Quill Fakerson", "03/02/2026"))
    ).plan
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert plan.rows[0].reason == "SimplePractice recorded money for it, so it stays completed"
    codes = [finding.code for finding in plan.findings]
    assert codes == ["money-on-session", "unknown-office"]


def test_what_a_person_said_is_asked_about(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    session_id = ask(books, NOVA)[0][0]
    books.write(lambda work: change_attendance(work, [session_id], Attendance.LATE_CANCELLED))
    file = small(tmp_path, REPORT, row("Show"))
    waiting = bring_in(books, file)
    assert counts(waiting.plan) == (1, 0, 0, 0, 1)
    (question,) = waiting.plan.questions
    kept = bring_in(books, file, answers={question.id: "keep"})
    assert counts(kept.plan) == (1, 0, 0, 1, 0)
    more = small(tmp_path, REPORT, row("Show"), row("Show", "Quill Fakerson", "03/23/2026"))
    assert [one.remembered for one in bring_in(books, more).plan.questions] == [True]
    taken = bring_in(books, small(tmp_path, REPORT, row("No Show")))
    other = taken.plan.questions[0]
    assert other.id != question.id, "another word is another question"


def test_two_sessions_of_a_day_are_paired_only_when_it_is_clear(
    books: Office, tmp_path: Path
) -> None:
    sessions_of(books)
    both = bring_in(books, small(tmp_path, REPORT, xavier("Show"), xavier("Show")))
    assert counts(both.plan) == (2, 0, 0, 2, 0)
    later_that_day(books)
    file = small(tmp_path, REPORT, xavier("No Show"), xavier("Show"))
    waiting = bring_in(books, file)
    assert counts(waiting.plan) == (2, 0, 0, 0, 2)
    (question,) = waiting.plan.questions
    labels = {option.key: option.label for option in question.options}
    assert labels == {
        "nc": "11:00 no show, 16:00 completed",
        "cn": "11:00 completed, 16:00 no show",
    }
    bring_in(books, file, answers={question.id: "cn"})
    assert [one[1] for one in ask(books, XAVIER)] == ["completed", "no_show"]
    turned = small(tmp_path, REPORT, xavier("Show"), xavier("No Show"), name="turned.csv")
    assert counts(bring_in(books, turned).plan) == (2, 0, 0, 2, 0)
    proves(books)


def test_two_sessions_that_nobody_can_tell_apart_are_no_question(
    books: Office, tmp_path: Path
) -> None:
    sessions_of(books)
    plan = bring_in(books, small(tmp_path, REPORT, xavier("No Show"), xavier("Show"))).plan
    assert (counts(plan), plan.questions) == ((2, 0, 1, 1, 0), ())
    assert sorted(one[1] for one in ask(books, XAVIER)) == ["completed", "no_show"]
    proves(books)


def test_one_row_for_two_sessions_is_nobodys_guess(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    plan = bring_in(books, small(tmp_path, REPORT, xavier("No Show"))).plan
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert plan.rows[0].reason == "The day has 1 rows and 2 sessions"
    assert counts(bring_in(books, small(tmp_path, REPORT, xavier("Show"))).plan)[3] == 1


def test_all_of_it_or_nothing(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    file = small(tmp_path, REPORT, row("No Show"))
    done = assert_all_or_nothing(books, lambda work: import_report(work, file)).value
    batch_id = int(done.batch_id or 0)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch_id))
    proves(books)


def test_money_on_what_it_charged_keeps_the_report(books: Office, tmp_path: Path) -> None:
    """The session took place after all and was paid: the undo would leave money on nothing."""
    sessions_of(books)
    bring_in(books, small(tmp_path, REPORT, row("Clinician Canceled")))
    done = bring_in(books, small(tmp_path, REPORT, row("Show")))
    made = select(Charge).where(Charge.batch_id == done.batch_id, Charge.voided_on.is_(None))
    charge = books.read(lambda work: work.db.scalars(made).one())
    paid = Application(charge.id, charge.patient_balance)
    received(books, check_of(charge.guarantor_id, paid.amount.cents, applications=(paid,)))
    with pytest.raises(Problem, match="payment PAY-2026-00001"):
        take_back(books, done)
    proves(books)
