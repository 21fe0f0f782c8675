"""What posting a remittance says and shows: its message with the undo, the foot, the word PLB."""

from __future__ import annotations

from pathlib import Path

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation, RemittanceStatus
from fscdesk.services.banking.suspense import suspense as held_money
from fscdesk.services.office import Office
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.tables.detail_pane import DetailPane
from fscdesk.ui.tables.facts import Facts
from tests.support.bank_books import line, suspense
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, plb, reversal_of, service
from tests.support.robots.billing import proves
from tests.support.robots.remittances import RemittanceRobot
from tests.ui.remittances.test_page import look, pays, strange


def denies(one: SentClaim, cas: str, number: str, code: str = "90834") -> EraClaim:
    """What the payer does not pay of a claim, all of it or some."""
    lines = [service(code, "160", cas=cas, day=day) for day in one.days]
    return claim(one.account, *lines, patient=ALMA, payer_number=number)


@pytest.fixture
def mixed(robot: RemittanceRobot, desk: ClaimDesk) -> int:
    """A check: one paid, one denied, one of a stranger; 25.00 taken, and nobody knows for what."""
    first, second = send_claim(robot.office, desk), send_claim(robot.office, desk, code="90834")
    text = era(pays(first), denies(second, "CO16=160", "I2"), strange(), plb=[plb("WO", "25", "X")])
    return read(robot.office, text)


def test_the_message_after_posting_has_counts_money_work_and_its_undo(
    robot: RemittanceRobot, mixed: int
) -> None:
    robot.opens(mixed)
    assert robot.button() == "Post 2 of 3 claims, 66.40"
    robot.does("Ctrl+Return")
    said = robot.newest()
    assert said.level is not Level.PROBLEM
    assert said.text == (
        "2 of 3 claims posted, 66.40 of 141.40: PAY-2026-00001."
        " 1 denied, 1 to explain, in the work queue. 1 stays with 75.00 of the check."
    )
    assert said.undo is not None
    assert said.undo.label == "posting REM-2026-00001"
    proves(robot.office)
    robot.does("Ctrl+Z")
    assert look(robot.office, mixed).row.status is RemittanceStatus.UNDONE
    assert robot.newest().text.startswith("2 claims of REM-2026-00001 out of the books again, ")
    proves(robot.office)


def test_money_that_the_bank_had_before_is_told_and_undone_with_it(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    def hold(work: Work) -> None:
        words = "IMAGINARY BLUE HCCLAIMPMT TRN*1*EFT2026001*1999019901"
        suspense(work, line(work, "3/30", 120_00, words))

    robot.office.write(hold)
    sent = send_claim(robot.office, desk)
    paid = service("90837", "160", cas="CO45=40", day=sent.days[0])
    robot.opens(read(robot.office, era(claim(sent.account, paid, patient=ALMA))))
    robot.does("Ctrl+Return")
    assert robot.newest().text == (
        "1 of 1 claim posted, 120.00: PAY-2026-00001."
        " The bank had it on 03/30/2026: SUS-2026-00001 is explained by it."
    )
    assert robot.office.read(held_money) == ()
    robot.does("Ctrl+Z")
    assert [one.number for one in robot.office.read(held_money)] == ["SUS-2026-00001"]
    proves(robot.office)


def test_what_was_work_before_is_not_told_as_new(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    first, second = send_claim(robot.office, desk), send_claim(robot.office, desk, code="90834")
    one = read(robot.office, era(denies(first, "CO16=160", "I1", "90837"), pays_second(second)))
    robot.opens(one)
    robot.does("Down", "Space", "Ctrl+Return")
    assert "1 denied, in the work queue." in robot.newest().text
    robot.does("Space", "Ctrl+Return")
    assert robot.newest().text.startswith("1 of 2 claims posted, ")
    assert "work queue" not in robot.newest().text


def pays_second(one: SentClaim) -> EraClaim:
    """The payer pays the other claim."""
    return denies(one, "CO45=38.60 PR3=30", "I2")


def test_the_foot_has_what_is_denied_apart_from_what_is_written_off(
    robot: RemittanceRobot, mixed: int
) -> None:
    robot.opens(mixed)
    lines = robot.screen.foot.balances[0]
    assert (lines.title, lines.total) == (
        "Lines balance",
        "395.00 = 166.40 + 38.60 + 160.00 + 30.00",
    )
    assert lines.words == "charged = paid + written off + denied + client, 3 of 3"
    assert robot.sheet.sheet.totals["off"] == "38.60", "a denial is no write-off"
    assert "paid + written off + denied + client" in robot.screen.foot.accessibleDescription()
    robot.does("Ctrl+Return")
    assert robot.screen.foot.balances[0].total == "395.00 = 166.40 + 38.60 + 160.00 + 30.00"


def test_without_a_denial_the_foot_does_not_speak_of_one(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    robot.opens(read(robot.office, era(pays(send_claim(robot.office, desk)))))
    lines = robot.screen.foot.balances[0]
    assert (lines.total, lines.words) == (
        "160.00 = 91.40 + 38.60 + 30.00",
        "charged = paid + written off + client, 1 of 1",
    )


def test_a_biller_who_looks_for_plb_finds_the_word(robot: RemittanceRobot, mixed: int) -> None:
    robot.window.resize(1180, 720)
    robot.opens(mixed)
    group = robot.sheet.sheet.rows[-2]
    assert (group.name, group.note) == (
        "Provider-level adjustments (PLB)",
        "25.00 taken from the check",
    )
    assert robot.screen.foot.balances[2].words == "claims − provider level (PLB) = check"
    robot.does("End")
    assert "Provider-level adjustment (PLB)" in robot.labels(robot.screen.pane)
    robot.window.resize(1440, 900)
    robot.opens_list()
    (pane,) = [one for one in robot.list.findChildren(DetailPane) if one.isVisible()]
    pane.open_tab("facts")
    robot.waits(lambda: "Provider level (PLB)" in beside(robot))


def beside(robot: RemittanceRobot) -> str:
    """What the facts beside the list say."""
    return " ".join(one.words() for one in robot.list.findChildren(Facts))


def write(folder: Path, name: str, words: str) -> Path:
    """A file as the payer's site gives it."""
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path


def automatic(office: Office, desk: ClaimDesk) -> None:
    """Let what the payer sends post by itself."""

    def act(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).automation = Automation.AUTOMATIC

    office.write(act)


def test_files_chosen_in_the_wrong_order_are_posted_in_the_order_of_their_checks(
    robot: RemittanceRobot, desk: ClaimDesk, tmp_path: Path
) -> None:
    """In the order of the dialog the reversal finds nothing to take back, and waits."""
    automatic(robot.office, desk)
    sent = send_claim(robot.office, desk)
    paid, anew = pays(sent, "ICN1"), pays(sent, "ICN2", cas="CO45=28.60 PR3=30")
    robot.chosen = (
        write(tmp_path, "a.835", era(anew, trace="C3", effective="20260403")),
        write(
            tmp_path,
            "b.835",
            era(reversal_of(paid), trace="B2", effective="20260327", plb=[plb("FB", "-91.40")]),
        ),
        write(tmp_path, "c.835", era(paid, trace="A1", effective="20260320")),
    )
    robot.opens_list()
    robot.list.read()
    robot.rests()
    assert robot.newest().text == "3 remittances read: 3 posted."
    robot.opens_list()
    order = zip(robot.column("trace"), robot.column("status"), strict=True)
    assert dict(order) == dict.fromkeys(("A1", "B2", "C3"), "Posted")
    numbers = dict(zip(robot.column("trace"), robot.column("number"), strict=True))
    assert sorted(numbers, key=numbers.__getitem__) == ["A1", "B2", "C3"]
    proves(robot.office)


def test_a_desk_that_posted_meanwhile_is_named_and_its_work_can_be_undone_here(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    one = read(robot.office, era(pays(send_claim(robot.office, desk))))
    robot.opens(one)
    version = look(robot.office, one).row.version
    post_elsewhere(robot, one)
    robot.does("Ctrl+Return")
    said = robot.newest()
    assert said.level is Level.PROBLEM
    assert said.text.startswith("Remittance REM-2026-00001 was posted on 04/12/2026 by ")
    assert said.hint == "Nothing was posted again. Undo it first if it is to be posted anew."
    assert robot.marks() == ["Posted"], "the page shows what the other desk did"
    assert robot.screen.primary() is None
    assert look(robot.office, one).row.version > version
    robot.runs("Undo this remittance…")
    robot.waits(robot.asked)
    robot.types("We both posted it")
    robot.does("Return")
    assert look(robot.office, one).row.status is RemittanceStatus.UNDONE
    robot.does("Ctrl+Return")
    assert look(robot.office, one).row.status is RemittanceStatus.POSTED
    proves(robot.office)


def post_elsewhere(robot: RemittanceRobot, one: int) -> None:
    """Another desk posts it."""
    robot.office.write(lambda work: post_remittance(work, one))


def test_the_same_file_that_another_desk_posted_is_shown_as_it_was_posted(
    robot: RemittanceRobot, desk: ClaimDesk, tmp_path: Path
) -> None:
    text = era(pays(send_claim(robot.office, desk)))
    robot.chosen = (write(tmp_path, "mine.835", text),)
    robot.opens_list()
    one = read(robot.office, text, "theirs.835")
    post_elsewhere(robot, one)
    robot.list.read()
    robot.rests()
    said = robot.newest()
    assert said.text.startswith("This remittance is not new: REM-2026-00001 was posted on ")
    assert " by " in said.text
    assert said.help is not None
    said.help.act()
    robot.rests()
    assert (robot.page.row.id, robot.marks()) == (one, ["Posted"])


def test_a_check_behind_one_that_is_stopped_itself_is_cured_by_setting_that_aside(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    """The first file does not balance; the payer sends the right one for the same check."""
    sent = send_claim(robot.office, desk)
    wrong = read(robot.office, era(pays(sent), amount="100"))
    right = read(robot.office, era(pays(sent)), "right.835")
    robot.opens(right)
    assert robot.button() == ""
    assert "it is stopped itself" in robot.notice()
    assert "set REM-2026-00001 aside, then let this one go on." in robot.notice()
    robot.runs("Show the other remittance")
    assert robot.page.row.id == wrong
    robot.does("Ctrl+Shift+S")
    robot.waits(robot.asked)
    robot.types("A right one came")
    robot.does("Return")
    assert look(robot.office, wrong).row.status is RemittanceStatus.CLOSED
    robot.opens(right)
    robot.runs("Let it go on…")
    robot.waits(robot.asked)
    robot.types("The first one is set aside")
    robot.does("Return")
    assert robot.button() == "Post 1 of 1 claim, 91.40"
    robot.does("Ctrl+Return")
    assert look(robot.office, right).row.status is RemittanceStatus.POSTED
    proves(robot.office)
