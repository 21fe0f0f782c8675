"""The income statement: what was earned and what it cost, as it was earned or as money moved.

*Accrual* sums the lines of income and expense accounts; the entries that close a year are left
out. *Cash* is in `cash_basis`: the same books, by the money that came and went.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fscdesk.models.account import AccountType
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.cash_basis import cash_rows
from fscdesk.services.reports.chart_tree import Chart, chart_of, codes
from fscdesk.services.reports.financial import (
    Financial,
    Proof,
    Sheet,
    columns_by,
    columns_over,
    sums_of,
)
from fscdesk.services.reports.periods import Compare, period_of
from fscdesk.services.work import Work

NET, NET_REVENUE = "net_income", "net_revenue"
NO_COSTS = (
    "Costs are not kept by clinician, so by clinician the statement ends with net revenue and what"
    " other income there was."
)
"""What the statement says where nothing can be said of costs."""


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
    chart = chart_of(work)
    costs = by is not Cut.PROVIDER
    types = (AccountType.INCOME, AccountType.EXPENSE) if costs else (AccountType.INCOME,)
    both = codes(chart.of(*types))
    if by is not None and compare is not None:
        raise Problem(
            "A statement is compared with another period, or cut into parts, not both.",
            hint="Nothing was counted. Ask for one of them.",
        )
    sums: Sequence[dict[str, int]] = ()
    if by is not None:
        columns, sums = columns_by(work, period, by, both)
    else:
        columns = columns_over(period, compare)
        sums = () if view is View.CASH else sums_of(work, columns, both)
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
    sheet = Sheet(columns, sums)
    net = accrual_rows(chart, sheet, costs=costs)
    moved = Money(-sum(sheet.sums[0].values()))
    proof = Proof(
        "Net income is the sum of its income and expense lines"
        if costs
        else "The last line is the sum of its income lines",
        net[0] - moved,
    )
    parts = sum(one.cents for one in net[1:])
    proofs = (proof,)
    if by is not None:
        proofs += (Proof("The columns add up to the total", net[0] - Money(parts)),)
    notes = () if costs else (NO_COSTS,)
    return replace(found, rows=tuple(sheet.rows), proofs=proofs, notes=notes)


def accrual_rows(chart: Chart, sheet: Sheet, *, costs: bool = True) -> tuple[Money, ...]:
    """Add the rows of income and expenses; return the last of them, net income.

    Without ``costs`` it is what was earned: net revenue, or total income where there is other.
    """
    income, expenses = chart.of(AccountType.INCOME), chart.of(AccountType.EXPENSE)
    gross = tuple(one for one in income if not one.deducts and not one.other_income)
    deductions = tuple(one for one in income if one.deducts)
    other = tuple(one for one in income if one.other_income)
    sheet.heading("Revenue")
    sheet.accounts(gross)
    sheet.sum("gross_revenue", "Gross revenue", gross, sign=-1)
    sheet.accounts(deductions)
    last = sheet.sum(NET_REVENUE, "Net revenue", (*gross, *deductions), sign=-1)
    if any(sums.get(one.code) for one in other for sums in sheet.sums):
        sheet.heading("Other income")
        sheet.accounts(other)
        last = sheet.sum("total_income", "Total income", income, sign=-1)
    if not costs:
        return last
    sheet.heading("Expenses")
    sheet.accounts(expenses)
    sheet.sum("total_expenses", "Total expenses", expenses, sign=1)
    return sheet.sum(NET, "Net income", (*income, *expenses), sign=-1)
