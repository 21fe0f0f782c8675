"""The Remittances tab: its views, and reading files that opens what needs somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation
from fscdesk.services.office import Office
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.payments.screen import PAYMENTS, PaymentsScreen
from fscdesk.ui.screens.remittances.page_screen import RemittanceScreen
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, send_claim
from tests.support.eras import claim, era, service
from tests.support.focus import comes_to
from tests.support.robots.remittances import RemittanceRobot


@pytest.fixture
def text(sqlite_books: Office, desk: ClaimDesk) -> str:
    """A file about Alma's claim."""
    sent = send_claim(sqlite_books, desk)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    return era(claim(sent.account, line, patient=ALMA, payer_number="ICN1"))


def write(folder: Path, name: str, words: str) -> Path:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path


def test_the_newest_that_needs_somebody_is_current_and_enter_opens_it(
    robot: RemittanceRobot, text: str
) -> None:
    older = read(robot.office, text)
    newer = read(
        robot.office, text.replace("EFT2026001", "EFT2026002").replace("20260320", "20260327")
    )
    robot.does("Ctrl+5")
    comes_to(robot.list.list.view)
    assert robot.column("trace") == ["EFT2026002", "EFT2026001"]
    assert robot.column("status") == ["To post", "To post"]
    robot.does("Return")
    assert robot.page.row.id == newer
    robot.does("Alt+Left")
    assert robot.list.list.view.picking.current_id == newer
    robot.does("Down", "Return")
    assert robot.page.row.id == older


def test_the_views_count_and_without_work_payments_comes_first(
    robot: RemittanceRobot, text: str
) -> None:
    one = read(robot.office, text)
    robot.office.write(lambda work: post_remittance(work, one))
    robot.does("Ctrl+5")
    assert isinstance(robot.front, PaymentsScreen)
    assert robot.front.tabs.current == PAYMENTS
    robot.opens_list()
    assert robot.column("status") == ["Posted"]
    robot.list.needs_you()
    robot.rests()
    assert robot.column("status") == []
    assert "Every remittance is posted." in robot.labels(robot.list)


def test_a_file_that_is_read_opens_where_it_needs_somebody(
    robot: RemittanceRobot, text: str, tmp_path: Path
) -> None:
    robot.chosen = (write(tmp_path, "today.835", text),)
    robot.opens_list()
    robot.list.read()
    robot.rests()
    robot.waits(lambda: isinstance(robot.front, RemittanceScreen))
    robot.rests()
    assert robot.newest().text == "1 remittance read: 1 waits for you."
    assert robot.page.file_name == "today.835"


def test_a_file_that_is_known_says_who_posted_it_and_changes_nothing(
    robot: RemittanceRobot, text: str, tmp_path: Path
) -> None:
    one = read(robot.office, text)
    robot.office.write(lambda work: post_remittance(work, one))
    robot.chosen = (write(tmp_path, "again.835", text),)
    robot.opens_list()
    robot.list.read()
    robot.rests()
    said = robot.newest()
    assert said.text.startswith("This remittance is not new: REM-2026-00001 was posted on ")
    assert said.text.endswith("Nothing changed.")
    assert said.help is not None
    said.help.act()
    robot.rests()
    assert robot.page.row.id == one


def test_what_an_automatic_payer_sends_is_posted_at_once(
    robot: RemittanceRobot, desk: ClaimDesk, text: str, tmp_path: Path
) -> None:
    def automatic(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).automation = Automation.AUTOMATIC

    robot.office.write(automatic)
    robot.chosen = (write(tmp_path, "today.835", text),)
    robot.opens_list()
    robot.list.read()
    robot.rests()
    assert robot.newest().text == "1 remittance read: 1 posted."
    assert isinstance(robot.front, PaymentsScreen)
    assert robot.column("status") == ["Posted"]


def test_one_bad_file_does_not_stop_the_others(
    robot: RemittanceRobot, text: str, tmp_path: Path
) -> None:
    robot.chosen = (
        write(tmp_path, "holiday.txt", "Out of office"),
        write(tmp_path, "today.835", text),
        tmp_path / "gone.835",
    )
    robot.opens_list()
    robot.list.read()
    robot.rests()
    robot.waits(lambda: isinstance(robot.front, RemittanceScreen))
    refusals = [one for one in robot.heard if one.level is Level.PROBLEM]
    said = "1 remittance read: 1 waits for you. holiday.txt is no remittance (835)."
    assert refusals[-1].text.startswith(said)
    others = "1 other file could not be read either."
    assert refusals[-1].hint == f"Nothing of this file was read. {others}"
