"""What waits between books and bank: it comes when it is late, and goes when its half comes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.undeposited import undeposited
from fscdesk.services.office import Office
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Topic, Work
from tests.support.bank_books import day as _day
from tests.support.bank_books import deposit, line, match, starts, suspense
from tests.support.deposits import deposit as made_of
from tests.support.deposits import paid
from tests.support.payments import Till, open_till
from tests.support.queue_items import items_of, kinds_now
from tests.support.remittance_acts import post
from tests.support.remittances_made import CONTRACT, claim, remittance
from tests.support.remittances_made import line as service_line

BANKING = {
    ItemKind.MONEY_MISSING,
    ItemKind.MONEY_UNNAMED,
    ItemKind.BANK_LINES,
    ItemKind.NOT_BANKED,
    ItemKind.TO_DEPOSIT,
}


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def test_a_practice_that_keeps_no_bank_here_is_not_asked(books: Office, till: Till) -> None:
    paid(books, till, 80_00)
    post(books, _answer(till))
    assert BANKING.isdisjoint(kinds_now(books))


def test_what_is_not_deposited_is_one_thing_to_do(books: Office, till: Till) -> None:
    made_of(books, paid(books, till, 10_00).payment_id)
    one, two = paid(books, till, 80_00), paid(books, till, 20_00)
    (item,) = items_of(books, ItemKind.TO_DEPOSIT)
    assert (item.amount, item.urgency) == (Money(100_00), Urgency.LOW)
    assert item.why == "2 payments are in no deposit."
    assert dict(item.opens.asked) == {"tab": "deposits", "view": "to_make"}
    made_of(books, one.payment_id, two.payment_id)
    assert items_of(books, ItemKind.TO_DEPOSIT) == []


def test_a_transfer_is_missed_when_the_bank_should_have_shown_it(books: Office, till: Till) -> None:
    ident = post(books, _answer(till, paid_on=_day("3/20")))
    books.write(lambda work: line(work, "3/22", 1_00))
    assert items_of(books, ItemKind.MONEY_MISSING) == []
    books.write(lambda work: line(work, "4/10", 2_00))
    (item,) = items_of(books, ItemKind.MONEY_MISSING)
    assert (item.remittance_id, item.amount) == (ident, Money(111_40))
    assert dict(item.opens.asked) == {"remittance": ident}
    payment = books.read(undeposited)[0].payment_id
    books.write(lambda work: deposit(work, payment, "4/10"))
    assert items_of(books, ItemKind.MONEY_MISSING) == []


def test_a_deposit_is_missed_when_its_own_account_should_have_shown_it(
    books: Office, till: Till
) -> None:
    books.write(lambda work: starts(work, "3/1", 0))
    check = paid(books, till, 80_00, received_on=_day("3/20"), posted_on=_day("3/20"))
    made = made_of(books, check.payment_id, on=_day("3/21"))
    assert items_of(books, ItemKind.NOT_BANKED) == []
    late = books.write(lambda work: line(work, "4/10", 80_00)).value
    (item,) = items_of(books, ItemKind.NOT_BANKED)
    assert item.amount == Money(80_00)
    assert dict(item.opens.asked) == {"tab": "deposits", "deposit": made.id}

    def matched(work: Work) -> None:
        match(work, [late], [made.entry_id])
        work.touch(Topic.BANK)

    books.write(matched)
    assert items_of(books, ItemKind.NOT_BANKED) == []


def test_lines_of_the_bank_are_one_thing_and_money_of_nobody_one_each(
    books: Office, till: Till
) -> None:
    books.write(lambda work: line(work, "4/2", -15_00, "MONTHLY FEE"))
    held = books.write(lambda work: line(work, "4/3", 61_75, "SOMETHING")).value
    (lines,) = items_of(books, ItemKind.BANK_LINES)
    assert (lines.amount, lines.why) == (Money(76_75), "2 lines of the bank are not matched.")
    books.write(lambda work: suspense(work, held))
    (lines,) = items_of(books, ItemKind.BANK_LINES)
    assert lines.amount == Money(15_00)
    (money,) = items_of(books, ItemKind.MONEY_UNNAMED)
    assert (money.amount, dict(money.opens.asked)) == (
        Money(61_75),
        {"tab": "bank", "line": held},
    )


def _answer(till: Till, **facts: Any) -> Any:
    answer = claim(1, service_line(till.copays[0], 111_40, CONTRACT, charge=130_00))
    return replace(remittance(till.payer, answer), **facts)
