"""The roll-forward of receivables: opening, charges, payments, adjustments, closing, by account.

The closing is proven three ways: the movements lead to it, the ledger has it, and the aging of
the last day comes to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from fscdesk.models.ledger import Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import OPEN_ACCOUNTS, RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.aging_tie import Tie
from fscdesk.services.reports.books import Cut, Lines, balances
from fscdesk.services.reports.chart_tree import chart_of
from fscdesk.services.reports.periods import Period, period_of
from fscdesk.services.work import Work

COLUMNS: tuple[tuple[str, str, tuple[Part, ...]], ...] = (
    ("charges", "Charges", (Part.CHARGE,)),
    ("payments", "Payments", (Part.PATIENT_PAID, Part.INSURANCE_PAID)),
    ("adjustments", "Adjustments", (Part.WRITE_OFF, Part.ADJUSTMENT)),
    ("returned", "Refunds and returned", (Part.REFUND, Part.RETURNED)),
    ("moved", "Moved between", (Part.RESPONSIBILITY, Part.TRANSFER, Part.AGENCY)),
    ("other", "Other", (Part.PAYER_OWN, Part.BOOKS)),
)
"""What moves a receivable, by the part of its lines; each part is in exactly one column."""


@dataclass(frozen=True, slots=True)
class RollRow:
    """One account, signed as in the ledger: what is owed to the practice is positive.

    ``moved`` has one amount for each of ``COLUMNS``, ``drills`` the lines behind each.
    """

    account: str
    name: str
    opening: Money
    moved: tuple[Money, ...]
    closing: Money
    drills: tuple[Lines, ...]

    @property
    def difference(self) -> Money:
        """Return opening and movements less the closing that the ledger has."""
        return sum(self.moved, self.opening) - self.closing


@dataclass(frozen=True, slots=True)
class Recorded:
    """What SimplePractice alone called paid or written off in a period (account 1060), net.

    Less than zero where more of it was received or decided here than was recorded there.
    """

    paid: Money
    written_off: Money


@dataclass(frozen=True, slots=True)
class RollForward:
    """The receivables of a period. ``tie`` compares the aging of the last day with the ledger."""

    period: Period
    rows: tuple[RollRow, ...]
    total: RollRow
    recorded: Recorded
    tie: Tie

    @property
    def paid(self) -> Money:
        """Return what payments took off; positive."""
        return -self._moved("payments")

    @property
    def received(self) -> Money:
        """Return of ``paid`` what came in payments of ours."""
        return self.paid - self.recorded.paid

    @property
    def adjusted(self) -> Money:
        """Return what adjustments took off; positive."""
        return -self._moved("adjustments")

    @property
    def decided(self) -> Money:
        """Return of ``adjusted`` what is in the report of adjustments by reason."""
        return self.adjusted - self.recorded.written_off

    def _moved(self, column: str) -> Money:
        keys = [key for key, _title, _parts in COLUMNS]
        return self.total.moved[keys.index(column)]

    @property
    def difference(self) -> Money:
        """Return by how much the movements miss the closing, or the aging misses the ledger."""
        aged = self.tie.aging + self.tie.at_agency + self.tie.to_explain
        return self.total.difference or aged - self.total.closing

    @property
    def ties(self) -> bool:
        """Return whether each account closes, and aging and ledger come to the same."""
        return self.tie.ties and not self.difference and not any(r.difference for r in self.rows)


def roll_forward(work: Work, first: date, last: date) -> RollForward:
    """Return how the receivables of the first day became those of the last.

    Raises Problem without the right, and for a period that ends before it begins.
    """
    require(work, Right.SEE_REPORTS, "see the roll-forward of receivables")
    period = period_of(first, last)
    eve = first - timedelta(days=1)
    opening = _by_account(work, eve)
    closing = _by_account(work, last)
    moved: dict[str, dict[Part, int]] = defaultdict(dict)
    for one in balances(work, first, last, accounts=OPEN_ACCOUNTS, by=(Cut.PART,)):
        moved[one.account][Part(str(one.keys[0]))] = one.cents
    names = {one.code: one.name for one in chart_of(work)}
    rows = tuple(
        _row((code,), names[code], opening, moved, closing, period)
        for code in OPEN_ACCOUNTS
        if opening.get(code) or closing.get(code) or moved.get(code)
    )
    total = _row(OPEN_ACCOUNTS, "Total", opening, moved, closing, period)
    tie = aging(work, as_of=last).tie
    if tie is None:
        raise RuntimeError("an aging that was to be proven has no proof")
    return RollForward(period, rows, total, _recorded(work, period), tie)


def _recorded(work: Work, period: Period) -> Recorded:
    """Return by how much account 1060 grew, by what SimplePractice said."""
    accounts = (RECORDED_IN_SIMPLEPRACTICE,)
    paid = written_off = ZERO
    for one in balances(work, period.first, period.last, accounts=accounts, by=(Cut.PART,)):
        if Part(str(one.keys[0])) in (Part.WRITE_OFF, Part.ADJUSTMENT):
            written_off += Money(one.cents)
        else:
            paid += Money(one.cents)
    return Recorded(paid, written_off)


def _by_account(work: Work, day: date) -> dict[str, int]:
    return {one.account: one.cents for one in balances(work, None, day, accounts=OPEN_ACCOUNTS)}


def _row(
    accounts: tuple[str, ...],
    name: str,
    opening: dict[str, int],
    moved: dict[str, dict[Part, int]],
    closing: dict[str, int],
    period: Period,
) -> RollRow:
    sums = [
        sum((Money(moved[code].get(part, 0)) for code in accounts for part in parts), ZERO)
        for _key, _title, parts in COLUMNS
    ]
    whole = Lines(tuple(sorted(accounts)), period.first, period.last)
    return RollRow(
        account=accounts[0] if len(accounts) == 1 else "",
        name=name,
        opening=Money(sum(opening.get(code, 0) for code in accounts)),
        moved=tuple(sums),
        closing=Money(sum(closing.get(code, 0) for code in accounts)),
        drills=tuple(whole.also(Cut.PART, parts) for _key, _title, parts in COLUMNS),
    )
