"""Finds people by words in their names, numbers and aliases, with or without accents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from fscdesk.models.patient import Guarantor, Patient, PatientAlias
from fscdesk.services.patients.names import fold
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work

SHORT = 2
"""Words of so many letters are looked for at the start of names only."""
TOPICS = frozenset({Topic.PATIENTS, Topic.IMPORTS})


class NameBook:
    """Folded texts by id, kept in memory: the small tables that search words look in.

    A database folds neither accents nor all of Unicode's case, and not both databases
    fold alike; a hundred thousand names are looked through in some milliseconds.
    """

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def add(self, one: int, *texts: str) -> None:
        """File texts under an id, beside those that it has."""
        folded = "\n ".join(fold(text) for text in texts if text)
        known = self._texts.get(one)
        self._texts[one] = f" {folded}" if known is None else f"{known}\n {folded}"

    def __len__(self) -> int:
        return len(self._texts)

    def with_word(self, word: str) -> list[int]:
        """Return the ids whose texts hold a folded word; a short one begins a name."""
        wanted = f" {word}" if len(word) <= SHORT else word
        return [one for one, text in self._texts.items() if wanted in text]


def patients_with(work: Work, words: Sequence[str]) -> list[int]:
    """Return the patients in whose name, number or aliases every folded word is found."""
    book = patient_book(work)
    found: set[int] | None = None
    for word in words:
        ids = set(book.with_word(word))
        found = ids if found is None else found & ids
    return sorted(found or ())


def patient_book(work: Work) -> NameBook:
    """Return the book of patients who were not withdrawn: name, number, aliases."""

    def compute() -> NameBook:
        book = NameBook()
        live = Patient.withdrawn.is_(False)
        for row in work.db.execute(select(Patient.id, Patient.name, Patient.number).where(live)):
            book.add(row.id, row.name, row.number)
        for patient_id, shown in work.db.execute(
            select(PatientAlias.patient_id, PatientAlias.shown)
            .join(Patient, Patient.id == PatientAlias.patient_id)
            .where(live, PatientAlias.shown != Patient.name)
        ):
            book.add(patient_id, shown)
        return book

    return remembered(work, TOPICS, "patient book", compute)


def guarantor_book(work: Work) -> NameBook:
    """Return the book of guarantors: name and number."""

    def compute() -> NameBook:
        book = NameBook()
        for row in work.db.execute(select(Guarantor.id, Guarantor.name, Guarantor.number)):
            book.add(row.id, row.name, row.number)
        return book

    return remembered(work, TOPICS, "guarantor book", compute)
