"""What was taken off what is owed, and why: by kind of adjustment and the payer's reason code.

Its total is what the accounts of adjustments, discounts and bad debt moved. What no adjustment
of ours tells of, SimplePractice has recorded with a session.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from fscdesk.models.account import AccountType
from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjustment_rules import RULES
from fscdesk.services.ledger.accounts import BAD_DEBT
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.reasons import carc
from fscdesk.services.reports.books import Lines, balances, cents_of
from fscdesk.services.reports.chart_tree import chart_of, codes
from fscdesk.services.reports.financial import Proof
from fscdesk.services.reports.periods import Period, period_of
from fscdesk.services.reports.reason_lines import Reason
from fscdesk.services.work import Work

RECORDED, IN_BOOKS = "Recorded with the session", "Entered in the books"
_WORDS = {
    EntryKind.CREDIT_MEMO: "Credit memo",
    EntryKind.DEPOSIT: IN_BOOKS,
    EntryKind.BANK: IN_BOOKS,
    EntryKind.MANUAL: IN_BOOKS,
    EntryKind.ADJUSTING: IN_BOOKS,
    EntryKind.OPENING: IN_BOOKS,
}
"""What is no adjustment, by the kind of its entry; anything else came with a session."""


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One kind, group and reason code on one account; a positive amount lowered what is owed.

    ``lines`` counts its journal lines, of which those that took something back are ``reversed``;
    ``drill`` is what they are.
    """

    account: str
    kind: str
    group: str
    code: str
    words: str
    lines: int
    reversed: int
    amount: Money
    drill: Lines


@dataclass(frozen=True, slots=True)
class ReasonReport:
    """What was taken off in a period, the most first. ``drill`` is what the total is made of."""

    period: Period
    rows: tuple[ReasonRow, ...]
    total: Money
    proofs: tuple[Proof, ...]
    drill: Lines

    @property
    def ties(self) -> bool:
        """Return whether the rows come to what the accounts moved."""
        return not any(one.difference for one in self.proofs)


class _Key(NamedTuple):
    account: str
    words: str
    group: str
    code: str


def adjustments_by_reason(work: Work, first: date, last: date) -> ReasonReport:
    """Return the adjustments of a period by the day in the books.

    Raises Problem without the right, and for a period that ends before it begins.
    """
    require(work, Right.SEE_REPORTS, "see adjustments by reason")
    period = period_of(first, last)
    chart = chart_of(work)
    accounts = codes(one for one in chart.of(AccountType.INCOME) if one.deducts)
    accounts += codes(one for one in chart.of(AccountType.EXPENSE) if one.top == BAD_DEBT)
    sums: dict[_Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    # An entry and its reversal belong to the same adjustment.
    undone = aliased(JournalEntry)
    kind_of = func.coalesce(undone.kind, JournalEntry.kind)
    cut = (
        JournalLine.account,
        Adjustment.kind,
        kind_of,
        Adjustment.group_code,
        Adjustment.carc,
    )
    rows = work.db.execute(
        select(*cut, func.count(), func.count(undone.id), func.sum(JournalLine.amount))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .outerjoin(undone, undone.id == JournalEntry.reverses_id)
        .outerjoin(Adjustment, Adjustment.entry_id == func.coalesce(undone.id, JournalEntry.id))
        .where(
            JournalLine.account.in_(accounts),
            JournalLine.day >= first,
            JournalLine.day <= last,
            kind_of != EntryKind.CLOSING,
        )
        .group_by(*cut)
    )
    for account, kind, entry, group, code, count, back, cents in rows:
        key = _Key(account, _kind_words(kind, entry), group or "", code or "")
        for at, value in enumerate((count, back, cents_of(cents))):
            sums[key][at] += value
    made = [_row(key, of, period) for key, of in sums.items()]
    ledger = sum(one.cents for one in balances(work, first, last, accounts=accounts, closing=False))
    made.sort(key=lambda row: (-row.amount.cents, row.account, row.kind, row.group, row.code))
    total = sum((row.amount for row in made), ZERO)
    proof = Proof("The rows come to what these accounts moved", total - Money(ledger))
    drill = Lines(accounts, first, last, closing=False)
    return ReasonReport(period, tuple(made), total, (proof,), drill)


def _kind_words(kind: AdjustmentKind | None, entry: str) -> str:
    if kind is not None:
        return RULES[kind].word
    return _WORDS.get(EntryKind(entry), RECORDED)


def _row(key: _Key, of: list[int], period: Period) -> ReasonRow:
    count, back, cents = of
    reason = carc(key.code) if key.code else None
    return ReasonRow(
        account=key.account,
        kind=key.words,
        group=key.group,
        code=key.code,
        words="" if reason is None else reason.words,
        lines=count,
        reversed=back,
        amount=Money(cents),
        drill=Lines(
            (key.account,),
            period.first,
            period.last,
            closing=False,
            reason=Reason(
                tuple(kind for kind, rule in RULES.items() if rule.word == key.words),
                tuple(kind for kind in EntryKind if _WORDS.get(kind, RECORDED) == key.words),
                key.group,
                key.code,
            ),
        ),
    )
