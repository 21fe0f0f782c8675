"""The ledger as it is read: running balances on every page, the journal, papers of entries."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.accounting.attachments import attach, attachment_bytes, attachments
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    ManualLeg,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.ledgers import (
    AccountLedger,
    EntryFilter,
    EntryRow,
    account_ledger,
    entry_detail,
    entry_named,
    journal_page,
    who_posted,
)
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from tests.books.accounting.test_journal import centre, entry, posted
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import open_till, verify
from tests.support.second_person import second_person

BILL = b"%PDF-1.7 a bill"


def lived(books: Office) -> list[int]:
    books.write(centre)
    return [
        posted(
            books,
            entry(
                ManualLeg("7000", 100 * day, "MAIN" if day % 2 else None),
                ManualLeg("1000", -100 * day),
                on=date(2026, 4, day),
                memo=f"Rent {day}",
            ),
        )
        for day in (5, 1, 3, 2, 4)
    ]


def ledger(books: Office, **facts: object) -> AccountLedger:
    asked = {"first": None, "last": date(2026, 4, 30)} | facts
    return books.read(lambda work: account_ledger(work, "7000", **asked))  # type: ignore[arg-type]


def listed(books: Office, **facts: object) -> list[EntryRow]:
    wanted = EntryFilter(**facts)  # type: ignore[arg-type]
    page = books.read(lambda work: journal_page(work, wanted, Span(0, 50, "on")))
    assert page.total == len(page.rows)
    return list(page.rows)


def test_the_balance_runs_in_order_of_days(books: Office) -> None:
    lived(books)
    found = ledger(books)
    assert [(one.on.day, one.balance.cents) for one in found.page.rows] == [
        (1, 100),
        (2, 300),
        (3, 600),
        (4, 1000),
        (5, 1500),
    ]
    assert (found.opening.cents, found.closing.cents) == (0, 1500)
    part = ledger(books, first=date(2026, 4, 2), last=date(2026, 4, 4))
    assert (part.opening.cents, part.debits.cents, part.closing.cents) == (100, 900, 1000)
    verify(books)


def test_every_page_continues_the_one_before(books: Office) -> None:
    lived(books)
    for start in range(6):
        page = ledger(books, start=start, size=2, first=date(2026, 4, 2)).page
        assert page.total == 4
        whole = ledger(books, first=date(2026, 4, 2)).page.rows
        assert page.rows == whole[start : start + 2]


def test_a_cost_centre_has_a_ledger_of_its_own(books: Office) -> None:
    lived(books)
    found = ledger(books, cost_centre="MAIN")
    assert [one.balance.cents for one in found.page.rows] == [100, 400, 900]
    with pytest.raises(Problem, match="There is no account 7999"):
        books.read(lambda work: account_ledger(work, "7999", first=None, last=date(2026, 1, 1)))


def test_the_journal_finds_what_is_asked(books: Office) -> None:
    books.write(open_till)
    first = lived(books)[0]
    back = books.write(lambda work: reverse_manual(work, first, reason="Wrong")).value
    assert len(listed(books)) > 6
    by_hand = listed(books, by_hand=True)
    assert len(by_hand) == 6
    turned = next(one for one in by_hand if one.id == first)
    assert turned.reversed_by == back.number
    assert by_hand[-1].reverses == turned.number
    assert [one.memo for one in listed(books, text="rent 3")] == ["Rent 3"]
    assert [one.memo for one in listed(books, text="%")] == []
    days = {"first": date(2026, 4, 2), "last": date(2026, 4, 3)}
    assert [one.memo for one in listed(books, account="7000", **days)] == ["Rent 2", "Rent 3"]
    assert {one.kind for one in listed(books, kinds=(EntryKind.CHARGE,))} == {EntryKind.CHARGE}
    assert listed(books, late=True) == []
    newest = books.read(
        lambda work: journal_page(
            work, EntryFilter(by_hand=True), Span(0, 1, "number", descending=True)
        )
    )
    assert (newest.rows[0].id, newest.total) == (back.id, 6)
    assert newest.totals["amount"] == Money(2000)


def test_an_entry_is_seen_whole(books: Office) -> None:
    ident = posted(books, entry(kind=EntryKind.ADJUSTING, reverse_on=date(2026, 5, 1)))
    found = books.read(lambda work: entry_detail(work, ident))
    assert [(one.account, one.name, one.note) for one in found.lines] == [
        ("7000", "Rent", "April"),
        ("1000", "Bank: operating account", ""),
    ]
    assert (found.reverse_on, found.may_reverse, found.attachments) == (date(2026, 5, 1), True, 0)
    assert str(found.row.amount) == "1,200.00"
    assert books.read(lambda work: entry_named(work, found.row.number)) == ident
    books.write(lambda work: reverse_manual(work, ident, reason="Wrong"))
    after = books.read(lambda work: entry_detail(work, ident))
    assert (after.reverse_on, after.may_reverse) == (None, False)
    with pytest.raises(Problem, match="There is no entry 2026-999999"):
        books.read(lambda work: entry_named(work, "2026-999999"))
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: entry_detail(work, 2**70))


def test_papers_are_kept_with_an_entry(books: Office) -> None:
    ident = posted(books, entry())
    kept = books.write(lambda work: attach(work, ident, r"C:\Bills\Rent April.PDF", BILL)).value
    again = books.write(lambda work: attach(work, ident, "copy.pdf", BILL)).value
    assert kept == again
    (one,) = books.read(lambda work: attachments(work, ident))
    assert (one.number, one.file_name) == ("AT-2026-00001", "Rent April.pdf")
    assert books.read(lambda work: attachment_bytes(work, kept)) == BILL
    assert books.read(lambda work: entry_detail(work, ident)).attachments == 1
    verify(books)
    for name, data, words in (
        ("bill.exe", BILL, "bill.exe is not a paper"),
        ("bill.pdf", b"", "bill.pdf is empty"),
        ("bill.pdf", b"x" * (20 * 1024 * 1024 + 1), "20 MB fit"),
    ):
        with pytest.raises(Problem, match=words):
            books.write(lambda work, name=name, data=data: attach(work, ident, name, data))  # type: ignore[misc]


def test_papers_are_not_kept_with_entries_of_documents(books: Office) -> None:
    books.write(open_till)
    charge = listed(books)[0].id
    with pytest.raises(Problem, match="belongs to a document"):
        books.write(lambda work: attach(work, charge, "a.pdf", BILL))
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: attachment_bytes(work, 77))


def test_it_takes_the_right(books: Office) -> None:
    ident = posted(books, entry())
    nobody = second_person(books, Role.PROVIDER)
    for act in (
        lambda work: account_ledger(work, "7000", first=None, last=date(2026, 4, 1)),
        lambda work: journal_page(work, EntryFilter(), Span(0, 1, "on")),
        lambda work: entry_detail(work, ident),
        lambda work: attachment_bytes(work, 1),
    ):
        with pytest.raises(Problem, match="You may not see"):
            nobody.read(act)
    with pytest.raises(Problem, match="You may not keep papers"):
        nobody.write(lambda work: attach(work, ident, "a.pdf", BILL))


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    ident = posted(books, entry())
    assert_all_or_nothing(books, lambda work: attach(work, ident, "a.pdf", BILL))


def test_the_journal_is_found_by_amount_and_by_who_posted(books: Office) -> None:
    def post(on: date, memo: str, cents: int) -> str:
        legs = (ManualLeg("7000", cents), ManualLeg("1000", -cents))
        return books.write(lambda work: post_manual(work, ManualEntry(on, memo, legs))).value.number

    rent, fee = post(date(2026, 4, 1), "Rent", 1_234_56), post(date(2026, 4, 2), "Fee", 12_00)

    def numbers(**asked: object) -> list[str]:
        wanted = EntryFilter(**asked)  # type: ignore[arg-type]
        page = books.read(lambda work: journal_page(work, wanted, Span(0, 9, "number")))
        return [row.number for row in page.rows]

    assert numbers(text="1,234.56") == [rent]
    assert numbers(text="$12") == [fee]
    assert numbers(text="-12.00") == [fee]
    assert numbers(text="fee 12.00") == [fee]
    assert numbers(text="rent 12.00") == []
    ((person, _name),) = books.read(who_posted)
    assert numbers(posted_by=(person,)) == [rent, fee]
    assert numbers(posted_by=(person + 1,)) == []
