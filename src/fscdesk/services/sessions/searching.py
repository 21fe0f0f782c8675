"""Finds sessions by words: in the small tables first, then by sets of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true, union

from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.payer import Payer, PayerAlias
from fscdesk.models.provider import Provider, ProviderAlias
from fscdesk.models.session import Session
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.patients.finding import NameBook, patient_book, patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work

FEW = 10_000
"""Up to so many sessions their rows are looked up; above, one pass over an index is faster."""
_BY_IDS = frozenset({"patients", "batches"})
_EVERYWHERE = frozenset({"everybody"})
_FILE = re.compile(r"[._]")


@dataclass(frozen=True, slots=True)
class Found:
    """Conditions of all words together.

    ``narrow``: ids lead to few rows. ``columns``: what else the words were found in, so
    that the index can be chosen. ``never``: a word is nowhere.
    """

    conditions: tuple[ColumnElement[bool], ...] = ()
    narrow: bool = False
    columns: frozenset[str] = frozenset()
    never: bool = False


def found_by_words(work: Work, text: str) -> Found:
    """Return the condition that each word is found somewhere in a session."""
    conditions: list[ColumnElement[bool]] = []
    narrow, columns = False, set[str]()
    for word in text.split():
        places = _places(work, word)
        if not places:
            return Found(never=True)
        if places.keys() & _EVERYWHERE:
            continue
        parts = list(places.values())
        if len(parts) == 1:
            conditions.append(parts[0])
            columns |= set(places)
            narrow = narrow or (places.keys() <= _BY_IDS and _few(work, parts))
        elif _few(work, parts):
            ids = union(*(select(Session.id).where(part, _live()) for part in parts))
            conditions.append(Session.id.in_(ids))
            narrow = True
        else:
            conditions.append(or_(*parts))
            columns |= set(places)
    return Found(tuple(conditions), narrow, frozenset(columns))


def distinct_words(work: Work, column: Any) -> tuple[str, ...]:
    """Return the different values of a text column of sessions, by hops along its index."""

    def compute() -> tuple[str, ...]:
        words: list[str] = []
        found = work.db.scalar(select(func.min(column)).where(_live()))
        while found is not None:
            words.append(str(found))
            above = select(func.min(column)).where(_live(), column > found)
            found = work.db.scalar(above)
        return tuple(words)

    return remembered(work, frozenset({Topic.SESSIONS}), ("distinct", column.key), compute)


def _places(work: Work, word: str) -> dict[str, ColumnElement[bool]]:
    """Return the conditions under which a word is found, by what it is found in."""
    days = days_meant(word, work.today())
    if days:
        return {"days": Session.day.in_(days)}
    folded = fold(word)
    found = {
        "patients": (Session.patient_id, patients_with(work, [folded])),
        "payers": (Session.payer_id, _payers(work).with_word(folded)),
        "providers": (Session.provider_id, _people(work).with_word(folded)),
        "batches": (Session.batch_id, _batches(work, word) if _FILE.search(word) else []),
    }
    if len(found["patients"][1]) == len(patient_book(work)):
        return {"everybody": true()}
    places = {name: among(work, column, ids) for name, (column, ids) in found.items() if ids}
    codes = [code for code in distinct_words(work, Session.code_text) if folded in fold(code)]
    if codes:
        places["codes"] = among_words(work, Session.code_text, codes)
    return places


def _few(work: Work, parts: Sequence[ColumnElement[bool]]) -> bool:
    """Return whether an index leads to few sessions; counting stops when it is clear."""
    left = FEW
    for part in parts:
        some = select(Session.id).where(part, _live()).limit(left + 1).subquery()
        left -= work.db.scalar(select(func.count()).select_from(some)) or 0
        if left < 0:
            return False
    return True


def _live() -> ColumnElement[bool]:
    return Session.withdrawn_by.is_(None)


def _payers(work: Work) -> NameBook:
    def compute() -> NameBook:
        book = NameBook()
        for payer_id, *texts in work.db.execute(
            select(Payer.id, Payer.name, Payer.short_name, Payer.payer_code)
        ):
            book.add(payer_id, *texts)
        for payer_id, shown in work.db.execute(select(PayerAlias.payer_id, PayerAlias.shown)):
            book.add(payer_id, shown)
        return book

    return _book(work, Topic.PAYERS, compute)


def _people(work: Work) -> NameBook:
    def compute() -> NameBook:
        book = NameBook()
        for provider_id, name in work.db.execute(select(Provider.id, Provider.name)):
            book.add(provider_id, name)
        for row in work.db.execute(select(ProviderAlias.provider_id, ProviderAlias.shown)):
            book.add(*row)
        return book

    return _book(work, Topic.PROVIDERS, compute)


def _book(work: Work, topic: Topic, compute: Callable[[], NameBook]) -> NameBook:
    return remembered(work, frozenset({topic, Topic.IMPORTS}), ("book", topic), compute)


def _batches(work: Work, word: str) -> list[int]:
    named = func.lower(ImportBatch.file_name).contains(word.lower(), autoescape=True)
    return list(work.db.scalars(select(ImportBatch.id).where(named)))
