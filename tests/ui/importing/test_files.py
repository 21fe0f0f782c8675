"""Files: chosen, dropped, noticed, refused; and the imports that were made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from fscdesk.services.office import Office
from fscdesk.ui.actions import off_because
from fscdesk.ui.dialogs.question import QuestionDialog
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.importing.files_step import FilesStep
from fscdesk.ui.screens.importing.steps import Step
from tests.support.appointment_files import MARCH
from tests.support.focus import comes_to
from tests.support.robots.importing import ImportingRobot, put
from tests.support.shared import samples
from tests.support.weeks import last_week, this_week
from tests.ui.importing.test_plan import entries

from .conftest import LATER


def test_the_newest_export_is_noticed_whatever_its_name(wizard_in_april: ImportingRobot) -> None:
    robot = wizard_in_april
    robot.window.open("importing")
    files = robot.screen.files
    robot.waits(files.take.isEnabled)
    assert files._name.text() == "the next one.csv"
    robot.waits(files.take.hasFocus)
    robot.presses("Space")
    robot.sees(Step.PLAN)
    robot.presses("Ctrl+N")
    robot.sees(Step.FILES)
    robot.presses("Ctrl+Return")
    robot.sees(Step.PLAN)


def test_the_focus_stays_where_the_person_put_it(wizard_in_april: ImportingRobot) -> None:
    robot = wizard_in_april
    files = _opened(robot)
    files.focus()
    robot.waits(files.take.hasFocus)
    off_because(files.go_on, "Still looking.")
    files.focus()
    comes_to(files.browse)
    robot.presses("Tab")
    moved_to = robot.target()
    files.watch(robot.folder)
    robot.waits(files.take.isEnabled)
    assert robot.target() is moved_to


def _opened(robot: ImportingRobot) -> FilesStep:
    robot.window.open("importing")
    robot.waits(robot.screen.files.take.hasFocus)
    return robot.screen.files


def test_nothing_new_is_said_and_nothing_happens(
    empty: ImportingRobot, sqlite_books: Office
) -> None:
    put(empty.folder, "notes.csv", "Groceries,Price\nBread,4.00\n", LATER)
    empty.presses("Ctrl+I")
    empty.waits(lambda: bool(empty.heard))
    assert empty.newest().level is Level.PROBLEM
    assert empty.newest().text == "There is no new export in Downloads."
    empty.sees(Step.FILES)
    files = empty.screen.files
    empty.waits(lambda: files._name.text() == "Nothing new")
    assert not files.take.isEnabled()
    assert files.take.toolTip() == "No new export is there."
    assert files._what.text() == "There is no report in it."
    files.watch(empty.folder / "gone")
    empty.waits(lambda: files._what.text() == "It does not exist. Choose another folder.")


def test_another_folder_can_be_watched_and_is_remembered(
    empty: ImportingRobot, tmp_path: Path
) -> None:
    other = tmp_path / "Exports"
    other.mkdir()
    put(other, "week.csv", last_week(), LATER)
    empty.window.open("importing")
    empty.chooser.folder = other
    empty.screen.files.other_folder.emit()
    empty.waits(lambda: empty.screen.files._name.text() == "week.csv")
    empty.presses("Ctrl+I")
    empty.sees(Step.PLAN)
    assert empty.window.preferences.watched_folder() == other


def test_several_files_are_imported_one_after_the_other(empty: ImportingRobot) -> None:
    first = put(empty.folder, "a.csv", last_week(), LATER)
    second = put(empty.folder, "b.csv", this_week(exceptions=False), LATER)
    empty.chooser.files = [first, second]
    empty.presses("Ctrl+O")
    empty.waits(lambda: empty.window.rail.marked() == "sessions")
    empty.sees(Step.PLAN)
    assert empty.screen.line.note.text() == "a.csv"
    empty.presses("Ctrl+Return")
    empty.sees(Step.DONE)
    assert empty.button() == "Next file: b.csv"
    empty.presses("Ctrl+Return")
    empty.sees(Step.PLAN)
    assert empty.screen.line.note.text() == "b.csv"
    assert empty.tiles()["read"] == 60
    empty.presses("Ctrl+Return")
    empty.sees(Step.DONE)
    assert empty.button() == "Import another file"
    empty.presses("Ctrl+Return")
    empty.sees(Step.FILES)
    last = empty.screen.files.last
    empty.waits(lambda: last.model.rowCount() == 2)


def test_no_file_chosen_leaves_everything_as_it_was(empty: ImportingRobot) -> None:
    empty.presses("Ctrl+O")
    empty.waits(lambda: empty.window.rail.marked() == "sessions")
    empty.sees(Step.FILES)
    assert empty.heard == []


def test_files_can_be_dropped(empty: ImportingRobot) -> None:
    path = put(empty.folder, "a.csv", last_week(), LATER)
    empty.window.open("importing")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    plain = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(empty.screen, QDragEnterEvent(QPoint(40, 40), *held, plain))
    assert empty.screen.files.drop.hot
    QApplication.sendEvent(empty.screen, QDropEvent(QPointF(40, 40), *held, plain))
    empty.sees(Step.PLAN)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7 not a table", "bad.csv is a PDF document, not a CSV or Excel file."),
        (b"", "bad.csv is empty."),
        (b"a,b\x00c\n1,2\n", "bad.csv holds NUL characters"),
        (b"PK\x03\x04 broken", "bad.csv is a ZIP archive"),
    ],
    ids=["pdf", "empty", "nul", "zip"],
)
def test_a_hostile_file_is_refused_with_its_sentence_and_nothing_changes(
    empty: ImportingRobot, sqlite_books: Office, data: bytes, sentence: str
) -> None:
    empty.chooser.files = [put(empty.folder, "bad.csv", data, LATER)]
    empty.presses("Ctrl+O")
    empty.waits(lambda: bool(empty.heard))
    assert empty.newest().level is Level.PROBLEM
    assert empty.newest().text.startswith(sentence)
    assert empty.newest().hint
    empty.sees(Step.FILES)
    assert entries(sqlite_books) == 0


def test_an_import_of_the_list_is_undone_after_a_question(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = wizard_in_april
    robot.window.open("importing")
    files = robot.screen.files
    robot.waits(lambda: files.last.model.rowCount() == 1)
    files.last.view.setFocus()
    robot.presses("Down")
    assert files.undo.isEnabled()
    files.undo.setFocus()
    robot.presses("Space")
    dialog = robot.window.findChild(QuestionDialog)
    assert dialog is not None
    assert dialog.heading.text() == f"Undo the import of {MARCH}?"
    assert "60 new sessions are withdrawn" in dialog.sentence.text()
    dialog.do_it.click()
    robot.waits(lambda: bool(robot.heard))
    assert robot.newest().text.startswith(f"Import 1 of {MARCH} is undone: 60 sessions withdrawn")
    robot.waits(lambda: not files.undo.isEnabled())
    assert files.undo.toolTip().startswith("Undone on 04/12/2026")


def test_the_sessions_of_an_import_are_a_key_away(wizard_in_april: ImportingRobot) -> None:
    robot = wizard_in_april
    robot.window.open("importing")
    files = robot.screen.files
    robot.waits(lambda: files.last.model.rowCount() == 1)
    files.last.view.setFocus()
    robot.presses("Down", "Return")
    stop = robot.window.history.here()
    assert stop is not None
    assert (stop.place, dict(stop.what)) == ("sessions", {"batch": 1})


def test_what_was_begun_waits_while_another_place_is_in_front(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = wizard_in_april
    robot.presses("Ctrl+I")
    robot.sees(Step.PLAN)
    robot.presses("Return")
    robot.rests()
    answers = robot.answers()
    robot.presses("Ctrl+1")
    assert robot.window.rail.marked() == "home"
    robot.presses("Alt+Left")
    robot.sees(Step.PLAN)
    assert robot.answers() == answers
    assert robot.screen.line.note.text() == "the next one.csv"


def test_the_line_of_sessions_leads_from_the_wizard_to_the_sessions(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = wizard_in_april
    robot.window.open("importing")
    assert robot.window.rail.marked() == "sessions"
    robot.window.rail.buttons["sessions"].click()
    stop = robot.window.history.here()
    assert stop is not None
    assert stop.place == "sessions"


def test_a_file_that_was_imported_is_known_under_any_name(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = wizard_in_april
    again = put(robot.folder, "copy of it.csv", (samples() / MARCH).read_bytes(), LATER)
    robot.chooser.files = [again]
    robot.presses("Ctrl+O")
    robot.waits(lambda: robot.window.rail.marked() == "sessions")
    robot.sees(Step.PLAN)
    assert robot.tiles()["unchanged"] == 60
    assert "Imported already on 04/12/2026 08:00" in robot.plan.notice.text()
    assert not robot.plan.apply.isEnabled()
    robot.presses("Ctrl+Return")
    assert robot.step() is Step.PLAN
