"""Files without headings: their columns are named by place once, and known by their shape."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.layout_keeping import (
    Columns,
    first_rows,
    guessed,
    kept_layouts,
    preview,
    save_layout,
)
from fscdesk.services.banking.reading import UnknownLayout
from fscdesk.services.banking.statements import plan_statement
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office

MARCH = b"""03/02/2026,FICTA HCCLAIMPMT TRN*1*EFT9,1234.56,2234.56
03/31/2026,MONTHLY FEE,-15.00,2219.56
"""
APRIL = b"""04/02/2026,"DEPOSIT, COUNTER",40.00,2259.56
04/03/2026,CHECK 100,-9.56,2250.00
no day,REMARK,,
04/08/2026,A,1.00,2251.00
04/08/2026,B,1.00,2252.00
"""
IN_AND_OUT = b"""03/02/2026,FICTA,,1234.56
03/31/2026,MONTHLY FEE,15.00,
"""


def mapped(data: bytes = MARCH, name: str = "Brook") -> Columns:
    return replace(guessed(first_rows(data, "brook.csv")), name=name)


def test_the_columns_are_named_by_place_and_guessed_by_what_stands_there() -> None:
    first = first_rows(MARCH, "brook.csv")
    assert (first.by_place, first.heading_line, first.known_as) == (True, 0, "")
    assert first.headings == ("Column 1", "Column 2", "Column 3", "Column 4")
    assert first.shown[0] == ("03/02/2026", "FICTA HCCLAIMPMT TRN*1*EFT9", "1234.56", "2234.56")
    columns = guessed(first)
    assert (columns.on, columns.words, columns.amount, columns.balance) == (0, (1,), 2, 3)
    read = preview(first, columns)
    assert [one.amount for one in read.lines] == [Money(1_234_56), Money(-15_00)]
    assert (read.opening, read.closing) == (Money(1_000_00), Money(2_219_56))


def test_the_next_file_of_its_shape_is_read(books: Office) -> None:
    with pytest.raises(UnknownLayout):
        books.read(lambda work: plan_statement(work, "brook.csv", MARCH))
    books.write(lambda work: save_layout(work, first_rows(MARCH, "brook.csv"), mapped()))
    (kept,) = books.read(kept_layouts)
    assert (kept.columns.heading, kept.columns.width) == (False, 4)
    assert "FICTA" not in kept.headings
    plan = books.read(lambda work: plan_statement(work, "april.csv", APRIL))
    assert (plan.layout, plan.created, plan.credits, plan.debits) == (
        "Brook",
        4,
        Money(42_00),
        Money(-9_56),
    )
    assert [one.where for one in plan.findings if one.where.startswith("line")] == ["line 3"]


@pytest.mark.parametrize(
    "other",
    [
        b"FICTA,03/02/2026,1.00,2.00\nFEE,03/03/2026,1.00,3.00\n",
        b"03/02/2026,FICTA,1.00,2.00,\n",
        b"03/02/2026,FICTA,see below,2.00\n",
    ],
)
def test_a_file_of_another_shape_is_not_taken_for_it(books: Office, other: bytes) -> None:
    books.write(lambda work: save_layout(work, first_rows(MARCH, "brook.csv"), mapped()))
    with pytest.raises(UnknownLayout):
        books.read(lambda work: plan_statement(work, "other.csv", other))


def test_known_files_are_read_as_ever(books: Office) -> None:
    books.write(lambda work: save_layout(work, first_rows(MARCH, "brook.csv"), mapped()))
    wells = b'"03/04/2026","12.00","*","","WORDS"\n'
    assert first_rows(wells, "wells.csv").known_as == "Wells Fargo"
    assert books.read(lambda work: plan_statement(work, "w.csv", wells)).layout == "Wells Fargo"
    boa = b"Date,Description,Amount,Running Bal.\n03/04/2026,X,1.00,1.00\n"
    assert books.read(lambda work: plan_statement(work, "b.csv", boa)).layout == "Bank of America"


def test_a_file_that_is_mapped_again_changes_its_layout(books: Office) -> None:
    first = first_rows(MARCH, "brook.csv")
    one = books.write(lambda work: save_layout(work, first, mapped())).value
    other = replace(mapped(name="Brook savings"), flipped=True)
    assert books.write(lambda work: save_layout(work, first, other)).value == one
    plan = books.read(lambda work: plan_statement(work, "m.csv", MARCH))
    assert (plan.layout, plan.debits) == ("Brook savings", Money(-1_234_56))


def test_money_in_and_out_are_said_by_a_person(books: Office) -> None:
    first = first_rows(IN_AND_OUT, "rill.csv")
    columns = replace(guessed(first), name="Rill")
    assert columns.amount is None
    with pytest.raises(Problem, match="one column, or two"):
        books.write(lambda work: save_layout(work, first, columns))
    columns = replace(columns, money_out=2, money_in=3)
    books.write(lambda work: save_layout(work, first, columns))
    plan = books.read(lambda work: plan_statement(work, "r.csv", IN_AND_OUT))
    assert (plan.credits, plan.debits) == (Money(1_234_56), Money(-15_00))
