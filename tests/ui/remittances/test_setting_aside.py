"""A whole remittance is set aside in one act, on its page and in the list, and taken up again."""

from __future__ import annotations

import pytest

from fscdesk.models.practice import Practice
from fscdesk.models.remittance import RemittanceStatus
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.screen import REMITTANCES
from fscdesk.ui.tables.story import Story
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_matching import STRANGER, send_claim
from tests.support.eras import claim, era, service
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.billing import proves
from tests.support.robots.remittances import RemittanceRobot
from tests.ui.remittances.test_page import look, pays, strange
from tests.ui.remittances.test_underpayments import asked, dialogs


@pytest.fixture
def off(robot: RemittanceRobot, desk: ClaimDesk) -> int:
    """A check of 100.00 over a claim of 91.40."""
    return read(robot.office, era(pays(send_claim(robot.office, desk)), amount="100"))


def gives_a_reason(robot: RemittanceRobot, words: str = "A right one comes") -> None:
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.types(words)
    robot.does("Return")


def test_one_act_on_its_page_sets_all_of_it_aside_with_its_undo(
    robot: RemittanceRobot, off: int
) -> None:
    robot.opens(off)
    assert robot.screen.primary() is None, "there is nothing to post, so no button for it"
    assert "Nothing while the remittance is stopped" in robot.in_words()
    robot.does("Ctrl+Shift+S")
    gives_a_reason(robot)
    assert look(robot.office, off).row.status is RemittanceStatus.CLOSED
    assert robot.notice().startswith("Set aside: nothing of it is in the books")
    assert "A right one comes" in robot.notice()
    assert robot.marks() == ["Set aside"]
    assert "all of the remittance is set aside" in robot.in_words()
    assert robot.screen.primary() is None
    assert not robot.offers("Match again")
    robot.does("Ctrl+Z")
    assert look(robot.office, off).row.status is RemittanceStatus.STOPPED
    assert robot.notice().startswith("Stopped: nothing of it is posted")
    proves(robot.office)


def test_the_same_key_takes_it_up_again(robot: RemittanceRobot, off: int) -> None:
    robot.opens(off)
    robot.does("Ctrl+Shift+S")
    gives_a_reason(robot)
    robot.does("Ctrl+Shift+S")
    assert look(robot.office, off).row.status is RemittanceStatus.STOPPED
    assert robot.newest().text == "REM-2026-00001 waits again."
    robot.does("Ctrl+Z")
    assert look(robot.office, off).row.reason == "A right one comes"


def test_from_the_list_it_leaves_what_needs_somebody(robot: RemittanceRobot, off: int) -> None:
    robot.does("Ctrl+5")
    comes_to(robot.list.list.view)
    assert robot.column("status") == ["Stopped"]
    story = robot.list.findChild(Story)
    assert story is not None
    robot.waits(lambda: "Ask the payer for a correct file." in story.accessibleDescription())
    robot.presses("Ctrl+Shift+S")
    dialog = asked(robot)
    robot.presses("Return")
    assert dialog.isVisible(), "nothing is done without a reason"
    comes_to(dialog.field("reason").editor)
    robot.types("A right one comes")
    robot.presses("Return")
    robot.waits(lambda: look(robot.office, off).row.status is RemittanceStatus.CLOSED)
    robot.waits(lambda: not dialogs(robot))
    robot.window.activateWindow()  # offscreen has no window manager that would
    robot.waits(robot.window.isActiveWindow)
    robot.rests()
    assert robot.column("status") == []
    assert robot.newest().undo is not None
    robot.window.open("payments", tab=REMITTANCES, view="aside")
    robot.rests()
    assert robot.column("status") == ["Set aside"]
    robot.does("Ctrl+Z")
    assert look(robot.office, off).row.status is RemittanceStatus.STOPPED


def test_what_is_held_or_stays_has_no_dead_button_and_says_why(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    robot.opens(read(robot.office, era(pays(send_claim(robot.office, desk)))))
    robot.does("Space")
    assert robot.screen.primary() is None
    assert robot.notice().startswith("What could be posted is held Space releases")
    robot.does("Space")
    assert robot.notice() == ""
    assert robot.button() == "Post 1 of 1 claim, 91.40"
    only = read(robot.office, era(strange(), trace="B"), "b.835")
    robot.opens(only)
    assert robot.screen.primary() is None
    assert "1 claim stays, and says why." in robot.notice()
    assert robot.offers("Set all of it aside…")


def test_a_check_of_another_practice_says_so_on_the_list_and_its_page(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    def ours(work: Work) -> None:
        work.db.get_one(Practice, 1).npi = "1234567893"

    robot.office.write(ours)
    text = era(pays(send_claim(robot.office, desk)), npi="1999999984")
    one = read(robot.office, text)
    robot.opens_list()
    assert robot.column("status") == ["Stopped"]
    robot.opens(one)
    assert "which is not ours" in robot.notice()
    assert [badge.accessibleName() for badge in robot.screen.head.shown][-1].endswith("Stopped")
    robot.runs("Set all of it aside…")
    gives_a_reason(robot, "Sent on to them")
    assert look(robot.office, one).row.status is RemittanceStatus.CLOSED


def test_one_of_nobody_says_that_its_payer_is_missing(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    assert desk.payer
    line = service("90837", "75", day="20260302")
    text = era(claim("E1", line, patient=STRANGER), payer="UNHEARD OF", payer_id="", origin="")
    one = read(robot.office, text)
    robot.opens_list()
    assert robot.column("status") == ["No payer yet"]
    robot.opens(one)
    assert "Choose the payer" in robot.notice()
    robot.runs("Set all of it aside…")
    assert unnamed(robot.screen) == []
