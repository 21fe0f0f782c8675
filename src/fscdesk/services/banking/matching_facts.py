"""Reads what the matching compares, for one account: a handful of questions, whatever the size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.account import Account
from fscdesk.models.bank import BankAccount, BankLine, BankRule, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem, DepositKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.reconciliation import BankMatchEntry, BankMatchLine
from fscdesk.models.refund import Refund
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accounts import default_account
from fscdesk.services.banking.line_meaning import says_returned
from fscdesk.services.banking.match_items import (
    DepositToMake,
    HeldMoney,
    Item,
    ItemKind,
    OpenLine,
    Returnable,
    RuleMeaning,
    Way,
)
from fscdesk.services.banking.match_meanings import RETURNED_WITHIN
from fscdesk.services.banking.payout_returns import taken_back
from fscdesk.services.banking.payouts import Payout, PayoutState, told_payouts
from fscdesk.services.banking.undeposited import Undeposited, waiting_money
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

_WAYS = {
    DepositKind.COUNTER: Way.COUNTER,
    DepositKind.CARD: Way.CARD,
    DepositKind.EFT: Way.EFT,
}
_CARRIED = frozenset({PaymentMethod.CASH, PaymentMethod.CHECK})
_SENT = frozenset({PaymentMethod.ACH, PaymentMethod.EFT, PaymentMethod.WIRE})
CARDS = frozenset(
    {PaymentMethod.CARD, PaymentMethod.DEBIT, PaymentMethod.ONLINE, PaymentMethod.PLAN}
)
_NOT_BY_BANK = frozenset({PaymentMethod.CASH, PaymentMethod.CARD})


def open_lines(work: Work, account_id: int) -> tuple[OpenLine, ...]:
    """Return the lines of an account that are not matched, in the order of their days."""
    rows = work.db.execute(
        select(
            BankLine.id,
            BankLine.on,
            BankLine.amount,
            BankLine.words,
            BankLine.kind,
            BankLine.check_number,
            BankLine.trace,
            BankLine.sender,
        )
        .outerjoin(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .where(
            BankLine.bank_account_id == account_id,
            BankLine.live.is_(True),
            BankMatchLine.id.is_(None),
        )
        .order_by(BankLine.on, BankLine.id)
    )
    return tuple(OpenLine(*row) for row in rows)


def open_entries(account: BankAccount) -> Select[Any]:
    """Return the question for the open entries of an account: entry, day, amount, references.

    ``reverses_id`` tells a reversal. What opened the account before its first day is not open, nor
    what took such an opening back then: both are parts of the balance that it started with.
    """
    matched = exists().where(
        BankMatchEntry.entry_id == JournalLine.entry_id,
        BankMatchEntry.account == account.account,
        BankMatchEntry.live.is_(True),
    )
    question = (
        select(
            JournalLine.entry_id,
            func.min(JournalLine.day).label("on"),
            func.sum(JournalLine.amount).label("amount"),
            func.max(JournalLine.payer_id).label("payer_id"),
        )
        .where(JournalLine.account == account.account, ~matched)
        .group_by(JournalLine.entry_id)
        .having(func.sum(JournalLine.amount) != ZERO)
    )
    sums = question.subquery()
    found = (
        select(
            sums.c.entry_id,
            sums.c.on,
            sums.c.amount,
            sums.c.payer_id,
            JournalEntry.number,
            JournalEntry.kind,
            JournalEntry.memo,
            JournalEntry.reference,
            JournalEntry.reverses_id,
            Deposit.id.label("deposit_id"),
            Deposit.number.label("deposit"),
            Deposit.kind.label("deposit_kind"),
            Deposit.reference.label("slip"),
            CardTransaction.source_id.label("payout"),
            Refund.number.label("refund"),
            Refund.reference.label("check"),
        )
        .join(JournalEntry, JournalEntry.id == sums.c.entry_id)
        .outerjoin(Deposit, Deposit.entry_id == sums.c.entry_id)
        .outerjoin(CardTransaction, CardTransaction.id == Deposit.live_payout_id)
        .outerjoin(Refund, Refund.entry_id == sums.c.entry_id)
        .where(JournalEntry.posted_at.is_not(None))
        .order_by(sums.c.entry_id)
    )
    if account.starts_on is not None:
        opening = aliased(JournalEntry)
        opens = or_(
            JournalEntry.kind == EntryKind.OPENING,
            exists().where(
                opening.id == JournalEntry.reverses_id, opening.kind == EntryKind.OPENING
            ),
        )
        found = found.where(~and_(opens, sums.c.on < account.starts_on))
    return found


def book_items(work: Work, account: BankAccount) -> list[Item]:
    """Return the open entries of an account; an entry and its reversal, both open, are neither."""
    rows = work.db.execute(open_entries(account)).all()
    there = {row.entry_id for row in rows}
    gone = {row.reverses_id for row in rows if row.reverses_id in there}
    who = _payer_names(work)
    charged_back = {one.entry_id: one.reference for one in taken_back(work).values()}
    return [
        _booked(row, who.get(row.payer_id, ""), charged_back.get(row.entry_id, ""))
        for row in rows
        if row.entry_id not in gone and row.reverses_id not in gone
    ]


def _booked(row: Any, who: str, charged_back_in: str) -> Item:
    payout = row.payout or charged_back_in
    slip = row.slip or ""
    told = (slip, bare(slip), bare(payout), row.check or "", row.reference or "")
    return Item(
        ItemKind.ENTRY,
        row.entry_id,
        row.on,
        row.amount,
        row.deposit or row.refund or row.memo or row.number,
        _WAYS.get(row.deposit_kind, Way.ANY),
        tuple(dict.fromkeys(one for one in told if one)),
        proves=bool(slip or payout),
        who=who,
        payer_id=row.payer_id,
        part_of=payout,
    )


def waiting_items(work: Work) -> list[Item]:
    """Return the money in 1050 that the bank may show: EFTs, checks, cash, typed card payments.

    Card payments of the card report come with their payout, not here.
    """
    waiting = [one for one in waiting_money(work) if one.refund_id is None]
    ids = [one.payment_id for one in waiting]
    payers = {
        row.id: row
        for row in work.db.execute(
            select(Payment.id, Payment.payer_id, Payment.check_on, Payer.name)
            .join(Payer, Payer.id == Payment.payer_id)
            .where(among(work, Payment.id, ids))
        )
    }
    paid_by_card = [one.payment_id for one in waiting if one.method in CARDS]
    told = select(CardTransaction.payment_id).where(
        among(work, CardTransaction.payment_id, paid_by_card)
    )
    with_payout = set(work.db.scalars(told)) if paid_by_card else set()
    return [
        _waiting(one, payers.get(one.payment_id))
        for one in waiting
        if one.payment_id not in with_payout
    ]


def _waiting(one: Undeposited, payer: Any) -> Item:
    way, kind = Way.ANY, DepositKind.COUNTER
    if one.method in _SENT:
        way, kind = Way.EFT, DepositKind.EFT
    elif one.method in CARDS:
        way, kind = Way.CARD, DepositKind.CARD
    elif one.method in _CARRIED:
        way = Way.COUNTER
    deposit = DepositToMake(
        kind,
        one.amount,
        (one.payment_id,),
        reference=one.reference if way is Way.EFT else "",
        since=one.received_on,
    )
    return Item(
        ItemKind.PAYMENT,
        one.payment_id,
        one.received_on,
        one.amount,
        f"{one.number} of {one.owner}",
        way,
        (one.reference,) if one.reference else (),
        proves=one.from_payer and bool(one.reference),
        who=one.owner if payer is None else payer.name,
        payer_id=None if payer is None else payer.payer_id,
        deposit=deposit,
        sent_on=None if payer is None else payer.check_on,
    )


def payout_items(work: Work) -> tuple[list[Item], dict[str, str]]:
    """Return the payouts that can be deposited, and by reference why another one cannot."""
    found = told_payouts(work)
    ready = [one for one in found if one.state is PayoutState.READY]
    why = {bare(one.reference): one.why for one in found if one.state is PayoutState.OPEN}
    return [_payout(one) for one in ready], why


def _payout(one: Payout) -> Item:
    return Item(
        ItemKind.PAYOUT,
        one.id,
        one.on,
        one.to_deposit,
        f"Payout {one.reference}",
        Way.CARD,
        (one.reference, bare(one.reference)),
        proves=True,
        deposit=DepositToMake(
            DepositKind.CARD,
            one.to_deposit,
            one.payment_ids,
            one.refund_ids,
            one.fees,
            one.reference,
            one.id,
        ),
        part_of=one.reference,
    )


def bare(payout: str) -> str:
    """Return a payout's id as the bank's words have it."""
    return payout.removeprefix("po_").upper()


def returnable(work: Work, account: BankAccount, lines: Sequence[OpenLine]) -> list[Returnable]:
    """Return the payments that lines of an account may have taken back, by amount and days."""
    told = [line for line in lines if says_returned(line)]
    if not told:
        return []
    cents = {-line.amount.cents for line in told}
    first = min(line.on for line in told) - timedelta(RETURNED_WITHIN)
    rows = work.db.execute(
        select(
            Payment.id,
            Payment.number,
            Payment.amount,
            Payment.deposited_on,
            Payment.method,
            Payment.reference,
            Payer.name.label("payer"),
            Guarantor.name.label("guarantor"),
            Deposit.number.label("deposit"),
        )
        .outerjoin(DepositItem, DepositItem.live_payment_id == Payment.id)
        .outerjoin(Deposit, Deposit.id == DepositItem.deposit_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .where(
            Payment.status == PaymentStatus.POSTED,
            Payment.deposited_on >= first,
            Payment.amount.in_([Money(one) for one in sorted(cents)]),
            or_(
                Deposit.bank_account_id == account.id,
                and_(Deposit.id.is_(None), literal(value=account.account == default_account(work))),
            ),
        )
        .order_by(Payment.deposited_on, Payment.id)
    )
    return [
        Returnable(
            row.id,
            row.number,
            row.payer or row.guarantor,
            row.amount,
            row.deposited_on,
            row.reference,
            row.deposit or "",
            by_bank=row.method not in _NOT_BY_BANK,
            by_card=row.method in CARDS,
        )
        for row in rows
        if row.deposited_on is not None
    ]


def rule_meanings(work: Work, account_id: int) -> list[RuleMeaning]:
    """Return what the rules in use mean for an account; those of the account itself first."""
    rows = work.db.execute(
        select(BankRule, Account.name)
        .outerjoin(Account, Account.code == BankRule.account)
        .where(
            BankRule.active.is_(True),
            BankRule.bank_account_id.is_(None) | (BankRule.bank_account_id == account_id),
        )
        .order_by(BankRule.id)
    )
    return [
        RuleMeaning(
            rule.id,
            rule.words,
            rule.money_in,
            rule.account,
            name or "",
            rule.cost_centre or "",
            rule.payer_id,
            rule.memo,
            rule.confirmed,
        )
        for rule, name in rows
    ]


def held_money(work: Work, account_id: int) -> list[HeldMoney]:
    """Return what of an account's suspense nobody has explained."""
    rows = work.db.execute(
        select(BankSuspense.id, BankSuspense.number, BankSuspense.since, BankSuspense.open)
        .join(BankLine, BankLine.id == BankSuspense.bank_line_id)
        .where(
            BankLine.bank_account_id == account_id,
            BankSuspense.undone.is_(False),
            BankSuspense.open != ZERO,
        )
        .order_by(BankSuspense.id)
    )
    return [HeldMoney(*row) for row in rows]


def _payer_names(work: Work) -> dict[int | None, str]:
    rows = work.db.execute(select(Payer.id, Payer.name))
    return {row.id: row.name for row in rows}


def entries_among(work: Work, account: BankAccount, entry_ids: Sequence[int]) -> list[Any]:
    """Return the open entries of these ids, as `open_entries` tells them."""
    question = open_entries(account)
    return list(work.db.execute(question.where(among(work, JournalEntry.id, entry_ids))))
