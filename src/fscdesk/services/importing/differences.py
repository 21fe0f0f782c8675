"""How two versions of a report row differ, in words for the plan."""

from __future__ import annotations

from fscdesk.models.values import Money
from fscdesk.services.importing.knowledge import KnownSession
from fscdesk.services.importing.plan import FieldChange
from fscdesk.services.sessions.recording import ReportFacts

_TEXTS = {
    "client": "Client",
    "clinician": "Clinician",
    "payer": "Payer",
    "second_payer": "Second payer",
    "note_status": "Note",
    "patient_status": "Client payment",
    "insurance_status": "Claim",
}
_AMOUNTS = {
    "fee": "Fee",
    "patient_charge": "Client share",
    "insurance_charge": "Payer share",
    "uninvoiced": "Not invoiced",
    "patient_paid": "Client paid",
    "insurance_paid": "Payer paid",
    "write_off": "Write-off",
    "patient_unpaid": "Client unpaid",
    "insurance_unpaid": "Payer unpaid",
}
_FOLLOWS = ("patient_unpaid", "insurance_unpaid", "insurance_charge", "uninvoiced")
"""Amounts that follow from others: shown only where nothing else says the change."""


def differences(before: ReportFacts, now: ReportFacts) -> tuple[FieldChange, ...]:
    """Return every difference between two versions of a row, the telling ones first."""
    if before == now:
        return ()
    found: list[FieldChange] = []
    for name, title in _TEXTS.items():
        old, new = getattr(before, name), getattr(now, name)
        if old != new:
            found.append(FieldChange(title, _word(old), _word(new)))
    if before.codes != now.codes:
        found.append(FieldChange("Code", codes_text(before.codes), codes_text(now.codes)))
    told = len(found)
    for name, title in _AMOUNTS.items():
        old, new = getattr(before, name), getattr(now, name)
        if old != new and not (told and name in _FOLLOWS):
            found.append(FieldChange(title, str(Money(old)), str(Money(new))))
            told += name not in _FOLLOWS
    return tuple(found)


def moved(session: KnownSession, now: tuple[object, int]) -> FieldChange | None:
    """Return the change of day or time, or None."""
    if (session.day, session.minute) == now:
        return None
    day, minute = now
    return FieldChange(
        "Moved",
        f"{session.day:%m/%d/%Y} {clock(session.minute)}",
        f"{day:%m/%d/%Y} {clock(minute)}",
    )


def clock(minute: int) -> str:
    """Return a minute of the day as people read it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def codes_text(kept: str) -> str:
    """Return the codes of a kept report row without units and rates of one."""
    words = []
    for code in kept.split():
        name, _, rest = code.partition("*")
        units = rest.partition("@")[0]
        words.append(name if units == "1" else f"{name} × {units}")
    return ", ".join(words)


def in_words(changes: tuple[FieldChange, ...]) -> str:
    """Return changes as one line: ``Fee 160.00 → 130.00   Code 90837 → 90834``."""
    return "   ".join(f"{change.field} {change.old} → {change.new}" for change in changes)


def _word(text: str) -> str:
    return text or "none"
