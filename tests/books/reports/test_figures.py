"""Revenue, payers, production, reasons, rates and budgets, each added up to the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.budget import Budget, BudgetLine, BudgetStatus
from fscdesk.models.cost_centre import (
    BEGINNING,
    CostCentre,
    CostCentreKind,
    ProviderCostCentre,
)
from fscdesk.models.ledger import EntryKind
from fscdesk.models.provider import Provider
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.reports.adjustments_by_reason import adjustments_by_reason
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.budget_variance import BudgetVariance, budget_variance
from fscdesk.services.reports.earned import Earned, earned
from fscdesk.services.reports.figure_tables import earned_table
from fscdesk.services.reports.financial_tables import (
    CENTRES_IN_FORCE,
    financial_table,
    variance_table,
)
from fscdesk.services.reports.income_statement import NO_COSTS, income_statement
from fscdesk.services.reports.periods import Period
from fscdesk.services.reports.rates import claim_rates, collection_rates, dso_by_month
from fscdesk.services.work import Work
from tests.support.books_kept import (
    APRIL,
    MARCH,
    behind,
    entry,
    keep_books,
    not_behind,
    taken_off,
    told,
)
from tests.support.payments import Till

BOTH = (MARCH[0], APRIL[1])


@pytest.fixture
def till(books: Office) -> Till:
    return keep_books(books)


def by(books: Office, cut: Cut, *days: date) -> Earned:
    return books.read(lambda work: earned(work, *(days or BOTH), by=cut))


def centre(work: Work) -> None:
    """Two cost centres; the only clinician belongs to the first."""
    for code, name in (("EAST", "East office"), ("HQ", "Head office")):
        work.db.add(CostCentre(code=code, name=name, kind=CostCentreKind.CLINICAL))
    work.db.flush()
    one = work.db.scalars(select(Provider.id)).one()
    work.db.add(ProviderCostCentre(provider_id=one, cost_centre="EAST", from_day=BEGINNING))


def test_revenue_by_service_is_that_of_the_income_statement(books: Office, till: Till) -> None:
    found = by(books, Cut.CODE)
    (row,) = found.rows
    assert (row.key, row.units, row.charged, row.net) == ("90837", 3, Money(480_00), Money(480_00))
    assert (row.by_clients, row.by_payers, row.share) == (Money(30_00), Money(), Decimal("100.0"))
    statement = books.read(lambda work: income_statement(work, *BOTH))
    assert found.total.net == statement.amount("net_revenue")
    assert found.ties


def test_units_stand_in_the_month_of_their_revenue(books: Office, till: Till) -> None:
    """The sessions of March were entered in April; both their money and their units are March's."""
    assert [(row.units, row.net) for row in by(books, Cut.CODE, *MARCH).rows] == [
        (3, Money(480_00))
    ]
    assert [row.units for row in by(books, Cut.CODE, *APRIL).rows] == [0]


def test_payer_mix_has_those_without_a_payer(books: Office, till: Till) -> None:
    found = by(books, Cut.PAYER)
    assert [(row.name, row.units, row.charged.plain(), str(row.share)) for row in found.rows] == [
        ("Example East", 2, "320.00", "66.7"),
        ("Clients (no payer)", 1, "160.00", "33.3"),
    ]
    assert found.total.charged == Money(480_00)


@pytest.mark.parametrize("cut", [Cut.CODE, Cut.PAYER, Cut.PROVIDER, Cut.COST_CENTRE])
def test_every_figure_names_its_lines(books: Office, till: Till, cut: Cut) -> None:
    books.write(centre)
    books.write(lambda work: entry(work, date(2026, 3, 20), "1000", "4010", 11_00))
    found = by(books, cut)
    assert found.ties

    def wrong(work: Work) -> list[str]:
        return [
            f"{row.name} {what}"
            for row in (*found.rows, found.total)
            for what, lines in row.drills.items()
            if behind(work, lines) != getattr(row, what)
        ]

    assert books.read(wrong) == []


def test_an_entry_without_a_charge_stands_by_itself(books: Office, till: Till) -> None:
    books.write(lambda work: entry(work, date(2026, 3, 20), "1000", "4010", 11_00))
    rows = {row.key: (row.name, row.net.plain()) for row in by(books, Cut.CODE).rows}
    assert rows[""] == ("No charge", "11.00")


def test_a_clinicians_revenue_is_its_cost_centres(books: Office, till: Till) -> None:
    books.write(centre)
    books.write(lambda work: entry(work, date(2026, 3, 2), "7000", "1000", 40_00, centre="HQ"))
    found = books.read(lambda work: income_statement(work, *MARCH, by=Cut.COST_CENTRE))
    assert [column.title for column in found.columns] == [
        "Total",
        "East office",
        "Head office",
        "No cost centre",
    ]
    assert [amount.plain() for amount in found.rows[-1].amounts] == [
        "215.00",
        "480.00",
        "-40.00",
        "-225.00",
    ]
    assert found.ties
    assert books.read(lambda work: not_behind(work, found)) == []
    (east,) = [row for row in by(books, Cut.COST_CENTRE).rows if row.key == "EAST"]
    assert (east.units, east.net) == (3, Money(480_00))
    told = books.read(
        lambda work: [
            financial_table(work, found).notes,
            earned_table(work, earned(work, *MARCH, by=Cut.COST_CENTRE)).notes,
        ]
    )
    assert [notes[-1] for notes in told] == [CENTRES_IN_FORCE] * 2
    by_clinician = books.read(lambda work: income_statement(work, *MARCH, by=Cut.PROVIDER))
    assert CENTRES_IN_FORCE not in books.read(
        lambda work: financial_table(work, by_clinician).notes
    )


def test_income_by_clinician(books: Office, till: Till) -> None:
    found = books.read(lambda work: income_statement(work, *MARCH, by=Cut.PROVIDER))
    assert [column.title for column in found.columns] == ["Total", "Mockley O'Sample"]
    assert told(found, 1)["net_revenue"] == "480.00"
    assert "net_income" not in told(found), "rent has no clinician: nothing is left to say of costs"
    assert found.rows[-1].key == "net_revenue"
    assert found.notes == (NO_COSTS,)
    assert found.ties


def test_reasons_come_to_what_the_accounts_moved(books: Office, till: Till) -> None:
    taken_off(books, till.own, 10_00, AdjustmentKind.COURTESY, on=APRIL[0])
    taken_off(
        books,
        till.copays[0],
        20_00,
        AdjustmentKind.CONTRACTUAL,
        on=APRIL[0],
        codes=("CO", "45"),
    )
    back = taken_off(books, till.own, 5_00, AdjustmentKind.COURTESY, on=APRIL[0])
    books.write(lambda work: reverse(work, back, on=APRIL[0], reason="wrong"))
    books.write(lambda work: entry(work, date(2026, 4, 2), "4910", "1000", 3_00))
    found = books.read(lambda work: adjustments_by_reason(work, *APRIL))
    assert [
        (row.account, row.kind, row.group, row.code, row.lines, row.reversed, row.amount.plain())
        for row in found.rows
    ] == [
        ("4900", "Contractual adjustment", "CO", "45", 1, 0, "20.00"),
        ("4910", "Courtesy", "", "", 3, 1, "10.00"),
        ("4910", "Entered in the books", "", "", 1, 0, "3.00"),
    ]
    assert found.rows[0].words
    assert (found.total, found.ties) == (Money(33_00), True)
    assert books.read(lambda work: behind(work, found.drill)) == found.total
    mix = by(books, Cut.PAYER)
    assert (mix.rows[0].taken_off, mix.total.taken_off) == (Money(20_00), Money(33_00))


def test_a_closing_is_no_adjustment(books: Office, till: Till) -> None:
    books.write(lambda work: entry(work, date(2026, 4, 2), "4910", "1000", 3_00))
    kind = EntryKind.CLOSING
    books.write(lambda work: entry(work, date(2026, 4, 30), "3100", "4910", 3_00, kind=kind))
    found = books.read(lambda work: adjustments_by_reason(work, *APRIL))
    assert (found.total, found.ties) == (Money(3_00), True)


def test_collection_rate_by_month_of_service(books: Office, till: Till) -> None:
    found = books.read(lambda work: collection_rates(work, *BOTH, as_of=APRIL[1]))
    (march,) = found.rows
    assert (march.month, march.charged, march.paid) == (MARCH[0], Money(480_00), Money(30_00))
    assert (march.gross, march.net, march.left) == (Decimal("6.3"), Decimal("6.3"), Money(450_00))
    before = books.read(lambda work: collection_rates(work, *BOTH, as_of=date(2026, 4, 9)))
    assert before.total.paid == Money()


def test_days_in_receivables_month_by_month(books: Office, till: Till) -> None:
    march, april = books.read(lambda work: dso_by_month(work, MARCH[0], date(2026, 4, 12)))
    assert (march.day, march.open, march.charged) == (MARCH[1], Money(480_00), Money(480_00))
    assert (march.dso, april.dso) == (Decimal("90.0"), Decimal("82.0"))
    assert april.day == date(2026, 4, 12)


def test_rates_of_claims_are_unknown_where_none_was_sent(books: Office, till: Till) -> None:
    found = books.read(lambda work: claim_rates(work, *MARCH))
    assert [(row.day, row.denied, row.clean) for row in found] == [(MARCH[1], None, None)]


def budget(work: Work, *, live: bool = True) -> None:
    """Plan March: 500.00 of revenue, 180.00 of rent (100.00 of it for the head office)."""
    centre(work)
    plan = Budget(
        name="Plan 2026",
        first_month=date(2026, 1, 1),
        status=BudgetStatus.APPROVED if live else BudgetStatus.DRAFT,
        live=date(2026, 1, 1) if live else None,
        made_by=work.actor.staff_id,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    work.db.add(plan)
    work.db.flush()
    for account, where, month, cents in (
        ("4010", "EAST", date(2026, 3, 1), 500_00),
        ("7000", "HQ", date(2026, 3, 1), 100_00),
        ("7000", None, date(2026, 3, 1), 80_00),
        ("7000", None, date(2026, 4, 1), 999_00),
    ):
        work.db.add(
            BudgetLine(
                budget_id=plan.id,
                account=account,
                cost_centre=where,
                month=month,
                amount=Money(cents),
            )
        )


def compared(books: Office, *, by_centre: bool = False) -> BudgetVariance:
    return books.read(lambda work: budget_variance(work, *MARCH, by_centre=by_centre))


def test_budget_and_actual_of_a_month(books: Office, till: Till) -> None:
    books.write(budget)
    found = compared(books)
    assert [
        (row.key, row.budget.plain(), row.actual.plain(), row.better.plain(), str(row.used))
        for row in found.rows
    ] == [
        ("4010", "500.00", "480.00", "-20.00", "96.0"),
        ("total_income", "500.00", "480.00", "-20.00", "96.0"),
        ("7000", "180.00", "200.00", "-20.00", "111.1"),
        ("7300", "0.00", "25.00", "-25.00", "None"),
        ("total_expenses", "180.00", "225.00", "-45.00", "125.0"),
        ("net_income", "320.00", "255.00", "-65.00", "79.7"),
    ]
    assert found.budgets == ("Plan 2026",)

    def wrong(work: Work) -> list[str]:
        return [
            row.key for row in found.rows if row.lines and behind(work, row.lines) != row.actual
        ]

    assert books.read(wrong) == []


def test_a_month_that_runs_says_how_much_of_it_is_over(books: Office, till: Till) -> None:
    books.write(budget)
    words = books.read(
        lambda work: variance_table(work, replace(compared(books), period=Period(*APRIL))).filters
    )
    gone = "12 of 30 days, 40 %"
    assert words[-1] == f"Not over: actual until 04/12/2026 ({gone}), budget of whole months"
    over = books.read(lambda work: variance_table(work, compared(books)).filters)
    assert not any(one.startswith("Not over") for one in over)


def test_budget_by_cost_centre(books: Office, till: Till) -> None:
    books.write(budget)
    rows = {
        (row.key, row.centre): (row.budget.plain(), row.actual.plain())
        for row in compared(books, by_centre=True).rows
    }
    assert rows["4010", "East office"] == ("500.00", "480.00")
    assert rows["7000", "Head office"] == ("100.00", "0.00")
    assert rows["7000", "No cost centre"] == ("80.00", "200.00")
    assert rows["net_income", ""] == ("320.00", "255.00")


def test_a_draft_is_no_budget_and_half_a_month_has_none(books: Office, till: Till) -> None:
    books.write(lambda work: budget(work, live=False))
    with pytest.raises(Problem, match="No approved budget covers March 2026"):
        compared(books)
    with pytest.raises(Problem, match="made by month"):
        books.read(lambda work: budget_variance(work, MARCH[0], date(2026, 3, 30)))


def test_figures_need_the_right_to_see_reports(books: Office, till: Till) -> None:
    books.write(lambda work: work.db.execute(delete(RoleRight)))
    for ask in (
        lambda work: earned(work, *MARCH, by=Cut.CODE),
        lambda work: adjustments_by_reason(work, *MARCH),
        lambda work: collection_rates(work, *MARCH),
        lambda work: dso_by_month(work, *MARCH),
        lambda work: claim_rates(work, *MARCH),
        lambda work: budget_variance(work, *MARCH),
    ):
        with pytest.raises(Problem, match="You may not"):
            books.read(ask)


def test_a_month_is_no_cut_of_what_was_earned(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="not cut by month"):
        by(books, Cut.MONTH)
