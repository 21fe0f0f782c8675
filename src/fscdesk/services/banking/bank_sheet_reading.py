"""Reads the bank's month beside ours: matches, proposals for what is open, items of ours alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from fscdesk.models.account import Account
from fscdesk.models.bank import BankAccount, BankLine, BankStatement, BankSuspense, StatementStatus
from fscdesk.models.deposit import Deposit, DepositKind
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    MatchedBy,
    MatchStatus,
    Reconciliation,
    ReconciliationStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.bank_says import reference_words, short_words, split_number
from fscdesk.services.banking.bank_sheet import BankSheet, SheetMark, SheetPeriod, SheetRow
from fscdesk.services.banking.match_items import Item, ItemKind
from fscdesk.services.banking.match_meanings import NOTHING_KNOWN
from fscdesk.services.banking.match_proposals import Proposal
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.matching_facts import book_items, payout_items, waiting_items
from fscdesk.services.banking.reconciliation_reading import read_state
from fscdesk.services.banking.reconciliation_state import BookItem, ReconciliationState
from fscdesk.services.banking.sums import Reach
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

_BY = {
    MatchedBy.TRACE: "by trace number",
    MatchedBy.PAYOUT: "by its payout",
    MatchedBy.SLIP: "by the slip’s number",
    MatchedBy.AMOUNT: "by amount and day",
    MatchedBy.SUM: "by its sum",
    MatchedBy.RULE: "by its words",
    MatchedBy.HAND: "by hand",
    MatchedBy.SUSPENSE: "held",
}

_KINDS = {
    DepositKind.CARD: "card payout",
    DepositKind.COUNTER: "deposit slip",
    DepositKind.EFT: "EFT",
}


def sheet_periods(work: Work, account_id: int) -> tuple[SheetPeriod, ...]:
    """Return the periods of an account: the one that is worked on, then the reconciled ones.

    The newest comes first. Where none is begun, the first says what the newest file ends with.
    """
    require(work, Right.RECONCILE, "reconcile bank accounts")
    rows = work.db.scalars(
        select(Reconciliation)
        .where(Reconciliation.bank_account_id == account_id, Reconciliation.live.is_(True))
        .order_by(Reconciliation.last_day.desc())
    ).all()
    found = [
        SheetPeriod(
            row.id,
            row.number,
            row.last_day,
            row.statement,
            row.status is ReconciliationStatus.COMPLETED,
        )
        for row in rows
    ]
    if any(not one.completed for one in found):
        return tuple(found)
    newest = work.db.execute(
        select(BankStatement.last_day, BankStatement.closing)
        .where(
            BankStatement.bank_account_id == account_id,
            BankStatement.status == StatementStatus.APPLIED,
            BankStatement.closing.is_not(None),
            BankStatement.last_day.is_not(None),
        )
        .order_by(BankStatement.last_day.desc())
        .limit(1)
    ).first()
    last = found[0].last_day if found else None
    told = newest if newest is not None and (last is None or newest.last_day > last) else None
    begun = SheetPeriod(None, "", told.last_day if told else None, told.closing if told else None)
    return (begun, *found)


def bank_sheet(work: Work, account_id: int, reconciliation_id: int | None = None) -> BankSheet:
    """Return a period of an account; without ``reconciliation_id`` what no month has yet.

    Raises Problem without the right to reconcile.
    """
    periods = sheet_periods(work, account_id)
    period = next(
        (one for one in periods if one.reconciliation_id == reconciliation_id), periods[0]
    )
    account = work.db.get_one(BankAccount, account_id)
    row = (
        None
        if period.reconciliation_id is None
        else work.db.get_one(Reconciliation, period.reconciliation_id)
    )
    state = None if row is None else read_state(work, row)
    rows = [*_matched(work, account_id, row)]
    if period.completed:
        assert state is not None
        rows += [_own(one, seen=True) for one in (*state.in_transit, *state.outstanding)]
    else:
        last_day = None if row is None else row.last_day
        rows += _open(work, account, state, last_day)
    label = f"{account.name} ···{account.ending}" if account.ending else account.name
    return BankSheet(account_id, label, period, tuple(rows), state)


def _open(
    work: Work, account: BankAccount, state: ReconciliationState | None, last_day: date | None
) -> Iterator[SheetRow]:
    found = [
        one
        for one in proposals(work, account.id)
        if last_day is None or one.lines[0].on <= last_day
    ]
    codes = {leg.account for one in found for leg in _legs(one)}
    names: dict[str, str] = {
        row.code: row.name
        for row in work.db.execute(
            select(Account.code, Account.name).where(Account.code.in_(codes))
        )
    }
    yield from (_proposed(one, names) for one in found)
    taken = {item.key for one in found for item in one.items}
    if state is not None:
        own = (*state.in_transit, *state.outstanding)
        yield from (_own(one) for one in own if (ItemKind.ENTRY, one.entry_id) not in taken)
    else:
        yield from (_item(one) for one in book_items(work, account) if one.key not in taken)
    waiting = (*waiting_items(work), *payout_items(work)[0])
    yield from (_item(one) for one in waiting if one.key not in taken)


def _legs(one: Proposal) -> tuple[Any, ...]:
    return () if one.entry_to_make is None else one.entry_to_make.legs


def _proposed(one: Proposal, names: Mapping[str, str]) -> SheetRow:
    line = one.lines[0]
    more = f" and {len(one.lines) - 1} more" if len(one.lines) > 1 else ""
    says, detail, on = "Nothing yet", one.why, None
    if one.why == NOTHING_KNOWN:
        detail = "nothing of this amount"
    amount: Money | None = None
    if one.returns:
        several = len(one.returns) > 1
        says = f"{len(one.returns)} could be meant" if several else one.returns[0].number
        detail = "one came back" if several else f"of {one.returns[0].who}, came back"
    elif one.reach is Reach.SEVERAL:
        says = f"{len(one.alternatives)}{' or more' if one.more else ''} could be meant"
        detail = one.why.rpartition("; ")[0] or one.why
        if one.by is MatchedBy.SUM and one.alternatives:
            detail = "several of ours together"
    elif one.is_complete:
        amount, on = one.amount, line.on
        if one.entry_to_make is not None:
            leg = one.entry_to_make.legs[0]
            says = f"{leg.account} {names.get(leg.account, '')}".strip()
        elif one.items:
            on = max(item.on for item in one.items)
            says, what = split_number(one.items[0].label)
            detail = f"{what}: {one.why}" if what else one.why
            if len(one.items) > 1:
                says, detail = f"{len(one.items)} items of ours", one.why
        else:
            says = "Sent back"
    return SheetRow(
        id=line.id * 2,
        mark=SheetMark.PROPOSED if one.is_complete else SheetMark.UNMATCHED,
        line_ids=tuple(each.id for each in one.lines),
        bank_on=line.on,
        bank_says=short_words(line.words) + more,
        bank_detail=reference_words(line.trace, line.check_number, line.kind),
        bank_amount=one.amount,
        bank_words=line.words,
        trace=line.trace,
        sender=line.sender,
        book_on=on,
        book_says=says,
        book_detail=detail,
        book_amount=amount,
        why=one.why,
        proposal=one,
    )


def _own(one: BookItem, *, seen: bool = False) -> SheetRow:
    said = "not yet at the bank" if one.amount > ZERO else "not yet paid by the bank"
    noted = one.note or said
    document = "" if one.document in one.words else one.document
    says, what = split_number(one.words or one.document)
    return SheetRow(
        id=one.entry_id * 2 + 1,
        mark=SheetMark.IN_TRANSIT,
        entry_ids=(one.entry_id,),
        book_on=one.on,
        book_says=says,
        book_detail=", ".join(part for part in (what, document, noted) if part),
        book_amount=one.amount,
        seen=seen or one.seen,
        note=one.note,
        why="Our books have it, the bank has not yet",
    )


def _item(one: Item) -> SheetRow:
    entry = one.kind is ItemKind.ENTRY
    says, what = split_number(one.label)
    waits = "not yet at the bank" if entry else "waits to be deposited"
    sides = {ItemKind.ENTRY: 1, ItemKind.PAYMENT: 3, ItemKind.PAYOUT: 4}
    return SheetRow(
        id=one.id * 2 + 1 if entry else -(one.id * 5 + sides[one.kind]),
        mark=SheetMark.IN_TRANSIT if entry else SheetMark.TO_DEPOSIT,
        entry_ids=(one.id,) if entry else (),
        book_on=one.on,
        book_says=says,
        book_detail=f"{what}, {waits}" if what else waits,
        book_amount=one.amount,
        why="Our books have it, the bank has not yet",
        item=None if entry else one,
    )


def _matched(work: Work, account_id: int, row: Reconciliation | None) -> list[SheetRow]:
    """Return the matches of a period, one row each; what only offsets itself is left out."""
    of_it: list[ColumnElement[bool]] = [BankMatch.reconciliation_id.is_(None)]
    if row is not None and row.status is ReconciliationStatus.COMPLETED:
        of_it = [BankMatch.reconciliation_id == row.id]
    elif row is not None:
        of_it.append(BankLine.on <= row.last_day)
    lines = work.db.execute(
        select(BankMatch, BankLine)
        .join(BankMatchLine, BankMatchLine.match_id == BankMatch.id)
        .join(BankLine, BankLine.id == BankMatchLine.bank_line_id)
        .where(
            BankMatch.bank_account_id == account_id,
            BankMatch.status == MatchStatus.STANDING,
            *of_it,
        )
        .order_by(BankLine.on, BankLine.id)
    ).all()
    groups: dict[int, list[BankLine]] = defaultdict(list)
    heads: dict[int, BankMatch] = {}
    for match, line in lines:
        heads[match.id] = match
        groups[match.id].append(line)
    ours: dict[int, list[Any]] = defaultdict(list)
    for one in _entries(work, list(heads)):
        ours[one.match_id].append(one)
    return [_match(heads[ident], groups[ident], ours[ident]) for ident in groups]


def _entries(work: Work, match_ids: Sequence[int]) -> Iterable[Any]:
    return work.db.execute(
        select(
            BankMatchEntry.match_id,
            BankMatchEntry.entry_id,
            BankMatchEntry.amount,
            BankMatchEntry.suspense_id,
            JournalEntry.number,
            JournalEntry.entry_date,
            JournalEntry.memo,
            Deposit.number.label("deposit"),
            Deposit.kind.label("deposit_kind"),
            Deposit.fees,
            BankSuspense.number.label("suspense"),
            BankSuspense.open,
        )
        .join(JournalEntry, JournalEntry.id == BankMatchEntry.entry_id)
        .outerjoin(Deposit, Deposit.id == BankMatchEntry.deposit_id)
        .outerjoin(BankSuspense, BankSuspense.id == BankMatchEntry.suspense_id)
        .where(among(work, BankMatchEntry.match_id, match_ids), BankMatchEntry.live.is_(True))
        .order_by(BankMatchEntry.id)
    ).all()


def _name(one: Any) -> tuple[str, str]:
    if one.deposit is not None:
        return one.deposit, _KINDS.get(one.deposit_kind, "deposit")
    return split_number(str(one.memo or one.number))


def _match(match: BankMatch, lines: Sequence[BankLine], ours: Sequence[Any]) -> SheetRow:
    first = lines[0]
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    held = next((one for one in ours if one.suspense is not None), None)
    says, what = _name(ours[0]) if ours else ("Lines that cancel out", "")
    if len(ours) > 1:
        says, what = f"{len(ours)} items of ours", ""
    fees = sum((one.fees for one in ours if one.fees), ZERO)
    parts = [what, _BY.get(match.by, "")] + ([f"less fees {fees}"] if fees else [])
    mark = SheetMark.MATCHED
    if match.reconciliation_id is not None:
        mark = SheetMark.LOCKED
    elif held is not None and held.open:
        mark = SheetMark.HELD
        parts = [f"{held.open} to explain"]
    return SheetRow(
        id=first.id * 2,
        mark=mark,
        line_ids=tuple(line.id for line in lines),
        bank_on=first.on,
        bank_says=short_words(first.words) + more,
        bank_detail=reference_words(first.trace, first.check_number, first.kind),
        bank_amount=sum((line.amount for line in lines), ZERO),
        bank_words=first.words,
        trace=first.trace,
        sender=first.sender,
        entry_ids=tuple(one.entry_id for one in ours),
        book_on=max((one.entry_date for one in ours), default=first.on),
        book_says=says,
        book_detail=", ".join(part for part in parts if part),
        book_amount=match.amount,
        match_id=match.id,
        suspense_id=None if held is None else held.suspense_id,
        why=match.why,
    )
