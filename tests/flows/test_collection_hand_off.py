"""A hand-off to an agency by keyboard: from the threshold list to the file, recovered, recalled."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screens.billing.collections import CollectionsPart
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.agency import AGENCY
from tests.support.focus import comes_to
from tests.support.payments import cents
from tests.support.robots.billing import BillingRobot, billing_window, proves

LONG_AGO = date(2025, 10, 6)
OWING = (("Alma Anyone", 300_00), ("Bram Placeholder", 120_00), ("Coralie Mockup", 80_00))
ALL = 500_00
Books = tuple[int, int, int, int]
"""What clients owe; what agencies hold; money received; cases."""


def fill(work: Work) -> None:
    cast = add_cast(work)
    for at, (name, share) in enumerate(OWING):
        guarantor, patient = add_account(work, name, number=f"4{at + 1:03d}")
        draft = a_draft(cast, guarantor, patient, LONG_AGO, share=share, minute=540 + at * 60)
        record(work, draft, paid_on=LONG_AGO)
    add_agency(work, AGENCY)


@pytest.fixture
def desk(books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[BillingRobot]:
    """The list waits; the window stands on Home."""
    books.write(fill)
    with billing_window(qtbot, books, tmp_path) as robot:
        robot.folders.folder = tmp_path / "Agency"
        robot.folders.folder.mkdir()
        yield robot


def stands(books: Office) -> Books:
    def look(work: Work) -> Books:
        def count(question: str) -> int:
            return int(work.db.scalar(text(question)) or 0)

        return (
            count("SELECT coalesce(sum(patient_balance), 0) FROM charge"),
            cents(work, "1130"),
            cents(work, "1050"),
            count("SELECT count(*) FROM collection_case WHERE status = 'placed'"),
        )

    return books.read(look)


def part_of(robot: BillingRobot) -> CollectionsPart:
    part = robot.part
    assert isinstance(part, CollectionsPart)
    return part


def comes_to_the_list(robot: BillingRobot) -> None:
    """From the queue; other kinds of work wait there, too."""
    robot.does("Ctrl+2")
    robot.goes_to("title", "Old enough for an agency")
    robot.does("Return")
    comes_to(part_of(robot).accounts.view)


def hands_over(robot: BillingRobot) -> None:
    comes_to_the_list(robot)
    robot.does("Space", "Ctrl+Return")


def answers(robot: BillingRobot, *typed: str) -> None:
    """Fill the fields of the question that has come up, one after the other, and take the verb."""
    dialog = robot.dialog()
    for at, words in enumerate(typed):
        if at:
            robot.presses("Tab")
        if words:
            robot.presses("Ctrl+A")
            robot.types(words)
    robot.presses("Return")
    robot.waits(lambda: not dialog.isVisible())
    robot.comes_forward()
    robot.rests()


def test_an_account_is_handed_over_and_the_file_is_saved(desk: BillingRobot) -> None:
    books = desk.office
    comes_to_the_list(desk)
    assert list(desk.column("name")) == [name for name, _share in OWING]
    assert part_of(desk).agency.draft() == AGENCY.name
    desk.does("Space")
    assert desk.button() == "Hand over 1 account"
    desk.does("Ctrl+Return")
    assert stands(books) == (200_00, 300_00, 0, 1)
    assert desk.newest().text.startswith("1 account, 300.00, handed over as COL-2026-00001.")
    assert list(desk.column("number")) == ["COL-2026-00001"]
    desk.does("Ctrl+Return")
    desk.waits(lambda: "is saved in Agency" in desk.newest().text)
    assert desk.folders.folder is not None
    (file,) = desk.folders.folder.glob("*.csv")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["Case"], row["Name"], row["Amount"]) for row in rows] == [
        ("COL-2026-00001", "Alma Anyone", "300.00")
    ]
    proves(books)


def test_what_the_agency_recovers_is_posted_and_the_rest_recalled(desk: BillingRobot) -> None:
    books = desk.office
    hands_over(desk)
    desk.presses("Ctrl+Shift+R")
    answers(desk, "100")
    desk.waits(lambda: "is recovered as" in desk.newest().text)
    assert stands(books) == (200_00, 200_00, 70_00, 1)
    assert "30.00 is commission; 200.00 is left there." in desk.newest().text
    desk.rests()
    desk.presses("Ctrl+Shift+K")
    answers(desk, "the agency gave up")
    desk.waits(lambda: "is back on the account" in desk.newest().text)
    assert stands(books) == (400_00, 0, 70_00, 0)
    proves(books)


def test_ctrl_z_takes_the_hand_off_and_a_recovery_back(desk: BillingRobot) -> None:
    books = desk.office
    hands_over(desk)
    desk.presses("Ctrl+Shift+R")
    answers(desk, "300")
    desk.waits(lambda: "is recovered as" in desk.newest().text)
    desk.does("Ctrl+Z")
    assert stands(books) == (200_00, 300_00, 0, 1)
    desk.does("Ctrl+Z")
    assert stands(books) == (ALL, 0, 0, 0)
    proves(books)


def test_more_than_is_left_there_is_refused(desk: BillingRobot) -> None:
    hands_over(desk)
    before = stands(desk.office)
    desk.presses("Ctrl+Shift+R")
    answers(desk, "300.01")
    desk.waits(lambda: "was recovered, but 300.00" in desk.newest().text)
    assert desk.newest().hint.startswith("Nothing was posted.")
    assert stands(desk.office) == before


@pytest.mark.parametrize("wrong", ["Q", "Delete", "Ctrl+Return"])
def test_a_wrong_key_at_every_position_hands_nothing_over(desk: BillingRobot, wrong: str) -> None:
    books = desk.office
    comes_to_the_list(desk)
    desk.does(wrong)
    if desk.is_finding():
        desk.does("Escape")
    assert stands(books) == (ALL, 0, 0, 0)
    desk.does("Space")
    if wrong != "Ctrl+Return":
        desk.does(wrong)
        if desk.is_finding():
            desk.does("Escape")
        assert stands(books) == (ALL, 0, 0, 0)
    desk.does("Ctrl+Return")
    assert stands(books) == (200_00, 300_00, 0, 1)
    proves(books)
