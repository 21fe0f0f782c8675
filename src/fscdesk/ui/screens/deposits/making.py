"""What a person says of a deposit before it is made: what goes in, the count, day and account."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import uuid4

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.cash_count import cash_in, cash_total
from fscdesk.services.banking.deposit_book import DepositKind, joined
from fscdesk.services.banking.deposit_plan import DepositGroup
from fscdesk.services.banking.deposits import DepositDraft, Undeposited

Key = tuple[int, int | None]
"""A payment, or a refund of one, as a group holds it."""


@dataclass
class Making:
    """One group on its way to be a deposit. Kept while another row is looked at.

    ``account_id`` None is the default account; ``count`` is by value in cents and empty where
    nobody has counted. ``key`` is the command's: the same one twice makes one deposit.
    """

    group: DepositGroup
    on: date
    left_out: set[Key] = field(default_factory=set)
    count: dict[int, int] = field(default_factory=dict)
    account_id: int | None = None
    reference: str = ""
    fees: Money = ZERO
    note: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def whole(self) -> bool:
        """Return whether nothing of it may be left out: a payout comes as it comes."""
        return self.group.payout_id is not None

    @property
    def taken(self) -> tuple[Undeposited, ...]:
        """Return what goes in."""
        return tuple(one for one in self.group.items if key_of(one) not in self.left_out)

    @property
    def gross(self) -> Money:
        """Return what its payments come to."""
        return sum((one.amount for one in self.taken), ZERO)

    @property
    def amount(self) -> Money:
        """Return what would reach the bank."""
        return self.gross - self.fees

    @property
    def cash(self) -> Money:
        """Return the cash among what goes in."""
        return cash_in(self.taken)

    @property
    def counted(self) -> Money:
        """Return what was counted."""
        return cash_total(self.count)

    @property
    def off(self) -> Money:
        """Return how much more was counted than the cash payments are; zero while uncounted."""
        return self.counted - self.cash if self.count else ZERO

    def take(self, one: Undeposited, *, into: bool) -> None:
        """Put something in, or leave it out."""
        if into:
            self.left_out.discard(key_of(one))
        elif not self.whole:
            self.left_out.add(key_of(one))

    def why_not(self) -> str:
        """Return why it cannot be made now, or ""."""
        if not self.taken:
            return "Nothing is ticked. Space ticks a payment."
        if self.off:
            more = "too much" if self.off > ZERO else "too little"
            return (
                f"{self.counted} was counted, the cash payments are {self.cash}:"
                f" {abs(self.off)} {more}."
            )
        return ""

    def renewed(self, group: DepositGroup) -> Making:
        """Return it for the group as it is now; what was said stays."""
        return self if group == self.group else replace(self, group=group)

    def draft(self) -> DepositDraft:
        """Return the deposit that is asked for."""
        taken = self.taken
        return replace(
            joined([self.group], self.on),
            bank_account_id=self.account_id,
            payment_ids=tuple(one.payment_id for one in taken if one.refund_id is None),
            refund_ids=tuple(one.refund_id for one in taken if one.refund_id is not None),
            fees=self.fees,
            reference=self.reference,
            cash=dict(self.count) or None,
            note=self.note,
            request_key=self.key,
        )


def key_of(one: Undeposited) -> Key:
    """Return what tells one document of a group from the others."""
    return one.payment_id, one.refund_id


def begun(group: DepositGroup, today: date) -> Making:
    """Return a group as it is proposed: cash and checks go today, what the bank books on its day.

    A night safe is emptied on the next day: that is typed.
    """
    on = max(today, group.on) if group.kind is DepositKind.COUNTER else min(group.on, today)
    return Making(group, on, reference=group.reference, fees=group.fees)
