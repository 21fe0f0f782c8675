"""The cash flow statement, indirect: from net income, by what each account moved, to cash.

`Account.flow` says where a change stands. Depreciation is no investment: what an entry without
cash moves between an investing account and an expense is added back to net income.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from fscdesk.models.account import AccountType, CashFlow
from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import UNDEPOSITED
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Lines, cents_of
from fscdesk.services.reports.chart_tree import Chart, ChartAccount, chart_of, codes
from fscdesk.services.reports.financial import (
    Column,
    Financial,
    Proof,
    RowKind,
    Sheet,
    columns_over,
    sums_of,
)
from fscdesk.services.reports.periods import Compare, period_of
from fscdesk.services.work import Work

_EARNED = (AccountType.INCOME, AccountType.EXPENSE)


def cash_flow(work: Work, first: date, last: date, *, compare: Compare | None = None) -> Financial:
    """Return how net income became a change of cash; proven to be that of the cash accounts.

    An increase of what others owe us reads as a negative amount: it is earned and not here.
    Raises Problem without the right, and for a period that ends before it begins.
    """
    require(work, Right.SEE_REPORTS, "see the cash flow statement")
    period = period_of(first, last)
    columns = columns_over(period, compare)
    chart = chart_of(work)
    # Closings stay out: they would move income to equity, which is no money either way.
    sheet = Sheet(columns, sums_of(work, columns, ()))
    change = _flows(work, chart, sheet)
    eves = _days_before(columns)
    before = tuple(
        Money(sum(one.values())) for one in sums_of(work, eves, codes(chart.cash), closing=True)
    )
    sheet.plain(
        "cash_before",
        "Cash at the beginning",
        before,
        depth=0,
        drills=tuple(one.lines(codes(chart.cash), sign=1, closing=True) for one in eves),
    )
    after = tuple(one + other for one, other in zip(before, change, strict=True))
    ends = [Column("", None, column.last) for column in columns]
    sheet.plain(
        "cash_after",
        "Cash at the end",
        after,
        kind=RowKind.TOTAL,
        depth=0,
        drills=tuple(one.lines(codes(chart.cash), sign=1, closing=True) for one in ends),
    )
    held = sums_of(work, ends, codes(chart.cash), closing=True)
    return Financial(
        report="cash-flow",
        title="Cash flow statement",
        columns=columns,
        rows=tuple(sheet.rows),
        proofs=tuple(
            Proof(
                f"Cash at the end is that of the cash accounts on {column.last:%m/%d/%Y}",
                one - Money(sum(sums.values())),
            )
            for column, one, sums in zip(columns, after, held, strict=True)
        ),
        period=period,
        compare=compare,
        notes=tuple(_undeposited_words(sheet, change)),
    )


def _flows(work: Work, chart: Chart, sheet: Sheet) -> tuple[Money, ...]:
    sheet.heading("Operating activities")
    net = sheet.sum(
        "net_income", "Net income", chart.of(*_EARNED), sign=-1, depth=1, kind=RowKind.LINE
    )
    kept = [one for one in chart if one.type not in _EARNED and one.flow is not CashFlow.CASH]
    added = [_without_cash(work, chart, column) for column in sheet.columns]
    operating = [one for one in kept if one.flow is CashFlow.OPERATING]
    investing = [one for one in kept if one.flow is CashFlow.INVESTING]
    back = tuple(
        replace(column.lines(codes(investing), sign=-1), entries=of.entries)
        for column, of in zip(sheet.columns, added, strict=True)
    )
    total = list(net)
    if any(of.cents for of in added):
        amounts = [Money(-sum(of.cents.values())) for of in added]
        sheet.plain("without_cash", "Depreciation and the like, without cash", amounts, drills=back)
        total = _add(total, amounts)
    _changes(sheet, operating, {})
    total = _add(total, _change(sheet, operating, {}))
    behind = tuple(
        replace(
            column.lines(codes((*chart.of(*_EARNED), *operating)), sign=-1),
            more=(one,) if of.entries else (),
        )
        for column, one, of in zip(sheet.columns, back, added, strict=True)
    )
    sheet.plain(
        "operating", "Cash from operating", total, kind=RowKind.TOTAL, depth=0, drills=behind
    )
    change = total
    for flow, accounts in (
        (CashFlow.INVESTING, investing),
        (CashFlow.FINANCING, [one for one in kept if one.flow is CashFlow.FINANCING]),
    ):
        off = dict(enumerate(added)) if flow is CashFlow.INVESTING else {}
        amounts = _change(sheet, accounts, off)
        sheet.heading(f"{flow.value.capitalize()} activities")
        _changes(sheet, accounts, off)
        sheet.plain(
            flow.value,
            f"Cash from {flow.value}",
            amounts,
            kind=RowKind.TOTAL,
            depth=0,
            drills=_behind(sheet, accounts, off),
        )
        change = _add(change, amounts)
    cash = tuple(column.lines(codes(chart.cash), sign=1) for column in sheet.columns)
    return sheet.plain("change", "Change of cash", change, kind=RowKind.TOTAL, depth=0, drills=cash)


def _changes(sheet: Sheet, accounts: Sequence[ChartAccount], off: Mapping[int, _Added]) -> None:
    """Add a row for each account that changed.

    What others owe us, or we owe, says whether it grew; equipment and the owner's money are
    bought, brought and drawn, which the sign tells.
    """
    for one in accounts:
        of = _change(sheet, [one], off)
        if any(of):
            bare = one.flow is not CashFlow.OPERATING
            sheet.plain(
                one.code,
                one.name if bare else f"{_way(one, of)} in {one.name}",
                of,
                depth=1 + one.depth,
                account=one.code,
                drills=_behind(sheet, [one], off),
            )


def _way(one: ChartAccount, amounts: Sequence[Money]) -> str:
    """Return whether an account grew: an asset that grew took cash, a debt that grew brought it."""
    grew = {(amount.cents > 0) == (one.sign < 0) for amount in amounts if amount}
    return "Change" if len(grew) > 1 else "Increase" if grew == {True} else "Decrease"


def _undeposited_words(sheet: Sheet, change: Sequence[Money]) -> Iterator[str]:
    """Say how the change of cash comes to the change of money of the cash basis."""
    for column, sums, cash in zip(sheet.columns, sheet.sums, change, strict=True):
        held = Money(sums.get(UNDEPOSITED, 0))
        way = "more" if held.cents >= 0 else "less"
        yield (
            f"{column.title}: change of cash {cash} and {abs(held)} {way} in undeposited funds come"
            f" to {cash + held}, the change of money of the income statement, cash basis, where"
            " what was collected counts before it is at the bank."
        )


def _behind(
    sheet: Sheet, accounts: Sequence[ChartAccount], off: Mapping[int, _Added]
) -> tuple[Lines | None, ...]:
    """Return the lines of what these accounts brought in, without those that moved no cash."""
    return tuple(
        replace(column.lines(codes(accounts), sign=-1), but=off[at].entries if at in off else ())
        if accounts
        else None
        for at, column in enumerate(sheet.columns)
    )


def _change(
    sheet: Sheet, accounts: Sequence[ChartAccount], off: Mapping[int, _Added]
) -> list[Money]:
    """Return what these accounts brought in: an asset that grew took cash."""
    return [
        Money(-sum(sums.get(one.code, 0) - _off(off, at, one.code) for one in accounts))
        for at, sums in enumerate(sheet.sums)
    ]


def _off(off: Mapping[int, _Added], at: int, account: str) -> int:
    return off[at].cents.get(account, 0) if at in off else 0


def _add(some: Sequence[Money], others: Sequence[Money]) -> list[Money]:
    return [one + other for one, other in zip(some, others, strict=True)]


def _days_before(columns: Sequence[Column]) -> list[Column]:
    return [
        Column("", None, column.first - timedelta(days=1))
        for column in columns
        if column.first is not None
    ]


@dataclass(frozen=True, slots=True)
class _Added:
    """What entries of an expense, without cash, moved on investing accounts, in cents."""

    cents: Mapping[str, int]
    entries: tuple[int, ...]


def _without_cash(work: Work, chart: Chart, column: Column) -> _Added:
    line, other = JournalLine, aliased(JournalLine)
    investing = codes(one for one in chart if one.flow is CashFlow.INVESTING)
    same = select(other.id).where(other.entry_id == line.entry_id)
    expense = same.where(other.account.in_(codes(chart.of(AccountType.EXPENSE)))).exists()
    cash = same.where(other.account.in_(codes(chart.money))).exists()
    rows = work.db.execute(
        select(line.account, line.entry_id, func.sum(line.amount))
        .where(
            line.account.in_(investing),
            line.day >= column.first,
            line.day <= column.last,
            expense,
            ~cash,
        )
        .group_by(line.account, line.entry_id)
    )
    sums: dict[str, int] = defaultdict(int)
    entries = set()
    for account, entry, cents in rows:
        sums[account] += cents_of(cents)
        entries.add(entry)
    return _Added(sums, tuple(sorted(entries)))
