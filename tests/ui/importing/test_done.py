"""Done: the same figures, the way back, and where to go now."""

from __future__ import annotations

from fscdesk.services.office import Office
from fscdesk.ui.screens.importing.steps import Step
from tests.support.focus import comes_to
from tests.support.robots.importing import ImportingRobot
from tests.ui.importing.test_plan import answered, entries, opened


def applied(robot: ImportingRobot) -> ImportingRobot:
    answered(opened(robot))
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    return robot


def test_done_shows_the_figures_of_the_plan_and_the_number(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = answered(opened(wizard_in_april))
    planned = robot.tiles()
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    assert robot.tiles() == planned
    done = robot.screen.done
    assert done._title.text() == "Import 2 is in the books"
    assert done._facts.text() == (
        "03/16/2026 to 04/10/2026.  Amounts as of 04/10/2026.  "
        "Open balance −480.50, 41 entries posted."
    )


def test_the_entries_that_were_announced_are_those_that_were_posted(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    before = entries(sqlite_books)
    applied(wizard_in_april)
    assert entries(sqlite_books) - before == 41


def test_undo_brings_the_plan_back_and_redo_applies_it_again(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = applied(wizard_in_april)
    robot.presses("Ctrl+Z")
    robot.sees(Step.PLAN)
    assert robot.newest().text.startswith("Import 2 of the next one.csv is undone: ")
    assert robot.button() == "Apply 32 changes"
    assert robot.open_questions() == []
    robot.presses("Ctrl+Y")
    robot.waits(lambda: robot.newest().text.startswith("Imported 47 rows"))
    robot.rests()
    assert "Imported already" in robot.plan.notice.text()
    robot.presses("Ctrl+Z")
    robot.waits(lambda: "Import 3 of" in robot.newest().text)
    robot.rests()
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    assert robot.newest().text == "Imported 47 rows: 12 new, 18 changed, 17 unchanged."


def test_the_ways_on_open_sessions_on_what_was_imported(wizard_in_april: ImportingRobot) -> None:
    robot = applied(wizard_in_april)
    comes_to(robot.screen.done.sessions)
    robot.presses("Space")
    stop = robot.window.history.here()
    assert stop is not None
    assert (stop.place, dict(stop.what)) == ("sessions", {"batch": 2})
    robot.presses("Alt+Left")
    robot.sees(Step.DONE)
    robot.screen.done.unbilled.setFocus()
    robot.presses("Space")
    stop = robot.window.history.here()
    assert stop is not None
    assert (stop.place, dict(stop.what)) == ("sessions", {"view": "unbilled"})


def test_the_answers_are_remembered_by_the_next_import(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = applied(wizard_in_april)
    robot.presses("Ctrl+Return")
    robot.sees(Step.FILES)
    data = (robot.folder / "the next one.csv").read_text(encoding="utf-8")
    (robot.folder / "once more.csv").write_text(f"{data}\n", encoding="utf-8")
    robot.chooser.files = [robot.folder / "once more.csv"]
    robot.presses("Ctrl+O")
    robot.sees(Step.PLAN)
    assert robot.tiles()["unchanged"] == 47
    assert robot.open_questions() == []
    assert robot.button() == "Keep as imported"
