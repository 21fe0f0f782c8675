"""What stands in a payer's fee history: its own fee, never the rest that another payer left it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredClaim, Cas
from fscdesk.services.remittances.fee_history import FeeRow, fee_rows
from fscdesk.services.reports.report_asked import asked_from
from fscdesk.services.reports.report_catalogue import REPORTS
from fscdesk.services.work import Work
from tests.support.payments import Till
from tests.support.remittances_made import claim, kept, line, plain, posted, remittance

FIRST, SECOND = "Example East", "Second Imaginary"


@pytest.fixture
def second(books: Office, till: Till) -> int:
    """A payer that pays what the first one leaves."""
    assert till.payer

    def add(work: Work) -> int:
        one = Payer(name=SECOND, short_name=SECOND, payer_code="99888")
        work.db.add(one)
        work.db.flush()
        return one.id

    return books.write(add).value


def answers(books: Office, payer: int, said: AnsweredClaim, trace: str) -> None:
    """Post what a payer says, as it says it."""
    books.write(
        lambda work: posted(work, kept(work, remittance(payer, said, trace=trace)), [plain(said)])
    )


def rows(books: Office) -> dict[str, FeeRow]:
    """The fee history by the name of the payer."""
    return {one.payer: one for one in books.read(fee_rows)}


def reported(books: Office) -> set[str]:
    """The payers of the report, as its rows name them."""

    def look(work: Work) -> set[str]:
        kind = REPORTS["paid-history"]
        made = kind.make(work, asked_from(work, kind.params, {}))
        return {str(row[0]) for row in made.table.rows}

    return books.read(look)


def primary(till: Till) -> AnsweredClaim:
    """The first payer allows 125.00: it pays 95.00, and 30.00 is the client's copay."""
    return claim(1, line(till.copays[0], 95_00, Cas("CO", "45", 35_00)))


@pytest.mark.parametrize("status", ["2", "3", "20", "21"])
def test_a_second_payers_answer_is_no_fee_of_its_own(
    books: Office, till: Till, second: int, status: str
) -> None:
    answers(books, till.payer, primary(till), "EFT1")
    rest = claim(1, line(till.copays[1], 20_00), status=status)
    answers(books, second, rest, "EFT2")
    assert list(rows(books)) == [FIRST]
    assert reported(books) == {FIRST}


def test_one_that_says_what_a_payer_before_it_did_is_a_second_payer_whatever_it_calls_itself(
    books: Office, till: Till, second: int
) -> None:
    """Some payers send status 1 with OA-23 on each line."""
    rest = claim(1, line(till.copays[0], 20_00, Cas("OA", "23", 95_00)))
    said = plain(rest)
    books.write(lambda work: posted(work, kept(work, remittance(second, rest)), [said]))
    assert rows(books) == {}
    assert reported(books) == set()


def test_of_a_payer_that_answers_at_both_places_its_own_fee_counts(
    books: Office, till: Till
) -> None:
    """The newest answer would be what it paid behind itself."""
    answers(books, till.payer, primary(till), "EFT1")
    behind = claim(1, line(till.copays[0], 10_00), status="2")
    answers(books, till.payer, replace(behind, payer_number="ICN9"), "EFT2")
    found = rows(books)[FIRST]
    assert (found.lines, found.allowed, found.paid) == (1, Money(95_00), Money(95_00))
    assert (found.lowest, found.highest) == (Money(95_00), Money(95_00))


def test_a_first_payer_that_passed_it_on_counts(books: Office, till: Till) -> None:
    answers(books, till.payer, replace(primary(till), status="19"), "EFT1")
    assert list(rows(books)) == [FIRST]
