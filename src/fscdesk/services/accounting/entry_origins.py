"""Where an entry of the journal comes from: the document that made it, and what opens it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.deposit import Deposit
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.reconciliation import BankMatch, BankMatchEntry, BankMatchLine
from fscdesk.models.recurring import RecurringEntry, RecurringPosting
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.sources import DocumentOf, sources_of
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = ["EntryOrigin", "OriginKind", "origins_of"]


class OriginKind(enum.StrEnum):
    """What stands behind an entry."""

    SESSION = "session"
    PAYMENT = "payment"
    REFUND = "refund"
    CREDIT_MEMO = "credit_memo"
    ADJUSTMENT = "adjustment"
    COLLECTION_CASE = "collection_case"
    DEPOSIT = "deposit"
    BANK_LINE = "bank_line"
    RECURRING = "recurring"
    IMPORT = "import"
    ENTRY = "entry"
    """The entry that this one turns back."""
    TURNED_BACK_BY = "turned_back_by"


@dataclass(frozen=True, slots=True)
class EntryOrigin:
    """One document behind an entry, or the entry it is a pair with.

    ``id`` is what opens it. ``number`` is how people call it, "" where it has none. ``patient_id``
    is whose account shows it, None where nobody's does. A line of the bank names its bank account,
    and the reconciliation that it is locked by, None while it is in none.
    """

    kind: OriginKind
    id: int
    number: str = ""
    patient_id: int | None = None
    bank_account_id: int | None = None
    reconciliation_id: int | None = None


_DOCUMENTS = {
    DocumentOf.PAYMENT: OriginKind.PAYMENT,
    DocumentOf.REFUND: OriginKind.REFUND,
    DocumentOf.CREDIT_MEMO: OriginKind.CREDIT_MEMO,
    DocumentOf.ADJUSTMENT: OriginKind.ADJUSTMENT,
    DocumentOf.COLLECTION_CASE: OriginKind.COLLECTION_CASE,
}


def origins_of(work: Work, entry_id: int) -> tuple[EntryOrigin, ...]:
    """Return what stands behind an entry, the nearest document first; none for a bare entry.

    Raises Problem for an entry that is not in the books.
    """
    require(work, Right.SEE_REPORTS, "see the journal")
    entry = work.db.get(JournalEntry, entry_id)
    if entry is None:
        raise Problem("This entry is not in the books.", hint="Look for it in the journal.")
    found: list[EntryOrigin] = []
    patient = work.db.scalar(
        select(JournalLine.patient_id)
        .where(JournalLine.entry_id == entry_id, JournalLine.patient_id.is_not(None))
        .order_by(JournalLine.id)
        .limit(1)
    )
    made = _of_bank(work, _head(work, entry))
    source = sources_of(work, [entry_id])[entry_id]
    kind = _DOCUMENTS.get(source.opens)
    if kind is not None and all(one.kind is not OriginKind.DEPOSIT for one in made):
        found.append(EntryOrigin(kind, source.id, source.number, patient))
    found += made
    if entry.charge_id is not None:
        session = work.db.execute(
            select(Charge.session_id).where(Charge.id == entry.charge_id)
        ).scalar_one_or_none()
        if session is not None:
            found.append(EntryOrigin(OriginKind.SESSION, session, "", patient))
    if entry.batch_id is not None:
        found.append(EntryOrigin(OriginKind.IMPORT, entry.batch_id))
    return (*found, *_pairs(work, entry))


def _head(work: Work, entry: JournalEntry) -> int:
    """Return the entry at the head of a chain of reversals."""
    while entry.reverses_id is not None:
        entry = work.db.get_one(JournalEntry, entry.reverses_id)
    return entry.id


def _of_bank(work: Work, entry_id: int) -> list[EntryOrigin]:
    """Return the deposit, the line of the bank or the recurring entry that made an entry."""
    found: list[EntryOrigin] = []
    deposit = work.db.execute(
        select(Deposit.id, Deposit.number).where(Deposit.entry_id == entry_id)
    ).one_or_none()
    if deposit is not None:
        found.append(EntryOrigin(OriginKind.DEPOSIT, deposit.id, deposit.number))
    line = work.db.execute(
        select(BankMatchLine.bank_line_id, BankMatch.bank_account_id, BankMatch.reconciliation_id)
        .join(BankMatch, BankMatch.id == BankMatchLine.match_id)
        .join(BankMatchEntry, BankMatchEntry.match_id == BankMatch.id)
        .where(BankMatchEntry.entry_id == entry_id, BankMatchEntry.live.is_(True))
        .order_by(BankMatchLine.bank_line_id)
        .limit(1)
    ).one_or_none()
    if line is not None:
        account, period = line.bank_account_id, line.reconciliation_id
        found.append(
            EntryOrigin(
                OriginKind.BANK_LINE,
                line.bank_line_id,
                bank_account_id=account,
                reconciliation_id=period,
            )
        )
    recurring = work.db.execute(
        select(RecurringEntry.id, RecurringEntry.name)
        .join(RecurringPosting, RecurringPosting.recurring_id == RecurringEntry.id)
        .where(RecurringPosting.entry_id == entry_id)
    ).one_or_none()
    if recurring is not None:
        found.append(EntryOrigin(OriginKind.RECURRING, recurring.id, recurring.name))
    return found


def _pairs(work: Work, entry: JournalEntry) -> list[EntryOrigin]:
    found: list[EntryOrigin] = []
    if entry.reverses_id is not None:
        number = work.db.scalars(
            select(JournalEntry.number).where(JournalEntry.id == entry.reverses_id)
        ).one()
        found.append(EntryOrigin(OriginKind.ENTRY, entry.reverses_id, number))
    back = work.db.execute(
        select(JournalEntry.id, JournalEntry.number).where(JournalEntry.reverses_id == entry.id)
    ).one_or_none()
    if back is not None:
        found.append(EntryOrigin(OriginKind.TURNED_BACK_BY, back.id, back.number))
    return found
