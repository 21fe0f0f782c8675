"""A budget as it is worked on: every account by month, what came so far, and last year's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from fscdesk.models.account import AccountType
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.budgets import BudgetRow, budget
from fscdesk.services.permissions import Right, may
from fscdesk.services.reports.books import Cut, balances_of
from fscdesk.services.reports.books import Lines as BookLines
from fscdesk.services.reports.chart_tree import chart_of
from fscdesk.services.reports.periods import month_end, months_back
from fscdesk.services.work import Work

__all__ = ["EVERY_CENTRE", "NO_CENTRE", "AccountType", "BudgetSheet", "SheetRow", "budget_sheet"]

EVERY_CENTRE, NO_CENTRE = "*", ""
"""Instead of a cost centre's code: all of them together, and what has none."""
_YEAR = 12
Months = tuple[Money, ...]
_EMPTY: Months = (ZERO,) * _YEAR


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One account of a sheet; income and expense are both positive.

    ``actual`` and ``before`` (the same months a year earlier) are empty without the right to see
    reports. ``split``: cost centres plan for
    this account each by itself, and the row is their sum.
    """

    account: str
    name: str
    type: AccountType
    depth: int
    planned: Months
    actual: Months
    before: Months
    split: bool = False


@dataclass(frozen=True, slots=True)
class BudgetSheet:
    """A budget seen for one cost centre, or for all. ``today`` is the office's day."""

    head: BudgetRow
    months: tuple[date, ...]
    centre: str
    rows: tuple[SheetRow, ...]
    today: date

    @property
    def compares(self) -> bool:
        """Return whether what really came may be seen."""
        return any(row.actual for row in self.rows)


def budget_sheet(work: Work, budget_id: int, centre: str = EVERY_CENTRE) -> BudgetSheet:
    """Return a budget with every account of income and expense, planned or not.

    Raises Problem where there is no such budget.
    """
    view = budget(work, budget_id)
    planned: dict[str, list[Money]] = {}
    centres: dict[str, set[str]] = defaultdict(set)
    for cell in view.cells:
        centres[cell.account].add(cell.cost_centre or NO_CENTRE)
        if centre in (EVERY_CENTRE, cell.cost_centre or NO_CENTRE):
            sums = planned.setdefault(cell.account, [ZERO] * _YEAR)
            for at, amount in enumerate(cell.months):
                sums[at] = sums[at] + amount
    compares = may(work, Right.SEE_REPORTS)
    actual = _moved(work, view.months, centre) if compares else {}
    earlier = tuple(months_back(month, _YEAR) for month in view.months)
    before = _moved(work, earlier, centre) if compares else {}
    rows = tuple(
        SheetRow(
            one.code,
            one.name,
            one.type,
            one.depth,
            tuple(planned.get(one.code, _EMPTY)),
            _facing(actual.get(one.code, ()), one.sign) if compares else (),
            _facing(before.get(one.code, ()), one.sign) if compares else (),
            split=centre == EVERY_CENTRE and bool(centres[one.code] - {NO_CENTRE}),
        )
        for one in chart_of(work).of(AccountType.INCOME, AccountType.EXPENSE)
    )
    return BudgetSheet(view.head, view.months, centre, rows, work.today())


def _moved(work: Work, months: tuple[date, ...], centre: str) -> dict[str, list[int]]:
    """Return what each account moved in these months, as the ledger signs it, without closings."""
    which = BookLines((), months[0], month_end(months[-1]), closing=False)
    if centre != EVERY_CENTRE:
        which = which.also(Cut.COST_CENTRE, centre or None)
    found: dict[str, list[int]] = {}
    places = {month: at for at, month in enumerate(months)}
    for one in balances_of(work, which, (Cut.MONTH,)):
        at = places.get(_month(one.keys[0]))
        if at is not None:
            found.setdefault(one.account, [0] * _YEAR)[at] += one.cents
    return found


def _month(key: object) -> date:
    """Return the month of a cut: ``2026-03`` or ``2026-03-01``."""
    year, month = str(key).split("-")[:2]
    return date(int(year), int(month), 1)


def _facing(cents: list[int] | tuple[int, ...], sign: int) -> Months:
    return tuple(Money(sign * one) for one in cents) or _EMPTY
