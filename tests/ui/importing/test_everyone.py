"""For everyone: names for screen readers, keys that do not clash, both looks, small windows."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from fscdesk.ui import theme
from fscdesk.ui.actions import clashes
from fscdesk.ui.screens.importing.steps import Step
from tests.support.named import unnamed
from tests.support.robots.importing import ImportingRobot, put
from tests.ui.importing.test_plan import opened
from tests.ui.importing.test_recognised import FOREIGN, chosen

from .conftest import LATER


def test_every_control_of_every_step_has_a_name_and_no_key_clashes(
    wizard_in_april: ImportingRobot,
) -> None:
    robot = opened(wizard_in_april)
    screen, window = robot.screen, robot.window
    for step in (Step.FILES, Step.RECOGNISED, Step.PLAN):
        screen.run.go(step)
        assert unnamed(screen) == []
        assert clashes(window, screen) == []
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    assert unnamed(screen) == []
    chosen(robot, put(robot.folder, "theirs.csv", FOREIGN, LATER))
    assert unnamed(screen) == []


def test_a_step_is_gone_to_by_its_name(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    buttons = robot.screen.steps.buttons
    assert buttons[Step.FILES].accessibleName() == "Step 1, Files, done"
    assert buttons[Step.PLAN].accessibleName() == "Step 3, Plan, this step"
    assert not buttons[Step.DONE].isEnabled()
    buttons[Step.RECOGNISED].setFocus()
    robot.presses("Return")
    robot.sees(Step.RECOGNISED)
    buttons[Step.PLAN].setFocus()
    robot.presses("Space")
    robot.sees(Step.PLAN)


def test_f6_goes_through_the_parts(wizard_in_april: ImportingRobot) -> None:
    robot = opened(wizard_in_april)
    seen = []
    for _ in range(8):
        robot.presses("F6")
        seen.append(robot.target())
    assert robot.plan.list.view in seen
    assert any(robot.plan.tiles.isAncestorOf(one) for one in seen)
    assert any(robot.plan.foot.isAncestorOf(one) for one in seen)
    assert any(robot.plan.questions.isAncestorOf(one) for one in seen)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_fits_the_window(
    wizard_in_april: ImportingRobot,
    qapp: QApplication,
    scheme: theme.Scheme,
    size: tuple[int, int],
) -> None:
    theme.apply(qapp, scheme)
    robot = wizard_in_april
    robot.window.resize(*size)
    opened(robot)
    for step in (Step.FILES, Step.RECOGNISED, Step.PLAN):
        robot.screen.run.go(step)
        robot.rests()
        qapp.processEvents()
        assert (robot.window.width(), robot.window.height()) == size
        assert not robot.window.grab().isNull()
    robot.presses("Ctrl+Return")
    robot.sees(Step.DONE)
    assert (robot.window.width(), robot.window.height()) == size
    theme.apply(qapp)
