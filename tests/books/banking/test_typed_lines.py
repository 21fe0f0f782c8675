"""Lines of a paper statement: each is one, equal ones are two, and a mistyped one goes again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankLine, BankStatement
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.statements import plan_statement, undo_statement
from fscdesk.services.banking.typed_lines import put_line_back, take_back_line, type_line
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import entry, line, match, starts
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, clerk, nobody

HEADING = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"


def statements(books: Office) -> list[tuple[str, int, int, int]]:
    def ask(work: Work) -> list[tuple[str, int, int, int]]:
        rows = work.db.scalars(select(BankStatement).order_by(BankStatement.id))
        return [(row.file_name, row.read, row.created, row.skipped) for row in rows]

    return books.read(ask)


def occurrences(books: Office) -> list[int]:
    asked = select(BankLine.occurrence).where(BankLine.live.is_(True)).order_by(BankLine.id)
    return books.read(lambda work: list(work.db.scalars(asked)))


def test_the_lines_of_a_month_are_one_statement(books: Office) -> None:
    def typed(work: Work) -> None:
        for on, cents in (("3/4", 57_50), ("3/31", -15_00), ("4/1", 20_00)):
            line(work, on, cents)

    books.write(typed)
    assert statements(books) == [("Paper 2026-03", 2, 2, 0), ("Paper 2026-04", 1, 1, 0)]
    verify(books)


def test_two_equal_lines_are_two(books: Office) -> None:
    first = books.write(lambda work: line(work, "3/4", 57_50)).value
    books.write(lambda work: line(work, "3/4", 57_50))
    assert occurrences(books) == [1, 2]
    books.write(lambda work: take_back_line(work, first))
    assert statements(books) == [("Paper 2026-03", 2, 1, 1)]
    books.write(lambda work: line(work, "3/4", 57_50))
    assert occurrences(books) == [2, 3]
    with pytest.raises(Problem, match="taken out already"):
        books.write(lambda work: take_back_line(work, first))


def test_a_line_that_was_taken_out_stands_again(books: Office) -> None:
    first = books.write(lambda work: line(work, "3/4", 57_50)).value
    books.write(lambda work: line(work, "3/4", 57_50))
    books.write(lambda work: take_back_line(work, first))
    books.write(lambda work: put_line_back(work, first))
    assert occurrences(books) == [1, 2]
    assert statements(books) == [("Paper 2026-03", 2, 2, 0)]
    with pytest.raises(Problem, match="was put back"):
        books.write(lambda work: put_line_back(work, first))
    verify(books)


def test_what_was_typed_is_known_when_the_file_comes(books: Office) -> None:
    def typed(work: Work) -> None:
        account = account_named(work)
        words = "FICTA  CLAIM PAYMENT TRN*1*7700*99901"
        type_line(work, account, on=date(2026, 3, 4), amount=Money(57_50), words=words)

    books.write(typed)
    row = "CREDIT,03/04/2026,FICTA CLAIM PAYMENT TRN*1*7700*99901,57.50,ACH,,,\n"
    data = (HEADING + row).encode()
    plan = books.read(lambda work: plan_statement(work, "march.csv", data))
    assert (plan.created, plan.unchanged) == (0, 1)
    found = books.read(lambda work: work.db.execute(select(BankLine.trace, BankLine.sender)).one())
    assert tuple(found) == ("7700", "99901")


def test_a_check_number_is_its_trace(books: Office) -> None:
    def typed(work: Work) -> str:
        account = account_named(work)
        ident = type_line(
            work,
            account,
            on=date(2026, 3, 4),
            amount=Money(-5),
            words="Check paid",
            check_number="1042",
        )
        return work.db.get_one(BankLine, ident).trace

    assert books.write(typed).value == "1042"


@pytest.mark.parametrize(
    ("on", "cents", "words", "said"),
    [
        ("3/4", 0, "DEPOSIT", "The amount is missing"),
        ("3/4", 1, " ", "What the bank wrote is missing"),
        ("4/13", 1, "DEPOSIT", "04/13/2026 has not come"),
        ("2/28", 1, "DEPOSIT", "reconciled here from 03/01/2026 on"),
    ],
)
def test_what_is_refused(books: Office, on: str, cents: int, words: str, said: str) -> None:
    books.write(lambda work: starts(work, "3/1", 0))
    with pytest.raises(Problem, match=said) as refused:
        books.write(lambda work: line(work, on, cents, words))
    assert refused.value.hint.startswith("Nothing was saved.")
    assert statements(books) == []


def test_a_reconciled_month_takes_no_more(books: Office) -> None:
    def fill(work: Work) -> None:
        account = starts(work, "3/1", 0)
        complete(work, start(work, account, date(2026, 3, 31), Money()))

    books.write(fill)
    with pytest.raises(Problem, match="reconciled to 03/31/2026"):
        books.write(lambda work: line(work, "3/31", 1))
    books.write(lambda work: line(work, "4/1", 1))


def test_a_matched_line_and_one_of_a_file_stay(books: Office) -> None:
    typed = books.write(lambda work: line(work, "3/4", 57_50)).value
    books.write(lambda work: match(work, [typed], [entry(work, "3/4", 57_50)]))
    with pytest.raises(Problem, match="This line is matched"):
        books.write(lambda work: take_back_line(work, typed))
    with pytest.raises(Problem, match="You may not type bank lines"):
        nobody(books).write(lambda work: take_back_line(work, typed))


def test_a_typed_statement_is_taken_back_whole(books: Office) -> None:
    books.write(lambda work: line(work, "3/4", 57_50))
    assert books.write(lambda work: undo_statement(work, 1)).value == 1
    books.write(lambda work: line(work, "3/4", 57_50))
    assert [one[0] for one in statements(books)] == ["Paper 2026-03", "Paper 2026-03"]
    assert occurrences(books) == [1]


def test_two_desks_type_one_line_each(books: Office) -> None:
    at_once(
        (books, lambda work: line(work, "3/4", 57_50)),
        (clerk(books), lambda work: line(work, "3/4", 57_50)),
    )
    assert occurrences(books) == [1, 2]
    assert statements(books) == [("Paper 2026-03", 2, 2, 0)]


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    ident = assert_all_or_nothing(books, lambda work: line(work, "3/4", 57_50)).value
    assert_all_or_nothing(books, lambda work: take_back_line(work, ident))
