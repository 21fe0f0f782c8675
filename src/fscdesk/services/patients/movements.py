"""The movements of a patient's account, oldest first, in words and with running balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.patients.movement_words import facts_of
from fscdesk.services.work import Work

CLIENT_SIDE = (PATIENT_RECEIVABLE, UNAPPLIED_CREDITS)
"""Their sum is the client's position: what is owed less what stands to his credit."""
_PLACES = {part: place for place, part in enumerate(Part)}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One movement of an account, in two lines of words, with the balances after it.

    ``charge`` or ``paid`` is what it moved (payments are negative, 0.00 where money only went
    from a credit to a charge), the other is None. ``client_owes`` counts the client's credit
    against what he owes. ``reversed_by`` and ``reverses`` name the entry on the other side of
    a reversed pair. ``sessions`` are all that it touches; ``opens`` and ``opens_id`` say what
    is behind it (``services/ledger/sources.DocumentOf``).
    """

    id: int
    day: date | None
    what: str
    detail: str
    charge: Money | None
    paid: Money | None
    payer_owes: Money
    client_owes: Money
    balance: Money
    kind: str
    session_id: int | None
    entry_id: int | None
    entry_number: str
    reverses: str
    reversed_by: str
    sessions: tuple[int, ...] = ()
    opens: str = ""
    opens_id: int = 0

    @property
    def dimmed(self) -> bool:
        """Return whether the row and another take each other back."""
        return bool(self.reverses or self.reversed_by)


def movements(work: Work, patient_id: int) -> Iterator[AccountRow]:
    """Yield every movement of an account with the balances after it, the oldest first.

    A payment and what it paid on its day for this account are one movement.
    """
    parts = _parts(work, patient_id)
    facts = facts_of(work, [(entry, lines) for entry, _, lines in parts])
    receipts = {
        (facts.payment_of(entry), entry.entry_date): entry.id
        for entry, _, _ in parts
        if entry.kind == EntryKind.RECEIPT
    }
    told: dict[int, list[JournalLine]] = defaultdict(list)
    rows: list[tuple[JournalEntry, Part, list[JournalLine]]] = []
    for entry, part, lines in parts:
        into = receipts.get((facts.payment_of(entry), entry.entry_date))
        if entry.kind == EntryKind.APPLIED and into is not None and not _net(lines):
            told[into] += lines  # the same client's money: the receipt says it
        else:
            rows.append((entry, part, lines))
    payer_owes = client_owes = ZERO
    for entry, part, lines in rows:
        to_payer = _moved(lines, INSURANCE_SIDE)
        to_client = _moved(lines, CLIENT_SIDE)
        payer_owes, client_owes = payer_owes + to_payer, client_owes + to_client
        amount = to_payer + to_client
        source = facts.sources[entry.id]
        touched = [line.session_id for line in (*lines, *told[entry.id]) if line.session_id]
        charged = part == Part.CHARGE
        what, detail = facts.words(entry, part, lines, told[entry.id])
        row = AccountRow(
            id=entry.id * len(Part) + _PLACES[part],
            day=entry.entry_date,
            what=what,
            detail=detail,
            charge=amount if charged else None,
            paid=None if charged else amount,
            payer_owes=payer_owes,
            client_owes=client_owes,
            balance=payer_owes + client_owes,
            kind=part.value,
            session_id=touched[0] if touched else None,
            entry_id=entry.id,
            entry_number=entry.number,
            reverses=facts.numbers.get(entry.reverses_id or 0, ""),
            reversed_by=facts.reversed_by.get(entry.id, ""),
            sessions=tuple(dict.fromkeys(touched)),
            opens=source.opens.value,
            opens_id=source.id,
        )
        if entry.kind == EntryKind.REVERSAL:
            row = replace(row, what=f"Reversed: {row.what}")
        yield row


_Part = tuple[JournalEntry, Part, list[JournalLine]]


def _parts(work: Work, patient_id: int) -> list[_Part]:
    """Return each entry in parts: a payment and a write-off are two rows of a ledger."""
    found = work.db.execute(
        select(JournalEntry, JournalLine)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.patient_id == patient_id,
            JournalLine.account.in_((*INSURANCE_SIDE, *CLIENT_SIDE)),
        )
        .order_by(JournalEntry.entry_date, JournalEntry.id, JournalLine.id)
    )
    grouped: dict[tuple[int, Part], list[JournalLine]] = defaultdict(list)
    entries: dict[int, JournalEntry] = {}
    for entry, line in found:
        entries[entry.id] = entry
        grouped[entry.id, Part(line.part)].append(line)
    order = {entry_id: place for place, entry_id in enumerate(entries)}
    keys = sorted(grouped, key=lambda key: (order[key[0]], _PLACES[key[1]]))
    return [(entries[entry_id], part, grouped[entry_id, part]) for entry_id, part in keys]


def _net(lines: Sequence[JournalLine]) -> int:
    return sum(line.amount.cents for line in lines)


def _moved(lines: Iterable[JournalLine], accounts: Sequence[str]) -> Money:
    return sum((line.amount for line in lines if line.account in accounts), ZERO)
