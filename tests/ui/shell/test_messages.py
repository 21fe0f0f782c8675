"""The message bar and what it can undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Cancelled, ChangedElsewhere, Problem
from fscdesk.services.work import Topic, Work
from fscdesk.ui import message_bar, theme
from fscdesk.ui.messages import Help, Level, Message, Messages
from fscdesk.ui.undo import Undo
from tests.support.robots.shell import ShellRobot


def undo_of(label: str, done: list[str]) -> Undo:
    def act(_work: Work) -> str:
        done.append(label)
        return f"Undid {label}."

    return Undo(label, act)


def test_ctrl_z_runs_the_newest_undo_and_says_its_sentence(shell: ShellRobot) -> None:
    done: list[str] = []
    shell.window.messages.info("Posted 251.40.", undo=undo_of("the post", done))
    shell.window.messages.info("Imported 47 rows.", undo=undo_of("the import", done))
    assert shell.window.bar.undo.isVisible()
    shell.window.setFocus()
    shell.presses("Ctrl+Z")
    shell.sees_message("Undid the import.")
    shell.presses("Ctrl+Z")
    shell.sees_message("Undid the post.")
    assert done == ["the import", "the post"]
    shell.presses("Ctrl+Z")
    shell.sees_message("There is nothing to undo.")


def test_the_button_undoes_what_its_own_sentence_says(shell: ShellRobot) -> None:
    done: list[str] = []
    shell.window.messages.info("Posted 251.40.", undo=undo_of("the post", done))
    shell.clicks(shell.window.bar.undo)
    shell.sees_message("Undid the post.")
    assert done == ["the post"]
    assert not shell.window.bar.undo.isVisible()


def test_in_a_text_that_has_changed_ctrl_z_is_the_texts_own(shell: ShellRobot) -> None:
    done: list[str] = []
    shell.window.messages.info("Posted 251.40.", undo=undo_of("the post", done))
    shell.screen().field.setFocus()
    shell.types("abc")
    shell.presses("Ctrl+Z")
    assert shell.screen().field.text() == ""
    assert done == []


def test_typing_that_is_older_than_the_act_is_not_what_ctrl_z_means(shell: ShellRobot) -> None:
    done: list[str] = []
    shell.screen().field.setFocus()
    shell.types("abc")
    shell.window.messages.info("Posted 251.40.", undo=undo_of("the post", done))
    shell.presses("Ctrl+Z")
    shell.sees_message("Undid the post.")
    assert (done, shell.screen().field.text()) == (["the post"], "abc")
    shell.presses("Ctrl+Z")  # what was done before that: the typing
    assert shell.screen().field.text() == ""
    shell.types("d")
    shell.window.messages.info("Posted 10.00.", undo=undo_of("the second post", done))
    shell.types("e")
    shell.presses("Ctrl+Z")
    assert done == ["the post"]


def test_a_refused_undo_stays_on_top(shell: ShellRobot) -> None:
    done: list[str] = []

    def refuse(_work: Work) -> str:
        raise ChangedElsewhere("March is closed.", hint="Nothing was undone.")

    shell.window.undo.push(undo_of("an older act", done))
    shell.window.messages.info("Posted 10.00.", undo=Undo("the post", refuse))
    shell.window.setFocus()
    for _ in range(2):
        shell.window.messages.clear()
        shell.presses("Ctrl+Z")
        shell.sees_message("March is closed.")
    assert done == []


def test_ctrl_z_does_not_reach_past_an_act_that_has_no_undo(
    shell: ShellRobot, qtbot: QtBot
) -> None:
    done: list[str] = []
    shell.window.messages.info("Posted 75.00.", undo=undo_of("the post", done))
    acts(shell, qtbot, Topic.PAYMENTS)
    assert not shell.window.bar.undo.isVisible()
    shell.window.setFocus()
    shell.presses("Ctrl+Z")
    shell.sees_message("Ctrl+Z does not take back what was done last.")
    assert done == []


def test_a_note_or_a_letter_is_nobodys_last_act(shell: ShellRobot, qtbot: QtBot) -> None:
    done: list[str] = []
    shell.window.messages.info("Posted 75.00.", undo=undo_of("the post", done))
    acts(shell, qtbot, Topic.NOTES, Topic.DOCUMENTS)
    shell.window.setFocus()
    shell.presses("Ctrl+Z")
    shell.sees_message("Undid the post.")


def acts(shell: ShellRobot, qtbot: QtBot, *topics: Topic) -> None:
    """Save something that the screen says nothing of."""

    def act(work: Work) -> None:
        work.touch(*topics)

    with qtbot.waitSignal(shell.window.desk.acted):
        shell.window.desk.act(shell.window, act, lambda _none: None)


def test_what_was_undone_can_be_done_again(shell: ShellRobot, qtbot: QtBot) -> None:
    done: list[str] = []

    def redo(_work: Work) -> tuple[str, Undo]:
        return "Posted 10.00 again.", undo_of("the second post", done)

    first = Undo("the post", lambda _work: "Undid the post.", redo)
    shell.window.messages.info("Posted 10.00.", undo=first)
    shell.window.setFocus()
    shell.presses("Ctrl+Z")
    shell.sees_message("Undid the post.")
    assert shell.window.bar.help.words() == "Redo"
    shell.presses("Ctrl+Y")
    shell.sees_message("Posted 10.00 again.")
    shell.clicks(shell.window.bar.undo)
    shell.sees_message("Undid the second post.")
    assert done == ["the second post"]
    assert shell.window.undo.newest() is None


def test_a_refusal_says_what_to_do_and_has_a_button_that_helps(shell: ShellRobot) -> None:
    shown: list[str] = []
    shell.window.messages.refused(
        Problem("This remittance was posted on 03/27.", hint="Nothing changed."),
        help=Help("Show it", lambda: shown.append("shown")),
    )
    bar = shell.window.bar
    assert bar.accessibleName() == "This remittance was posted on 03/27. Nothing changed."
    shell.clicks(bar.help)
    assert shown == ["shown"]
    assert bar.message().level is Level.PROBLEM


def test_the_bar_lies_below_the_screen_and_covers_no_row(shell: ShellRobot) -> None:
    before = shell.window.sheet.stack.height()
    shell.window.messages.info("Posted.")
    shell.qtbot.waitUntil(lambda: shell.window.sheet.stack.height() < before)
    assert shell.window.bar.height() == 40


def test_only_a_problem_is_a_message(qtbot: QtBot) -> None:
    messages = Messages()
    heard: list[Message] = []
    messages.said.connect(heard.append)
    messages.refused(Cancelled())
    with pytest.raises(KeyError):
        messages.refused(KeyError("a bug"))
    messages.refused(Problem("Refused.", hint="Do this."))
    assert heard == [Message(Level.PROBLEM, "Refused.", "Do this.")]


def test_a_long_sentence_is_not_cut_but_takes_more_lines(shell: ShellRobot) -> None:
    bar = shell.window.bar
    shell.window.messages.info("Posted 251.40.")
    shell.qtbot.waitUntil(
        lambda: bar.sentence.lines() == 1 and bar.height() == theme.now.size.message_bar
    )
    words = "The file of BAT-2026-00034 is not written: no outbox is set. " * 5
    shell.window.messages.warn(words, help=Help("Show the outbox setting", print))
    shell.qtbot.waitUntil(lambda: bar.sentence.lines() > 1)
    metrics, room = bar.sentence.fontMetrics(), bar.sentence.contentsRect()
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = metrics.boundingRect(0, 0, room.width(), 10_000, flags, bar.sentence.text()).height()
    shell.qtbot.waitUntil(lambda: bar.sentence.height() >= needed)
    assert bar.message().level is Level.WARNING
    shell.window.messages.info("Posted 251.40.")
    shell.qtbot.waitUntil(lambda: bar.height() == theme.now.size.message_bar)


def test_what_was_said_of_a_place_goes_with_it_and_what_was_said_just_now_stays(
    shell: ShellRobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    shell.window.messages.info("Posted 251.40.", undo=undo_of("the post", done))
    shell.window.open("sessions")
    assert shell.window.bar.isVisible(), "an act may say what it did and open the next place"
    monkeypatch.setattr(message_bar, "FRESH", 0)
    shell.qtbot.waitUntil(lambda: shell.window.bar.age() > 0)
    shell.window.open("home")
    assert shell.window.bar.isHidden()
    shell.window.setFocus()
    shell.presses("Ctrl+Z")
    shell.sees_message("Undid the post.")
    assert done == ["the post"], "it can be undone all the same"
