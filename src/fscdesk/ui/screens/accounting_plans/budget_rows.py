"""The rows and columns of a budget: headings, accounts, totals; months or quarters, a year."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.reports.budget_sheet import AccountType, BudgetSheet, SheetRow
from fscdesk.ui.text import MONTHS, money_text, month_text

QUARTER, YEAR = 3, 12


class RowKind(enum.StrEnum):
    """What a row of the grid is."""

    HEAD = "head"
    LINE = "line"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; ``sheet`` is the account's own of a line. ``type`` None is income less expense."""

    id: int
    kind: RowKind
    label: str
    type: AccountType | None
    planned: tuple[Money, ...]
    actual: tuple[Money, ...]
    sheet: SheetRow | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """A column: the months that it sums, from ``first`` on."""

    title: str
    first: int
    count: int

    def of(self, amounts: Sequence[Money]) -> tuple[Money, ...]:
        """Return the months of this column."""
        return tuple(amounts[self.first : self.first + self.count])

    def sum(self, amounts: Sequence[Money]) -> Money:
        """Return what the months of this column sum to."""
        return Money(sum(one.cents for one in self.of(amounts)))


def columns_of(months: Sequence[date], *, by_quarter: bool) -> tuple[Spread, ...]:
    """Return the columns: months or quarters, and the year."""
    if by_quarter:
        parts = [
            Spread(
                f"{MONTHS[months[at].month - 1][:3]} – {MONTHS[months[at + 2].month - 1][:3]}",
                at,
                QUARTER,
            )
            for at in range(0, YEAR, QUARTER)
        ]
    else:
        parts = [Spread(MONTHS[one.month - 1][:3], at, 1) for at, one in enumerate(months)]
    return (*parts, Spread("Year", 0, YEAR))


def column_words(column: Spread, months: Sequence[date]) -> str:
    """Return ``March 2026``, ``January to March 2026``, ``the year``."""
    if column.count == YEAR:
        return "the year"
    first, last = months[column.first], months[column.first + column.count - 1]
    if column.count == 1:
        return month_text(first)
    return f"{MONTHS[first.month - 1]} to {month_text(last)}"


def rows_of(sheet: BudgetSheet) -> tuple[GridRow, ...]:
    """Return the rows of a budget: income, expense, and what is left."""
    found: list[GridRow] = []
    net_planned: list[Money] = [ZERO] * YEAR
    net_actual: list[Money] = [ZERO] * YEAR
    for kind, word, sign in (
        (AccountType.INCOME, "Income", 1),
        (AccountType.EXPENSE, "Expenses", -1),
    ):
        rows = [one for one in sheet.rows if one.type is kind]
        found.append(GridRow(len(found), RowKind.HEAD, word, kind, (), ()))
        for one in rows:
            indent = "   " * one.depth
            label = f"{indent}{one.account}  {one.name}"
            found.append(
                GridRow(len(found), RowKind.LINE, label, kind, one.planned, one.actual, one)
            )
        planned = _sum([one.planned for one in rows])
        actual = _sum([one.actual for one in rows if one.actual])
        seen = actual if sheet.compares else ()
        total = f"Total {word.lower()}"
        found.append(GridRow(len(found), RowKind.TOTAL, total, kind, planned, seen))
        net_planned = _add(net_planned, planned, sign)
        net_actual = _add(net_actual, actual, sign)
    seen = tuple(net_actual) if sheet.compares else ()
    found.append(GridRow(len(found), RowKind.TOTAL, "Result", None, tuple(net_planned), seen))
    return tuple(found)


def with_planned(sheet: BudgetSheet, account: str, planned: tuple[Money, ...]) -> BudgetSheet:
    """Return the sheet as it will be when an account's months are saved."""
    return replace(
        sheet,
        rows=tuple(
            replace(one, planned=planned) if one.account == account else one for one in sheet.rows
        ),
    )


def difference_words(kind: AccountType | None, planned: Money, actual: Money) -> str:
    """Return the difference in words: ``312.00 less than planned``."""
    off = actual - planned
    if not off:
        return "as planned" if planned else ""
    amount = money_text(abs(off))
    if kind is AccountType.EXPENSE:
        return f"{amount} over the plan" if off > ZERO else f"{amount} below the plan"
    return f"{amount} more than planned" if off > ZERO else f"{amount} less than planned"


def is_worse(kind: AccountType | None, planned: Money, actual: Money) -> bool:
    """Whether the difference is to the practice's cost: less income, or more expense."""
    off = actual - planned
    return off > ZERO if kind is AccountType.EXPENSE else off < ZERO


def months_begun(sheet: BudgetSheet) -> int:
    """Return how many months of the budget have begun."""
    return sum(1 for one in sheet.months if one <= sheet.today)


def months_over(sheet: BudgetSheet) -> int:
    """Return how many months of the budget are over: the one that runs is not compared."""
    begun = months_begun(sheet)
    this = sheet.today.replace(day=1)
    return begun - 1 if begun and sheet.months[begun - 1] == this else begun


def _sum(rows: Sequence[Sequence[Money]]) -> tuple[Money, ...]:
    return tuple(Money(sum(row[at].cents for row in rows)) for at in range(YEAR))


def _add(to: Sequence[Money], amounts: Sequence[Money], sign: int) -> list[Money]:
    return [Money(a.cents + sign * b.cents) for a, b in zip(to, amounts, strict=True)]
