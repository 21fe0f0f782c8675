"""SimplePractice's other reports go through the same steps: known, planned, applied, undone."""

from __future__ import annotations

from pathlib import Path

from fscdesk.services.office import Office
from fscdesk.ui.screens.importing.steps import Step
from tests.support.report_files import SAMPLES
from tests.support.report_imports import ask
from tests.support.robots.importing import ImportingRobot, put
from tests.support.shared import samples
from tests.ui.importing.conftest import LATER
from tests.ui.importing.test_plan import entries
from tests.ui.importing.test_recognised import chosen

ADDRESSES = "SELECT count(*) FROM guarantor WHERE city = 'Sampleville'"
PAID = "SELECT count(*) FROM payment WHERE status = 'posted'"


def sample_in(robot: ImportingRobot, profile: str) -> Path:
    """A sample among the downloads, as a new export."""
    return put(robot.folder, "report.csv", (samples() / SAMPLES[profile]).read_bytes(), LATER)


def facts(robot: ImportingRobot) -> dict[str, str]:
    """What the second step says of the file."""
    grid = robot.screen.recognised.facts._grid
    told = [grid.itemAtPosition(at, side) for at in range(grid.rowCount()) for side in (0, 1)]
    words = [
        one.widget().text()  # type: ignore[union-attr]
        for one in told
        if one is not None and one.widget() is not None
    ]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_client_details_are_recognised_asked_about_applied_and_undone(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = chosen(wizard_in_april, sample_in(wizard_in_april, "sp_client_details"))
    robot.sees(Step.PLAN)
    assert robot.question() == "Does Guardian Demoparent pay for Minna Minorsample?"
    assert robot.tiles()["changed"] == 22
    assert robot.tiles()["question"] == 1
    robot.screen.run.go(Step.RECOGNISED)
    assert facts(robot)["Report"] == "SimplePractice client details report"
    assert facts(robot)["Rows"] == "23 rows"
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    robot.presses("Return")
    robot.rests()
    assert robot.open_questions() == []
    assert robot.tiles()["changed"] == 23
    (minor,) = [row for row in robot.rows() if row[1] == "Minna Minorsample"]
    assert "Guarantor Minna Minorsample → Guardian Demoparent" in minor[2]
    assert robot.button() == "Apply 23 changes"
    posted = entries(sqlite_books)
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    assert entries(sqlite_books) == posted
    assert ask(sqlite_books, ADDRESSES) == [(23,)]
    done = robot.screen.done
    assert done._facts.text() == "Client details."
    assert done.sessions.isHidden()
    assert robot.newest().text == "Imported 23 rows: 23 changed."
    robot.presses("Ctrl+Z")
    robot.sees(Step.PLAN)
    assert ask(sqlite_books, ADDRESSES) == [(0,)]
    assert robot.newest().text.startswith("Import 2 of report.csv is undone")
    assert "session" not in robot.newest().text
    robot.presses("Ctrl+Y")
    robot.waits(lambda: robot.newest().text == "Imported 23 rows: 23 changed.")
    assert ask(sqlite_books, ADDRESSES) == [(23,)]


def test_a_payment_export_shows_its_sums_and_is_in_the_list_by_its_title(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = chosen(wizard_in_april, sample_in(wizard_in_april, "sp_payment_export"))
    robot.sees(Step.PLAN)
    plan = robot.screen.run.proposal
    assert plan is not None
    total = plan.plan.report_totals
    assert total is not None
    assert f"{total['amount']}" in robot.plan.foot.result.text()
    robot.screen.run.go(Step.RECOGNISED)
    assert facts(robot)["Report"] == "SimplePractice payment export"
    assert f"Amount {total['amount']}" in facts(robot)["Sums"]
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)
    while robot.open_questions():
        robot.presses("Return")
        robot.rests()
    new = robot.tiles()["new"]
    assert new > 0
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    assert 0 < ask(sqlite_books, PAID)[0][0] <= new
    assert robot.screen.done._facts.text().startswith("Payment export.  03/02/2026 to ")
    robot.presses("Ctrl+Return")
    robot.sees(Step.FILES)
    last = robot.screen.files.last
    robot.waits(lambda: last.model.rowCount() == 2)
    section = last.model.section_of("report")
    assert [last.model.index(at, section).data() for at in range(2)] == [
        "Payment export",
        "Sessions",
    ]
    last.view.setFocus()
    robot.presses("Down")
    robot.waits(lambda: not robot.screen.files.sessions.isEnabled())
    assert robot.screen.files.undo.isEnabled()


def test_a_report_in_the_folder_is_noticed_like_sessions(wizard_in_april: ImportingRobot) -> None:
    robot = wizard_in_april
    (robot.folder / "the next one.csv").unlink()
    sample_in(robot, "sp_ins_aging")
    robot.window.open("importing")
    files = robot.screen.files
    robot.waits(lambda: files._name.text() == "report.csv")
    assert files._what.text().startswith("SimplePractice insurance aging report, saved ")
    robot.presses("Ctrl+I")
    robot.sees(Step.PLAN)
    assert robot.tiles()["unchanged"] == 4
    assert robot.button() == "Keep as imported"
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
