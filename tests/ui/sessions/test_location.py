"""Where sessions took place is set by keyboard, for one and for several, and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from fscdesk.models.practice import Location
from fscdesk.models.session import Session
from fscdesk.services.office import Office
from fscdesk.services.sessions.locating import set_location
from fscdesk.services.work import Work
from fscdesk.ui.screens.sessions.location_dialog import LocationDialog
from tests.support.robots.sessions import SessionsRobot

JOSE, NOVA, MINNA = "José Ficción", "Nova Newclient", "Minna Minorsample"
At = Callable[[], list[str]]


def _dialog(robot: SessionsRobot) -> LocationDialog:
    dialog = robot.dialog()
    assert isinstance(dialog, LocationDialog)
    robot.qtbot.waitUntil(lambda: bool(dialog.hint.text()) or bool(dialog.refusal.text()))
    robot.qtbot.waitUntil(dialog.combo.hasFocus)
    return dialog


@pytest.fixture
def places(march: Office) -> At:
    """Two locations; answers where the sessions with one took place."""
    two = [Location(name="Main office"), Location(name="Video", place_of_service="10")]
    march.write(lambda work: work.db.add_all(two))

    def standing(work: Work) -> list[str]:
        joined = select(Location.name).join(Session, Session.location_id == Location.id)
        return list(work.db.scalars(joined.order_by(Session.id)))

    return lambda: march.read(standing)


def test_ticked_sessions_get_their_location_and_lose_it_again(
    places: At, sessions: SessionsRobot
) -> None:
    sessions.goes_to(JOSE)
    sessions.presses("Space")
    sessions.goes_to(NOVA)
    sessions.presses("Space")
    sessions.presses("Ctrl+Shift+O")
    dialog = _dialog(sessions)
    assert dialog.heading.text() == "Set the location of 2 sessions"
    assert dialog.hint.text() == "Now not known."
    assert not dialog.do_it.isEnabled(), "of two places none is proposed"
    sessions.types("Vid")
    assert dialog.word() == "Video (10)"
    sessions.presses("Ctrl+Return")
    assert sessions.sees_message("2 sessions: location set to Video (10).").undo is not None
    assert not sessions.has_dialog()
    assert places() == ["Video"] * 2
    sessions.presses("Ctrl+Z")
    sessions.sees_message("Undone: 2 sessions set back to the location before.")
    assert places() == []
    sessions.presses("Ctrl+Y")
    sessions.sees_message("2 sessions: location set to Video (10).")
    assert places() == ["Video"] * 2


def test_the_pane_says_where_and_its_menu_sets_it(places: At, sessions: SessionsRobot) -> None:
    sessions.goes_to(JOSE)
    sessions.sees_pane(JOSE)
    sessions.opens_tab("charges")
    assert "Location: Not known" in sessions.facts("charges").replace("\t", ": ")
    row = sessions.current()
    assert row is not None
    steps = {step.word: step.act for step in sessions.screen.ways.more_steps(row)}
    steps["Set location…"]()
    dialog = _dialog(sessions)
    sessions.types("Main")
    sessions.presses("Return")
    sessions.sees_message("1 session: location set to Main office (11).")
    sessions.qtbot.waitUntil(lambda: "Main office" in sessions.facts("charges"))
    sessions.screen.acts.set_location([row])
    dialog = _dialog(sessions)
    assert dialog.hint.text() == "It is there already."
    assert not dialog.do_it.isEnabled()
    sessions.types("Not")
    assert dialog.location_id() is None
    sessions.presses("Return")
    sessions.sees_message("1 session: location set to Not known.")
    assert places() == []


def test_who_comes_second_is_told(march: Office, places: At, sessions: SessionsRobot) -> None:
    row = sessions.goes_to(JOSE)
    sessions.presses("Ctrl+Shift+O")
    dialog = _dialog(sessions)
    march.write(lambda work: set_location(work, {row.id: None}, 1))
    sessions.types("Vid")
    sessions.presses("Ctrl+Return")
    sessions.qtbot.waitUntil(lambda: "Someone else set the location" in dialog.refusal.text())
    sessions.presses("Escape")
    assert not sessions.has_dialog()
    assert places() == ["Main office"]


def test_without_a_location_the_way_leads_to_setup(sessions: SessionsRobot) -> None:
    sessions.goes_to(JOSE)
    sessions.presses("Ctrl+Shift+O")
    dialog = _dialog(sessions)
    assert "No location is kept yet." in dialog.refusal.text()
    assert not dialog.do_it.isEnabled()
    assert dialog.setup.isVisible()
    dialog.setup.setFocus()
    sessions.presses("Space")
    sessions.qtbot.waitUntil(
        lambda: (here := sessions.window.history.here()) is not None and here.place == "setup"
    )
    assert sessions.elsewhere("setup") == {"group": "practice", "tab": "locations"}


def test_the_list_keeps_those_whose_place_is_not_known(
    march: Office, places: At, sessions: SessionsRobot
) -> None:
    march.write(lambda work: set_location(work, dict.fromkeys(range(1, 41)), 1))
    sessions.opens("sessions", location=0)
    sessions.sees(20)
    sessions.qtbot.waitUntil(lambda: "Location: Not known" in _chips(sessions))
    sessions.opens("sessions", location=1)
    sessions.sees(40)
    assert len(places()) == 40


def _chips(robot: SessionsRobot) -> str:
    return " | ".join(chip.accessibleName() for chip in robot.part.line.chips.values())
