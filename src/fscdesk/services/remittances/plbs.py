"""Decides about what a payer adjusts of a whole check (PLB): what it settles, and what stays.

A positive amount was taken from the check, a negative one added to it. What a payer will take back
and what it has taken find each other by their reference, then by their amount; what finds nothing
stays open in the list of recoupments. Between two that are alike the older one is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.payment import Credit
from fscdesk.models.recoupment import Recoupment, RecoupmentKind
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import (
    CAPITATION,
    PAYER_CREDITS,
    PAYER_INTEREST,
    PAYER_PENALTIES,
    RECOUPMENTS,
)
from fscdesk.services.remittances.answered import (
    AnsweredRemittance,
    DecidedPair,
    DecidedPlb,
    Plb,
    PlbPair,
)
from fscdesk.services.work import Work

CARRIED: Final = "FB"
"""A balance that the payer carries from one check to the next."""
OWED: Final = frozenset({"WO", "FB", "AP", "J1", "PI", "WU"})
"""Recovery of what was overpaid, balances carried forward, advances: taken now or later."""
REFUND_SEEN: Final = "72"
"""The payer has got a refund of the practice; a WO of the same amount and reference offsets it."""
INTEREST: Final = frozenset({"L6", "CR"})
EXTRA: Final = frozenset({"CT", "IP", "BN"})
"""Capitation, incentive, bonus: income that is no claim's."""
PENALTIES: Final = frozenset({"50", "51", "L3", "LE"})
_SETTLED: Final = (
    (INTEREST, RecoupmentKind.INTEREST, PAYER_INTEREST),
    (EXTRA, RecoupmentKind.CAPITATION, CAPITATION),
    (PENALTIES, RecoupmentKind.PENALTY, PAYER_PENALTIES),
)


@dataclass(slots=True)
class OpenItem:
    """A recoupment that waits: what of it is left, as in its PLB (positive was taken), cents."""

    item_id: int
    kind: RecoupmentKind
    reason: str
    reference: str
    account: str
    amount: int
    left: int


def open_items(work: Work, payer_id: int) -> list[OpenItem]:
    """Return what waits with a payer, oldest first.

    Of what it will take only what its credit still holds: a refund may have paid it already.
    """
    rows = work.db.execute(
        select(Recoupment, Credit.balance)
        .outerjoin(Credit, Credit.id == Recoupment.credit_id)
        .where(
            Recoupment.payer_id == payer_id,
            Recoupment.open != ZERO,
            Recoupment.undone.is_(False),
        )
        .order_by(Recoupment.on, Recoupment.id)
    )
    found: list[OpenItem] = []
    for one, balance in rows:
        left = one.open.cents
        if one.account == PAYER_CREDITS:
            left = -min(-left, max(balance.cents if balance is not None else 0, 0))
        if left:
            found.append(
                OpenItem(
                    one.id,
                    one.kind,
                    one.reason_code,
                    one.reference,
                    one.account,
                    one.amount.cents,
                    left,
                )
            )
    return found


def posted_before(work: Work, remittance_id: int) -> bool:
    """Return whether the provider-level adjustments of a remittance are in the books already."""
    if not remittance_id:
        return False
    found = (
        select(Recoupment.id)
        .where(
            Recoupment.remittance_id == remittance_id,
            Recoupment.remittance_claim_id.is_(None),
            Recoupment.undone.is_(False),
        )
        .limit(1)
    )
    return work.db.scalar(found) is not None


def decide_plbs(work: Work, remittance: AnsweredRemittance) -> tuple[DecidedPlb, ...]:
    """Return what posting does with the provider-level adjustments of a remittance.

    None where they are in the books already. A check below zero is what the payer carries
    forward: it comes as one more of them, at position 0.
    """
    if remittance.payer_id is None or posted_before(work, remittance.remittance_id):
        return ()
    found = [one for one in remittance.plbs if one.cents]
    if remittance.amount < 0:
        found.append(Plb(0, CARRIED, remittance.trace[:50], remittance.amount))
    if not found:
        return ()
    return settle(found, open_items(work, remittance.payer_id))


def settle(found: Sequence[Plb], items: list[OpenItem]) -> tuple[DecidedPlb, ...]:
    """Return what each PLB settles of items that wait, in the order of their positions. Pure."""
    cancelled = _cancelled(found)
    decided: list[DecidedPlb] = []
    for plb in found:
        if plb.position in cancelled:
            decided.append(_cancelling(plb, cancelled[plb.position]))
        else:
            decided.append(_settled(plb) or _paired(plb, items))
    return tuple(decided)


def _cancelled(found: Sequence[Plb]) -> dict[int, int]:
    """Return which PLBs of one remittance cancel each other, by position.

    A recovery and the refund that the payer has got, of one amount; or the same reason twice.
    A reference that both have must be the same.
    """
    other: dict[int, int] = {}
    for later in found:
        for earlier in found:
            if earlier is later:
                break
            if (
                earlier.position not in other
                and later.position not in other
                and earlier.cents == -later.cents
                and _cancel(earlier, later)
            ):
                other[earlier.position], other[later.position] = later.position, earlier.position
    return other


def _cancel(one: Plb, two: Plb) -> bool:
    same = plain_reference(one.reference) == plain_reference(two.reference)
    if one.reason == two.reason:
        return one.reason in OWED and same and bool(one.reference)
    reasons = {one.reason, two.reason}
    return (
        REFUND_SEEN in reasons
        and "WO" in reasons
        and (same or not one.reference or not two.reference)
    )


def _cancelling(plb: Plb, other: int) -> DecidedPlb:
    taken = plb.cents > 0
    first = plb.position < other
    return DecidedPlb(
        plb,
        RecoupmentKind.TAKEN if taken else RecoupmentKind.TO_EXPLAIN,
        RECOUPMENTS,
        rest=plb.cents,
        words="Cancels itself out with another one of this remittance",
        within=() if first else (PlbPair(other, abs(plb.cents)),),
    )


def _settled(plb: Plb) -> DecidedPlb | None:
    """Return what a PLB is by itself: interest, capitation, a penalty; None for the others."""
    for reasons, kind, account in _SETTLED:
        if plb.reason in reasons:
            return DecidedPlb(plb, kind, account, rest=plb.cents)
    return None


def _paired(plb: Plb, items: list[OpenItem]) -> DecidedPlb:
    pairs: list[DecidedPair] = []
    left = abs(plb.cents)
    for item in _partners(plb, items):
        part = min(left, abs(item.left))
        if part:
            pairs.append(DecidedPair(item.item_id, part))
            item.left += part if item.left < 0 else -part
            left -= part
    rest = left if plb.cents > 0 else -left
    kind, account = _of_rest(plb)
    return DecidedPlb(
        plb,
        kind,
        account if rest else RECOUPMENTS,
        tuple(pairs),
        rest,
        open=bool(rest),
        words=_words(plb, rest, pairs),
    )


def _partners(plb: Plb, items: Sequence[OpenItem]) -> list[OpenItem]:
    """Return what a PLB may settle: of its reference; else of its amount, the oldest.

    A balance carried forward has no reference of its own with many payers: it settles what
    else was carried forward, oldest first.
    """
    if plb.reason not in OWED | {REFUND_SEEN}:
        return []
    opposite = [one for one in items if one.left and (one.left > 0) is not (plb.cents > 0)]
    if plb.reason == REFUND_SEEN:
        opposite = [one for one in opposite if one.account == RECOUPMENTS]
    reference = plain_reference(plb.reference)
    named = [one for one in opposite if reference and plain_reference(one.reference) == reference]
    if named:
        return named
    equal = [one for one in opposite if abs(one.left) == abs(plb.cents)]
    alike = [one for one in equal if one.reason == plb.reason] or equal
    if plb.reason == REFUND_SEEN or alike:
        return alike[:1]
    carried = plb.reason == CARRIED
    return [one for one in opposite if carried and one.reason == CARRIED]


def _of_rest(plb: Plb) -> tuple[RecoupmentKind, str]:
    if plb.reason not in OWED:
        return RecoupmentKind.TO_EXPLAIN, RECOUPMENTS
    if plb.cents > 0:
        return RecoupmentKind.TAKEN, RECOUPMENTS
    return RecoupmentKind.WILL_TAKE, PAYER_CREDITS


def plain_reference(text: str) -> str:
    """Return a reference without what payers set differently."""
    return "".join(mark for mark in text.upper() if mark.isalnum())


def _words(plb: Plb, rest: int, pairs: Sequence[DecidedPair]) -> str:
    if not rest:
        return "Settles what was open"
    amount = Money(abs(rest))
    if plb.reason not in OWED:
        return f"{amount} is to explain"
    if plb.cents < 0:
        return f"The payer will take {amount} of a later check"
    said = "the rest, " if pairs else ""
    return f"{said}{amount} was taken, and no reversal says for what"
