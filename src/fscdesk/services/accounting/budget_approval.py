"""Taking the approval of a budget back: it is a draft again, and what it replaced holds again."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from fscdesk.models.budget import Budget, BudgetStatus
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, require_version
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["undo_approval"]

_NOTHING: Final = "Nothing was changed."


def undo_approval(work: Work, budget_id: int, *, expected_version: int) -> str:
    """Make an approved budget a draft again; return the name of the one that holds now, or "".

    The budget that it had replaced is approved again, as it was. Raises Problem for a draft, and
    for a budget that a later one has replaced: that one's approval is taken back first.
    """
    require(work, Right.KEEP_BOOKS, "change budgets")
    same_year = select(Budget.first_month).where(Budget.id == budget_id).scalar_subquery()
    rows = select(Budget).where(Budget.first_month == same_year).order_by(Budget.id)
    all_of_year = work.db.scalars(rows.with_for_update()).all()  # as approving does
    row = locked(work, Budget, budget_id, "this budget")
    require_version(row, expected_version, "this budget")
    if row.status is BudgetStatus.CLOSED:
        later = next((one for one in all_of_year if one.live is not None), None)
        name = "a later one" if later is None else f"“{later.name}”"
        raise Problem(
            f"The budget “{row.name}” was replaced by {name}.",
            hint=f"{_NOTHING} Take the approval of {name} back first.",
        )
    if row.status is not BudgetStatus.APPROVED:
        raise Problem(f"The budget “{row.name}” is not approved.", hint=_NOTHING)
    row.live, row.status, row.approved_by, row.approved_at = None, BudgetStatus.DRAFT, None, None
    work.db.flush()
    replaced = [
        (one.approved_at, one.id, one)
        for one in all_of_year
        if one.status is BudgetStatus.CLOSED and one.approved_at is not None
    ]
    before = max(replaced, key=lambda one: one[:2])[2] if replaced else None
    if before is not None:
        before.live, before.status = before.first_month, BudgetStatus.APPROVED
        work.db.flush()
    again = None if before is None else before.id
    record(work, "undo_approve_budget", "budget", row.id, again=again)
    work.touch(Topic.BOOKS)
    return "" if before is None else before.name
