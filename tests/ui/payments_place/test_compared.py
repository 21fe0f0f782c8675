"""SimplePractice's totals beside ours, in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.importing.report_signatures import INSURANCE_AGING, OUTSTANDING_BALANCES
from fscdesk.services.office import Office
from fscdesk.ui.screens.payments.screen import COMPARED
from tests.support.report_imports import AGAIN, bring_in, sample, sessions_of
from tests.support.robots.payments import PaymentsRobot
from tests.support.robots.payments_window import payments_window


@pytest.fixture
def compared(
    sqlite_books: Office, qtbot: QtBot, look: QApplication, tmp_path: Path
) -> Iterator[PaymentsRobot]:
    """March, and what SimplePractice says is outstanding."""
    sessions_of(sqlite_books)
    bring_in(sqlite_books, sample(OUTSTANDING_BALANCES))
    with payments_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def test_each_total_stands_beside_ours(compared: PaymentsRobot) -> None:
    compared.goes_to_tab(COMPARED)
    model = compared.listed.model
    assert model.total == 7
    assert compared.listed.body.totals.words() == "7 figures, in agreement"


def test_a_report_that_was_not_imported_says_so(compared: PaymentsRobot) -> None:
    compared.goes_to_tab(COMPARED)
    compared.goes_to_view("aging")
    assert compared.listed.model.total == 0
    empty = compared.listed.body.empty
    assert empty is not None
    assert empty.sentence.text() == "SimplePractice's insurance aging was not imported yet."
    bring_in(compared.office, sample(INSURANCE_AGING))
    compared.presses("F5")
    compared.waits(lambda: compared.listed.model.total == 12)


def test_what_differs_is_found(
    sqlite_books: Office, qtbot: QtBot, look: QApplication, tmp_path: Path
) -> None:
    sessions_of(sqlite_books)
    sessions_of(sqlite_books, AGAIN)
    bring_in(sqlite_books, sample(OUTSTANDING_BALANCES))
    with payments_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.goes_to_tab(COMPARED)
        assert "apart" in robot.listed.body.totals.words()
