"""Takes back what a remittance settled with its payer beside the claims, when it is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.recoupment import Recoupment, RecoupmentPair
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.remittances.posted_claims import PostedClaim
from fscdesk.services.work import Work


def require_items_free(work: Work, row: Remittance, items: Mapping[int, Recoupment]) -> None:
    """Raise Problem where another remittance has settled an item of this one."""
    own = {one.id for one in items.values() if one.remittance_id == row.id}
    by = aliased(Recoupment)
    found = work.db.execute(
        select(Recoupment.number, Remittance.number.label("by"))
        .join(RecoupmentPair, RecoupmentPair.other_id == Recoupment.id)
        .join(by, by.id == RecoupmentPair.item_id)
        .join(Remittance, Remittance.id == by.remittance_id)
        .where(
            among(work, RecoupmentPair.other_id, own),
            ~among(work, RecoupmentPair.item_id, own),
            RecoupmentPair.undone_at.is_(None),
            RecoupmentPair.entry_id.is_(None),
        )
        .order_by(RecoupmentPair.id)
    ).first()
    if found is not None:
        raise Problem(
            f"{found.by} has settled {found.number} of {row.number}.",
            hint=f"Nothing was taken back. Undo {found.by} first.",
        )


def undo_items(
    work: Work, row: Remittance, items: Mapping[int, Recoupment], *, on: date, reason: str
) -> None:
    """Take apart what items of a remittance settled, and close them; their entries are reversed.

    The entries that posted the items themselves go with the remittance's.
    """
    own = {one.id for one in items.values() if one.remittance_id == row.id}
    pairs = list(
        work.db.scalars(
            select(RecoupmentPair)
            .where(
                or_(
                    among(work, RecoupmentPair.item_id, own),
                    among(work, RecoupmentPair.other_id, own),
                ),
                RecoupmentPair.undone_at.is_(None),
            )
            .order_by(RecoupmentPair.id)
            .with_for_update()
        )
    )
    by_hand = [one.entry_id for one in pairs if one.entry_id is not None]
    reverse_all(work, standing(work, by_hand), on=on, reason=reason)
    others = {
        one for pair in pairs for one in (pair.item_id, pair.other_id) if one is not None
    } - own
    held = {
        one.id: one
        for one in work.db.scalars(
            select(Recoupment)
            .where(among(work, Recoupment.id, others))
            .order_by(Recoupment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    for pair in pairs:
        take_apart(work, pair, held)
    for item in items.values():
        if item.id in own:
            item.open, item.undone = ZERO, True
    work.db.flush()


def undo_rests(
    work: Work,
    items: Mapping[int, Recoupment],
    claims: Sequence[PostedClaim],
    *,
    on: date,
    reason: str,
) -> None:
    """Close what claims that are undone have left to explain beside what they took back.

    Raises Problem once a part of it was paired or explained.
    """
    places = {one.id: one.position for one in claims}
    for item in items.values():
        position = places.get(item.remittance_claim_id or 0)
        if position is None or item.undone:
            continue
        if item.open != item.amount:
            raise Problem(
                f"A part of {item.number} was settled already; it stands for claim {position}.",
                hint="Nothing was taken back. Take that apart under Recoupments first.",
            )
        if item.entry_id is not None:
            reverse_all(work, standing(work, [item.entry_id]), on=on, reason=reason)
        item.open, item.undone = ZERO, True
    work.db.flush()


def take_apart(work: Work, pair: RecoupmentPair, items: Mapping[int, Recoupment]) -> None:
    """Note that a pair does not stand any more; of ``items`` its amount is open again."""
    pair.undone_at = work.now()
    for one in (pair.item_id, pair.other_id):
        item = items.get(one or 0)
        if item is not None:
            item.open += pair.amount if item.amount > ZERO else Money(-pair.amount.cents)
