"""The movements of a patient's account, oldest first, in words and with running balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payer import Payer
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.work import Work

CLIENT_SIDE = (PATIENT_RECEIVABLE, UNAPPLIED_CREDITS)
"""Their sum is the client's position: what is owed less what stands to his credit."""
_PLACES = {part: place for place, part in enumerate(Part)}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One movement of an account, in two lines of words, with the balances after it.

    ``charge`` or ``paid`` is what it moved (payments are negative), the other is None.
    ``client_owes`` counts the client's credit against what he owes. ``reversed_by`` and
    ``reverses`` name the entry on the other side of a reversed pair.
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

    @property
    def dimmed(self) -> bool:
        """Return whether the row and another take each other back."""
        return bool(self.reverses or self.reversed_by)


def movements(work: Work, patient_id: int) -> Iterator[AccountRow]:
    """Yield every movement of an account with the balances after it, the oldest first."""
    parts = _parts(work, patient_id)
    facts = _facts(work, parts)
    payer_owes = client_owes = ZERO
    for entry, part, lines in parts:
        to_payer = _moved(lines, INSURANCE_SIDE)
        to_client = _moved(lines, CLIENT_SIDE)
        payer_owes, client_owes = payer_owes + to_payer, client_owes + to_client
        amount = to_payer + to_client
        session_id = lines[0].session_id
        charged = part == Part.CHARGE
        row = AccountRow(
            id=entry.id * len(Part) + _PLACES[part],
            day=entry.entry_date,
            what=facts.what(part, lines[0]),
            detail=facts.detail(part, entry, to_payer, to_client, lines[0]),
            charge=amount if charged else None,
            paid=None if charged else amount,
            payer_owes=payer_owes,
            client_owes=client_owes,
            balance=payer_owes + client_owes,
            kind=part.value,
            session_id=session_id,
            entry_id=entry.id,
            entry_number=entry.number,
            reverses=facts.numbers.get(entry.reverses_id or 0, ""),
            reversed_by=facts.reversed_by.get(entry.id, ""),
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


class _Facts:
    """Names for the words of an account's rows."""

    def __init__(
        self,
        sessions: dict[int, tuple[date, str]],
        codes: dict[int, str],
        payers: dict[int, str],
        pairs: Sequence[tuple[int, str, int | None]],
    ) -> None:
        self._sessions, self._codes, self._payers = sessions, codes, payers
        self.numbers = {entry_id: number for entry_id, number, _ in pairs}
        self.reversed_by = {other: number for _, number, other in pairs if other is not None}

    def what(self, part: Part, line: JournalLine) -> str:
        """Return the first line: what was charged, or who paid for which session."""
        day, code = self._sessions.get(line.session_id or 0, (None, ""))
        code = self._codes.get(line.charge_id or 0, code)
        for_day = "" if day is None else f" for {day:%m/%d}"
        if part == Part.CHARGE:
            return "Charge" if day is None else f"Session {day:%m/%d}, {code}"
        if part == Part.INSURANCE_PAID:
            return f"{self._payer(line)} paid{for_day}"
        if part == Part.WRITE_OFF:
            return f"Write-off{for_day}"
        return f"Client paid{for_day}"

    def detail(
        self,
        part: Part,
        entry: JournalEntry,
        to_payer: Money,
        to_client: Money,
        line: JournalLine,
    ) -> str:
        """Return the second line: the shares, or where the amount was recorded."""
        if entry.kind == EntryKind.REVERSAL:
            return entry.memo
        if part == Part.CHARGE:
            shares = [f"{self._payer(line)} {to_payer}"] * bool(to_payer)
            shares += [f"client {to_client}"] * bool(to_client)
            return f"Charge: {', '.join(shares)}"
        return f"{entry.memo}, entry {entry.number}"

    def _payer(self, line: JournalLine) -> str:
        return self._payers.get(line.payer_id or 0, "Payer")


def _facts(work: Work, parts: Sequence[_Part]) -> _Facts:
    """Read the names that the rows need by the ids that their lines have."""
    lines = [line for _, _, some in parts for line in some]
    sessions = work.db.execute(
        select(Session.id, Session.day, Session.code_text).where(
            among(work, Session.id, {line.session_id for line in lines if line.session_id})
        )
    )
    charges = work.db.execute(
        select(Charge.id, Charge.code).where(
            among(work, Charge.id, {line.charge_id for line in lines if line.charge_id})
        )
    )
    payers = work.db.execute(select(Payer.id, Payer.short_name))
    entries = {entry.id: entry for entry, _, _ in parts}.values()
    return _Facts(
        {row.id: (row.day, row.code_text) for row in sessions},
        {row.id: row.code for row in charges},
        {row.id: row.short_name for row in payers},
        [(entry.id, entry.number, entry.reverses_id) for entry in entries],
    )


def _moved(lines: Iterable[JournalLine], accounts: Sequence[str]) -> Money:
    return sum((line.amount for line in lines if line.account in accounts), ZERO)
