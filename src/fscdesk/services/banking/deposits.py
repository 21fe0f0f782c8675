"""Deposits: payments that were taken to the bank together, out of 1050 and into its account.

    done = make_deposit(work, DepositDraft(None, DepositKind.COUNTER, day, payment_ids=ids))
    undo_deposit(work, done.id, "Counted again")

A deposit takes what of each payment is undeposited, whole: one entry, Dr the bank's account and
7600 for what the processor kept, Cr 1050. Its payments are locked by it: they cannot be voided or
corrected in amount until it is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem, DepositKind, DepositStatus
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import BankMatchEntry
from fscdesk.models.refund import Refund
from fscdesk.models.values import Money
from fscdesk.services.audit import Act, record, record_all
from fscdesk.services.banking.banked import set_deposited
from fscdesk.services.banking.deposit_drafts import (
    NOTHING,
    DepositDraft,
    checked,
    items_of,
)
from fscdesk.services.banking.deposit_making import AskedDeposit, require_left_here, store_deposits
from fscdesk.services.banking.reconciliation_locks import require_unlocked
from fscdesk.services.banking.undeposited import Undeposited, undeposited, undeposited_of
from fscdesk.services.editing import key_of, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.posting import Draft, post_all, reverse
from fscdesk.services.ledger.proved_days import undone_on
from fscdesk.services.numbering import number_text, reserve_numbers
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
    "make_deposits",
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
    kind: DepositKind
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
    return make_deposits(work, (draft,))[0]


def make_deposits(work: Work, drafts: Sequence[DepositDraft]) -> list[MadeDeposit]:
    """Make several deposits at once, as `make_deposit` would one after the other.

    Raises Problem, with nothing posted, where one of them cannot be, or two hold one payment.
    """
    require(work, Right.MAKE_DEPOSITS, "make deposits")
    if all(_made_before(work, one) for one in drafts):
        return [_repeated(work, one) for one in drafts]
    drafts = [checked(work, one) for one in drafts]
    payments = _locked_payments(work, _each_once([one.payment_ids for one in drafts]))
    refunds = _locked_refunds(work, _each_once([one.refund_ids for one in drafts]))
    # Another desk may have made one while this one waited.
    done = {at: made for at, one in enumerate(drafts) if (made := _made_before(work, one))}
    new = {at: one for at, one in enumerate(drafts) if at not in done}
    deposits = _made_new(work, list(new.values()), payments, refunds)
    done.update(zip(new, deposits, strict=True))
    work.touch(Topic.BANK, Topic.PAYMENTS, Topic.LEDGER)
    return [done[at] for at in range(len(drafts))]


def _made_new(
    work: Work,
    drafts: Sequence[DepositDraft],
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
) -> list[MadeDeposit]:
    """Make deposits that nobody has made before; their payments and refunds are locked."""
    if not drafts:
        return []
    waiting = undeposited_of(work, [one.id for one in payments], [one.id for one in refunds])
    asked = [
        AskedDeposit.of(work, draft, items_of(work, draft, payments, refunds, waiting))
        for draft in drafts
    ]
    require_left_here(work, asked)
    year = work.today().year
    taken = reserve_numbers(work, SERIES, year, len(asked))
    numbers = [number_text(SERIES, year, one) for one in taken]
    entries = post_all(
        work,
        [
            Draft(one.day, EntryKind.DEPOSIT, f"Deposit {number}", one.legs)
            for one, number in zip(asked, numbers, strict=True)
        ],
    )
    deposits = [
        one.deposit(work, number, entry_id)
        for one, number, entry_id in zip(asked, numbers, entries, strict=True)
    ]
    store_deposits(work, deposits, [one.items for one in asked])
    set_deposited(work, payments, {ident: one.on for one in drafts for ident in one.payment_ids})
    record_all(
        work,
        [
            Act(
                "make_deposit",
                "deposit",
                deposit.id,
                {
                    "number": deposit.number,
                    "kind": deposit.kind.value,
                    "amount": deposit.amount.plain(),
                    "fees": deposit.fees.plain(),
                    "payments": list(one.draft.payment_ids),
                    "refunds": list(one.draft.refund_ids),
                },
            )
            for one, deposit in zip(asked, deposits, strict=True)
        ],
    )
    return _told(work, deposits, [len(one.items) for one in asked])


def undo_deposit(
    work: Work, deposit_id: int, reason: str, *, expected_version: int | None = None
) -> int:
    """Take a deposit back and return the reversing entry: its payments are undeposited again.

    Raises Problem for one that was undone before, and for one that is matched with the bank, or
    reconciled, or of which the bank took a payment back: that comes first.
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
    _require_none_returned(work, deposit, payments)
    memo = f"{deposit.number} undone: {words}"[:200]
    entry_id = reverse(work, deposit.entry_id, on=undone_on(work, deposit.entry_id), reason=memo)
    if deposit.suspense_id is not None:
        locked(work, BankSuspense, deposit.suspense_id, "this money").open += deposit.amount
    for item in work.db.scalars(select(DepositItem).filter_by(deposit_id=deposit.id)):
        item.live_payment_id = item.live_refund_id = None
    deposit.status, deposit.live_payout_id = DepositStatus.UNDONE, None
    deposit.request_key = None  # the same command makes a deposit anew
    deposit.undone_by, deposit.undone_at = work.actor.staff_id, work.now()
    deposit.undone_why = words
    for payment in payments:
        payment.deposited_on = payment.banked_on = None
    work.db.flush()
    record(work, "undo_deposit", "deposit", deposit.id, number=deposit.number, entry=entry_id)
    work.touch(Topic.BANK, Topic.PAYMENTS, Topic.LEDGER)
    return entry_id


def _require_none_returned(work: Work, deposit: Deposit, payments: Sequence[Payment]) -> None:
    """Raise Problem where the bank took some of this deposit back: that needs the deposit."""
    taken = (
        select(JournalLine.payment_id)
        .where(
            among(work, JournalLine.payment_id, [one.id for one in payments]),
            JournalLine.entry_id != deposit.entry_id,
            JournalLine.account == work.db.get_one(BankAccount, deposit.bank_account_id).account,
        )
        .group_by(JournalLine.payment_id)
        .having(func.sum(JournalLine.amount) != Money())
    )
    found = set(work.db.scalars(taken))
    for one in payments:
        if one.id in found:
            raise Problem(
                f"The bank took money of payment {one.number} back, which is in {deposit.number}.",
                hint="Nothing was changed. Take its return or dispute back first.",
            )


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


def _repeated(work: Work, draft: DepositDraft) -> MadeDeposit:
    made = _made_before(work, draft)
    assert made is not None
    return made


def _each_once(ids: Sequence[Sequence[int]]) -> list[int]:
    """Return all of them. Raises Problem where two deposits hold one."""
    found = [one for some in ids for one in some]
    if len(found) > len(set(found)):
        raise Problem(
            "One payment stands in two of these deposits.",
            hint=f"{NOTHING} Look at the list of undeposited money again.",
        )
    return found


def _locked_payments(work: Work, ids: Collection[int]) -> Sequence[Payment]:
    """Return payments locked in the order of their ids, as every act on money does."""
    if not ids:
        return []
    found = select(Payment).where(among(work, Payment.id, ids)).order_by(Payment.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return work.db.scalars(held).all()


def _locked_refunds(work: Work, ids: Collection[int]) -> Sequence[Refund]:
    if not ids:
        return []
    found = select(Refund).where(among(work, Refund.id, ids)).order_by(Refund.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return work.db.scalars(held).all()


def _made(work: Work, deposit: Deposit, *, repeated: bool = False) -> MadeDeposit:
    items = work.db.scalar(
        select(func.count()).select_from(DepositItem).where(DepositItem.deposit_id == deposit.id)
    )
    (told,) = _told(work, [deposit], [items or 0])
    return replace(told, repeated=repeated)


def _told(work: Work, deposits: Sequence[Deposit], items: Sequence[int]) -> list[MadeDeposit]:
    entries = select(JournalEntry.id, JournalEntry.entry_date).where(
        among(work, JournalEntry.id, [one.entry_id for one in deposits])
    )
    days: dict[int, date] = {row.id: row.entry_date for row in work.db.execute(entries)}
    return [
        MadeDeposit(
            one.id,
            one.number,
            one.kind,
            one.on,
            days[one.entry_id],
            one.amount + one.fees,
            one.fees,
            one.amount,
            one.entry_id,
            count,
        )
        for one, count in zip(deposits, items, strict=True)
    ]
