"""Posts what a payer settles with the practice beside its claims: PLB, and what is to explain.

Each is a document of its own (``Recoupment``). What was taken from the check fills the fund from
the other side, what was added to it draws from the fund, so that the fund ends at the check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.payment import CreditKind
from fscdesk.models.recoupment import Recoupment, RecoupmentKind, RecoupmentPair
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import PAYER_CREDITS, RECOUPMENTS
from fscdesk.services.ledger.posting import Draft, Leg, reverse_all
from fscdesk.services.numbering import next_number
from fscdesk.services.remittances.answered import DecidedClaim, DecidedPlb
from fscdesk.services.remittances.entries import Fund
from fscdesk.services.remittances.keeping import (
    CARRIED_FORWARD,
    RECOUPMENT_SERIES,
    keep_provider_adjustments,
)
from fscdesk.services.work import Work

PART: Final = Part.PAYER_OWN


class ItemSettled(Problem):
    """A part of what stands for a claim was paired or explained; ``number`` is the item's."""

    def __init__(self, number: str, claim: str) -> None:
        super().__init__(
            f"A part of {number} was settled already; it stands for claim {claim}.",
            hint="Nothing was posted. Take that apart under Recoupments first.",
        )
        self.number = number


@dataclass(frozen=True, slots=True)
class ItemPosting:
    """An item that is about to be posted: its entry (None for 0.00), and what it settles."""

    item: Recoupment
    draft: Draft | None
    decided: DecidedPlb | None = None


def lock_items(work: Work, row: Remittance) -> dict[int, Recoupment]:
    """Return the items of a remittance and the open ones of its payer by id, locked."""
    found = (
        select(Recoupment)
        .where(
            or_(
                Recoupment.remittance_id == row.id,
                (Recoupment.payer_id == row.payer_id) & (Recoupment.open != ZERO),
            )
        )
        .order_by(Recoupment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.id: one for one in work.db.scalars(found)}


def provider_postings(
    work: Work,
    row: Remittance,
    decided: Sequence[DecidedPlb],
    items: Mapping[int, Recoupment],
    fund: Fund,
) -> list[ItemPosting]:
    """Return the entries of what was decided about the PLB of a remittance, in its order."""
    own = _own_items(work, row, decided, items)
    return [
        ItemPosting(
            own[one.plb.position], _draft(work, one, own[one.plb.position], items, fund), one
        )
        for one in decided
    ]


def explain_postings(
    work: Work,
    row: Remittance,
    claims: Sequence[DecidedClaim],
    items: Mapping[int, Recoupment],
    fund: Fund,
) -> list[ItemPosting]:
    """Return entries for claims that took money out of the check and are about nothing here.

    What is on account 1120 for a claim already is left alone.
    """
    known = {
        one.remittance_claim_id: one
        for one in items.values()
        if one.remittance_claim_id is not None and one.remittance_id == row.id
    }
    made: list[ItemPosting] = []
    for one in claims:
        item = known.get(one.claim.row_id)
        if item is not None and not item.undone:
            continue
        taken = one.unexplained
        if item is None:
            item = _new_item(work, row, one)
        legs = (fund.leg(-taken, PART), Leg(RECOUPMENTS, taken, PART, fund.about()))
        memo = fund.memo(one.claim.position)
        draft = Draft(fund.on, EntryKind.PROVIDER_ADJUSTMENT, memo, legs)
        item.amount = Money(taken)
        made.append(ItemPosting(item, draft))
    return made


def finish(
    work: Work,
    posted: Sequence[tuple[ItemPosting, int | None]],
    items: Mapping[int, Recoupment],
    fund: Fund,
) -> None:
    """Write what items are after their entries were posted, and what they have settled."""
    own = {one.decided.plb.position: one.item for one, _ in posted if one.decided is not None}
    for one, entry_id in posted:
        item, decided = one.item, one.decided
        item.entry_id, item.on, item.undone = entry_id, fund.on, False
        if decided is None:
            item.kind, item.account, item.open = RecoupmentKind.TO_EXPLAIN, RECOUPMENTS, item.amount
            continue
        item.kind, item.account = decided.kind, decided.account
        item.open = Money(decided.rest if decided.open else 0)
        if decided.plb.position:
            item.note = decided.words
        for pair in decided.pairs:
            other = items[pair.item_id]
            other.open += Money(pair.cents if item.amount > ZERO else -pair.cents)
            _pair(work, item.id, other.id, pair.cents)
        for within in decided.within:
            _pair(work, item.id, own[within.position].id, within.cents)
    work.db.flush()


def free_item(
    work: Work, items: Mapping[int, Recoupment], row_id: int, number: str, fund: Fund
) -> None:
    """Take back what a claim (row id) left to explain, when the claim itself is posted.

    Raises Problem once a part of it was paired or explained.
    """
    for item in items.values():
        if item.remittance_claim_id != row_id or item.undone:
            continue
        if item.open != item.amount:
            raise ItemSettled(item.number, number)
        if item.entry_id is not None:
            reverse_all(work, [item.entry_id], on=fund.on, reason=f"{fund.number}: posted now")
        item.open, item.undone = ZERO, True
    work.db.flush()


def _own_items(
    work: Work,
    row: Remittance,
    decided: Sequence[DecidedPlb],
    items: Mapping[int, Recoupment],
) -> dict[int, Recoupment]:
    """Return the items of a remittance by the place of their PLB; 0 is what is carried forward."""
    mine = [
        one
        for one in items.values()
        if one.remittance_id == row.id and one.remittance_claim_id is None
    ]
    own = dict(enumerate((one for one in mine if one.note != CARRIED_FORWARD), start=1))
    carried = next((one for one in decided if one.plb.position == 0), None)
    if carried is None:
        return own
    kept = next((one for one in mine if one.note == CARRIED_FORWARD), None)
    if kept is None:
        keep_provider_adjustments(work, row, [carried.plb], note=CARRIED_FORWARD)
        newest = select(Recoupment).where(
            Recoupment.remittance_id == row.id, Recoupment.note == CARRIED_FORWARD
        )
        kept = work.db.scalars(newest).one()
    return {**own, 0: kept}


def _draft(
    work: Work,
    one: DecidedPlb,
    item: Recoupment,
    items: Mapping[int, Recoupment],
    fund: Fund,
) -> Draft | None:
    cents = one.plb.cents
    if not cents:
        return None
    sign = 1 if cents > 0 else -1
    legs = [fund.leg(-cents, PART)]
    legs += [_item_leg(items[pair.item_id], sign * pair.cents, fund) for pair in one.pairs]
    if one.rest:
        item.account = one.account
        item.credit_id = _credit_of_rest(work, one, item, fund)
        legs.append(_item_leg(item, one.rest, fund))
    memo = f"{fund.number}, {one.plb.reason} {one.plb.reference}".rstrip()
    return Draft(fund.on, EntryKind.PROVIDER_ADJUSTMENT, memo, tuple(legs))


def _item_leg(item: Recoupment, cents: int, fund: Fund) -> Leg:
    """Return the leg that moves what an item stands for; its payment is the one that moves it."""
    return Leg(item.account, cents, PART, fund.about()._replace(credit_id=item.credit_id))


def _credit_of_rest(work: Work, one: DecidedPlb, item: Recoupment, fund: Fund) -> int | None:
    """Return the credit that holds what the payer will take; None where it is no credit."""
    if one.account != PAYER_CREDITS:
        return None
    if item.credit_id is not None:
        return item.credit_id
    credit = crediting.open_credit(
        work,
        CreditKind.RECOUPMENT,
        since=fund.on,
        payer_id=fund.payer_id,
        note=f"{item.number} of {fund.number}",
    )
    return credit.id


def _new_item(work: Work, row: Remittance, one: DecidedClaim) -> Recoupment:
    taken = one.unexplained
    item = Recoupment(
        number=next_number(work, RECOUPMENT_SERIES, work.today().year),
        payer_id=row.payer_id,
        remittance_id=row.id,
        remittance_claim_id=one.claim.row_id,
        kind=RecoupmentKind.TO_EXPLAIN,
        reason_code=one.claim.status,
        reference=(one.claim.payer_number or one.claim.number)[:80],
        amount=Money(taken),
        open=ZERO,
        account=RECOUPMENTS,
        on=row.paid_on,
        undone=True,
        note=one.words,
    )
    work.db.add(item)
    work.db.flush()
    return item


def _pair(work: Work, item_id: int, other_id: int, cents: int) -> None:
    work.db.add(
        RecoupmentPair(
            item_id=item_id,
            other_id=other_id,
            amount=Money(cents),
            at=work.now(),
            staff_id=work.actor.staff_id,
        )
    )
