"""The head of an account in a narrow window: nothing that must be read is cut."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from fscdesk.ui import theme
from fscdesk.ui.screens.patients.figures import hint_lines
from tests.support.robots.patients import PatientsRobot


def _row(part: QWidget) -> int:
    return part.mapTo(part.window(), part.rect().center()).y()


def test_badges_go_under_a_name_that_they_would_cut(patients: PatientsRobot) -> None:
    account = patients.opens("Quill Fakerson")
    head, window = account.head, patients.window
    window.resize(1440, 900)
    patients.qtbot.waitUntil(lambda: abs(_row(head.badges) - _row(head.name)) < 6)
    head.name.setText("Quilliam Fakerson-Placeholder and Valeria Makebelieve of Nowhere")
    window.resize(1180, 900)
    patients.qtbot.waitUntil(lambda: _row(head.badges) > _row(head.name) + 12)
    assert head.badges.isVisible()
    wide = theme.now.metrics("title").horizontalAdvance(head.name.text())
    patients.qtbot.waitUntil(lambda: head.name.width() >= min(wide, head.width() // 2))
    window.resize(1700, 900)
    patients.qtbot.waitUntil(lambda: abs(_row(head.badges) - _row(head.name)) < 6)


def test_what_a_figure_is_takes_a_second_line_before_it_is_cut(patients: PatientsRobot) -> None:
    strip = patients.opens("Quill Fakerson").figures
    window = patients.window
    window.resize(1900, 900)
    patients.qtbot.waitUntil(lambda: len({one.height() for one in strip.buttons}) == 1)
    flat = strip.buttons[0].height()
    window.resize(1000, 900)
    patients.qtbot.waitUntil(
        lambda: {one.height() for one in strip.buttons} == {flat + theme.now.line("small")}
    )


def test_a_hint_is_parted_at_its_last_comma() -> None:
    assert hint_lines("nothing open", 400) == ("nothing open",)
    assert hint_lines("09/01/2026, ST-2026-00001", 400) == ("09/01/2026, ST-2026-00001",)
    assert hint_lines("09/01/2026, ST-2026-00001", 60) == ("09/01/2026,", "ST-2026-00001")
    assert hint_lines("nothing to apply", 20) == ("nothing to apply",)
