"""A file of hundreds of certain lines: read and written once, and the same as one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.deposit import Deposit
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking import accepting
from fscdesk.services.banking.accepting import MatchDraft, accept_all
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.deposits import DepositKind, make_deposits
from fscdesk.services.banking.match_items import DepositToMake
from fscdesk.services.banking.statement_matches import take_statement
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.demo.bank_file import Line, statement
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.work import Work
from tests.support.bank_books import line
from tests.support.deposits import counter, paid
from tests.support.fail_at import whole_books
from tests.support.payments import DAY, Till, open_till, verify
from tests.support.questions import asked_of


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def efts(work: Work, till: Till, count: int, first: int = 0) -> list[Line]:
    """Receive so many EFTs of one payer; return the bank's lines of them."""
    lines = []
    for number in range(first, first + count):
        trace = f"EFT{number:07}"
        amount = 10_00 + number
        new = NewPayment(
            Money(amount), PaymentMethod.EFT, DAY, payer_id=till.payer, reference=trace
        )
        receive(work, new)
        on = DAY + timedelta(number % 2)
        lines.append(Line(on, amount, f"PAYER HCCLAIMPMT TRN*1*{trace}*1999010000\\"))
    return sorted(lines)


def read(work: Work, lines: list[Line], name: str = "april.csv") -> int:
    data, _ = statement(lines, 0)
    return len(apply_statement(work, name, data).certain.matches)


def test_more_lines_ask_the_books_no_more_often(books: Office, till: Till) -> None:
    counts = []
    for first, many in ((0, 5), (100, 45)):
        lines = books.write(lambda work, a=first, n=many: efts(work, till, n, a)).value  # type: ignore[misc]
        with asked_of(books) as heard:
            done = books.write(lambda work, told=lines, a=first: read(work, told, f"{a}.csv"))  # type: ignore[misc]
        assert done.value == many
        # What is written is a row for each; SQLite is told of them one after the other.
        counts.append(sum(not told.startswith("INSERT") for told, _ in heard))
    assert abs(counts[1] - counts[0]) < 10
    verify(books)


def test_each_payment_has_its_deposit_its_days_and_its_version(books: Office, till: Till) -> None:
    lines = books.write(lambda work: efts(work, till, 12)).value
    before = books.read(
        lambda work: dict(work.db.execute(select(Payment.id, Payment.version)).all())
    )
    books.write(lambda work: read(work, lines))

    def look(work: Work) -> None:
        rows = work.db.execute(
            select(Payment, Deposit).join(Deposit, Deposit.reference == Payment.reference)
        ).all()
        assert len(rows) == 12
        for payment, deposit in rows:
            assert payment.deposited_on == payment.banked_on == deposit.on
            assert payment.version == before[payment.id] + 1
        numbers = [one.number for _, one in sorted(rows, key=lambda row: row[1].id)]
        assert numbers == sorted(numbers)
        acts = Counter(work.db.scalars(select(AuditEvent.action)))
        assert (acts["make_deposit"], acts["match_bank_lines"]) == (12, 12)

    books.read(look)
    verify(books)


class _Back(Exception):
    """Takes what was done back."""


def test_together_or_one_by_one_the_same_is_written(
    sqlite_books: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = sqlite_books.write(open_till).value
    lines = sqlite_books.write(lambda work: efts(work, till, 9)).value
    paid(sqlite_books, till, 77_00)  # one that only amount and day make likely
    data, _ = statement([*lines, Line(date(2026, 4, 11), 77_00, "DEPOSIT")], 0)
    written: list[Any] = []

    def act(work: Work) -> None:
        assert take_statement(work, "april.csv", data).matched == 10
        tables = whole_books(work)
        tables.pop("audit_event")
        events = work.db.execute(
            select(AuditEvent.action, AuditEvent.noun, AuditEvent.noun_id, AuditEvent.detail)
        )
        written.append((tables, Counter(repr(one) for one in events)))
        raise _Back

    for many in (1, 200):
        monkeypatch.setattr(accepting, "AT_ONCE", many)
        with pytest.raises(_Back):
            sqlite_books.write(act)
    assert written[0] == written[1]


def test_one_thing_is_not_given_to_two(books: Office, till: Till) -> None:
    payment = paid(books, till, 40_00).payment_id
    account = books.read(account_named)
    both = [books.write(lambda work: line(work, "4/11", 40_00)).value for _ in range(2)]
    come = DepositToMake(DepositKind.EFT, Money(40_00), (payment,))
    twice = [MatchDraft(account, (one,), deposits=(come,)) for one in both]
    with pytest.raises(Problem, match="One payment stands in two of these deposits"):
        books.write(lambda work: accept_all(work, twice))
    same = [MatchDraft(account, (both[0],), deposits=(come,))] * 2
    with pytest.raises(ChangedElsewhere, match="the same line or entry"):
        books.write(lambda work: accept_all(work, same))
    with pytest.raises(Problem, match="in two of these deposits"):
        books.write(lambda work: make_deposits(work, [counter([payment])] * 2))
    assert books.write(lambda work: accept_all(work, ())).value == []
    verify(books)


def test_deposits_under_a_key_are_made_once(books: Office, till: Till) -> None:
    drafts = [
        counter([paid(books, till, cents).payment_id], request_key=f"key-{cents}")
        for cents in (40_00, 30_00)
    ]
    one = books.write(lambda work: make_deposits(work, drafts[:1])).value
    both = books.write(lambda work: make_deposits(work, drafts)).value
    assert [each.repeated for each in both] == [True, False]
    assert both[0].id == one[0].id
    again = books.write(lambda work: make_deposits(work, drafts)).value
    assert [each.id for each in again] == [each.id for each in both]
    verify(books)
