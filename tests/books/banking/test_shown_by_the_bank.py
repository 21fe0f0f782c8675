"""What the bank has shown is not taken back behind its back: returns, transfers, slips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.deposits import undo_deposit
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.reconciling import complete, start, undo_last
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import correct_facts, facts_of
from fscdesk.services.payments.disputing import (
    Disputed,
    Won,
    charge_back_part,
    take_dispute_back,
    win_dispute,
)
from fscdesk.services.payments.returning import return_payment, undo_return
from fscdesk.services.work import Work
from tests.support.bank_books import line, other_account, starts
from tests.support.deposits import deposit, paid
from tests.support.payment_acts import LATER, version_of
from tests.support.payments import Till, verify
from tests.support.second_person import at_once, before_saving, clerk

UNTIL = date(2026, 4, 12)


def matched(books: Office, cents: int, entry_id: int, on: str = "4/12") -> int:
    """Match an entry with a line of the operating account."""

    def match(work: Work) -> int:
        draft = MatchDraft(account_named(work), (line(work, on, cents),), entry_ids=(entry_id,))
        return accept(work, draft)

    return books.write(match).value


def bounced(books: Office, payment_id: int) -> int:
    """Return a payment, and the entry that took it out."""
    done = books.write(
        lambda work: return_payment(
            work,
            payment_id,
            on=LATER,
            reason="not covered",
            expected_version=work.db.get_one(Payment, payment_id).version,
        )
    )
    return done.value.entry_id


def take_return_back(work: Work, payment_id: int) -> None:
    version = work.db.get_one(Payment, payment_id).version
    undo_return(work, payment_id, reason="The other check", expected_version=version)


def test_a_return_that_the_bank_shows_stays(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00).payment_id
    made = deposit(books, one)
    books.write(lambda work: starts(work, "4/1", 0))
    matched(books, 50_00, made.entry_id)
    entry = bounced(books, one)
    match = matched(books, -50_00, entry)
    with pytest.raises(Problem, match="The return of payment PAY-2026-00001 is matched") as said:
        books.write(lambda work: take_return_back(work, one))
    assert said.value.message.endswith("with the bank's line of 04/12/2026 in Operating account.")
    assert said.value.hint == "Nothing was changed. Take that match apart first."
    account = books.read(account_named)
    books.write(lambda work: complete(work, start(work, account, UNTIL, Money())))
    with pytest.raises(Problem, match=r"is reconciled there \(REC-2026-00001\)") as said:
        books.write(lambda work: take_return_back(work, one))
    assert "Undo that reconciliation" in said.value.hint
    assert books.read(lambda work: work.db.get_one(Payment, one).status) is PaymentStatus.RETURNED

    def free(work: Work) -> None:
        undo_last(work, account, "Another check")
        take_apart(work, match, "Another check")
        take_return_back(work, one)

    books.write(free)
    assert books.read(lambda work: work.db.get_one(Payment, one).status) is PaymentStatus.POSTED
    verify(books)


def test_a_deposit_stays_while_the_bank_has_one_of_its_payments_back(
    books: Office, till: Till
) -> None:
    one, other = paid(books, till, 50_00).payment_id, paid(books, till, 20_00).payment_id
    made = deposit(books, one, other)
    bounced(books, one)
    before = books.read(lambda work: balance(work, "1050"))
    with pytest.raises(Problem, match="took money of payment PAY-2026-00001 back") as said:
        books.write(lambda work: undo_deposit(work, made.id, "Counted again"))
    assert said.value.hint == "Nothing was changed. Take its return or dispute back first."
    assert books.read(lambda work: balance(work, "1050")) == before
    books.write(lambda work: take_return_back(work, one))
    books.write(lambda work: undo_deposit(work, made.id, "Counted again"))
    assert books.read(lambda work: balance(work, "1050")) == Money(70_00)
    assert books.read(lambda work: balance(work, "1000")) == Money()
    verify(books)


def test_two_desks_match_a_return_or_take_it_back(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00).payment_id
    deposit(books, one)
    entry = bounced(books, one)
    shown = books.write(lambda work: line(work, "4/12", -50_00)).value
    account = books.read(account_named)
    draft = MatchDraft(account, (shown,), entry_ids=(entry,))
    at_once(
        (books, lambda work: accept(work, draft)),
        (clerk(books), lambda work: take_return_back(work, one)),
    )
    verify(books)


def test_a_return_that_is_being_taken_back_is_not_matched(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00).payment_id
    deposit(books, one)
    entry = bounced(books, one)
    shown = books.write(lambda work: line(work, "4/12", -50_00)).value
    draft = MatchDraft(books.read(account_named), (shown,), entry_ids=(entry,))
    back, match = before_saving(
        (books, lambda work: take_return_back(work, one)),
        (clerk(books), lambda work: accept(work, draft)),
    )
    assert back is None
    assert isinstance(match, Problem)
    again = books.read(lambda work: work.db.scalars(select(JournalEntry.reverses_id)).all())
    assert entry in again
    with pytest.raises(Problem, match="was taken back on 04/12/2026"):
        books.write(lambda work: accept(work, draft))
    verify(books)


def test_a_dispute_that_the_bank_shows_stays(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00, PaymentMethod.CARD).payment_id
    deposit(books, one)

    def version(work: Work) -> int:
        return work.db.get_one(Payment, one).version

    def partly(work: Work) -> Disputed:
        seen, amount = version(work), Money(20_00)
        return charge_back_part(work, one, amount, on=LATER, reason="Not us", expected_version=seen)

    def wins(work: Work) -> Won:
        return win_dispute(work, one, on=LATER, reason="Ours", expected_version=version(work))

    part = books.write(partly).value
    match = matched(books, -20_00, part.entry_id)

    def back(work: Work) -> int:
        return take_dispute_back(work, one, reason="Not us", expected_version=version(work))

    with pytest.raises(Problem, match="What was recorded of payment PAY-2026-00001 is matched"):
        books.write(back)
    won = books.write(wins).value
    other = matched(books, 20_00, won.entry_id)
    with pytest.raises(Problem, match="What was recorded of payment PAY-2026-00001 is matched"):
        books.write(back)
    for one_match in (other, match):
        books.write(lambda work, ident=one_match: take_apart(work, ident, "Wrong"))  # type: ignore[misc]
        books.write(back)
    verify(books)


def test_the_slip_of_a_reconciled_deposit_stays_as_it_is(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00, reference="1042").payment_id
    made = deposit(books, one)
    books.write(lambda work: starts(work, "4/1", 0))
    matched(books, 50_00, made.entry_id)
    facts = books.read(lambda work: facts_of(work.db.get_one(Payment, one)))

    def correct(work: Work, **other: object) -> tuple[str, ...]:
        new = replace(facts, **other)  # type: ignore[arg-type]
        version = work.db.get_one(Payment, one).version
        return correct_facts(work, one, new, reason="Mistyped", expected_version=version)

    assert books.write(lambda work: correct(work, reference="1043")).value == ("reference",)
    account = books.read(account_named)
    books.write(lambda work: complete(work, start(work, account, UNTIL, Money(50_00))))
    for what in ({"reference": "1044"}, {"method": PaymentMethod.CASH}):
        with pytest.raises(Problem, match=r"is reconciled \(REC-2026-00001\)"):
            books.write(lambda work, what=what: correct(work, **what))  # type: ignore[misc]
    same = {"reference": "1043", "memo": "By mail"}
    assert books.write(lambda work: correct(work, **same)).value == ("memo",)
    assert version_of(books, one)


def transfer(books: Office) -> tuple[int, int, int]:
    """50.00 to the savings: the match that made it, the other account, and its match there."""
    other = books.write(other_account).value
    gone = books.write(lambda work: line(work, "3/21", -50_00, "TRANSFER TO SAV")).value
    account = books.read(account_named)
    legs = (BankLeg("1020", Money(-50_00)),)
    draft = MatchDraft(account, (gone,), legs=legs, memo="To savings")
    match = books.write(lambda work: accept(work, draft)).value
    entry = books.read(lambda work: work.db.scalars(select(JournalEntry.id)).one())

    def come(work: Work) -> int:
        on, amount = date(2026, 3, 22), Money(50_00)
        there = type_line(work, other, on=on, amount=amount, words="TRANSFER FROM")
        return accept(work, MatchDraft(other, (there,), entry_ids=(entry,)))

    return match, other, books.write(come).value


def held(books: Office) -> tuple[str, str]:
    return books.read(lambda work: (str(balance(work, "1000")), str(balance(work, "1020"))))


def test_a_transfer_comes_apart_after_its_other_half(books: Office) -> None:
    match, _, there = transfer(books)
    with pytest.raises(Problem, match="The other half of this transfer is matched") as said:
        books.write(lambda work: take_apart(work, match, "Wrong"))
    assert said.value.message.endswith("with the bank's line of 03/22/2026 in Savings.")
    assert held(books) == ("-50.00", "50.00")
    books.write(lambda work: take_apart(work, there, "Wrong"))
    assert held(books) == ("-50.00", "50.00")
    books.write(lambda work: take_apart(work, match, "Wrong"))
    assert held(books) == ("0.00", "0.00")
    verify(books)


def test_a_transfer_stays_while_its_other_half_is_reconciled(books: Office) -> None:
    match, other, there = transfer(books)
    end = date(2026, 3, 31)
    books.write(lambda work: complete(work, start(work, other, end, Money(50_00))))
    said = r"in Savings\. .* is reconciled there \(REC-2026-00001\)"
    with pytest.raises(Problem, match=said):
        books.write(lambda work: take_apart(work, match, "Wrong"))
    assert held(books) == ("-50.00", "50.00")

    def free(work: Work) -> None:
        undo_last(work, other, "Not a transfer")
        take_apart(work, there, "Not a transfer")
        take_apart(work, match, "Not a transfer")

    books.write(free)
    verify(books)


def test_two_desks_take_both_halves_apart(books: Office) -> None:
    match, _, there = transfer(books)
    at_once(
        (books, lambda work: take_apart(work, match, "Wrong")),
        (clerk(books), lambda work: take_apart(work, there, "Wrong")),
    )
    verify(books)
