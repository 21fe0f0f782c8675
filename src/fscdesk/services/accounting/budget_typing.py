"""Several months of a budget in one act: copied to the right, put back as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from fscdesk.models.budget import BudgetLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.budgets import enter_budget
from fscdesk.services.work import Work

__all__ = ["Stood", "put_months"]

Stood = Mapping[date, Money]
"""What months held, by their first day: handed back to ``put_months`` it undoes the act."""


def put_months(
    work: Work, budget_id: int, account: str, amounts: Stood, *, cost_centre: str | None = None
) -> Stood:
    """Set what an account may earn or cost in these months; return what stood there before.

    Months that hold the amount already are left alone. Raises Problem as ``enter_budget`` does,
    and changes nothing then.
    """
    before = dict.fromkeys(amounts, ZERO)
    rows = work.db.execute(
        select(BudgetLine.month, BudgetLine.amount).where(
            BudgetLine.budget_id == budget_id,
            BudgetLine.account == account,
            BudgetLine.cost_centre.is_not_distinct_from(cost_centre),
            BudgetLine.month.in_(list(amounts)),
        )
    )
    for month, amount in rows:
        before[month] = before[month] + amount
    for month, amount in amounts.items():
        if amount != before[month]:
            enter_budget(work, budget_id, account, amount, month=month, cost_centre=cost_centre)
    return before
