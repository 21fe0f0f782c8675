"""Exceptions at the bank: lines nobody explained, money to identify, deposits not shown yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import BankMatchEntry, BankMatchLine
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.certain import explanations
from fscdesk.services.banking.line_meaning import says_eft
from fscdesk.services.banking.reconciliation_reading import match_days
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.ledger.accounts import TO_IDENTIFY
from fscdesk.services.reports.exception_kinds import (
    BankException,
    ExceptionKind,
    Opens,
    how,
    made,
)
from fscdesk.services.work import Work


def unmatched_lines(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield the bank's lines that nothing explains.

    A credit that names its transfer, which no remittance and no payment of ours has, is money
    without a remittance; everything else was not posted.
    """
    rows = work.db.execute(
        select(
            BankLine.id,
            BankLine.on,
            BankLine.amount,
            BankLine.words,
            BankLine.trace,
            BankLine.sender,
            BankAccount.name,
        )
        .join(BankAccount, BankAccount.id == BankLine.bank_account_id)
        .outerjoin(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .where(BankLine.live.is_(True), BankLine.on <= as_of, BankMatchLine.id.is_(None))
    ).all()
    told = _remittances_of(work, [row.id for row in rows if row.trace])
    known = _known_traces(work, {row.trace for row in rows if row.trace})
    for row in rows:
        kind, to_do = ExceptionKind.BANKED_NOT_POSTED, "Match it, or enter what it is."
        if row.id in told:
            to_do = f"Post {told[row.id]}, whose money this is."
        elif row.amount < ZERO:
            to_do = "Match it with what was paid, or enter the fee or payment that it is."
        elif row.sender and row.trace not in known:
            kind = ExceptionKind.MONEY_WITHOUT_REMITTANCE
            to_do = (
                "Get the payer's ERA for this transfer; until then hold it as money to identify."
            )
        yield made(
            kind,
            (Opens.BANK_LINE, row.id, ""),
            row.name,
            row.words,
            row.amount,
            row.on,
            as_of,
            to_do,
        )


def money_to_identify(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield money that the bank has and nobody can name, as far as it was open on a day.

    What came as a payer's EFT is without its remittance; what else is held is not identified.
    """
    later: defaultdict[str, Money] = defaultdict(Money)
    # A reversal names nothing itself: it belongs to the money that the entry it takes back named.
    said = aliased(JournalEntry)
    for number, amount in work.db.execute(
        select(func.coalesce(BankSuspense.number, said.reference), JournalLine.amount)
        .select_from(JournalLine)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .join(said, said.id == func.coalesce(JournalEntry.reverses_id, JournalEntry.id))
        .outerjoin(Deposit, Deposit.entry_id == said.id)
        .outerjoin(BankSuspense, BankSuspense.id == Deposit.suspense_id)
        .where(JournalLine.account == TO_IDENTIFY, JournalLine.day > as_of)
    ):
        later[number] += amount
    rows = work.db.execute(
        select(BankSuspense, BankLine.words, BankLine.sender, Payer.short_name)
        .join(BankLine, BankLine.id == BankSuspense.bank_line_id)
        .outerjoin(Payer, Payer.id == BankSuspense.payer_id)
        .where(BankSuspense.undone.is_(False), BankSuspense.since <= as_of)
    )
    known = explanations(work) if as_of >= work.today() else {}
    for held, words, sender, payer in rows:
        of_payer = held.payer_id is not None or says_eft(words, sender)
        still = held.open + later[held.number]
        if still > ZERO:
            yield made(
                ExceptionKind.MONEY_WITHOUT_REMITTANCE
                if of_payer
                else ExceptionKind.HELD_NOT_IDENTIFIED,
                (Opens.SUSPENSE, held.id, held.number),
                payer or "",
                held.note or words,
                still,
                held.since,
                as_of,
                _how_explained(known.get(held.id, ""), of_payer=of_payer),
            )


def _how_explained(known: str, *, of_payer: bool) -> str:
    if known:
        return f"The same trace as {known}: “Match again” of the bank's lines explains it."
    if of_payer:
        return "Ask the bank or the payer what it is; its remittance or payment explains it."
    return "Find out whose it is; the payment that it was, or an account, explains it."


def deposited_not_banked(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield the money in that our books have on a bank account and the bank has not shown.

    An entry and its reversal that are both open are neither; nor is what the account began with.
    """
    days = match_days()
    sums = (
        select(
            JournalLine.entry_id,
            JournalLine.account,
            func.sum(JournalLine.amount).label("amount"),
        )
        .where(
            JournalLine.account.in_(select(BankAccount.account)),
            JournalLine.day <= as_of,
        )
        .group_by(JournalLine.entry_id, JournalLine.account)
        .subquery()
    )
    rows = work.db.execute(
        select(
            JournalEntry.id,
            JournalEntry.number,
            JournalEntry.kind,
            JournalEntry.entry_date,
            JournalEntry.memo,
            JournalEntry.reverses_id,
            sums.c.amount,
            BankAccount.name,
            BankAccount.starts_on,
            Deposit.number.label("deposit"),
            Deposit.reference,
        )
        .join_from(JournalEntry, sums, sums.c.entry_id == JournalEntry.id)
        .join(BankAccount, BankAccount.account == sums.c.account)
        .outerjoin(Deposit, Deposit.entry_id == JournalEntry.id)
        .outerjoin(
            BankMatchEntry,
            and_(
                BankMatchEntry.entry_id == JournalEntry.id,
                BankMatchEntry.account == sums.c.account,
                BankMatchEntry.live.is_(True),
            ),
        )
        .outerjoin(days, days.c.match_id == BankMatchEntry.match_id)
        .where(or_(days.c.day.is_(None), days.c.day > as_of))
    ).all()
    yield from (_on_the_way(row, as_of) for row in _standing(rows))


def _standing(rows: Collection[Any]) -> Iterator[Any]:
    there = {row.id for row in rows}
    gone = {row.reverses_id for row in rows if row.reverses_id in there}
    for row in rows:
        before = row.starts_on is not None and row.entry_date < row.starts_on
        if (
            row.amount > ZERO
            and row.id not in gone
            and row.reverses_id not in gone
            and row.kind is not EntryKind.OPENING
            and not before
        ):
            yield row


def _on_the_way(row: Any, as_of: date) -> BankException:
    return made(
        ExceptionKind.DEPOSITED_NOT_BANKED,
        (Opens.ENTRY, row.id, row.deposit or row.number),
        row.name,
        how("Deposit", row.reference or "") if row.deposit else row.memo,
        row.amount,
        row.entry_date,
        as_of,
        "Read the bank's statement and match it; where it is late, ask the bank.",
    )


def _remittances_of(work: Work, line_ids: Collection[int]) -> dict[int, str]:
    """Return the unposted remittance that names each of these lines by trace and amount."""
    rows = work.db.execute(
        select(BankLine.id, Remittance.number)
        .join(
            Remittance,
            and_(Remittance.trace == BankLine.trace, Remittance.amount == BankLine.amount),
        )
        .where(
            among(work, BankLine.id, line_ids),
            Remittance.payment_id.is_(None),
            Remittance.test.is_(False),
            Remittance.status.not_in((RemittanceStatus.UNDONE, RemittanceStatus.CLOSED)),
        )
        .order_by(Remittance.id)
    )
    return {row.id: row.number for row in rows}


def _known_traces(work: Work, traces: Collection[str]) -> set[str]:
    """Return which of these traces a payment or a remittance of ours has."""
    paid = select(Payment.reference).where(among_words(work, Payment.reference, traces))
    told = select(Remittance.trace).where(
        among_words(work, Remittance.trace, traces),
        Remittance.status != RemittanceStatus.UNDONE,
    )
    return {*work.db.scalars(paid), *work.db.scalars(told)}
