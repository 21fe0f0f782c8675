"""The one door into the ledger, and the database behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import Draft, Leg, post, post_all, reverse, reverse_all
from fscdesk.services.office import Office
from fscdesk.services.work import Work

DAY = date(2026, 3, 31)
TEN = (Leg("1100", 1000, Part.CHARGE), Leg("4010", -1000, Part.CHARGE))


def draft(*legs: Leg, on: date = DAY) -> Draft:
    return Draft(on, EntryKind.CHARGE, "A fee", legs or TEN)


def balance(books: Office, account: str) -> int:
    total = select(func.sum(JournalLine.amount)).where(JournalLine.account == account)
    found = books.read(lambda work: work.db.scalar(total))
    return 0 if found is None else found.cents


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amounts=st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=6),
    undo=st.booleans(),
)
def test_books_sum_to_zero_and_a_reversal_leaves_no_trace(
    books: Office, amounts: list[int], undo: bool
) -> None:
    assume(sum(amounts))
    legs = [Leg("1100", amount, Part.CHARGE) for amount in amounts]
    before = balance(books, "1100")
    posted = draft(*legs, Leg("4010", -sum(amounts), Part.CHARGE))
    entry = books.write(lambda work: post(work, posted)).value
    if undo:
        books.write(lambda work: reverse(work, entry, on=DAY, reason="undo"))
    assert balance(books, "1100") + balance(books, "4010") == 0
    assert balance(books, "1100") - before == (0 if undo else sum(amounts))


def test_an_entry_that_does_not_balance_is_refused_in_words(books: Office) -> None:
    off = draft(Leg("1100", 1000, Part.CHARGE), Leg("4010", -999, Part.CHARGE))
    with pytest.raises(Problem, match=r"out of balance by 0\.01") as refused:
        books.write(lambda work: post_all(work, [draft(), off]))
    assert refused.value.hint == "Nothing was posted."
    assert balance(books, "1100") == 0


def test_a_second_reversal_is_refused_by_us_and_by_the_database(books: Office) -> None:
    entry = books.write(lambda work: post(work, draft())).value
    books.write(lambda work: reverse(work, entry, on=DAY, reason="once"))
    with pytest.raises(Problem, match="has reversed this already"):
        books.write(lambda work: reverse(work, entry, on=DAY, reason="twice"))
    forged = text(
        "INSERT INTO journal_entry (id, number, entry_date, kind, memo, reverses_id, posted_by)"
        " VALUES (99999, 'forged', '2026-03-31', 'reversal', '', :id, 1)"
    )
    with pytest.raises(DBAPIError):
        books.write(lambda work: work.db.execute(forged, {"id": entry}))


def test_what_stands_follows_the_chain_of_reversals(books: Office) -> None:
    first = books.write(lambda work: post(work, draft())).value
    back = books.write(lambda work: reverse(work, first, on=DAY, reason="back")).value
    assert books.read(lambda work: standing(work, [first])) == []
    again = books.write(lambda work: reverse(work, back, on=DAY, reason="again")).value
    assert books.read(lambda work: standing(work, [first])) == [again]


def test_a_reversal_is_never_dated_before_what_it_reverses(books: Office) -> None:
    entry = books.write(lambda work: post(work, draft())).value
    early = date(2020, 1, 1)
    back = books.write(lambda work: reverse_all(work, [entry], on=early, reason="r")).value[0]
    when = books.read(lambda work: work.db.get_one(JournalEntry, back).entry_date)
    assert when == DAY


TOUCHES: dict[str, str] = {
    "change a line": "UPDATE journal_line SET amount = 5",
    "change an entry": "UPDATE journal_entry SET memo = 'rewritten'",
    "take the post back": "UPDATE journal_entry SET posted_at = NULL",
    "delete a line": "DELETE FROM journal_line",
    "delete an entry": "DELETE FROM journal_entry",
    "add a line": (
        "INSERT INTO journal_line (id, entry_id, day, account, amount, part)"
        " SELECT 99999, id, entry_date, '1100', 1, 'charge' FROM journal_entry"
    ),
    "move a line": "UPDATE journal_line SET entry_id = entry_id",
}


@pytest.mark.parametrize("touch", list(TOUCHES))
def test_a_posted_entry_cannot_be_touched_by_anybody(books: Office, touch: str) -> None:
    books.write(lambda work: post(work, draft()))
    with pytest.raises(DBAPIError, match="entry is posted"):
        books.write(lambda work: work.db.execute(text(TOUCHES[touch])))
    assert balance(books, "1100") == 1000


@pytest.mark.parametrize("table", ["journal_entry", "journal_line"])
def test_nobody_empties_the_ledger(books: Office, table: str) -> None:
    books.write(lambda work: post(work, draft()))
    emptied = {"sqlite": f"DELETE FROM {table}", "postgresql": f"TRUNCATE {table} CASCADE"}  # noqa: S608
    sql = emptied[books.dialect]
    with pytest.raises(DBAPIError, match="entry is posted"):
        books.write(lambda work: work.db.execute(text(sql)))


def forge(
    *lines: tuple[str, int, str], posted: str = "2026-03-31 00:00:00.000000"
) -> Callable[[Work], None]:
    def act(work: Work) -> None:
        work.db.execute(
            text(
                "INSERT INTO journal_entry (id, number, entry_date, kind, memo, posted_by)"
                " VALUES (7, 'forged', '2026-03-31', 'charge', '', 1)"
            )
        )
        for number, (account, amount, day) in enumerate(lines):
            work.db.execute(
                text(
                    "INSERT INTO journal_line (id, entry_id, day, account, amount, part)"
                    " VALUES (:id, 7, :day, :account, :amount, 'charge')"
                ),
                {"id": 7000 + number, "day": day, "account": account, "amount": amount},
            )
        work.db.execute(
            text("UPDATE journal_entry SET posted_at = :at WHERE id = 7"), {"at": posted}
        )

    return act


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((("1100", 1, "2026-03-31"),), "does not balance"),
        ((("1100", 5, "2026-03-31"), ("4010", -4, "2026-03-31")), "does not balance"),
        ((), "does not balance"),
        ((("1100", 5, "2026-03-30"), ("4010", -5, "2026-03-31")), "another day"),
    ],
    ids=["one-sided", "off-by-one", "empty", "another-day"],
)
def test_the_database_refuses_a_false_post_on_its_own(
    books: Office, lines: tuple[tuple[str, int, str], ...], words: str
) -> None:
    with pytest.raises(DBAPIError, match=words):
        books.write(forge(*lines))


def test_an_entry_cannot_be_born_posted(books: Office) -> None:
    born = text(
        "INSERT INTO journal_entry (id, number, entry_date, kind, memo, posted_by, posted_at)"
        " VALUES (8, 'born', '2026-03-31', 'charge', '', 1, '2026-03-31 00:00:00')"
    )
    with pytest.raises(DBAPIError, match="starts as a draft"):
        books.write(lambda work: work.db.execute(born))


@pytest.mark.parametrize("table", ["audit_event", "session_status_history"])
def test_records_of_who_did_what_are_kept_as_they_are(books: Office, table: str) -> None:
    if books.dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; row by row is tested with the services")
    with pytest.raises(DBAPIError, match="kept as it is"):
        books.write(lambda work: work.db.execute(text(f"TRUNCATE {table}")))
