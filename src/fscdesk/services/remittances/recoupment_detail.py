"""One item between a payer and the practice: what has settled it, and what could be its partner.

Partners are items of the same payer that go the other way. What names the same reference comes
first, then what is of the same amount, then the oldest; a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from fscdesk.models.account import Account
from fscdesk.models.recoupment import Recoupment, RecoupmentKind, RecoupmentPair
from fscdesk.models.refund import Refund
from fscdesk.models.remittance import Remittance
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.remittances.plbs import plain_reference
from fscdesk.services.remittances.recoupment_list import (
    ItemRow,
    PayerItems,
    items_by_payer,
    rows_of_items,
)
from fscdesk.services.remittances.seeing import REMITTANCES, require_seeing
from fscdesk.services.work import Work

__all__ = ["ItemDetail", "ItemRow", "Partner", "Settlement", "item_detail"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What has settled a part of an item: another item, an account, or a refund.

    ``remittance`` is the one that did it by itself; empty where a person did (``by_hand``). One
    that was taken apart has its instant in ``undone_at`` and counts no more. Instants are UTC.
    """

    pair_id: int
    at: datetime
    by: str
    amount: Money
    other_id: int | None
    other: str
    account: str
    refund: str
    remittance_id: int | None
    remittance: str
    by_hand: bool
    reason: str
    undone_at: datetime | None

    @property
    def may_be_taken_apart(self) -> bool:
        """Return whether a person may take it apart here: not what a remittance or refund did."""
        return self.by_hand and not self.refund and self.undone_at is None


@dataclass(frozen=True, slots=True)
class Partner:
    """An open item that could settle another one; ``words`` say what speaks for it."""

    id: int
    number: str
    kind: RecoupmentKind
    reference: str
    open: Money
    on: date
    remittance: str
    same_reference: bool
    same_amount: bool

    @property
    def words(self) -> str:
        """Return what speaks for it: "Same reference, same amount"."""
        found = [
            word
            for word, same in (
                ("same reference", self.same_reference),
                ("same amount", self.same_amount),
            )
            if same
        ]
        words = ", ".join(found)
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """All that the pane shows of an item; ``payers`` is what is open with each of them."""

    row: ItemRow
    trace: str
    paid_on: date
    history: tuple[Settlement, ...]
    partners: tuple[Partner, ...]
    payers: tuple[PayerItems, ...]


def item_detail(work: Work, item_id: int) -> ItemDetail:
    """Return one item with its history and partners. Raises Problem where it is gone."""
    require_seeing(work, REMITTANCES, "recoupments")
    rows = rows_of_items(work, [item_id])
    if not rows:
        raise Problem("This item is not in the books.", hint="Look at the list again.")
    (row,) = rows
    said = work.db.get_one(Remittance, row.remittance_id)
    return ItemDetail(
        row,
        said.trace,
        said.paid_on,
        _history(work, row),
        _partners(work, row),
        items_by_payer(work),
    )


def _history(work: Work, row: ItemRow) -> tuple[Settlement, ...]:
    """Return what settled an item, oldest first; what was taken apart stays in its place."""
    pairs = work.db.scalars(
        select(RecoupmentPair)
        .where(or_(RecoupmentPair.item_id == row.id, RecoupmentPair.other_id == row.id))
        .order_by(RecoupmentPair.id)
    ).all()
    ids = {one for pair in pairs for one in (pair.item_id, pair.other_id) if one is not None}
    items = {
        item.id: (item, number)
        for item, number in work.db.execute(
            select(Recoupment, Remittance.number)
            .join(Remittance, Remittance.id == Recoupment.remittance_id)
            .where(among(work, Recoupment.id, ids))
        )
    }
    accounts = _named(work, Account.code, Account.name, {one.account for one in pairs})
    people = {
        one.id: one.name
        for one in work.db.execute(
            select(Staff.id, Staff.name).where(among(work, Staff.id, {p.staff_id for p in pairs}))
        )
    }
    entries = {one.entry_id for one in pairs if one.entry_id is not None}
    refunds = {
        one.entry_id: one.number
        for one in work.db.execute(
            select(Refund.entry_id, Refund.number).where(among(work, Refund.entry_id, entries))
        )
    }
    found: list[Settlement] = []
    for pair in pairs:
        other_id = pair.other_id if pair.item_id == row.id else pair.item_id
        by_hand = pair.entry_id is not None
        settler, remittance = items[pair.item_id]
        account = pair.account or ""
        found.append(
            Settlement(
                pair_id=pair.id,
                at=pair.at,
                by=people.get(pair.staff_id, ""),
                amount=pair.amount,
                other_id=other_id,
                other="" if other_id is None else items[other_id][0].number,
                account=f"{account} {accounts.get(account, '')}".strip(),
                refund=refunds.get(pair.entry_id, ""),
                remittance_id=None if by_hand else settler.remittance_id,
                remittance="" if by_hand else remittance,
                by_hand=by_hand,
                reason=pair.reason,
                undone_at=pair.undone_at,
            )
        )
    return tuple(found)


def _partners(work: Work, row: ItemRow) -> tuple[Partner, ...]:
    if not row.open:
        return ()
    other_way = Recoupment.open < ZERO if row.open > ZERO else Recoupment.open > ZERO
    wanted = plain_reference(row.reference)
    found: list[Partner] = []
    for item, remittance in work.db.execute(
        select(Recoupment, Remittance.number)
        .join(Remittance, Remittance.id == Recoupment.remittance_id)
        .where(
            Recoupment.payer_id == row.payer_id,
            Recoupment.undone.is_(False),
            other_way,
        )
    ):
        same = bool(wanted) and plain_reference(item.reference) == wanted
        found.append(
            Partner(
                item.id,
                item.number,
                item.kind,
                item.reference,
                item.open,
                item.on,
                remittance,
                same,
                abs(item.open) == abs(row.open),
            )
        )
    found.sort(key=lambda one: (not one.same_reference, not one.same_amount, one.on, one.id))
    return tuple(found)


def _named(work: Work, key: Any, name: Any, wanted: Collection[str | None]) -> Mapping[str, str]:
    known = [one for one in wanted if one is not None]
    return {
        row[0]: row[1]
        for row in work.db.execute(select(key, name).where(among_words(work, key, known)))
    }
