"""The Instalments tab: whom to call, and charging what fell due, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.services.office import Office
from tests.support.clock import Clock
from tests.support.plans import noon, open_family, planned, six_months
from tests.support.robots.billing import BillingRobot, billing_window, proves


@pytest.fixture
def late(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, tmp_path: Path
) -> Iterator[BillingRobot]:
    """A plan whose first instalment did not come."""
    family = sqlite_books.write(open_family).value
    planned(sqlite_books, six_months(family))
    clock.set(noon(date(2026, 6, 20)))
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def fees(books: Office) -> int:
    question = "SELECT count(*) FROM instalment WHERE fee_charge_id IS NOT NULL"
    return int(books.read(lambda work: work.db.scalar(text(question))) or 0)


def test_the_queue_names_the_plan_and_the_fee_is_charged_once(late: BillingRobot) -> None:
    late.does("Ctrl+2")
    late.goes_to("title", "Instalment missed")
    late.does("Return")
    assert list(late.column("who")) == ["Rowan Imagined"]
    assert list(late.column("state")) == ["Missed"]
    assert fees(late.office) == 0
    late.does("Ctrl+Return")
    charged = fees(late.office)
    assert charged >= 1
    assert "late fee" in late.newest().text
    late.does("Ctrl+Return")
    assert fees(late.office) == charged
    assert late.newest().text == "1 plan looked at. Nothing was due to be charged."
    proves(late.office)
