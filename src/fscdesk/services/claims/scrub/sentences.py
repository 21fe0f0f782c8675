"""How the scrubber spells days, values, lines and people in its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from fscdesk.services.claims.content import ContentLine, Person, ProviderFacts

_LONGEST: Final = 40


def day(on: date) -> str:
    """Return ``03/16/2026``."""
    return f"{on:%m/%d/%Y}"


def days_later(on: date, days: int) -> str:
    """Return a later day in words; a phrase where the calendar does not reach."""
    try:
        return day(on + timedelta(days=days))
    except OverflowError:
        return "a day that no calendar has"


def shown(value: str) -> str:
    """Return a value as a sentence can carry it: on one line, and not longer than 40 letters."""
    text = " ".join(value.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def listed(values: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``; of many the first five, and how many more."""
    values = [shown(value) for value in values]
    most = 5
    if len(values) > most:
        return f"{', '.join(values[:most])} and {len(values) - most} more"
    return " and ".join([", ".join(values[:-1]), values[-1]] if values[1:] else values)


def of_line(line: ContentLine) -> str:
    """Return ``Line 2 (03/16/2026, 90837)``."""
    return f"Line {line.position} ({day(line.service_day)}, {shown(line.code) or 'no code'})"


def name_of(person: Person | ProviderFacts) -> str:
    """Return first and last name; ``The clinician`` or ``The person`` where there is none."""
    name = shown(f"{person.first_name} {person.last_name}")
    if name:
        return name
    return "The clinician" if isinstance(person, ProviderFacts) else "The person"


def count(many: int, noun: str) -> str:
    """Return ``1 line`` or ``2 lines``."""
    return f"{many} {noun}" if many == 1 else f"{many} {noun}s"
