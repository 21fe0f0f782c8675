"""Money that is not applied: applied to charges, transferred, kept as another kind, given back."""

from __future__ import annotations

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.apply_dialog import ApplyDialog
from fscdesk.ui.screens.payments.finding_who import WhoDialog
from fscdesk.ui.screens.payments.screen import PAYMENTS, UNAPPLIED
from tests.support.payments import verify
from tests.support.robots.payments import PaymentsRobot
from tests.ui.payments_place.conftest import Drawer


def credits_of(books: Office) -> list[tuple[int | None, str, int]]:
    """Whose, why and how many cents, of every credit that holds something."""

    def look(work: Work) -> list[tuple[int | None, str, int]]:
        found = work.db.query(Credit).order_by(Credit.id)
        return [
            (one.patient_id, one.kind.value, one.balance.cents)
            for one in found
            if one.balance.cents
        ]

    return books.read(look)


def owed(books: Office, charge_id: int) -> tuple[int, int]:
    """What the client and the payer owe of a charge, in cents."""

    def look(work: Work) -> tuple[int, int]:
        one = work.db.get_one(Charge, charge_id)
        return one.patient_balance.cents, one.insurance_balance.cents

    return books.read(look)


def test_it_says_whose_money_waits(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.goes_to_tab(UNAPPLIED)
    assert payments.cells("owner", "kind", "balance", "promised", "free") == [
        ("Alma Anyone", "Overpayment", "120.00", "–", "120.00"),
        ("Example East", "Overpayment", "40.00", "–", "40.00"),
    ]
    payments.goes_to_row(drawer.eft.credit_id)
    assert payments.steps() == {"Apply 40.00…": True, "Transfer…": False, "Refund…": True}


def test_it_pays_the_oldest_charges_first_and_that_is_taken_back(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    second = drawer.till.copays[1]
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.check.credit_id)
    payments.presses("Ctrl+Return")
    dialog = payments.asked()
    assert isinstance(dialog, ApplyDialog)
    payments.waits(lambda: dialog.do_it.words() == "Apply 30.00")
    assert dialog.foretold.text() == "Pays 1 charge; 90.00 stays a credit."
    payments.does_it()
    payments.hears("30.00 of Alma Anyone is applied to 1 charge; 90.00 is left.")
    assert owed(sqlite_books, second) == (0, 130_00)
    payments.presses("Ctrl+Z")
    payments.hears("30.00 of Alma Anyone is a credit again")
    assert owed(sqlite_books, second) == (30_00, 130_00)
    verify(sqlite_books)


def test_a_part_pays_what_is_ticked(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.eft.credit_id)
    payments.presses("Ctrl+Return")
    dialog = payments.asked()
    assert isinstance(dialog, ApplyDialog)
    payments.waits(lambda: dialog.list.model.total == 1)
    dialog.list.view.setFocus()
    payments.presses("Space")
    payments.waits(lambda: dialog.amount.edit.text() == "40.00")
    dialog.amount.setFocus()
    payments.presses("Ctrl+A")
    payments.types("=50-10.5")
    assert dialog.do_it.words() == "Apply 39.50"
    payments.does_it()
    payments.hears("39.50 of Example East is applied to 1 charge; 0.50 is left.")
    assert owed(sqlite_books, drawer.till.copays[1]) == (30_00, 90_50)
    verify(sqlite_books)


def test_more_than_is_left_is_not_applied(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.eft.credit_id)
    payments.presses("Ctrl+Return")
    dialog = payments.asked()
    assert isinstance(dialog, ApplyDialog)
    payments.waits(lambda: dialog.list.model.total == 1)
    dialog.amount.setFocus()
    payments.presses("Ctrl+A")
    payments.types("41")
    payments.presses("Ctrl+Return")
    assert dialog.amount.sentence.text() == "40.00 is left of this money."
    payments.leaves()


def test_a_transfer_goes_to_who_was_found_and_back(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.check.credit_id)
    payments.presses("Ctrl+Shift+T")
    dialog = payments.asked()
    assert isinstance(dialog, WhoDialog)
    payments.types("ben")
    payments.waits(lambda: dialog.do_it.isEnabled() and dialog.who().name == "Ben Somebody")
    payments.presses("Return")
    payments.waits(lambda: not dialog.field.edit.hasFocus())
    payments.presses("Ctrl+A")
    payments.types("50")
    payments.presses("Tab")
    payments.types("Meant for Ben")
    payments.does_it()
    payments.hears("50.00 is money of Ben Somebody now; 70.00 is left of Alma Anyone.")
    held = credits_of(sqlite_books)
    assert (drawer.till.ben, "overpayment", 50_00) in held
    assert (drawer.till.alma, "overpayment", 70_00) in held
    payments.presses("Ctrl+Z")
    payments.hears("50.00 is money of Alma Anyone again.")
    verify(sqlite_books)


def test_it_is_kept_as_another_kind(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.check.credit_id)
    payments.screen.credits.change_kind(drawer.check.credit_id)
    kind = payments.field("kind")
    payments.chooses_by_letter(kind, "r")
    payments.writes(reason="Agreed")
    payments.does_it()
    payments.hears("120.00 of Alma Anyone is kept as retainer.")
    assert (drawer.till.alma, CreditKind.RETAINER.value, 120_00) in credits_of(sqlite_books)
    payments.presses("Ctrl+Z")
    payments.hears("It is kept as overpayment again.")


def test_a_refund_by_another_method_needs_a_reason_for_it(
    payments: PaymentsRobot, drawer: Drawer
) -> None:
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.check.credit_id)
    payments.presses("Ctrl+Shift+U")
    assert payments.field("method_reason").isHidden()
    payments.chooses_by_letter(payments.field("method"), "w")
    assert not payments.field("method_reason").isHidden()
    payments.writes(amount="121", reason="Paid twice")
    payments.presses("Ctrl+Return")
    assert payments.field("amount").sentence.text() == "120.00 is free of this money."
    payments.writes(amount="20")
    payments.presses("Ctrl+Return")
    assert payments.field("method_reason").sentence.text() == ("Why by another method is missing.")
    payments.writes(method_reason="The account is closed")
    payments.does_it()
    payments.hears("Refund REF-2026-00001 of 20.00 can be paid. It is due by 05/12/2026.")
    payments.goes_to_row(drawer.check.credit_id)
    assert payments.cells("promised", "free")[0] == ("20.00", "100.00")


def test_what_is_promised_to_the_last_cent_leads_to_its_payment(
    payments: PaymentsRobot, drawer: Drawer
) -> None:
    payments.goes_to_tab(UNAPPLIED)
    payments.goes_to_row(drawer.eft.credit_id)
    payments.presses("Ctrl+Shift+U")
    payments.writes(reason="Paid twice")
    payments.does_it()
    payments.goes_to_row(drawer.eft.credit_id)
    assert payments.steps() == {"Open PAY-2026-00003": True}
    payments.presses("Ctrl+Return")
    payments.sees_rows(1)
    payments.waits(lambda: payments.listed.view.picking.current_id == drawer.eft.payment_id)
    assert payments.screen.tabs.current == PAYMENTS
