"""Matches are made here: lines of the bank and entries of ours, equal to the cent, in one act.

    match_id = accept(work, draft_of(account_id, proposal))
    take_apart(work, match_id, "The other check")

What is missing is made first, in the same transaction: a deposit of money that waited, an entry
for a fee, suspense. It goes again with the match. The account's row is locked before its lines,
so that two desks cannot give one line to two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    MatchedBy,
    MatchStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import Act, record_all
from fscdesk.services.banking.bank_entries import post_legs
from fscdesk.services.banking.banked import lock_deposits_of, set_banked_days
from fscdesk.services.banking.deposits import DepositDraft, make_deposits
from fscdesk.services.banking.match_drafts import MatchDraft, draft_of
from fscdesk.services.banking.match_items import DepositToMake, OpenLine
from fscdesk.services.banking.matching_facts import entries_among
from fscdesk.services.banking.rules import confirm, learn
from fscdesk.services.banking.suspense import hold_money, send_back
from fscdesk.services.banking.taking_apart import take_apart
from fscdesk.services.editing import locked
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["MatchDraft", "accept", "accept_all", "accept_in_parts", "draft_of", "take_apart"]

AT_ONCE = 200
"""So many matches are made together, between two looks at whether a person has stopped it."""
_NOTHING = "Nothing was matched."


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the match: what its lines on the account come to, and what it stands for."""

    entry_id: int
    amount: Money
    deposit_id: int | None = None
    suspense_id: int | None = None
    made: bool = True


@dataclass(slots=True)
class _Sides:
    """A match that is made: the bank's lines on one side, on the other the entries so far."""

    draft: MatchDraft
    lines: list[OpenLine]
    entries: list[_Entry]

    @property
    def on(self) -> date | None:
        """Return the day of the last line; None where there is none."""
        return max((line.on for line in self.lines), default=None)

    @property
    def total(self) -> Money:
        """Return what the lines come to."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def ours(self) -> Money:
        """Return what the entries come to."""
        return sum((one.amount for one in self.entries), ZERO)


def accept(work: Work, draft: MatchDraft, *, automatic: bool = False) -> int:
    """Make one match and return it. ``automatic``: an exact trace did it, not a person.

    Raises Problem, with nothing saved, where the sums differ, or something is matched or locked
    already (another desk was first).
    """
    return accept_all(work, (draft,), automatic=automatic)[0]


def accept_all(work: Work, drafts: Sequence[MatchDraft], *, automatic: bool = False) -> list[int]:
    """Make many matches of one account, as `accept` would one after the other; return them.

    A file has hundreds of them: what they need is read, locked and written once for all. Nothing
    is saved where one of them cannot be.
    """
    require(work, Right.RECONCILE, "match the bank's lines")
    if not drafts:
        return []
    account = locked(work, BankAccount, drafts[0].account_id, "this bank account")
    sides = _sides(work, account, drafts)
    _make(work, account, sides)
    for one in sides:
        _require_equal(one)
    matches = [_match(work, account, one, automatic=automatic) for one in sides]
    work.db.add_all(matches)
    work.db.flush()
    made = [match.id for match in matches]
    _store(work, made, account, sides)
    days = {each.entry_id: one.on for one in sides if one.lines for each in one.entries}
    acts = [
        Act(
            "match_bank_lines",
            "bank_match",
            match_id,
            {
                "by": one.draft.by.value,
                "automatic": automatic,
                "lines": [line.id for line in one.lines],
                "entries": [each.entry_id for each in one.entries],
                "amount": one.total.plain(),
            },
        )
        for match_id, one in zip(made, sides, strict=True)
    ]
    set_banked_days(work, days)
    record_all(work, acts)
    work.touch(Topic.BANK, Topic.PAYMENTS)
    return made


def accept_in_parts(
    work: Work, drafts: Sequence[MatchDraft], doing: str, *, automatic: bool = False
) -> list[int]:
    """Make many matches, some hundred at a time, and say how far that is under ``doing``."""
    made: list[int] = []
    for start in range(0, len(drafts), AT_ONCE):
        work.job.step(start, len(drafts), doing)
        made += accept_all(work, drafts[start : start + AT_ONCE], automatic=automatic)
    return made


def _sides(work: Work, account: BankAccount, drafts: Sequence[MatchDraft]) -> list[_Sides]:
    """Return both sides of the matches as far as they are there, locked."""
    if any(one.account_id != account.id for one in drafts):
        raise ValueError("Matches that are made together are of one account.")
    lines = _lines(work, account, _each_once([one.line_ids for one in drafts]))
    entries = _entries(work, account, _each_once([one.entry_ids for one in drafts]))
    _require_standing(work, account, drafts)
    return [
        _Sides(
            one,
            [lines[ident] for ident in sorted(set(one.line_ids))],
            [entries[ident] for ident in sorted(set(one.entry_ids))],
        )
        for one in drafts
    ]


def _each_once(ids: Sequence[Sequence[int]]) -> list[int]:
    """Return all of them, by id. Raises ChangedElsewhere where two matches want one."""
    found = [one for some in ids for one in set(some)]
    if len(found) > len(set(found)):
        raise ChangedElsewhere(
            "Two of these matches are of the same line or entry.",
            hint=f"{_NOTHING} Look at the list again.",
        )
    return sorted(found)


def _match(work: Work, account: BankAccount, one: _Sides, *, automatic: bool) -> BankMatch:
    draft = one.draft
    rule_id = _learnt(work, draft, one.lines) if not automatic else draft.rule_id
    return BankMatch(
        bank_account_id=account.id,
        by=draft.by,
        why=(draft.why or "Matched by hand")[:300],
        automatic=automatic,
        on=one.on if one.on is not None else _newest(work, draft.entry_ids),
        amount=one.total,
        status=MatchStatus.STANDING,
        rule_id=rule_id,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )


def _lines(work: Work, account: BankAccount, wanted: Sequence[int]) -> dict[int, OpenLine]:
    if not wanted:
        return {}
    lines = work.db.execute(
        select(BankLine.id, BankLine.on, BankLine.amount, BankLine.words)
        .where(
            among(work, BankLine.id, wanted),
            BankLine.bank_account_id == account.id,
            BankLine.live.is_(True),
        )
        .order_by(BankLine.id)
        .with_for_update()
    ).all()
    if len(lines) != len(wanted):
        raise Problem(
            f"A line of the bank is not in {account.name} any more.",
            hint=f"{_NOTHING} Its statement was taken back; look at the list again.",
        )
    taken = work.db.scalars(
        select(BankLine)
        .join(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .where(among(work, BankLine.id, wanted))
        .order_by(BankLine.id)
    ).first()
    if taken is not None:
        raise ChangedElsewhere(
            f"The bank's line of {taken.on:%m/%d/%Y} over {taken.amount} is matched already.",
            hint=f"{_NOTHING} Look at the list again.",
        )
    return {line.id: OpenLine(*line) for line in lines}


def _entries(work: Work, account: BankAccount, wanted: Sequence[int]) -> dict[int, _Entry]:
    if not wanted:
        return {}
    lock_deposits_of(work, wanted)
    open_ = entries_among(work, account, wanted)
    if len(open_) != len(wanted):
        raise ChangedElsewhere(
            f"An entry of {account.name} is matched already, or is not on this account.",
            hint=f"{_NOTHING} Look at the list again.",
        )
    return {
        row.entry_id: _Entry(row.entry_id, row.amount, row.deposit_id, made=False) for row in open_
    }


def _require_standing(work: Work, account: BankAccount, drafts: Sequence[MatchDraft]) -> None:
    """Raise ChangedElsewhere for an entry that was taken back; with its opposite it is nothing."""
    wanted = {each: set(one.entry_ids) for one in drafts for each in one.entry_ids}
    if not wanted:
        return
    back = select(JournalEntry.id, JournalEntry.reverses_id, JournalEntry.entry_date).where(
        among(work, JournalEntry.reverses_id, wanted)
    )
    for ident, reversed_id, on in work.db.execute(back):
        if reversed_id is not None and ident not in wanted[reversed_id]:
            raise ChangedElsewhere(
                f"What this would be matched with in {account.name} was taken back on"
                f" {on:%m/%d/%Y}.",
                hint=f"{_NOTHING} Look at the list again; tick its opposite too if both came.",
            )


def _make(work: Work, account: BankAccount, sides: Sequence[_Sides]) -> None:
    """Make what is missing: deposits, one entry for the legs, suspense."""
    lined = [one for one in sides if one.lines]
    wanted = [(one, each) for one in lined for each in one.draft.deposits]
    if wanted:
        drafts = [_deposit(account, one, each) for one, each in wanted]
        for (one, _), done in zip(wanted, make_deposits(work, drafts), strict=True):
            one.entries.append(_Entry(done.entry_id, done.amount, done.id))
    for one in lined:
        _make_rest(work, account, one)


def _make_rest(work: Work, account: BankAccount, one: _Sides) -> None:
    draft, on = one.draft, max(line.on for line in one.lines)
    if draft.legs:
        entry_id = post_legs(work, account.account, on, draft.legs, draft.memo)
        one.entries.append(_Entry(entry_id, sum((leg.amount for leg in draft.legs), ZERO)))
    left = one.total - one.ours
    if draft.hold:
        line = work.db.get_one(BankLine, one.lines[0].id)
        suspense_id, entry_id = hold_money(work, account, line, left, draft.payer_id)
        one.entries.append(_Entry(entry_id, left, suspense_id=suspense_id))
    if draft.sends_back is not None:
        entry_id = send_back(work, account, draft.sends_back, -left, on)
        one.entries.append(_Entry(entry_id, left, suspense_id=draft.sends_back))


def _deposit(account: BankAccount, side: _Sides, one: DepositToMake) -> DepositDraft:
    return DepositDraft(
        account.id,
        one.kind,
        max(side.on or one.since, one.since),
        payment_ids=one.payment_ids,
        refund_ids=one.refund_ids,
        fees=one.fees,
        reference=one.reference,
        payout_id=one.payout_id,
    )


def _require_equal(one: _Sides) -> None:
    if not one.lines and not one.entries:
        raise Problem("Nothing was chosen.", hint=f"{_NOTHING} Choose lines of the bank first.")
    if not one.lines and one.draft.by is not MatchedBy.OFFSET:
        raise Problem("No line of the bank was chosen.", hint=f"{_NOTHING} Choose the line first.")
    total, ours = one.total, one.ours
    if total != ours:
        raise Problem(
            f"The bank's lines are {total}, ours are {ours}: {total - ours} is missing.",
            hint=f"{_NOTHING} Choose what is missing, or say what the difference is.",
        )


def _learnt(work: Work, draft: MatchDraft, lines: Sequence[OpenLine]) -> int | None:
    """Count a rule that was taken, or remember what a person said that the words are."""
    if draft.rule_id is not None:
        confirm(work, draft.rule_id)
        return draft.rule_id
    if not draft.learn or len({(line.words, line.amount > ZERO) for line in lines}) != 1:
        return None
    bank, line = draft.account_id, lines[0]
    if draft.hold and draft.payer_id is not None:
        return learn(work, bank, line.words, money_in=True, payer_id=draft.payer_id)
    if len(draft.legs) != 1 or draft.entry_ids or draft.deposits:
        return None
    leg = draft.legs[0]
    return learn(
        work,
        bank,
        line.words,
        money_in=line.amount > ZERO,
        account=leg.account,
        cost_centre=leg.cost_centre,
        memo=draft.memo,
    )


def _store(
    work: Work, matches: Sequence[int], account: BankAccount, sides: Sequence[_Sides]
) -> None:
    work.db.add_all(
        BankMatchLine(match_id=match_id, bank_line_id=line.id, live_line_id=line.id)
        for match_id, side in zip(matches, sides, strict=True)
        for line in side.lines
    )
    code = account.account
    work.db.add_all(
        BankMatchEntry(
            match_id=match_id,
            entry_id=one.entry_id,
            account=code,
            amount=one.amount,
            deposit_id=one.deposit_id,
            suspense_id=one.suspense_id,
            made=one.made,
            live=True,
        )
        for match_id, side in zip(matches, sides, strict=True)
        for one in side.entries
    )
    work.db.flush()


def _newest(work: Work, entry_ids: Sequence[int]) -> date:
    days = work.db.scalars(
        select(JournalEntry.entry_date).where(among(work, JournalEntry.id, entry_ids))
    )
    return max(days)
