"""Entries that a person makes: whole, on accounts that are free, turned back by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.account import Account
from fscdesk.models.audit import AuditEvent
from fscdesk.models.cost_centre import CostCentre, CostCentreKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import CreditKind
from fscdesk.models.recurring import DueReversal
from fscdesk.models.staff import Role
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import (
    ManualEntry,
    ManualLeg,
    post_due_reversals,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.kept_accounts import KEPT
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Rest
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import open_till, pay, received, verify
from tests.support.second_person import at_once, second_person

DAY = date(2026, 4, 10)
RENT = (ManualLeg("7000", 120000, note="April"), ManualLeg("1000", -120000))


def entry(*legs: ManualLeg, **facts: object) -> ManualEntry:
    return ManualEntry(**({"on": DAY, "memo": "Rent", "legs": legs or RENT} | facts))  # type: ignore[arg-type]


def posted(books: Office, new: ManualEntry) -> int:
    return books.write(lambda work: post_manual(work, new)).value.id


def centre(work: Work, *, active: bool = True) -> None:
    work.db.add(
        CostCentre(code="MAIN", name="Main Street", kind=CostCentreKind.CLINICAL, active=active)
    )


def held(books: Office, account: str) -> str:
    return str(books.read(lambda work: balance(work, account)))


def test_an_entry_stands_as_it_was_written(books: Office) -> None:
    books.write(centre)
    new = entry(
        ManualLeg("7000", 100000, "MAIN", "Ground floor"),
        ManualLeg("7000", 20000),
        ManualLeg("1000", -120000),
        reference="INV 77",
    )
    done = books.write(lambda work: post_manual(work, new)).value

    def look(work: Work) -> tuple[JournalEntry, list[JournalLine]]:
        lines = select(JournalLine).where(JournalLine.entry_id == done.id).order_by(JournalLine.id)
        return work.db.get_one(JournalEntry, done.id), list(work.db.scalars(lines))

    row, lines = books.read(look)
    assert (row.number, row.kind, row.memo, row.reference, row.late_reason) == (
        done.number,
        EntryKind.MANUAL,
        "Rent",
        "INV 77",
        None,
    )
    assert [(one.account, one.amount.cents, one.cost_centre, one.note) for one in lines] == [
        ("7000", 100000, "MAIN", "Ground floor"),
        ("7000", 20000, None, None),
        ("1000", -120000, None, None),
    ]
    verify(books)


@pytest.mark.parametrize("account", sorted(KEPT))
def test_accounts_of_documents_are_not_written_on(books: Office, account: str) -> None:
    wrong = entry(ManualLeg(account, 100), ManualLeg("1000", -100))
    with pytest.raises(Problem, match=f"{account} .* is kept by documents") as refused:
        posted(books, wrong)
    assert refused.value.hint.startswith("Nothing was posted. ")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (entry(ManualLeg("7000", 100), ManualLeg("1000", -99)), "The debits are 0.01 more"),
        (entry(ManualLeg("7000", 99), ManualLeg("1000", -100)), "The credits are 0.01 more"),
        (entry(ManualLeg("7000", 100)), "two lines or more"),
        (entry(*RENT, ManualLeg("7000", 0)), "7000 Rent has no amount"),
        (entry(ManualLeg("7999", 100), ManualLeg("1000", -100)), "There is no account 7999"),
        (entry(ManualLeg("7000", 1, "X"), ManualLeg("1000", -1)), "X is no cost centre in use"),
        (entry(ManualLeg("7000", 1, "MAIN"), ManualLeg("1000", -1)), "MAIN is no cost centre"),
        (entry(ManualLeg("1020", 1), ManualLeg("1000", -1)), "1020 Petty cash is not in use"),
        (entry(memo=" "), "What the entry is for is missing"),
        (entry(on=date(2027, 4, 1)), "04/01/2027 cannot be the day"),
        (entry(on=date(206, 4, 1)), "04/01/0206 cannot be the day"),
        (entry(reverse_on=DAY), "cannot turn back on 04/10/2026"),
        (entry(kind=EntryKind.CLOSING), "Only manual and adjusting"),
        (entry(ManualLeg("7000", 10**17), ManualLeg("1000", -(10**17))), "more than these books"),
    ],
)
def test_what_cannot_be_posted_is_refused_in_words(
    sqlite_books: Office, wrong: ManualEntry, words: str
) -> None:
    def begin(work: Work) -> None:
        centre(work, active=False)
        work.db.get_one(Account, "1020").active = False

    sqlite_books.write(begin)
    with pytest.raises(Problem, match=words) as refused:
        posted(sqlite_books, wrong)
    assert refused.value.hint.startswith("Nothing was ")
    assert held(sqlite_books, "1000") == "0.00"


def test_an_entry_is_turned_back_by_another(books: Office) -> None:
    books.write(centre)
    first = posted(books, entry(ManualLeg("7000", 100, "MAIN", "x"), ManualLeg("1000", -100)))
    back = books.write(lambda work: reverse_manual(work, first, reason="Wrong month")).value
    assert back.on == date(2026, 4, 12)
    assert held(books, "7000") == "0.00"
    marks = books.read(
        lambda work: set(
            work.db.scalars(select(JournalLine.cost_centre).where(JournalLine.entry_id == back.id))
        )
    )
    assert marks == {"MAIN", None}
    with pytest.raises(Problem, match="reversed this already"):
        books.write(lambda work: reverse_manual(work, first, reason="Again"))
    with pytest.raises(Problem, match="turns another one back"):
        books.write(lambda work: reverse_manual(work, back.id, reason="Again"))
    with pytest.raises(Problem, match="not in the books"):
        books.write(lambda work: reverse_manual(work, 2**70, reason="Again"))
    early = posted(books, entry())
    with pytest.raises(Problem, match="cannot turn back before"):
        books.write(lambda work: reverse_manual(work, early, reason="r", on=date(2026, 4, 1)))
    verify(books)


def test_a_slip_of_the_year_is_no_day_to_turn_back(books: Office) -> None:
    far = date(2062, 5, 1)
    entry = ManualEntry(date(2026, 4, 1), "Rent", RENT)
    with pytest.raises(Problem, match="05/01/2062 cannot be the day of an entry"):
        books.write(lambda work: post_manual(work, replace(entry, reverse_on=far)))
    done = books.write(lambda work: post_manual(work, entry)).value
    with pytest.raises(Problem, match="05/01/2062 cannot be the day of an entry"):
        books.write(lambda work: reverse_manual(work, done.id, reason="Wrong", on=far))
    verify(books)


def test_entries_of_documents_are_not_turned_back_here(books: Office) -> None:
    till = books.write(open_till).value
    received(books, pay(till, 1000, rest=Rest(CreditKind.PREPAYMENT, till.alma)))
    receipt = books.read(
        lambda work: work.db.scalars(
            select(JournalEntry.id).where(JournalEntry.kind == EntryKind.RECEIPT)
        ).one()
    )
    with pytest.raises(Problem, match="belongs to a document"):
        books.write(lambda work: reverse_manual(work, receipt, reason="x"))


def test_closed_months_are_refused_or_take_a_reason(books: Office) -> None:
    march = date(2026, 3, 31)
    books.write(lambda work: close(work, march))
    with pytest.raises(Problem, match="March 2026 is closed") as refused:
        posted(books, entry(on=march))
    assert "Write the reason" in refused.value.hint
    late = books.write(
        lambda work: post_manual(work, entry(on=march, late_reason=" The bill came late "))
    ).value
    reason = books.read(lambda work: work.db.get_one(JournalEntry, late.id).late_reason)
    assert reason == "The bill came late"
    with pytest.raises(Problem, match="March 2026 is closed"):
        books.write(lambda work: reverse_manual(work, late.id, reason="Wrong", on=march))
    books.write(
        lambda work: reverse_manual(work, late.id, reason="Wrong", on=march, late_reason="Wrong")
    )
    verify(books)


def test_an_accrual_turns_back_by_itself_once(books: Office, clock: Clock) -> None:
    new = entry(kind=EntryKind.ADJUSTING, reverse_on=date(2026, 5, 1))
    first = posted(books, new)
    by_hand = posted(books, new)
    books.write(lambda work: reverse_manual(work, by_hand, reason="Not needed"))
    assert books.write(post_due_reversals).value == 0
    clock.forward(days=20)
    assert books.write(post_due_reversals).value == 1
    assert books.write(post_due_reversals).value == 0
    back = books.read(lambda work: work.db.get_one(DueReversal, first).done_entry_id)
    assert back is not None
    row = books.read(lambda work: work.db.get_one(JournalEntry, back))
    assert (row.entry_date, row.reverses_id) == (date(2026, 5, 1), first)
    assert held(books, "7000") == "0.00"
    verify(books)


def test_an_accrual_whose_day_to_turn_back_has_passed_turns_back_at_once(books: Office) -> None:
    late = entry(kind=EntryKind.ADJUSTING, on=date(2026, 3, 31), reverse_on=date(2026, 4, 1))
    made = books.write(lambda work: post_manual(work, late)).value
    assert made.back is not None
    row = books.read(
        lambda work: work.db.scalars(select(JournalEntry).filter_by(number=made.back)).one()
    )
    assert (row.entry_date, row.reverses_id) == (date(2026, 4, 1), made.id)
    assert held(books, "7000") == "0.00"
    assert books.write(post_due_reversals).value == 0
    verify(books)


def test_two_desks_turn_an_accrual_back_once(books: Office, clock: Clock) -> None:
    posted(books, entry(kind=EntryKind.ADJUSTING, reverse_on=date(2026, 5, 1)))
    clock.forward(days=20)
    accountant = second_person(books, Role.ACCOUNTING)
    done = at_once((books, post_due_reversals), (accountant, post_due_reversals))
    assert sorted(done) == [0, 1]


def test_it_takes_the_right_and_is_on_record(books: Office) -> None:
    clerk = second_person(books, Role.BILLING_CLERK)
    with pytest.raises(Problem, match="You may not post journal entries"):
        posted(clerk, entry())
    first = posted(books, entry())
    with pytest.raises(Problem, match="You may not turn journal entries back"):
        clerk.write(lambda work: reverse_manual(work, first, reason="x"))
    event = books.read(
        lambda work: work.db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    )
    assert event is not None
    assert (event.action, event.noun_id, event.detail["amount"]) == (
        "post_entry",
        first,
        "1200.00",
    )


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    first = posted(books, entry())
    new = entry(kind=EntryKind.ADJUSTING, reverse_on=date(2026, 5, 1))
    assert_all_or_nothing(books, lambda work: post_manual(work, new))
    assert_all_or_nothing(books, lambda work: reverse_manual(work, first, reason="Wrong"))
