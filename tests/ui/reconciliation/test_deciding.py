"""What is done about the bank's lines by hand: both sides ticked, entered, held, taken apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import bank_accounts
from fscdesk.services.banking.bank_sheet import SheetMark
from fscdesk.services.banking.reconciling import start
from fscdesk.services.banking.rules import rules
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.reconciliation.screen import TABS
from tests.support.bank_books import entry, line, other_account
from tests.support.payments import verify
from tests.support.people import add_payer
from tests.support.robots.office import DiaryScreen
from tests.support.robots.reconciliation import ReconciliationRobot

Prepare = Callable[[Work], object]


def opens(robot: ReconciliationRobot, *prepare: Prepare) -> None:
    """Prepare the books, and go to the place."""
    for one in prepare:
        robot.office.write(one)
    robot.does("Ctrl+8")
    robot.waits(lambda: robot.screen.bank.sheet is not None)
    robot.rests()
    robot.screen.bank.enter()
    robot.rests()


def test_both_sides_are_ticked_and_matched_when_their_sums_agree(
    robot: ReconciliationRobot,
) -> None:
    opens(
        robot,
        lambda work: line(work, "3/10", 100_00, "TRANSFER FROM SOMEWHERE"),
        lambda work: entry(work, "3/25", 60_00, "First part"),
        lambda work: entry(work, "3/26", 40_00, "Second part"),
    )
    robot.goes_to("100.00")
    robot.does("Space")
    robot.goes_to("60.00")
    robot.does("Space", "Ctrl+L")
    robot.hears("The two sides differ by 40.00.", Level.PROBLEM)
    sums = robot.screen.bank.list.body.bar.sums.text()
    assert sums == "bank 100.00, ours 60.00, difference 40.00"
    robot.goes_to("40.00")
    robot.does("Space", "Ctrl+L")
    said = robot.hears("100.00 matched by hand.")
    assert said.undo is not None
    assert robot.marks() == {"matched": 1}
    robot.does("Ctrl+Z")
    robot.hears("The match is taken apart; the line is open again.")
    assert robot.marks() == {"unmatched": 1, "in_transit": 2}
    verify(robot.office)


def test_a_line_is_entered_as_what_it_is_and_proposed_next_month(
    robot: ReconciliationRobot,
) -> None:
    opens(robot, lambda work: line(work, "3/5", -120_00, "FICTIONAL HOUSES LLC"))
    robot.goes_to("-120.00")
    robot.does("Ctrl+Shift+Y")
    dialog = robot.dialog()
    robot.fills(dialog.field("memo"), "The rooms")
    robot.does("Ctrl+Return")
    assert dialog.isVisible(), "an account is needed"
    assert dialog.field("account").sentence.text() == "Account is missing."
    robot.types("7000")
    robot.does("Ctrl+Return")
    robot.hears("−120.00 posted on 7000 and matched.")
    (rule,) = robot.office.read(rules)
    assert (rule.words, rule.account, rule.confirmed) == ("FICTIONAL HOUSES LLC", "7000", 1)
    robot.office.write(lambda work: line(work, "4/5", -125_00, "FICTIONAL HOUSES LLC"))
    robot.does("F5")
    assert robot.goes_to("-125.00").mark is SheetMark.PROPOSED
    robot.does("Return")
    robot.hears("−125.00 matched: 7000 Rent.")
    verify(robot.office)


@pytest.mark.parametrize(
    ("words", "cents", "begins"),
    [
        ("ACME RENT MARCH", -900_00, None),
        ("GUSTO PAYROLL 88", -2100_00, None),
        ("MONTHLY SERVICE FEE", -15_00, "7500"),
        ("INTEREST PAYMENT", 1_20, "4340"),
        ("TRANSFER FROM SOMEWHERE", 50_00, None),
    ],
)
def test_the_account_begins_as_the_words_say_or_empty(
    robot: ReconciliationRobot, words: str, cents: int, begins: str | None
) -> None:
    opens(robot, lambda work: line(work, "3/5", cents, words))
    robot.does("Home", "Ctrl+Shift+Y")
    dialog = robot.dialog()
    assert dialog.value("account") == begins
    robot.does("Escape")


def test_the_account_begins_as_a_rule_proposes(robot: ReconciliationRobot) -> None:
    opens(robot, lambda work: line(work, "3/5", -120_00, "FICTIONAL HOUSES LLC"))
    robot.goes_to("-120.00")
    robot.does("Ctrl+Shift+Y")
    robot.dialog()
    robot.types("7000")
    robot.does("Ctrl+Return")
    robot.hears("−120.00 posted on 7000 and matched.")
    robot.office.write(lambda work: line(work, "4/5", -125_00, "FICTIONAL HOUSES LLC"))
    robot.does("F5")
    robot.goes_to("-125.00")
    robot.does("Ctrl+Shift+Y")
    assert robot.dialog().value("account") == "7000"
    robot.does("Escape")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("DEPOSIT", "Match by hand"),
        ("REMOTE DEPOSIT 0312", "Match by hand"),
        ("TRANSFER FROM SOMEWHERE", "Match by hand"),
        ("FICTA HCCLAIMPMT TRN*1*EFT777*1999010000", "Enter the EOB"),
        ("ACH CREDIT FICTA HEALTH", "Enter the EOB"),
        ("FICTA HEALTH EFT 88123", "Enter the EOB"),
        ("FICTA CLAIM PAYMENT", "Enter the EOB"),
    ],
)
def test_only_a_payers_line_asks_for_the_eob_first(
    robot: ReconciliationRobot, words: str, first: str
) -> None:
    opens(robot, lambda work: line(work, "3/9", 88_00, words))
    robot.goes_to("88.00")
    assert robot.buttons()[0] == first
    assert robot.offers("Enter the EOB"), "it stays within reach"


def test_held_money_is_told_by_hand_as_an_eob_with_what_the_bank_says(
    robot: ReconciliationRobot,
) -> None:
    words = r"FICTA HCCLAIMPMT TRN*1*EFT777*1999010000\ ".strip()
    opens(robot, lambda work: line(work, "3/9", 88_00, words))
    robot.goes_to("88.00")
    robot.does("q")
    robot.hears("88.00 is held as money to identify")
    assert robot.goes_to("88.00").mark is SheetMark.HELD
    assert robot.buttons()[:2] == ["Enter the EOB", "Take apart…"]
    robot.does("Return", "Space")
    diary = robot.window.screen_in_front()
    assert isinstance(diary, DiaryScreen)
    told = {"amount": "88.00", "reference": "EFT777", "received_on": "03/09/2026"}
    assert diary.asked[-1] == {"bank": told}


def test_the_payer_whose_id_stands_beside_the_trace_is_named_to_the_entry(
    robot: ReconciliationRobot,
) -> None:
    def payer(work: Work) -> int:
        ident = add_payer(work, "Ficta")
        work.db.get_one(Payer, ident).payer_code = "999000001"
        return ident

    ident = robot.office.write(payer).value
    words = "FICTA HCCLAIMPMT TRN*1*EFT777*1999000001"
    opens(robot, lambda work: line(work, "3/9", 88_00, words))
    robot.goes_to("88.00")
    robot.does("Return", "Space")
    diary = robot.window.screen_in_front()
    assert isinstance(diary, DiaryScreen)
    assert diary.asked[-1]["payer_id"] == ident
    assert diary.asked[-1]["bank"]["reference"] == "EFT777"


def test_q_holds_nothing_that_left_or_is_finished(robot: ReconciliationRobot) -> None:
    opens(
        robot,
        lambda work: line(work, "3/9", -88_00, "SOMETHING ELSE"),
        lambda work: entry(work, "3/25", 60_00, "Ours alone"),
    )
    for amount in ("-88.00", "60.00"):
        robot.goes_to(amount)
        robot.does("q")
        robot.does("Escape")
    assert robot.marks() == {"unmatched": 1, "in_transit": 1}


def test_a_match_is_taken_apart_with_its_reason(robot: ReconciliationRobot) -> None:
    opens(robot, lambda work: line(work, "3/31", -15_00, "MONTHLY SERVICE FEE"))
    robot.goes_to("-15.00")
    robot.does("Return")
    robot.hears("−15.00 matched: 7500 Bank fees.")
    robot.goes_to("-15.00")
    pane = robot.screen.bank.list.pane
    assert pane is not None
    assert [one.property("kind") for one in pane.foot.buttons()] == [""], "nobody waits for that"
    robot.does("Return", "Space")
    dialog = robot.dialog()
    robot.does("Return")
    assert dialog.isVisible(), "a reason is needed"
    robot.types("The other account")
    robot.does("Return")
    robot.hears("1 match taken apart.")
    assert robot.row().mark is SheetMark.PROPOSED
    verify(robot.office)


def test_what_is_on_its_way_is_confirmed_once_a_period_is_begun(
    robot: ReconciliationRobot, account: int
) -> None:
    opens(robot, lambda work: entry(work, "3/31", 95_00, "Slip 2"))
    robot.goes_to("95.00")
    robot.does("Return")
    robot.hears("No period is begun.", Level.NOTE)
    robot.does("Ctrl+Shift+B")
    dialog = robot.dialog()
    robot.fills(dialog.field("last_day"), "03/31/2026")
    robot.fills(dialog.field("statement"), "5,000.00")
    robot.does("Return")
    robot.hears("The statement ends with 5,000.00.")
    assert robot.finish_words() == ("Finish March", True)
    robot.goes_to("95.00")
    robot.does("Return")
    robot.hears("95.00 is on its way: confirmed.")
    assert robot.row().seen
    robot.does("Ctrl+Return")
    robot.hears("is reconciled to 03/31/2026 with 5,000.00 and locked")
    assert robot.marks() == {"in_transit": 1}
    assert robot.screen.bank.account == account


def test_a_period_that_is_locked_offers_its_report_and_the_way_back(
    robot: ReconciliationRobot,
) -> None:
    opens(robot, lambda work: line(work, "3/31", -15_00, "MONTHLY SERVICE FEE"))
    robot.goes_to("-15.00")
    robot.does("Return", "Ctrl+Shift+B")
    dialog = robot.dialog()
    robot.fills(dialog.field("last_day"), "03/31/2026")
    robot.fills(dialog.field("statement"), "4,985.00")
    robot.does("Return", "Ctrl+Return")
    robot.hears("and locked: REC-2026-")
    robot.goes_to("-15.00")
    assert robot.row().mark is SheetMark.LOCKED
    assert robot.buttons() == ["Open the report", "Take the reconciliation back…"]
    robot.screen.bank.acts.take_apart([robot.row()])
    dialog = robot.dialog()
    robot.types("Again")
    robot.does("Return")
    assert "is reconciled (REC-2026-" in dialog.refusal.text()
    robot.does("Escape")


def test_an_amount_and_a_reference_are_found_by_typing(robot: ReconciliationRobot) -> None:
    opens(
        robot,
        lambda work: line(work, "3/9", 88_00, r"FICTA HCCLAIMPMT TRN*1*EFT777*1999\ ".strip()),
        lambda work: line(work, "3/10", 99_00, "SOMETHING ELSE"),
    )
    robot.does("Ctrl+F")
    robot.types("99.00")
    robot.waits(lambda: [row.amount for row in robot.rows()] == [Money(99_00)])
    robot.does("Ctrl+A")
    robot.types("eft777")
    robot.waits(lambda: [row.amount for row in robot.rows()] == [Money(88_00)])


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_another_account_and_period_are_chosen_by_key(
    robot: ReconciliationRobot, sqlite_books: Office
) -> None:

    other = sqlite_books.write(other_account).value
    opens(robot, lambda work: line(work, "3/9", 88_00, "SOMETHING"))
    assert robot.marks() == {"unmatched": 1}
    robot.does("Alt+A", "Down", "Down", "Return")
    robot.waits(lambda: robot.screen.bank.account == other)
    robot.rests()
    assert robot.rows() == []
    robot.does("Alt+P", "Escape")


def test_the_other_tabs_show_their_proofs(robot: ReconciliationRobot) -> None:
    opens(robot, lambda work: line(work, "3/9", 88_00, "SOMETHING"))
    for _ in range(len(TABS) - 1):
        robot.does("Ctrl+PgDown")
        robot.waits(robot.window.desk.quiet)
        part = robot.screen.tabs.part
        assert part.isVisible()
    assert robot.screen.tabs.current == "paid"
    tie = robot.screen.tabs.made["tie"]
    assert getattr(tie, "strip").ties is True  # noqa: B009


def test_ctrl_i_plans_a_chosen_file_and_esc_leaves_it(
    robot: ReconciliationRobot, tmp_path: Path
) -> None:
    opens(robot, lambda work: line(work, "3/9", 88_00, "SOMETHING"))
    robot.chosen = tmp_path / "Chase.csv"
    robot.chosen.write_text(
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        'CREDIT,03/09/2026,"SOMETHING",88.00,ACH,5088.00,,\n',
        encoding="utf-8",
    )
    robot.does("Ctrl+I")
    robot.waits(lambda: robot.screen.planning)
    robot.rests()
    robot.does("Return")
    robot.hears("Every line of this file is known already.", Level.NOTE)
    robot.does("Escape")
    assert not robot.screen.planning
    assert robot.marks() == {"unmatched": 1}


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_period_that_is_begun_is_given_up_and_begun_again(robot: ReconciliationRobot) -> None:
    opens(
        robot,
        lambda work: start(work, bank_accounts(work)[0].id, date(2026, 3, 31), Money(4975_00)),
        lambda work: entry(work, "3/30", -25_00, "Check 1042"),
    )
    robot.goes_to("-25.00")
    robot.does("Return")
    assert robot.row().seen
    robot.does("Alt+P", "Up", "Return")
    said = robot.hears("March 2026 is given up (REC-2026-00001); what is matched stays matched.")
    assert said.undo is not None
    assert robot.finish_words()[0] == "Begin the period"
    robot.does("Ctrl+Z")
    robot.hears("March 2026 is begun again.")
    assert robot.finish_words()[0] == "Finish March"
    assert [row.seen for row in robot.rows()] == [True]
    verify(robot.office)
