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
from fscdesk.services.audit import record
from fscdesk.services.banking.bank_entries import post_legs
from fscdesk.services.banking.banked import lock_deposits_of, set_banked
from fscdesk.services.banking.deposits import DepositDraft, make_deposit
from fscdesk.services.banking.match_drafts import MatchDraft, draft_of
from fscdesk.services.banking.match_items import DepositToMake
from fscdesk.services.banking.matching_facts import entries_among
from fscdesk.services.banking.rules import confirm, learn
from fscdesk.services.banking.suspense import hold_money, send_back
from fscdesk.services.banking.taking_apart import take_apart
from fscdesk.services.editing import locked
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["MatchDraft", "accept", "draft_of", "take_apart"]

_NOTHING = "Nothing was matched."


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the match: what its lines on the account come to, and what it stands for."""

    entry_id: int
    amount: Money
    deposit_id: int | None = None
    suspense_id: int | None = None
    made: bool = True


def accept(work: Work, draft: MatchDraft, *, automatic: bool = False) -> int:
    """Make one match and return it. ``automatic``: an exact trace did it, not a person.

    Raises Problem, with nothing saved, where the sums differ, or something is matched or locked
    already (another desk was first).
    """
    require(work, Right.RECONCILE, "match the bank's lines")
    account = locked(work, BankAccount, draft.account_id, "this bank account")
    lines = _lines(work, account, draft.line_ids)
    on = max((line.on for line in lines), default=None)
    entries = _entries(work, account, draft.entry_ids)
    if on is not None:
        entries += _made(work, account, draft, lines, on, entries)
    total = sum((line.amount for line in lines), ZERO)
    ours = sum((one.amount for one in entries), ZERO)
    _require_equal(draft, lines, entries, total, ours)
    rule_id = _learnt(work, draft, lines) if not automatic else draft.rule_id
    match = BankMatch(
        bank_account_id=account.id,
        by=draft.by,
        why=(draft.why or "Matched by hand")[:300],
        automatic=automatic,
        on=on if on is not None else _newest(work, draft.entry_ids),
        amount=total,
        status=MatchStatus.STANDING,
        rule_id=rule_id,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(match)
    work.db.flush()
    _store(work, match, account, lines, entries)
    set_banked(work, [one.entry_id for one in entries], on)
    record(
        work,
        "match_bank_lines",
        "bank_match",
        match.id,
        by=draft.by.value,
        automatic=automatic,
        lines=[line.id for line in lines],
        entries=[one.entry_id for one in entries],
        amount=total.plain(),
    )
    work.touch(Topic.BANK, Topic.PAYMENTS)
    return match.id


def _lines(work: Work, account: BankAccount, line_ids: Sequence[int]) -> list[BankLine]:
    if not line_ids:
        return []
    wanted = sorted(set(line_ids))
    lines = list(
        work.db.scalars(
            select(BankLine)
            .where(
                among(work, BankLine.id, wanted),
                BankLine.bank_account_id == account.id,
                BankLine.live.is_(True),
            )
            .order_by(BankLine.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
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
    return lines


def _entries(work: Work, account: BankAccount, entry_ids: Sequence[int]) -> list[_Entry]:
    if not entry_ids:
        return []
    wanted = sorted(set(entry_ids))
    lock_deposits_of(work, wanted)
    open_ = entries_among(work, account, wanted)
    if len(open_) != len(wanted):
        raise ChangedElsewhere(
            f"An entry of {account.name} is matched already, or is not on this account.",
            hint=f"{_NOTHING} Look at the list again.",
        )
    return [_Entry(row.entry_id, row.amount, row.deposit_id, made=False) for row in open_]


def _made(
    work: Work,
    account: BankAccount,
    draft: MatchDraft,
    lines: Sequence[BankLine],
    on: date,
    entries: Sequence[_Entry],
) -> list[_Entry]:
    """Make what is missing: deposits, one entry for the legs, suspense."""
    made = [_deposit(work, account, one, on) for one in draft.deposits]
    if draft.legs:
        entry_id = post_legs(work, account.account, on, draft.legs, draft.memo)
        made.append(_Entry(entry_id, sum((leg.amount for leg in draft.legs), ZERO)))
    total = sum((line.amount for line in lines), ZERO)
    left = total - sum((one.amount for one in (*entries, *made)), ZERO)
    if draft.hold:
        suspense_id, entry_id = hold_money(work, account, lines[0], left, draft.payer_id)
        made.append(_Entry(entry_id, left, suspense_id=suspense_id))
    if draft.sends_back is not None:
        entry_id = send_back(work, account, draft.sends_back, -left, on)
        made.append(_Entry(entry_id, left, suspense_id=draft.sends_back))
    return made


def _deposit(work: Work, account: BankAccount, one: DepositToMake, on: date) -> _Entry:
    done = make_deposit(
        work,
        DepositDraft(
            account.id,
            one.kind,
            max(on, one.since),
            payment_ids=one.payment_ids,
            refund_ids=one.refund_ids,
            fees=one.fees,
            reference=one.reference,
            payout_id=one.payout_id,
        ),
    )
    return _Entry(done.entry_id, done.amount, done.id)


def _require_equal(
    draft: MatchDraft,
    lines: Sequence[BankLine],
    entries: Sequence[_Entry],
    total: Money,
    ours: Money,
) -> None:
    if not lines and not entries:
        raise Problem("Nothing was chosen.", hint=f"{_NOTHING} Choose lines of the bank first.")
    if not lines and draft.by is not MatchedBy.OFFSET:
        raise Problem("No line of the bank was chosen.", hint=f"{_NOTHING} Choose the line first.")
    if total != ours:
        raise Problem(
            f"The bank's lines are {total}, ours are {ours}: {total - ours} is missing.",
            hint=f"{_NOTHING} Choose what is missing, or say what the difference is.",
        )


def _learnt(work: Work, draft: MatchDraft, lines: Sequence[BankLine]) -> int | None:
    """Count a rule that was taken, or remember what a person said that the words are."""
    if draft.rule_id is not None:
        confirm(work, draft.rule_id)
        return draft.rule_id
    if not draft.learn or len({(line.words, line.amount > ZERO) for line in lines}) != 1:
        return None
    line = lines[0]
    if draft.hold and draft.payer_id is not None:
        bank, payer = line.bank_account_id, draft.payer_id
        return learn(work, bank, line.words, money_in=True, payer_id=payer)
    if len(draft.legs) != 1 or draft.entry_ids or draft.deposits:
        return None
    leg = draft.legs[0]
    return learn(
        work,
        line.bank_account_id,
        line.words,
        money_in=line.amount > ZERO,
        account=leg.account,
        cost_centre=leg.cost_centre,
        memo=draft.memo,
    )


def _store(
    work: Work,
    match: BankMatch,
    account: BankAccount,
    lines: Sequence[BankLine],
    entries: Sequence[_Entry],
) -> None:
    work.db.add_all(
        BankMatchLine(match_id=match.id, bank_line_id=line.id, live_line_id=line.id)
        for line in lines
    )
    work.db.add_all(
        BankMatchEntry(
            match_id=match.id,
            entry_id=one.entry_id,
            account=account.account,
            amount=one.amount,
            deposit_id=one.deposit_id,
            suspense_id=one.suspense_id,
            made=one.made,
            live=True,
        )
        for one in entries
    )
    work.db.flush()


def _newest(work: Work, entry_ids: Sequence[int]) -> date:
    days = work.db.scalars(
        select(JournalEntry.entry_date).where(among(work, JournalEntry.id, entry_ids))
    )
    return max(days)
