"""Which adjustment moves which accounts, on which side, and by whose word (DESIGN.md 6). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Side
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import (
    BAD_DEBT,
    CONTRACTUAL,
    DISCOUNTS,
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.ledger.posting import Leg

NOTHING: Final = "Nothing was posted."
TAKEN_WITH_PAYMENT: Final = "Written off in SimplePractice with the payer's payment"
"""The reason of a contractual adjustment that the books make by themselves."""
GROUPS: Final = frozenset({"CO", "CR", "OA", "PI", "PR"})
"""Group codes of an 835's CAS segment; PR is the patient's responsibility."""
PATIENT_RESPONSIBILITY: Final = "PR"
PATIENT_CARCS: Final = frozenset({"1", "2", "3"})
"""With group PR: deductible, coinsurance, copay. Another reason is a denial (DESIGN 13)."""
_CARC = re.compile(r"[A-Z]{0,2}\d{1,3}", re.ASCII)
_RARC = re.compile(r"[A-Z]{1,2}\d{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind does: the account that takes the amount, the sides it is for, its words.

    The account of a move is the receivable of the other side. ``from_payer`` says that a
    payer can be its reason, so that it needs no approval.
    """

    account: str
    sides: tuple[Side, ...]
    part: Part
    word: str
    entry: EntryKind = EntryKind.ADJUSTMENT
    from_payer: bool = False

    @property
    def moves(self) -> bool:
        """Return whether the amount only changes who owes it."""
        return self.entry is EntryKind.RESPONSIBILITY


_BOTH = (Side.PATIENT, Side.INSURANCE)
RULES: Final[Mapping[AdjustmentKind, Rule]] = MappingProxyType(
    {
        AdjustmentKind.CONTRACTUAL: Rule(
            CONTRACTUAL,
            (Side.INSURANCE,),
            Part.WRITE_OFF,
            "Contractual adjustment",
            from_payer=True,
        ),
        AdjustmentKind.DISCOUNT: Rule(DISCOUNTS, _BOTH, Part.ADJUSTMENT, "Discount"),
        AdjustmentKind.COURTESY: Rule(DISCOUNTS, _BOTH, Part.ADJUSTMENT, "Courtesy"),
        AdjustmentKind.SLIDING_FEE: Rule(DISCOUNTS, _BOTH, Part.ADJUSTMENT, "Sliding fee"),
        AdjustmentKind.BAD_DEBT: Rule(BAD_DEBT, (Side.PATIENT,), Part.WRITE_OFF, "Bad debt"),
        AdjustmentKind.SMALL_BALANCE: Rule(
            BAD_DEBT, (Side.PATIENT,), Part.WRITE_OFF, "Small balance"
        ),
        AdjustmentKind.CORRECTION: Rule(
            DISCOUNTS, _BOTH, Part.ADJUSTMENT, "Correction", from_payer=True
        ),
        AdjustmentKind.TO_PATIENT: Rule(
            PATIENT_RECEIVABLE,
            (Side.INSURANCE,),
            Part.RESPONSIBILITY,
            "Moved to the client",
            EntryKind.RESPONSIBILITY,
            from_payer=True,
        ),
        AdjustmentKind.TO_PAYER: Rule(
            INSURANCE_RECEIVABLE,
            (Side.PATIENT,),
            Part.RESPONSIBILITY,
            "Moved to the payer",
            EntryKind.RESPONSIBILITY,
            from_payer=True,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """An adjustment as it is asked for; a positive ``amount`` lowers what its side owes.

    ``side`` None is the only side of the kind, or the client's. For a move it is the side that
    the amount leaves. ``on`` None is today; what waits for approval stands on the day of the
    approval instead. ``payment_id`` is the payer's payment whose remittance says so. ``recorded``:
    SimplePractice wrote it off, so it closes account 1060 and the receivable stays as it is.
    """

    charge_id: int
    kind: AdjustmentKind
    amount: Money
    reason: str
    side: Side | None = None
    on: date | None = None
    group_code: str = ""
    carc: str = ""
    rarc: str = ""
    payment_id: int | None = None
    recorded: bool = False

    def leaves(self) -> Side:
        """Return the side that owes less afterwards."""
        return self.side or RULES[self.kind].sides[0]

    def by_payer(self) -> bool:
        """Return whether its payer's own remittance makes it the patient's (group PR)."""
        return (
            self.kind is AdjustmentKind.TO_PATIENT
            and self.payment_id is not None
            and self.group_code == PATIENT_RESPONSIBILITY
            and self.carc in PATIENT_CARCS
        )


def require_possible(new: NewAdjustment, *, today: date) -> None:
    """Raise Problem for an adjustment that cannot be, whatever is open."""
    rule = RULES[new.kind]
    if new.side is not None and new.side not in rule.sides:
        whose = "the payer's" if new.side is Side.INSURANCE else "the client's"
        raise Problem(f"{rule.word} is not for {whose} share.", hint=NOTHING)
    _require_amount(new, rule)
    if new.on is not None and new.on > today:
        raise Problem(
            f"{new.on:%m/%d/%Y} has not come yet.",
            hint=f"{NOTHING} An adjustment stands on the day on which it is decided.",
        )
    if new.group_code and new.group_code not in GROUPS:
        raise Problem(
            f"{new.group_code} is not a group code.",
            hint=f"{NOTHING} It is one of {', '.join(sorted(GROUPS))}.",
        )
    for code, pattern, what in ((new.carc, _CARC, "a CARC"), (new.rarc, _RARC, "a RARC")):
        if code and not pattern.fullmatch(code):
            raise Problem(
                f"{code} does not look like {what}.",
                hint=f"{NOTHING} Type it as the payer printed it, or leave it out.",
            )
    if new.payment_id is not None and not rule.from_payer:
        raise Problem(
            f"{rule.word} is the practice's own decision, not a payer's.",
            hint=f"{NOTHING} Ask for it without the payment.",
        )
    if new.payment_id is not None and not rule.moves and new.leaves() is Side.PATIENT:
        raise Problem(
            "A payer's remittance changes the payer's share, not the client's.",
            hint=f"{NOTHING} Ask for it without the payment.",
        )


def legs(kind: AdjustmentKind, side: Side, amount: Money) -> tuple[Leg, ...]:
    """Return the two legs of an adjustment; a negative amount turns them round."""
    rule = RULES[kind]
    receivable = PATIENT_RECEIVABLE if side is Side.PATIENT else INSURANCE_RECEIVABLE
    return (
        Leg(rule.account, amount.cents, rule.part),
        Leg(receivable, -amount.cents, rule.part),
    )


def recorded_legs(amount: Money) -> tuple[Leg, ...]:
    """Return the two legs of a write-off of SimplePractice that is taken as contractual."""
    return (
        Leg(CONTRACTUAL, amount.cents, Part.ADJUSTMENT),
        Leg(RECORDED_IN_SIMPLEPRACTICE, -amount.cents, Part.ADJUSTMENT),
    )


def _require_amount(new: NewAdjustment, rule: Rule) -> None:
    if not new.amount:
        raise Problem("An adjustment of 0.00 changes nothing.", hint=NOTHING)
    if new.amount.cents < 0 and new.kind is not AdjustmentKind.CORRECTION:
        raise Problem(
            f"{rule.word} must be above zero.",
            hint=f"{NOTHING} A correction may add to what is owed; a wrong adjustment is reversed.",
        )
    if abs(new.amount.cents) > LARGEST_CENTS:
        raise Problem(f"{new.amount} is more than these books can hold.", hint=NOTHING)
