"""What a deposit is asked to be, and what of that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fscdesk.models.deposit import DepositKind
from fscdesk.models.payment import Payment
from fscdesk.models.refund import Refund
from fscdesk.models.values import LARGEST_CENTS, ZERO, Money
from fscdesk.services.banking.cash_count import counted_cash, require_cash
from fscdesk.services.banking.deposited import deposit_of
from fscdesk.services.banking.undeposited import Undeposited
from fscdesk.services.editing import key_of, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

NOTHING = "Nothing was posted."
_MANY = 5
_AHEAD = 1
"""A deposit may carry tomorrow's day: what goes into the night safe is booked then."""


@dataclass(frozen=True, slots=True)
class DepositDraft:
    """A deposit as it is asked for. ``on`` is the bank's day, or the day on the slip.

    ``bank_account_id`` None is the default account. ``fees`` is what was kept back on the way,
    never below zero. ``cash`` is the count of notes and coins, by their value in cents; it must
    come to the cash among the payments. ``payout_id`` is the payout of the card report that this
    is; ``suspense_id``, of kind SUSPENSE, the money in 2420 that these payments explain.
    """

    bank_account_id: int | None
    kind: DepositKind
    on: date
    payment_ids: tuple[int, ...] = ()
    refund_ids: tuple[int, ...] = ()
    fees: Money = ZERO
    reference: str = ""
    cash: dict[int, int] | None = None
    note: str = ""
    payout_id: int | None = None
    suspense_id: int | None = None
    request_key: str | None = None


def checked(work: Work, draft: DepositDraft) -> DepositDraft:
    """Return a draft with clean texts, each payment once; raise Problem for what cannot be."""
    if not draft.payment_ids and not draft.refund_ids:
        raise Problem("A deposit needs a payment.", hint=f"{NOTHING} Choose one at least.")
    if draft.on > work.today() + timedelta(days=_AHEAD):
        raise Problem(
            f"The day of the deposit, {draft.on:%m/%d/%Y}, has not come yet.",
            hint=f"{NOTHING} Look at the day again.",
        )
    if not 0 <= draft.fees.cents <= LARGEST_CENTS:
        raise Problem(f"{draft.fees} cannot be a fee.", hint=f"{NOTHING} Type it without a minus.")
    suspense = draft.kind is DepositKind.SUSPENSE
    if suspense != (draft.suspense_id is not None) or (suspense and draft.fees):
        raise Problem(
            "Money that waits to be explained is taken as it stands.",
            hint=f"{NOTHING} Choose which of it these payments explain.",
        )
    return replace(
        draft,
        payment_ids=tuple(sorted(set(draft.payment_ids))),
        refund_ids=tuple(sorted(set(draft.refund_ids))),
        reference=text_of(draft.reference, "the reference", longest=100),
        cash=None if draft.cash is None else counted_cash(draft.cash),
        note=text_of(draft.note, "the note", longest=300),
        request_key=key_of(draft.request_key),
    )


def items_of(
    work: Work,
    draft: DepositDraft,
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
    waiting: Sequence[Undeposited],
) -> tuple[Undeposited, ...]:
    """Return what of each locked payment and refund of a draft is undeposited, of all ``waiting``.

    Raises Problem that names those of which nothing is: their deposit, or that there is none.
    """
    paid, given = set(draft.payment_ids), set(draft.refund_ids)
    payments = [one for one in payments if one.id in paid]
    refunds = [one for one in refunds if one.id in given]
    if len(payments) < len(paid) or len(refunds) < len(given):
        raise Problem(
            "A payment of this deposit is not in the books.",
            hint=f"{NOTHING} Look at the list of undeposited money again.",
        )
    items = tuple(
        one
        for one in waiting
        if (one.payment_id in paid if one.refund_id is None else one.refund_id in given)
    )
    there = {(one.payment_id, one.refund_id) for one in items}
    missing = [
        *(_not_there(work, one) for one in payments if (one.id, None) not in there),
        *(
            f"Refund {one.number} was not kept back from a payout, or is in a deposit already"
            for one in refunds
            if (one.payment_id, one.id) not in there
        ),
    ]
    if missing:
        more = f" So it is with {len(missing) - _MANY} more." if len(missing) > _MANY else ""
        raise Problem(
            f"{'; '.join(missing[:_MANY])}.{more}",
            hint=f"{NOTHING} Look at the list of undeposited money again.",
        )
    return items


def require_fitting(draft: DepositDraft, items: Sequence[Undeposited]) -> None:
    """Raise Problem for an amount, a day or a cash count that its payments do not have."""
    amount = sum((one.amount for one in items), ZERO) - draft.fees
    if abs(amount.cents) > LARGEST_CENTS:
        raise Problem(f"{amount} is more than these books can hold.", hint=NOTHING)
    # A payout's own sum is proved against the card report; it may be one that the processor takes.
    if amount <= ZERO and draft.payout_id is None and all(one.amount > ZERO for one in items):
        raise Problem(
            f"Fees of {draft.fees} leave nothing of these {amount + draft.fees} for the bank.",
            hint=f"{NOTHING} Type what was kept back of them, less than the payments.",
        )
    latest = max(items, key=lambda one: one.received_on)
    if draft.kind is DepositKind.COUNTER and draft.on < latest.received_on:
        raise Problem(
            f"{latest.number} came on {latest.received_on:%m/%d/%Y}, after the day of the"
            f" deposit, {draft.on:%m/%d/%Y}.",
            hint=f"{NOTHING} Look at the day again, or leave the payment out.",
        )
    if draft.on.year < min(one.received_on for one in items).year - 1:
        raise Problem(
            f"The day of the deposit, {draft.on:%m/%d}/{draft.on.year:04}, lies long before the"
            " money came.",
            hint=f"{NOTHING} Look at the year.",
        )
    if draft.cash is not None:
        require_cash(draft.cash, items)


def _not_there(work: Work, payment: Payment) -> str:
    found = deposit_of(work, payment.id)
    if found is not None:
        return f"Payment {payment.number} is in {found.number} of {found.on:%m/%d/%Y}"
    return f"Payment {payment.number} has no money that could be deposited"
