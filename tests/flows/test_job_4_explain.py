"""Job 4: why is it unpaid, and "why do I owe this?", answered while the client is on the phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.document import Document, DocumentKind, Sending, SentBy
from fscdesk.models.ledger import JournalEntry
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from tests.support.clock import Clock
from tests.support.focus import comes_to
from tests.support.papers import flat
from tests.support.payments import verify
from tests.support.rivera import ASKED, Rivera, seed_deductible
from tests.support.robots.account import AccountRobot, account_window

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
At = tuple[AccountRobot, Office, Rivera]
Step = tuple[Callable[[AccountRobot], object], tuple[str, ...]]
"""What is done, and what is thought before it."""


@pytest.fixture
def on_the_phone(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[At]:
    """Jordan Rivera calls; the window stands on Home."""
    theme.apply(qapp)
    clock.set(MARCH)
    rivera = sqlite_books.write(seed_deductible).value
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


def stands(books: Office) -> tuple[int, int, int]:
    """Entries, documents, sendings."""

    def look(work: Work) -> tuple[int, int, int]:
        entries, pages, sent = (
            work.db.scalar(select(func.count()).select_from(one)) or 0
            for one in (JournalEntry, Document, Sending)
        )
        return entries, pages, sent

    return books.read(look)


FIND: Step = (lambda robot: robot.finds("rive"), ("start", "the account"))
EXPLAIN: Step = (lambda robot: robot.does("Ctrl+E"), ("the sentence",))
TO_FEBRUARY: Step = (lambda robot: robot.does("Down"), ("the day that he asks about",))
PRINT: Step = (lambda robot: robot.does("Ctrl+Return"), ("a last look",))


def plays(robot: AccountRobot, *steps: Step) -> None:
    for act, thoughts in steps:
        for why in thoughts:
            robot.thinks(why)
        act(robot)


def test_a_why_the_balance_is_what_it_is(on_the_phone: At) -> None:
    robot, books, _rivera = on_the_phone
    robot.begins()
    plays(robot, FIND, EXPLAIN)
    pane = robot.account.explain_pane
    assert pane.isVisible()
    comes_to(pane.list)
    found = pane.found
    assert found is not None
    assert (str(found.client_owes), str(found.payer_owes)) == ("116.40", "130.00")
    days = [str(one.day) for one in found.charges]
    assert days == ["2026-03-10", "2026-02-03", "2026-01-13"]
    assert found.charges[0].waits[0].sentence.startswith("30.00 waits for Jordan Rivera since")
    steps = [step for one in found.charges for step in one.steps]
    assert sum(step.amount.cents for step in steps) == found.total.cents == 246_40
    log = robot.log
    assert len(log.acts) <= 8, log.told()
    assert log.seconds <= 8, log.told()
    assert log.clicks == 0
    verify(books)


def test_b_why_the_client_owes_it_is_printed_and_on_record(on_the_phone: At) -> None:
    robot, books, rivera = on_the_phone
    entries, pages, sent = stands(books)
    robot.begins()
    plays(robot, FIND, EXPLAIN, TO_FEBRUARY)
    pane = robot.account.explain_pane
    assert pane.list.current is not None
    assert pane.list.current.day == ASKED
    assert stands(books) == (entries, pages, sent)
    plays(robot, PRINT)
    log = robot.log
    assert len(log.acts) <= 10, log.told()
    assert log.seconds <= 11, log.told()
    assert log.clicks == 0
    assert len(robot.screens) <= 2
    assert robot.sees_pages() == "Explanation EX-2026-00001"
    assert stands(books) == (entries, pages + 1, sent + 1)

    def look(work: Work) -> tuple[Document, Sending, bytes]:
        page = work.db.scalars(select(Document)).one()
        return page, work.db.scalars(select(Sending)).one(), document_bytes(work, page.id)

    page, line, pdf = books.read(look)
    assert (page.kind, page.patient_id) == (DocumentKind.EXPLANATION, rivera.patient)
    assert (line.how, line.document_id) == (SentBy.PRINT, page.id)
    words = flat(pdf)
    assert "02/03/2026" in words or "February 3, 2026" in words
    assert "86.40" in words
    assert "116.40" not in words, "only the charge that was asked about is told"
    verify(books)


def test_the_sentences_are_those_of_the_ledger_and_open_their_source(on_the_phone: At) -> None:
    robot, _books, _rivera = on_the_phone
    plays(robot, FIND, EXPLAIN, TO_FEBRUARY)
    told = robot.account.explain_pane.list.current
    assert told is not None
    said = [(str(one.amount), str(one.running)) for one in told.steps]
    assert said[0] == ("160.00", "160.00")
    assert said[-1][1] == "86.40"
    robot.does("Return")
    assert robot.window.history.here() is not None
    stop = robot.window.history.here()
    assert stop is not None
    assert (stop.place, stop.what) == ("sessions", {"session": told.session_id})
    robot.does("Alt+Left")
    robot.does("Right", "Right", "Return")
    assert robot.window.rail.marked() == "patients"
    assert robot.account.tabs.current == "ledger"


def test_what_the_payer_owes_alone_is_no_page_for_the_client(on_the_phone: At) -> None:
    robot, books, _rivera = on_the_phone
    before = stands(books)
    plays(robot, FIND, EXPLAIN)
    robot.does("Down", "Down", "Ctrl+Return")
    pane = robot.account.explain_pane
    assert not pane.print_button.isEnabled()
    assert robot.newest().text == "Nothing of 90837 of 01/13/2026 is the client’s to pay."
    assert "130.00 waits for FICTA since 01/13/2026" in robot.newest().hint
    assert stands(books) == before


@pytest.mark.parametrize("wrong", ["Q", "Ctrl+Return", "Escape"])
def test_a_wrong_key_at_every_position_posts_nothing(on_the_phone: At, wrong: str) -> None:
    robot, books, _rivera = on_the_phone
    before = stands(books)
    plays(robot, FIND)
    robot.does(wrong)
    assert stands(books)[0] == before[0]
    if wrong == "Q":
        robot.does("Escape")
    if not robot.in_front():
        plays(robot, FIND)
    plays(robot, EXPLAIN)
    if wrong != "Ctrl+Return":
        robot.does(wrong)
        if not robot.account.explain_pane.isVisible():
            plays(robot, EXPLAIN)
        plays(robot, TO_FEBRUARY)
        robot.does(wrong)
    assert stands(books) == before
    verify(books)


def test_escape_closes_the_pane_and_the_focus_is_where_it_was(on_the_phone: At) -> None:
    robot, _books, _rivera = on_the_phone
    plays(robot, FIND)
    before = QApplication.focusWidget()
    plays(robot, EXPLAIN)
    robot.does("Escape")
    assert not robot.account.explain_pane.isVisible()
    robot.waits(lambda: QApplication.focusWidget() is before)


def test_the_identity_is_shown_on_demand_and_that_is_on_record(on_the_phone: At) -> None:
    robot, books, _rivera = on_the_phone
    plays(robot, FIND, EXPLAIN)
    pane = robot.account.explain_pane
    assert pane.identity.isHidden()
    pane.who_button.setFocus()
    robot.waits(pane.who_button.hasFocus)
    robot.does("Space")
    robot.waits(lambda: not pane.identity.isHidden())
    assert pane.identity.text() == "Born not known, phone 555-0107."
    assert books.read(_looked_up) == 1


def _looked_up(work: Work) -> int:
    wanted = select(func.count()).where(AuditEvent.action == "show_identity")
    return work.db.scalar(wanted) or 0
