"""The two lines of words that a movement of an account has in a biller's ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payer import Payer
from fscdesk.models.service import Service
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.ledger.sources import ADJUSTED, DocumentOf, EntrySource, sources_of
from fscdesk.services.work import Work

_SHORT = "%m/%d"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names for the words of an account's rows, read once for all of them."""

    sources: Mapping[int, EntrySource]
    numbers: Mapping[int, str]
    reversed_by: Mapping[int, str]
    sessions: Mapping[int, tuple[date, str]]
    charges: Mapping[int, tuple[date, str, str]]
    payers: Mapping[int, str]

    def payment_of(self, entry: JournalEntry) -> int:
        """Return the id of the payment behind an entry, 0 where there is none."""
        payment = self.sources[entry.id].payment
        return 0 if payment is None else payment.id

    def words(
        self,
        entry: JournalEntry,
        part: Part,
        lines: Sequence[JournalLine],
        paid: Sequence[JournalLine],
    ) -> tuple[str, str]:
        """Return both lines: what happened, and with which amounts or document.

        ``paid`` are the lines of what else the movement tells: what a receipt paid on its own
        day, or the payment that takes the place of what SimplePractice recorded.
        """
        source = self.sources[entry.id]
        what, detail = self._said(source, part, lines, paid)
        if entry.kind == EntryKind.REVERSAL:
            return what, entry.memo
        if detail is None:
            return what, f"{entry.memo}, entry {entry.number}"
        return what, detail

    def _said(
        self,
        source: EntrySource,
        part: Part,
        lines: Sequence[JournalLine],
        paid: Sequence[JournalLine],
    ) -> tuple[str, str | None]:
        kind, for_day = source.kind, self._for_day(lines)
        if kind == EntryKind.SP_RECORDED and paid:
            return self._known(lines, paid, for_day)
        if part == Part.CHARGE:
            return self._charge(lines), self._shares(lines)
        if kind == EntryKind.RECEIPT:
            by = source.payment.by if source.payment else ""
            return f"Payment {by}".strip(), self._receipt(source, lines, paid)
        if kind == EntryKind.APPLIED:
            return self._applied(source, part, lines)
        if kind == EntryKind.RETURNED:
            by = source.payment.by if source.payment else ""
            return f"Payment {by} returned".replace("  ", " "), source.number
        if source.adjustment is not None:
            one = source.adjustment
            parts = (one.number, one.codes, one.reason)
            return f"{ADJUSTED[one.kind]}{for_day}", ", ".join(filter(None, parts))
        if kind == EntryKind.AGENCY:
            back = (_sum(lines, PATIENT_RECEIVABLE) > ZERO) != source.undoes
            way = "Back from" if back else "Handed to"
            return f"{way} {source.agency or 'the agency'}{for_day}", source.number
        words = {
            EntryKind.REFUND: (f"Refund {source.number}", None),
            EntryKind.CREDIT_MEMO: (f"Credit memo {source.number}", None),
            EntryKind.TRANSFER: ("Transfer", None),
            EntryKind.TAKEN_BACK: (f"{self._payer(lines)} took back{for_day}", source.number),
            EntryKind.RESPONSIBILITY: (f"Share moved{for_day}", None),
            EntryKind.ADJUSTMENT: (f"Adjustment{for_day}", None),
        }
        return words.get(kind, (self._recorded(part, lines, for_day), None))

    def _charge(self, lines: Sequence[JournalLine]) -> str:
        line = lines[0]
        _, code, name = self.charges.get(line.charge_id or 0, (None, "", ""))
        if line.session_id is None:
            return name or "Charge"
        day, text = self.sessions.get(line.session_id, (None, ""))
        return "Charge" if day is None else f"Session {day.strftime(_SHORT)}, {code or text}"

    def _shares(self, lines: Sequence[JournalLine]) -> str:
        to_payer, to_client = _sum(lines, *INSURANCE_SIDE), _sum(lines, PATIENT_RECEIVABLE)
        to_client += _sum(lines, UNAPPLIED_CREDITS)
        shares = [f"{self._payer(lines)} {to_payer}"] * bool(to_payer)
        shares += [f"client {to_client}"] * bool(to_client)
        return f"Charge: {', '.join(shares)}"

    def _recorded(self, part: Part, lines: Sequence[JournalLine], for_day: str) -> str:
        if part == Part.INSURANCE_PAID:
            return f"{self._payer(lines)} paid{for_day}"
        if part == Part.WRITE_OFF:
            return f"Write-off{for_day}"
        return f"Client paid{for_day}"

    def _receipt(
        self, source: EntrySource, lines: Sequence[JournalLine], paid: Sequence[JournalLine]
    ) -> str:
        """Say what the payment paid on its day, and what stays."""
        by_day: dict[str, Money] = {}
        for line in paid:
            if line.account == PATIENT_RECEIVABLE:
                day = self._day(line)
                by_day[day] = by_day.get(day, ZERO) - line.amount
        told = [f"{amount}{day}" for day, amount in by_day.items()]
        told += [
            f"{-line.amount}{self._day(line)}, as SimplePractice recorded"
            for line in paid
            if line.account == RECORDED_IN_SIMPLEPRACTICE
        ]
        kept = -(_sum(lines, UNAPPLIED_CREDITS) + _sum(paid, UNAPPLIED_CREDITS))
        told += [f"{kept} to the credit"] * (kept > ZERO)
        return f"{source.number}: {', '.join(told)}"

    def _applied(
        self, source: EntrySource, part: Part, lines: Sequence[JournalLine]
    ) -> tuple[str, str]:
        for_day, said = self._for_day(lines), self._named(source)
        if part == Part.INSURANCE_PAID:
            return f"{self._payer(lines)} paid{for_day}", said
        owed, held = _sum(lines, PATIENT_RECEIVABLE), _sum(lines, UNAPPLIED_CREDITS)
        if owed and held:
            return f"Credit applied{for_day}", f"{said}: {abs(owed)}"
        if owed:
            memo = source.opens is DocumentOf.CREDIT_MEMO
            return f"{'Credit memo' if memo else 'Payment'} applied{for_day}", said
        if _sum(lines, RECORDED_IN_SIMPLEPRACTICE):
            return f"Credit applied{for_day}", f"{said}: {abs(held)}, as SimplePractice recorded"
        return "Credit used for another account", f"{said}: {abs(held)}"

    def _known(
        self, lines: Sequence[JournalLine], paid: Sequence[JournalLine], for_day: str
    ) -> tuple[str, str]:
        """Say which payments are what SimplePractice recorded, and how much of it they are."""
        closed = [line for line in paid if line.account == RECORDED_IN_SIMPLEPRACTICE]
        told = ", ".join(
            f"{self._named(self.sources[line.entry_id])}: {-line.amount}" for line in closed
        )
        recorded = -(_sum(lines, PATIENT_RECEIVABLE) + _sum(lines, UNAPPLIED_CREDITS))
        if recorded == -_sum(closed, RECORDED_IN_SIMPLEPRACTICE):
            return f"Credit applied{for_day}", f"{told}, as SimplePractice recorded"
        return f"Client paid{for_day}", f"{recorded} as SimplePractice recorded; {told}"

    def _named(self, source: EntrySource) -> str:
        by = source.payment.by if source.payment else ""
        return " ".join(filter(None, (source.number, by)))

    def _for_day(self, lines: Iterable[JournalLine]) -> str:
        days = [self._day(line) for line in lines]
        return next(filter(None, days), "")

    def _day(self, line: JournalLine) -> str:
        day, _, name = self.charges.get(line.charge_id or 0, (None, "", ""))
        if day is None:
            day, name = self.sessions.get(line.session_id or 0, (None, ""))
        if day is None:
            return ""
        return f" for {day.strftime(_SHORT)}" if line.session_id else f" for {name.lower()}"

    def _payer(self, lines: Sequence[JournalLine]) -> str:
        ids = [line.payer_id for line in lines if line.payer_id is not None]
        return next((self.payers[one] for one in ids if one in self.payers), "Payer")


def facts_of(work: Work, moved: Sequence[tuple[JournalEntry, Sequence[JournalLine]]]) -> Facts:
    """Read the names that rows need by the ids that their lines have."""
    lines = [line for _, some in moved for line in some]
    sessions = work.db.execute(
        select(Session.id, Session.day, Session.code_text).where(
            among(work, Session.id, {line.session_id for line in lines if line.session_id})
        )
    )
    charges = work.db.execute(
        select(Charge.id, Charge.service_day, Charge.code, Service.name)
        .join(Service, Service.id == Charge.service_id)
        .where(among(work, Charge.id, {line.charge_id for line in lines if line.charge_id}))
    )
    payers = work.db.execute(select(Payer.id, Payer.short_name))
    entries = {entry.id: entry for entry, _ in moved}.values()
    numbers = {entry.id: entry.number for entry in entries}
    return Facts(
        sources_of(work, numbers),
        numbers,
        {entry.reverses_id: entry.number for entry in entries if entry.reverses_id is not None},
        {row.id: (row.day, row.code_text) for row in sessions},
        {row.id: (row.service_day, row.code, row.name) for row in charges},
        {row.id: row.short_name for row in payers},
    )


def _sum(lines: Iterable[JournalLine], *accounts: str) -> Money:
    return sum((line.amount for line in lines if line.account in accounts), ZERO)
