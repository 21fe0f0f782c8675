"""What the opening asks for: accounts by group, each with what it held before the first day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.chart import AccountRow, AccountType, CashFlow, chart
from fscdesk.services.accounting.fiscal import first_day_of, fiscal_year_of
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.accounting.ledgers import entry_detail
from fscdesk.services.accounting.opening import (
    OpeningDraft,
    held_before,
    open_books,
    standing_opening,
)
from fscdesk.services.banking.accounts import BankAccountView, bank_accounts
from fscdesk.services.ledger.accounts import OPENING_BALANCES
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work
from fscdesk.ui.text import money_text

BANK, ASSETS, DEBTS, CAPITAL, SO_FAR = "bank", "assets", "debts", "capital", "so_far"
_CAPITAL: Final = (
    "What the owners have in the practice. What clients and payers owe is not typed here: it "
    "comes with the sessions, charge by charge."
)
_SO_FAR: Final = (
    "Only where the first day is within a fiscal year: income and expense from its beginning to "
    "that evening. A closed year is in the capital."
)
GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    BANK: (
        "At the bank",
        "What the books say, and what the bank’s own statement said that evening.",
    ),
    ASSETS: ("What you own", "Equipment at its price; its depreciation is taken off."),
    DEBTS: ("What you owe", "Cards, loans, wages and taxes that were not paid yet."),
    CAPITAL: ("Capital", _CAPITAL),
    SO_FAR: ("This year so far", _SO_FAR),
}
"""The steps of the page, in order: a heading and what belongs there."""
_OF: Final = {
    AccountType.ASSET: ASSETS,
    AccountType.LIABILITY: DEBTS,
    AccountType.EQUITY: CAPITAL,
    AccountType.INCOME: SO_FAR,
    AccountType.EXPENSE: SO_FAR,
}
_DEPRECIATION: Final = "1410"
"""Accumulated depreciation in the template; a chart may do without it."""
_DEBIT: Final = frozenset({AccountType.ASSET, AccountType.EXPENSE})


@dataclass(frozen=True, slots=True)
class Asked:
    """An account to type a balance for; ``bank`` is its bank account, where it has one.

    ``taken_off``: it lowers its group, with a minus or without one.
    """

    group: str
    account: str
    name: str
    side: int
    bank: BankAccountView | None = None
    taken_off: bool = False

    def meant(self, typed: Money) -> Money:
        """Return what is meant by an amount, positive where the group is more by it."""
        return -abs(typed) if self.taken_off else typed


@dataclass(frozen=True, slots=True)
class Stood:
    """A line of the opening that stands."""

    account: str
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """The opening as the page shows it: what is asked, or the entry that stands with its lines."""

    asked: tuple[Asked, ...]
    standing: PostedEntry | None
    lines: tuple[Stood, ...]
    first_day: date
    may: bool


def read_opening(work: Work) -> OpeningPage:
    """Return what the tab shows."""
    rows = chart(work, also_inactive=False)
    there = standing_opening(work)
    today = work.today()
    return OpeningPage(
        _asked(rows, bank_accounts(work)),
        there,
        _lines_of(work, there) if there is not None else (),
        first_day_of(work, fiscal_year_of(work, today)),
        may(work, Right.KEEP_BOOKS),
    )


def proof(
    amounts: Mapping[str, Money], asked: Sequence[Asked]
) -> tuple[Money, Money, Money, Money]:
    """Return assets, liabilities, equity and what was earned so far, each on its own side."""
    sums = dict.fromkeys((BANK, ASSETS, DEBTS, CAPITAL, SO_FAR), ZERO)
    for one in asked:
        amount = one.meant(amounts.get(one.account, ZERO))
        spent = one.group == SO_FAR and one.side > 0
        sums[one.group] = sums[one.group] + (-amount if spent else amount)
    return sums[BANK] + sums[ASSETS], sums[DEBTS], sums[CAPITAL], sums[SO_FAR]


def begins_a_year(first_day: date, page: OpeningPage) -> bool:
    """Return whether a day is the first of a fiscal year: nothing of that year is before it."""
    begins = page.first_day
    return (first_day.month, first_day.day) == (begins.month, begins.day)


def _asked(rows: Sequence[AccountRow], banks: Sequence[BankAccountView]) -> tuple[Asked, ...]:
    by_account = {one.account: one for one in banks}
    found = [
        Asked(
            BANK if row.flow is CashFlow.CASH else _OF[row.type],
            row.code,
            f"Less: {row.name}" if _taken_off(row) else row.name,
            1 if row.type in _DEBIT else -1,
            by_account.get(row.code),
            _taken_off(row),
        )
        for row in rows
        if row.type in _OF and not row.keeps and row.code != OPENING_BALANCES
    ]
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda one: (order.index(one.group), one.account)))


def _taken_off(row: AccountRow) -> bool:
    return _DEPRECIATION in (row.code, row.parent)


def _lines_of(work: Work, there: PostedEntry) -> tuple[Stood, ...]:
    if not may(work, Right.SEE_REPORTS):
        return ()
    return tuple(
        Stood(one.account, one.name, one.amount) for one in entry_detail(work, there.id).lines
    )


def opened(work: Work, draft: OpeningDraft) -> tuple[PostedEntry, str]:
    """Post the opening; return it and a sentence where an account held something by then."""
    posted = open_books(work, draft)
    before = held_before(work, posted.on, [one.account for one in draft.lines])
    if not before:
        return posted, ""
    named = ", ".join(f"{one.account} {money_text(abs(one.balance))}" for one in before[:3])
    more = " and others" if len(before) > 3 else ""
    return posted, (
        f" The books held {named}{more} on that day without it: undo it where that is the same"
        " money, counted twice."
    )
