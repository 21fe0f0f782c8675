"""Whom a payer means by a name and a member id, as it spells them.

Payers write names in capitals, without accents, with or without a middle name, hyphen or suffix,
and shorten first names. A name fits when first and last word do. Members of a family share a
member id, so that an id alone never overrules a name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, select

from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient, PatientAlias
from fscdesk.services.id_sets import among
from fscdesk.services.patients.names import without_nickname
from fscdesk.services.work import Work
from fscdesk.services.x12.writing import basic

__all__ = ["PersonBook", "name_keys", "same_member"]

NameKey = tuple[str, str]
_SUFFIXES: Final = frozenset({"JR", "SR", "II", "III", "IV", "V"})
_SPLIT: Final = re.compile(r"[-']")
_NO_WORD: Final = re.compile(r"[^A-Z0-9'& -]")
_COUPLE: Final = re.compile(r" (?:&|AND) ")
_SHORTEST_ID: Final = 6
"""From how many marks a member id counts as the same when a suffix is added or left off."""
_SHORTEST_FIRST: Final = 3
"""So many letters of a first name are enough, or its initial alone."""


@lru_cache(maxsize=20_000)
def name_keys(name: str) -> frozenset[NameKey]:
    """Return first and last word of a name in each way in which they may be spelled.

    ``Mary Q. O'Sample-Jones Jr.`` is known by MARY with JONES or OSAMPLEJONES; a couple by the
    name of either.
    """
    plain = without_nickname(name) or name
    last, comma, first = plain.partition(",")
    if comma and basic(first).strip(" .") not in _SUFFIXES:
        plain = f"{first} {last}"
    text = _NO_WORD.sub(" ", basic(plain))
    couple = [words for words in map(_words, _COUPLE.split(text)) if words]
    return frozenset(
        (first_word, last_word)
        for words in couple
        for first_word in _first_words(words[0])
        for last_word in _last_words(words[-1] if len(words) > 1 else couple[-1][-1])
    )


def same_member(given: str, known: str) -> bool:
    """Return whether two member ids are one, apart from blanks, dashes and a suffix."""
    first, second = _member(given), _member(known)
    if not first or not second:
        return False
    shortest = min(len(first), len(second))
    return first == second or (
        shortest >= _SHORTEST_ID and (first.startswith(second) or second.startswith(first))
    )


class PersonBook:
    """Clients by the names and member ids under which payers know them."""

    def __init__(self, work: Work, patient_ids: Collection[int] | None = None) -> None:
        """Read these clients, or all that were not withdrawn."""
        self._names: dict[int, str] = {}
        self._keys: dict[int, frozenset[NameKey]] = {}
        self._members: dict[int, set[str]] = defaultdict(set)
        self._by_name: dict[NameKey, set[int]] = defaultdict(set)
        self._by_member: dict[str, set[int]] = defaultdict(set)
        self._read(work, patient_ids)
        for one, keys in self._keys.items():
            for key in keys:
                self._by_name[key].add(one)
        for one, ids in self._members.items():
            for member in ids:
                self._by_member[member].add(one)
        self._sorted = sorted(self._by_member)

    def name_of(self, patient_id: int) -> str:
        """Return a client's name as the office reads it."""
        return self._names.get(patient_id, "")

    def named(self, name: str) -> set[int]:
        """Return the clients of this name."""
        return {one for key in name_keys(name) for one in self._by_name.get(key, ())}

    def with_member(self, member_id: str) -> set[int]:
        """Return the clients with a policy of this member id, whoever the subscriber is."""
        plain = _member(member_id)
        if not plain:
            return set()
        found = set(self._by_member.get(plain, ()))
        if len(plain) < _SHORTEST_ID:
            return found
        for at in range(bisect_left(self._sorted, plain), len(self._sorted)):
            if not self._sorted[at].startswith(plain):
                break
            found |= self._by_member[self._sorted[at]]
        for length in range(_SHORTEST_ID, len(plain)):
            found |= self._by_member.get(plain[:length], set())
        return found

    def is_named(self, patient_id: int, name: str) -> bool:
        """Return whether a name is this client's as payers shorten it; no name is nobody's."""
        given = name_keys(name)
        known = self._keys.get(patient_id, frozenset())
        return not given.isdisjoint(known) or any(
            theirs[1] == ours[1] and _shortened(theirs[0], ours[0])
            for theirs in given
            for ours in known
        )

    def has_member(self, patient_id: int, member_id: str) -> bool:
        """Return whether a member id is of a policy of this client."""
        known = self._members.get(patient_id, ())
        return any(same_member(member_id, one) for one in known)

    def has_another_member(self, patient_id: int, member_id: str) -> bool:
        """Return whether this client is known by member ids, and none of them is this one."""
        return bool(
            _member(member_id)
            and self._members.get(patient_id)
            and not self.has_member(patient_id, member_id)
        )

    def _read(self, work: Work, patient_ids: Collection[int] | None) -> None:
        people = select(Patient.id, Patient.name, Patient.first_name, Patient.last_name)
        aliases = select(PatientAlias.patient_id, PatientAlias.shown)
        members = select(Policy.patient_id, Policy.member_id).where(Policy.member_id != "")
        if patient_ids is None:
            people = people.where(Patient.withdrawn.is_(False))
        for row in _rows(work, people, Patient.id, patient_ids):
            keys = name_keys(row.name)
            if row.first_name and row.last_name:
                keys |= name_keys(f"{row.first_name} {row.last_name}")
            self._names[row.id], self._keys[row.id] = row.name, keys
        for patient_id, shown in _rows(work, aliases, PatientAlias.patient_id, patient_ids):
            if patient_id in self._keys:
                self._keys[patient_id] |= name_keys(shown)
        for patient_id, member_id in _rows(work, members, Policy.patient_id, patient_ids):
            if patient_id in self._keys and _member(member_id):
                self._members[patient_id].add(_member(member_id))


def _rows(
    work: Work, wanted: Select[*tuple[Any, ...]], column: Any, patient_ids: Collection[int] | None
) -> Iterable[Any]:
    if patient_ids is not None:
        wanted = wanted.where(among(work, column, patient_ids))
    return work.db.execute(wanted)


def _member(text: str) -> str:
    return "".join(mark for mark in text.upper() if mark.isascii() and mark.isalnum())


def _words(text: str) -> list[str]:
    """Return a name's words without suffixes."""
    words = [word.strip("-'") for word in text.split()]
    words = [word for word in words if word]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return words


def _first_words(word: str) -> set[str]:
    return {"".join(_SPLIT.split(word)), _SPLIT.split(word)[0]}


def _last_words(word: str) -> set[str]:
    return {"".join(_SPLIT.split(word)), _SPLIT.split(word)[-1]}


def _shortened(one: str, other: str) -> bool:
    """Return whether a first name is the beginning of the other, or its initial."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and (len(short) >= _SHORTEST_FIRST or len(short) == 1)
