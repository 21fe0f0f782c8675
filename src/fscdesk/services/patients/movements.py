"""The movements of a patient's account, oldest first, in words and with running balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.patients.movement_words import Facts, facts_of
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

    A payment and what it paid on its day for this account are one movement. So are a payment and
    what SimplePractice had called paid, where the one takes the place of the other on one day.
    """
    parts = _parts(work, patient_id)
    closing = _closing(work, parts)
    facts = facts_of(
        work, [(entry, [*lines, *closing.get(entry.id, ())]) for entry, _, lines in parts]
    )
    told = _told(patient_id, parts, closing, facts)
    within = {line.entry_id for some in told.values() for line in some}
    payer_owes = client_owes = ZERO
    for entry, part, lines in parts:
        if entry.id in within:
            continue
        also = told.get((entry.id, part), [])
        to_payer = _moved([*lines, *also], INSURANCE_SIDE)
        to_client = _moved([*lines, *also], CLIENT_SIDE)
        payer_owes, client_owes = payer_owes + to_payer, client_owes + to_client
        amount = to_payer + to_client
        source = facts.sources[entry.id]
        if also and entry.kind == EntryKind.SP_RECORDED:
            source = facts.sources[also[0].entry_id]  # the payment says more than the report
        named = [*lines, *also, *closing.get(entry.id, ())]
        touched = [line.session_id for line in named if line.session_id]
        charged = part == Part.CHARGE
        what, detail = facts.words(entry, part, [*lines, *closing.get(entry.id, ())], also)
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
_Told = dict[tuple[int, Part], list[JournalLine]]


def _told(
    patient_id: int,
    parts: Sequence[_Part],
    closing: Mapping[int, Sequence[JournalLine]],
    facts: Facts,
) -> _Told:
    """Return the lines that other movements tell as well, by the entry and part that does.

    What a receipt paid on its own day, for this client, is told by the receipt. What came before
    and takes the place of what SimplePractice recorded that day is told by the latter.
    """
    receipts, recorded = _tellers(parts, facts)
    left = {
        (entry.id, part): -_net(lines)
        for entry, part, lines in parts
        if entry.kind == EntryKind.SP_RECORDED
    }
    told: _Told = defaultdict(list)
    for entry, _, lines in parts:
        if entry.kind != EntryKind.APPLIED:
            continue
        into = receipts.get((facts.payment_of(entry), entry.entry_date))
        closes = closing.get(entry.id, ())
        if into is not None and not _net(lines):
            told[into] += lines  # the same client's money: the receipt says it
        elif closes and closes[0].patient_id == patient_id and entry.id not in facts.reversed_by:
            if into is None:
                same = recorded.get((closes[0].charge_id or 0, entry.entry_date), ())
                into = next((one for one in same if left[one] >= _net(lines)), None)
            if into is not None:
                left[into] = left.get(into, 0) - _net(lines)
                told[into] += [*lines, *closes]
    return told


_Place = tuple[int, Part]


def _tellers(
    parts: Sequence[_Part], facts: Facts
) -> tuple[dict[tuple[int, date], _Place], dict[tuple[int, date], list[_Place]]]:
    """Return what stands of receipts by payment and day, and of records by charge and day."""
    receipts: dict[tuple[int, date], _Place] = {}
    recorded: dict[tuple[int, date], list[_Place]] = defaultdict(list)
    for entry, part, lines in parts:
        if entry.id in facts.reversed_by:
            continue
        if entry.kind == EntryKind.RECEIPT:
            receipts[facts.payment_of(entry), entry.entry_date] = entry.id, part
        elif entry.kind == EntryKind.SP_RECORDED and part == Part.PATIENT_PAID:
            recorded[lines[0].charge_id or 0, entry.entry_date].append((entry.id, part))
    return receipts, recorded


def _closing(work: Work, parts: Sequence[_Part]) -> dict[int, list[JournalLine]]:
    """Return the lines of account 1060 of what was applied, by entry."""
    applied = {entry.id for entry, _, _ in parts if entry.kind == EntryKind.APPLIED}
    applied |= {entry.id for entry, _, _ in parts if entry.reverses_id in applied}
    found: dict[int, list[JournalLine]] = defaultdict(list)
    for line in work.db.scalars(
        select(JournalLine)
        .where(
            among(work, JournalLine.entry_id, applied),
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
        )
        .order_by(JournalLine.id)
    ):
        found[line.entry_id].append(line)
    return found


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
