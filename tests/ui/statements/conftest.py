"""The screen over books in which five accounts owe and four do not, or must not be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.charges.settling import Recorded
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.robots.statements import StatementsRobot, statements_window

MARCH = date(2026, 3, 20)
ACCOUNTS: tuple[tuple[str, int, int, dict[str, Any]], ...] = (
    ("Quill Fakerson", 5_500, 0, {"zip_code": "07009"}),
    ("Roberta Dummydata", 4_000, 0, {"zip_code": "07001"}),
    ("José Ficción", 12_345, 0, {"zip_code": "07005"}),
    ("Nova Newclient", 3_000, 0, {"address1": "", "zip_code": ""}),
    ("A<B> Placeholder", 2_000, 0, {"zip_code": "07003"}),
    ("Minna Minorsample", 500, 0, {}),
    ("Sample McSampleface", 4_000, 4_000, {}),
    ("Zebra Testcase", 4_000, 5_000, {}),
    ("Newton Notyet", 7_000, 0, {"bad_address": True}),
)
ENVELOPES = [
    "Roberta Dummydata",
    "A<B> Placeholder",
    "José Ficción",
    "Quill Fakerson",
    "Nova Newclient",
]
"""Those who get a statement, by ZIP code; the one without an address comes last."""


def fill(work: Work) -> dict[str, list[int]]:
    """Write the accounts; returns guarantor and patient by name."""
    cast = add_cast(work)
    made: dict[str, list[int]] = {}
    for at, (name, share, paid, facts) in enumerate(ACCOUNTS):
        given: dict[str, Any] = {"number": f"{1001 + at}", **facts}
        made[name] = add_account(work, name, **given)
        draft = a_draft(
            cast,
            made[name][0],
            made[name][1],
            date(2026, 3, 4),
            share=share,
            recorded=Recorded(paid, 0, 0),
            minute=540 + at,
        )
        record(work, draft, paid_on=MARCH)
    return made


@pytest.fixture
def accounts(sqlite_books: Office) -> dict[str, list[int]]:
    """Guarantor and patient of each account, by name."""
    return sqlite_books.write(fill).value


@pytest.fixture
def statements(
    accounts: dict[str, list[int]],
    sqlite_books: Office,
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
) -> Iterator[StatementsRobot]:
    """The screen in front, with its plan."""
    theme.apply(qapp)
    with statements_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.opens()
        yield robot
    theme.apply(qapp)


@pytest.fixture
def nobody(
    sqlite_books: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[StatementsRobot]:
    """The screen over an empty practice."""
    theme.apply(qapp)
    with statements_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.opens()
        yield robot
