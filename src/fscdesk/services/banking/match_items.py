"""What the matching compares: open lines of the bank, and open items of ours. Plain values."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fscdesk.models.deposit import DepositKind
from fscdesk.models.values import ZERO, Money


class ItemKind(enum.StrEnum):
    """What of ours may be a line of the bank."""

    ENTRY = "entry"
    PAYMENT = "payment"
    PAYOUT = "payout"


class Way(enum.StrEnum):
    """How money travels to the bank; ``ANY`` where nothing tells."""

    EFT = "eft"
    COUNTER = "counter"
    CARD = "card"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A bank line without a match: money in is positive."""

    id: int
    on: date
    amount: Money
    words: str
    kind: str = ""
    check_number: str = ""
    trace: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class DepositToMake:
    """Money that waits in 1050 and would be deposited by accepting: one deposit.

    ``amount`` is what reaches the bank, the payments less the refunds and ``fees``. ``since`` is
    the day before which it cannot be deposited.
    """

    kind: DepositKind
    amount: Money
    payment_ids: tuple[int, ...] = ()
    refund_ids: tuple[int, ...] = ()
    fees: Money = ZERO
    reference: str = ""
    payout_id: int | None = None
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Item:
    """Something of ours that the bank may show as one line, or as a part of one.

    ``id`` is the entry's, the payment's, or the payout's row. ``references`` are what names it
    exactly; ``proves`` says that one of them, with the same amount, is enough without a person
    (TRN02 of a payer's payment, a deposit's reference, a payout's id). ``sent_on`` is the day that
    a payer says itself, where it was before ``on``: its remittance may be read weeks later.
    ``part_of`` names the payout of which several items are one line of the bank: its payments, and
    what was charged back in it.
    """

    kind: ItemKind
    id: int
    on: date
    amount: Money
    label: str
    way: Way = Way.ANY
    references: tuple[str, ...] = ()
    proves: bool = False
    who: str = ""
    payer_id: int | None = None
    deposit: DepositToMake | None = None
    sent_on: date | None = None
    part_of: str = ""

    @property
    def key(self) -> tuple[ItemKind, int]:
        """Return what makes the item itself."""
        return (self.kind, self.id)

    def days_from(self, day: date) -> int:
        """Return how far a day of the bank is from the nearest of its days."""
        return min(abs((one - day).days) for one in (self.on, self.sent_on) if one is not None)


@dataclass(frozen=True, slots=True)
class BankLeg:
    """The other side of a bank entry: which account, and how much as the bank writes it.

    15.00 that the bank took for an account is -15.00: the account is debited.
    """

    account: str
    amount: Money
    cost_centre: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EntryToMake:
    """An entry that accepting would post on the bank's account."""

    legs: tuple[BankLeg, ...]
    memo: str


@dataclass(frozen=True, slots=True)
class RuleMeaning:
    """What a rule says of lines with its words: an account with its cost centre, or a payer."""

    id: int
    words: str
    money_in: bool
    account: str | None
    account_name: str
    cost_centre: str
    payer_id: int | None
    memo: str
    confirmed: int


@dataclass(frozen=True, slots=True)
class HeldMoney:
    """Money that stands in suspense: what is open of it, and since when."""

    id: int
    number: str
    since: date
    open: Money


@dataclass(frozen=True, slots=True)
class Returnable:
    """A payment that is at the bank, and that the bank may have taken back.

    ``reference`` is the number of its check, ``deposit`` the number of the deposit that it went
    in, "" where none is known. ``by_bank``: a bank returns what came so; ``by_card``: its card is
    charged back.
    """

    payment_id: int
    number: str
    who: str
    amount: Money
    deposited_on: date
    reference: str = ""
    deposit: str = ""
    by_bank: bool = True
    by_card: bool = True


def deposits_of(items: Sequence[Item]) -> tuple[DepositToMake, ...]:
    """Return the deposits that would make the items that wait: each EFT and payout its own.

    What is carried to the bank by hand goes together, on one slip.
    """
    own = [one.deposit for one in items if one.deposit is not None and one.way is not Way.COUNTER]
    carried = [one.deposit for one in items if one.deposit is not None and one.way is Way.COUNTER]
    if not carried:
        return tuple(own)
    references = {one.reference for one in carried}
    slip = DepositToMake(
        DepositKind.COUNTER,
        sum((one.amount for one in carried), ZERO),
        tuple(sorted(ident for one in carried for ident in one.payment_ids)),
        tuple(sorted(ident for one in carried for ident in one.refund_ids)),
        reference=references.pop() if len(references) == 1 else "",
        since=max(one.since for one in carried),
    )
    return (*own, slip)
