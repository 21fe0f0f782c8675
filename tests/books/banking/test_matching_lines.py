"""Accepting, taking apart, and what is done without a person; each by its effect on the books."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankRule
from fscdesk.models.deposit import Deposit, DepositKind, DepositStatus
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.reconciliation import BankMatch, MatchedBy, MatchStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, draft_of, take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import CertainDone, apply_certain
from fscdesk.services.banking.deposits import undo_deposit
from fscdesk.services.banking.match_items import BankLeg, DepositToMake
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.rules import change_rule, rules
from fscdesk.services.banking.statements import apply_statement, plan_statement, undo_statement
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.bank_books import entry, line, starts
from tests.support.deposits import deposit, paid
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.second_person import at_once, clerk, nobody, refusals, winners, without

HEADING = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
EFT = "EFT9990001"
TRACED = f"FICTA HCCLAIMPMT TRN*1*{EFT}*1999010000\\"


def chase(*rows: tuple[str, str, str]) -> bytes:
    lines = (f'CREDIT,{on},"{words}",{amount},ACH,,,\n' for on, words, amount in rows)
    return (HEADING + "".join(lines)).encode()


def eft(books: Office, till: Till, amount: int = 130_00, reference: str = EFT) -> int:
    """A payer's EFT that is in 1050."""
    new = NewPayment(
        Money(amount),
        PaymentMethod.EFT,
        date(2026, 4, 9),
        payer_id=till.payer,
        reference=reference,
    )
    return books.write(lambda work: receive(work, new)).value.payment_id


def look(books: Office) -> tuple[Proposal, ...]:
    return books.read(lambda work: proposals(work, account_named(work)))


def sure(work: Work) -> CertainDone:
    return apply_certain(work, account_named(work))


def take(work: Work, one: Proposal, *, hold: bool = False) -> int:
    return accept(work, draft_of(account_named(work), one, hold=hold))


def by_legs(work: Work, line_id: int, *legs: BankLeg, memo: str = "Rent") -> int:
    return accept(work, MatchDraft(account_named(work), (line_id,), legs=legs, memo=memo))


def days(books: Office, payment_id: int) -> tuple[date | None, date | None]:
    row = books.read(lambda work: work.db.get_one(Payment, payment_id))
    return row.deposited_on, row.banked_on


def typed(books: Office, on: str, amount: int, words: str = "DEPOSIT") -> int:
    return books.write(lambda work: line(work, on, amount, words)).value


def standing(books: Office) -> list[tuple[MatchedBy, bool]]:
    asked = (
        select(BankMatch.by, BankMatch.automatic)
        .where(BankMatch.status == MatchStatus.STANDING)
        .order_by(BankMatch.id)
    )
    return [
        (row.by, row.automatic) for row in books.read(lambda work: work.db.execute(asked).all())
    ]


def test_reading_a_file_matches_an_eft_by_its_trace(books: Office, till: Till) -> None:
    payment = eft(books, till)
    data = chase(("04/10/2026", TRACED, "130.00"), ("04/10/2026", "OTHER", "9.00"))
    plan = books.read(lambda work: plan_statement(work, "a.csv", data))
    ((place, why),) = [(one.position, one.why) for one in plan.matches]
    assert why.startswith(f"{EFT} is PAY-2026-")
    done = books.write(lambda work: apply_statement(work, "a.csv", data)).value
    assert [one.why for one in done.certain.matches] == [why]
    assert [one.line.words for one in plan.lines if one.line.position == place] == [TRACED]
    assert standing(books) == [(MatchedBy.TRACE, True)]
    assert days(books, payment) == (date(2026, 4, 10), date(2026, 4, 10))
    assert books.read(lambda work: cents(work, "1000")) == 130_00
    assert [one.amount for one in look(books)] == [Money(9_00)]
    verify(books)


def test_taking_the_statement_back_takes_its_own_matches_back(books: Office, till: Till) -> None:
    payment = eft(books, till)
    data = chase(("04/10/2026", TRACED, "130.00"))
    done = books.write(lambda work: apply_statement(work, "a.csv", data)).value
    assert done.statement_id is not None
    books.write(partial(undo_statement, statement_id=done.statement_id))
    assert (standing(books), days(books, payment)) == ([(MatchedBy.OFFSET, True)], (None, None))
    assert books.read(lambda work: cents(work, "1000")) == 0
    assert books.read(lambda work: cents(work, "1050")) == 130_00
    verify(books)
    books.write(lambda work: apply_statement(work, "a.csv", data))
    assert days(books, payment) == (date(2026, 4, 10), date(2026, 4, 10))
    verify(books)


def test_a_statement_with_a_match_by_hand_stays(books: Office) -> None:
    data = chase(("04/02/2026", "SAMPLE RENT", "-850.00"), ("04/03/2026", "X", "1.00"))
    done = books.write(lambda work: apply_statement(work, "a.csv", data)).value
    rent = next(one for one in look(books) if one.amount == Money(-850_00)).lines[0].id
    books.write(lambda work: by_legs(work, rent, BankLeg("7500", Money(-850_00))))
    assert done.statement_id is not None
    with pytest.raises(Problem, match="1 of the lines of BST-2026-00001 are matched"):
        books.write(partial(undo_statement, statement_id=done.statement_id))


def test_what_was_carried_is_proposed_deposited_and_taken_apart(books: Office, till: Till) -> None:
    cash = paid(books, till, 95_00, PaymentMethod.CASH).payment_id
    check = paid(books, till, 50_00).payment_id
    typed(books, "4/11", 145_00, "DEPOSIT ID NUMBER 000001")
    assert books.write(sure).value == CertainDone()
    (one,) = look(books)
    assert (one.by, one.reach, one.certain) == (MatchedBy.SUM, Reach.ONE, False)
    match = books.write(lambda work: take(work, one)).value
    (kind, amount) = books.read(
        lambda work: work.db.execute(select(Deposit.kind, Deposit.amount)).one()
    )
    assert (kind, amount) == (DepositKind.COUNTER, Money(145_00))
    assert days(books, cash) == days(books, check) == (date(2026, 4, 11), date(2026, 4, 11))
    assert look(books) == ()
    verify(books)
    books.write(lambda work: take_apart(work, match, "The other slip"))
    assert days(books, cash) == (None, None)
    status = books.read(lambda work: work.db.scalars(select(Deposit.status)).one())
    assert status is DepositStatus.UNDONE
    assert [one.reach for one in look(books)] == [Reach.ONE]
    verify(books)
    with pytest.raises(Problem, match="taken apart already"):
        books.write(lambda work: take_apart(work, match, "Again"))


def test_a_deposit_that_was_made_before_is_only_matched(books: Office, till: Till) -> None:

    check = paid(books, till, 50_00).payment_id
    made = deposit(books, check)
    typed(books, "4/12", 50_00)
    (one,) = look(books)
    assert one.entries == (made.entry_id,)
    match = books.write(lambda work: take(work, one)).value
    assert days(books, check)[1] == date(2026, 4, 12)
    books.write(lambda work: take_apart(work, match, "No"))
    assert days(books, check) == (made.on, None)
    assert books.read(lambda work: cents(work, "1000")) == 50_00
    verify(books)


def test_an_account_that_a_person_names_is_learnt_and_proposed(books: Office) -> None:
    first = typed(books, "3/2", -1850_00, "SAMPLE OFFICE RENT 0302")
    books.write(lambda work: by_legs(work, first, BankLeg("7500", Money(-1850_00))))
    typed(books, "4/2", -1875_00, "SAMPLE OFFICE RENT 0402")
    (one,) = look(books)
    assert (one.by, one.certain, one.rule_id is not None) == (MatchedBy.RULE, False, True)
    match = books.write(lambda work: take(work, one)).value
    (rule,) = books.read(rules)
    assert (rule.words, rule.confirmed, rule.memo) == ("SAMPLE OFFICE RENT", 2, "Rent")
    assert books.read(lambda work: cents(work, "7500")) == 3725_00
    books.write(lambda work: take_apart(work, match, "Another account"))
    assert books.read(rules)[0].confirmed == 1
    verify(books)
    version = books.read(rules)[0].version
    books.write(
        lambda work: change_rule(work, rule.id, memo="", active=False, expected_version=version)
    )
    assert books.read(rules) == ()
    assert look(books)[0].reach is Reach.NONE
    with pytest.raises(ChangedElsewhere):
        books.write(
            lambda work: change_rule(work, rule.id, memo="", active=True, expected_version=version)
        )


def test_several_legs_teach_no_rule(books: Office) -> None:
    first = typed(books, "3/2", -20_00, "SAMPLE")
    legs = (BankLeg("7500", Money(-15_00)), BankLeg("7600", Money(-5_00), note="Cards"))
    books.write(lambda work: by_legs(work, first, *legs))
    assert books.read(lambda work: work.db.scalars(select(BankRule)).all()) == []
    verify(books)


@pytest.mark.parametrize(
    ("legs", "said"),
    [
        ((BankLeg("1100", Money(-20_00)),), "Account 1100 is kept by the program"),
        ((BankLeg("1000", Money(-20_00)),), "Account 1000 is kept by the program"),
        ((BankLeg("0815", Money(-20_00)),), "Account 0815 is not in use"),
        ((BankLeg("7500", Money(-20_00), "NOPE"),), "NOPE is no cost centre in use"),
        ((BankLeg("7500", Money(-19_00)),), "-20.00, ours are -19.00: -1.00 is missing"),
        ((BankLeg("7500", Money(-20_00)), BankLeg("7600", Money())), "is 0.00"),
        ((), "-20.00, ours are 0.00"),
    ],
)
def test_what_cannot_be_is_refused_whole(
    sqlite_books: Office, legs: tuple[BankLeg, ...], said: str
) -> None:
    first = typed(sqlite_books, "3/2", -20_00, "SAMPLE")
    with pytest.raises(Problem, match=said):
        sqlite_books.write(lambda work: by_legs(work, first, *legs))
    assert standing(sqlite_books) == []
    assert sqlite_books.read(lambda work: cents(work, "1000")) == 0


def test_nothing_is_matched_without_a_line_or_twice(sqlite_books: Office) -> None:
    books = sqlite_books
    first = typed(books, "3/2", -20_00, "SAMPLE")
    posted = books.write(lambda work: entry(work, "3/2", -20_00)).value
    account = books.read(account_named)
    with pytest.raises(Problem, match="Nothing was chosen"):
        books.write(lambda work: accept(work, MatchDraft(account, ())))
    with pytest.raises(Problem, match="No line of the bank"):
        books.write(lambda work: accept(work, MatchDraft(account, (), (posted,))))
    books.write(lambda work: accept(work, MatchDraft(account, (first,), (posted,))))
    with pytest.raises(ChangedElsewhere, match=r"03/02/2026 over -20\.00 is matched already"):
        books.write(lambda work: accept(work, MatchDraft(account, (first,), (posted,))))
    second = typed(books, "3/2", -20_00, "SAMPLE")
    with pytest.raises(ChangedElsewhere, match="matched already, or is not on this account"):
        books.write(lambda work: accept(work, MatchDraft(account, (second,), (posted,))))
    with pytest.raises(Problem, match="is not in Operating account any more"):
        books.write(lambda work: accept(work, MatchDraft(account, (999,), (posted,))))
    with pytest.raises(Problem, match="You may not match"):
        nobody(books).write(lambda work: accept(work, MatchDraft(account, (second,))))


def test_many_lines_are_many_entries(books: Office) -> None:
    lines = [typed(books, "3/2", amount) for amount in (10_00, 20_00)]
    entries = [
        books.write(lambda work, amount=amount: entry(work, "3/2", amount)).value  # type: ignore[misc]
        for amount in (5_00, 25_00)
    ]
    draft = MatchDraft(books.read(account_named), tuple(lines), tuple(entries))
    books.write(lambda work: accept(work, draft))
    assert look(books) == ()
    verify(books)


def test_an_entry_and_its_reversal_are_matched_by_themselves(books: Office) -> None:
    first = typed(books, "3/2", -20_00, "SAMPLE")
    match = books.write(lambda work: by_legs(work, first, BankLeg("7500", Money(-20_00)))).value
    books.write(lambda work: take_apart(work, match, "Not a fee"))
    assert standing(books) == [(MatchedBy.OFFSET, True)]
    assert books.read(lambda work: cents(work, "7500")) == 0
    verify(books)


def test_two_equal_checks_are_left_to_a_person(books: Office, till: Till) -> None:
    payments = [paid(books, till, 50_00).payment_id for _ in range(2)]
    typed(books, "4/11", 50_00)
    books.write(sure)
    (one,) = look(books)
    assert (one.reach, standing(books)) == (Reach.SEVERAL, [])
    with pytest.raises(Problem, match="The same amount; 2 could be meant"):
        books.write(lambda work: take(work, one))
    choice = next(each for each in one.alternatives if each.items[0].id == payments[1])
    draft = draft_of(books.read(account_named), one, choice=choice)
    books.write(lambda work: accept(work, draft))
    assert (days(books, payments[0])[1], days(books, payments[1])[1]) == (None, date(2026, 4, 11))
    verify(books)


def test_a_returned_check_is_named_and_its_entry_is_then_the_line(
    books: Office, till: Till
) -> None:

    payment = paid(books, till, 50_00).payment_id
    deposit(books, payment)
    typed(books, "4/12", -50_00, "RETURNED DEPOSITED ITEM")
    (one,) = look(books)
    assert [back.payment_id for back in one.returns] == [payment]
    with pytest.raises(Problem, match="Record the return"):
        books.write(lambda work: take(work, one))
    version = books.read(lambda work: work.db.get_one(Payment, payment).version)
    books.write(
        lambda work: return_payment(
            work, payment, on=date(2026, 4, 12), reason="NSF", expected_version=version
        )
    )
    (again,) = look(books)
    assert (again.reach, len(again.entries)) == (Reach.ONE, 1)
    books.write(lambda work: take(work, again))
    verify(books)


def test_a_reconciled_match_stays(books: Office) -> None:
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    first = typed(books, "3/2", -20_00, "SAMPLE")
    match = books.write(lambda work: by_legs(work, first, BankLeg("7500", Money(-20_00)))).value
    month = books.write(lambda work: start(work, account, date(2026, 3, 31), Money(-20_00))).value
    books.write(lambda work: complete(work, month))
    with pytest.raises(Problem, match="March 2026 is reconciled"):
        books.write(lambda work: take_apart(work, match, "No"))
    verify(books)


def test_two_desks_match_one_line_once(books: Office) -> None:
    first = typed(books, "3/2", -20_00, "SAMPLE")
    leg = BankLeg("7500", Money(-20_00))
    done = at_once(
        (books, lambda work: by_legs(work, first, leg)),
        (clerk(books), lambda work: by_legs(work, first, leg)),
    )
    assert (len(winners(done)), len(refusals(done))) == (1, 1)
    assert "is matched already" in str(refusals(done)[0])
    assert books.read(lambda work: cents(work, "7500")) == 20_00
    verify(books)


def test_two_desks_deposit_one_payment_for_two_lines_once(books: Office, till: Till) -> None:
    payment = paid(books, till, 50_00).payment_id
    lines = [typed(books, "4/11", 50_00) for _ in range(2)]
    made = DepositToMake(DepositKind.COUNTER, Money(50_00), (payment,))

    def match(work: Work, line_id: int) -> int:
        return accept(work, MatchDraft(account_named(work), (line_id,), deposits=(made,)))

    done = at_once(
        (books, partial(match, line_id=lines[0])), (clerk(books), partial(match, line_id=lines[1]))
    )
    assert (len(winners(done)), len(refusals(done))) == (1, 1)
    assert isinstance(refusals(done)[0], Problem)
    verify(books)


def test_a_deposit_undone_while_it_is_matched_is_one_of_both(books: Office, till: Till) -> None:

    made = deposit(books, paid(books, till, 50_00).payment_id)
    first = typed(books, "4/11", 50_00)
    draft = MatchDraft(books.read(account_named), (first,), (made.entry_id,))
    done = at_once(
        (books, lambda work: accept(work, draft)),
        (clerk(books), lambda work: undo_deposit(work, made.id, "Counted again")),
    )
    assert (len(winners(done)), len(refusals(done))) == (1, 1)
    assert isinstance(refusals(done)[0], Problem)
    verify(books)


def test_matching_and_taking_apart_are_whole_or_nothing(books: Office, till: Till) -> None:
    eft(books, till)
    paid(books, till, 50_00)
    data = chase(("04/10/2026", TRACED, "130.00"))
    assert_all_or_nothing(books, lambda work: apply_statement(work, "a.csv", data))
    typed(books, "4/11", 50_00)
    (one,) = look(books)
    match = assert_all_or_nothing(books, lambda work: take(work, one)).value
    assert_all_or_nothing(books, lambda work: take_apart(work, match, "No"))
    verify(books)


def test_who_may_not_make_deposits_matches_only_what_is_deposited(
    books: Office, till: Till
) -> None:
    eft(books, till)
    other = without(books, Right.MAKE_DEPOSITS)
    data = chase(("04/10/2026", TRACED, "130.00"))
    done = other.write(lambda work: apply_statement(work, "a.csv", data)).value
    assert (done.certain.matches, standing(books)) == ((), [])
    assert [one.certain for one in look(books)] == [True]
