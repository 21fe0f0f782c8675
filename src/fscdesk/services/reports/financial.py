"""What a financial statement is: rows under headings, amounts in columns, and what proves them.

Each amount knows the journal lines that it is made of (`FinancialRow.drills`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from fscdesk.models.cost_centre import CostCentre
from fscdesk.models.provider import Provider
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.reports.books import Cut, Key, Lines, balances
from fscdesk.services.reports.chart_tree import ChartAccount
from fscdesk.services.reports.periods import Compare, Period, compared_with
from fscdesk.services.work import Work

NOBODY = {Cut.COST_CENTRE: "No cost centre", Cut.PROVIDER: "No clinician"}


class RowKind(enum.StrEnum):
    """What a row is: the title of some rows, an amount, or what rows sum to."""

    HEADING = "heading"
    LINE = "line"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of amounts: a period (``first`` None: balances as of ``last``), or a part of it.

    ``cut`` and ``key`` pin a cost centre or a clinician; without, it is everything.
    """

    title: str
    first: date | None
    last: date
    cut: Cut | None = None
    key: Key = None

    def lines(self, accounts: Iterable[str], *, sign: int, closing: bool = False) -> Lines:
        """Return the lines of these accounts in this column."""
        found = Lines(tuple(sorted(accounts)), self.first, self.last, closing=closing, sign=sign)
        return found if self.cut is None else found.also(self.cut, self.key)


@dataclass(frozen=True, slots=True)
class FinancialRow:
    """One row. ``key`` names it for programs; ``account`` is the code of a row of one account.

    ``amounts`` has one for each column (none in headings), ``drills`` the lines behind each, or
    None where an amount is no sum of lines.
    """

    key: str
    label: str
    kind: RowKind
    depth: int = 0
    account: str = ""
    amounts: tuple[Money, ...] = ()
    drills: tuple[Lines | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that must be zero, and the sentence that says what was compared."""

    words: str
    difference: Money


@dataclass(frozen=True, slots=True)
class Financial:
    """A finished statement. ``compare`` says that the second column stands beside the first."""

    report: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[FinancialRow, ...]
    proofs: tuple[Proof, ...] = ()
    as_of: date | None = None
    period: Period | None = None
    view: str = ""
    compare: Compare | None = None
    notes: tuple[str, ...] = ()

    @property
    def ties(self) -> bool:
        """Return whether everything that must be zero is."""
        return not any(one.difference for one in self.proofs)

    def amount(self, key: str, column: int = 0) -> Money:
        """Return an amount by the key of its row."""
        return next(row.amounts[column] for row in self.rows if row.key == key)


def columns_over(period: Period, compare: Compare | None = None) -> tuple[Column, ...]:
    """Return the columns of a statement over a period: the period, and what is beside it."""
    whole = Column(period.words, period.first, period.last)
    if compare is None:
        return (whole,)
    other = compared_with(period, compare)
    return whole, Column(other.words, other.first, other.last)


def columns_by(
    work: Work, period: Period, by: Cut, accounts: Sequence[str]
) -> tuple[tuple[Column, ...], tuple[dict[str, int], ...]]:
    """Return the total and a column for each part that moved one of the accounts; and their cents.

    The entries that close a year are left out.
    """
    names = _names(work, by)
    parts: dict[Key, dict[str, int]] = {}
    days = (period.first, period.last)
    for one in balances(work, *days, accounts=accounts, by=(by,), closing=False):
        parts.setdefault(one.keys[0], {})[one.account] = one.cents
    keys = sorted(parts, key=lambda key: (key is None, names.get(key, "").casefold(), str(key)))
    total = Column("Total", *days)
    columns = (Column(names.get(key, NOBODY[by]), *days, by, key) for key in keys)
    whole = sums_of(work, (total,), accounts)
    return (total, *columns), (*whole, *(parts[key] for key in keys))


def sums_of(
    work: Work, columns: Sequence[Column], accounts: Iterable[str], *, closing: bool = False
) -> tuple[dict[str, int], ...]:
    """Return the cents of each account in each column; one question for each period and cut."""
    wanted = tuple(accounts)
    asked: dict[tuple[date | None, date, Cut | None], dict[Key, dict[str, int]]] = {}
    out = []
    for column in columns:
        about = (column.first, column.last, column.cut)
        if about not in asked:
            by = () if column.cut is None else (column.cut,)
            parts: dict[Key, dict[str, int]] = {}
            for one in balances(
                work, column.first, column.last, accounts=wanted, by=by, closing=closing
            ):
                parts.setdefault(one.keys[0] if by else None, {})[one.account] = one.cents
            asked[about] = parts
        out.append(asked[about].get(column.key, {}))
    return tuple(out)


@dataclass(slots=True)
class Sheet:
    """Collects the rows of a statement, in the order in which they are read."""

    columns: tuple[Column, ...]
    sums: Sequence[Mapping[str, int]]
    closing: bool = False
    rows: list[FinancialRow] = field(default_factory=list)

    def heading(self, label: str, depth: int = 0) -> None:
        """Add a title."""
        key = label.casefold().replace(" ", "_")
        self.rows.append(FinancialRow(key, label, RowKind.HEADING, depth))

    def accounts(
        self, accounts: Iterable[ChartAccount], *, sign: int | None = None, depth: int = 1
    ) -> None:
        """Add a row for each account that is not zero in every column."""
        for one in accounts:
            if any(sums.get(one.code) for sums in self.sums):
                facing = one.sign if sign is None else sign
                self.sum(
                    one.code,
                    one.name,
                    (one,),
                    sign=facing,
                    depth=depth + one.depth,
                    kind=RowKind.LINE,
                    account=one.code,
                )

    def sum(
        self,
        key: str,
        label: str,
        accounts: Iterable[ChartAccount],
        *,
        sign: int,
        depth: int = 0,
        kind: RowKind = RowKind.TOTAL,
        account: str = "",
    ) -> tuple[Money, ...]:
        """Add what these accounts sum to, and return it."""
        chosen = tuple(one.code for one in accounts)
        amounts = tuple(
            Money(sign * sum(sums.get(code, 0) for code in chosen)) for sums in self.sums
        )
        drills: tuple[Lines | None, ...] = tuple(
            column.lines(chosen, sign=sign, closing=self.closing) if chosen else None
            for column in self.columns
        )
        self.rows.append(FinancialRow(key, label, kind, depth, account, amounts, drills))
        return amounts

    def plain(
        self,
        key: str,
        label: str,
        amounts: Sequence[Money],
        *,
        kind: RowKind = RowKind.LINE,
        depth: int = 1,
        account: str = "",
        drills: tuple[Lines | None, ...] | None = None,
    ) -> tuple[Money, ...]:
        """Add amounts that were worked out elsewhere."""
        behind = (None,) * len(self.columns) if drills is None else drills
        row = FinancialRow(key, label, kind, depth, account, tuple(amounts), behind)
        self.rows.append(row)
        return row.amounts


def _names(work: Work, by: Cut) -> dict[Key, str]:
    if by is Cut.COST_CENTRE:
        rows = work.db.execute(select(CostCentre.code, CostCentre.name))
        return {code: name for code, name in rows}  # noqa: C416 - rows, not pairs, to mypy
    if by is Cut.PROVIDER:
        people = work.db.execute(select(Provider.id, Provider.name))
        return {key: name for key, name in people}  # noqa: C416 - rows, not pairs, to mypy
    raise Problem(
        f"A statement is not cut by {by.value}.", hint="Cut it by cost centre or by clinician."
    )
