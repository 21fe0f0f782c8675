"""The book of deposits: what could be taken to the bank, and what was, with how far it has come.

    for one in deposit_book(work):
        print(one.number or "to make", one.on, one.amount, one.state)

What could be made is computed at every look and is never stored.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem, DepositKind, DepositStatus
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    Reconciliation,
    ReconciliationStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposit_drafts import DepositDraft
from fscdesk.services.banking.deposit_list import (
    DepositDetail,
    DepositRow,
    deposit_detail,
    deposits,
)
from fscdesk.services.banking.deposit_plan import DepositGroup, plan_deposits, planned
from fscdesk.services.banking.payouts import Payout, PayoutState, payouts
from fscdesk.services.banking.undeposited import Undeposited
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

__all__ = [
    "BookedDeposit",
    "DepositKind",
    "DepositState",
    "DepositWay",
    "deposit_book",
    "deposit_of_entry",
    "deposit_way",
    "deposits_holding",
    "deposits_to_make",
    "joined",
    "made_here",
]
_NAMED = 2


class DepositState(enum.StrEnum):
    """How far a deposit has come.

    ``waiting`` are card payments whose payout has not come, ``open`` a payout that does not add
    up. ``made`` is on its way, ``banked`` at the bank, ``locked`` by a completed reconciliation.
    """

    TO_MAKE = "to_make"
    WAITING = "waiting"
    OPEN = "open"
    MADE = "made"
    BANKED = "banked"
    LOCKED = "locked"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class BookedDeposit:
    """One deposit, made or to make. ``id`` is below zero for what is not made yet.

    ``words`` say whose money it is, or why it is open. ``group`` is what could be made,
    ``deposit`` what was; ``waiting`` are the payments of a payout that has not come.
    ``reconciliation`` is the number of the one that locks it.
    """

    id: int
    state: DepositState
    number: str
    on: date
    account: str
    kind: DepositKind
    items: int
    amount: Money
    fees: Money
    reference: str
    words: str
    group: DepositGroup | None = None
    deposit: DepositRow | None = None
    waiting: tuple[Undeposited, ...] = ()
    reconciliation: str = ""

    @property
    def found_by(self) -> str:
        """Return the words that find it in the list."""
        held = self.group.items if self.group is not None else self.waiting
        own = (self.number, self.account, self.reference, self.words, self.amount.plain())
        its = (f"{one.number} {one.owner} {one.reference}" for one in held)
        return " ".join((*own, *its)).casefold()


@dataclass(frozen=True, slots=True)
class LineOfBank:
    """One line of the bank's statement in which a deposit came."""

    id: int
    on: date
    amount: Money
    words: str


@dataclass(frozen=True, slots=True)
class DepositWay:
    """A made deposit and the rest of its way: the bank's lines, and what locks it."""

    detail: DepositDetail
    account_id: int
    state: DepositState
    lines: tuple[LineOfBank, ...]
    reconciliation: str
    reconciliation_id: int | None
    reconciled_to: date | None


def deposit_book(
    work: Work, *, first: date | None = None, last: date | None = None
) -> tuple[BookedDeposit, ...]:
    """Return what could be deposited, then the deposits of some days, the newest first.

    ``first`` and ``last`` choose by the day of the deposit; what could be made always counts.
    """
    made = deposits(work, first=first, last=last)
    locks = _locks(work, [one.id for one in made])
    return (*_to_make(work), *(_booked(one, locks.get(one.id, "")) for one in made))


def deposits_to_make(work: Work) -> int:
    """Return how many rows of the book are not made yet, with what waits for its payout."""
    plan = planned(work)
    return len(plan.groups) + len(plan.findings) + bool(plan.in_transit)


def made_here(work: Work) -> bool:
    """Return whether this practice keeps its deposits and its bank here at all."""
    deposit = work.db.scalar(select(Deposit.id).limit(1))
    return deposit is not None or work.db.scalar(select(BankLine.id).limit(1)) is not None


def joined(groups: Sequence[DepositGroup], on: date | None = None) -> DepositDraft:
    """Return one deposit of several groups, to the default account: a week's slips in one.

    ``on`` None is the last of their days. Raises Problem for groups that reach the bank on
    different ways, and for a payout, which comes by itself.
    """
    kinds = {one.kind for one in groups}
    if not groups or len(kinds) > 1:
        raise Problem(
            "What reaches the bank on different ways is not one deposit.",
            hint="Nothing was posted. Tick cash and checks, or card payments, or transfers.",
        )
    if len(groups) > 1 and any(one.payout_id is not None for one in groups):
        raise Problem(
            "Each payout reaches the bank by itself.",
            hint="Nothing was posted. Make their deposits one by one.",
        )
    first = groups[0]
    return DepositDraft(
        None,
        first.kind,
        on or max(one.on for one in groups),
        tuple(number for one in groups for number in one.payment_ids),
        tuple(number for one in groups for number in one.refund_ids),
        sum((one.fees for one in groups), ZERO),
        first.reference if len(groups) == 1 else "",
        payout_id=first.payout_id,
    )


def deposit_way(work: Work, deposit_id: int) -> DepositWay:
    """Return a made deposit with its way to the bank. Raises Problem when there is none."""
    detail = deposit_detail(work, deposit_id)
    matched = (
        select(BankMatchLine.live_line_id)
        .join(BankMatchEntry, BankMatchEntry.match_id == BankMatchLine.match_id)
        .where(BankMatchEntry.live.is_(True), BankMatchEntry.entry_id == detail.entry_id)
    )
    # Held money came in the line that it was held of, before anybody knew what it is.
    held = (
        select(BankSuspense.bank_line_id)
        .join(Deposit, Deposit.suspense_id == BankSuspense.id)
        .where(Deposit.id == deposit_id, Deposit.status == DepositStatus.POSTED)
    )
    lines = tuple(
        LineOfBank(*row)
        for row in work.db.execute(
            select(BankLine.id, BankLine.on, BankLine.amount, BankLine.words)
            .where(or_(BankLine.id.in_(matched), BankLine.id.in_(held)))
            .order_by(BankLine.on, BankLine.id)
        )
    )
    number = _locks(work, [deposit_id]).get(deposit_id, "")
    proved = work.db.scalars(select(Reconciliation).filter_by(number=number)).one_or_none()
    return DepositWay(
        detail,
        work.db.get_one(Deposit, deposit_id).bank_account_id,
        _booked(detail.row, number).state,
        lines,
        number,
        None if proved is None else proved.id,
        None if proved is None else proved.last_day,
    )


def deposit_of_entry(work: Work, entry_id: int) -> int | None:
    """Return the deposit that an entry posted; None where it posted something else."""
    return work.db.scalar(select(Deposit.id).where(Deposit.entry_id == entry_id))


def deposits_holding(work: Work, text: str) -> frozenset[int]:
    """Return the deposits that hold a payment with this number, reference or payer's name."""
    like = f"%{text.strip().lower()}%"
    if not text.strip():
        return frozenset()
    return frozenset(
        work.db.scalars(
            select(DepositItem.deposit_id)
            .join(Payment, Payment.id == DepositItem.payment_id)
            .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
            .outerjoin(Payer, Payer.id == Payment.payer_id)
            .where(
                or_(
                    func.lower(Payment.number).like(like),
                    func.lower(Payment.reference).like(like),
                    func.lower(Guarantor.name).like(like),
                    func.lower(Payer.short_name).like(like),
                )
            )
        )
    )


def _to_make(work: Work) -> Sequence[BookedDeposit]:
    plan = plan_deposits(work)
    account = work.db.scalar(
        select(BankAccount.name).where(BankAccount.is_default.is_(True)).limit(1)
    )
    found = [
        BookedDeposit(
            id=_id_of(one.items),
            state=DepositState.TO_MAKE,
            number="",
            on=one.on,
            account=account or "",
            kind=one.kind,
            items=len(one.items),
            amount=one.amount,
            fees=one.fees,
            reference=one.reference,
            words=_whose(one.items),
            group=one,
        )
        for one in plan.groups
    ]
    found += [_open(one, account or "") for one in payouts(work) if one.state is PayoutState.OPEN]
    if plan.in_transit:
        found.append(
            BookedDeposit(
                id=_id_of(plan.in_transit),
                state=DepositState.WAITING,
                number="",
                on=min(one.received_on for one in plan.in_transit),
                account=account or "",
                kind=DepositKind.CARD,
                items=len(plan.in_transit),
                amount=sum((one.amount for one in plan.in_transit), ZERO),
                fees=ZERO,
                reference="",
                words=_whose(plan.in_transit),
                waiting=plan.in_transit,
            )
        )
    return found


def _open(payout: Payout, account: str) -> BookedDeposit:
    return BookedDeposit(
        id=-4 * payout.id - 3,
        state=DepositState.OPEN,
        number="",
        on=payout.on,
        account=account,
        kind=DepositKind.CARD,
        items=payout.rows,
        amount=payout.amount,
        fees=payout.fees,
        reference=payout.reference,
        words=payout.why,
    )


def _id_of(items: Sequence[Undeposited]) -> int:
    """Return a number that no other group has: each document is in one group alone."""
    first = items[0]
    return -4 * first.payment_id if first.refund_id is None else -4 * first.refund_id - 1


def _whose(items: Sequence[Undeposited]) -> str:
    names = list(dict.fromkeys(one.owner for one in items))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _booked(one: DepositRow, reconciliation: str) -> BookedDeposit:
    if one.status is DepositStatus.UNDONE:
        state = DepositState.UNDONE
    elif reconciliation:
        state = DepositState.LOCKED
    else:
        state = DepositState.MADE if one.banked_on is None else DepositState.BANKED
    return BookedDeposit(
        id=one.id,
        state=state,
        number=one.number,
        on=one.on,
        account=one.account,
        kind=one.kind,
        items=one.items,
        amount=one.amount,
        fees=one.fees,
        reference=one.reference,
        words="",
        deposit=one,
        reconciliation=reconciliation,
    )


def _locks(work: Work, deposit_ids: Collection[int]) -> dict[int, str]:
    """Return by deposit the number of the completed reconciliation that locks it."""
    rows = work.db.execute(
        select(Deposit.id, Reconciliation.number)
        .join(BankMatchEntry, BankMatchEntry.entry_id == Deposit.entry_id)
        .join(BankMatch, BankMatch.id == BankMatchEntry.match_id)
        .join(Reconciliation, Reconciliation.id == BankMatch.reconciliation_id)
        .where(
            among(work, Deposit.id, deposit_ids),
            BankMatchEntry.live.is_(True),
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
    )
    return {row.id: row.number for row in rows}
