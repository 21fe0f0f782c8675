"""Going from place to place by key, and coming back to the same row."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.ui import theme
from fscdesk.ui.actions import clashes
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.navigation import FOLD_BELOW, History, Rail, RailButton, Stop, places
from fscdesk.ui.shared_keys import lines
from tests.support.named import unnamed
from tests.support.robots.shell import PRACTICE, PlainScreen, ShellRobot, SilentScreen


def test_chords_open_places_and_only_those_that_have_a_screen(shell: ShellRobot) -> None:
    for keys, place in (("Ctrl+3", "sessions"), ("Ctrl+7", "aging"), ("Ctrl+,", "setup")):
        shell.presses(keys)
        assert shell.place() == place
    shell.presses("Ctrl+2")  # the work queue has no screen here
    assert shell.place() == "setup"
    assert set(shell.window.rail.buttons) == {"home", "sessions", "aging", "setup"}


def test_back_and_forward_return_to_the_same_row(shell: ShellRobot) -> None:
    shell.presses("Ctrl+3")
    shell.screen().row = 17
    shell.window.open("aging", row=4)
    shell.window.open("sessions", row=90)
    shell.presses("Alt+Left")
    assert (shell.place(), shell.screen().row) == ("aging", 4)
    shell.presses("Alt+Left")
    assert (shell.place(), shell.screen().row) == ("sessions", 17)
    shell.presses("Alt+Right")
    shell.presses("Alt+Right")
    assert (shell.place(), shell.screen().row) == ("sessions", 90)
    assert not shell.window.top.forward.isEnabled()


def test_escape_steps_back_in_the_screen_then_closes_the_message_then_returns(
    shell: ShellRobot,
) -> None:
    shell.screen().row = 5
    shell.window.open("sessions", row=8)
    shell.screen().busy_with = "an open row"
    shell.window.messages.info("Posted 251.40.")
    shell.presses("Esc")
    assert shell.window.bar.isVisible()
    shell.presses("Esc")
    assert not shell.window.bar.isVisible()
    assert shell.place() == "sessions"
    shell.presses("Esc")
    assert (shell.place(), shell.screen().row) == ("home", 5)
    shell.presses("Esc")  # nothing opened Home: there is nowhere to return to
    assert shell.place() == "home"


def test_shared_keys_reach_the_screen_in_front(shell: ShellRobot) -> None:
    for keys in ("Ctrl+N", "F5", "Ctrl+R", "Ctrl+Return", "Ctrl+Shift+N"):
        shell.presses(keys)
    assert shell.screen().diary == ["new", "looked again", "looked again", "posted", "noted"]


def test_a_screen_is_offered_only_what_it_has_made_its_own(shell: ShellRobot) -> None:
    of_screens = shell.window.commands.of_screens
    offered = {method for method, command in of_screens.items() if command.isEnabled()}
    assert offered == {"new", "refresh", "find_", "primary"}


def test_a_widget_that_is_no_screen_gets_no_shared_keys(qtbot: QtBot, desk: Desk) -> None:
    window = MainWindow(desk, PRACTICE, places({"home": SilentScreen}))
    qtbot.addWidget(window)
    window.open("home")
    assert not any(command.isEnabled() for command in window.commands.of_screens.values())


def test_f6_goes_through_the_panes_in_reading_order(shell: ShellRobot) -> None:
    screen = shell.screen()
    screen.field.setFocus()
    shell.presses("F6")
    assert shell.has_focus(screen.other)
    shell.presses("F6")
    assert _inside(shell.window.top)
    shell.presses("F6")
    assert _inside(shell.window.rail)
    shell.presses("F6")
    assert shell.has_focus(screen.field)
    shell.presses("Shift+F6")
    assert _inside(shell.window.rail)


def test_the_rail_is_walked_by_arrows_and_opened_by_enter(shell: ShellRobot) -> None:
    shell.window.rail.buttons["home"].setFocus()
    shell.presses("Down")
    shell.presses("Return")
    assert shell.place() == "sessions"


def test_the_rail_folds_where_the_window_is_narrow(shell: ShellRobot) -> None:
    assert not shell.window.rail.is_folded()
    shell.window.resize(FOLD_BELOW - 1, 800)
    assert shell.window.rail.is_folded()
    assert "Sessions" in shell.window.rail.buttons["sessions"].toolTip()
    shell.window.resize(FOLD_BELOW, 800)
    assert not shell.window.rail.is_folded()


def test_a_count_is_part_of_the_name(shell: ShellRobot) -> None:
    shell.window.set_count("sessions", 1203)
    button = shell.window.rail.buttons["sessions"]
    assert button.accessibleName() == "Sessions, 1,203 waiting"
    shell.window.set_count("claims", 3)  # no screen, no button, no harm


def test_text_size_grows_and_shrinks_and_is_remembered(shell: ShellRobot) -> None:
    shell.presses("Ctrl+=")
    assert theme.now.text_size == 115
    assert shell.window.top.height() == theme.now.size.topbar == round(48 * 1.15)
    shell.presses("Ctrl+-")
    shell.presses("Ctrl+-")
    shell.presses("Ctrl+-")
    assert theme.now.text_size == 90
    assert shell.window.preferences.text_size() == 90


def test_every_control_of_the_window_has_a_name(shell: ShellRobot) -> None:
    shell.window.messages.info("Posted 251.40.")
    assert unnamed(shell.window) == []


def test_no_key_is_claimed_twice(shell: ShellRobot) -> None:
    assert clashes(shell.window, shell.screen()) == []


def test_the_key_table_lists_what_works_here(shell: ShellRobot) -> None:
    table = {line.words: line.key for line in lines(shell.window)}
    assert table["Note a call"] == "Ctrl Shift N"
    assert table["Search and commands"] == "Ctrl K"
    assert table["Post the check"] == "Ctrl ↵"
    assert table["Import the newest file"] == "Ctrl I"
    assert "Lock now" not in table  # nobody gave the window a lock
    assert "Export what is shown" not in table


def test_ctrl_slash_shows_the_table(shell: ShellRobot) -> None:
    shell.presses("Ctrl+/")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert unnamed(dialog) == []
    dialog.close()


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_window_keeps_the_size_it_is_given(
    shell: ShellRobot, size: tuple[int, int], scheme: theme.Scheme, look: QApplication
) -> None:
    theme.apply(look, scheme)
    shell.window.resize(*size)
    for _ in range(3):
        look.processEvents()
    picture = shell.window.grab().toImage()
    assert (picture.width(), picture.height()) == size
    assert picture.pixelColor(2, size[1] // 2) == theme.now.window
    assert picture.pixelColor(size[0] - 40, size[1] // 2) == theme.now.surface


def test_places_stand_in_the_order_of_the_rail_with_the_practices_word() -> None:
    made = places({"setup": PlainScreen, "patients": PlainScreen}, patients="Patients")
    assert [(place.key, place.title, place.chord) for place in made] == [
        ("patients", "Patients", "Ctrl+6"),
        ("setup", "Setup", "Ctrl+,"),
    ]
    with pytest.raises(KeyError, match="nowhere"):
        places({"nowhere": PlainScreen})


def test_history_forgets_what_lay_forward() -> None:
    history = History()
    for place in ("home", "sessions", "aging"):
        history.visit(Stop(place))
    assert history.go(-1) == Stop("sessions")
    history.visit(Stop("setup"))
    assert not history.can_go(1)
    assert history.go(1) is None
    assert history.go(-1) == Stop("sessions")


def _inside(pane: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and pane.isAncestorOf(focused)


def test_a_place_without_a_line_is_marked_below_its_own() -> None:
    def made(_shell: object) -> QWidget:
        return QWidget()

    shown = places({"patients": made, "statements": made, "aging": made})
    rail = Rail(shown, QWidget(), QWidget())
    try:
        rail.mark("statements")
        seen = [one for one in rail.findChildren(RailButton) if not one.isHidden()]
        assert [one.place.key for one in seen if one.isChecked()] == ["patients", "statements"]
        assert rail.marked() == "patients"
        rail.mark("aging")
        seen = [one for one in rail.findChildren(RailButton) if not one.isHidden()]
        assert [one.place.key for one in seen] == ["patients", "aging"]
        assert rail.marked() == "aging"
    finally:
        rail.deleteLater()
