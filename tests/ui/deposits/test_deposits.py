"""Deposits by keys: proposed, ticked, counted, made, printed, taken back, refused when matched."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QApplication

from fscdesk.models.deposit import DepositKind, DepositStatus
from fscdesk.models.payment import Payment
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import Money
from fscdesk.services.banking.deposit_book import deposits_to_make
from fscdesk.services.banking.deposit_list import deposit_detail
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.undeposited import undeposited
from fscdesk.services.billing.documents import DocumentKind, kept
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.deposits.deposit_pages import PaymentsPage, SlipPage
from tests.support.bank_books import line, match, starts
from tests.support.payments import verify
from tests.support.people import add_batch
from tests.support.robots.deposits import DepositsRobot
from tests.ui.deposits.conftest import SECOND, Drawer


def test_what_waits_is_grouped_by_day_and_way(deposits: DepositsRobot) -> None:
    assert deposits.proposed() == [
        ("04/10/2026", "Alma Anyone", "Cash and checks", "To deposit", "2", "214.25"),
        ("04/10/2026", "Alma Anyone", "Cards", "To deposit", "1", "60.00"),
        ("04/10/2026", "Alma Anyone", "Transfer", "To deposit", "1", "170.00"),
        ("04/10/2026", "Alma Anyone", "Transfer", "To deposit", "1", "75.50"),
        ("04/11/2026", "Alma Anyone", "Cash and checks", "To deposit", "1", "80.00"),
    ]


def test_enter_makes_what_is_proposed_and_undo_takes_it_back(
    deposits: DepositsRobot, sqlite_books: Office
) -> None:
    deposits.goes_to_row(_row(deposits, "214.25"))
    deposits.presses("Return")
    told = deposits.hears("DEP-2026-00001: 214.25 to")
    deposits.sees_rows(4)
    (made,) = deposits.kept()
    assert (made.kind, made.items, made.amount) == (DepositKind.COUNTER, 2, Money(214_25))
    assert told.undo is not None
    deposits.window.undo.undo()
    deposits.hears("taken back; the payments can be deposited again")
    deposits.sees_rows(5)
    assert deposits.kept()[0].status is DepositStatus.UNDONE
    verify(sqlite_books)


def test_what_is_not_ticked_stays(deposits: DepositsRobot, drawer: Drawer) -> None:
    deposits.goes_to_row(_row(deposits, "214.25"))
    page = deposits.payments_page()
    deposits.presses("Down", "Space")
    assert [one.ticked for one in page.area.ticks.rows] == [True, False]
    assert deposits.first_button().words() == "Deposit 64.25"
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 64.25 to")
    held = deposits.asks(lambda work: deposit_detail(work, 1)).lines
    assert [one.payment_id for one in held] == [drawer.cash]
    deposits.sees_rows(5)
    assert "150.00" in [cells[-1] for cells in deposits.proposed()]


def test_with_nothing_ticked_it_says_why_nothing_is_made(deposits: DepositsRobot) -> None:
    deposits.goes_to_row(_row(deposits, "80.00"))
    deposits.payments_page()
    deposits.presses("Space")
    assert not deposits.first_button().isEnabled()
    deposits.presses("Esc")
    deposits.at_the_list()
    deposits.presses("Return")
    deposits.hears("Nothing is ticked.", Level.PROBLEM)
    assert deposits.kept() == []


def test_the_count_must_be_the_cash(deposits: DepositsRobot) -> None:
    deposits.goes_to_row(_row(deposits, "214.25"))
    page = deposits.counts(v2000=3, v100=4)
    assert page.form.told.text() == "Counted 64.00. Cash payments 64.25."
    assert page.form.off.text() == "0.25 too little."
    assert not deposits.first_button().isEnabled()
    deposits.counts(v25=1)
    assert page.form.off.text() == "The count is right."
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 214.25 to")
    detail = deposits.asks(lambda work: deposit_detail(work, 1))
    assert detail.cash == {2000: 3, 100: 4, 25: 1}


def test_letters_do_not_get_into_a_count_and_arrows_go_on(deposits: DepositsRobot) -> None:
    deposits.goes_to_row(_row(deposits, "214.25"))
    page = deposits.counts(v2000=3)
    deposits.types("x")
    assert page.form.edits[2000].text() == "3"
    deposits.presses("Return")
    assert page.form.edits[1000].hasFocus()
    deposits.presses("Up", "Up")
    assert page.form.edits[5000].hasFocus()


def test_day_number_and_fees_are_typed(deposits: DepositsRobot) -> None:
    deposits.goes_to_row(_row(deposits, "60.00"))
    deposits.says(on="04/11/2026", reference="BATCH 9", fees="1.74", note="By phone")
    assert deposits.first_button().words() == "Deposit 58.26"
    deposits.presses("Ctrl+Return")
    deposits.hears("58.26 to Operating account, 1 payment, 1.74 of fees kept back.")
    (made,) = deposits.kept()
    assert (made.on, made.reference, made.fees) == (date(2026, 4, 11), "BATCH 9", Money(1_74))


def test_several_days_become_one_slip_and_transfers_one_each(deposits: DepositsRobot) -> None:
    deposits.goes_to_nth(0)
    for amount in ("214.25", "80.00"):
        deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Space")
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 294.25 to")
    deposits.sees_rows(3)
    for amount in ("170.00", "75.50"):
        deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Space")
    deposits.presses("Ctrl+Return")
    deposits.hears("2 deposits of 245.50 to")
    deposits.sees_rows(1)
    assert sorted(one.items for one in deposits.kept()) == [1, 1, 3]


def test_a_made_one_shows_its_way_and_its_slip_is_kept(deposits: DepositsRobot) -> None:
    _make(deposits, "214.25")
    deposits.goes_to_view("way")
    deposits.goes_to_nth(0)
    assert deposits.steps() == {"Deposit slip": True, "Take back…": True}
    page = deposits.page("payments")
    assert [one.amount for one in page._tells.story._steps] == ["64.25", "150.00"]
    pages: list[tuple[bytes, str]] = []
    deposits.window.preview = lambda pdf, title, *_more: pages.append((pdf, title))  # type: ignore[method-assign]
    deposits.at_the_list()
    deposits.presses("Ctrl+P")
    deposits.waits(lambda: bool(pages))
    assert pages[0][0].startswith(b"%PDF")
    slips = deposits.asks(lambda work: kept(work, DocumentKind.DEPOSIT_SLIP, 1))
    assert [one.number for one in slips] == [pages[0][1].removeprefix("Deposit slip ")]


def test_it_is_taken_back_with_a_reason(deposits: DepositsRobot, sqlite_books: Office) -> None:
    _make(deposits, "214.25")
    deposits.goes_to_view("way")
    deposits.goes_to_nth(0)
    deposits.presses("Ctrl+Shift+U")
    deposits.writes(reason="The bag was not taken")
    deposits.does_it()
    deposits.hears("DEP-2026-00001 is taken back; its 2 payments can be deposited.")
    deposits.goes_to_view("all")
    detail = deposits.asks(lambda work: deposit_detail(work, 1))
    assert detail.undone_why == "The bag was not taken"
    verify(sqlite_books)


def test_what_the_bank_has_shown_is_not_taken_back(
    deposits: DepositsRobot, sqlite_books: Office
) -> None:
    _make(deposits, "80.00")
    deposits.elsewhere(_banked)
    deposits.presses("F5")
    deposits.goes_to_view("bank")
    assert deposits.cells("state") == [("At the bank",)]
    deposits.goes_to_nth(0)
    assert deposits.steps()["Take back…"] is False
    deposits.presses("Ctrl+Shift+U")
    deposits.hears("is matched with the bank's statement", Level.PROBLEM)
    deposits.elsewhere(_proved)
    deposits.presses("F5")
    deposits.waits(lambda: deposits.cells("state") == [("Locked",)])
    deposits.presses("Ctrl+Shift+U")
    deposits.hears("is locked by REC-2026-", Level.PROBLEM)
    assert QApplication.activeModalWidget() is None


def test_a_payment_of_a_deposit_is_opened(deposits: DepositsRobot, drawer: Drawer) -> None:
    _make(deposits, "80.00")
    deposits.goes_to_view("way")
    deposits.goes_to_nth(0)
    page = deposits.page("payments")
    page._tells.story.setFocus()
    deposits.waits(page._tells.story.hasFocus)
    deposits.presses("Return")
    deposits.waits(lambda: deposits.screen.tabs.current == "payments")
    deposits.settles()
    deposits.waits(
        lambda: getattr(deposits.listed.view.picking.current_row, "id", 0) == drawer.later
    )


def test_it_is_opened_on_a_deposit_and_found_by_its_payments(deposits: DepositsRobot) -> None:
    _make(deposits, "80.00")
    _make(deposits, "214.25")
    deposits.window.open("payments", deposit=1)
    deposits.waits(lambda: getattr(deposits.listed.view.picking.current_row, "id", 0) == 1)
    deposits.presses("Ctrl+F")
    deposits.types("1047")
    deposits.waits(lambda: deposits.cells("number") == [("DEP-2026-00002",)])


def test_the_foot_is_the_sum_of_the_rows_and_says_what_waits(
    deposits: DepositsRobot, drawer: Drawer
) -> None:
    deposits.elsewhere(partial(_told_by_the_report, drawer.card))
    deposits.presses("F5")
    deposits.waits(lambda: ("Payout not come",) in deposits.cells("state"))
    totals = deposits.listed.body.totals
    assert totals.shown()["amount"] == "599.75"
    assert totals.words() == "5 deposits, 60.00 of it waits for its payout"
    held = deposits.asks(undeposited)
    assert sum(one.amount.cents for one in held) == 599_75
    views = deposits.listed.views
    assert views is not None
    deposits.waits(lambda: views.tabs.count("to_make") == 5)
    assert deposits.asks(deposits_to_make) == 5


def test_the_next_row_is_current_once_a_deposit_is_made(deposits: DepositsRobot) -> None:
    rows = [str(one.amount) for one in deposits.rows()]
    for place, amount in enumerate(rows[:2]):
        if not place:
            deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Ctrl+Return")
        deposits.hears(f": {amount} to")
        deposits.sees_rows(len(rows) - place - 1)
        current = deposits.listed.view.picking.current_row
        assert current is not None
        assert str(current.amount) == rows[place + 1]
        deposits.sees_pane()
    assert sorted(str(one.amount) for one in deposits.kept()) == sorted(rows[:2])


def _ticks_both_days(deposits: DepositsRobot) -> None:
    """Tick the cash and checks of the two days, by keys, until the pane is of them together."""
    for amount in ("214.25", "80.00"):
        deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Space")
    deposits.waits(lambda: deposits.pane_name() == "2 deposits in one")
    deposits.sees_pane()


def test_the_pane_of_ticked_days_is_of_them_together(
    deposits: DepositsRobot, drawer: Drawer
) -> None:
    deposits.goes_to_nth(0)
    _ticks_both_days(deposits)
    assert deposits.first_button().words() == "Deposit 294.25"
    page = deposits.page("payments")
    assert isinstance(page, PaymentsPage)
    assert [one.amount for one in page.area.ticks.rows] == ["64.25", "150.00", "80.00"]
    slip = deposits.page("slip")
    assert isinstance(slip, SlipPage)
    assert slip.fields["on"].draft() == "04/11/2026", "the last of their days"
    deposits.counts(v2000=3, v100=4)
    deposits.presses("Ctrl+Return")
    deposits.hears(
        "64.00 was counted, the cash payments are 64.25: 0.25 too little.", Level.PROBLEM
    )
    assert deposits.kept() == []
    deposits.counts(v25=1)
    deposits.says(reference="SLIP 77")
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 294.25 to")
    (made,) = deposits.kept()
    assert (made.on, made.reference, made.items) == (SECOND, "SLIP 77", 3)
    assert deposits.asks(lambda work: deposit_detail(work, 1)).cash == {2000: 3, 100: 4, 25: 1}


def test_ticked_days_are_made_without_a_word_on_the_last_of_them(deposits: DepositsRobot) -> None:
    deposits.goes_to_nth(0)
    for amount in ("214.25", "80.00"):
        deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Space")
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 294.25 to")
    assert deposits.kept()[0].on == SECOND


def test_what_is_left_out_and_the_day_of_ticked_ones_hold(
    deposits: DepositsRobot, drawer: Drawer
) -> None:
    deposits.goes_to_row(_row(deposits, "214.25"))
    deposits.payments_page()
    deposits.presses("Down", "Space")
    deposits.presses("Esc")
    deposits.at_the_list()
    _ticks_both_days(deposits)
    assert deposits.first_button().words() == "Deposit 144.25", "the check stays, as was said"
    deposits.says(on="04/12/2026")
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 144.25 to")
    assert deposits.kept()[0].on == date(2026, 4, 12)
    held = deposits.asks(lambda work: deposit_detail(work, 1)).lines
    assert {one.payment_id for one in held} == {drawer.cash, drawer.later}


def test_the_pane_is_of_the_row_again_once_nothing_is_ticked(deposits: DepositsRobot) -> None:
    deposits.goes_to_nth(0)
    _ticks_both_days(deposits)
    deposits.presses("Esc")
    deposits.waits(lambda: deposits.pane_name() == "Cash and checks of 04/11/2026")
    assert deposits.first_button().words() == "Deposit 80.00"


def test_the_next_row_is_current_once_ticked_or_the_last_are_made(
    deposits: DepositsRobot,
) -> None:
    deposits.goes_to_nth(0)
    for amount in ("60.00", "170.00"):
        deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Space")
    deposits.presses("Ctrl+Return")
    deposits.hears("2 deposits of 230.00 to")
    deposits.sees_rows(3)
    assert deposits.current_amount() == "75.50"
    deposits.goes_to_row(_row(deposits, "80.00"))
    deposits.presses("Return")
    deposits.hears(": 80.00 to")
    deposits.sees_rows(2)
    assert deposits.current_amount() == "75.50", "the last row is gone; the one before is current"


def test_the_first_two_ticked_leave_the_third_current(deposits: DepositsRobot) -> None:
    deposits.goes_to_nth(0)
    for amount in ("214.25", "80.00"):
        deposits.goes_to_row(_row(deposits, amount))
        deposits.presses("Space")
    deposits.presses("Ctrl+Return")
    deposits.hears("DEP-2026-00001: 294.25 to")
    deposits.sees_rows(3)
    assert deposits.current_amount() == "75.50"


def test_ctrl_p_shows_the_slip_of_what_was_just_made(deposits: DepositsRobot) -> None:
    _make(deposits, "214.25")
    pages: list[str] = []
    deposits.window.preview = lambda _pdf, title, *_more: pages.append(title)  # type: ignore[method-assign]
    deposits.at_the_list()
    deposits.presses("Ctrl+P")
    deposits.waits(lambda: bool(pages))
    slips = deposits.asks(lambda work: kept(work, DocumentKind.DEPOSIT_SLIP, 1))
    assert [f"Deposit slip {one.number}" for one in slips] == pages
    deposits.goes_to_row(_row(deposits, "170.00"))
    deposits.at_the_list()
    deposits.presses("Ctrl+P")
    deposits.hears("is not made yet. Enter makes it.", Level.NOTE)


def _told_by_the_report(card: int, work: Work) -> None:
    """Let the card report know the card payment, whose payout has not come."""
    payment = work.db.get_one(Payment, card)
    work.db.add(
        CardTransaction(
            transaction_id="txn_1",
            source_id="ch_1",
            kind="charge",
            payment_id=card,
            amount=payment.amount,
            fee=Money(),
            net=payment.amount,
            created_on=payment.received_on,
            batch_id=add_batch(work),
        )
    )
    work.db.flush()
    work.touch(Topic.PAYMENTS)


def _make(deposits: DepositsRobot, amount: str) -> None:
    before = deposits.listed.model.total
    deposits.goes_to_row(_row(deposits, amount))
    deposits.presses("Return")
    deposits.hears(f": {amount} to")
    deposits.sees_rows(before - 1)


def _row(deposits: DepositsRobot, amount: str) -> int:
    return next(int(one.id) for one in deposits.rows() if str(one.amount) == amount)


def _banked(work: Work) -> None:
    starts(work, "4/1", 0)
    detail = deposit_detail(work, 1)
    match(work, [line(work, "4/12", 80_00)], [detail.entry_id])


def _proved(work: Work) -> None:
    complete(work, start(work, 1, date(2026, 4, 12), Money(80_00)))
