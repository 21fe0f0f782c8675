"""Whom the rows of a report mean, by the spellings, questions and answers of the session import.

A report has no minute, and many have no clinician: where two clients share a name, the kind of
the report may know which one is meant (a payment of that day and amount), else a person says it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.services.importing.knowledge import Knowledge
from fscdesk.services.importing.namesake_payments import row_digest
from fscdesk.services.importing.naming import (
    Resolved,
    payer_key,
    payer_text,
    resolve_payers,
    resolve_providers,
)
from fscdesk.services.importing.persons import Persons, resolve_persons
from fscdesk.services.importing.questions import Option, Question, QuestionKind
from fscdesk.services.importing.reports_engine import Named, Names, Planning, ReportKind
from fscdesk.services.patients.names import alias_key, fold
from fscdesk.services.spreadsheets.cells import PayerName

SHOWN = 200
_NO_DAY = date.min


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as the name resolvers of sessions read it; its minute is nobody else's."""

    client: str
    clinician: str
    payer: PayerName | None
    minute: int
    second_payer: PayerName | None = None
    day: date = _NO_DAY
    patient_paid: int = 0


@dataclass(slots=True)
class _Shared:
    """Rows whose name several clients have: the row's place, its key, and the clients."""

    rows: list[tuple[int, str, list[int]]] = field(default_factory=list)


def unresolved(named: Sequence[Named]) -> Names:
    """Return names of which nothing is known yet."""
    nobody: list[int | None] = [None] * len(named)
    return Names(named, Persons(), Resolved(), Resolved(), nobody, nobody)


def resolve_names(kind: ReportKind[Any], planning: Planning[Any]) -> None:
    """Fill ``planning.names``: who each row means, what waits for which question."""
    named = planning.names.named
    wanted = [at for at in range(len(named)) if _planned(planning, at)]
    rows = [
        _Row(one.client, one.clinician, one.payer, 0 if kind.one_row_each else at)
        for at, one in enumerate(named)
    ]
    names = planning.names
    names.providers, names.clinician_ids = _providers(kind, planning, wanted)
    names.payers = _payers(kind, planning, [rows[at] for at in wanted])
    names.provider_of = [names.providers.ids.get(one.clinician) for one in named]
    names.payer_of = [
        None if one.payer is None else names.payers.ids.get(payer_text(one.payer)) for one in named
    ]
    _persons(kind, planning, rows, wanted)
    for at in wanted:
        question = _waits(names, at)
        if question is not None:
            names.waiting[at] = question


def _planned(planning: Planning[Any], at: int) -> bool:
    return planning.lines is None or planning.report.rows[at].line in planning.lines


def _waits(names: Names, at: int) -> str | None:
    one = names.named[at]
    return (
        names.providers.waiting.get(one.clinician)
        or (names.payers.waiting.get(payer_text(one.payer)) if one.payer else None)
        or names.persons.waiting.get(at)
    )


def _providers(
    kind: ReportKind[Any], planning: Planning[Any], wanted: Sequence[int]
) -> tuple[Resolved, dict[int, str]]:
    """Say which clinician each spelling means; SimplePractice's own id comes first."""
    known, named = planning.known, planning.names.named
    by_id: dict[str, int] = {
        told: provider_id
        for provider_id, told in planning.work.db.execute(
            select(Provider.id, Provider.simplepractice_id).where(
                Provider.simplepractice_id.is_not(None)
            )
        )
        if told
    }
    told_by_id: dict[str, int] = {}
    ids_of: dict[str, str] = {}
    rest: list[_Row] = []
    for at in wanted:
        one = named[at]
        if not one.clinician:
            continue
        if one.clinician_id:
            ids_of[one.clinician] = one.clinician_id
        if one.clinician_id in by_id:
            told_by_id[one.clinician] = by_id[one.clinician_id]
        else:
            rest.append(_Row("", one.clinician, None, at))
    rest = [row for row in rest if row.clinician not in told_by_id]
    found = (
        resolve_providers(rest, known, planning.asked)
        if kind.makes_others
        else _known_providers(rest, known)
    )
    for text, provider_id in told_by_id.items():
        found.ids[text] = provider_id
        if alias_key(text) not in known.provider_aliases:
            found.aliases[alias_key(text)] = (text, provider_id)
    anchored = set(by_id.values())
    learnt = {
        found.ids[text]: told
        for text, told in ids_of.items()
        if text in found.ids and found.ids[text] not in anchored and told not in by_id
    }
    return found, learnt


def _known_providers(rows: Iterable[_Row], known: Knowledge) -> Resolved:
    found = Resolved()
    for row in rows:
        provider_id = known.provider_aliases.get(alias_key(row.clinician))
        if provider_id is not None:
            found.ids[row.clinician] = provider_id
    return found


def _payers(kind: ReportKind[Any], planning: Planning[Any], rows: Sequence[_Row]) -> Resolved:
    if kind.makes_others:
        return resolve_payers(rows, planning.known, planning.asked)
    known, found = planning.known, Resolved()
    for payer in {row.payer for row in rows if row.payer is not None}:
        payer_id = known.payer_aliases.get(payer_key(payer))
        if payer_id is None:
            wanted = fold(payer.name)
            same = [one for one, (name, _code) in known.payers.items() if fold(name) == wanted]
            payer_id = same[0] if len(same) == 1 else None
        if payer_id is not None:
            found.ids[payer_text(payer)] = payer_id
    return found


def _persons(
    kind: ReportKind[Any], planning: Planning[Any], rows: Sequence[_Row], wanted: Sequence[int]
) -> None:
    known, names = planning.known, planning.names
    shared, single = _Shared(), list[int]()
    keys: dict[str, str] = {}
    for at in wanted:
        if not rows[at].client:
            continue
        key = keys.get(rows[at].client) or keys.setdefault(
            rows[at].client, alias_key(rows[at].client)
        )
        patients = sorted({patient for _, patient in known.patient_aliases.get(key, ())})
        if len(patients) > 1:
            shared.rows.append((at, key, patients))
        else:
            single.append(at)
    found = resolve_persons(
        [rows[at] for at in single],
        [names.provider_of[at] if kind.one_row_each else None for at in single],
        known,
        planning.asked,
    )
    names.persons = Persons(
        of_row={single[index]: patient for index, patient in found.of_row.items()},
        waiting={single[index]: question for index, question in found.waiting.items()},
        new=found.new,
        aliases=found.aliases,
    )
    _resolve_shared(kind, planning, shared)
    if not kind.makes_clients:
        of_row = names.persons.of_row
        names.persons.of_row = {at: patient for at, patient in of_row.items() if patient > 0}
        names.persons.new.clear()
        names.persons.aliases = {one for one in names.persons.aliases if one[3] > 0}


def _resolve_shared(kind: ReportKind[Any], planning: Planning[Any], shared: _Shared) -> None:
    known, names = planning.known, planning.names
    asleep = set(planning.work.db.scalars(select(Patient.id).where(Patient.withdrawn)))
    with_clinician: dict[str, dict[int, int]] = defaultdict(dict)
    for at, key, patients in shared.rows:
        if key not in with_clinician:
            with_clinician[key] = {
                provider: patient
                for provider, patient in known.patient_aliases[key]
                if provider is not None
            }
        provider_id = names.provider_of[at]
        person = None if provider_id is None else with_clinician[key].get(provider_id)
        if person is None:
            awake = _awake(known.patient_aliases[key], patients, asleep)
            person = awake[0] if len(awake) == 1 else kind.which(planning, at, awake)
            if person is None and kind.asks_which:
                person = _ask_which(planning, at, key, awake)
        if person is not None:
            names.persons.of_row[at] = person


def _awake(
    spelled: Sequence[tuple[int | None, int]], patients: list[int], asleep: set[int]
) -> list[int]:
    """Leave out clients whose import was undone; of such alone, those seen with nobody count."""
    awake = [one for one in patients if one not in asleep]
    if awake:
        return awake
    return sorted({patient for provider, patient in spelled if provider is None}) or patients


def _ask_which(planning: Planning[Any], at: int, key: str, patients: Sequence[int]) -> int | None:
    row, one = planning.report.rows[at], planning.names.named[at]
    told = row_digest(row.raw)
    question = Question(
        id=f"which:{key}|{told}"[:300],
        kind=QuestionKind.PATIENT,
        text=f"Which {one.client} is meant?",
        detail=f"Several clients have this name. The row reads: {row.raw[:SHOWN]}",
        options=tuple(
            Option(
                f"same:{patient}",
                f"{planning.known.patients[patient][0]}, {planning.known.patients[patient][1]}",
            )
            for patient in patients
        ),
        proposal=None,
        rows=1,
    )
    answer = planning.asked.ask(question)
    if answer is None:
        planning.names.persons.waiting[at] = question.id
        return None
    return int(answer.removeprefix("same:"))
