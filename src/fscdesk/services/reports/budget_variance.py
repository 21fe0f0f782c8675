"""Budget and actual: what the approved budget of the year says for these months, and what came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from fscdesk.models.account import AccountType
from fscdesk.models.budget import Budget, BudgetLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Cut, Lines, balances, cents_of
from fscdesk.services.reports.chart_tree import ChartAccount, chart_of, codes
from fscdesk.services.reports.earned import names_of_cut, percent
from fscdesk.services.reports.financial import RowKind
from fscdesk.services.reports.periods import Period, months_back, period_of
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """One account, of one cost centre where the report is cut; income and expense both positive.

    ``better`` is what the difference did for the practice: more income, or less cost, is
    positive. ``used`` is actual of a hundred budgeted; None where nothing was budgeted.
    """

    key: str
    kind: RowKind
    account: str
    name: str
    centre: str
    budget: Money
    actual: Money
    better: Money
    used: Decimal | None
    lines: Lines | None


@dataclass(frozen=True, slots=True)
class BudgetVariance:
    """Whole months against the approved budgets, which are named in ``budgets``."""

    period: Period
    budgets: tuple[str, ...]
    by_centre: bool
    rows: tuple[VarianceRow, ...]

    def row(self, key: str) -> VarianceRow:
        """Return a row by its key: ``total_income``, ``total_expenses``, ``net_income``."""
        return next(one for one in self.rows if one.key == key)


def budget_variance(
    work: Work, first: date, last: date, *, by_centre: bool = False
) -> BudgetVariance:
    """Compare whole months with the approved budgets of their years.

    Raises Problem without the right, for days that are not whole months, and where no approved
    budget has a line in these months.
    """
    require(work, Right.SEE_REPORTS, "see budget and actual")
    period = period_of(first, last)
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        raise Problem(
            "A budget is made by month.",
            hint="Nothing was compared. Begin on the first and end on the last day of a month.",
        )
    names, planned = _planned(work, period, by_centre=by_centre)
    if not names:
        raise Problem(
            f"No approved budget covers {period.words}.",
            hint="Nothing was compared. Approve one under Accounting, Budgets.",
        )
    by = (Cut.COST_CENTRE,) if by_centre else ()
    actual = {
        (one.account, None if not by else _text(one.keys[0])): one.cents
        for one in balances(work, first, last, by=by, closing=False)
    }
    centres = names_of_cut(work, Cut.COST_CENTRE)
    chart = chart_of(work)
    rows: list[VarianceRow] = []
    net = [0, 0]
    for kind, label in ((AccountType.INCOME, "income"), (AccountType.EXPENSE, "expenses")):
        sums = [0, 0]
        accounts = chart.of(kind)
        for one in accounts:
            keys = {centre for code, centre in (*planned, *actual) if code == one.code}
            for centre in sorted(keys, key=lambda key: (key is None, key or "")):
                plan = planned.get((one.code, centre), 0)
                came = one.sign * actual.get((one.code, centre), 0)
                where = "" if not by_centre else centres.get(centre, "No cost centre")
                lines = Lines((one.code,), first, last, closing=False, sign=one.sign)
                if by_centre:
                    lines = lines.also(Cut.COST_CENTRE, centre)
                rows.append(_row(one, where, plan, came, lines))
                sums = [sums[0] + plan, sums[1] + came]
        sign = 1 if kind is AccountType.INCOME else -1
        rows.append(_total(f"total_{label}", f"Total {label}", sums, accounts, period, sign))
        net = [net[0] + sign * sums[0], net[1] + sign * sums[1]]
    both = chart.of(AccountType.INCOME, AccountType.EXPENSE)
    rows.append(_total("net_income", "Net income", net, both, period, 1))
    return BudgetVariance(period, names, by_centre, tuple(rows))


def income_planned(work: Work, first: date, last: date) -> dict[date, Money]:
    """Return the income of approved budgets by the first day of each month that has some."""
    income = codes(chart_of(work).of(AccountType.INCOME))
    rows = work.db.execute(
        select(BudgetLine.month, func.sum(BudgetLine.amount))
        .join(Budget, Budget.id == BudgetLine.budget_id)
        .where(
            Budget.live.is_not(None),
            BudgetLine.account.in_(income),
            BudgetLine.month >= first.replace(day=1),
            BudgetLine.month <= last,
        )
        .group_by(BudgetLine.month)
    )
    return {month: Money(cents_of(cents)) for month, cents in rows}


def _planned(
    work: Work, period: Period, *, by_centre: bool
) -> tuple[tuple[str, ...], dict[tuple[str, str | None], int]]:
    """Return the names of approved budgets with lines in the period, and what they plan."""
    found = work.db.execute(
        select(
            Budget.name,
            BudgetLine.account,
            BudgetLine.cost_centre,
            BudgetLine.amount,
        )
        .join(BudgetLine, BudgetLine.budget_id == Budget.id)
        .where(
            Budget.live.is_not(None),
            BudgetLine.month >= period.first,
            BudgetLine.month < months_back(period.last.replace(day=1), -1),
        )
    )
    sums: dict[tuple[str, str | None], int] = defaultdict(int)
    names = set()
    for name, account, centre, amount in found:
        names.add(name)
        sums[account, centre if by_centre else None] += amount.cents
    return tuple(sorted(names)), dict(sums)


def _row(one: ChartAccount, centre: str, plan: int, came: int, lines: Lines) -> VarianceRow:
    sign = 1 if one.type is AccountType.INCOME else -1
    return VarianceRow(
        key=one.code,
        kind=RowKind.LINE,
        account=one.code,
        name=one.name,
        centre=centre,
        budget=Money(plan),
        actual=Money(came),
        better=Money(sign * (came - plan)),
        used=percent(came, plan),
        lines=lines,
    )


def _total(
    key: str,
    name: str,
    sums: list[int],
    accounts: tuple[ChartAccount, ...],
    period: Period,
    sign: int,
) -> VarianceRow:
    facing = -1 if accounts[0].type is AccountType.INCOME else 1
    return VarianceRow(
        key=key,
        kind=RowKind.TOTAL,
        account="",
        name=name,
        centre="",
        budget=Money(sums[0]),
        actual=Money(sums[1]),
        better=Money(sign * (sums[1] - sums[0])) if sums != [0, 0] else ZERO,
        used=percent(sums[1], sums[0]),
        lines=Lines(codes(accounts), period.first, period.last, closing=False, sign=facing),
    )


def _text(key: object) -> str | None:
    return None if key is None else str(key)
