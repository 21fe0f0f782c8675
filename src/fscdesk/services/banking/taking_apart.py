"""Takes matches apart: lines and entries are open again, what the match had made is reversed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from fscdesk.models.bank import BankAccount, BankSuspense
from fscdesk.models.deposit import Deposit, DepositStatus
from fscdesk.models.ledger import JournalLine
from fscdesk.models.reconciliation import BankMatch, BankMatchEntry, BankMatchLine, MatchStatus
from fscdesk.services.audit import record
from fscdesk.services.banking.banked import lock_deposits_of, set_banked
from fscdesk.services.banking.deposits import undo_deposit
from fscdesk.services.banking.offsetting import offset
from fscdesk.services.banking.reconciliation_locks import require_unlocked, require_unmatched
from fscdesk.services.banking.rules import doubt
from fscdesk.services.banking.suspense import let_go, money_is_back
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.ledger.proved_days import undone_on
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


def take_apart(work: Work, match_id: int, reason: str) -> None:
    """Undo a match: what it had made is reversed on its own day; the rest is open again.

    It is reversed today where the month of that day is not open, or the day is proved. Raises
    Problem, with nothing changed, for one that belongs to a completed reconciliation, was taken
    apart before, holds suspense that was explained meanwhile, or has made a transfer whose other
    half is matched in its own account.
    """
    require(work, Right.RECONCILE, "take matches apart")
    words = text_of(reason, "the reason", longest=300, required=True)
    for account_id in _accounts_of(work, match_id):
        locked(work, BankAccount, account_id, "this bank account")
    match = locked(work, BankMatch, match_id, "this match")
    if match.status is MatchStatus.UNDONE:
        raise Problem("This match was taken apart already.", hint="Nothing was changed.")
    require_unlocked(work, matches=(match.id,))
    entries = work.db.scalars(
        select(BankMatchEntry)
        .where(BankMatchEntry.match_id == match.id, BankMatchEntry.live.is_(True))
        .order_by(BankMatchEntry.id)
    ).all()
    ids = [one.entry_id for one in entries]
    made = [_Made.of(entry) for entry in entries if entry.made]
    half = "The other half of this transfer"
    require_unmatched(work, [one.entry_id for one in made], half, besides=match.id)
    lock_deposits_of(work, ids)
    set_banked(work, ids, None)
    for line in work.db.scalars(select(BankMatchLine).where(BankMatchLine.match_id == match.id)):
        line.live_line_id = None
    for entry in entries:
        entry.live = None
    match.status = MatchStatus.UNDONE
    match.undone_by, match.undone_at = work.actor.staff_id, work.now()
    work.db.flush()
    rule_id, account_id = match.rule_id, match.bank_account_id
    for one in made:
        one.undo(work, words)
    if rule_id is not None:
        doubt(work, rule_id)
    if made:
        offset(work, account_id, [one.entry_id for one in made])
    record(
        work,
        "take_match_apart",
        "bank_match",
        match_id,
        reason=words,
        entries=ids,
        reversed=[one.entry_id for one in made],
    )
    work.touch(Topic.BANK, Topic.PAYMENTS, Topic.LEDGER)


def _accounts_of(work: Work, match_id: int) -> Sequence[int]:
    """Return the bank accounts of a match and of what it had made, in the order of locking."""
    made = (
        select(JournalLine.account)
        .join(BankMatchEntry, BankMatchEntry.entry_id == JournalLine.entry_id)
        .where(BankMatchEntry.match_id == match_id, BankMatchEntry.made.is_(True))
    )
    own = select(BankMatch.bank_account_id).where(BankMatch.id == match_id)
    found = select(BankAccount.id).where(
        or_(BankAccount.id.in_(own), BankAccount.account.in_(made))
    )
    return work.db.scalars(found.order_by(BankAccount.id)).all()


class _Made:
    """An entry that the match had made: of a deposit, of suspense, or of its own legs."""

    def __init__(self, entry_id: int, deposit_id: int | None, suspense_id: int | None) -> None:
        self.entry_id, self.deposit_id, self.suspense_id = entry_id, deposit_id, suspense_id

    @classmethod
    def of(cls, entry: BankMatchEntry) -> _Made:
        return cls(entry.entry_id, entry.deposit_id, entry.suspense_id)

    def undo(self, work: Work, reason: str) -> None:
        if self.deposit_id is not None:
            standing = work.db.get_one(Deposit, self.deposit_id).status is DepositStatus.POSTED
            if standing:
                undo_deposit(work, self.deposit_id, reason)
            return
        if self.suspense_id is not None:
            held = work.db.get_one(BankSuspense, self.suspense_id).entry_id == self.entry_id
            (let_go if held else money_is_back)(work, self.suspense_id, self.entry_id)
        memo = f"Match taken apart: {reason}"[:200]
        reverse(work, self.entry_id, on=undone_on(work, self.entry_id), reason=memo)


def automatic_matches(work: Work, line_ids: Collection[int]) -> list[int]:
    """Return the standing matches of these lines that no person made."""
    return list(
        work.db.scalars(
            select(BankMatch.id)
            .join(BankMatchLine, BankMatchLine.match_id == BankMatch.id)
            .where(among(work, BankMatchLine.live_line_id, line_ids), BankMatch.automatic.is_(True))
            .distinct()
            .order_by(BankMatch.id)
        )
    )


def lines_matched_by_hand(work: Work, line_ids: Sequence[int]) -> int:
    """Return how many of these lines a person has matched."""
    found = work.db.scalars(
        select(BankMatchLine.live_line_id)
        .join(BankMatch, BankMatch.id == BankMatchLine.match_id)
        .where(among(work, BankMatchLine.live_line_id, line_ids), BankMatch.automatic.is_(False))
    )
    return len(set(found))
