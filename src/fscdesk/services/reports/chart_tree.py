"""The chart of accounts as statements list it: parents before their sub-accounts, by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from fscdesk.models.account import Account, AccountType, CashFlow
from fscdesk.services.accounting.chart import bank_codes
from fscdesk.services.ledger.accounts import BANK_INTEREST, PAYER_INTEREST, UNDEPOSITED
from fscdesk.services.work import Work

DEDUCTIONS = "49"
"""Income accounts whose code begins so lower revenue: contractual adjustments, discounts."""
OTHER_INCOME = (PAYER_INTEREST, BANK_INTEREST)


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """An account. ``depth`` counts its parents; ``flow`` is never None: it is worked out.

    A bank account stands beside another one, not under it: the sum of both has its own line.
    """

    code: str
    name: str
    type: AccountType
    flow: CashFlow
    depth: int
    top: str

    @property
    def sign(self) -> int:
        """Return −1 for what the ledger keeps as credits: liabilities, equity and income."""
        return 1 if self.type in (AccountType.ASSET, AccountType.EXPENSE) else -1

    @property
    def deducts(self) -> bool:
        """Return whether it is income that lowers revenue."""
        return self.type is AccountType.INCOME and self.top.startswith(DEDUCTIONS)

    @property
    def other_income(self) -> bool:
        """Return whether it is income that no service earned."""
        return self.top in OTHER_INCOME


@dataclass(frozen=True, slots=True)
class Chart:
    """All accounts, in the order of statements."""

    accounts: tuple[ChartAccount, ...]

    def __iter__(self) -> Iterator[ChartAccount]:
        return iter(self.accounts)

    def of(self, *types: AccountType) -> tuple[ChartAccount, ...]:
        """Return the accounts of these types."""
        return tuple(one for one in self.accounts if one.type in types)

    @property
    def cash(self) -> tuple[ChartAccount, ...]:
        """Return the accounts that are cash: at the bank and in the till."""
        return tuple(one for one in self.accounts if one.flow is CashFlow.CASH)

    @property
    def money(self) -> tuple[ChartAccount, ...]:
        """Return cash and what was received but is not at the bank yet."""
        return tuple(
            one for one in self.accounts if one.flow is CashFlow.CASH or one.code == UNDEPOSITED
        )


def codes(accounts: Iterable[ChartAccount]) -> tuple[str, ...]:
    """Return the codes of accounts."""
    return tuple(one.code for one in accounts)


def chart_of(work: Work) -> Chart:
    """Return every account, active or not: old balances stay in reports."""
    known = select(Account.code, Account.name, Account.type, Account.parent, Account.flow)
    rows: dict[str, Any] = {row.code: row for row in work.db.execute(known.order_by(Account.code))}
    below: dict[str | None, list[Any]] = {}
    for row in rows.values():
        below.setdefault(row.parent if row.parent in rows else None, []).append(row)
    found: list[ChartAccount] = []
    banks = bank_codes(work)

    def walk(parent: str | None, depth: int, top: str) -> None:
        for row in below.get(parent, ()):
            head = top or row.code
            own = depth - 1 if {parent, row.code} <= banks else depth
            flow = _flow(row.flow, row.type)
            found.append(ChartAccount(row.code, row.name, row.type, flow, own, head))
            walk(row.code, own + 1, head)

    walk(None, 0, "")
    return Chart(tuple(found))


def _flow(flow: CashFlow | None, kind: AccountType) -> CashFlow:
    if flow is not None:
        return flow
    return CashFlow.FINANCING if kind is AccountType.EQUITY else CashFlow.OPERATING
