"""What is on paper of an account: how it went out, what printing writes down, and estimates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fscdesk.models.document import Sending, SentBy
from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.staff import Staff
from fscdesk.services.billing.estimates import NewEstimate, NewLine, estimate_of, make_estimate
from fscdesk.services.billing.statement_sending import mark_sent
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screens.patients.documents_tab import ESTIMATES, DocumentsDesk
from fscdesk.ui.tables.story import StoryPage
from tests.support.clock import Clock
from tests.support.payments import verify
from tests.support.rivera import Rivera, seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
TODAY = date(2026, 3, 20)
At = tuple[AccountRobot, Office, Rivera]
GFE = "GFE-2026-00001"


@pytest.fixture
def known(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[At]:
    """Jordan Rivera owes 600.00; his clinician and his date of birth are known."""
    theme.apply(qapp)
    clock.set(MARCH)
    rivera = sqlite_books.write(seed_six_hundred).value

    def act(work: Work) -> None:
        patient = work.db.get_one(Patient, rivera.patient)
        patient.birth_date = date(1980, 5, 1)
        patient.provider_id = work.db.scalars(select(Provider.id)).one()

    sqlite_books.write(act)
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A printer that takes everything; returns how many pages it was sent."""
    taken: list[int] = []

    def yes(_dialog: QPrintDialog) -> QPrintDialog.DialogCode:
        return QPrintDialog.DialogCode.Accepted

    def take(dialog: PreviewDialog, _printer: QPrinter) -> None:
        taken.append(dialog.pages.count)

    monkeypatch.setattr(QPrintDialog, "exec", yes)
    monkeypatch.setattr(PreviewDialog, "print_to", take)
    monkeypatch.setattr(QPrinter, "printerName", lambda _printer: "Front desk")
    return taken


def estimated(books: Office, rivera: Rivera) -> int:
    def act(work: Work) -> int:
        service = work.db.scalars(select(Service.id)).first() or 0
        return make_estimate(work, NewEstimate(rivera.patient, (NewLine(service, 12),)))

    return books.write(act).value


def prints(robot: AccountRobot) -> None:
    """Print what is shown, with Ctrl+P."""
    robot.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
    robot.presses("Ctrl+P")
    robot.waits(lambda: QApplication.activeModalWidget() is None)
    robot.window.activateWindow()
    robot.waits(robot.window.isActiveWindow)
    robot.rests()


def log(books: Office) -> list[tuple[SentBy, str, bool]]:
    """How, where to, and whether it was a statement; the oldest first."""
    rows = select(Sending).order_by(Sending.id)

    def look(work: Work) -> list[tuple[SentBy, str, bool]]:
        return [
            (one.how, one.destination, one.statement_id is not None)
            for one in work.db.scalars(rows)
        ]

    return books.read(look)


def test_printing_from_the_preview_is_written_into_the_send_log(
    known: At, printer: list[int]
) -> None:
    robot, books, rivera = known
    estimated(books, rivera)
    robot.finds("rive")
    robot.lists("documents")
    desk = robot.account.tabs.part
    assert isinstance(desk, DocumentsDesk)
    desk.open(ESTIMATES)
    robot.lists("documents")
    robot.does("Home", "Return")
    prints(robot)
    robot.hears("Sent 1 page to Front desk.")
    assert printer == [1]
    assert log(books) == [(SentBy.PRINT, "Front desk", False)]
    robot.does("Escape")
    part = robot.lists("documents")
    robot.waits(lambda: part.model.settled and part.model.total == 1)
    row = next(iter(part.model.loaded()))
    assert (row.kind, row.number, row.times) == ("estimate", GFE, 1)
    assert row.last is not None
    assert (row.last.how, row.last.where) == (SentBy.PRINT, "Front desk")
    who = books.read(lambda work: work.db.scalars(select(Staff.name)).one())
    assert row.last.by == who


def test_who_closes_the_preview_has_sent_nothing(known: At) -> None:
    robot, books, rivera = known
    estimated(books, rivera)
    robot.finds("rive")
    robot.lists("documents")
    desk = robot.account.tabs.part
    assert isinstance(desk, DocumentsDesk)
    desk.open(ESTIMATES)
    robot.lists("documents")
    robot.does("Home", "Return")
    assert robot.sees_pages() == GFE
    assert log(books) == []


def test_pages_that_are_saved_are_on_record_as_a_file(
    known: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot, books, rivera = known
    estimated(books, rivera)
    folder = tmp_path / "for the post"
    folder.mkdir()

    def chosen(*_asked: object) -> tuple[str, str]:
        return str(folder / "page.pdf"), "PDF (*.pdf)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", chosen)
    robot.finds("rive")
    robot.lists("documents")
    desk = robot.account.tabs.part
    assert isinstance(desk, DocumentsDesk)
    desk.open(ESTIMATES)
    robot.lists("documents")
    robot.does("Home", "Return")
    robot.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
    robot.presses("Ctrl+S")
    robot.waits(lambda: log(books) == [(SentBy.FILE, "for the post", False)])
    assert robot.sees_pages() == GFE
    assert (folder / "page.pdf").read_bytes().startswith(b"%PDF")


def test_statements_stand_among_the_documents_with_their_lines(
    known: At, printer: list[int]
) -> None:
    robot, books, _rivera = known

    def made(work: Work) -> None:
        found = make_statements(work, plan_statements(work, as_of=TODAY))
        mark_sent(work, [one.id for one in found.statements], how=SentBy.EMAIL_FILE)

    books.write(made)
    robot.finds("rive")
    part = robot.lists("documents")
    row = next(iter(part.model.loaded()))
    assert (row.kind, row.times, row.document_id) == ("statement", 1, None)
    robot.does("Home", "Return")
    prints(robot)
    assert printer == [1]
    assert log(books)[-1] == (SentBy.PRINT, "Front desk", True)
    robot.waits(lambda: next(iter(part.model.loaded())).times == 2)
    acts = {act.key: act for act in part.spec.row_acts}
    assert acts["save"].off_because is not None
    assert acts["save"].off_because(list(part.model.loaded()))
    pane = part.pane
    assert pane is not None
    robot.waits(lambda: bool(pane.findChildren(StoryPage)))


def test_an_estimate_is_withdrawn_with_a_reason(known: At) -> None:
    robot, books, rivera = known
    one = estimated(books, rivera)
    robot.finds("rive")
    robot.lists("documents")
    desk = robot.account.tabs.part
    assert isinstance(desk, DocumentsDesk)
    desk.open(ESTIMATES)
    part = robot.lists("documents")
    row = next(iter(part.model.loaded()))
    assert (row.number, row.made_on, row.valid_to) == (GFE, TODAY, date(2027, 3, 19))
    robot.does("Home", "Ctrl+Shift+V")
    robot.presses("Ctrl+Return")  # without a reason nothing happens
    robot.dialog()
    robot.fills(reason="Other care was agreed")
    robot.hears(f"{GFE} is withdrawn.")
    found = books.read(lambda work: estimate_of(work, one))
    assert (found.withdrawn_on, found.withdrawn_reason) == (TODAY, "Other care was agreed")
    robot.waits(lambda: next(iter(part.model.loaded())).withdrawn_on == TODAY)
    withdraw = next(act for act in part.spec.row_acts if act.key == "withdraw")
    assert withdraw.off_because is not None
    assert withdraw.off_because(list(part.model.loaded())) == "It was withdrawn on 03/20/2026."
    verify(books)
