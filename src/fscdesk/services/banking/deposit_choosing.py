"""From what a person names (payments, methods, a payout) to the deposit that is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.deposit import DepositKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposit_drafts import NOTHING, DepositDraft
from fscdesk.services.banking.deposit_plan import KINDS
from fscdesk.services.banking.payouts import PayoutState, payout_draft, payouts
from fscdesk.services.banking.undeposited import Undeposited, undeposited
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to deposit: payments by number, all that came by methods up to ``on``, or a payout.

    ``on`` None is today, or the payout's own day.
    """

    on: date | None = None
    payments: tuple[str, ...] = ()
    methods: tuple[PaymentMethod, ...] = ()
    payout: str = ""
    fees: Money = ZERO
    reference: str = ""
    note: str = ""
    request_key: str | None = None


def choose(work: Work, wanted: Chosen, account_id: int | None = None) -> DepositDraft:
    """Return the deposit that is meant.

    Raises Problem, naming it, for a number that is not undeposited, for methods by which nothing
    came, and for a payout that is not there or does not add up.
    """
    if wanted.payout:
        return _payout(work, wanted, account_id)
    on = wanted.on or work.today()
    found = undeposited(work)
    items = _named(found, wanted) if wanted.payments else _by_method(found, wanted, on)
    kinds = {KINDS[one.method] for one in items}
    kind = kinds.pop() if len(kinds) == 1 else DepositKind.COUNTER
    return DepositDraft(
        account_id,
        kind,
        on,
        tuple(one.payment_id for one in items if one.refund_id is None),
        tuple(one.refund_id for one in items if one.refund_id is not None),
        wanted.fees,
        wanted.reference,
        None,
        wanted.note,
        request_key=wanted.request_key,
    )


def _named(found: tuple[Undeposited, ...], wanted: Chosen) -> list[Undeposited]:
    by_number = {one.number: one for one in found}
    numbers = [number.strip().upper() for number in wanted.payments]
    missing = [number for number in numbers if number not in by_number]
    if missing:
        raise Problem(
            f"{missing[0]} is not undeposited.",
            hint=f"{NOTHING} It is in a deposit already, or there is no such payment.",
        )
    return [by_number[number] for number in dict.fromkeys(numbers)]


def _by_method(found: tuple[Undeposited, ...], wanted: Chosen, on: date) -> list[Undeposited]:
    items = [one for one in found if one.method in wanted.methods and one.received_on <= on]
    if not items:
        names = ", ".join(one.value for one in wanted.methods)
        raise Problem(
            f"Nothing that came by {names} up to {on:%m/%d/%Y} is undeposited.", hint=NOTHING
        )
    return items


def _payout(work: Work, wanted: Chosen, account_id: int | None) -> DepositDraft:
    name = wanted.payout.strip()
    fitting = [
        one
        for one in payouts(work, also_deposited=True)
        if name in (one.reference, one.transaction_id)
    ]
    if not fitting:
        raise Problem(
            f"The card report has no payout {name}.",
            hint=f"{NOTHING} Import the card report of these days first.",
        )
    one = fitting[0]
    if one.state is PayoutState.OPEN:
        raise Problem(one.why, hint=NOTHING)
    if one.state is PayoutState.DEPOSITED:
        told = one.deposit or "matched with the bank"
        raise Problem(f"Payout {name} is {told} already.", hint=NOTHING)
    draft = payout_draft(one, account_id)
    return DepositDraft(
        draft.bank_account_id,
        draft.kind,
        wanted.on or draft.on,
        draft.payment_ids,
        draft.refund_ids,
        draft.fees,
        wanted.reference or draft.reference,
        None,
        wanted.note,
        draft.payout_id,
        request_key=wanted.request_key,
    )
