"""Decides about what a payer adjusts of a whole check (PLB): what it settles, and what stays.

A positive amount was taken from the check, a negative one added to it. What a payer will take back
and what it has taken find each other in ``partners``; what finds nothing stays open in the list of
recoupments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from fscdesk.services.remittances.keeping import CARRIED_FORWARD
from fscdesk.services.remittances.partners import (
    EXTRA,
    INTEREST,
    OWED,
    PENALTIES,
    OpenItem,
    Waiting,
    cancelled_of,
    plain_reference,
)
from fscdesk.services.work import Work

__all__ = [
    "CARRIED",
    "OpenItem",
    "decide_plbs",
    "note_of",
    "open_items",
    "plain_reference",
    "posted_before",
    "settle",
]

CARRIED: Final = "FB"
"""A balance that the payer carries from one check to the next."""
ONLY_TAKEN: Final = frozenset({"J1"})
"""What a payer does not reimburse: it is taken; added to a check nobody knows what it is."""
SETTLES: Final = "Settles what was open"
CANCELS: Final = "Cancels itself out with another one of this remittance"
SETTLED: Final = "Settled meanwhile"
_SETTLED: Final = (
    (INTEREST, RecoupmentKind.INTEREST, PAYER_INTEREST),
    (EXTRA, RecoupmentKind.CAPITATION, CAPITATION),
    (PENALTIES, RecoupmentKind.PENALTY, PAYER_PENALTIES),
)


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


def decide_plbs(
    work: Work, remittance: AnsweredRemittance, items: Callable[[int], list[OpenItem]] | None = None
) -> tuple[DecidedPlb, ...]:
    """Return what posting does with the provider-level adjustments of a remittance.

    None where they are in the books already. A check below zero is what the payer carries
    forward: it comes as one more of them, at position 0. ``items`` says what waits with a payer,
    where that is not what the books say now.
    """
    if remittance.payer_id is None or posted_before(work, remittance.remittance_id):
        return ()
    found = [one for one in remittance.plbs if one.cents]
    if remittance.amount < 0:
        found.append(Plb(0, CARRIED, remittance.trace[:50], remittance.amount))
    if not found:
        return ()
    payer_id = remittance.payer_id
    return settle(found, open_items(work, payer_id) if items is None else items(payer_id))


def settle(found: Sequence[Plb], items: list[OpenItem]) -> tuple[DecidedPlb, ...]:
    """Return what each PLB settles of items that wait, in the order of their positions. Pure."""
    cancelled = cancelled_of(found)
    waiting = Waiting(items)
    decided: list[DecidedPlb] = []
    for plb in found:
        if plb.position in cancelled:
            decided.append(_cancelling(plb, cancelled[plb.position]))
        else:
            decided.append(_settled(plb) or _paired(plb, waiting))
    return tuple(decided)


def _cancelling(plb: Plb, other: int) -> DecidedPlb:
    taken = plb.cents > 0
    first = plb.position < other
    return DecidedPlb(
        plb,
        RecoupmentKind.TAKEN if taken else RecoupmentKind.TO_EXPLAIN,
        RECOUPMENTS,
        rest=plb.cents,
        words=CANCELS,
        within=() if first else (PlbPair(other, abs(plb.cents)),),
    )


def _settled(plb: Plb) -> DecidedPlb | None:
    """Return what a PLB is by itself: interest, capitation, a penalty; None for the others."""
    for reasons, kind, account in _SETTLED:
        if plb.reason in reasons:
            return DecidedPlb(plb, kind, account, rest=plb.cents)
    return None


def _paired(plb: Plb, waiting: Waiting) -> DecidedPlb:
    pairs: list[DecidedPair] = []
    left = abs(plb.cents)
    for item in waiting.partners(plb):
        if not left:
            break
        part = min(left, abs(item.left))
        if part:
            pairs.append(DecidedPair(item.item_id, part))
            waiting.take(item, part)
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
        words=_words(plb, kind, rest, pairs),
    )


def _of_rest(plb: Plb) -> tuple[RecoupmentKind, str]:
    if plb.reason not in OWED or (plb.cents < 0 and plb.reason in ONLY_TAKEN):
        return RecoupmentKind.TO_EXPLAIN, RECOUPMENTS
    if plb.cents > 0:
        return RecoupmentKind.TAKEN, RECOUPMENTS
    return RecoupmentKind.WILL_TAKE, PAYER_CREDITS


def note_of(item: Recoupment) -> str:
    """Return what is told of an item: why it waited is not true any more once it is settled.

    What a claim left to explain, and what a check below zero carries forward, stays told.
    """
    waited = item.note not in ("", SETTLES, CANCELS, CARRIED_FORWARD)
    if item.undone or item.open or item.remittance_claim_id is not None or not waited:
        return item.note
    return SETTLED


def _words(plb: Plb, kind: RecoupmentKind, rest: int, pairs: Sequence[DecidedPair]) -> str:
    if not rest:
        return SETTLES
    amount = Money(abs(rest))
    if kind is RecoupmentKind.TO_EXPLAIN:
        return f"{amount} is to explain"
    if plb.cents < 0:
        return f"The payer will take {amount} of a later check"
    said = "the rest, " if pairs else ""
    return f"{said}{amount} was taken, and no reversal says for what"
