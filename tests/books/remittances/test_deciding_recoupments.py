"""What payers adjust of whole checks, from words to books; and reversals of what was typed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.payment import Credit, CreditKind, PaymentMethod
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Fate
from fscdesk.models.values import Money
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import BANK
from fscdesk.services.ledger.posting import Draft, Leg
from fscdesk.services.ledger.posting import post as post_entry
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.answered import AnsweredClaim, Cas, Plb
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, cents, verify
from tests.support.remittance_acts import fund, looked_at, owed, post
from tests.support.remittances_made import claim, line, remittance

CO45 = Cas("CO", "45", 30_00)
COPAY = Cas("PR", "3", 30_00)


def paid(till: Till, which: int = 0, **facts: object) -> AnsweredClaim:
    """A plain answer: 100.00 paid."""
    return replace(claim(1, line(till.copays[which], 100_00, CO45, COPAY)), **facts)  # type: ignore[arg-type]


def waits(books: Office) -> list[tuple[str, int]]:
    """What is open of each recoupment: its account and the cents."""

    def look(work: Work) -> list[tuple[str, int]]:
        rows = work.db.scalars(select(Recoupment).order_by(Recoupment.id))
        return [(one.account, one.open.cents) for one in rows]

    return books.read(look)


@pytest.mark.parametrize(
    ("reason", "amount", "account"),
    [
        ("L6", -3_00, "4310"),
        ("CT", -40_00, "4320"),
        ("50", 7_00, "7620"),
        ("LE", 9_00, "7620"),
        ("CS", 9_00, "1120"),
        ("WO", 9_00, "1120"),
        ("WO", -9_00, "2410"),
        ("72", -9_00, "1120"),
    ],
)
def test_each_stands_on_its_account_and_the_check_is_right(
    books: Office, till: Till, reason: str, amount: int, account: str
) -> None:
    one = remittance(till.payer, paid(till), plbs=[Plb(1, reason, "R1", amount)])
    new = post(books, one)
    assert fund(books, new) == 0
    assert books.read(lambda work: (cents(work, account), cents(work, "1050"))) == (
        amount,
        100_00 - amount,
    )
    assert waits(books) == [(account, amount if account in ("1120", "2410") else 0)]
    verify(books)


def test_a_recoupment_that_comes_later_clears_what_was_announced(books: Office, till: Till) -> None:
    said = remittance(till.payer, paid(till), plbs=[Plb(1, "WO", "A-12", -30_00)])
    post(books, said)
    taken = remittance(
        till.payer, paid(till, 1), trace="EFT0002", plbs=[Plb(1, "WO", "A12", 25_00)]
    )
    assert looked_at(books, taken).plbs[0].rest == 0
    post(books, taken)
    assert waits(books) == [("2410", -5_00), ("1120", 0)]
    assert books.read(lambda work: cents(work, "2410")) == -5_00
    verify(books)


def test_what_a_refund_has_paid_is_not_settled_again(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, paid(till), plbs=[Plb(1, "WO", "A12", -30_00)]))

    def refund(work: Work) -> None:
        held = select(Credit).where(Credit.kind == CreditKind.RECOUPMENT)
        credit = work.db.scalars(held).one()
        legs = (crediting.leg(credit, 30_00, Part.REFUND), Leg(BANK, -30_00, Part.REFUND))
        post_entry(work, Draft(DAY, EntryKind.REFUND, "Refund", legs))

    books.write(refund)
    seen = [Plb(1, "WO", "A12", 30_00)]
    found = looked_at(books, remittance(till.payer, paid(till, 1), trace="EFT0002", plbs=seen))
    assert (found.plbs[0].pairs, found.plbs[0].rest) == ((), 30_00)


def test_what_was_taken_without_a_word_is_cleared_by_the_word(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, paid(till), plbs=[Plb(1, "WO", "A12", 30_00)]))
    assert books.read(lambda work: cents(work, "1120")) == 30_00
    later = remittance(
        till.payer, paid(till, 1), trace="EFT0002", plbs=[Plb(1, "WO", "A12", -30_00)]
    )
    post(books, later)
    assert waits(books) == [("1120", 0), ("1120", 0)]
    assert books.read(lambda work: (cents(work, "1120"), cents(work, "2410"))) == (0, 0)
    verify(books)


def test_a_refund_that_the_payer_has_got_moves_no_money(books: Office, till: Till) -> None:
    both = [Plb(1, "WO", "A12", 30_00), Plb(2, "72", "A12", -30_00)]
    new = post(books, remittance(till.payer, paid(till), plbs=both))
    assert (fund(books, new), [one for _, one in waits(books)]) == (0, [0, 0])
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1120"))) == (100_00, 0)
    verify(books)


def test_a_check_below_zero_is_carried_forward(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, paid(till)))
    opposite = tuple(one._replace(cents=-one.cents) for one in (CO45, COPAY))
    back = claim(1, line(till.copays[0], -100_00, *opposite, charge=-160_00), status="22")
    negative = remittance(till.payer, back, trace="EFT0002")
    assert negative.amount == -100_00
    found = looked_at(books, negative)
    assert [(one.plb.position, one.rest, one.account) for one in found.plbs] == [
        (0, -100_00, "2410")
    ]
    assert (found.stop, found.claims[0].fate) == ("", Fate.POSTED)


def test_what_was_typed_in_is_taken_back_by_a_file(books: Office, till: Till) -> None:
    before = owed(books, till.copays[0])
    new = NewPayment(Money(80_00), PaymentMethod.CHECK, DAY, payer_id=till.payer, reference="1")
    lines = [EobLine(till.copays[0], Money(80_00), Money(30_00), Money(20_00))]
    books.write(lambda work: post_eob(work, new, lines))
    assert owed(books, till.copays[0]) == (0, 50_00)
    cas = (Cas("CO", "45", -30_00), Cas("PR", "1", -50_00))
    back = claim(1, line(till.copays[0], -80_00, *cas, charge=-160_00), status="22")
    other = replace(paid(till, 1), position=2)
    post(books, remittance(till.payer, back, other))
    assert owed(books, till.copays[0]) == before
    verify(books)


def test_what_the_fee_schedule_allows_is_told_with_the_line(books: Office, till: Till) -> None:
    def schedule(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=till.payer, valid_from=date(2026, 1, 1))
        work.db.add(one)
        work.db.flush()
        fee = Fee(schedule_id=one.id, code="90837", charged=Money(160_00), expected=Money(140_00))
        work.db.add(fee)

    assert looked_at(books, remittance(till.payer, paid(till))).claims[0].lines[0].expected is None
    books.write(schedule)
    found = looked_at(books, remittance(till.payer, paid(till))).claims[0].lines[0]
    assert found.expected == 140_00
    later = remittance(till.payer, paid(till, status="2", forwarded=False))
    decided = books.read(lambda work: decide(work, later, review=False, agreed=[1]))
    assert decided.claims[0].lines[0].expected == 140_00  # first by its card
