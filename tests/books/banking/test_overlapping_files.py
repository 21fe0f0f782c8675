"""Files of each bank that overlap add nothing twice, and equal lines of one file are all kept.

And what a plan says of a file, line by line and match by match, is what taking it then does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.bank import BankLine
from fscdesk.models.reconciliation import BankMatchLine
from fscdesk.models.values import Money
from fscdesk.services.banking.layout_keeping import first_rows, save_layout
from fscdesk.services.banking.layouts import Columns
from fscdesk.services.banking.statement_matches import (
    PlannedFate,
    TakenStatement,
    planned_fates,
    take_statement,
)
from fscdesk.services.banking.statement_plan import LineVerdict, StatementPlan
from fscdesk.services.banking.statements import plan_statement
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.spreadsheets.moments import DateOrder
from fscdesk.services.work import Work
from tests.support.bank_month import HEADING, bank_month

NewBooks = Callable[[], AbstractContextManager[Office]]


class Row(NamedTuple):
    """A line as the bank holds it: ``ident`` is what it calls it for good."""

    day: int
    cents: int
    words: str
    ident: int


def _plain(row: Row) -> str:
    return Money(row.cents).plain()


def chase(rows: Sequence[Row]) -> str:
    """Newest first, each row one comma longer than the heading."""
    lines = [
        f'{"CREDIT" if row.cents > 0 else "DEBIT"},03/{row.day:02d}/2026,"{row.words}",'
        f"{_plain(row)},ACH,,,"
        for row in reversed(rows)
    ]
    return "\n".join([HEADING, *lines, ""])


def bank_of_america(rows: Sequence[Row]) -> str:
    """A summary above the table, and a balance beside each line."""
    held, lines = 500_000, list[str]()
    for row in rows:
        held += row.cents
        lines.append(f'03/{row.day:02d}/2026,"{row.words}","{_plain(row)}","{Money(held).plain()}"')
    came = sum(row.cents for row in rows if row.cents > 0)
    first, last = rows[0].day, rows[-1].day
    return "\n".join(
        [
            "Description,,Summary Amt.",
            f'Beginning balance as of 03/{first:02d}/2026,,"5,000.00"',
            f'Total credits,,"{Money(came).plain()}"',
            f'Total debits,,"{Money(held - 500_000 - came).plain()}"',
            f'Ending balance as of 03/{last:02d}/2026,,"{Money(held).plain()}"',
            "",
            "Date,Description,Amount,Running Bal.",
            f'03/{first:02d}/2026,"Beginning balance as of 03/{first:02d}/2026",,"5,000.00"',
            *lines,
            "",
        ]
    )


def wells_fargo(rows: Sequence[Row]) -> str:
    """No heading at all."""
    lines = [f'"03/{row.day:02d}/2026","{_plain(row)}","*","","{row.words}"' for row in rows]
    return "\n".join([*lines, ""])


def mapped(rows: Sequence[Row]) -> str:
    """A bank that nobody knows: days first, money out and in apart."""
    lines = [
        f"{row.day:02d}/03/2026,{row.words},"
        + (f",{_plain(row)}" if row.cents > 0 else f"{_plain(row).removeprefix('-')},")
        for row in rows
    ]
    return "\n".join(["Booked,What for,Out,In", *lines, ""])


def ofx(rows: Sequence[Row]) -> str:
    """The bank's own name of each line beside it."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>202603{row.day:02d}<TRNAMT>{_plain(row)}"
        f"<FITID>F{row.ident}<NAME>{row.words}</STMTTRN>"
        for row in rows
    )
    return (
        "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>0000001234"
        f"</BANKACCTFROM><BANKTRANLIST>{lines}</BANKTRANLIST></STMTRS></OFX>"
    )


BANKS: Final[Mapping[str, tuple[Callable[[Sequence[Row]], str], str]]] = {
    "Chase": (chase, "csv"),
    "Bank of America": (bank_of_america, "csv"),
    "Wells Fargo": (wells_fargo, "csv"),
    "mapped": (mapped, "csv"),
    "OFX": (ofx, "ofx"),
    "QFX": (ofx, "qfx"),
}
MONTH: Final = (
    Row(3, 57_50, "FICTA CLAIM PAYMENT", 1),
    Row(4, 20_00, "DEPOSIT", 2),
    Row(4, 20_00, "DEPOSIT", 3),
    Row(9, -15_00, "MONTHLY SERVICE FEE", 4),
    Row(9, 20_00, "DEPOSIT", 5),
    Row(17, -42_17, "FICTIONAL VENDOR", 6),
)


def learn(books: Office, bank: str) -> None:
    """Teach the columns of the bank that nobody knows."""
    if bank != "mapped":
        return
    columns = Columns(
        "Riverbank", on=0, words=(1,), money_in=3, money_out=2, order=DateOrder.DAY_FIRST
    )
    first = first_rows(mapped(MONTH).encode(), "first.csv")
    books.write(lambda work: save_layout(work, first, columns))


class Reader:
    """Reads files of one bank, and holds each plan against what taking it does."""

    def __init__(self, books: Office, bank: str) -> None:
        self.books, self.count = books, 0
        self.write, self.form = BANKS[bank]
        learn(books, bank)

    def reads(self, rows: Sequence[Row]) -> StatementPlan:
        """Read some days of the bank; return what its plan said."""
        self.count += 1
        name, data = f"{self.count}.{self.form}", self.write(rows).encode()
        plan, fates = self.books.read(lambda work: _foreseen(work, name, data))
        before = stored(self.books)
        done = self.books.write(lambda work: take_statement(work, name, data)).value
        self.holds(plan, fates, done, before)
        return plan

    def holds(
        self,
        plan: StatementPlan,
        fates: Sequence[PlannedFate],
        done: TakenStatement,
        before: Counter[tuple[date, int, str]],
    ) -> None:
        """Hold a plan against what was done."""
        assert done.applied.plan.lines == plan.lines
        assert plan.read == plan.created + plan.unchanged + plan.skipped
        new = Counter(
            (one.line.on, one.line.amount.cents, one.line.words)
            for one in plan.lines
            if one.verdict is LineVerdict.NEW
        )
        assert stored(self.books) - before == new
        assert before - stored(self.books) == Counter()
        said = Counter(
            (one.line.on, one.line.amount.cents, one.line.words)
            for one in plan.lines
            if one.line.position in {fate.position for fate in fates if fate.matched}
        )
        made = self.books.read(lambda work: _matched(work, done.applied.statement_id))
        assert made == said
        assert (plan.credits + plan.debits).cents == sum(
            cents * count for (_on, cents, _words), count in new.items()
        )


def _foreseen(work: Work, name: str, data: bytes) -> tuple[StatementPlan, tuple[PlannedFate, ...]]:
    plan = plan_statement(work, name, data)
    return plan, planned_fates(work, plan)


def _matched(work: Work, statement_id: int | None) -> Counter[tuple[date, int, str]]:
    """The lines of a file that are matched now."""
    if statement_id is None:
        return Counter()
    lines = (
        select(BankLine.on, BankLine.amount, BankLine.words)
        .join(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .where(BankLine.statement_id == statement_id)
    )
    return Counter((row.on, row.amount.cents, row.words) for row in work.db.execute(lines))


def stored(books: Office) -> Counter[tuple[date, int, str]]:
    """What of the bank is in the books."""
    lines = select(BankLine.on, BankLine.amount, BankLine.words).where(BankLine.live.is_(True))
    return books.read(
        lambda work: Counter(
            (row.on, row.amount.cents, row.words) for row in work.db.execute(lines)
        )
    )


def counts(plan: StatementPlan) -> tuple[int, int, int, int]:
    """Lines read, new, known, left out."""
    return plan.read, plan.created, plan.unchanged, plan.skipped


@pytest.mark.parametrize("bank", [*BANKS])
def test_what_overlaps_adds_nothing_twice(books: Office, bank: str) -> None:
    reader = Reader(books, bank)
    assert counts(reader.reads(MONTH[:4])) == (4, 4, 0, 0)
    assert counts(reader.reads(MONTH[1:])) == (5, 2, 3, 0)
    assert counts(reader.reads(MONTH)) == (6, 0, 6, 0)
    assert sum(stored(books).values()) == len(MONTH)


@pytest.mark.parametrize("bank", [*BANKS])
def test_equal_lines_of_one_file_are_all_kept(books: Office, bank: str) -> None:
    reader = Reader(books, bank)
    twice = MONTH[1:3]
    assert counts(reader.reads(twice)) == (2, 2, 0, 0)
    assert counts(reader.reads(twice)) == (2, 0, 2, 0)
    third = [*twice, twice[0]._replace(ident=9)]
    assert counts(reader.reads(third)) == (3, 1, 2, 0)
    assert list(stored(books).values()) == [3]


LINES = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.sampled_from((20_00, 20_00, -15_00, 57_50)),
        st.sampled_from(("DEPOSIT", "DEPOSIT", "FICTA CLAIM PAYMENT")),
    ),
    min_size=1,
    max_size=12,
)
SPANS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 8)), min_size=1, max_size=5)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bank=st.sampled_from([*BANKS]), lines=LINES, spans=SPANS)
def test_whatever_days_are_read_in_whatever_order_each_line_is_there_once(
    new_books: NewBooks, bank: str, lines: list[tuple[int, int, str]], spans: list[tuple[int, int]]
) -> None:
    """A file has whole days; equal lines of a day are that many lines, however often it is read."""
    month = [Row(*one, ident) for ident, one in enumerate(sorted(lines), start=1)]
    read = set[int]()
    with new_books() as books:
        reader = Reader(books, bank)
        for first, more in spans:
            days = range(first, first + more + 1)
            some = [row for row in month if row.day in days]
            if some:
                reader.reads(some)
                read.update(days)
        there = Counter(
            (date(2026, 3, row.day), row.cents, row.words) for row in month if row.day in read
        )
        assert stored(books) == there


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.lists(st.integers(1, 59), max_size=3), back=st.integers(0, 12))
def test_the_matches_of_a_plan_are_those_that_taking_it_makes(
    new_books: NewBooks, cuts: list[int], back: int
) -> None:
    """The month of sixty lines with what it belongs to, in files that overlap."""
    with new_books() as books:
        rows = books.write(bank_month).value.csv.splitlines()[1:]
        rows.reverse()
        reader = Reader(books, "Chase")
        matched = 0
        edges = [0, *sorted(set(cuts)), len(rows)]
        for first, last in pairwise(edges):
            part = rows[max(0, first - back) : last]
            data = "\n".join([HEADING, *reversed(part), ""]).encode()
            name = f"{last}.csv"
            plan, fates = books.read(lambda work, n=name, d=data: _foreseen(work, n, d))  # type: ignore[misc]
            before = stored(books)
            done = books.write(lambda work, n=name, d=data: take_statement(work, n, d)).value  # type: ignore[misc]
            reader.holds(plan, fates, done, before)
            matched += done.matched
        assert sum(stored(books).values()) == 60
        assert matched > 40
        report = books.read(run_checks)
        assert report.ok, [(one.name, one.offenders) for one in report.checks if not one.ok]
