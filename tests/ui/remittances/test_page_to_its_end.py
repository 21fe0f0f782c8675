"""The page of a remittance where it is odd: agreed to, stopped, empty, negative, long, returned."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from fscdesk.models.payment import Payment
from fscdesk.models.remittance import RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import explain, recoupments
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screen import offers
from fscdesk.ui.screens.payments.screen import RECOUPMENTS, PaymentsScreen
from fscdesk.ui.screens.remittances.page_export import PageExport
from fscdesk.ui.screens.remittances.page_screen import RemittanceScreen
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, send_claim
from tests.support.eras import claim, era, plb, plbs, reversal_of, service
from tests.support.focus import comes_to
from tests.support.robots.billing import proves
from tests.support.robots.recoupments import RecoupmentRobot
from tests.support.robots.remittances import RemittanceRobot
from tests.ui.remittances.test_page import look, pays, strange

MANY = 240


def strangers(count: int, name: str = "ELSEWHERE") -> list[EraClaim]:
    """Claims of somebody who is no client here, one line each."""
    line = service("90837", "75", day="20260302")
    return [
        claim(f"OTHER{at}", line, patient=(name, "ZED", f"Q{at:06d}"), payer_number=f"IC{at}")
        for at in range(count)
    ]


def test_what_is_agreed_to_is_posted_and_undone(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    sent = send_claim(robot.office, desk)
    first = read(robot.office, era(pays(sent), trace="A"))
    robot.office.write(lambda work: post_remittance(work, first))
    again = read(robot.office, era(pays(sent), trace="B"), "b.835")
    robot.opens(again)
    robot.runs("Post it all the same")
    robot.does("Ctrl+Return")
    assert robot.page.row.status is RemittanceStatus.POSTED
    assert robot.marks() == ["Posted"]
    proves(robot.office)
    robot.does("Ctrl+Z")
    assert look(robot.office, again).row.status is RemittanceStatus.UNDONE
    assert look(robot.office, first).row.status is RemittanceStatus.POSTED
    assert robot.marks() != ["Posted"]
    proves(robot.office)


def test_of_two_that_contradict_each_other_a_person_lets_one_go_on(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    read(robot.office, era(pays(sent)))
    second = read(robot.office, era(pays(sent, cas="CO45=48.60 PR3=30")), "other.835")
    robot.opens(second)
    assert robot.button() == ""
    robot.does("Ctrl+Return")
    assert look(robot.office, second).row.status is RemittanceStatus.STOPPED
    robot.runs("Let it go on…")
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.does("Return")
    assert robot.asked(), "nothing is done without a reason"
    robot.types("The payer sent the right one by mail")
    robot.does("Return")
    assert robot.newest().text.startswith("REM-2026-00002 can be posted now.")
    assert robot.button() == "Post 1 of 1 claim, 81.40"
    robot.does("Ctrl+Return")
    assert look(robot.office, second).row.status is RemittanceStatus.POSTED
    proves(robot.office)


def test_a_file_is_dropped_on_the_list(
    robot: RemittanceRobot, desk: ClaimDesk, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.835"
    path.write_text(era(pays(send_claim(robot.office, desk))), encoding="utf-8")
    robot.opens_list()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    plain = Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(40, 40), *held, plain)
    QApplication.sendEvent(robot.list, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(robot.list, QDropEvent(QPointF(40, 40), *held, plain))
    robot.rests()
    robot.waits(lambda: isinstance(robot.front, RemittanceScreen))
    robot.rests()
    assert robot.page.file_name == "dropped.835"


def test_one_that_pays_nothing_is_posted_with_its_denial(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    line = service("90837", "160", cas="CO16=160", day=sent.days[0])
    nothing = claim(sent.account, line, status="4", patient=ALMA, payer_number="ICN1")
    robot.opens(read(robot.office, era(nothing, method="NON", trace="NONE1")))
    assert robot.balances()[2] == ("Check balances", "0.00 − 0.00 = 0.00")
    assert robot.button() == "Post 1 of 1 claim, 0.00"
    robot.does("Ctrl+Return")
    assert robot.page.row.status is RemittanceStatus.POSTED
    assert "1 denied, in the work queue." in robot.newest().text
    proves(robot.office)


def test_one_of_zero_with_only_amounts_beside_is_gone_through_and_posted(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    assert desk.payer
    text = era(plb=[plbs(("WO", "10", "A1"), ("72", "-10", "A1"))], method="NON", trace="ZERO")
    robot.opens(read(robot.office, text))
    assert [row.name for row in robot.sheet.sheet.rows] == [
        "Provider-level adjustments (PLB)",
        "WO",
        "72",
    ]
    assert robot.sheet.sheet.counted == "0 claims"
    robot.does("Down", "Up", "Return", "Space", "Ctrl+J")
    assert robot.button() == "Post what stands beside the claims, 0.00"
    robot.does("Ctrl+Return")
    posted = robot.page.row
    assert posted.status is RemittanceStatus.POSTED
    assert robot.newest().text.startswith("0 of 0 claims posted, 0.00: PAY-2026-")
    proves(robot.office)
    robot.does("Ctrl+Z")
    assert look(robot.office, posted.id).row.status is RemittanceStatus.UNDONE
    proves(robot.office)


def test_what_is_taken_back_shows_its_minus_and_the_claim_is_open_again(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    first, second = send_claim(robot.office, desk), send_claim(robot.office, desk, code="90834")
    paid = pays(first)
    one = read(robot.office, era(paid, trace="A"))
    robot.office.write(lambda work: post_remittance(work, one))
    money = service("90834", "160", cas="CO45=38.60 PR3=30", day=second.days[0])
    other = claim(second.account, money, patient=ALMA, payer_number="ICN2")
    robot.opens(read(robot.office, era(reversal_of(paid), other, trace="B"), "b.835"))
    line = robot.sheet.sheet.rows[1]
    assert line.cells["paid"] == "−91.40"
    assert robot.button() == "Post 2 of 2 claims, 0.00"
    robot.does("Ctrl+Return")
    assert robot.page.row.status is RemittanceStatus.POSTED
    proves(robot.office)


def test_many_claims_scroll_and_stay_quick(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    sent = send_claim(robot.office, desk)
    robot.opens(read(robot.office, era(*strangers(MANY), pays(sent))))
    assert robot.sheet.sheet.counted == f"{MANY + 1} claims"
    robot.presses("End")
    QApplication.processEvents()
    assert robot.sheet.current == MANY
    bar = robot.sheet.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    robot.presses("Home")
    began = time.process_time()
    robot.presses(*["Down"] * 40)
    QApplication.processEvents()
    each = (time.process_time() - began) / 40
    assert robot.sheet.current == 40
    assert each < 0.1, f"a key takes {each * 1000:.0f} ms"
    assert bar.value() > 0, "the current claim is in view"
    robot.rests()
    assert robot.button() == f"Post 1 of {MANY + 1} claims, 91.40"


def test_a_long_name_is_cut_and_whole_in_its_tip(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    assert desk.payer
    name = "VANDERBILT-HARGREAVES-SOMERVILLE-OAKENSHIELD"
    robot.window.resize(1180, 720)
    robot.opens(read(robot.office, era(*strangers(1, name))))
    row = robot.sheet.sheet.rows[0]
    head = robot.sheet._head()
    assert robot.sheet.tip_at(head + 10) == f"{row.name}\n{row.note}"
    assert name.title() in row.name or name in row.name
    assert robot.sheet.tip_at(head - 5) == ""
    assert robot.sheet.tip_at(robot.sheet.viewport().height() - 10) == ""


def test_no_button_of_the_pane_is_cut(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    assert desk.payer
    robot.window.resize(1180, 720)
    robot.opens(read(robot.office, era(strange())))
    shown = [one for one in robot.screen.pane.seconds if one.isVisible()]
    assert len(shown) > 2
    for one in shown:
        assert one.width() >= one.sizeHint().width(), one.words()
        assert one.geometry().right() <= robot.screen.pane.width()
    places = [one.geometry() for one in shown]
    assert not any(
        first.intersects(second) for at, first in enumerate(places) for second in places[:at]
    )


def test_its_lines_are_given_out(robot: RemittanceRobot, desk: ClaimDesk, tmp_path: Path) -> None:
    sent = send_claim(robot.office, desk, sessions=2)
    robot.opens(read(robot.office, era(pays(sent), strange(), plb=[plb("WO", "25", "ICN0")])))
    path = tmp_path / "lines.csv"
    robot.screen.exporting = PageExport(robot.screen.shell, robot.screen, lambda *_asked: str(path))
    assert offers(robot.screen, "export"), "Ctrl+Shift+E opens the formats"
    robot.screen.exporting.start(robot.page, "csv")
    robot.waits(path.exists)
    robot.rests()
    assert robot.newest().text == "4 rows exported to lines.csv."
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    named = [row for row in rows if row.get("Client") == "Alma Anyone"]
    assert [row["Paid"] for row in named] == ["91.40", "91.40"]
    assert named[0]["Reasons"] == "CO-45 38.60, PR-3 30.00"
    assert named[0]["State"] == "Post"


def test_money_that_went_back_is_told_and_undone_under_more(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    one = read(robot.office, era(pays(sent)))
    robot.office.write(lambda work: post_remittance(work, one))

    def bounce(work: Work) -> None:
        payment = work.db.query(Payment).one()
        return_payment(
            work, payment.id, on=work.today(), reason="Sent back", expected_version=payment.version
        )

    robot.office.write(bounce)
    robot.does("Ctrl+5")
    assert robot.column("status") == ["Returned"]
    robot.does("Return")
    assert robot.notice().startswith("The bank took its money back")
    assert robot.screen.primary() is None
    assert robot.marks() == ["Returned"]
    assert "91.40 is owed again: its money went back" in robot.in_words()
    assert not robot.offers("Take this claim back…")
    robot.runs("Undo all of it…")
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.types("It went back")
    robot.does("Return")
    assert look(robot.office, one).row.status is RemittanceStatus.UNDONE
    assert robot.notice() == ""
    assert robot.button() == "Post 1 of 1 claim, 91.40"
    proves(robot.office)


@pytest.fixture
def settled(robot: RemittanceRobot, desk: ClaimDesk) -> int:
    """A check that took back what was not posted here: a part of that is explained since."""
    office = robot.office
    first, second = send_claim(office, desk), send_claim(office, desk, code="90834")
    paid = pays(first)
    money = service("90834", "160", cas="CO45=8.60", day=second.days[0])
    other = claim(second.account, money, patient=ALMA, payer_number="ICN2")
    one = read(office, era(reversal_of(paid), other, trace="B"), "b.835")
    office.write(lambda work: post_remittance(work, one))
    (item,) = office.read(recoupments)
    assert item.open == Money(91_40)
    office.write(lambda work: explain(work, item.id, "7620", "By phone", amount=Money(1_00)))
    late = read(office, era(paid, trace="A"), "a.835")
    office.write(lambda work: post_remittance(work, late))
    return one


def test_what_has_to_be_taken_apart_first_is_one_key_away(
    robot: RemittanceRobot, settled: int
) -> None:
    robot.opens(settled)
    robot.does("Ctrl+Return")
    said = robot.newest()
    assert said.level is Level.PROBLEM
    assert said.text.startswith("A part of RCP-2026-00001 was settled already")
    assert said.help is not None
    assert said.help.label == "Show RCP-2026-00001"
    said.help.act()
    robot.rests()
    front = robot.front
    assert isinstance(front, PaymentsScreen)
    assert front.tabs.current == RECOUPMENTS
    RecoupmentRobot(robot.qtbot, robot.window, robot.office).sees_only("RCP-2026-00001")
