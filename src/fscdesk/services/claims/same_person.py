"""Whether an answer that carries our number is about our claim or client, and not a stranger's.

Numbers repeat between practices: another one's answer may carry a number of ours. What an answer
names besides must fit what we asked or sent; what it does not name counts for neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from fscdesk.services.x12.writing import basic

__all__ = ["Named", "same_id", "same_person", "spells_same_npi"]

_SHORTEST = 6
"""From how many marks an id counts as the same when the payer adds or leaves off a suffix."""
_NPI = 10


class Named(Protocol):
    """Somebody with a name and a birth date."""

    @property
    def last_name(self) -> str:
        """Return the family name."""

    @property
    def first_name(self) -> str:
        """Return the given name."""

    @property
    def birth_date(self) -> date | None:
        """Return the day of birth, None where it is not known."""


def same_person(last: str, first: str, born: date | None, known: Iterable[Named]) -> bool:
    """Return whether a name and birth date, as far as they are given, fit one of these people.

    Payers shorten names, so a beginning is enough, and of the first name its first letter.
    """
    return any(
        _begins(last, one.last_name)
        and _begins(first[:1], one.first_name)
        and (born is None or one.birth_date is None or born == one.birth_date)
        for one in known
    )


def same_id(given: str, known: str) -> bool:
    """Return whether two member ids are one, apart from spacing and a suffix; empty fits all."""
    first, second = _plain(given), _plain(known)
    if not first or not second or first == second:
        return True
    return min(len(first), len(second)) >= _SHORTEST and (
        first.startswith(second) or second.startswith(first)
    )


def spells_same_npi(given: str, known: Iterable[str]) -> bool:
    """Return whether an id is one of these NPIs; what is no NPI says nothing."""
    digits = given.strip()
    named = {one.strip() for one in known if one.strip()}
    if len(digits) != _NPI or not digits.isascii() or not digits.isdigit() or not named:
        return True
    return digits in named


def _begins(given: str, known: str) -> bool:
    first, second = _plain(given), _plain(known)
    return not first or not second or first.startswith(second) or second.startswith(first)


def _plain(text: str) -> str:
    """Return letters and digits alone, as an 837P writes them: Þórdís went out as THORDIS."""
    return "".join(mark for mark in basic(text) if mark.isalnum())
