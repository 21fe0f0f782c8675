"""The balance sheet: what the practice has, what it owes, what is the owner's, on any day.

Account 3200, this year's earnings, is computed: income less expenses since the fiscal year began
that no closing has carried to retained earnings yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from fscdesk.models.account import AccountType, CashFlow
from fscdesk.models.values import Money
from fscdesk.services.accounting.fiscal import closed_years, year_start
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_RECEIVABLE,
    OPEN_ACCOUNTS,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
    RECOUPMENTS,
    UNDEPOSITED,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Lines
from fscdesk.services.reports.chart_tree import Chart, ChartAccount, chart_of, codes
from fscdesk.services.reports.financial import (
    Column,
    Financial,
    FinancialRow,
    Proof,
    RowKind,
    Sheet,
    sums_of,
)
from fscdesk.services.reports.periods import Compare, day_compared_with
from fscdesk.services.work import Work

_OWN = (AccountType.EQUITY, AccountType.INCOME, AccountType.EXPENSE)
THIS_YEAR, EARLIER_YEARS = "3200", "earlier_years"
_ON_ITS_WAY = (UNDEPOSITED,)
_RECEIVABLE = (
    PATIENT_RECEIVABLE,
    INSURANCE_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
    RECOUPMENTS,
    AT_AGENCY,
)
"""What SimplePractice calls paid or written off is still to come, until its payment is here."""


def balance_sheet(work: Work, as_of: date, *, compare: Compare | None = None) -> Financial:
    """Return the sheet at the end of a day; assets are proven to be liabilities and equity.

    Raises Problem without the right to see reports.
    """
    require(work, Right.SEE_REPORTS, "see the balance sheet")
    days = [as_of] if compare is None else [as_of, day_compared_with(as_of, compare)]
    columns = tuple(Column(f"{day:%m/%d/%Y}", None, day) for day in days)
    chart = chart_of(work)
    sheet = Sheet(columns, sums_of(work, columns, (), closing=True), closing=True)
    assets = _assets(chart, sheet)
    owed = chart.of(AccountType.LIABILITY)
    sheet.heading("Liabilities")
    sheet.accounts(owed)
    liabilities = sheet.sum("total_liabilities", "Total liabilities", owed, sign=-1)
    equity = _equity(work, chart, sheet)
    both = tuple(one + other for one, other in zip(liabilities, equity, strict=True))
    sheet.plain(
        "liabilities_and_equity",
        "Total liabilities and equity",
        both,
        kind=RowKind.TOTAL,
        depth=0,
        drills=_all_of(sheet, (*owed, *chart.of(*_OWN))),
    )
    return Financial(
        report="balance-sheet",
        title="Balance sheet",
        columns=columns,
        rows=tuple(sheet.rows),
        proofs=tuple(
            Proof(f"Assets equal liabilities and equity on {column.title}", have - owe)
            for column, have, owe in zip(columns, assets, both, strict=True)
        ),
        as_of=as_of,
        compare=compare,
        notes=tuple(_owed_after_credits(sheet)),
    )


def _owed_after_credits(sheet: Sheet) -> Iterator[str]:
    """Say what clients and payers owe after their own money, which stands among liabilities."""
    for column, sums in zip(sheet.columns, sheet.sums, strict=True):
        # 1060 belongs to it: a payment that is no more than a credit yet may stand there too.
        owed = Money(
            sum(sums.get(code, 0) for code in (*OPEN_ACCOUNTS, RECORDED_IN_SIMPLEPRACTICE))
        )
        accounts = "1060 to 1130 less 2400 and 2410"
        yield f"Receivables less unapplied credits on {column.title}: {owed} ({accounts})."


def _assets(chart: Chart, sheet: Sheet) -> tuple[Money, ...]:
    assets = chart.of(AccountType.ASSET)
    groups: dict[str, list[ChartAccount]] = {
        "Cash": [],
        "Money on its way to the bank": [],
        "Receivables": [],
        "Other current assets": [],
        "Fixed assets": [],
    }
    for one in assets:
        groups[_group(one)].append(one)
    sheet.heading("Assets")
    for label, accounts in groups.items():
        if any(sums.get(one.code) for one in accounts for sums in sheet.sums):
            sheet.heading(label, 1)
            sheet.accounts(accounts, depth=2)
            name = f"total_{label.casefold().replace(' ', '_')}"
            lowered = label[0].casefold() + label[1:]
            sheet.sum(name, f"Total {lowered}", accounts, sign=1, depth=1)
    return sheet.sum("total_assets", "Total assets", assets, sign=1)


def _group(one: ChartAccount) -> str:
    if one.flow is CashFlow.CASH:
        return "Cash"
    if one.top in _ON_ITS_WAY:
        return "Money on its way to the bank"
    if one.top in _RECEIVABLE:
        return "Receivables"
    return "Fixed assets" if one.flow is CashFlow.INVESTING else "Other current assets"


def _equity(work: Work, chart: Chart, sheet: Sheet) -> tuple[Money, ...]:
    own = chart.of(AccountType.EQUITY)
    sheet.heading("Equity")
    sheet.accounts([one for one in own if one.code != THIS_YEAR])
    earned = chart.of(AccountType.INCOME, AccountType.EXPENSE)
    closed = closed_years(work).values()
    # On the day of a close all earnings are carried, those of earlier years along with it.
    starts = [
        None if column.last in closed else year_start(work, column.last) for column in sheet.columns
    ]
    current = tuple(
        replace(column, first=start) for column, start in zip(sheet.columns, starts, strict=True)
    )
    earlier = tuple(
        replace(column, last=date.min if start is None else start - timedelta(days=1))
        for column, start in zip(sheet.columns, starts, strict=True)
    )
    names = {one.code: one.name for one in own}
    before = _earned(work, EARLIER_YEARS, "Earnings of earlier years, not closed", earned, earlier)
    now = _earned(work, THIS_YEAR, names.get(THIS_YEAR, "Current year earnings"), earned, current)
    # What somebody posted to 3200 by hand is there too; nothing of ours does.
    now = replace(now, amounts=_plus(now.amounts, THIS_YEAR, sheet.sums))
    if any(before.amounts):
        sheet.rows.append(before)
    sheet.rows.append(now)
    total = tuple(
        Money(-sum(sums.get(one.code, 0) for one in own if one.code != THIS_YEAR)) + one + other
        for sums, one, other in zip(sheet.sums, before.amounts, now.amounts, strict=True)
    )
    return sheet.plain(
        "total_equity",
        "Total equity",
        total,
        kind=RowKind.TOTAL,
        depth=0,
        drills=_all_of(sheet, chart.of(*_OWN)),
    )


def _all_of(sheet: Sheet, accounts: tuple[ChartAccount, ...]) -> tuple[Lines, ...]:
    """Return the lines of accounts that the ledger keeps as credits; income is equity's."""
    return tuple(one.lines(codes(accounts), sign=-1, closing=True) for one in sheet.columns)


def _earned(
    work: Work,
    key: str,
    label: str,
    accounts: tuple[ChartAccount, ...],
    columns: tuple[Column, ...],
) -> FinancialRow:
    """Return income less expenses, less what closings carried on; as a row of equity."""
    wanted = codes(accounts)
    sums = sums_of(work, columns, wanted, closing=True)
    return FinancialRow(
        key,
        label,
        RowKind.LINE,
        1,
        key if key == THIS_YEAR else "",
        tuple(Money(-sum(one.values())) for one in sums),
        tuple(column.lines(wanted, sign=-1, closing=True) for column in columns),
    )


def _plus(
    amounts: tuple[Money, ...], account: str, sums: Sequence[Mapping[str, int]]
) -> tuple[Money, ...]:
    return tuple(one + Money(-of.get(account, 0)) for one, of in zip(amounts, sums, strict=True))
