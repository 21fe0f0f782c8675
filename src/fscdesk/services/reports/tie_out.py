"""The tie-out: aging, the accounts of patients and payers, and the ledger, side by side on a day.

Where they differ, the lines and charges that explain it are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import OPEN_ACCOUNTS
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.aging_tie import Tie
from fscdesk.services.reports.books import Lines, balances
from fscdesk.services.reports.chart_tree import chart_of
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class TieRow:
    """One figure. ``side`` says which of the three it belongs to; ``lines`` is what it is of."""

    side: str
    account: str
    name: str
    amount: Money
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class TieOut:
    """The three figures of a day, what each is made of, and what explains a difference."""

    as_of: date
    rows: tuple[TieRow, ...]
    tie: Tie
    ledger: Money

    @property
    def difference(self) -> Money:
        """Return what the three differ by; zero when the books are right."""
        return self.tie.difference or self.tie.ledger - self.ledger

    @property
    def ties(self) -> bool:
        """Return whether all of them agree."""
        return not self.difference


def tie_out(work: Work, as_of: date) -> TieOut:
    """Compare the three at the end of a day. Raises Problem without the right to see reports."""
    require(work, Right.SEE_REPORTS, "see the tie-out")
    aged = aging(work, as_of=as_of)
    tie = aged.tie
    if tie is None:
        raise RuntimeError("an aging that was to be proven has no proof")
    owed = sum((bucket for bucket in aged.total.buckets), ZERO)
    rows = [
        TieRow("Aging", "", "Owed to the practice", owed),
        TieRow("Aging", "", "Overpaid and not applied", aged.total.unapplied),
        TieRow("Aging", "", "Aging", tie.aging),
    ]
    outside = tuple(
        (name, amount)
        for name, amount in (
            ("Held by collection agencies", tie.at_agency),
            ("Taken by payers, to be explained", tie.to_explain),
        )
        if amount
    )
    rows += [TieRow("Aging", "", name, amount) for name, amount in outside]
    whole = tie.aging + tie.at_agency + tie.to_explain
    rows.append(TieRow("Aging", "", "Aging, with what stands outside it", whole))
    if tie.subledgers is not None:
        name = "Accounts of clients and payers"
        rows.append(TieRow("Accounts", "", name, tie.subledgers))
        if outside:
            rows += [TieRow("Accounts", "", name, amount) for name, amount in outside]
            held = tie.subledgers + tie.at_agency + tie.to_explain
            rows.append(TieRow("Accounts", "", "Accounts, with what stands outside them", held))
    names = {one.code: one.name for one in chart_of(work)}
    ledger = ZERO
    for one in balances(work, None, as_of, accounts=OPEN_ACCOUNTS):
        lines = Lines((one.account,), None, as_of)
        rows.append(TieRow("Ledger", one.account, names[one.account], Money(one.cents), lines))
        ledger += Money(one.cents)
    every = Lines(tuple(sorted(OPEN_ACCOUNTS)), None, as_of)
    rows.append(TieRow("Ledger", "", "General ledger", ledger, every))
    return TieOut(as_of, tuple(rows), tie, ledger)
