"""Whatever puts an entry on a bank's account: none comes into a month that is proved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from fscdesk.models.bank import BankLine
from fscdesk.models.deposit import DepositKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.match_items import BankLeg, DepositToMake
from fscdesk.services.banking.reconciling import complete, standing, start, undo_last
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.banking.suspense import explain, suspense
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.demo.bank_file import Line, statement
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.ledger.posting import Draft, Leg, post
from fscdesk.services.office import Office
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.payments.returning import ReturnKind, return_payment
from fscdesk.services.work import Work
from tests.support.bank_books import cleared, entry, line, other_account, starts
from tests.support.deposits import deposit, paid
from tests.support.payments import Till, open_till, verify
from tests.support.second_person import at_once, refusals
from tests.support.tampering import tamper

MARCH_END = date(2026, 3, 31)
APRIL = date(2026, 4, 1)
IN_MARCH = date(2026, 3, 20)


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def prove(work: Work, account: int, cents: int) -> None:
    """Prove March of an account, that ended with so much."""
    complete(work, start(work, account, MARCH_END, Money(cents)))


def proved(books: Office) -> int:
    """Return the operating account: 100.00 came in March, and March is proved."""

    def make(work: Work) -> int:
        account = starts(work, "3/1", 0)
        cleared(work, "3/10", 100_00)
        prove(work, account, 100_00)
        return account

    return books.write(make).value


def at_march_end(books: Office, account: str = "1000") -> int:
    """Return what the books have of an account on the last day of March, in cents."""
    sums = select(func.coalesce(func.sum(JournalLine.amount), 0)).where(
        JournalLine.account == account, JournalLine.day <= MARCH_END
    )
    found = books.read(lambda work: work.db.scalar(sums))
    return found.cents if isinstance(found, Money) else 0


def newest(books: Office, account: str = "1000") -> date:
    """Return the day of the entry that came last on an account."""
    asked = (
        select(JournalEntry.entry_date)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.account == account)
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return books.read(lambda work: work.db.scalars(asked).one())


def check_of(books: Office, till: Till, on: date = IN_MARCH) -> int:
    return paid(books, till, 40_00, received_on=on, posted_on=on).payment_id


def late_line(work: Work, cents: int, words: str) -> int:
    """Read a line of March from a file that came after March was proved."""
    data, _ = statement([Line(IN_MARCH, cents, words)], 0)
    done = apply_statement(work, "late.csv", data, account_id=account_named(work))
    asked = select(BankLine.id).where(BankLine.statement_id == done.statement_id)
    return work.db.scalars(asked).one()


def a_fee(work: Work, account: int, _till: Till) -> None:
    late = late_line(work, -15_00, "MONTHLY FEE")
    legs = (BankLeg("7500", Money(-15_00)),)
    accept(work, MatchDraft(account, (late,), legs=legs, memo="Fee"))


def on_hold(work: Work, account: int, _till: Till) -> None:
    late = late_line(work, 61_75, "UNKNOWN")
    accept(work, MatchDraft(account, (late,), hold=True))


def an_entry(work: Work, _account: int, _till: Till) -> None:
    entry(work, "3/20", -5_00, kind=EntryKind.REFUND)


DOORS: tuple[Callable[[Work, int, Till], None], ...] = (a_fee, on_hold, an_entry)


@pytest.mark.parametrize("door", DOORS)
def test_what_dates_itself_goes_after_the_proof(
    books: Office, till: Till, door: Callable[[Work, int, Till], None]
) -> None:
    account = proved(books)
    books.write(lambda work: door(work, account, till))
    assert (at_march_end(books), newest(books)) == (100_00, APRIL)
    verify(books)


def test_a_deposit_of_a_proved_day_is_booked_after_it(books: Office, till: Till) -> None:
    proved(books)
    payment = check_of(books, till)
    done = deposit(books, payment, on=date(2026, 3, 25))
    assert (done.on, done.entered_on) == (date(2026, 3, 25), APRIL)
    assert at_march_end(books) == 100_00
    kept = books.read(lambda work: work.db.get_one(Payment, payment).deposited_on)
    assert kept == date(2026, 3, 25)
    verify(books)


def test_a_line_deposits_after_the_proof(books: Office, till: Till) -> None:
    account = proved(books)
    payment = check_of(books, till)
    come = DepositToMake(DepositKind.EFT, Money(40_00), (payment,))

    def take(work: Work) -> None:
        late = late_line(work, 40_00, "DEPOSIT")
        accept(work, MatchDraft(account, (late,), deposits=(come,)))

    books.write(take)
    assert (at_march_end(books), newest(books)) == (100_00, APRIL)
    verify(books)


def test_the_other_leg_of_a_transfer_goes_after_the_proof_of_its_account(books: Office) -> None:
    def make(work: Work) -> None:
        savings = other_account(work)
        came = type_line(work, savings, on=IN_MARCH, amount=Money(7_00), words="INTEREST")
        legs = (BankLeg("4340", Money(7_00)),)
        accept(work, MatchDraft(savings, (came,), legs=legs, memo="Interest"))
        prove(work, savings, 7_00)
        account = starts(work, "3/1", 0)
        moved = line(work, "3/31", -50_00, "TRANSFER TO SAVINGS")
        legs = (BankLeg("1020", Money(-50_00)),)
        accept(work, MatchDraft(account, (moved,), legs=legs, memo="Transfer"))

    books.write(make)
    assert (at_march_end(books, "1020"), newest(books, "1020")) == (7_00, APRIL)
    ident = books.read(account_named)
    going = books.write(lambda work: start(work, ident, MARCH_END, Money(-50_00))).value
    state = books.read(lambda work: standing(work, going))
    assert (state.ready, [str(one.amount) for one in state.booked_after]) == (True, ["-50.00"])
    books.write(lambda work: complete(work, going))
    verify(books)


def test_a_bounced_check_goes_out_after_the_proof(books: Office, till: Till) -> None:
    def make(work: Work, payment: int) -> None:
        there = work.db.get_one(Payment, payment)
        return_payment(
            work,
            payment,
            on=date(2026, 3, 30),
            reason="NSF",
            expected_version=there.version,
            kind=ReturnKind.NSF,
            fee=Money(),
        )

    proved(books)
    payment = check_of(books, till)
    deposit(books, payment, on=date(2026, 3, 25))
    books.write(lambda work: make(work, payment))
    assert (at_march_end(books), newest(books)) == (100_00, APRIL)
    verify(books)


def test_a_refund_goes_out_after_the_proof(books: Office, till: Till) -> None:
    proved(books)
    payment = check_of(books, till)
    credit = books.read(
        lambda work: work.db.scalars(select(Credit.id).where(Credit.payment_id == payment)).one()
    )
    new = NewRefund(credit, Money(10_00), "Too much")
    asked = books.write(lambda work: request_refund(work, new)).value
    books.write(
        lambda work: pay_refund(
            work, asked.refund_id, on=date(2026, 3, 28), reference="901", expected_version=1
        )
    )
    assert (at_march_end(books), newest(books)) == (100_00, APRIL)
    verify(books)


def test_what_waits_is_not_explained_before_it_came_to_the_books(books: Office, till: Till) -> None:
    account = proved(books)
    books.write(lambda work: on_hold(work, account, till))
    payment = paid(books, till, 61_75, received_on=IN_MARCH, posted_on=IN_MARCH).payment_id
    waits = books.read(suspense)[0].id
    done = books.write(lambda work: explain(work, waits, (payment,))).value
    assert (done.on, done.entered_on) == (IN_MARCH, APRIL)
    assert at_march_end(books, "2420") == 0
    verify(books)


def test_what_a_person_dates_is_refused_by_the_one_door(books: Office) -> None:
    proved(books)
    legs = (Leg("1000", -5_00, Part.BOOKS), Leg("7500", 5_00, Part.BOOKS))
    draft = Draft(IN_MARCH, EntryKind.MANUAL, "Fee", legs, stays=True)
    with pytest.raises(Problem, match="March 2026 of Operating account is reconciled") as no:
        books.write(lambda work: post(work, draft))
    assert "undo that reconciliation first" in no.value.hint
    books.write(lambda work: undo_last(work, account_named(work), "A fee is missing"))
    books.write(lambda work: post(work, draft))
    assert at_march_end(books) == 95_00
    verify(books)


def test_two_desks_prove_a_month_or_match_into_it(books: Office) -> None:
    def begin(work: Work) -> int:
        account = starts(work, "3/1", 0)
        cleared(work, "3/10", 100_00)
        return account

    account = books.write(begin).value
    refund = Draft(
        IN_MARCH,
        EntryKind.REFUND,
        "Refund",
        (Leg("1000", -5_00, Part.REFUND), Leg("7500", 5_00, Part.BOOKS)),
    )
    begun = books.write(lambda work: start(work, account, MARCH_END, Money(100_00))).value
    done = at_once(
        (books, lambda work: complete(work, begun)), (books, lambda work: post(work, refund))
    )
    assert [str(one) for one in refusals(done)] == []
    verify(books)


def test_the_check_sees_an_entry_that_came_into_proved_days(books: Office, practice: str) -> None:
    proved(books)
    books.write(lambda work: entry(work, "4/2", -5_00))
    tamper(
        practice,
        "UPDATE journal_entry SET entry_date = '2026-03-30'",
        "UPDATE journal_line SET day = '2026-03-30'",
    )
    (check,) = books.read(lambda work: run_checks(work, ["reconciliations-stand"])).checks
    (said,) = check.offenders
    assert said == (
        "reconciliation REC-2026-00001: account 1000 had 100.00 on 03/31/2026 when it was proved,"
        " now it has 95.00"
    )


def test_the_check_sees_an_entry_that_changed_in_proved_days(books: Office, practice: str) -> None:
    proved(books)
    tamper(
        practice,
        "UPDATE journal_line SET amount = amount * 2",
        "UPDATE bank_match_entry SET amount = amount * 2",
    )
    (check,) = books.read(lambda work: run_checks(work, ["reconciliations-stand"])).checks
    (said,) = check.offenders
    assert said == (
        "reconciliation REC-2026-00001: account 1000 had 100.00 on 03/31/2026 when it was proved,"
        " now it has 200.00"
    )


def test_the_check_sees_a_line_that_the_bank_had_not(books: Office, practice: str) -> None:
    proved(books)
    tamper(practice, "UPDATE bank_line SET amount = 9000")
    (check,) = books.read(lambda work: run_checks(work, ["reconciliations-stand"])).checks
    assert check.offenders == (
        "reconciliation REC-2026-00001: 0.00 and 90.00 cleared are not 100.00",
    )


def test_the_check_names_every_entry_posted_after_the_proof(books: Office, practice: str) -> None:
    proved(books)
    tamper(practice, "UPDATE reconciliation SET completed_at = '2026-01-01 00:00:00+00:00'")
    (check,) = books.read(lambda work: run_checks(work, ["reconciliations-stand"])).checks
    (said,) = check.offenders
    assert said.endswith(
        "was posted into the days that reconciliation REC-2026-00001 to 03/31/2026 had proved"
    )
