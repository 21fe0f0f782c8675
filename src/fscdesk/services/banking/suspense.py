"""Money that the bank has and nobody can name yet: held in 2420 until it is explained.

    explain(work, suspense_id, payment_ids=[ident])     a remittance or a payment has come for it
    explain_by_account(work, suspense_id, [leg], memo)  it is something else
    tell_apart(work, entry_id, reason)                  that was a mistake

The bank's line is matched from the beginning on, also when its month is reconciled before anybody
knows. What goes back to its sender leaves through the line by which it left (``send_back``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import DepositKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.bank_entries import post_legs, post_suspense
from fscdesk.services.banking.deposits import DepositDraft, MadeDeposit, make_deposit
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import TO_IDENTIFY
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.ledger.proved_days import undone_on
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES = "SUS"
_NOTHING = "Nothing was posted."
_DOING = "explain money of the bank"


@dataclass(frozen=True, slots=True)
class SuspenseRow:
    """Money in suspense as a list shows it: ``open`` is what nobody has explained."""

    id: int
    number: str
    bank_account_id: int
    line_id: int
    on: date
    words: str
    trace: str
    payer: str
    amount: Money
    open: Money
    note: str


def suspense(work: Work, *, also_explained: bool = False) -> tuple[SuspenseRow, ...]:
    """Return the money that is held, the oldest first; all of it that stands if asked for.

    Raises Problem without a right to see the bank.
    """
    require_seeing(work, "money that waits to be explained")
    question = (
        select(BankSuspense, BankLine, Payer.name)
        .join(BankLine, BankLine.id == BankSuspense.bank_line_id)
        .outerjoin(Payer, Payer.id == BankSuspense.payer_id)
        .where(BankSuspense.undone.is_(False))
        .order_by(BankSuspense.since, BankSuspense.id)
    )
    if not also_explained:
        question = question.where(BankSuspense.open != ZERO)
    return tuple(
        SuspenseRow(
            one.id,
            one.number,
            line.bank_account_id,
            line.id,
            line.on,
            line.words,
            line.trace,
            payer or "",
            one.amount,
            one.open,
            one.note,
        )
        for one, line, payer in work.db.execute(question)
    )


def hold_money(
    work: Work, account: BankAccount, line: BankLine, amount: Money, payer_id: int | None
) -> tuple[int, int]:
    """Put money of a line into suspense: Dr the bank's account, Cr 2420. Its match calls this.

    Returns the suspense and its entry. Raises Problem for money that left.
    """
    if amount <= ZERO:
        raise Problem(
            f"{amount} cannot wait to be explained: only money that came can.",
            hint=f"{_NOTHING} Say what the line was.",
        )
    number = next_number(work, SERIES, work.today().year)
    entry_id = post_suspense(work, account, line.on, amount.cents, number, payer_id)
    held = BankSuspense(
        number=number,
        bank_line_id=line.id,
        payer_id=payer_id,
        amount=amount,
        open=amount,
        entry_id=entry_id,
        since=line.on,
    )
    work.db.add(held)
    work.db.flush()
    record(work, "hold_bank_money", "bank_suspense", held.id, amount=amount.plain())
    return held.id, entry_id


def explain(work: Work, suspense_id: int, payment_ids: Sequence[int]) -> MadeDeposit:
    """Take the money of payments that came later from suspense: Dr 2420, Cr 1050.

    They are deposited on the day on which the bank had it. Raises Problem where they are more
    than what is open.
    """
    require(work, Right.RECONCILE, _DOING)
    # The deposit locks its payments first and this money after them, as every deposit does.
    row = work.db.execute(
        select(BankLine.on, BankLine.trace)
        .join(BankSuspense, BankSuspense.bank_line_id == BankLine.id)
        .where(BankSuspense.id == suspense_id)
    ).one_or_none()
    if row is None:
        raise Problem("This money is not in the books.", hint=_NOTHING)
    day, trace = row.on, row.trace
    done = make_deposit(
        work,
        DepositDraft(
            None,
            DepositKind.SUSPENSE,
            day,
            payment_ids=tuple(payment_ids),
            reference=trace,
            suspense_id=suspense_id,
        ),
    )
    work.db.execute(
        update(Payment)
        .where(among(work, Payment.id, payment_ids))
        .values(banked_on=day)
        .execution_options(synchronize_session=False)
    )
    work.db.expire_all()
    work.touch(Topic.BANK, Topic.PAYMENTS)
    return done


def explain_by_account(work: Work, suspense_id: int, legs: Sequence[BankLeg], memo: str) -> int:
    """Say that held money, or a part of it, belongs to accounts: Dr 2420; return the entry.

    It is of the day on which the bank had it, of today where that day is closed or proved.
    """
    require(work, Right.RECONCILE, _DOING)
    held = locked(work, BankSuspense, suspense_id, "this money")
    amount = sum((leg.amount for leg in legs), ZERO)
    _take(held, amount)
    # By the same rule as what is taken back, so that explaining and telling apart agree.
    day = undone_on(work, held.entry_id)
    entry_id = post_legs(work, TO_IDENTIFY, day, legs, memo, reference=held.number)
    work.db.flush()
    record(
        work,
        "explain_bank_money",
        "bank_suspense",
        held.id,
        entry=entry_id,
        amount=amount.plain(),
    )
    work.touch(Topic.BANK)
    return entry_id


def tell_apart(work: Work, entry_id: int, reason: str) -> int:
    """Take back what `explain_by_account` said; the money is open again. Returns the reversal."""
    require(work, Right.RECONCILE, _DOING)
    words = text_of(reason, "the reason", longest=200, required=True)
    reversal = aliased(JournalEntry)
    row = work.db.execute(
        select(JournalEntry.reference, JournalLine.amount)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalEntry.id == entry_id,
            JournalEntry.kind == EntryKind.BANK,
            JournalLine.account == TO_IDENTIFY,
            ~exists().where(reversal.reverses_id == JournalEntry.id),
            ~exists().where(BankSuspense.entry_id == JournalEntry.id),
        )
    ).first()
    found = None
    if row is not None:
        found = work.db.scalar(select(BankSuspense.id).where(BankSuspense.number == row.reference))
    if row is None or found is None or _is_at_the_bank(work, entry_id):
        raise Problem("This entry explains no money that was held.", hint="Nothing was changed.")
    held = locked(work, BankSuspense, found, "this money")
    held.open += row.amount
    back = reverse(work, entry_id, on=undone_on(work, entry_id), reason=words)
    work.db.flush()
    record(work, "unexplain_bank_money", "bank_suspense", held.id, entry=back)
    work.touch(Topic.BANK)
    return back


def send_back(work: Work, account: BankAccount, suspense_id: int, amount: Money, on: date) -> int:
    """Post that held money left again: Dr 2420, Cr the bank. Its match calls this."""
    held = locked(work, BankSuspense, suspense_id, "this money")
    whose = work.db.get_one(BankLine, held.bank_line_id).bank_account_id
    if whose != account.id:
        raise Problem(f"{held.number} came to another bank account.", hint=_NOTHING)
    _take(held, amount)
    number, payer_id = held.number, held.payer_id
    work.db.flush()
    return post_suspense(work, account, on, -amount.cents, number, payer_id)


def let_go(work: Work, suspense_id: int, _entry_id: int) -> None:
    """End suspense whose match is taken apart. Raises Problem where some of it was explained."""
    held = locked(work, BankSuspense, suspense_id, "this money")
    if held.open != held.amount:
        raise Problem(
            f"{held.amount - held.open} of {held.number} was explained since.",
            hint="Nothing was changed. Take that back first.",
        )
    held.undone, held.open = True, ZERO
    work.db.flush()


def money_is_back(work: Work, suspense_id: int, entry_id: int) -> None:
    """Open again what had been sent back, because its match is taken apart."""
    held = locked(work, BankSuspense, suspense_id, "this money")
    sent = work.db.scalars(
        select(JournalLine.amount).where(
            JournalLine.entry_id == entry_id, JournalLine.account == TO_IDENTIFY
        )
    ).all()
    held.open += sum(sent, ZERO)
    work.db.flush()


def _take(held: BankSuspense, amount: Money) -> None:
    if held.undone or not ZERO < amount <= held.open:
        raise Problem(
            f"{ZERO if held.undone else held.open} of {held.number} is not explained;"
            f" this is {amount}.",
            hint=f"{_NOTHING} Type what is open, or less.",
        )
    held.open -= amount


def _is_at_the_bank(work: Work, entry_id: int) -> bool:
    """Whether an entry touches a bank's account: then its match is taken apart instead."""
    return bool(
        work.db.scalar(
            select(
                exists().where(
                    JournalLine.entry_id == entry_id, JournalLine.account == BankAccount.account
                )
            )
        )
    )
