"""The trial balance: every account with its debit or credit balance; both sides are equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Lines, balances
from fscdesk.services.reports.chart_tree import chart_of
from fscdesk.services.reports.periods import Compare, day_compared_with
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account: its balance stands on one side. ``before`` is that of the other day, signed."""

    account: str
    name: str
    type: str
    debit: Money
    credit: Money
    before: Money
    lines: Lines

    @property
    def balance(self) -> Money:
        """Return the balance, debits positive."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts that have a balance on a day, closings included. ``difference`` must be zero."""

    as_of: date
    before: date | None
    rows: tuple[TrialRow, ...]
    debit: Money
    credit: Money

    @property
    def difference(self) -> Money:
        """Return debits less credits."""
        return self.debit - self.credit

    @property
    def ties(self) -> bool:
        """Return whether both sides are equal."""
        return not self.difference


def trial_balance(work: Work, as_of: date, *, compare: Compare | None = None) -> TrialBalance:
    """Return the balances of all accounts at the end of a day; no account that has none.

    Raises Problem without the right to see reports.
    """
    require(work, Right.SEE_REPORTS, "see the trial balance")
    now = {one.account: one.cents for one in balances(work, None, as_of)}
    day = None if compare is None else day_compared_with(as_of, compare)
    then = {} if day is None else {one.account: one.cents for one in balances(work, None, day)}
    rows = []
    for one in chart_of(work):
        cents = now.get(one.code, 0)
        if cents or then.get(one.code):
            rows.append(
                TrialRow(
                    account=one.code,
                    name=one.name,
                    type=one.type.value,
                    debit=Money(max(cents, 0)),
                    credit=Money(max(-cents, 0)),
                    before=Money(then.get(one.code, 0)),
                    lines=Lines((one.code,), None, as_of),
                )
            )
    return TrialBalance(
        as_of=as_of,
        before=day,
        rows=tuple(rows),
        debit=sum((row.debit for row in rows), ZERO),
        credit=sum((row.credit for row in rows), ZERO),
    )
