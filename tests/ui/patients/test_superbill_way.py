"""A superbill the whole way: refused for want of a place, mended in Sessions, made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fscdesk.models.document import Document
from fscdesk.models.patient import Patient
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.office import Office
from fscdesk.services.patients.coverage import add_diagnosis
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.screens.patients.superbill_dialog import SuperbillDialog
from fscdesk.ui.screens.sessions import SessionsScreen
from fscdesk.ui.screens.sessions.location_dialog import LocationDialog
from tests.support.clock import Clock
from tests.support.pdf import page_texts
from tests.support.people import add_provider, add_session
from tests.support.rivera import seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window


def _fill(work: Work) -> None:
    """Four sessions of February, and one by another client; two places, none at a session."""
    rivera = seed_six_hundred(work)
    work.db.get_one(Patient, rivera.patient).birth_date = date(1980, 5, 1)
    provider = work.db.scalars(select(Provider)).one()
    provider.npi, provider.credentials = "1234567893", "LCSW"
    practice = work.db.get_one(Practice, 1)
    practice.npi, practice.tax_id = "1234567893", "00-0000000"
    add_diagnosis(work, rivera.patient, "F41.1", valid_from=date(2026, 1, 1))
    other = add_provider(work, "Testa Fernsample")
    add_session(work, rivera.rita, other, day=date(2026, 2, 4), share=150_00)
    work.db.add_all([Location(name="Main office"), Location(name="School", place_of_service="03")])


@pytest.fixture
def robot(
    qapp: QApplication, clock: Clock, sqlite_books: Office, qtbot: QtBot, tmp_path: Path
) -> Iterator[AccountRobot]:
    theme.apply(qapp)
    clock.set(datetime(2026, 3, 20, 15, tzinfo=UTC))
    sqlite_books.write(_fill)
    with account_window(qtbot, sqlite_books, tmp_path, sessions=SessionsScreen) as opened:
        yield opened
    theme.apply(qapp)


def _asks_for_february(robot: AccountRobot) -> SuperbillDialog:
    robot.finds("rive")
    button = robot.account.head.superbill
    button.setFocus()
    robot.waits(button.hasFocus)
    robot.presses("Space")
    top = robot.dialog()
    assert isinstance(top, SuperbillDialog)
    for name, day in (("first", "2-1"), ("last", "2-28")):
        field = top.field(name).editor
        field.setFocus()
        robot.waits(field.hasFocus)
        robot.presses("Ctrl+A")
        robot.types(day)
    robot.presses("Ctrl+Return")
    return top


def test_the_whole_way(robot: AccountRobot, sqlite_books: Office) -> None:
    top = _asks_for_february(robot)
    robot.waits(lambda: "held is not known" in top.refusal.text())
    assert top.refusal.text() == (
        "Where 90837 of 02/03/2026, 02/10/2026, 02/17/2026 and 1 more were held is not known."
        " Set the location in Sessions, or import the attendance report of that time with its"
        " offices kept as locations under Setup. No superbill was made."
    )
    robot.waits(top.show_sessions.isVisible)
    top.show_sessions.setFocus()
    robot.waits(top.show_sessions.hasFocus)
    robot.presses("Space")
    robot.waits(lambda: isinstance(robot.window.screen_in_front(), SessionsScreen))
    screen = robot.window.screen_in_front()
    assert isinstance(screen, SessionsScreen)
    model, view = screen.part.model, screen.part.view
    robot.waits(lambda: model.known and model.settled and model.total == 4)
    robot.window.activateWindow()
    view.setFocus()
    robot.waits(view.hasFocus)
    robot.presses("Ctrl+A", "Ctrl+Shift+O")
    robot.waits(lambda: isinstance(QApplication.activeModalWidget(), LocationDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LocationDialog)
    robot.waits(lambda: dialog.combo.hasFocus() and dialog.combo.count() == 2)
    robot.types("Sch")
    robot.presses("Ctrl+Return")
    robot.hears("4 sessions: location set to School (03).")
    robot.waits(lambda: model.total == 0 and model.settled)
    robot.window.activateWindow()
    robot.waits(robot.window.isActiveWindow)
    _asks_for_february(robot)
    assert robot.sees_pages() == "Superbill SB-2026-00001"

    def page(work: Work) -> str:
        made = work.db.scalars(select(Document)).one()
        return "".join(page_texts(document_bytes(work, made.id)))

    text = sqlite_books.read(page)
    for day in ("03", "10", "17", "24"):
        assert f"02/{day}/2026 03 90837" in text
    others = select(Session.location_id).where(Session.day == date(2026, 2, 4))
    assert sqlite_books.read(lambda work: work.db.scalar(others)) is None


def test_what_is_missing_elsewhere_does_not_lead_to_the_sessions(
    robot: AccountRobot, sqlite_books: Office
) -> None:
    def lacks(work: Work) -> None:
        work.db.scalars(
            select(Patient).where(Patient.birth_date.is_not(None))
        ).one().birth_date = None
        work.db.query(Location).where(Location.name == "School").delete()

    sqlite_books.write(lacks)
    top = _asks_for_february(robot)
    robot.waits(lambda: "has no date of birth" in top.refusal.text())
    assert not top.show_sessions.isVisible()
    top.reject()
    robot.waits(lambda: QApplication.activeModalWidget() is None)
