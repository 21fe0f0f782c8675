"""Deposits: payments that were taken to the bank together, out of 1050 and into its account.

    done = make_deposit(work, DepositDraft(None, DepositKind.COUNTER, day, payment_ids=ids))
    undo_deposit(work, done.id, "Counted again")

A deposit takes what of each payment is undeposited, whole: one entry, Dr the bank's account and
7600 for what the processor kept, Cr 1050. Its payments are locked by it: they cannot be voided or
corrected in amount until it is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem, DepositKind, DepositStatus
from fscdesk.models.ledger import EntryKind, JournalEntry, Part
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import BankMatchEntry
from fscdesk.models.refund import Refund
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.deposit_drafts import (
    NOTHING,
    DepositDraft,
    checked,
    items_of,
    require_fitting,
)
from fscdesk.services.banking.payout_returns import taken_from
from fscdesk.services.banking.reconciliation_locks import require_unlocked
from fscdesk.services.banking.undeposited import Undeposited, undeposited, undeposited_of
from fscdesk.services.editing import key_of, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import CARD_FEES, TO_IDENTIFY, UNDEPOSITED
from fscdesk.services.ledger.posting import About, Draft, Leg, post, reverse
from fscdesk.services.ledger.proved_days import undone_on
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "SERIES",
    "DepositDraft",
    "DepositKind",
    "MadeDeposit",
    "Undeposited",
    "deposit_named",
    "deposit_with_key",
    "make_deposit",
    "undeposited",
    "undeposited_of",
    "undo_deposit",
]

SERIES = "DEP"


@dataclass(frozen=True, slots=True)
class MadeDeposit:
    """What was made: ``amount`` reaches the bank, ``gross`` left 1050, ``fees`` lie between.

    ``entered_on`` is the day in the books, later than ``on`` where a payment came to the books
    after the bank had it. ``repeated``: the same command had made it before.
    """

    id: int
    number: str
    on: date
    entered_on: date
    gross: Money
    fees: Money
    amount: Money
    entry_id: int
    items: int
    repeated: bool = False


def make_deposit(work: Work, draft: DepositDraft) -> MadeDeposit:
    """Make a deposit of payments and netted refunds, in one entry; return what was made.

    Raises Problem, with nothing posted, for a payment that is in a deposit already (named), for a
    day that cannot be, fees that cannot be, a cash count or a payout that does not come to it.
    """
    require(work, Right.MAKE_DEPOSITS, "make deposits")
    repeated = _made_before(work, draft)
    if repeated is not None:
        return repeated
    draft = checked(work, draft)
    payments = _locked_payments(work, draft.payment_ids)
    refunds = _locked_refunds(work, draft.refund_ids)
    repeated = _made_before(work, draft)  # another desk may have made it while this one waited
    if repeated is not None:
        return repeated
    items = items_of(work, draft, payments, refunds)
    require_fitting(draft, items)
    gross = sum((one.amount for one in items), ZERO)
    _require_payout(work, draft, gross - draft.fees)
    account_id, code = _account(work, draft, gross)
    # Not before what it deposits: 1050 is below zero on no day.
    day = max(draft.on, *(one.last_day for one in items))
    number = next_number(work, SERIES, work.today().year)
    legs = _legs(items, code, gross, draft.fees)
    entry_id = post(work, Draft(day, EntryKind.DEPOSIT, f"Deposit {number}", legs))
    deposit = Deposit(
        number=number,
        bank_account_id=account_id,
        kind=draft.kind,
        on=draft.on,
        amount=gross - draft.fees,
        fees=draft.fees,
        reference=draft.reference,
        cash=None if draft.cash is None else {str(key): n for key, n in draft.cash.items()},
        note=draft.note,
        entry_id=entry_id,
        live_payout_id=draft.payout_id,
        suspense_id=draft.suspense_id,
        request_key=draft.request_key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    _store(work, deposit, items)
    for payment in payments:
        payment.deposited_on = draft.on
    work.db.flush()
    record(
        work,
        "make_deposit",
        "deposit",
        deposit.id,
        number=number,
        kind=draft.kind.value,
        amount=deposit.amount.plain(),
        fees=draft.fees.plain(),
        payments=list(draft.payment_ids),
        refunds=list(draft.refund_ids),
    )
    work.touch(Topic.BANK, Topic.PAYMENTS, Topic.LEDGER)
    return _made(work, deposit)


def undo_deposit(
    work: Work, deposit_id: int, reason: str, *, expected_version: int | None = None
) -> int:
    """Take a deposit back and return the reversing entry: its payments are undeposited again.

    Raises Problem for one that was undone before, and for one that is matched with the bank, or
    reconciled: that comes first.
    """
    require(work, Right.MAKE_DEPOSITS, "take deposits back")
    words = text_of(reason, "the reason", longest=300, required=True)
    held = work.db.scalars(
        select(DepositItem.live_payment_id).where(
            DepositItem.deposit_id == deposit_id, DepositItem.live_payment_id.is_not(None)
        )
    )
    payments = _locked_payments(work, [one for one in held if one is not None])
    deposit = locked(work, Deposit, deposit_id, "this deposit")
    if expected_version is not None:
        require_version(deposit, expected_version, f"deposit {deposit.number}")
    if deposit.status is DepositStatus.UNDONE:
        raise Problem(f"{deposit.number} was undone already.", hint="Nothing was changed.")
    require_not_matched(work, deposit)
    memo = f"{deposit.number} undone: {words}"[:200]
    entry_id = reverse(work, deposit.entry_id, on=undone_on(work, deposit.entry_id), reason=memo)
    if deposit.suspense_id is not None:
        locked(work, BankSuspense, deposit.suspense_id, "this money").open += deposit.amount
    for item in work.db.scalars(select(DepositItem).filter_by(deposit_id=deposit.id)):
        item.live_payment_id = item.live_refund_id = None
    deposit.status, deposit.live_payout_id = DepositStatus.UNDONE, None
    deposit.undone_by, deposit.undone_at = work.actor.staff_id, work.now()
    deposit.undone_why = words
    for payment in payments:
        payment.deposited_on = payment.banked_on = None
    work.db.flush()
    record(work, "undo_deposit", "deposit", deposit.id, number=deposit.number, entry=entry_id)
    work.touch(Topic.BANK, Topic.PAYMENTS, Topic.LEDGER)
    return entry_id


def deposit_named(work: Work, number: str) -> int:
    """Return the id of the deposit with a number. Raises Problem where there is none."""
    found = work.db.scalar(select(Deposit.id).where(Deposit.number == number.strip().upper()))
    if found is None:
        raise Problem(
            f"There is no deposit {number}.",
            hint="Nothing was changed. A deposit's number is like DEP-2026-00042.",
        )
    return found


def deposit_with_key(work: Work, key: str | None) -> MadeDeposit | None:
    """Return the deposit that a command with this key made before; None where none did."""
    wanted = key_of(key)
    if wanted is None:
        return None
    deposit = work.db.scalars(select(Deposit).filter_by(request_key=wanted)).one_or_none()
    return None if deposit is None else _made(work, deposit, repeated=True)


def require_not_matched(work: Work, deposit: Deposit) -> None:
    """Raise Problem for a deposit that is matched with the bank's lines, or reconciled."""
    require_unlocked(work, deposits=[deposit.id])
    matched = work.db.scalar(
        select(BankMatchEntry.id)
        .where(BankMatchEntry.live.is_(True), BankMatchEntry.entry_id == deposit.entry_id)
        .limit(1)
    )
    if matched is not None:
        raise Problem(
            f"{deposit.number} is matched with the bank's statement.",
            hint="Nothing was changed. Take that match apart first.",
        )


def _made_before(work: Work, draft: DepositDraft) -> MadeDeposit | None:
    """Return the deposit that a command with this key made; refuse another command under it."""
    key = key_of(draft.request_key)
    if key is None:
        return None
    deposit = work.db.scalars(select(Deposit).filter_by(request_key=key)).one_or_none()
    if deposit is None:
        return None
    items = work.db.scalars(select(DepositItem).filter_by(deposit_id=deposit.id)).all()
    same = (deposit.kind, deposit.on, deposit.fees) == (draft.kind, draft.on, draft.fees)
    if (
        not same
        or {one.payment_id for one in items} - {None} != set(draft.payment_ids)
        or {one.refund_id for one in items} - {None} != set(draft.refund_ids)
        or draft.bank_account_id not in (None, deposit.bank_account_id)
    ):
        raise Problem(
            f"Deposit {deposit.number} was made under the same key with other facts.",
            hint=f"{NOTHING} Enter this one anew.",
        )
    return _made(work, deposit, repeated=True)


def _locked_payments(work: Work, ids: Collection[int]) -> Sequence[Payment]:
    """Return payments locked in the order of their ids, as every act on money does."""
    found = select(Payment).where(among(work, Payment.id, ids)).order_by(Payment.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return work.db.scalars(held).all()


def _locked_refunds(work: Work, ids: Collection[int]) -> Sequence[Refund]:
    found = select(Refund).where(among(work, Refund.id, ids)).order_by(Refund.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return work.db.scalars(held).all()


def _require_payout(work: Work, draft: DepositDraft, amount: Money) -> None:
    if draft.payout_id is None:
        return
    payout = locked(work, CardTransaction, draft.payout_id, "this payout")
    # What was charged back left the bank's account by an entry of its own.
    brought = amount - taken_from(work, payout.id)
    if payout.net != -brought:
        raise Problem(
            f"Payout {payout.source_id} is {-payout.net}, these payments less fees are {brought}.",
            hint=f"{NOTHING} It stays open until what is missing has come.",
        )
    number = work.db.scalar(select(Deposit.number).where(Deposit.live_payout_id == payout.id))
    if number is not None:
        raise Problem(
            f"Payout {payout.source_id} is {number} already.",
            hint=f"{NOTHING} Undo that deposit first, if it is wrong.",
        )


def _account(work: Work, draft: DepositDraft, gross: Money) -> tuple[int, str]:
    """Return the bank account, and the account of the ledger that the money goes to."""
    if draft.suspense_id is not None:
        waiting = locked(work, BankSuspense, draft.suspense_id, "this money")
        if waiting.undone or not 0 < gross.cents <= waiting.open.cents:
            raise Problem(
                f"{waiting.open} of {waiting.number} is not explained yet; these payments are"
                f" {gross}.",
                hint=f"{NOTHING} Choose payments that it holds.",
            )
        waiting.open -= gross
        return work.db.get_one(BankLine, waiting.bank_line_id).bank_account_id, TO_IDENTIFY
    chosen = draft.bank_account_id
    if chosen is None:
        default = BankAccount.is_default.is_(True), BankAccount.active.is_(True)
        chosen = work.db.scalar(select(BankAccount.id).where(*default))
    account = None if chosen is None else work.db.get(BankAccount, chosen)
    if account is None or not account.active:
        raise Problem(
            "The bank account is not in use.", hint=f"{NOTHING} Choose one of the bank accounts."
        )
    return account.id, account.account


def _legs(items: Sequence[Undeposited], account: str, gross: Money, fees: Money) -> tuple[Leg, ...]:
    """Return the legs: one to the bank, one of the fees, one of each document in 1050.

    A refund keeps its own part, so that a payment and what went back of it stay apart.
    """
    brought = (
        Leg(account, (gross - fees).cents, Part.BOOKS),
        Leg(CARD_FEES, fees.cents, Part.BOOKS),
    )
    taken = (
        Leg(
            UNDEPOSITED,
            -one.amount.cents,
            Part.BOOKS if one.refund_id is None else Part.REFUND,
            About(payment_id=one.payment_id),
        )
        for one in items
    )
    return (*(leg for leg in brought if leg.cents), *taken)


def _store(work: Work, deposit: Deposit, items: Sequence[Undeposited]) -> None:
    work.db.add(deposit)
    try:
        work.db.flush()
        work.db.add_all(
            DepositItem(
                deposit_id=deposit.id,
                payment_id=one.payment_id if one.refund_id is None else None,
                refund_id=one.refund_id,
                amount=one.amount,
                live_payment_id=one.payment_id if one.refund_id is None else None,
                live_refund_id=one.refund_id,
            )
            for one in items
        )
        work.db.flush()
    except IntegrityError as taken:
        raise Problem(
            "This deposit was made at another desk a moment ago.",
            hint=f"{NOTHING} Look at the list of deposits.",
        ) from taken


def _made(work: Work, deposit: Deposit, *, repeated: bool = False) -> MadeDeposit:
    items = work.db.scalar(
        select(func.count()).select_from(DepositItem).where(DepositItem.deposit_id == deposit.id)
    )
    return MadeDeposit(
        deposit.id,
        deposit.number,
        deposit.on,
        work.db.get_one(JournalEntry, deposit.entry_id).entry_date,
        deposit.amount + deposit.fees,
        deposit.fees,
        deposit.amount,
        deposit.entry_id,
        items or 0,
        repeated,
    )
