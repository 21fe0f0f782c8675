"""The help pages inside the program: the right one first, the others beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.resources import resource
from fscdesk.ui.dialogs.help_pages import OF_PLACES, PAGES, HelpDialog
from fscdesk.ui.navigation import PLACES, PLACES_UNDER
from tests.support.named import unnamed
from tests.support.robots.shell import ShellRobot


def test_ctrl_question_mark_shows_the_pages(shell: ShellRobot) -> None:
    shell.presses("Ctrl+?")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, HelpDialog)
    assert unnamed(dialog) == []
    dialog.close()


def test_every_page_is_listed_and_every_place_has_one() -> None:
    assert sorted(PAGES) == sorted(path.stem for path in resource("help").glob("*.md"))
    assert set(OF_PLACES) == {key for key, *_rest in (*PLACES, *PLACES_UNDER)}
    assert set(OF_PLACES.values()) <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_begins_with_its_title(qtbot: QtBot, look: QApplication, page: str) -> None:
    dialog = HelpDialog(page)
    qtbot.addWidget(dialog)
    shown = dialog.text.toPlainText()
    assert shown.startswith(dialog.pages.currentItem().text())
    assert "](" not in shown


def test_arrows_turn_to_the_next_page_and_a_link_stays_inside(
    qtbot: QtBot, look: QApplication
) -> None:
    dialog = HelpDialog("first-week")
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog.pages, Qt.Key.Key_Down)
    assert dialog.pages.currentRow() == 1
    assert dialog.text.toPlainText().startswith("How the work queue is worked")
    dialog.text.anchorClicked.emit(QUrl("remittances.md"))
    assert dialog.text.toPlainText().startswith("How remittances are read and posted")
