"""The financial statements of books that can be added up in the head, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete

from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.books import Cut, Lines, balances, drill
from fscdesk.services.reports.cash_flow import cash_flow
from fscdesk.services.reports.financial import Financial, sums_of
from fscdesk.services.reports.income_statement import View, income_statement
from fscdesk.services.reports.periods import Compare
from fscdesk.services.reports.roll_forward import COLUMNS, roll_forward
from fscdesk.services.reports.tie_out import tie_out
from fscdesk.services.reports.trial_balance import trial_balance
from fscdesk.services.work import Work
from tests.support.books_kept import (
    APRIL,
    LAST_YEAR,
    MARCH,
    behind,
    entry,
    keep_books,
    not_behind,
    told,
)

NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def kept(books: Office) -> Office:
    keep_books(books)
    return books


def close_2025(books: Office) -> int:
    """Carry the 50.00 of 2025 to retained earnings, as the year-end close does."""
    kind = EntryKind.CLOSING
    return books.write(
        lambda work: entry(work, date(2025, 12, 31), "4340", "3100", 50_00, kind=kind)
    ).value


def income(books: Office, *days: date, **how: object) -> Financial:
    return books.read(lambda work: income_statement(work, *days, **how))  # type: ignore[arg-type]


def test_income_as_it_was_earned(kept: Office) -> None:
    found = income(kept, *MARCH)
    assert told(found) == {
        "4010": "480.00",
        "gross_revenue": "480.00",
        "net_revenue": "480.00",
        "7000": "200.00",
        "7300": "25.00",
        "total_expenses": "225.00",
        "net_income": "255.00",
    }
    assert found.ties
    assert kept.read(lambda work: not_behind(work, found)) == []


def test_income_as_money_came(kept: Office) -> None:
    found = income(kept, *MARCH, view=View.CASH)
    assert told(found) == {
        "clients": "0.00",
        "payers": "0.00",
        "total_received": "0.00",
        "7000": "200.00",
        "total_paid": "200.00",
        "net_income": "-200.00",
        "1400": "-300.00",
        "change": "-500.00",
    }
    april = income(kept, *APRIL, view=View.CASH)
    assert (told(april)["clients"], told(april)["change"]) == ("42.50", "42.50")
    for one in (found, april):
        assert one.ties
        assert kept.read(lambda work, one=one: not_behind(work, one)) == []  # type: ignore[misc]


def test_every_column_of_the_cash_view_is_proved(
    kept: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = income(kept, *MARCH, view=View.CASH, compare=Compare.PREVIOUS)
    assert [one.words.rpartition(": ")[2] for one in found.proofs] == [
        "March 2026",
        "February 2026",
    ]
    assert found.ties
    assert len(income(kept, *MARCH, view=View.CASH).proofs) == 1

    def a_cent_off(*asked: Any, **how: Any) -> tuple[dict[str, int], ...]:
        first, second = sums_of(*asked, **how)
        return first, {**second, "1000": second.get("1000", 0) + 1}

    monkeypatch.setattr("fscdesk.services.reports.cash_basis.sums_of", a_cent_off)
    assert not income(kept, *MARCH, view=View.CASH, compare=Compare.PREVIOUS).ties


def test_a_deposit_is_no_income_twice(kept: Office) -> None:
    kept.write(lambda work: entry(work, date(2026, 4, 11), "1000", "1050", 42_50))
    found = told(income(kept, *APRIL, view=View.CASH))
    assert (found["clients"], found["net_income"], found["change"]) == ("42.50",) * 3


def test_money_without_a_name_is_received_and_then_named(kept: Office) -> None:
    kept.write(lambda work: entry(work, date(2026, 4, 11), "1000", "2420", 7_00))
    found = income(kept, *APRIL, view=View.CASH)
    assert (told(found)["to_identify"], told(found)["total_received"]) == ("7.00", "49.50")
    assert kept.read(lambda work: not_behind(work, found)) == []


def test_the_balance_sheet_balances(kept: Office) -> None:
    found = kept.read(lambda work: balance_sheet(work, MARCH[1]))
    assert told(found) == {
        "1000": "550.00",
        "total_cash": "550.00",
        "1100": "220.00",
        "1110": "260.00",
        "total_receivables": "480.00",
        "1400": "300.00",
        "1410": "-25.00",
        "total_fixed_assets": "275.00",
        "total_assets": "1305.00",
        "total_liabilities": "0.00",
        "3000": "1000.00",
        "earlier_years": "50.00",
        "3200": "255.00",
        "total_equity": "1305.00",
        "liabilities_and_equity": "1305.00",
    }
    assert found.ties
    assert kept.read(lambda work: not_behind(work, found)) == []


def test_what_is_owed_to_clients_is_a_liability(kept: Office) -> None:
    found = told(kept.read(lambda work: balance_sheet(work, APRIL[1])))
    notes = kept.read(lambda work: balance_sheet(work, APRIL[1], compare=Compare.PREVIOUS).notes)
    assert [note.split(": ")[1].split()[0] for note in notes] == ["437.50", "480.00"]
    assert notes[0].startswith("Receivables less unapplied credits on 04/30/2026")
    assert (found["1050"], found["2400"], found["total_liabilities"]) == ("42.50", "12.50", "12.50")
    assert found["total_assets"] == found["liabilities_and_equity"] == "1317.50"


def test_cash_flow_ends_in_the_cash_accounts(kept: Office) -> None:
    found = kept.read(lambda work: cash_flow(work, *MARCH))
    assert told(found) == {
        "net_income": "255.00",
        "without_cash": "25.00",
        "1100": "-220.00",
        "1110": "-260.00",
        "operating": "-200.00",
        "1400": "-300.00",
        "investing": "-300.00",
        "financing": "0.00",
        "change": "-500.00",
        "cash_before": "1050.00",
        "cash_after": "550.00",
    }
    assert found.ties
    words = {row.key: row.label for row in found.rows}
    assert words["1100"] == "Increase in A/R patients"
    assert words["1400"] == "Equipment", "its sign says that it was bought"
    assert kept.read(lambda work: not_behind(work, found)) == []
    january = told(kept.read(lambda work: cash_flow(work, NEW_YEAR, date(2026, 1, 31))))
    assert (january["3000"], january["financing"], january["change"]) == ("1000.00",) * 3


def test_cash_flow_leads_to_the_cash_basis(kept: Office) -> None:
    """42.50 of April is in the till: no cash yet, and collected already."""
    found = kept.read(lambda work: cash_flow(work, *APRIL))
    labels = {row.key: row.label for row in found.rows}
    assert labels["1050"] == "Increase in Undeposited funds"
    assert labels["1100"] == "Decrease in A/R patients"
    assert labels["2400"] == "Increase in Unapplied patient credits"
    money = told(income(kept, *APRIL, view=View.CASH))["change"]
    change = told(found)["change"]
    assert (change, money) == ("0.00", "42.50")
    (note,) = found.notes
    assert f"change of cash {change} and 42.50 more in undeposited funds come to {money}" in note


def test_two_periods_that_went_two_ways_are_a_change(kept: Office) -> None:
    found = kept.read(lambda work: cash_flow(work, *APRIL, compare=Compare.PREVIOUS))
    labels = {row.key: row.label for row in found.rows}
    assert labels["1100"] == "Change in A/R patients"
    assert len(found.notes) == 2


def test_equipment_bought_with_a_fee_is_an_investment(kept: Office) -> None:
    legs = (
        Leg("1400", 90_00, Part.BOOKS),
        Leg("7500", 5_00, Part.BOOKS),
        Leg("1000", -95_00, Part.BOOKS),
    )
    bought = Draft(on=date(2026, 2, 3), kind=EntryKind.MANUAL, memo="chairs", legs=legs)
    kept.write(lambda work: post(work, bought))
    found = kept.read(lambda work: cash_flow(work, date(2026, 2, 1), date(2026, 2, 28)))
    said = told(found)
    assert (said["operating"], said["investing"], found.ties) == ("-5.00", "-90.00", True)
    assert "without_cash" not in said


def test_a_closed_year_still_shows_what_it_earned(kept: Office) -> None:
    closing = close_2025(kept)
    assert told(income(kept, *LAST_YEAR))["net_income"] == "50.00"
    assert income(kept, *LAST_YEAR).ties
    sheet = told(kept.read(lambda work: balance_sheet(work, MARCH[1])))
    assert (sheet["3100"], sheet["3200"]) == ("50.00", "255.00")
    assert "earlier_years" not in sheet
    assert sheet["total_equity"] == sheet["total_assets"]
    flow = kept.read(lambda work: cash_flow(work, *LAST_YEAR))
    assert (told(flow)["net_income"], told(flow)["change"], flow.ties) == ("50.00", "50.00", True)
    found = income(kept, *LAST_YEAR)
    assert kept.read(lambda work: not_behind(work, found)) == []
    kept.write(lambda work: reverse(work, closing, on=date(2025, 12, 31), reason="too early"))
    assert told(income(kept, *LAST_YEAR))["net_income"] == "50.00"
    again = told(kept.read(lambda work: balance_sheet(work, MARCH[1])))
    assert (again["earlier_years"], "3100" in again) == ("50.00", False)


def test_on_the_last_day_of_a_closed_year_nothing_is_left_to_earn(kept: Office) -> None:
    close_2025(kept)
    found = kept.read(lambda work: balance_sheet(work, date(2025, 12, 31)))
    assert (told(found)["3200"], told(found)["3100"], found.ties) == ("0.00", "50.00", True)


def test_a_period_stands_beside_another(kept: Office) -> None:
    found = income(kept, *MARCH, compare=Compare.PREVIOUS)
    assert [column.title for column in found.columns] == ["March 2026", "February 2026"]
    assert told(found, 1)["net_income"] == "0.00"
    year = kept.read(lambda work: balance_sheet(work, MARCH[1], compare=Compare.LAST_YEAR))
    assert [column.title for column in year.columns] == ["03/31/2026", "03/31/2025"]
    assert year.amount("total_assets", 1) == Money()
    flow = kept.read(lambda work: cash_flow(work, *MARCH, compare=Compare.PREVIOUS))
    assert (told(flow, 1)["cash_after"], flow.ties) == ("1050.00", True)


def test_both_sides_of_the_trial_balance_are_equal(kept: Office) -> None:
    found = kept.read(lambda work: trial_balance(work, MARCH[1], compare=Compare.PREVIOUS))
    assert {row.account: row.balance.plain() for row in found.rows} == {
        "1000": "550.00",
        "1100": "220.00",
        "1110": "260.00",
        "1400": "300.00",
        "1410": "-25.00",
        "3000": "-1000.00",
        "4010": "-480.00",
        "4340": "-50.00",
        "7000": "200.00",
        "7300": "25.00",
    }
    assert (found.debit, found.credit, found.ties) == (Money(1555_00), Money(1555_00), True)
    assert (found.before, found.rows[0].before) == (date(2026, 2, 28), Money(1050_00))
    assert kept.read(lambda work: all(behind(work, row.lines) == row.balance for row in found.rows))


def test_receivables_roll_forward(kept: Office) -> None:
    found = kept.read(lambda work: roll_forward(work, MARCH[0], APRIL[1]))
    titles = [key for key, _title, _parts in COLUMNS]
    moved = dict(zip(titles, (one.plain() for one in found.total.moved), strict=True))
    assert moved == {
        "charges": "480.00",
        "payments": "-42.50",
        "adjustments": "0.00",
        "returned": "0.00",
        "moved": "0.00",
        "other": "0.00",
    }
    rows = {row.account: (row.opening.plain(), row.closing.plain()) for row in found.rows}
    assert rows == {
        "1100": ("0.00", "190.00"),
        "1110": ("0.00", "260.00"),
        "2400": ("0.00", "-12.50"),
    }
    assert (found.ties, found.difference, found.tie.aging) == (True, Money(), Money(437_50))

    def wrong(work: Work) -> list[str]:
        return [
            row.name
            for row in (*found.rows, found.total)
            for amount, lines in zip(row.moved, row.drills, strict=True)
            if behind(work, lines) != amount
        ]

    assert kept.read(wrong) == []


def test_the_three_figures_tie(kept: Office) -> None:
    for day, whole in ((MARCH[1], "480.00"), (APRIL[1], "437.50")):
        found = kept.read(lambda work, day=day: tie_out(work, day))  # type: ignore[misc]
        assert (found.ties, found.ledger.plain()) == (True, whole)


def test_a_manual_line_on_a_receivable_does_not_tie(kept: Office) -> None:
    kept.write(lambda work: entry(work, date(2026, 3, 20), "1100", "4010", 9_00))
    found = kept.read(lambda work: tie_out(work, MARCH[1]))
    assert (found.ties, found.difference) == (False, Money(-9_00))
    assert "9.00 on 1100" in found.tie.offenders[0]
    assert not kept.read(lambda work: roll_forward(work, *MARCH)).ties


def test_a_number_names_its_lines_in_pages(kept: Office) -> None:
    def look(work: Work) -> None:
        which = Lines(("1000",), None, APRIL[1])
        first = drill(work, which, Span(0, 3, "day"))
        rest = drill(work, which, Span(3, 3, "day"))
        assert (first.total, len(first.rows), len(rest.rows)) == (4, 3, 1)
        assert first.totals == rest.totals == {"amount": Money(550_00)}
        assert [line.day for line in first.rows] == sorted(line.day for line in first.rows)
        (last,) = rest.rows
        assert (last.amount, last.memo, last.kind) == (
            Money(-300_00),
            "by hand",
            EntryKind.MANUAL,
        )
        down = drill(work, which, Span(0, 1, "day", descending=True))
        assert down.rows == (last,)

    kept.read(look)


def test_sums_by_month(kept: Office) -> None:
    found = kept.read(
        lambda work: balances(work, NEW_YEAR, APRIL[1], accounts=("1000",), by=(Cut.MONTH,))
    )
    assert [(one.keys, one.cents) for one in found] == [
        (("2026-01",), 1_000_00),
        (("2026-03",), -500_00),
    ]


def test_what_cannot_be_is_refused(kept: Office) -> None:
    with pytest.raises(Problem, match="before it begins"):
        income(kept, MARCH[1], MARCH[0])
    with pytest.raises(Problem, match="not both"):
        income(kept, *MARCH, compare=Compare.PREVIOUS, by=Cut.PROVIDER)
    with pytest.raises(Problem, match="not cut by payer"):
        income(kept, *MARCH, by=Cut.PAYER)
    with pytest.raises(Problem, match="Money comes to the practice"):
        income(kept, *MARCH, view=View.CASH, by=Cut.PROVIDER)


def test_without_the_right_nothing_is_shown(kept: Office) -> None:
    kept.write(lambda work: work.db.execute(delete(RoleRight)))
    for ask in (
        lambda work: income_statement(work, *MARCH),
        lambda work: balance_sheet(work, MARCH[1]),
        lambda work: cash_flow(work, *MARCH),
        lambda work: trial_balance(work, MARCH[1]),
        lambda work: roll_forward(work, *MARCH),
        lambda work: tie_out(work, MARCH[1]),
        lambda work: drill(work, Lines((), None, MARCH[1]), Span(0, 1, "day")),
    ):
        with pytest.raises(Problem, match="You may not"):
            kept.read(ask)
