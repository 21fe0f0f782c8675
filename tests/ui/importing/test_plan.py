"""The plan: its sum, its questions, its rows, and what Ctrl+Enter does."""

from __future__ import annotations

from threading import Event

from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.importing.steps import Step
from tests.support.focus import comes_to
from tests.support.robots.importing import ImportingRobot


def opened(robot: ImportingRobot) -> ImportingRobot:
    robot.presses("Ctrl+I")
    robot.sees(Step.PLAN)
    return robot


def answered(robot: ImportingRobot) -> ImportingRobot:
    while robot.open_questions():
        robot.presses("Return")
        robot.rests()
    return robot


def entries(books: Office) -> int:
    counted = text("SELECT count(*) FROM journal_entry")
    return int(books.read(lambda work: work.db.scalar(counted)) or 0)


def test_the_sum_of_the_plan_is_on_view_and_adds_up(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    tiles = robot.tiles()
    terms = ("new", "changed", "unchanged", "skipped")
    assert tiles["read"] == 47 == sum(tiles[term] for term in terms)
    assert robot.foot().startswith("Nothing is saved yet. 11 rows wait for an answer")
    answered(robot)
    assert robot.tiles() == {
        "read": 47,
        "new": 12,
        "changed": 18,
        "unchanged": 17,
        "skipped": 0,
        "gone": 2,
    }
    assert robot.foot() == "Nothing is saved yet."
    assert robot.plan.foot.result.text() == "Open balance −480.50, 41 entries"
    assert robot.button() == "Apply 32 changes"


def test_deciding_moves_on_and_keeps_row_scroll_and_order(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    cards = [card.question.key for card in robot.plan.questions.cards.cards]
    robot.plan.list.view.picking.go(20)
    row = robot.plan.list.view.picking.current_id
    robot.plan.questions.focus_first_open()
    first = robot.question()
    robot.presses("Return")
    robot.rests()
    assert robot.question() != first
    assert robot.plan.list.view.picking.current_id == row
    kept = [card.question.key for card in robot.plan.questions.cards.cards]
    assert [key for key in kept if key in cards] == [key for key in cards if key in kept]


def test_a_letter_takes_the_other_answer_and_esc_takes_answers_back_one_by_one(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = opened(wizard_in_april)
    asked = robot.open_questions()
    robot.presses("N")
    robot.rests()
    robot.presses("Return")
    robot.rests()
    assert robot.answers()[asked[0]] == "New clinician"
    assert robot.answers()[asked[1]] == "Same payer"
    for at in (1, 0):
        robot.presses("Esc")
        robot.rests()
        assert robot.question() == asked[at]
    assert robot.open_questions() == asked
    robot.presses("Esc")  # nothing is left to take back: where we came from
    assert robot.window.history.here() is not None
    assert robot.window.rail.marked() == "home"


def test_every_suggestion_can_be_taken_at_once(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    button = robot.plan.questions.take_all
    assert button.words() == "Take all 5 suggestions"
    button.setFocus()
    robot.presses("Space")
    robot.rests()
    assert len(robot.answers()) == 5
    comes_to(robot.plan.list.view)
    robot.presses("Ctrl+J")  # what came up by that
    assert robot.question() in robot.open_questions()


def test_a_term_of_the_sum_filters_and_says_why_nothing_is_there(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = answered(opened(wizard_in_april))
    tiles = robot.plan.tiles.tiles
    tiles["read"].setFocus()
    for key, verdicts in (("new", {"New"}), ("changed", {"Changed"}), ("unchanged", {"Unchanged"})):
        robot.presses("Right")
        robot.presses("Space")
        robot.rests()
        assert tiles[key].isChecked()
        assert {verdict for verdict, _, _ in robot.rows()} == verdicts
        assert len(robot.rows()) == robot.tiles()[key]
    robot.presses("Right", "Return")
    robot.rests()
    empty = robot.plan.list.body.empty
    assert empty is not None
    assert empty.sentence.text() == "No row is skipped."
    robot.presses("Esc")
    robot.rests()
    assert tiles["read"].isChecked()
    assert robot.plan.list.model.rowCount() == 47 + 2


def test_rows_say_what_will_happen_in_our_words(wizard_in_april: ImportingRobot) -> None:
    robot = answered(opened(wizard_in_april))
    said = {(client, what) for _, client, what in robot.rows()}
    assert ("Quill Fakerson", "Note none → signed Claim unbilled → sent") in said
    assert ("Sample McSampleface", "Session 012 → 95.00, paid") in said
    assert any(
        what.startswith("Code 90837 → 90834 Fee 160.00 → 130.00")
        for client, what in said
        if client.startswith("Roberta")
    )
    assert ("Dee O'Example", "Cancelled, charges reversed") in said


def test_letters_find_and_esc_shows_everything_again(wizard_in_april: ImportingRobot) -> None:
    robot = answered(opened(wizard_in_april))
    comes_to(robot.plan.list.view)
    robot.types("roberta")
    robot.waits(lambda: robot.at_rest() and robot.plan.list.model.rowCount() == 2)
    robot.presses("Esc")
    robot.waits(lambda: robot.at_rest() and robot.plan.list.model.rowCount() == 49)
    assert robot.plan.list.line_row.isHidden()
    assert robot.step() is Step.PLAN


def test_the_pane_shows_was_will_be_posting_and_source(wizard_in_april: ImportingRobot) -> None:
    robot = answered(opened(wizard_in_april))
    model = robot.plan.list.model
    place = next(at for at, line in enumerate(model.loaded()) if line.row.line == 32)
    pane = robot.plan.list.pane
    assert pane is not None
    robot.plan.list.view.picking.go(place)
    robot.waits(lambda: pane.name.text() == "Row 32")
    page = pane.page("row")
    assert page is not None
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    at = words.index("4010 Service revenue")
    assert words[words.index("Debit") : at + 4] == [
        *("Debit", "Credit", "4010 Service revenue", "30.00"),
        *("1110 A/R insurance", "30.00"),
    ]
    assert {"90837", "90834", "160.00", "130.00", "none", "signed"} <= set(words)
    source = words[-1].replace("\N{ZERO WIDTH SPACE}", "")
    assert source.startswith('03/30/2026 11:00,"Roberta ""Bobbie"" Dummydata"')


def test_enter_on_a_waiting_row_goes_to_its_question(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    view = robot.plan.list.view
    view.setFocus()
    model = robot.plan.list.model
    place = next(at for at, line in enumerate(model.loaded()) if "Pepe" in line.row.client)
    view.picking.go(place)
    robot.presses("Return")
    assert "Pepe" in robot.question()


def test_what_is_applied_too_fast_is_the_plan_with_the_last_answer(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = opened(wizard_in_april)
    while len(robot.open_questions()) > 1:
        robot.presses("Return")
        robot.rests()
    robot.presses("Return", "Ctrl+Return")  # nobody waits for the count
    robot.sees(Step.DONE)
    assert robot.newest().text == "Imported 47 rows: 12 new, 18 changed, 17 unchanged."


def test_unanswered_questions_do_not_block(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    said = robot.newest().text
    assert said == "Imported 47 rows: 12 new, 7 changed, 17 unchanged, 11 skipped."


def test_cancelling_saves_nothing_and_leaves_the_plan(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = answered(opened(wizard_in_april))
    before, gate = entries(sqlite_books), Event()
    robot.window.desk.act(robot.window, lambda _work: gate.wait(5), lambda _done: None)
    robot.presses("Ctrl+Return")
    assert robot.button() == "Applying…"
    cancel = robot.plan.foot.cancel
    robot.waits(cancel.isVisible)
    cancel.setFocus()
    robot.presses("Space")
    assert robot.plan.foot.words.text() == "Stopping. Nothing will be saved."
    gate.set()
    robot.rests()
    assert robot.step() is Step.PLAN
    assert entries(sqlite_books) == before
    assert robot.button() == "Apply 32 changes"
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)


def test_a_plan_that_changed_meanwhile_is_shown_anew_with_its_sentence(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = answered(opened(wizard_in_april))
    file = read_file(robot.folder / "the next one.csv")
    sqlite_books.write(lambda work: import_file(work, file, accept_proposals=True))
    before = entries(sqlite_books)
    robot.presses("Ctrl+Return")
    robot.waits(lambda: bool(robot.heard) and robot.newest().level is Level.PROBLEM)
    robot.rests()
    assert robot.newest().text == "The books changed after this plan was made."
    assert robot.step() is Step.PLAN
    assert entries(sqlite_books) == before
    assert "Imported already" in robot.plan.notice.text()
    assert robot.tiles()["unchanged"] == 47
    assert not robot.plan.apply.isEnabled()


def test_another_desk_that_changes_a_client_makes_the_plan_count_again(
    wizard_in_april: ImportingRobot, sqlite_books: Office
) -> None:
    robot = answered(opened(wizard_in_april))
    file = read_file(robot.folder / "the next one.csv")
    done = sqlite_books.write(lambda work: import_file(work, file, accept_proposals=True))
    robot.window.desk.changed.emit(done.topics)  # as the look at other workstations does
    robot.waits(lambda: robot.at_rest() and robot.tiles()["unchanged"] == 47)
    assert robot.foot() == "Nothing changes: this very file is in the books."
