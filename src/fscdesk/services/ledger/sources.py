"""Where entries come from: the payment, adjustment, refund, memo or case behind each of them.

Statements, accounts, stories and explanations ask here, so that all of them call one movement
by one name and lead to one document.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.collection import Agency, CollectionCase, CollectionItem
from fscdesk.models.invoice import CreditMemo
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.refund import Refund
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

CHUNK = 500

_BY = MappingProxyType(
    {
        PaymentMethod.CASH: "in cash",
        PaymentMethod.CHECK: "by check",
        PaymentMethod.CARD: "by card",
        PaymentMethod.DEBIT: "by debit card",
        PaymentMethod.ACH: "by ACH",
        PaymentMethod.WIRE: "by wire",
        PaymentMethod.EFT: "by EFT",
        PaymentMethod.ONLINE: "online",
        PaymentMethod.PLAN: "on the payment plan",
        PaymentMethod.OTHER: "",
    }
)
ADJUSTED: Mapping[AdjustmentKind, str] = MappingProxyType(
    {
        AdjustmentKind.CONTRACTUAL: "Contractual adjustment",
        AdjustmentKind.DISCOUNT: "Discount",
        AdjustmentKind.COURTESY: "Courtesy adjustment",
        AdjustmentKind.SLIDING_FEE: "Sliding fee discount",
        AdjustmentKind.BAD_DEBT: "Written off as bad debt",
        AdjustmentKind.SMALL_BALANCE: "Small balance written off",
        AdjustmentKind.CORRECTION: "Correction",
        AdjustmentKind.TO_PATIENT: "Moved from the payer to the client",
        AdjustmentKind.TO_PAYER: "Moved from the client to the payer",
    }
)
"""Each kind of adjustment in words that a biller and a client understand."""


class DocumentOf(enum.StrEnum):
    """What can be opened behind a movement."""

    CHARGE = "charge"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"
    CREDIT_MEMO = "credit_memo"
    COLLECTION_CASE = "collection_case"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What a sentence says of a payment; it came from a guarantor or from a payer."""

    id: int
    number: str
    method: PaymentMethod
    reference: str
    amount: Money
    guarantor_id: int | None
    payer_id: int | None

    @property
    def by(self) -> str:
        """Return how it came: ``by check 1047``, ``in cash``; empty where nobody said."""
        how = _BY[self.method]
        if not self.reference or self.method is PaymentMethod.CASH:
            return how
        return f"{how} {self.reference}".strip()


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """What a sentence says of an adjustment; ``codes`` are the payer's, as ``PR-2``."""

    id: int
    number: str
    kind: AdjustmentKind
    reason: str
    codes: str


@dataclass(frozen=True, slots=True)
class EntrySource:
    """Where one entry comes from.

    ``kind`` and the document are those of the entry at the head of its chain of reversals;
    ``undoes`` says that this one takes it back. ``opens`` and ``id`` name what Enter opens,
    ``number`` is how people call it.
    """

    entry_id: int
    kind: EntryKind
    undoes: bool
    opens: DocumentOf
    id: int
    number: str
    payment: PaymentFacts | None = None
    adjustment: AdjustmentFacts | None = None
    agency: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    number: str
    kind: EntryKind
    reverses: int | None


def sources_of(work: Work, entry_ids: Iterable[int]) -> dict[int, EntrySource]:
    """Return the source of each entry, by its id."""
    wanted = sorted(set(entry_ids))
    entries = _with_heads(work, wanted)
    heads = {one: _head(entries, one) for one in wanted}
    firsts = {head for head, _ in heads.values()}
    payments = _payments(work, firsts)
    adjustments = _adjustments(work, _of(entries, firsts, _ADJUSTS))
    others = _documents(work, _of(entries, firsts, _DOCUMENTED))
    found: dict[int, EntrySource] = {}
    for one in wanted:
        head, undoes = heads[one]
        opens, ident, number, agency = others.get(
            head, (DocumentOf.ENTRY, head, entries[head].number, "")
        )
        payment, adjustment = payments.get(head), adjustments.get(head)
        if adjustment is not None:
            opens, ident, number = DocumentOf.ADJUSTMENT, adjustment.id, adjustment.number
        elif payment is not None and opens is DocumentOf.ENTRY:
            opens, ident, number = DocumentOf.PAYMENT, payment.id, payment.number
        found[one] = EntrySource(
            one, entries[head].kind, undoes, opens, ident, number, payment, adjustment, agency
        )
    return found


_ADJUSTS = frozenset({EntryKind.ADJUSTMENT, EntryKind.RESPONSIBILITY})
_DOCUMENTED = frozenset(
    {EntryKind.REFUND, EntryKind.CREDIT_MEMO, EntryKind.AGENCY, EntryKind.APPLIED}
)


def _of(
    entries: Mapping[int, _Entry], ids: Collection[int], kinds: Collection[EntryKind]
) -> list[int]:
    return sorted(one for one in ids if entries[one].kind in kinds)


def _with_heads(work: Work, entry_ids: Collection[int]) -> dict[int, _Entry]:
    """Read entries, and what they reverse, up to the head of each chain."""
    found: dict[int, _Entry] = {}
    level = set(entry_ids)
    while level:
        for some in _chunks(level):
            for row in work.db.execute(
                select(
                    JournalEntry.id,
                    JournalEntry.number,
                    JournalEntry.kind,
                    JournalEntry.reverses_id,
                ).where(among(work, JournalEntry.id, some))
            ):
                found[row.id] = _Entry(row.id, row.number, row.kind, row.reverses_id)
        level = {
            one.reverses
            for one in (found[known] for known in level)
            if one.reverses is not None and one.reverses not in found
        }
    return found


def _head(entries: Mapping[int, _Entry], entry_id: int) -> tuple[int, bool]:
    undoes = False
    while (before := entries[entry_id].reverses) is not None:
        entry_id, undoes = before, not undoes
    return entry_id, undoes


def _payments(work: Work, entry_ids: Collection[int]) -> dict[int, PaymentFacts]:
    found: dict[int, PaymentFacts] = {}
    for some in _chunks(entry_ids):
        for row in work.db.execute(
            select(
                JournalLine.entry_id,
                Payment.id,
                Payment.number,
                Payment.method,
                Payment.reference,
                Payment.amount,
                Payment.guarantor_id,
                Payment.payer_id,
            )
            .join(Payment, Payment.id == JournalLine.payment_id)
            .where(among(work, JournalLine.entry_id, some))
            .order_by(JournalLine.id.desc())
        ):
            found[row.entry_id] = PaymentFacts(*row[1:])
    return found


def _adjustments(work: Work, entry_ids: Collection[int]) -> dict[int, AdjustmentFacts]:
    found: dict[int, AdjustmentFacts] = {}
    for some in _chunks(entry_ids):
        for one in work.db.scalars(
            select(Adjustment).where(among(work, Adjustment.entry_id, some))
        ):
            codes = "-".join(part for part in (one.group_code, one.carc) if part)
            if one.rarc:
                codes = f"{codes} {one.rarc}".strip()
            found[one.entry_id or 0] = AdjustmentFacts(
                one.id, one.number, one.kind, one.reason, codes
            )
    return found


_Named = tuple[DocumentOf, int, str, str]


def _documents(work: Work, entry_ids: Collection[int]) -> dict[int, _Named]:
    found: dict[int, _Named] = {}
    for some in _chunks(entry_ids):
        for row in work.db.execute(
            select(Refund.entry_id, Refund.id, Refund.number).where(
                among(work, Refund.entry_id, some)
            )
        ):
            found[row.entry_id or 0] = (DocumentOf.REFUND, row.id, row.number, "")
        for memo in work.db.execute(
            select(CreditMemo.entry_id, CreditMemo.id, CreditMemo.number).where(
                among(work, CreditMemo.entry_id, some)
            )
        ):
            found[memo.entry_id] = (DocumentOf.CREDIT_MEMO, memo.id, memo.number, "")
        for drawn in work.db.execute(
            select(JournalLine.entry_id, CreditMemo.id, CreditMemo.number)
            .join(CreditMemo, CreditMemo.credit_id == JournalLine.credit_id)
            .where(among(work, JournalLine.entry_id, some))
        ):
            found[drawn.entry_id] = (DocumentOf.CREDIT_MEMO, drawn.id, drawn.number, "")
        for case in work.db.execute(
            select(CollectionItem.entry_id, CollectionCase.id, CollectionCase.number, Agency.name)
            .join(CollectionCase, CollectionCase.id == CollectionItem.case_id)
            .join(Agency, Agency.id == CollectionCase.agency_id)
            .where(among(work, CollectionItem.entry_id, some))
        ):
            found[case.entry_id] = (DocumentOf.COLLECTION_CASE, case.id, case.number, case.name)
    return found


def _chunks(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[at : at + CHUNK] for at in range(0, len(ordered), CHUNK))
