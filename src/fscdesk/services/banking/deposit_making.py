"""What a deposit becomes in the books: its entry, its account and its row, with its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import JournalEntry, JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import BankMatchEntry
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposit_drafts import NOTHING, DepositDraft, require_fitting
from fscdesk.services.banking.payout_returns import taken_from
from fscdesk.services.banking.undeposited import Undeposited
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import CARD_FEES, TO_IDENTIFY, UNDEPOSITED
from fscdesk.services.ledger.posting import About, Leg
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class AskedDeposit:
    """A deposit that is made: its items, its account of the ledger, and its day in the books."""

    draft: DepositDraft
    items: tuple[Undeposited, ...]
    account_id: int
    account: str
    day: date

    @classmethod
    def of(cls, work: Work, draft: DepositDraft, items: tuple[Undeposited, ...]) -> AskedDeposit:
        """Look at a draft with the items that it takes. Raises Problem where it cannot be."""
        require_fitting(draft, items)
        gross = sum((one.amount for one in items), ZERO)
        _require_payout(work, draft, gross - draft.fees)
        account_id, code, since = _account(work, draft, gross)
        # Not before what it deposits or explains: 1050 and 2420 are below zero on no day.
        day = max(draft.on, since, *(one.last_day for one in items))
        return cls(draft, items, account_id, code, day)

    @property
    def gross(self) -> Money:
        """Return what leaves 1050."""
        return sum((one.amount for one in self.items), ZERO)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Return the sides of its entry."""
        return _legs(self.items, self.account, self.gross, self.draft.fees)

    def deposit(self, work: Work, number: str, entry_id: int) -> Deposit:
        """Return the deposit, not stored yet."""
        draft = self.draft
        return Deposit(
            number=number,
            bank_account_id=self.account_id,
            kind=draft.kind,
            on=draft.on,
            amount=self.gross - draft.fees,
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


def store_deposits(
    work: Work, deposits: Sequence[Deposit], items: Sequence[Sequence[Undeposited]]
) -> None:
    """Store deposits, each with its items. Raises Problem where another desk made one of them."""
    work.db.add_all(deposits)
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
            for deposit, its in zip(deposits, items, strict=True)
            for one in its
        )
        work.db.flush()
    except IntegrityError as taken:
        raise Problem(
            "This deposit was made at another desk a moment ago.",
            hint=f"{NOTHING} Look at the list of deposits.",
        ) from taken


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


def _account(work: Work, draft: DepositDraft, gross: Money) -> tuple[int, str, date]:
    """Return the bank account, the account of the ledger that it goes to, and from which day on."""
    if draft.suspense_id is not None:
        waiting = locked(work, BankSuspense, draft.suspense_id, "this money")
        if waiting.undone or not 0 < gross.cents <= waiting.open.cents:
            raise Problem(
                f"{waiting.open} of {waiting.number} is not explained yet; these payments are"
                f" {gross}.",
                hint=f"{NOTHING} Choose payments that it holds.",
            )
        waiting.open -= gross
        since = work.db.get_one(JournalEntry, waiting.entry_id).entry_date
        return work.db.get_one(BankLine, waiting.bank_line_id).bank_account_id, TO_IDENTIFY, since
    chosen = draft.bank_account_id
    if chosen is None:
        default = BankAccount.is_default.is_(True), BankAccount.active.is_(True)
        chosen = work.db.scalar(select(BankAccount.id).where(*default))
    account = None if chosen is None else work.db.get(BankAccount, chosen)
    if account is None or not account.active:
        raise Problem(
            "The bank account is not in use.", hint=f"{NOTHING} Choose one of the bank accounts."
        )
    return account.id, account.account, date.min


def require_left_here(work: Work, asked: Sequence[AskedDeposit]) -> None:
    """Raise Problem where the books let the bank take such a payment back from another account.

    It was recorded before the deposit told which account it is. Where a statement shows it there,
    it is so. Asks once for all deposits that are made together.
    """
    into = {
        item.payment_id: one.account_id
        for one in asked
        for item in one.items
        if item.refund_id is None
    }
    shown = exists().where(
        BankMatchEntry.entry_id == JournalLine.entry_id, BankMatchEntry.live.is_(True)
    )
    rows = work.db.execute(
        select(Payment.id, Payment.number, BankAccount.id.label("account_id"), BankAccount.name)
        .select_from(JournalLine)
        .join(Payment, Payment.id == JournalLine.payment_id)
        .join(BankAccount, BankAccount.account == JournalLine.account)
        .where(
            among(work, JournalLine.payment_id, into),
            JournalLine.part == Part.RETURNED,
            ~shown,
        )
        .group_by(Payment.id, Payment.number, BankAccount.id, BankAccount.name)
        .having(func.sum(JournalLine.amount) < ZERO)
        .order_by(Payment.id)
    )
    found = next((row for row in rows if row.account_id != into[row.id]), None)
    if found is not None:
        here = work.db.get_one(BankAccount, into[found.id]).name
        raise Problem(
            f"The bank took money of payment {found.number} back from {found.name}; this deposit"
            f" goes into {here}.",
            hint=f"{NOTHING} Deposit it into {found.name}. Take its return or dispute back first"
            f" if {here} is right, and record it again after the deposit.",
        )


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
