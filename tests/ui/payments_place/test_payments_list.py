"""The list of payments and its pane: what it finds, what it says of one, what is done there."""

from __future__ import annotations

from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import applications_of
from fscdesk.services.payments.correcting import correct_amount
from fscdesk.services.payments.queries import payment_detail
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.payments.finding_who import WhoDialog
from fscdesk.ui.screens.payments.screen import REFUNDS, UNAPPLIED
from tests.support.payments import cents, verify
from tests.support.robots.office import DiaryScreen
from tests.support.robots.payments import PaymentsRobot
from tests.ui.payments_place.conftest import Drawer


def test_the_list_says_who_paid_how_and_what_is_left(payments: PaymentsRobot) -> None:
    assert sorted(payments.cells("from", "method", "status", "amount", "unapplied")) == [
        ("Alma Anyone", "Check 1047", "Money left", "150.00", "120.00"),
        ("Ben Somebody", "Card", "Applied", "60.00", "–"),
        ("Example East", "EFT EFT77", "Money left", "170.00", "40.00"),
    ]
    totals = payments.listed.body.totals
    assert totals.shown() == {"amount": "380.00", "unapplied": "160.00"}
    assert totals.words() == "3 payments"


def test_views_and_words_find(payments: PaymentsRobot) -> None:
    payments.goes_to_view("unapplied")
    payments.sees_rows(2)
    payments.goes_to_view("returned")
    payments.sees_rows(0)
    payments.goes_to_view("all")
    payments.types("somebody")
    payments.sees_rows(1)
    payments.presses("Esc")
    payments.sees_rows(3)
    payments.types("170.00")
    payments.sees_rows(1)


def test_the_pane_tells_all_of_a_payment(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    assert payments.steps() == {"Apply 120.00…": True, "Receipt": True}
    assert payments.lines() == [
        ("90837 of 03/02/2026", "Alma Anyone", "30.00"),
        ("Left: overpayment", "Alma Anyone", "120.00"),
    ]
    facts = payments.page("facts").facts.words()
    assert "The five days. Service: 03/02/2026; On the check: " in facts
    assert "Received: 04/10/2026; Posted: 04/10/2026; Deposited: not yet; At the bank: not yet" in (
        facts
    )
    assert payments.told() == "Nothing was changed since."
    assert payments.lines("receipts") == [("No receipt was made yet", "", "")]
    payments.goes_to_row(drawer.eft.payment_id)
    assert payments.lines()[0] == ("90837 of 03/02/2026", "Alma Anyone, payer's share", "130.00")


def test_an_application_is_taken_back_from_its_line(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    page = payments.page("paid")
    payments.presses("Return", "Tab")
    payments.waits(page.story.hasFocus)
    payments.presses("Return")
    payments.writes(reason="Wrong session")
    payments.does_it()
    said = payments.hears("30.00 of PAY-2026-00001 is a credit again.")
    assert said.text.endswith("Open again: 90837 of 03/02/2026, 30.00.")
    assert sqlite_books.read(lambda work: applications_of(work, drawer.check.payment_id)) == []
    payments.listed.view.setFocus()
    payments.goes_to_row(drawer.check.payment_id)
    told = payments.told()
    assert "30.00 applied to 90837 of 03/02/2026 → Not applied" in told
    assert "Wrong session" in told
    verify(sqlite_books)


def test_facts_are_corrected_and_put_back(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+Shift+C")
    payments.writes(reference="1048", check_on="4-9", reason="Misread")
    payments.does_it()
    payments.hears("PAY-2026-00001 is corrected: reference, day on the check.")
    row = sqlite_books.read(lambda work: payment_detail(work, drawer.check.payment_id)).row
    assert (row.reference, row.check_on) == ("1048", date(2026, 4, 9))
    payments.goes_to_row(drawer.check.payment_id)
    assert "1047 → 1048" in payments.told()
    payments.presses("Ctrl+Z")
    payments.hears("PAY-2026-00001 is as it was before.")
    row = sqlite_books.read(lambda work: payment_detail(work, drawer.check.payment_id)).row
    assert (row.reference, row.check_on) == ("1047", None)
    verify(sqlite_books)


def test_a_day_that_cannot_be_is_refused_in_the_dialog(
    payments: PaymentsRobot, drawer: Drawer
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+Shift+C")
    payments.writes(check_on="4-1-1987", reason="Misread")
    payments.presses("Ctrl+Return")
    dialog = payments.sees_refusal("The day on the check, 04/01/1987, lies before")
    assert isinstance(dialog, FieldsDialog)
    assert dialog.value("reason") == "Misread", "what was typed is kept"
    payments.leaves()


def test_a_payment_changed_meanwhile_is_not_changed_again(
    payments: PaymentsRobot, drawer: Drawer
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+Shift+C")
    payments.asked()

    def change(work: object) -> None:
        number = drawer.check.payment_id
        version = payment_detail(work, number).row.version  # type: ignore[arg-type]
        correct_amount(
            work,  # type: ignore[arg-type]
            number,
            Money(151_00),
            reason="Misread",
            expected_version=version,
        )

    payments.elsewhere(change)
    payments.writes(reference="1048", reason="Misread")
    payments.presses("Ctrl+Return")
    payments.sees_refusal("saved")
    payments.leaves()


def test_the_amount_is_corrected_as_far_as_it_is_not_used(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.screen.correcting.amount(drawer.check.payment_id)
    payments.writes(amount="20", reason="Misread")
    payments.presses("Ctrl+Return")
    payments.sees_refusal("10.00 more of payment PAY-2026-00001 is used than 20.00 leaves.")
    payments.writes(amount="105")
    payments.does_it()
    payments.hears("PAY-2026-00001 is 105.00 now, was 150.00: 30.00 used, 75.00 left.")
    payments.presses("Ctrl+Z")
    payments.hears("PAY-2026-00001 is 150.00 again.")
    verify(sqlite_books)


def test_who_paid_is_found_by_letters_and_corrected(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.screen.correcting.payer(drawer.check.payment_id)
    dialog = payments.asked()
    assert isinstance(dialog, WhoDialog)
    payments.types("example")
    payments.waits(lambda: dialog.list.model.total == 1 and dialog.do_it.isEnabled())
    assert dialog.who().payer_id == drawer.till.payer, "payers are found too"
    payments.presses("Ctrl+A")
    payments.types("ben")
    payments.waits(lambda: dialog.do_it.isEnabled() and dialog.who().name == "Ben Somebody")
    payments.presses("Return")
    payments.waits(dialog.reason.edit.hasFocus)
    payments.types("It was Ben's check")
    payments.does_it()
    said = payments.hears("PAY-2026-00001 is from Ben Somebody now.")
    assert "30.00 is applied as before." in said.text
    row = sqlite_books.read(lambda work: payment_detail(work, drawer.check.payment_id)).row
    assert row.guarantor_id == drawer.till.ben_pays
    verify(sqlite_books)


def test_a_void_says_what_is_open_again(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.card.payment_id)
    payments.screen.acts.void(drawer.card.payment_id)
    payments.writes(reason="Entered twice")
    payments.does_it()
    said = payments.hears("PAY-2026-00002 is voided.")
    assert said.text.endswith("Open again: 90837 of 03/03/2026, 60.00.")
    payments.goes_to_view("voided")
    payments.sees_rows(1)
    verify(sqlite_books)


def test_what_cannot_be_done_says_why(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.goes_to_row(drawer.card.payment_id)
    payments.presses("Ctrl+Shift+R")
    assert payments.heard[-1].text == "Cash and card payments are not returned by a bank."
    payments.presses("Ctrl+Shift+U")
    assert payments.heard[-1].text == "Nothing is left of it to give back."


def test_a_card_is_charged_back_and_that_is_taken_back(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.card.payment_id)
    act = next(one for one in payments.listed.spec.row_acts if one.key == "chargeback")
    payments.listed.do(act)
    payments.writes(reason="Disputed")
    payments.does_it()
    payments.hears("PAY-2026-00002, 60.00, was charged back on 04/12/2026.")
    payments.goes_to_row(drawer.card.payment_id)
    assert payments.steps() == {"Take the return back…": True}
    payments.presses("Ctrl+Return")
    payments.writes(reason="The bank gave it back")
    payments.does_it()
    payments.hears("The return of PAY-2026-00002 is taken back: 60.00 is a credit again.")
    verify(sqlite_books)


def does(payments: PaymentsRobot, key: str) -> None:
    """Choose what can be done with the current row, from its menu."""
    payments.listed.do(next(one for one in payments.listed.spec.row_acts if one.key == key))


def test_a_part_is_charged_back_and_the_dispute_is_won(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.card.payment_id)
    does(payments, "dispute-won")
    payments.hears("Nothing of PAY-2026-00002 is charged back.", Level.NOTE)
    does(payments, "chargeback-part")
    payments.writes(amount="25", reason="One session is disputed")
    payments.does_it()
    payments.hears("25.00 of PAY-2026-00002 was charged back on 04/12/2026.")
    assert sqlite_books.read(lambda work: cents(work, "1000")) == -25_00
    verify(sqlite_books)
    payments.goes_to_row(drawer.card.payment_id)
    does(payments, "dispute-won")
    payments.writes(amount="10", reason="Evidence accepted")
    payments.does_it()
    payments.hears("10.00 of PAY-2026-00002 came again on 04/12/2026.")
    assert sqlite_books.read(lambda work: cents(work, "1000")) == -15_00
    payments.presses("Ctrl+Z")
    payments.hears("The last act on the dispute of PAY-2026-00002 is taken back.")
    assert sqlite_books.read(lambda work: cents(work, "1000")) == -25_00
    payments.goes_to_row(drawer.card.payment_id)
    does(payments, "dispute-back")
    payments.writes(reason="It was another payment")
    payments.does_it()
    payments.waits(lambda: sqlite_books.read(lambda work: cents(work, "1000")) == 0)
    verify(sqlite_books)


def test_what_is_left_after_a_refund_is_charged_back(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    card = drawer.card.payment_id

    def refund(work: Work) -> None:
        (entry,) = applications_of(work, card)
        take_back(work, entry, reason="Paid twice")
        asked = request_refund(work, NewRefund(drawer.card.credit_id, Money(20_00), "Paid twice"))
        seen, on = asked.version, date(2026, 4, 12)
        pay_refund(work, asked.refund_id, on=on, reference="", expected_version=seen)

    sqlite_books.write(refund)
    payments.goes_to_row(card)
    does(payments, "chargeback-part")
    payments.writes(amount="40", reason="All that is left is disputed")
    payments.does_it()
    payments.hears("40.00 of PAY-2026-00002 was charged back on 04/12/2026.")
    payments.goes_to_row(card)
    does(payments, "chargeback-part")
    payments.hears("Nothing of PAY-2026-00002 is left to be charged back.", Level.NOTE)
    verify(sqlite_books)


def test_lines_lead_to_what_they_name(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+Shift+U")
    payments.writes(amount="50", reason="Paid twice")
    payments.does_it()
    payments.goes_to_row(drawer.check.payment_id)
    lines = payments.lines()
    assert ("Left: overpayment", "Alma Anyone, 50.00 waits to go back", "120.00") in lines
    page = payments.page("paid")
    page.story.setFocus()
    payments.presses("Down", "Return")
    payments.waits(lambda: payments.screen.tabs.current == UNAPPLIED)
    payments.sees_rows(1)
    payments.goes_to_tab(REFUNDS)
    payments.sees_rows(1)
    assert payments.cells("to", "status", "amount") == [("Alma Anyone", "To be paid", "50.00")]


def test_ctrl_n_enters_a_payment_and_back_is_the_same_row(
    payments: PaymentsRobot, drawer: Drawer
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+N")
    assert isinstance(payments.window.screen_in_front(), DiaryScreen)
    payments.presses("Alt+Left")
    payments.at_the_list()
    payments.waits(lambda: payments.listed.view.picking.current_id == drawer.check.payment_id)


def test_another_screen_opens_one_payment_or_one_account(
    payments: PaymentsRobot, drawer: Drawer
) -> None:
    payments.window.open("payments", payment=drawer.eft.payment_id)
    payments.sees_rows(1)
    payments.waits(lambda: payments.listed.view.picking.current_id == drawer.eft.payment_id)
    payments.window.open("payments", guarantor=drawer.till.ben_pays)
    payments.sees_rows(1)
    assert payments.rows()[0].id == drawer.card.payment_id
    payments.waits(lambda: "Ben Somebody" in " ".join(payments.listed.line.words()))
