"""The recoupment ledger of each payer: what it will take, has taken, and what settles what.

An item that a payer added to a check and will take later stands in its credits (2410); what it
took without saying for what stands on 1120. Two of opposite sign settle each other; an income or
expense account explains what has no partner. Each act can be taken apart again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.account import Account, AccountType
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit
from fscdesk.models.recoupment import Recoupment, RecoupmentKind, RecoupmentPair
from fscdesk.models.refund import Refund
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import About, Draft, Leg, post, reverse_all
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.plbs import note_of
from fscdesk.services.remittances.provider_undoing import take_apart
from fscdesk.services.remittances.seeing import REMITTANCES, require_seeing
from fscdesk.services.work import Topic, Work

_NOTHING: Final = "Nothing was posted."
_LONGEST: Final = 150


@dataclass(frozen=True, slots=True)
class RecoupmentRow:
    """An item as the list shows it; ``amount`` and ``open`` are above zero where it was taken."""

    id: int
    number: str
    payer_id: int
    payer: str
    remittance_id: int
    remittance: str
    remittance_claim_id: int | None
    kind: RecoupmentKind
    reason_code: str
    reference: str
    amount: Money
    open: Money
    account: str
    on: date
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """What settles what: two items, or an item and an account that explains it."""

    id: int
    item_id: int
    other_id: int | None
    account: str | None
    amount: Money
    by_hand: bool
    reason: str


def recoupments(
    work: Work, *, payer_id: int | None = None, open_only: bool = True
) -> tuple[RecoupmentRow, ...]:
    """Return the items that are in the books, by payer and age; of one payer, or of all."""
    require_seeing(work, REMITTANCES, "recoupments")
    return find_recoupments(work, payer_id=payer_id, open_only=open_only)


def find_recoupments(
    work: Work, *, payer_id: int | None = None, open_only: bool = True
) -> tuple[RecoupmentRow, ...]:
    """Return what ``recoupments`` does, for the program itself: nobody is asked."""
    found = (
        select(Recoupment, Payer.name, Remittance.number)
        .join(Payer, Payer.id == Recoupment.payer_id)
        .join(Remittance, Remittance.id == Recoupment.remittance_id)
        .where(Recoupment.undone.is_(False))
        .order_by(Payer.name, Recoupment.payer_id, Recoupment.on, Recoupment.id)
    )
    if payer_id is not None:
        found = found.where(Recoupment.payer_id == payer_id)
    if open_only:
        found = found.where(Recoupment.open != ZERO)
    return tuple(_row(*row) for row in work.db.execute(found))


def pairs_of(work: Work, item_ids: Collection[int]) -> tuple[PairRow, ...]:
    """Return what settles these items, oldest first; what was taken apart is left out."""
    found = select(RecoupmentPair).where(
        among(work, RecoupmentPair.item_id, item_ids)
        | among(work, RecoupmentPair.other_id, item_ids),
        RecoupmentPair.undone_at.is_(None),
    )
    return tuple(
        PairRow(
            one.id,
            one.item_id,
            one.other_id,
            one.account,
            one.amount,
            one.entry_id is not None,
            one.reason,
        )
        for one in work.db.scalars(found.order_by(RecoupmentPair.id))
    )


def explaining_accounts(work: Work) -> tuple[tuple[str, str], ...]:
    """Return the accounts (code, name) that can explain an item: income and expense in use."""
    found = select(Account.code, Account.name).where(
        Account.type.in_((AccountType.INCOME, AccountType.EXPENSE)), Account.active.is_(True)
    )
    return tuple((row.code, row.name) for row in work.db.execute(found.order_by(Account.code)))


def pair(
    work: Work, item_id: int, other_id: int, reason: str, *, amount: Money | None = None
) -> int:
    """Let two items of one payer settle each other, and return the pair's id.

    ``amount`` is above zero; as far as both go unless given. Raises Problem for two of different
    payers or of the same sign, and for more than is open.
    """
    require(work, Right.POST_PAYMENT, "settle recoupments")
    words = text_of(reason, "the reason", longest=_LONGEST, required=True)
    item, other = _locked(work, (item_id, other_id))
    if item.payer_id != other.payer_id:
        raise Problem("These two are of different payers.", hint=_NOTHING)
    if (item.open > ZERO) == (other.open > ZERO):
        raise Problem(
            f"{item.number} and {other.number} go the same way.",
            hint=f"{_NOTHING} What was taken settles what the payer had said it will take.",
        )
    cents = _cents(work, amount, (item, other))
    legs = (_leg(item, cents), _leg(other, cents))
    memo = f"{item.number} with {other.number}: {words}"
    entry = post(work, Draft(_day(work, (item, other)), EntryKind.PROVIDER_ADJUSTMENT, memo, legs))
    return _settled(work, RecoupmentPair(item_id=item.id, other_id=other.id), cents, entry, words)


def explain(
    work: Work, item_id: int, account: str, reason: str, *, amount: Money | None = None
) -> int:
    """Explain an item by an income or expense account, and return the pair's id.

    ``amount`` is above zero, what is open unless given. Raises Problem for an account that is
    neither, and for more than is open.
    """
    require(work, Right.ADJUST, "explain recoupments")
    words = text_of(reason, "the reason", longest=_LONGEST, required=True)
    (item,) = _locked(work, (item_id,))
    if account not in dict(explaining_accounts(work)):
        raise Problem(
            f"Account {account} cannot explain what a payer took.",
            hint=f"{_NOTHING} Choose an income or expense account that is in use.",
        )
    cents = _cents(work, amount, (item,))
    back = _leg(item, cents)
    about = About(payer_id=item.payer_id)
    legs = (back, Leg(account, -back.cents, Part.PAYER_OWN, about))
    memo = f"{item.number} explained: {words}"
    entry = post(work, Draft(_day(work, (item,)), EntryKind.PROVIDER_ADJUSTMENT, memo, legs))
    return _settled(work, RecoupmentPair(item_id=item.id, account=account), cents, entry, words)


def unpair(work: Work, pair_id: int, reason: str) -> None:
    """Take apart what a person had paired or explained; its items are open again.

    Raises Problem for what a remittance settled: that is undone with it.
    """
    require(work, Right.CORRECT_PAYMENT, "take recoupments apart")
    words = text_of(reason, "the reason", longest=_LONGEST, required=True)
    row = locked(work, RecoupmentPair, pair_id, "this pair")
    if row.undone_at is not None:
        raise Problem("This was taken apart already.", hint="Nothing was changed.")
    refund = work.db.scalar(
        select(Refund.number).where(Refund.entry_id.is_not(None), Refund.entry_id == row.entry_id)
    )
    if refund is not None:
        raise Problem(
            f"Refund {refund} has paid this.",
            hint="Nothing was changed. What went back to the payer stays settled; void the refund"
            " under Refunds if it never went out.",
        )
    if row.entry_id is None:
        raise Problem(
            "A remittance has settled this.",
            hint="Nothing was changed. It is taken apart when that remittance is undone.",
        )
    ids = [one for one in (row.item_id, row.other_id) if one is not None]
    items = {one.id: one for one in _items(work, ids)}
    reverse_all(work, standing(work, [row.entry_id]), on=work.today(), reason=words)
    take_apart(work, row, items)
    work.db.flush()
    _told(work, "unpair_recoupment", row)


def _row(item: Recoupment, payer: str, remittance: str) -> RecoupmentRow:
    return RecoupmentRow(
        id=item.id,
        number=item.number,
        payer_id=item.payer_id,
        payer=payer,
        remittance_id=item.remittance_id,
        remittance=remittance,
        remittance_claim_id=item.remittance_claim_id,
        kind=item.kind,
        reason_code=item.reason_code,
        reference=item.reference,
        amount=item.amount,
        open=item.open,
        account=item.account,
        on=item.on,
        note=note_of(item),
        version=item.version,
    )


def _items(work: Work, ids: Collection[int]) -> list[Recoupment]:
    return list(
        work.db.scalars(
            select(Recoupment)
            .where(among(work, Recoupment.id, ids))
            .order_by(Recoupment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _locked(work: Work, ids: Sequence[int]) -> list[Recoupment]:
    """Return open items, locked, in the order asked for."""
    found = {one.id: one for one in _items(work, ids)}
    if len(found) != len(ids):
        raise Problem("This is no item of the books, or twice the same.", hint=_NOTHING)
    for one in found.values():
        if one.undone or not one.open:
            raise Problem(f"Nothing of {one.number} is open.", hint=_NOTHING)
    return [found[one] for one in ids]


def _cents(work: Work, amount: Money | None, items: Sequence[Recoupment]) -> int:
    # Of what a payer will take only what its credit still holds: a refund may have paid it.
    held = [work.db.get_one(Credit, one.credit_id) for one in items if one.credit_id is not None]
    most = min(abs(one.open.cents) for one in items)
    most = min(most, *(max(one.balance.cents, 0) for one in held)) if held else most
    cents = most if amount is None else amount.cents
    if not 0 < cents <= most:
        raise Problem(
            f"{Money(cents)} is not between zero and the {Money(most)} that is open.",
            hint=_NOTHING,
        )
    return cents


def _leg(item: Recoupment, cents: int) -> Leg:
    """Return the leg that takes cents off what an item stands for, and lower what is open."""
    signed = -cents if item.open > ZERO else cents
    item.open += Money(signed)
    about = About(payer_id=item.payer_id, credit_id=item.credit_id)
    return Leg(item.account, signed, Part.PAYER_OWN, about)


def _day(work: Work, items: Sequence[Recoupment]) -> date:
    return max(work.today(), *(one.on for one in items))


def _settled(work: Work, row: RecoupmentPair, cents: int, entry: int, words: str) -> int:
    row.amount, row.entry_id, row.reason = Money(cents), entry, words
    row.at, row.staff_id = work.now(), work.actor.staff_id
    work.db.add(row)
    work.db.flush()
    _told(work, "settle_recoupment", row)
    return row.id


def _told(work: Work, action: str, row: RecoupmentPair) -> None:
    record(
        work,
        action,
        "recoupment",
        row.item_id,
        other=row.other_id,
        account=row.account,
        amount=row.amount.plain(),
    )
    work.touch(Topic.REMITTANCES, Topic.QUEUE, Topic.LEDGER)
    work.db.expire_all()
