"""Requests at a second desk: a whole run at once, taken back as a whole; who may decide."""

from __future__ import annotations

from datetime import date

from fscdesk.services.billing.write_off_runs import ask_run, plan_write_offs
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.payments.screen import APPROVALS, PATIENTS
from tests.support.payments import Till, cents, open_till, verify
from tests.support.people import add_patient, add_provider, add_session
from tests.support.robots.office import DiaryScreen
from tests.support.second_person import clerk, second_person
from tests.ui.payments_place.conftest import OpenPayments

OLD = date(2025, 12, 1)


def run_of_two(books: Office, *, by: Office | None = None) -> Till:
    """Let a clerk, or whoever is named, ask for a run over two accounts of 5.00 since December."""

    def small(work: Work) -> Till:
        till = open_till(work)
        provider = add_provider(work, "Testa Fernsample")
        for number in (7, 8):
            patient = add_patient(work, f"Quill Number{number}", f"P-{number}")
            add_session(work, patient, provider, day=OLD, share=5_00, code="99213")
        return till

    till = books.write(small).value
    (by or clerk(books)).write(
        lambda work: ask_run(work, plan_write_offs(work), reason="Small balances")
    )
    return till


def test_a_run_is_approved_at_once_and_taken_back_as_a_whole(
    sqlite_books: Office, open_payments: OpenPayments
) -> None:
    run_of_two(sqlite_books)
    robot = open_payments(sqlite_books)
    robot.goes_to_tab(APPROVALS)
    robot.sees_rows(1)
    assert robot.cells("kind", "by", "amount") == [("Write-off run", "Cleo Clerkson", "10.00")]
    robot.presses("Home")
    robot.sees_pane()
    assert [line[0] for line in robot.lines("items")] == [
        "Quill Number7 (P-7)",
        "Quill Number8 (P-8)",
    ]
    robot.presses("Ctrl+Return")
    robot.hears("is approved: write-off run of 2 items, 10.00. 2 write-offs posted.")
    assert sqlite_books.read(lambda work: cents(work, "9000")) == 10_00
    verify(sqlite_books)
    robot.goes_to_view("decided")
    robot.sees_rows(1)
    robot.sees_pane()
    assert "Approved" in robot.told("steps")
    assert robot.steps() == {"Take the run back…": True}
    robot.presses("Ctrl+Return")
    robot.writes(reason="They have paid after all")
    robot.does_it()
    robot.hears("The write-offs of REQ-2026-00001, 10.00, are taken back.")
    assert sqlite_books.read(lambda work: cents(work, "9000")) == 0
    verify(sqlite_books)


def test_enter_on_a_write_off_opens_its_client(
    sqlite_books: Office, open_payments: OpenPayments
) -> None:
    run_of_two(sqlite_books)
    robot = open_payments(sqlite_books)
    robot.goes_to_tab(APPROVALS)
    robot.sees_rows(1)
    robot.presses("Home")
    robot.sees_pane()
    page = robot.page("items")
    page.story.setFocus()
    robot.waits(page.story.hasFocus)
    robot.presses("Return")
    robot.waits(lambda: isinstance(robot.window.screen_in_front(), DiaryScreen))
    here = robot.window.history.here()
    assert here is not None
    assert (here.place, here.what) == (PATIENTS, {"text": "P-7"})


def test_who_may_not_decide_is_told_who_may(
    sqlite_books: Office, open_payments: OpenPayments
) -> None:
    run_of_two(sqlite_books)
    robot = open_payments(second_person(sqlite_books))
    robot.goes_to_tab(APPROVALS)
    robot.sees_rows(0)
    robot.goes_to_view("waiting")
    robot.sees_rows(1)
    robot.sees_pane()
    assert robot.steps() == {"Approve 10.00": False, "Refuse…": False}
    assert robot.listed.pane is not None
    assert robot.listed.pane.foot.buttons()[0].toolTip() == (
        "Somebody who approves write-offs up to $50 decides this."
    )


def test_the_key_says_why_nobody_approves_an_own_request(
    sqlite_books: Office, open_payments: OpenPayments
) -> None:
    run_of_two(sqlite_books, by=sqlite_books)
    robot = open_payments(sqlite_books)
    robot.goes_to_tab(APPROVALS)
    robot.goes_to_view("mine")
    robot.sees_rows(1)
    robot.sees_pane()
    robot.presses("Ctrl+Return")
    robot.hears("You asked for this yourself. A second person must look at it.", Level.NOTE)
    assert sqlite_books.read(lambda work: cents(work, "9000")) == 0
