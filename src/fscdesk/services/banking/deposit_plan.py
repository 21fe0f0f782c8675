"""Which deposits could be made of what is undeposited: by day, and by how the money goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from fscdesk.models.deposit import DepositKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.cash_count import cash_in
from fscdesk.services.banking.payouts import (
    CHARGE,
    Payout,
    PayoutState,
    payout_findings,
    told_payouts,
)
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.banking.undeposited import Undeposited, waiting_money
from fscdesk.services.errors import Finding
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

__all__ = ["KINDS", "DepositGroup", "DepositPlan", "PaymentMethod", "plan_deposits", "planned"]

KINDS: Final = MappingProxyType(
    {
        PaymentMethod.CASH: DepositKind.COUNTER,
        PaymentMethod.CHECK: DepositKind.COUNTER,
        PaymentMethod.OTHER: DepositKind.COUNTER,
        PaymentMethod.CARD: DepositKind.CARD,
        PaymentMethod.DEBIT: DepositKind.CARD,
        PaymentMethod.ONLINE: DepositKind.CARD,
        PaymentMethod.PLAN: DepositKind.CARD,
        PaymentMethod.ACH: DepositKind.EFT,
        PaymentMethod.WIRE: DepositKind.EFT,
        PaymentMethod.EFT: DepositKind.EFT,
    }
)
"""How the money of a method gets to the bank."""


@dataclass(frozen=True, slots=True)
class DepositGroup:
    """A deposit that could be made. ``amount`` is what would reach the bank, less ``fees``.

    ``on`` is the day of receipt, a payout's day, or an EFT's own; ``cash`` is what of it is to be
    counted, ``checks`` how many checks it has. ``payout_id`` is set for a card payout, whose fees
    are known; of other card batches they are typed.
    """

    kind: DepositKind
    on: date
    items: tuple[Undeposited, ...]
    amount: Money
    fees: Money = ZERO
    reference: str = ""
    payout_id: int | None = None

    @property
    def payment_ids(self) -> tuple[int, ...]:
        """Return the payments in it."""
        return tuple(one.payment_id for one in self.items if one.refund_id is None)

    @property
    def refund_ids(self) -> tuple[int, ...]:
        """Return the refunds in it that were kept back."""
        return tuple(one.refund_id for one in self.items if one.refund_id is not None)

    @property
    def cash(self) -> Money:
        """Return the notes and coins in it."""
        return cash_in(self.items)

    @property
    def checks(self) -> int:
        """Return how many checks it has."""
        return sum(one.method is PaymentMethod.CHECK for one in self.items)


@dataclass(frozen=True, slots=True)
class DepositPlan:
    """The groups, by day; ``in_transit`` are card payments whose payout has not come yet.

    ``total`` is all that is undeposited. ``findings`` name the payouts that do not add up.
    """

    groups: tuple[DepositGroup, ...]
    in_transit: tuple[Undeposited, ...]
    total: Money
    findings: tuple[Finding, ...]


def plan_deposits(
    work: Work,
    *,
    methods: Collection[PaymentMethod] = (),
    on: date | None = None,
    until: date | None = None,
) -> DepositPlan:
    """Group what is undeposited into the deposits that could be made; nothing is made.

    Cash and checks of a day are one slip, card payments of the card report one payout, other card
    payments a batch of their day, each EFT its own. ``on`` keeps those of one day, ``until`` those
    up to a day, ``methods`` those that came so. Raises Problem without a right to see the bank.
    """
    require_seeing(work, "what could be deposited")
    return planned(work, methods=methods, on=on, until=until)


def planned(
    work: Work,
    *,
    methods: Collection[PaymentMethod] = (),
    on: date | None = None,
    until: date | None = None,
) -> DepositPlan:
    """Return what `plan_deposits` does, for counts that show nobody's name."""
    found = waiting_money(work)
    from_cards = told_payouts(work)
    ready = [one for one in from_cards if one.state is PayoutState.READY]
    still_open = payout_findings(from_cards)
    told = _told_by_the_report(work, found)
    groups = [*_payout_groups(ready, found)]
    grouped = {(one.payment_id, one.refund_id) for group in groups for one in group.items}
    days: dict[tuple[date, DepositKind], list[Undeposited]] = defaultdict(list)
    in_transit: list[Undeposited] = []
    for one in found:
        kind = KINDS[one.method]
        if (one.payment_id, one.refund_id) in grouped:
            continue
        if kind is DepositKind.CARD and (one.payment_id in told or one.refund_id is not None):
            in_transit.append(one)
        elif kind is DepositKind.EFT:
            groups.append(
                DepositGroup(kind, one.received_on, (one,), one.amount, reference=one.reference)
            )
        else:
            days[one.received_on, kind].append(one)
    for (day, kind), items in days.items():
        groups.append(DepositGroup(kind, day, tuple(items), sum((i.amount for i in items), ZERO)))
    kept = [group for group in groups if _wanted(group, methods, on, until)]
    kept.sort(key=lambda group: (group.on, group.kind, group.reference))
    return DepositPlan(
        tuple(kept), tuple(in_transit), sum((one.amount for one in found), ZERO), still_open
    )


def _wanted(
    group: DepositGroup,
    methods: Collection[PaymentMethod],
    on: date | None,
    until: date | None,
) -> bool:
    return (
        (on is None or group.on == on)
        and (until is None or group.on <= until)
        and (not methods or any(one.method in methods for one in group.items))
    )


def _told_by_the_report(work: Work, found: Collection[Undeposited]) -> set[int]:
    """Return the card payments that the card report knows: they come with their payout."""
    cards = [one.payment_id for one in found if KINDS[one.method] is DepositKind.CARD]
    if not cards:
        return set()
    told = select(CardTransaction.payment_id).where(
        among(work, CardTransaction.payment_id, cards), CardTransaction.kind == CHARGE
    )
    return {one for one in work.db.scalars(told) if one is not None}


def _payout_groups(ready: Collection[Payout], found: Collection[Undeposited]) -> list[DepositGroup]:
    by_payment = {one.payment_id: one for one in found if one.refund_id is None}
    by_refund = {one.refund_id: one for one in found if one.refund_id is not None}
    return [
        DepositGroup(
            DepositKind.CARD,
            one.on,
            (
                *(by_payment[payment] for payment in one.payment_ids),
                *(by_refund[refund] for refund in one.refund_ids),
            ),
            one.to_deposit,
            one.fees,
            one.reference,
            one.id,
        )
        for one in ready
    ]
