"""Reconciling: proved to the cent, locked, undone from the last on; nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from fscdesk.models.ledger import EntryKind
from fscdesk.models.reconciliation import (
    BankMatch,
    MatchedBy,
    Reconciliation,
    ReconciliationStatus,
)
from fscdesk.models.values import Money
from fscdesk.services.banking.reconciling import (
    ReconciliationState,
    TakenBack,
    complete,
    drop,
    mark,
    open_one,
    reconciliation_named,
    reconciliations,
    require_unlocked,
    standing,
    start,
    undo_last,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.bank_books import (
    cleared,
    day,
    entry,
    line,
    match,
    other_account,
    starts,
    unmatch,
)
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, clerk, nobody, refusals, winners

T = TypeVar("T")
MARCH = date(2026, 3, 31)


def do(books: Office, act: Callable[[Work], T]) -> T:
    return books.write(act).value


@pytest.fixture
def account(books: Office) -> int:
    """The operating account: 5,000.00 on the first of March, at the bank and in the books."""

    def begin(work: Work) -> int:
        entry(work, "2/28", 5000_00, kind=EntryKind.OPENING)
        return starts(work, "3/1", 5000_00)

    return do(books, begin)


def begin(books: Office, account: int, statement: int, until: date = MARCH) -> int:
    return do(books, lambda work: start(work, account, until, Money(statement)))


def look(books: Office, ident: int) -> ReconciliationState:
    return books.read(lambda work: standing(work, ident))


def finish(books: Office, ident: int) -> ReconciliationState:
    return do(books, lambda work: complete(work, ident))


def march(books: Office, account: int) -> int:
    """A whole month, ready: two cleared, one deposit in transit, one check outstanding."""

    def fill(work: Work) -> None:
        cleared(work, "3/4", 57_50)
        cleared(work, "3/20", -100_00, booked="3/18")
        entry(work, "3/31", 80_00, "Deposit of 3/31")
        entry(work, "3/30", -25_00, "Check 1042")

    do(books, fill)
    return begin(books, account, 4957_50)


def test_a_month_is_proved_on_both_sides(books: Office, account: int) -> None:
    state = look(books, march(books, account))
    assert (state.number, state.first_day, state.last_day) == (
        "REC-2026-00001",
        date(2026, 3, 1),
        MARCH,
    )
    assert (str(state.opening), str(state.cleared_in), str(state.cleared_out)) == (
        "5,000.00",
        "57.50",
        "-100.00",
    )
    assert (str(state.cleared_balance), state.difference) == ("4,957.50", Money())
    assert [(one.words, str(one.amount)) for one in state.in_transit] == [
        ("Deposit of 3/31", "80.00")
    ]
    assert [(one.words, str(one.amount)) for one in state.outstanding] == [("Check 1042", "-25.00")]
    assert (str(state.adjusted), str(state.book)) == ("5,012.50", "5,012.50")
    assert (state.missing, state.ready) == ((), True)


def test_completing_locks_and_the_next_begins_there(books: Office, account: int) -> None:
    ident = march(books, account)
    done = finish(books, ident)
    assert done.status is ReconciliationStatus.COMPLETED
    assert str(done.book) == "5,012.50"
    assert len(done.cleared) == 2
    assert [one.amount for one in done.in_transit] == [Money(80_00)]
    assert [one.amount for one in done.outstanding] == [Money(-25_00)]
    with pytest.raises(Problem, match="completed already"):
        finish(books, ident)

    def april(work: Work) -> None:
        items = {one.words: one.entry_id for one in (*done.in_transit, *done.outstanding)}
        match(work, [line(work, "4/1", 80_00)], [items["Deposit of 3/31"]])
        match(work, [line(work, "4/2", -25_00)], [items["Check 1042"]])

    do(books, april)
    following = begin(books, account, 5012_50, date(2026, 4, 10))
    state = look(books, following)
    assert (state.first_day, str(state.opening)) == (date(2026, 4, 1), "4,957.50")
    assert (len(state.cleared), state.missing) == (2, ())
    assert (state.in_transit, state.outstanding) == ((), ())
    finish(books, following)
    verify(books)
    again = look(books, ident)
    assert (again.in_transit, again.outstanding, again.book) == (
        done.in_transit,
        done.outstanding,
        done.book,
    )


def test_each_open_line_keeps_it_open_and_is_named(books: Office, account: int) -> None:
    ident = march(books, account)

    def credit(work: Work) -> None:
        line(work, "3/30", 61_75, "ACH CREDIT UNKNOWN")

    do(books, credit)
    with pytest.raises(Problem) as refused:
        finish(books, ident)
    said = refused.value.message
    assert "Operating account is not reconciled to 03/31/2026" in said
    assert "1 line is not matched: 61.75 of 03/30/2026 (ACH CREDIT UNKNOWN)." in said
    assert refused.value.hint.startswith("Nothing was completed.")
    assert look(books, ident).status is ReconciliationStatus.OPEN
    do(books, lambda work: line(work, "4/2", 3_00))
    assert len(look(books, ident).open_lines) == 1


def test_a_statement_that_says_otherwise_is_not_completed(books: Office, account: int) -> None:
    march(books, account)
    ident = begin(books, account, 4957_51)
    assert look(books, ident).difference == Money(1)
    with pytest.raises(Problem, match=r"4,957.51: 0.01 is missing"):
        finish(books, ident)
    assert begin(books, account, 4957_50) == ident
    finish(books, ident)


def test_the_books_must_begin_as_the_bank_does(books: Office) -> None:
    account = do(books, lambda work: starts(work, "3/1", 5000_00))
    do(books, lambda work: cleared(work, "3/4", 57_50))
    ident = begin(books, account, 5057_50)
    with pytest.raises(Problem, match=r"differ by -5,000\.00: post the opening balance"):
        finish(books, ident)
    do(books, lambda work: entry(work, "2/28", 5000_00, kind=EntryKind.OPENING))
    finish(books, ident)
    verify(books)


def test_a_check_from_before_the_first_day_is_marked(books: Office) -> None:
    def fill(work: Work) -> tuple[int, int]:
        entry(work, "2/1", 5000_00)
        return starts(work, "3/1", 5000_00), entry(work, "2/27", -40_00, "Check 1001")

    account, check = do(books, fill)
    ident = begin(books, account, 5000_00)
    assert look(books, ident).before == Money(-40_00)
    do(books, lambda work: mark(work, ident, check, "Not cashed yet"))
    state = look(books, ident)
    assert [(one.note, one.seen) for one in state.outstanding] == [("Not cashed yet", True)]
    finish(books, ident)
    do(books, lambda work: match(work, [line(work, "4/3", -40_00)], [check]))
    following = begin(books, account, 4960_00, date(2026, 4, 10))
    assert look(books, following).missing == ()
    finish(books, following)
    verify(books)


def test_a_check_from_before_that_the_bank_shows_later_was_outstanding(books: Office) -> None:
    def fill(work: Work) -> int:
        entry(work, "2/1", 5000_00)
        check = entry(work, "2/27", -40_00, "Check 1001")
        match(work, [line(work, "4/3", -40_00)], [check])
        return starts(work, "3/1", 5000_00)

    account = do(books, fill)
    done = finish(books, begin(books, account, 5000_00))
    assert [one.words for one in done.outstanding] == ["Check 1001"]
    assert str(done.book) == "4,960.00"
    finish(books, begin(books, account, 4960_00, date(2026, 4, 10)))
    verify(books)


def test_what_the_bank_had_first_is_booked_after(books: Office, account: int) -> None:
    do(books, lambda work: cleared(work, "3/30", -15_00, booked="4/2"))
    ident = begin(books, account, 4985_00)
    state = look(books, ident)
    assert [one.amount for one in state.booked_after] == [Money(-15_00)]
    assert (str(state.book), str(state.adjusted)) == ("5,000.00", "5,000.00")
    done = finish(books, ident)
    assert done.booked_after == look(books, ident).booked_after
    assert [one.amount for one in done.booked_after] == [Money(-15_00)]
    verify(books)
    following = begin(books, account, 4985_00, date(2026, 4, 10))
    assert look(books, following).missing == ()
    finish(books, following)
    verify(books)


def test_what_is_booked_after_two_periods_stays_so_until_its_day(
    books: Office, account: int
) -> None:
    do(books, lambda work: cleared(work, "3/10", -15_00, booked="4/2"))
    finish(books, begin(books, account, 4985_00, date(2026, 3, 15)))
    ident = begin(books, account, 4985_00)
    assert [one.amount for one in look(books, ident).booked_after] == [Money(-15_00)]
    finish(books, ident)
    last = finish(books, begin(books, account, 4985_00, date(2026, 4, 10)))
    assert (last.booked_after, str(last.book)) == ((), "4,985.00")
    verify(books)


def test_a_match_over_the_months_end_is_named(books: Office, account: int) -> None:
    def fill(work: Work) -> int:
        lines = [line(work, "3/31", 30_00, "FIRST HALF"), line(work, "4/1", 30_00)]
        return match(work, lines, [entry(work, "3/31", 60_00)])

    made = do(books, fill)
    ident = begin(books, account, 5030_00)
    with pytest.raises(Problem, match=r"30\.00 of 03/31/2026 \(FIRST HALF\) is matched together"):
        finish(books, ident)
    do(books, lambda work: unmatch(work, made))
    assert len(look(books, ident).open_lines) == 1


def test_an_entry_and_its_reversal_are_no_items_once_offset(books: Office, account: int) -> None:
    def fill(work: Work) -> tuple[int, int]:
        wrong = entry(work, "3/10", -9_00)
        return wrong, reverse(work, wrong, on=day("3/12"), reason="Typed twice")

    pair = do(books, fill)
    ident = begin(books, account, 5000_00)
    state = look(books, ident)
    assert [one.amount for one in (*state.in_transit, *state.outstanding)] == [
        Money(9_00),
        Money(-9_00),
    ]
    do(books, lambda work: match(work, [], pair, by=MatchedBy.OFFSET))
    state = look(books, ident)
    assert (state.in_transit, state.outstanding) == ((), ())
    finish(books, ident)
    verify(books)
    with pytest.raises(Problem, match="March 2026 is reconciled"):
        books.read(lambda work: require_unlocked(work, entries=pair[:1]))


def test_nothing_of_a_reconciled_month_can_be_changed(books: Office, account: int) -> None:
    made, other = do(books, lambda work: (cleared(work, "3/4", 5_00), cleared(work, "4/4", 6_00)))
    finish(books, begin(books, account, 5005_00))
    with pytest.raises(Problem) as refused:
        books.read(lambda work: require_unlocked(work, matches=[made]))
    assert refused.value.message == "March 2026 is reconciled (REC-2026-00001)."
    assert refused.value.hint == "Nothing was changed. Undo that reconciliation first."
    books.read(lambda work: require_unlocked(work, matches=[other], lines=(), entries=()))
    with pytest.raises(Problem, match=r"reconciled to 03/31/2026"):
        do(books, lambda work: line(work, "3/30", 1_00))


def test_only_the_last_is_undone_with_a_reason(books: Office, account: int) -> None:
    made = do(books, lambda work: cleared(work, "3/4", 5_00))
    with pytest.raises(Problem, match="has no reconciled month"):
        do(books, lambda work: undo_last(work, account, "Wrong"))
    finish(books, begin(books, account, 5005_00))
    going = begin(books, account, 5005_00, date(2026, 4, 10))
    finish(books, going)
    with pytest.raises(Problem, match="The reason is missing"):
        do(books, lambda work: undo_last(work, account, " "))
    last = do(books, lambda work: undo_last(work, account, "A line was missing"))
    assert last == TakenBack("REC-2026-00002")
    with pytest.raises(Problem, match="is reconciled"):
        books.read(lambda work: require_unlocked(work, matches=[made]))
    assert do(books, lambda work: undo_last(work, account, "And March")).number == "REC-2026-00001"
    books.read(lambda work: require_unlocked(work, matches=[made]))
    verify(books)
    rows = books.read(lambda work: reconciliations(work, account))
    assert [(one.number, one.status.value, one.why) for one in rows] == [
        ("REC-2026-00002", "undone", "A line was missing"),
        ("REC-2026-00001", "undone", "And March"),
    ]
    with pytest.raises(Problem, match="REC-2026-00001 was undone"):
        look(books, books.read(lambda work: reconciliation_named(work, "rec-2026-00001")))
    finish(books, begin(books, account, 5005_00))
    verify(books)


def test_the_next_one_that_is_only_begun_is_given_up_with_it(books: Office, account: int) -> None:
    made = do(books, lambda work: cleared(work, "3/4", 5_00))
    finish(books, begin(books, account, 5005_00))
    begin(books, account, 5005_00, date(2026, 4, 10))
    back = do(books, lambda work: undo_last(work, account, "Wrong"))
    assert back == TakenBack("REC-2026-00001", "REC-2026-00002")
    assert "REC-2026-00002, begun after it, is given up" in back.words
    assert books.read(lambda work: open_one(work, account)) is None
    books.read(lambda work: require_unlocked(work, matches=[made]))
    verify(books)


def test_what_a_person_confirmed_is_not_given_up_unasked(books: Office, account: int) -> None:
    finish(books, begin(books, account, 5000_00))
    check = do(books, lambda work: entry(work, "4/2", -25_00, "Check 1042"))
    going = begin(books, account, 5000_00, date(2026, 4, 10))
    do(books, lambda work: mark(work, going, check, "At the landlord"))
    with pytest.raises(Problem, match=r"REC-2026-00002 .* and 1 entry is confirmed in it") as no:
        do(books, lambda work: undo_last(work, account, "Wrong"))
    assert no.value.hint is not None
    assert "first: what is matched stays matched" in no.value.hint
    assert books.read(lambda work: open_one(work, account)) == going
    assert do(books, lambda work: drop(work, going)) == "REC-2026-00002"
    assert do(books, lambda work: undo_last(work, account, "Wrong")).given_up == ""
    verify(books)


def test_one_that_is_begun_can_be_given_up(books: Office, account: int) -> None:
    ident = begin(books, account, 1_00)
    assert books.read(lambda work: open_one(work, account)) == ident
    do(books, lambda work: drop(work, ident))
    assert books.read(lambda work: open_one(work, account)) is None
    assert begin(books, account, 1_00) != ident
    verify(books)


def test_days_that_cannot_be_reconciled(books: Office, account: int) -> None:
    with pytest.raises(Problem, match=r"04/30/2026 has not come yet"):
        begin(books, account, 0, date(2026, 4, 30))
    with pytest.raises(Problem, match=r"reconciled here from 03/01/2026 on"):
        begin(books, account, 0, date(2026, 2, 28))
    finish(books, begin(books, account, 5000_00))
    with pytest.raises(Problem, match=r"reconciled to 03/31/2026 \(REC-2026-00001\)"):
        begin(books, account, 5000_00)


def test_accounts_are_apart(books: Office, account: int) -> None:
    other = do(books, other_account)
    ident = begin(books, other, 0)
    do(books, lambda work: line(work, "3/3", 9_00))
    state = look(books, ident)
    assert (state.opening, state.book, state.open_lines) == (Money(), Money(), ())
    finish(books, ident)
    with pytest.raises(Problem, match="1 line is not matched"):
        finish(books, begin(books, account, 5009_00))


def test_without_the_right_nothing_is_done(books: Office, account: int) -> None:
    ident = begin(books, account, 5000_00)
    stranger = nobody(books)
    acts: list[Callable[[Work], object]] = [
        lambda work: start(work, account, MARCH, Money()),
        lambda work: standing(work, ident),
        lambda work: complete(work, ident),
        lambda work: drop(work, ident),
        lambda work: undo_last(work, account, "no"),
        lambda work: mark(work, ident, 1, ""),
        lambda work: reconciliations(work, account),
    ]
    assert Right.RECONCILE
    for act in acts:
        with pytest.raises(Problem, match="You may not reconcile bank accounts"):
            stranger.write(act)


def test_who_saw_an_older_one_is_told(books: Office, account: int) -> None:
    ident = march(books, account)
    seen = look(books, ident).version
    begin(books, account, 4000_00)
    begin(books, account, 4957_50)
    with pytest.raises(ChangedElsewhere):
        do(books, lambda work: complete(work, ident, expected_version=seen))


def test_two_desks_complete_it_once(books: Office, account: int) -> None:
    ident = march(books, account)
    outcomes = at_once(
        (books, lambda work: complete(work, ident)),
        (clerk(books), lambda work: complete(work, ident)),
    )
    assert len(winners(outcomes)) == 1
    assert [str(one) for one in refusals(outcomes)] == ["REC-2026-00001 is completed already."]
    verify(books)


def test_two_desks_begin_one(books: Office, account: int) -> None:
    outcomes = at_once(
        (books, lambda work: start(work, account, MARCH, Money(5000_00))),
        (clerk(books), lambda work: start(work, account, MARCH, Money(5000_00))),
    )
    assert outcomes[0] == outcomes[1]
    assert books.read(lambda work: work.db.scalar(select(func.count(Reconciliation.id)))) == 1


def test_a_fault_anywhere_leaves_nothing(books: Office, account: int) -> None:
    def fill(work: Work) -> None:
        cleared(work, "3/4", 57_50)
        entry(work, "3/31", 80_00)

    do(books, fill)
    ident = assert_all_or_nothing(
        books, lambda work: start(work, account, MARCH, Money(5057_50))
    ).value
    assert_all_or_nothing(books, lambda work: complete(work, ident))
    assert_all_or_nothing(books, lambda work: undo_last(work, account, "Again"))
    locked = books.read(
        lambda work: work.db.scalar(
            select(func.count(BankMatch.id)).where(BankMatch.reconciliation_id.is_not(None))
        )
    )
    assert locked == 0
    verify(books)
