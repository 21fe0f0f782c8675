"""The list of what stands between payers and the practice beside the claims, item by item.

What is open stands on account 1120 where nothing explains what a payer took, and in the payer's
credits (2410) where it said that it will take money back. Amounts are as in the PLB: above zero
was taken from a check, below zero was added to one.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select

from fscdesk.models.claim import Claim
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.recoupment import Recoupment, RecoupmentKind
from fscdesk.models.remittance import Remittance, RemittanceClaim
from fscdesk.models.values import ZERO, Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.ledger.accounts import PAYER_CREDITS, RECOUPMENTS
from fscdesk.services.paging import Page, Span
from fscdesk.services.remittances.plbs import note_of
from fscdesk.services.remittances.seeing import REMITTANCES, require_seeing
from fscdesk.services.work import Work

__all__ = [
    "SORTS",
    "VIEWS",
    "ItemFilter",
    "ItemRow",
    "ItemState",
    "PayerItems",
    "RecoupmentKind",
    "item_counts",
    "items_by_payer",
    "page_of_items",
    "rows_of_items",
]

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "explain": "To explain",
        "will_take": "Will take",
        "taken": "Taken",
        "closed": "Closed",
        "all": "All",
    }
)
"""The built-in views. ``taken`` has what was taken back whether it is explained or not."""
_TAKEN: Final = (RecoupmentKind.TAKEN, RecoupmentKind.TO_EXPLAIN)
_WAITING: Final = (*_TAKEN, RecoupmentKind.WILL_TAKE)
_COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "payer": func.lower(Payer.name),
        "number": Recoupment.id,
        "kind": Recoupment.kind,
        "reference": Recoupment.reference,
        "amount": Recoupment.amount,
        "open": Recoupment.open,
        "on": Recoupment.on,
        "remittance": Recoupment.remittance_id,
    }
)
SORTS: Final = tuple(_COLUMNS)


class ItemState(enum.StrEnum):
    """How an item stands: what is open of it, or that it is settled, or was so from the start."""

    TO_EXPLAIN = "to_explain"
    WILL_TAKE = "will_take"
    SETTLED = "settled"
    BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as the list shows it. ``claim`` and ``patient`` are empty where nobody knows them.

    ``open`` has the sign of ``amount`` and ends at zero. ``on`` is the day since when it stands.
    """

    id: int
    number: str
    payer_id: int
    payer: str
    kind: RecoupmentKind
    reason_code: str
    reference: str
    claim_id: int | None
    claim: str
    patient_id: int | None
    patient: str
    amount: Money
    open: Money
    on: date
    age: int
    account: str
    remittance_id: int
    remittance: str
    remittance_claim_id: int | None
    note: str
    version: int

    @property
    def state(self) -> ItemState:
        """Return how it stands."""
        if self.kind not in _WAITING:
            return ItemState.BOOKED
        if not self.open:
            return ItemState.SETTLED
        return ItemState.WILL_TAKE if self.account == PAYER_CREDITS else ItemState.TO_EXPLAIN


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which is found in the number, the reference, the reason, the payer,
    the remittance, the client, the amount or the day.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    payers: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> ItemFilter:
        """Read what the table part holds: text, day (first, last), payer, kind, view.

        Raises KeyError for any other key.
        """
        return cls(
            **fields_asked(
                asked,
                {"text": "text", "view": "view"},
                texts={"kind": "kinds"},
                numbers={"payer": "payers"},
                days=True,
            )
        )


class PayerItems(NamedTuple):
    """What is open with a payer: taken without a reason (1120), and what it will take (2410)."""

    payer_id: int
    payer: str
    to_explain: Money
    will_take: Money


class _Claim(NamedTuple):
    claim_id: int | None
    claim: str
    patient_id: int | None
    patient: str


_NO_CLAIM: Final = _Claim(None, "", None, "")


def page_of_items(work: Work, wanted: ItemFilter, span: Span) -> Page[ItemRow]:
    """Return a span of the matching items, how many match, and the sums of ``amount`` and ``open``.

    ``span.sort`` is one of ``SORTS``; of one payer the oldest comes first. What is open is summed
    apart as well: ``to_explain`` (taken, less added) and ``will_take``, as ``items_by_payer`` does.
    """
    require_seeing(work, REMITTANCES, "recoupments")
    conditions = _conditions(work, wanted)
    open_of = {
        account: case((Recoupment.account == account, Recoupment.open))
        for account in (RECOUPMENTS, PAYER_CREDITS)
    }
    count, amount, left, unclear, coming = work.db.execute(
        select(
            func.count(),
            func.sum(Recoupment.amount),
            func.sum(Recoupment.open),
            *(func.sum(one) for one in open_of.values()),
        )
        .select_from(Recoupment)
        .join(Payer, Payer.id == Recoupment.payer_id)
        .where(*conditions)
    ).one()
    column = _COLUMNS[span.sort]
    query = (
        select(Recoupment.id)
        .join(Payer, Payer.id == Recoupment.payer_id)
        .where(*conditions)
        .order_by(column.desc() if span.descending else column)
    )
    if span.sort == "payer":
        query = query.order_by(Recoupment.on)
    last = Recoupment.id.desc() if span.descending else Recoupment.id
    ids = list(work.db.scalars(query.order_by(last).offset(span.start).limit(span.size)))
    totals = {
        "amount": amount or ZERO,
        "open": left or ZERO,
        "to_explain": unclear or ZERO,
        "will_take": -(coming or ZERO),
    }
    return Page(span.start, count, rows_of_items(work, ids), totals)


def item_counts(work: Work, base: ItemFilter | None = None) -> dict[str, int]:
    """Return how many items each built-in view has, within ``base``."""
    within = base or ItemFilter()
    found: dict[str, int] = {}
    for view in VIEWS:
        counted = (
            select(func.count(Recoupment.id))
            .join(Payer, Payer.id == Recoupment.payer_id)
            .where(*_conditions(work, replace(within, view=view)))
        )
        found[view] = work.db.scalar(counted) or 0
    return found


def items_by_payer(work: Work) -> tuple[PayerItems, ...]:
    """Return what is open with each payer, by name; payers with nothing open are left out."""
    require_seeing(work, REMITTANCES, "recoupments")
    rows = work.db.execute(
        select(Payer.id, Payer.name, Recoupment.account, func.sum(Recoupment.open))
        .join(Payer, Payer.id == Recoupment.payer_id)
        .where(Recoupment.open != ZERO, Recoupment.undone.is_(False))
        .group_by(Payer.id, Payer.name, Recoupment.account)
    )
    sums: dict[tuple[str, int], dict[str, Money]] = {}
    for payer_id, name, account, left in rows:
        sums.setdefault((name, payer_id), {})[account] = left
    return tuple(
        PayerItems(payer_id, name, found.get(RECOUPMENTS, ZERO), -found.get(PAYER_CREDITS, ZERO))
        for (name, payer_id), found in sorted(sums.items(), key=lambda one: one[0][0].casefold())
    )


def rows_of_items(work: Work, ids: Sequence[int]) -> tuple[ItemRow, ...]:
    """Return these items as the list shows them, in this order."""
    found = {
        item.id: (item, payer, remittance)
        for item, payer, remittance in work.db.execute(
            select(Recoupment, Payer.name, Remittance.number)
            .join(Payer, Payer.id == Recoupment.payer_id)
            .join(Remittance, Remittance.id == Recoupment.remittance_id)
            .where(among(work, Recoupment.id, ids))
        )
    }
    claims = _claims(work, [one[0] for one in found.values()])
    return tuple(_row(work, *found[one], claims.get(one, _NO_CLAIM)) for one in ids if one in found)


def _row(work: Work, item: Recoupment, payer: str, remittance: str, about: _Claim) -> ItemRow:
    return ItemRow(
        id=item.id,
        number=item.number,
        payer_id=item.payer_id,
        payer=payer,
        kind=item.kind,
        reason_code=item.reason_code,
        reference=item.reference,
        claim_id=about.claim_id,
        claim=about.claim,
        patient_id=about.patient_id,
        patient=about.patient,
        amount=item.amount,
        open=item.open,
        on=item.on,
        age=max((work.today() - item.on).days, 0),
        account=item.account,
        remittance_id=item.remittance_id,
        remittance=remittance,
        remittance_claim_id=item.remittance_claim_id,
        note=note_of(item),
        version=item.version,
    )


def _claims(work: Work, items: Sequence[Recoupment]) -> dict[int, _Claim]:
    """Return whose claim each item is about: of its own answer, else of what its reference names.

    Payers put their own claim number or ours into the reference, often with something beside it.
    """
    answers = {one.remittance_claim_id for one in items if one.remittance_claim_id is not None}
    said = {
        row.id: _Claim(row.claim_id, row.number, row.patient_id, row.patient_name)
        for row in work.db.execute(
            select(
                RemittanceClaim.id,
                RemittanceClaim.claim_id,
                RemittanceClaim.number,
                RemittanceClaim.patient_id,
                RemittanceClaim.patient_name,
            ).where(among(work, RemittanceClaim.id, answers))
        )
    }
    words = {word for one in items for word in one.reference.split()}
    named: dict[tuple[int, str], _Claim] = {}
    for row in work.db.execute(
        select(Claim.id, Claim.number, Claim.payer_number, Claim.payer_id, Patient.id, Patient.name)
        .join(Patient, Patient.id == Claim.patient_id)
        .where(
            or_(
                among_words(work, Claim.payer_number, words),
                among_words(work, Claim.number, words),
            )
        )
        .order_by(Claim.id)
    ):
        claim_id, number, payer_number, payer_id, patient_id, patient = row
        for word in (number, payer_number):
            if word:
                named[payer_id, word] = _Claim(claim_id, number, patient_id, patient)
    found: dict[int, _Claim] = {}
    for one in items:
        about = said.get(one.remittance_claim_id or 0)
        about = about or next(
            (
                named[one.payer_id, word]
                for word in one.reference.split()
                if (one.payer_id, word) in named
            ),
            None,
        )
        if about is not None:
            found[one.id] = about
    return found


def _conditions(work: Work, wanted: ItemFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Recoupment.undone.is_(False)]
    if wanted.from_day is not None:
        found.append(Recoupment.on >= wanted.from_day)
    if wanted.to_day is not None:
        found.append(Recoupment.on <= wanted.to_day)
    if wanted.payers:
        found.append(among(work, Recoupment.payer_id, wanted.payers))
    if wanted.kinds:
        found.append(Recoupment.kind.in_([RecoupmentKind(one) for one in wanted.kinds]))
    return [*found, *_in_view(wanted.view), *(_places(work, one) for one in wanted.text.split())]


def _in_view(view: str) -> list[ColumnElement[bool]]:
    views: Mapping[str, list[ColumnElement[bool]]] = {
        "explain": [Recoupment.open != ZERO, Recoupment.account != PAYER_CREDITS],
        "will_take": [Recoupment.open != ZERO, Recoupment.account == PAYER_CREDITS],
        "taken": [Recoupment.amount > ZERO, Recoupment.kind.in_(_TAKEN)],
        "closed": [Recoupment.open == ZERO],
        "all": [],
    }
    return views[view]


def _places(work: Work, word: str) -> ColumnElement[bool]:
    """Return where a word may stand."""
    remittances = select(Remittance.id).where(
        or_(_has(Remittance.number, word), _has(Remittance.trace, word))
    )
    answers = select(RemittanceClaim.id).where(
        or_(_has(RemittanceClaim.patient_name, word), _has(RemittanceClaim.number, word))
    )
    places: list[ColumnElement[bool]] = [
        _has(Recoupment.number, word),
        _has(Recoupment.reference, word),
        _has(Payer.name, word),
        func.lower(Recoupment.reason_code) == word.casefold(),
        Recoupment.remittance_id.in_(remittances),
        Recoupment.remittance_claim_id.in_(answers),
    ]
    with suppress(ValueError):
        amount = Money.parse(word)
        places += [Recoupment.amount == amount, Recoupment.amount == -amount]
        places += [Recoupment.open == amount, Recoupment.open == -amount]
    days = days_meant(word, work.today())
    if days:
        places.append(Recoupment.on.in_(days))
    return or_(*places)


def _has(column: Any, word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.casefold(), autoescape=True)
