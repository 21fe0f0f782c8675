"""Layouts that a person teaches: guessed, looked at, saved, used by the next file, removed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankLayout
from fscdesk.models.values import Money
from fscdesk.services.banking.layout_keeping import (
    Columns,
    DateOrder,
    first_rows,
    guessed,
    kept_layouts,
    preview,
    remove_layout,
    rename_layout,
    save_layout,
)
from fscdesk.services.banking.reading import UnknownLayout
from fscdesk.services.banking.statements import plan_statement
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.second_person import nobody

FILE = """Riverbank Fictional
Transaction Day;Payee;Reference text;Paid out;Paid in;Running balance
25/03/2026;FICTA HCCLAIMPMT;TRN*1*EFT9;;1,234.56;2,234.56
31/03/2026;MONTHLY FEE;;15.00;;2,219.56
;NO DAY;;1.00;;
"""
DATA = FILE.encode()


def mapped(name: str = "Riverbank") -> Columns:
    return replace(guessed(first_rows(DATA, "river.csv")), name=name)


def test_the_columns_are_guessed_by_their_headings() -> None:
    first = first_rows(DATA, "/downloads/river.csv")
    assert (first.name, first.heading_line, first.known_as) == ("river.csv", 2, "")
    assert first.headings[0] == "Transaction Day"
    columns = guessed(first)
    assert (columns.on, columns.words) == (0, (1, 2))
    assert (columns.amount, columns.money_in, columns.money_out) == (None, 4, 3)
    assert (columns.balance, columns.order) == (5, DateOrder.DAY_FIRST)
    read = preview(first, columns)
    assert [(one.on.day, one.amount, one.words) for one in read.lines] == [
        (25, Money(1_234_56), "FICTA HCCLAIMPMT TRN*1*EFT9"),
        (31, Money(-15_00), "MONTHLY FEE"),
    ]
    assert [one.where for one in read.findings] == ["line 5"]


def test_a_layout_reads_the_next_file_and_is_forgotten(books: Office) -> None:
    with pytest.raises(UnknownLayout):
        books.read(lambda work: plan_statement(work, "river.csv", DATA))
    ident = books.write(
        lambda work: save_layout(work, first_rows(DATA, "river.csv"), mapped())
    ).value
    (kept,) = books.read(kept_layouts)
    assert (kept.id, kept.name, kept.columns) == (ident, "Riverbank", mapped())
    assert kept.headings.startswith("Transaction Day,Payee")
    plan = books.read(lambda work: plan_statement(work, "april.csv", DATA))
    assert (plan.layout, len(plan.lines)) == ("Riverbank", 2)
    books.write(lambda work: rename_layout(work, ident, "Riverbank checking"))
    assert books.read(lambda work: plan_statement(work, "a.csv", DATA)).layout == (
        "Riverbank checking"
    )
    was = books.write(lambda work: remove_layout(work, ident)).value
    assert was.name == "Riverbank checking"
    assert books.read(kept_layouts) == ()
    with pytest.raises(UnknownLayout):
        books.read(lambda work: plan_statement(work, "april.csv", DATA))


def test_the_same_headings_are_one_layout_and_no_line_is_kept(books: Office) -> None:
    first = first_rows(DATA, "river.csv")
    one = books.write(lambda work: save_layout(work, first, mapped())).value
    flipped = replace(mapped("Other"), money_in=3, money_out=4)
    assert books.write(lambda work: save_layout(work, first, flipped)).value == one
    (row,) = books.read(
        lambda work: work.db.execute(select(BankLayout.name, BankLayout.sample)).all()
    )
    assert row.name == "Other"
    assert "FICTA" not in row.sample


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "name"),
        ({"name": "chase checking"}, "already"),
        ({"money_in": None}, "one column, or two"),
        ({"amount": 4}, "one column, or two"),
        ({"words": ()}, "words are missing"),
        ({"on": 1}, "Not one line of river.csv"),
        ({"words": (9,)}, "not in the file"),
    ],
)
def test_what_makes_no_sense_is_refused(
    books: Office, change: dict[str, object], words: str
) -> None:
    columns = replace(mapped(), **change)  # type: ignore[arg-type]
    with pytest.raises(Problem, match=words):
        books.write(lambda work: save_layout(work, first_rows(DATA, "river.csv"), columns))
    assert books.read(kept_layouts) == ()


def test_two_layouts_cannot_have_one_name(books: Office) -> None:
    books.write(lambda work: save_layout(work, first_rows(DATA, "river.csv"), mapped()))
    other = first_rows(b"Date,What,Amount\n03/01/2026,X,1.00\n", "other.csv")
    columns = replace(guessed(other), name="RIVERBANK", words=(1,))
    with pytest.raises(Problem, match="There is a layout"):
        books.write(lambda work: save_layout(work, other, columns))
    ident = books.write(lambda work: save_layout(work, other, replace(columns, name="Brook"))).value
    with pytest.raises(Problem, match="There is a layout"):
        books.write(lambda work: rename_layout(work, ident, "riverbank"))


def test_what_is_no_table_is_not_mapped() -> None:
    with pytest.raises(Problem, match="is an OFX file"):
        first_rows(b"OFXHEADER:100\n\n<OFX></OFX>", "bank.qfx")
    with pytest.raises(Problem, match="no row of headings, and no line"):
        first_rows(b"a,b\nc,d\n", "bank.csv")
    known = first_rows(b"Date,Description,Amount,Running Bal.\n03/04/2026,X,1.00,1.00\n", "b.csv")
    assert known.known_as == "Bank of America"


def test_who_may_not_reconcile_teaches_nothing(books: Office) -> None:
    stranger = nobody(books)
    first = first_rows(DATA, "river.csv")
    for act in (
        lambda work: save_layout(work, first, mapped()),
        lambda work: rename_layout(work, 1, "x"),
        lambda work: remove_layout(work, 1),
    ):
        with pytest.raises(Problem):
            stranger.write(act)
