"""The rates of denials at the keyboard: rows, columns, appeals, and what each is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.appealing import Outcome, close_appeal
from fscdesk.services.claims.denial_rates import DenialsBy
from fscdesk.services.claims.denials_counted import Counted
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.ui.tables.filter_state import Days, FilterState
from tests.support.claim_acts import TODAY, appeal_version, sent_appeal, sent_claim
from tests.support.claims import charges_of
from tests.support.focus import comes_to
from tests.support.pdf import page_texts
from tests.support.robots.denials import DenialsRobot, denials_window


@pytest.fixture
def robot(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[DenialsRobot]:
    """A person who looks at how much is denied."""
    with denials_window(qtbot, sqlite_books, tmp_path) as made:
        yield made


def answer(books: Office, *lines: EobLine) -> None:
    """The payer's check over some lines."""
    amount = sum((one.paid for one in lines), ZERO)
    check = NewPayment(amount, PaymentMethod.CHECK, TODAY, payer_id=1)
    books.write(lambda work: post_eob(work, check, list(lines)))


def half_denied(books: Office) -> None:
    """Of three services one is paid, one is denied and then paid, one stays denied."""
    sent_claim(books, sessions=3)
    charges = [charges_of(books, session)[0] for session in (1, 2, 3)]
    answer(
        books,
        EobLine(charges[0], Money(130_00)),
        EobLine(charges[1], denied="197"),
        EobLine(charges[2], denied="16"),
    )
    answer(books, EobLine(charges[1], Money(130_00)))


def test_a_row_says_how_much_is_denied_and_enter_shows_which(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    half_denied(sqlite_books)
    robot.opens_rates()
    found = {
        key: list(robot.desk.column(key))
        for key in ("name", "answered", "denied", "rate", "turned", "amount", "open")
    }
    assert found == {
        "name": ["Imaginary Blue"],
        "answered": ["3"],
        "denied": ["2"],
        "rate": ["66.7 %"],
        "turned": ["1"],
        "amount": ["320.00"],
        "open": ["130.00"],
    }
    robot.does("Return")
    assert sorted(now for _patient, _why, now in robot.lines()) == ["Denied", "Paid since"]
    comes_to(robot.rates.lines.denials.view)
    robot.does("Escape")
    assert robot.rates.lines.isHidden()
    comes_to(robot.rates.list.view)


@pytest.mark.parametrize(
    ("what", "count"),
    [(Counted.DENIED, 2), (Counted.TURNED, 1), (Counted.OPEN, 1), (Counted.ANSWERED, 3)],
)
def test_each_number_opens_as_many_lines(
    sqlite_books: Office, robot: DenialsRobot, what: Counted, count: int
) -> None:
    half_denied(sqlite_books)
    robot.opens_rates()
    robot.does("Return")
    robot.rates.lines.what.setFocus()
    comes_to(robot.rates.lines.what)
    robot.does(*["Right"] * list(Counted).index(what))
    assert robot.rates.lines.what.value() == what.value
    assert len(robot.lines()) == count
    row = robot.rates.list.view.picking.current_row.row
    assert count == {"denied": row.denied, "turned": row.turned, "answered": row.answered}.get(
        what.value, 1
    )


def test_a_line_opens_its_claim_and_the_way_back_shows_it_again(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    half_denied(sqlite_books)
    robot.opens_rates()
    robot.does("Return")
    robot.lines()
    comes_to(robot.rates.lines.denials.view)
    robot.does("Return")
    opened = robot.diary()
    assert (opened["claim"], opened["field"], opened["line"] in (2, 3)) == (1, "line_code", True)
    robot.does("Alt+Left")
    assert len(robot.lines()) == 2


def test_what_stands_in_a_row_is_chosen_by_arrow_and_columns_open_theirs(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    half_denied(sqlite_books)
    robot.opens_rates()
    names = []
    robot.rates.rows.setFocus()
    comes_to(robot.rates.rows)
    for _step in range(4):
        robot.does("Right")
        names.append(list(robot.desk.column("name")))
        assert robot.rates.list.view.picking.current_row is not None
    assert names == [
        ["90837"],
        ["Mockley O’Sample"],
        ["Data missing", "Authorization"],
        ["April 2026"],
    ]
    robot.does("Left")
    robot.desk.waits(lambda: robot.rates.shown is not None)
    robot.desk.waits(
        lambda: robot.rates.shown is not None and robot.rates.shown.by is DenialsBy.CATEGORY
    )
    assert [one.key for one in robot.rates.top.chart.marks()] == [
        "authorization",
        "information missing",
    ]
    robot.rates.top.chart.setFocus()
    comes_to(robot.rates.top.chart)
    robot.does("Right", "Return")
    assert next(why for _patient, why, _now in robot.lines()).startswith("16: ")


def test_another_period_counts_others(sqlite_books: Office, robot: DenialsRobot) -> None:
    half_denied(sqlite_books)
    robot.opens_rates()
    assert robot.rates.list.state.range("day") == Days(word="this_year")
    robot.rates.list.filter_by(FilterState().with_days("day", Days(word="last_year")))
    robot.desk.rests()
    assert robot.rates.list.model.total == 0
    robot.desk.waits(lambda: robot.rates.shown is not None and not robot.rates.shown.rows)
    empty = robot.rates.list.body.empty
    assert empty is not None
    assert empty.sentence.text() == "No payer answered anything in this period."


def test_how_appeals_ended_opens_them(sqlite_books: Office, robot: DenialsRobot) -> None:
    appeal = sent_appeal(sqlite_books)
    seen = appeal_version(sqlite_books, appeal)
    sqlite_books.write(
        lambda work: close_appeal(work, appeal, Outcome.WON, TODAY, expected_version=seen)
    )
    robot.opens_rates()
    top = robot.rates.top
    assert {key: one.said.right for key, one in top.buttons.items()} == {"won": "1"}
    assert top.back.text() == "They brought back 0.00."
    top.buttons["won"].setFocus()
    comes_to(top.buttons["won"])
    robot.does("Return")
    assert robot.lines() == [("Alma Anyone",)]
    comes_to(robot.rates.lines.appeals.view)
    robot.does("Return")
    assert robot.diary() == {"claim": 1, "tab": "appeal"}


def test_it_prints_with_the_appeals_and_follows_what_changes(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    half_denied(sqlite_books)
    robot.opens_rates()
    robot.desk.presses("Ctrl+P")
    said = " ".join(page_texts(robot.desk.looks_at_pages()))
    assert "Denials" in said
    assert "Imaginary Blue" in said
    assert "No appeal was opened." in said
    comes_to(robot.rates.list.view)
    charge = charges_of(sqlite_books, 3)[0]
    answer(sqlite_books, EobLine(charge, Money(130_00)))
    robot.does("F5")
    assert list(robot.desk.column("open")) == ["–"]
    assert list(robot.desk.column("turned")) == ["2"]
    robot.desk.waits(lambda: robot.rates.shown is not None and robot.rates.shown.total.turned == 2)


def test_the_claims_tab_says_where_a_claim_prints(robot: DenialsRobot) -> None:
    robot.desk.window.open("claims", tab="claims")
    robot.desk.rests()
    robot.does("Ctrl+P")
    assert robot.desk.said() == "A claim is printed from its page. Enter opens it."
