"""Opening balances: proven, posted the day before the first, and taken back whole."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankAccount
from fscdesk.models.staff import Role
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import reverse_manual
from fscdesk.services.accounting.ledgers import entry_detail
from fscdesk.services.accounting.opening import (
    OpeningBank,
    OpeningDraft,
    OpeningLine,
    held_before,
    open_books,
    plan_opening,
    standing_opening,
    undo_opening,
)
from fscdesk.services.banking.accounts import BankAccountDraft, save_bank_account
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.named_matches import open_items
from fscdesk.services.banking.reconciling import standing, start
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import trial_balance
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.books_kept import keep_books
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, second_person
from tests.support.tampering import tamper

FIRST = date(2026, 1, 1)
HELD = (
    OpeningLine("1000", Money(500000)),
    OpeningLine("1400", Money(200000), "Desks"),
    OpeningLine("1410", Money(-50000)),
    OpeningLine("2000", Money(-150000)),
    OpeningLine("3000", Money(-400000)),
    OpeningLine("1020", ZERO),
)
CAPITAL = OpeningLine("3100", Money(-100000))


def draft(*more: OpeningLine, banks: tuple[OpeningBank, ...] = ()) -> OpeningDraft:
    return OpeningDraft(FIRST, (*HELD, *more), banks)


def bank(books: Office) -> BankAccount:
    return books.read(lambda work: work.db.scalars(select(BankAccount)).one())


def test_the_proof_shows_what_is_missing(books: Office) -> None:
    plan = books.read(lambda work: plan_opening(work, draft()))
    assert (plan.assets, plan.liabilities, plan.equity) == (
        Money(650000),
        Money(150000),
        Money(400000),
    )
    assert (plan.difference, plan.proven, plan.missing) == (Money(100000), False, ())
    assert books.read(lambda work: plan_opening(work, draft(CAPITAL))).proven
    assert books.read(trial_balance) == {}


def test_books_open_the_day_before_the_first(books: Office) -> None:
    start = OpeningBank(bank(books).id, Money(512345))
    done = books.write(lambda work: open_books(work, draft(banks=(start,)))).value
    assert done.on == date(2025, 12, 31)
    held = books.read(lambda work: trial_balance(work, done.on))
    assert {code: str(amount) for code, amount in held.items()} == {
        "1000": "5,000.00",
        "1400": "2,000.00",
        "1410": "-500.00",
        "2000": "-1,500.00",
        "3000": "-4,000.00",
        "3090": "-1,000.00",
    }
    assert (bank(books).starts_on, bank(books).starts_with) == (FIRST, Money(512345))
    with pytest.raises(Problem, match=f"Entry {done.number} opens the books already"):
        books.write(lambda work: open_books(work, draft()))
    verify(books)


def test_an_opening_is_taken_back_and_entered_anew(books: Office) -> None:
    start = OpeningBank(bank(books).id, Money(1))
    books.write(lambda work: open_books(work, draft(banks=(start,))))
    back = books.write(lambda work: undo_opening(work, reason="Equipment was sold")).value
    assert back.on == date(2025, 12, 31)
    assert not any(books.read(trial_balance).values())
    assert (bank(books).starts_on, bank(books).starts_with) == (None, ZERO)
    with pytest.raises(Problem, match="have no opening balances"):
        books.write(lambda work: undo_opening(work, reason="Again"))
    again = books.write(lambda work: open_books(work, draft(CAPITAL))).value
    assert books.read(standing_opening) == again
    assert "3090" not in {code for code, held in books.read(trial_balance).items() if held}
    verify(books)


def test_an_opening_taken_back_waits_for_no_line_of_the_bank(books: Office) -> None:
    its = OpeningBank(bank(books).id, Money(5_000_00))
    for _ in range(2):
        books.write(lambda work: open_books(work, draft(CAPITAL, banks=(its,))))
        books.write(lambda work: undo_opening(work, reason="Wrong"))
    books.write(lambda work: open_books(work, draft(CAPITAL, banks=(its,))))
    assert books.read(lambda work: open_items(work, its.bank_account_id)) == ()
    assert books.write(lambda work: apply_certain(work, its.bank_account_id)).value.offsets == 0
    end = date(2026, 1, 31)
    month = books.write(lambda work: start(work, its.bank_account_id, end, Money(5_000_00))).value
    state = books.read(lambda work: standing(work, month))
    assert (state.ready, state.in_transit, state.outstanding) == (True, (), ())
    verify(books)


def starts(books: Office, on: date | None, balance: Money) -> None:
    """Say by hand with what the bank account starts."""

    def save(work: Work) -> None:
        row = work.db.scalars(select(BankAccount)).one()
        draft = BankAccountDraft(
            row.name, starts_on=on, starts_with=balance, is_default=row.is_default
        )
        save_bank_account(work, draft, account_id=row.id, expected_version=row.version)

    books.write(save)


def start_of(books: Office) -> tuple[date | None, Money]:
    row = bank(books)
    return row.starts_on, row.starts_with


def test_a_start_that_the_opening_did_not_set_stays(books: Office) -> None:
    books.write(lambda work: open_books(work, draft()))
    starts(books, FIRST, Money(7_00))
    books.write(lambda work: undo_opening(work, reason="Wrong"))
    assert start_of(books) == (FIRST, Money(7_00))


def test_a_start_that_the_opening_overwrote_comes_again(books: Office) -> None:
    before = (date(2025, 11, 1), Money(7_00))
    starts(books, *before)
    its = OpeningBank(bank(books).id, Money(5_00))
    books.write(lambda work: open_books(work, draft(banks=(its,))))
    assert start_of(books) == (FIRST, Money(5_00))
    books.write(lambda work: undo_opening(work, reason="Wrong"))
    assert start_of(books) == before
    books.write(lambda work: open_books(work, draft()))
    books.write(lambda work: undo_opening(work, reason="Again"))
    assert start_of(books) == before


def test_a_start_that_was_changed_since_stays(books: Office) -> None:
    its = OpeningBank(bank(books).id, Money(5_00))
    books.write(lambda work: open_books(work, draft(banks=(its,))))
    starts(books, FIRST, Money(6_00))
    books.write(lambda work: undo_opening(work, reason="Wrong"))
    assert start_of(books) == (FIRST, Money(6_00))


def test_an_opening_is_not_turned_back_like_an_entry(books: Office, practice: str) -> None:
    first = books.write(lambda work: open_books(work, draft(CAPITAL))).value
    with pytest.raises(Problem, match=f"Entry {first.number} opens the books") as refused:
        books.write(lambda work: reverse_manual(work, first.id, reason="Wrong"))
    assert "Take the opening back instead" in refused.value.hint
    assert not books.read(lambda work: entry_detail(work, first.id)).may_reverse
    assert books.read(standing_opening) == first
    books.write(lambda work: undo_opening(work, reason="Wrong"))
    second = books.write(lambda work: open_books(work, draft(CAPITAL))).value
    verify(books)
    tamper(
        practice,
        "UPDATE journal_entry SET entry_date = '2026-04-12' WHERE kind = 'reversal'",
        "UPDATE journal_line SET day = '2026-04-12' WHERE entry_id IN"
        " (SELECT id FROM journal_entry WHERE kind = 'reversal')",
    )
    (check,) = books.read(lambda work: run_checks(work, ["books-opened-once"])).checks
    (said,) = check.offenders
    assert f"takes opening {first.number} of 12/31/2025 back on another day" in said
    tamper(practice, "UPDATE journal_entry SET reverses_id = NULL WHERE kind = 'reversal'")
    (check,) = books.read(lambda work: run_checks(work, ["books-opened-once"])).checks
    assert check.offenders == (f"entry {second.number} opens the books once more",)


def test_what_the_books_hold_already_is_named(books: Office) -> None:
    """Opened after the work began: 550.00 of that bank balance may be there twice."""
    keep_books(books)
    april = OpeningDraft(
        date(2026, 4, 1),
        (OpeningLine("1000", Money(500_00)), OpeningLine("2000", Money(-500_00))),
    )
    plan = books.read(lambda work: plan_opening(work, april))
    assert plan.already == (OpeningLine("1000", Money(550_00)),)
    done = books.write(lambda work: open_books(work, april)).value
    held = books.read(lambda work: held_before(work, done.on, ["1000", "2000"]))
    assert held == plan.already
    books.write(lambda work: undo_opening(work, reason="Counted twice"))
    assert books.read(lambda work: plan_opening(work, april)).already == plan.already
    january = OpeningDraft(date(2025, 12, 1), april.lines)
    assert books.read(lambda work: plan_opening(work, january)).already == ()


def test_an_opening_of_a_closed_month_is_taken_back_for_its_reason(books: Office) -> None:
    books.write(lambda work: open_books(work, draft()))
    books.write(lambda work: close(work, date(2025, 12, 31)))
    accountant = second_person(books, Role.ACCOUNTING)
    with pytest.raises(Problem, match="December 2025 is closed"):
        accountant.write(lambda work: undo_opening(work, reason="The loan was left out"))
    books.write(lambda work: undo_opening(work, reason="The loan was left out"))
    assert books.read(standing_opening) is None
    verify(books)


def test_what_clients_owe_is_not_entered_here(books: Office) -> None:
    with pytest.raises(Problem, match="1110 A/R insurance is kept by documents"):
        books.read(lambda work: plan_opening(work, draft(OpeningLine("1110", Money(1)))))
    with pytest.raises(Problem, match="No account has a balance"):
        books.write(lambda work: open_books(work, OpeningDraft(FIRST, ())))
    clerk = second_person(books, Role.BILLING_CLERK)
    with pytest.raises(Problem, match="You may not enter opening balances"):
        clerk.write(lambda work: open_books(work, draft()))


def test_a_closed_month_takes_it_with_a_reason_only(books: Office) -> None:
    books.write(lambda work: close(work, date(2025, 12, 31)))
    with pytest.raises(Problem, match="December 2025 is closed"):
        books.write(lambda work: open_books(work, draft()))
    late = OpeningDraft(FIRST, HELD, late_reason="The accountant's figures came in April")
    books.write(lambda work: open_books(work, late))
    verify(books)


def test_two_desks_open_the_books_once(books: Office) -> None:
    other = second_person(books, Role.ACCOUNTING)
    done = at_once(
        (books, lambda work: open_books(work, draft())),
        (other, lambda work: open_books(work, draft())),
    )
    assert len([one for one in done if isinstance(one, Problem)]) == 1, done


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    start = OpeningBank(bank(books).id, Money(512345))
    assert_all_or_nothing(books, lambda work: open_books(work, draft(banks=(start,))))
    assert_all_or_nothing(books, lambda work: undo_opening(work, reason="Wrong"))
