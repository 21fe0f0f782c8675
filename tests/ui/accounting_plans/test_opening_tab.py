"""The Opening tab: typed account by account, proven as it is typed, posted, taken back."""

from __future__ import annotations

from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.opening import standing_opening
from fscdesk.services.banking.accounts import bank_accounts
from fscdesk.services.ledger.balances import balance
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.accounting_plans.opening_form import OpeningForm
from fscdesk.ui.screens.accounting_plans.opening_part import OpeningPart
from tests.support.focus import comes_to
from tests.support.robots.plans import PlansRobot


def opened(robot: PlansRobot) -> tuple[OpeningPart, OpeningForm]:
    part = robot.opens("opening", OpeningPart)
    assert part.form is not None
    comes_to(part.form.day.edit)
    return part, part.form


def types(robot: PlansRobot, form: OpeningForm, **amounts: str) -> None:
    for name, amount in amounts.items():
        field = form.field(name.removeprefix("a"))
        robot.fills(field.editor, amount)


def test_the_proof_follows_what_is_typed(empty: PlansRobot) -> None:
    part, form = opened(empty)
    assert not part.post.isEnabled()
    types(empty, form, a1000="5000", a1400="1200", a1410="-200", a2000="300")
    assert part.difference.text() == "Difference 5,700.00"
    assert part.words.text() == "Assets 6,000.00 − debts 300.00 − capital 0.00"
    types(empty, form, a1410="200")
    assert part.difference.text() == "Difference 5,700.00", "depreciation is taken off anyhow"
    types(empty, form, a3000="5700")
    assert part.difference.text() == "Difference 0.00"
    assert part.words.text() == "Assets 6,000.00 = debts 300.00 + capital 5,700.00"


def test_the_books_are_opened_and_undone(empty: PlansRobot) -> None:
    part, form = opened(empty)
    types(empty, form, a1000="5000", a1400="300", a1410="300", a3000="5000")
    (bank,) = empty.office.read(bank_accounts)
    empty.fills(form.field("1000_bank").editor, "5125.50")
    empty.does("Ctrl+Return")
    there = empty.office.read(standing_opening)
    assert there is not None
    assert there.on == date(2025, 12, 31)
    assert empty.office.read(lambda work: balance(work, "3000")).cents == -5000_00
    assert empty.office.read(lambda work: balance(work, "1410")).cents == -300_00
    (bank,) = empty.office.read(bank_accounts)
    assert (bank.starts_on, bank.starts_with) == (date(2026, 1, 1), Money(5125_50))
    assert part.form is None
    assert part.note() == f"Entry {there.number}, 12/31/2025"
    empty.does("Ctrl+Z")
    assert empty.office.read(standing_opening) is None
    empty.waits(lambda: part.form is not None)


def test_a_bank_may_have_had_nothing_that_evening(empty: PlansRobot) -> None:
    _part, form = opened(empty)
    types(empty, form, a1000="-40", a3000="-40")
    empty.fills(form.field("1000_bank").editor, "0")
    empty.does("Ctrl+Return")
    (bank,) = empty.office.read(bank_accounts)
    assert (bank.starts_on, bank.starts_with.cents) == (date(2026, 1, 1), 0)


def test_an_opening_is_taken_back_with_a_reason(empty: PlansRobot) -> None:
    part, form = opened(empty)
    types(empty, form, a1000="10", a3000="10")
    empty.does("Ctrl+Return")
    empty.waits(lambda: part.form is None)
    empty.focuses(part.back)
    empty.presses("Space")
    dialog = empty.dialog()
    empty.fills(dialog.field("reason").edit, "The loan was left out")
    empty.closes_dialog()
    assert empty.office.read(standing_opening) is None
    empty.waits(lambda: part.form is not None)


def test_what_is_no_amount_is_shown_in_its_field_and_nothing_is_posted(empty: PlansRobot) -> None:
    _part, form = opened(empty)
    types(empty, form, a1000="10", a3000="ten")
    empty.does("Ctrl+Return")
    assert "ten is not an amount" in form.field("3000").sentence.text()
    assert empty.office.read(standing_opening) is None


def test_enter_goes_from_field_to_field(empty: PlansRobot) -> None:
    _part, form = opened(empty)
    empty.presses("Return")
    comes_to(form.field("1000").editor)
    empty.presses("Return")
    comes_to(form.field("1000_bank").editor)


def test_a_difference_may_stand_in_3090_until_it_is_explained(empty: PlansRobot) -> None:
    _part, form = opened(empty)
    types(empty, form, a1000="10")
    empty.does("Ctrl+Return")
    assert empty.newest().level is Level.INFO
    assert empty.office.read(lambda work: balance(work, "3090")).cents == -10_00


def test_what_the_books_held_by_then_is_named_beside_the_undo(plans: PlansRobot) -> None:
    """The year behind has 50.00 of bank interest: an opening of 2026 may count it again."""
    _part, form = opened(plans)
    types(plans, form, a1000="500", a3000="500")
    plans.does("Ctrl+Return")
    said = plans.newest().text
    assert said.startswith("The books are open: entry")
    assert "The books held 1000 50.00 on that day without it" in said
    plans.does("Ctrl+Z")
    assert plans.office.read(standing_opening) is None


def test_a_closed_month_asks_for_a_reason(empty: PlansRobot) -> None:
    part, form = opened(empty)
    empty.office.write(lambda work: close(work, date(2026, 3, 1)))
    types(empty, form, a1000="10", a3000="10")
    empty.does("Ctrl+Return")
    assert empty.newest().level is Level.PROBLEM
    assert empty.office.read(standing_opening) is None
    comes_to(form.late.edit)
    empty.types("The books were kept on paper")
    empty.does("Ctrl+Return")
    assert empty.office.read(standing_opening) is not None
    assert part.form is None


def test_what_was_earned_this_year_so_far_is_typed_for_a_start_within_it(
    empty: PlansRobot,
) -> None:
    part, form = opened(empty)
    types(empty, form, a1000="700", a3000="500", a4010="300", a7000="100")
    assert part.words.text() == "Assets 700.00 = debts 0.00 + capital 500.00 + earned 200.00"
    assert not part.post.isEnabled(), "the year begins on the first day: nothing is so far"
    empty.fills(form.day.edit, "3/16/2026")
    empty.waits(part.post.isEnabled)
    empty.does("Ctrl+Return")
    there = empty.office.read(standing_opening)
    assert there is not None
    assert there.on == date(2026, 3, 15)
    assert empty.office.read(lambda work: balance(work, "4010")).cents == -300_00
    assert empty.office.read(lambda work: balance(work, "7000")).cents == 100_00
    assert not empty.office.read(lambda work: balance(work, "3090"))
