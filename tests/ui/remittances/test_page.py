"""The page of one remittance: going through it, holding, posting, taking back, setting aside."""

from __future__ import annotations

import pytest

from fscdesk.models.remittance import RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.ui.messages import Level
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, plb, service
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.billing import proves
from tests.support.robots.office import DiaryScreen
from tests.support.robots.remittances import RemittanceRobot


def pays(one: SentClaim, number: str = "ICN0001", cas: str = "CO45=38.60 PR3=30") -> EraClaim:
    """What the payer says of Alma's claim: the same of each line."""
    lines = [service("90837", "160", cas=cas, day=day) for day in one.days]
    return claim(one.account, *lines, patient=ALMA, payer_number=number)


def strange() -> EraClaim:
    """A claim of somebody who is no client here."""
    line = service("90837", "75", day="20260302")
    return claim("ELSEWHERE1", line, patient=STRANGER, payer_number="ICN9")


def look(books: Office, one: int) -> RemittancePage:
    return books.read(lambda work: remittance_page(work, one))


def test_what_we_billed_stands_beside_what_the_payer_said(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk, sessions=2)
    robot.opens(read(robot.office, era(pays(sent))))
    head, *lines = robot.sheet.sheet.rows
    assert (head.name, head.note) == (
        "Alma Anyone",
        "claim CLM-2026-00001, payer claim ICN0001",
    )
    assert [one.cells["session"] for one in lines] == ["03/02/2026", "03/09/2026"]
    assert {one.cells["paid"] for one in lines} == {"91.40"}
    assert {one.cells["off"] for one in lines} == {"38.60"}
    assert robot.sheet.sheet.totals["charged"] == "320.00"
    assert robot.balances() == [
        ("Lines balance", "320.00 = 182.80 + 77.20 + 60.00"),
        ("Claims balance", "182.80 = 182.80"),
        ("Check balances", "182.80 − 0.00 = 182.80"),
    ]
    assert "CO-45 The charge is above what the contract allows. 77.20" in robot.in_words()
    assert "Session 03/02 becomes approved; paid once nothing of it is open" in robot.in_words()
    spoken = robot.sheet.accessibleDescription()
    assert "Alma Anyone" in spoken
    assert "paid 91.40" in spoken
    assert robot.button() == "Post 1 of 1 claim, 182.80"


def test_a_held_claim_stays_with_its_money_and_can_be_released(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    first, second = send_claim(robot.office, desk), send_claim(robot.office, desk, code="90834")
    two = claim(
        second.account,
        service("90834", "160", cas="CO45=60 PR3=30", day=second.days[0]),
        patient=ALMA,
        payer_number="ICN2",
    )
    one = read(robot.office, era(pays(first), two))
    robot.opens(one)
    robot.does("Down", "Space")
    assert robot.marks() == ["Post", "Held"]
    assert robot.button() == "Post 1 of 2 claims, 91.40"
    assert "it is held" in robot.in_words()
    robot.does("Ctrl+Return")
    assert robot.newest().text.startswith("1 of 2 claims posted, 91.40 of 161.40: PAY-2026-")
    assert "1 stays with 70.00 of the check." in robot.newest().text
    assert look(robot.office, one).row.status is RemittanceStatus.PARTLY
    proves(robot.office)
    robot.does("Space")
    assert robot.marks() == ["Posted", "Post"]
    assert robot.button() == "Post 1 of 2 claims, 70.00"
    robot.does("Ctrl+Return")
    assert look(robot.office, one).row.status is RemittanceStatus.POSTED
    assert robot.screen.primary() is None
    robot.does("Ctrl+Z")
    assert robot.marks() == ["Posted", "Post"]
    assert look(robot.office, one).row.status is RemittanceStatus.PARTLY
    proves(robot.office)


def test_a_posted_one_is_undone_with_a_reason_asked_in_the_pane(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    one = read(robot.office, era(pays(send_claim(robot.office, desk))))
    robot.office.write(lambda work: post_remittance(work, one))
    robot.opens(one)
    assert robot.marks() == ["Posted"]
    assert robot.screen.primary() is None
    robot.runs("Undo this remittance…")
    ask = robot.screen.pane.ask
    comes_to(ask.reason.edit)
    robot.does("Return")
    assert robot.asked(), "nothing is done without a reason"
    assert look(robot.office, one).row.status is RemittanceStatus.POSTED
    robot.does("Escape")
    assert not robot.asked()
    assert look(robot.office, one).row.status is RemittanceStatus.POSTED
    robot.runs("Undo this remittance…")
    comes_to(ask.reason.edit)
    robot.types("Wrong month")
    robot.does("Return")
    assert look(robot.office, one).row.status is RemittanceStatus.UNDONE
    assert "1 claim of REM-2026-00001 out of the books again" in robot.newest().text
    comes_to(robot.sheet)
    proves(robot.office)
    robot.does("Ctrl+Return")
    assert look(robot.office, one).row.status is RemittanceStatus.POSTED


def test_one_claim_is_taken_back_and_posted_anew(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    one = read(robot.office, era(pays(send_claim(robot.office, desk))))
    robot.office.write(lambda work: post_remittance(work, one))
    robot.opens(one)
    robot.runs("Take this claim back…")
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.types("The payer corrects it")
    robot.does("Return")
    assert look(robot.office, one).posted == 0
    assert not robot.claim.posted
    proves(robot.office)


def test_a_strangers_claim_is_set_aside_and_taken_up_again(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    one = read(robot.office, era(pays(send_claim(robot.office, desk)), strange()))
    robot.opens(one)
    assert robot.claim.claim_id is None, "what stays has the focus"
    assert "waits in the work queue" in robot.in_words()
    assert robot.button() == "Post 1 of 2 claims, 91.40"
    robot.does("Ctrl+Return")
    robot.runs("Set aside…")
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.types("Not our client")
    robot.does("Return")
    page = look(robot.office, one)
    assert page.row.status is RemittanceStatus.POSTED
    assert page.claims[1].words == "Not our client"
    assert robot.marks() == ["Posted", "Set aside"]
    robot.does("Ctrl+Z")
    assert look(robot.office, one).row.status is RemittanceStatus.PARTLY
    robot.runs("Set aside…")
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.types("Not our client")
    robot.does("Return")
    robot.runs("Take it up again")
    assert look(robot.office, one).row.status is RemittanceStatus.PARTLY


def test_nobodys_remittance_gets_its_payer(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    line = service("90837", "75", day="20260302")
    text = era(
        claim("ELSEWHERE1", line, patient=STRANGER),
        payer="UNHEARD OF MUTUAL",
        payer_id="",
        origin="",
    )
    one = read(robot.office, text)
    robot.opens(one)
    assert "Nobody knows yet whose remittance this is" in robot.notice()
    assert robot.button() == ""
    robot.runs("Choose the payer…")
    ask = robot.screen.pane.ask
    comes_to(ask.choice.editor)
    robot.types("Imag")
    robot.does("Return")
    if robot.asked():
        robot.does("Return")
    assert look(robot.office, one).row.payer_id == desk.payer
    assert robot.notice().startswith("Nothing of it can be posted now 1 claim stays")


def test_what_does_not_balance_is_stopped_with_its_difference(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    one = read(robot.office, era(pays(send_claim(robot.office, desk)), amount="100"))
    robot.opens(one)
    assert robot.notice().startswith("Stopped: nothing of it is posted")
    assert "8.60" in robot.notice()
    assert ("Check does not balance", "91.40 − 0.00 against a check of 100.00") in robot.balances()
    assert robot.button() == ""
    robot.does("Ctrl+Return", "Space")
    assert look(robot.office, one).row.status is RemittanceStatus.STOPPED
    assert "Held" not in robot.marks()
    assert not robot.offers("Let it go on…"), "no look makes it right"
    assert "Ask the payer for a correct file." in robot.notice()


def test_the_same_check_with_other_words_is_shown_with_the_first(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    first = read(robot.office, era(pays(sent)))
    second = read(robot.office, era(pays(sent, cas="CO45=48.60 PR3=30")), "other.835")
    robot.opens(second)
    assert "REM-2026-00001 has the same check and says something else" in robot.notice()
    robot.runs("Show the other remittance")
    assert robot.page.row.id == first


def test_what_is_settled_beside_the_claims_has_its_own_group(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    text = era(pays(send_claim(robot.office, desk)), plb=[plb("WO", "25", "ICN0")])
    robot.opens(read(robot.office, text))
    names = [row.name for row in robot.sheet.sheet.rows]
    assert names[-2:] == ["Provider-level adjustments (PLB)", "WO"]
    assert robot.balances()[2] == ("Check balances", "91.40 − 25.00 = 66.40")
    robot.does("End")
    assert "taken from the check" in robot.in_words()
    assert robot.button() == "Post 1 of 1 claim, 66.40"
    robot.does("Ctrl+Return")
    assert robot.page.row.status is RemittanceStatus.POSTED
    proves(robot.office)


def test_the_file_is_shown_as_it_came_and_esc_comes_back(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    text = era(pays(send_claim(robot.office, desk)), wrap="80")
    robot.opens(read(robot.office, text))
    robot.runs("835 text")
    comes_to(robot.screen.raw)
    shown = robot.screen.raw.toPlainText().splitlines()
    assert shown[3].startswith("BPR*I*91.4*")
    assert all(line.endswith("~") for line in shown)
    robot.does("Escape")
    comes_to(robot.sheet)


def test_ctrl_down_goes_to_the_older_one_and_ctrl_up_back(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    older = read(robot.office, era(pays(sent), trace="A", effective="20260310"))
    newer = read(robot.office, era(pays(sent), trace="B", effective="20260320"))
    robot.opens(newer)
    assert robot.screen.head.place.text() == "1 of 2"
    robot.does("Ctrl+Down")
    assert robot.page.row.id == older
    assert robot.screen.head.place.text() == "2 of 2"
    robot.does("Ctrl+Up")
    assert robot.page.row.id == newer


def test_ctrl_l_finds_what_was_not_there_yet(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day="20260302")
    one = read(robot.office, era(claim("NOBODY1", line, patient=ALMA, payer_number="ICN1")))
    robot.opens(one)
    assert robot.marks() != ["Post"]
    send_claim(robot.office, desk)
    robot.does("Ctrl+L")
    assert robot.newest().text == "Looked again: 1 of 1 claim found in the books."
    assert robot.marks() == ["Post"]


def test_a_lost_race_is_told_and_nothing_is_posted_twice(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    one = read(robot.office, era(pays(send_claim(robot.office, desk))))
    robot.opens(one)
    robot.office.write(lambda work: post_remittance(work, one))
    robot.does("Ctrl+Return")
    assert look(robot.office, one).row.amount == Money(91_40)
    assert robot.marks() == ["Posted"]
    assert robot.newest().level is Level.PROBLEM
    proves(robot.office)


def test_one_that_is_gone_says_so(robot: RemittanceRobot) -> None:
    robot.window.open("remittance", remittance=99)
    robot.rests()
    assert robot.newest().text == "This remittance is not in the books."
    with pytest.raises(Problem, match="not in the books"):
        look(robot.office, 99)


def test_ctrl_j_goes_on_and_says_when_nothing_is_left(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    robot.opens(read(robot.office, era(pays(sent), strange())))
    assert robot.sheet.current == 1
    robot.does("Up")
    assert robot.sheet.current == 0
    robot.does("Ctrl+J")
    assert robot.sheet.current == 1
    robot.does("Ctrl+J")
    assert robot.newest().text == (
        "Nothing else needs a look. Ctrl+Enter: Post 1 of 2 claims, 91.40."
    )
    assert robot.sheet.current == 1


def test_enter_on_a_posted_claim_opens_it(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    sent = send_claim(robot.office, desk)
    one = read(robot.office, era(pays(sent)))
    robot.office.write(lambda work: post_remittance(work, one))
    robot.opens(one)
    robot.does("Return")
    front = robot.front
    assert isinstance(front, DiaryScreen)
    assert front.asked[-1] == {"claim": sent.id}


def test_said_before_is_posted_all_the_same_only_by_a_persons_word(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk)
    first = read(robot.office, era(pays(sent), trace="A"))
    robot.office.write(lambda work: post_remittance(work, first))
    again = read(robot.office, era(pays(sent), trace="B"), "b.835")
    robot.opens(again)
    assert robot.marks() == ["Posted before"]
    assert robot.button() == ""
    robot.does("Space", "Ctrl+Return")
    assert robot.marks() == ["Posted before"]
    robot.runs("Post it all the same")
    assert robot.marks() == ["Post all the same"]
    assert robot.button() == "Post 1 of 1 claim, 91.40"
    robot.runs("Let it wait")
    assert robot.button() == ""


def test_everything_has_a_name(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    robot.opens(read(robot.office, era(pays(send_claim(robot.office, desk)), strange())))
    robot.runs("Set aside…")
    assert unnamed(robot.screen) == []
