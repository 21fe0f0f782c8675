"""What the form of an adjustment needs: the kinds in words, and plain values in.

A form knows no mapped class: it names a kind and a side by their values. What the office decides
itself waits for a second person where the bands say so; what only changes who owes posts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Side
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import Adjusted, adjust
from fscdesk.services.billing.adjustment_rules import RULES, NewAdjustment
from fscdesk.services.billing.sliding_fees import SlidingProposal, sliding_discount
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

CLIENT: Final = Side.PATIENT.value
PAYER: Final = Side.INSURANCE.value
_OFFERED: Final = (
    AdjustmentKind.COURTESY,
    AdjustmentKind.DISCOUNT,
    AdjustmentKind.BAD_DEBT,
    AdjustmentKind.SMALL_BALANCE,
    AdjustmentKind.CONTRACTUAL,
)
KINDS: Final[tuple[tuple[str, str], ...]] = tuple(
    (kind.value, RULES[kind].word) for kind in _OFFERED
)
"""Why less is owed, and its words; the most usual first."""


@dataclass(frozen=True, slots=True)
class AdjustmentEntry:
    """One adjustment as it is typed; ``side`` is CLIENT or PAYER, ``kind`` a value of KINDS."""

    charge_id: int
    kind: str
    side: str
    amount: Money
    reason: str


def sides_of(kind: str) -> tuple[str, ...]:
    """Return whose share a kind can lower. Raises ValueError for an unknown kind."""
    return tuple(side.value for side in RULES[AdjustmentKind(kind)].sides)


def adjust_entries(
    work: Work, entries: Sequence[AdjustmentEntry], *, request_key: str | None = None
) -> Adjusted:
    """Make the adjustments together: posted, or waiting in one request. Raises as ``adjust``."""
    return adjust(work, [_new(one) for one in entries], request_key=request_key)


def move_to_client(work: Work, parts: Sequence[tuple[int, Money]], reason: str) -> Adjusted:
    """Move what a payer owes of charges to the client, by a person's right and reason."""
    kind = AdjustmentKind.TO_PATIENT
    return adjust(work, [NewAdjustment(one, kind, amount, reason) for one, amount in parts])


def move_to_payer(work: Work, parts: Sequence[tuple[int, Money]], reason: str) -> Adjusted:
    """Move what a client owes of charges back to the payer: the opposite act."""
    kind = AdjustmentKind.TO_PAYER
    wanted = [NewAdjustment(one, kind, amount, reason, Side.PATIENT) for one, amount in parts]
    return adjust(work, wanted)


def apply_sliding_fee(work: Work, charge_ids: Sequence[int]) -> tuple[Adjusted, SlidingProposal]:
    """Ask for the discounts that the client's sliding fee gives on these charges.

    Raises Problem with the first reason when none of them gets one.
    """
    proposal = sliding_discount(work, charge_ids)
    if not proposal.adjustments:
        reason = proposal.left_out[0].message if proposal.left_out else "No charge was chosen."
        raise Problem(reason, hint="Nothing was asked for.")
    return adjust(work, proposal.adjustments), proposal


def _new(entry: AdjustmentEntry) -> NewAdjustment:
    kind = AdjustmentKind(entry.kind)
    return NewAdjustment(entry.charge_id, kind, entry.amount, entry.reason, Side(entry.side))
