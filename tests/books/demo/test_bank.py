"""The demo at the bank and in its books: months proved and closed, the newest left to do."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankLine
from fscdesk.models.deposit import Deposit, DepositKind
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.period import PeriodStatus
from fscdesk.models.reconciliation import BankMatch, MatchedBy, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.budgets import BudgetStatus, budgets
from fscdesk.services.accounting.closing_periods import periods
from fscdesk.services.accounting.cost_centres import cost_centres
from fscdesk.services.accounting.recurring import recurring_entries
from fscdesk.services.accounting.year_end import years
from fscdesk.services.banking.accounts import bank_accounts
from fscdesk.services.banking.matching import Reach, proposals
from fscdesk.services.banking.reconciling import reconciliations, standing
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.reports.budget_variance import budget_variance
from fscdesk.services.reports.exceptions import ExceptionKind, exceptions
from fscdesk.services.work import Work

TODAY = date(2026, 4, 15)
NEWEST = date(2026, 3, 31)
FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def demo(small_demo: Office) -> Office:
    return small_demo


def test_every_month_but_the_newest_is_proved(demo: Office) -> None:
    def look(work: Work) -> None:
        checking, savings = bank_accounts(work)
        newest, *before = reconciliations(work, checking.id)
        assert (newest.last_day, newest.status) == (NEWEST, ReconciliationStatus.OPEN)
        assert {one.status for one in before} == {ReconciliationStatus.COMPLETED}
        assert before[0].last_day == date(2026, 2, 28)
        assert before[-1].first_day == checking.starts_on
        assert savings.reconciled_to == NEWEST
        assert savings.book > savings.starts_with > ZERO

    demo.read(look)


def test_the_newest_month_is_left_to_do(demo: Office) -> None:
    def look(work: Work) -> None:
        checking = bank_accounts(work)[0]
        left = {one.amount: one for one in proposals(work, checking.id)}
        assert left[Money(61_75)].reach is Reach.NONE
        assert left[Money(-15_00)].is_complete
        lumps = [one for one in left.values() if one.reach is Reach.SEVERAL]
        assert all(len(one.alternatives) > 1 for one in lumps)
        assert len(left) == 2 + len(lumps)
        state = standing(work, reconciliations(work, checking.id)[0].id)
        assert not state.ready
        assert state.in_transit
        assert not state.before

    demo.read(look)


def test_money_came_to_the_bank_in_each_way(demo: Office) -> None:
    def look(work: Work) -> None:
        made = work.db.scalars(select(Deposit)).all()
        assert {one.kind for one in made} == {
            DepositKind.COUNTER,
            DepositKind.CARD,
            DepositKind.EFT,
        }
        assert all(bool(one.fees) is (one.kind is DepositKind.CARD) for one in made)
        assert any(one.cash for one in made)
        ways = set(work.db.scalars(select(BankMatch.by)))
        assert ways >= {MatchedBy.TRACE, MatchedBy.SLIP, MatchedBy.AMOUNT, MatchedBy.RULE}
        assert MatchedBy.SUSPENSE in ways
        slips = select(Document.id).where(Document.kind == DocumentKind.DEPOSIT_SLIP)
        assert work.db.scalars(slips).first() is not None
        assert work.db.scalars(select(BankLine.id).where(BankLine.trace != "")).first()

    demo.read(look)


def test_exceptions_have_something_of_each_kind_of_the_bank(demo: Office) -> None:
    found = {one.kind for one in demo.read(lambda work: exceptions(work, TODAY))}
    assert found >= {
        ExceptionKind.REMITTANCE_WITHOUT_MONEY,
        ExceptionKind.MONEY_WITHOUT_REMITTANCE,
        ExceptionKind.POSTED_NOT_DEPOSITED,
        ExceptionKind.DEPOSITED_NOT_BANKED,
        ExceptionKind.BANKED_NOT_POSTED,
    }


def test_months_are_closed_up_to_two_months_ago(demo: Office) -> None:
    def look(work: Work) -> None:
        for one in periods(work):
            shut = one.month <= FEBRUARY
            assert (one.status is PeriodStatus.CLOSED) is shut, one.month
        last = next(one for one in years(work) if one.year == TODAY.year - 1)
        assert last.number is not None
        assert not balance(work, "3090")

    demo.read(look)


NOBODY = "No cost centre"


def test_the_books_are_planned(demo: Office) -> None:
    def look(work: Work) -> None:
        assert [one.status for one in budgets(work)] == [BudgetStatus.APPROVED] * 2
        assert len(cost_centres(work)) == 2
        assert sum(one.providers for one in cost_centres(work)) > 5
        due = [one.name for one in recurring_entries(work) if one.due]
        assert due == ["Insurance, one month"]
        found = budget_variance(work, date(2026, 1, 1), NEWEST, by_centre=True)
        assert not any(row.budget.cents % 100 for row in found.rows), "nobody plans to the cent"
        clinical = ("4010", "4020", "4030", "4900")
        assert not any(
            row.actual for row in found.rows if row.centre == NOBODY and row.account in clinical
        ), "whoever comes later has a cost centre too"
        shared = [row for row in found.rows if row.account in ("7400", "7500", "7600")]
        assert {row.centre for row in shared} == {NOBODY}, "planned where it is booked"

    demo.read(look)
