"""The income statement: what was earned and what it cost, as it was earned or as money moved.

*Accrual* sums the lines of income and expense accounts; the entries that close a year are left
out. *Cash* is in `cash_basis`: the same books, by the money that came and went.
"""

from __future__ import annotations

import enum
from dataclasses import replace
from datetime import date

from fscdesk.models.account import AccountType
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.cash_basis import cash_rows
from fscdesk.services.reports.chart_tree import Chart, chart_of
from fscdesk.services.reports.financial import Financial, Proof, Sheet, columns_over, sums_of
from fscdesk.services.reports.periods import Compare, period_of
from fscdesk.services.work import Work

NET = "net_income"


class View(enum.StrEnum):
    """When income counts: when it was earned, or when its money came."""

    ACCRUAL = "accrual"
    CASH = "cash"


def income_statement(
    work: Work,
    first: date,
    last: date,
    *,
    view: View = View.ACCRUAL,
    compare: Compare | None = None,
    by: Cut | None = None,
) -> Financial:
    """Return the statement of a period. Income and expenses both read as positive amounts.

    Raises Problem without the right, for a period that ends before it begins, and for a
    comparison that is also cut.
    """
    require(work, Right.SEE_REPORTS, "see the income statement")
    if view is View.CASH and by is not None:
        raise Problem(
            "Money comes to the practice, not to a clinician or a cost centre.",
            hint="Nothing was counted. Cut the accrual view, or ask for provider production.",
        )
    period = period_of(first, last)
    columns = columns_over(work, period, compare, by)
    chart = chart_of(work)
    found = Financial(
        report="income",
        title="Income statement",
        columns=columns,
        rows=(),
        period=period,
        view=view.value,
        compare=compare,
    )
    if view is View.CASH:
        rows, proofs = cash_rows(work, chart, columns)
        return replace(found, title="Income statement, cash basis", rows=rows, proofs=proofs)
    both = chart.of(AccountType.INCOME, AccountType.EXPENSE)
    sheet = Sheet(columns, sums_of(work, columns, (one.code for one in both)))
    net = accrual_rows(chart, sheet)
    moved = Money(-sum(sheet.sums[0].values()))
    proof = Proof("Net income is the sum of its income and expense lines", net[0] - moved)
    parts = sum(one.cents for one in net[1:])
    proofs = (proof,)
    if by is not None:
        proofs += (Proof("The columns add up to the total", net[0] - Money(parts)),)
    return replace(found, rows=tuple(sheet.rows), proofs=proofs)


def accrual_rows(chart: Chart, sheet: Sheet) -> tuple[Money, ...]:
    """Add the rows of income and expenses; return net income of each column."""
    income, expenses = chart.of(AccountType.INCOME), chart.of(AccountType.EXPENSE)
    gross = tuple(one for one in income if not one.deducts and not one.other_income)
    deductions = tuple(one for one in income if one.deducts)
    other = tuple(one for one in income if one.other_income)
    sheet.heading("Revenue")
    sheet.accounts(gross)
    sheet.sum("gross_revenue", "Gross revenue", gross, sign=-1)
    sheet.accounts(deductions)
    sheet.sum("net_revenue", "Net revenue", (*gross, *deductions), sign=-1)
    if any(sums.get(one.code) for one in other for sums in sheet.sums):
        sheet.heading("Other income")
        sheet.accounts(other)
        sheet.sum("total_income", "Total income", income, sign=-1)
    sheet.heading("Expenses")
    sheet.accounts(expenses)
    sheet.sum("total_expenses", "Total expenses", expenses, sign=1)
    return sheet.sum(NET, "Net income", (*income, *expenses), sign=-1)
