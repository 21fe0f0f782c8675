"""Shares money out over open charges: in full, oldest first, or as the practice enforces it.

What is proposed is plain arithmetic over a list; ``open_charges.py`` reads the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from fscdesk.models.charge import Side
from fscdesk.models.payment import PaymentMethod, PaymentOrigin
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.payments.applying import Application, locked_charges
from fscdesk.services.payments.open_charges import owed_by
from fscdesk.services.payments.policies import Allocation, allocation
from fscdesk.services.work import Work

EVERY = 1_000_000
"""All that a family owes: more than anybody has."""


class Open(Protocol):
    """What sharing needs to know of an open charge."""

    @property
    def charge_id(self) -> int:
        """Return its id."""

    @property
    def service_day(self) -> date:
        """Return the day of the service, by which it is old or young."""

    @property
    def side(self) -> Side:
        """Return whose share is open."""

    @property
    def open(self) -> Money:
        """Return what is open of it; negative when too much was paid."""


def in_full(charges: Iterable[Open]) -> tuple[Application, ...]:
    """Return applications that close these charges; what is not owed is left out."""
    return tuple(
        Application(one.charge_id, one.open, one.side) for one in charges if one.open.cents > 0
    )


def oldest_first(charges: Iterable[Open], amount: Money) -> tuple[Application, ...]:
    """Share an amount out by service day, then id, as far as it goes.

    Never more than the amount, never more than is open. The charges may be of any number
    of clients.
    """
    left, parts = amount.cents, []
    for one in sorted(charges, key=_age):
        part = min(left, one.open.cents)
        if part > 0:
            parts.append(Application(one.charge_id, Money(part), one.side))
            left -= part
    return tuple(parts)


def proposed(policy: Allocation, charges: Sequence[Open], amount: Money) -> tuple[Application, ...]:
    """Return what the entry grid fills in by itself: nothing when the practice wants none."""
    return () if policy is Allocation.OFF else oldest_first(charges, amount)


def require_policy(
    work: Work,
    applications: Sequence[Application],
    *,
    method: PaymentMethod | None = None,
    origin: PaymentOrigin = PaymentOrigin.TYPED,
) -> None:
    """Raise Problem when the practice enforces oldest first and an older charge stays open.

    The older charges are those of the same guarantors. A payer says itself what it pays, a
    plan has its own charges, and what SimplePractice has recorded is taken as it is: none of
    these is asked. The charges are locked by the way, before anything is posted about them.
    """
    charges = locked_charges(work, [one.charge_id for one in applications])
    asked = [one for one in applications if one.side is Side.PATIENT and not one.recorded]
    if (
        not asked
        or method is PaymentMethod.PLAN
        or origin is not PaymentOrigin.TYPED
        or allocation(work) is not Allocation.ENFORCE
    ):
        return
    own = [charges[one.charge_id] for one in asked]
    newest = max((charge.service_day, charge.id) for charge in own)
    paid: dict[int, int] = {}
    for one in asked:
        paid[one.charge_id] = paid.get(one.charge_id, 0) + one.amount.cents
    guarantors = {charge.guarantor_id for charge in own}
    for older in owed_by(work, guarantors, most=EVERY):
        if _age(older) >= newest:
            return
        if older.open.cents > 0 and paid.get(older.charge_id, 0) < older.open.cents:
            raise Problem(
                f"{older.code} of {older.service_day:%m/%d/%Y} is older and would stay open.",
                hint="Nothing was posted. This practice pays the oldest charges first.",
            )


def _age(one: Open) -> tuple[date, int]:
    return one.service_day, one.charge_id
