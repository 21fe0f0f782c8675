"""Recognised: what a file is, by which day it is dated, and which column is which."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from fscdesk.services.importing.profiles import list_profiles
from fscdesk.services.office import Office
from fscdesk.ui.screens.importing.steps import Step
from tests.support.focus import comes_to
from tests.support.robots.importing import ImportingRobot, put

from .conftest import LATER

FOREIGN = (
    "Termin,Patient,Therapist,Service,Total fee\n"
    "03/02/2026 09:00,Quill Fakerson,Testa Fernsample,90837,160.00\n"
    "03/03/2026 10:00,Zebra Testcase,Testa Fernsample,90834,130.00\n"
)


def chosen(robot: ImportingRobot, path: Path) -> ImportingRobot:
    robot.chooser.files = [path]
    robot.presses("Ctrl+O")
    robot.waits(lambda: robot.window.rail.marked() == "sessions")
    robot.waits(lambda: robot.screen.run.path == path)
    robot.waits(lambda: robot.step() is not Step.FILES and robot.at_rest())
    return robot


def test_facts_are_shown_and_the_day_can_be_changed(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = wizard_in_april
    robot.presses("Ctrl+I")
    robot.sees(Step.PLAN)
    robot.plan.foot.back.setFocus()
    robot.presses("Space")
    robot.sees(Step.RECOGNISED)
    facts = robot.screen.recognised.facts
    words = {label.text() for label in facts.findChildren(QLabel) if label.isVisible()}
    assert {
        "SimplePractice appointment status report",
        "CSV, UTF-8, separated by commas",
        "line 1, 20 columns",
        "47 rows",
        "03/16/2026 to 04/10/2026",
    } <= words
    assert facts.day.value() == date(2026, 4, 10)
    comes_to(facts.day.edit)
    facts.day.edit.selectAll()
    robot.types("4-11")
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    asked = text("SELECT file_day FROM import_batch ORDER BY id DESC LIMIT 1")
    assert str(sqlite_books.read(lambda work: work.db.scalar(asked))) == "2026-04-11"


def test_a_day_that_is_none_is_said_and_no_plan_is_made(wizard_in_april: ImportingRobot) -> None:
    robot = wizard_in_april
    robot.presses("Ctrl+I")
    robot.sees(Step.PLAN)
    robot.screen.run.go(Step.RECOGNISED)
    day = robot.screen.recognised.facts.day
    day.edit.selectAll()
    robot.types("02/30/2026")
    robot.presses("Ctrl+Return")
    assert day.sentence.text() == "02/30/2026 is not a day."
    assert robot.step() is Step.RECOGNISED


def test_another_report_is_refused_by_its_name(empty: ImportingRobot) -> None:
    checks = "Date Requested,Client,Status,Payer\n03/02/2026,Quill Fakerson,Active,FICTA\n"
    robot = chosen(empty, put(empty.folder, "checks.csv", checks, LATER))
    assert robot.step() is Step.RECOGNISED
    page = robot.screen.recognised
    assert "is the SimplePractice insurance status checks report" in page.refusal.sentence.text()
    assert page.refusal.button is not None
    comes_to(page.refusal.button)
    assert not page.go_on.isEnabled()
    robot.presses("Ctrl+Return")
    assert robot.step() is Step.RECOGNISED


def test_columns_are_mapped_by_hand_kept_and_known_the_next_time(
    empty: ImportingRobot, sqlite_books: Office
) -> None:
    robot = chosen(empty, put(empty.folder, "theirs.csv", FOREIGN, LATER))
    assert robot.step() is Step.RECOGNISED
    form = robot.screen.recognised.form
    assert form.fields["client"].value() == "patient"  # by its name
    assert form.fields["day"].value() is None
    needed = robot.screen.recognised._needed
    assert needed.text() == "Still needed: Date of service (with or without the time)."
    assert not robot.screen.recognised.go_on.isEnabled()
    comes_to(form.fields["day"].combo)
    robot.types("t")  # the first column that begins so
    assert form.fields["day"].value() == "termin"
    assert needed.isHidden()
    form.name.set_value("Their calendar")
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    assert robot.tiles()["new"] == 2
    kept = sqlite_books.read(list_profiles)
    assert [one.profile.name for one in kept] == ["Their calendar"]

    again = put(empty.folder, "theirs, a week later.csv", FOREIGN.replace("/02/", "/09/"), LATER)
    chosen(robot, again)
    robot.sees(Step.PLAN)
    robot.screen.run.go(Step.RECOGNISED)
    words = [label.text() for label in robot.screen.recognised.facts.findChildren(QLabel)]
    assert "the mapping “Their calendar”" in words


def test_a_mapping_can_be_changed_again(empty: ImportingRobot, sqlite_books: Office) -> None:
    robot = chosen(empty, put(empty.folder, "theirs.csv", FOREIGN, LATER))
    form = robot.screen.recognised.form
    form.fields["day"].set_value("termin")
    form.fields["fee"].set_value(None)
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    robot.screen.run.go(Step.RECOGNISED)
    robot.screen.recognised.facts.mapping.emit()
    assert form.fields["day"].value() == "termin"
    assert form.fields["fee"].value() is None
    form.fields["fee"].set_value("totalfee")
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    kept = sqlite_books.read(list_profiles)
    assert [one.profile.columns.get("fee") for one in kept] == ["totalfee"]


def test_a_name_that_is_taken_is_refused_and_the_form_stays(
    empty: ImportingRobot, sqlite_books: Office
) -> None:
    robot = chosen(empty, put(empty.folder, "theirs.csv", FOREIGN, LATER))
    form = robot.screen.recognised.form
    form.fields["day"].set_value("termin")
    form.name.set_value("Calendar")
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    other = FOREIGN.replace("Termin", "Beginn")
    chosen(robot, put(empty.folder, "others.csv", other, LATER))
    assert robot.step() is Step.RECOGNISED
    form.fields["day"].set_value("beginn")
    form.name.set_value("Calendar")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: bool(robot.heard))
    assert robot.newest().text == "Another mapping is called “Calendar”."
    assert robot.step() is Step.RECOGNISED
    assert form.fields["day"].value() == "beginn"
