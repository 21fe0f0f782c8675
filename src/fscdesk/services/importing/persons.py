"""Whom a client's name in a file means. A name alone is never a key: two people may share it.

The order: a spelling that is known with this clinician, a spelling that means one client
only, the client who has a session at that minute; else a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from fscdesk.services.importing.knowledge import Knowledge, KnownSession
from fscdesk.services.importing.naming import NamedRow, payer_text
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind
from fscdesk.services.patients.names import alias_key, fold, without_nickname

NEAR, SURE = 88, 95
SHORTEST_WORD = 3


@dataclass(slots=True)
class Persons:
    """Who each row is about (by index of the row), and what that makes new."""

    of_row: dict[int, int] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)  # row index: question id
    new: dict[int, str] = field(default_factory=dict)  # negative id: name
    aliases: set[tuple[str, str, int | None, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one spelling, with the clinician of each (None: not known yet)."""

    key: str
    name: str
    rows: tuple[tuple[int, NamedRow, int | None], ...]

    def clinicians(self) -> list[int]:
        return sorted({provider for _, _, provider in self.rows if provider is not None})

    def at_one_minute(self) -> bool:
        """Whether one person would have to be with two clinicians at once."""
        with_whom: dict[tuple[object, int], set[int | None]] = defaultdict(set)
        for _, row, provider in self.rows:
            with_whom[row.day, row.minute].add(provider)
        return any(len(found) > 1 for found in with_whom.values())


def resolve_persons(
    rows: Sequence[NamedRow],
    provider_of: Sequence[int | None],
    known: Knowledge,
    asked: Asked,
) -> Persons:
    """Say which client each row is about. ``provider_of`` runs beside ``rows``."""
    found = Persons()
    by_minute: dict[tuple[object, int], list[KnownSession]] = defaultdict(list)
    for session in known.sessions:
        by_minute[session.day, session.minute].append(session)
    groups: dict[str, list[tuple[int, NamedRow, int | None]]] = defaultdict(list)
    keys: dict[str, str] = {}
    for index, row in enumerate(rows):
        key = keys.get(row.client)
        if key is None:
            key = keys[row.client] = alias_key(row.client)
        groups[key].append((index, row, provider_of[index]))
    for key, members in groups.items():
        group = _Group(key, members[0][1].client, tuple(members))
        aliases = known.patient_aliases.get(key, [])
        patients = sorted({patient_id for _, patient_id in aliases})
        if not patients:
            _resolve_unknown(group, known, asked, found)
        elif len(patients) == 1:
            _resolve_single(group, patients[0], known, asked, found)
        else:
            _resolve_shared(group, aliases, by_minute, known, asked, found)
    return found


def _resolve_unknown(group: _Group, known: Knowledge, asked: Asked, found: Persons) -> None:
    near = _near_patients(group.name, known)
    if not near:
        if group.at_one_minute():
            _split_by_clinician(group, {}, asked, found)
        else:
            _give_all(group, _create(group.name, found), found)
        return
    scores = [score for score, _ in near]
    options = [
        Option(f"same:{patient_id}", f"Same client: {_label(patient_id, known)}")
        for _, patient_id in near[:3]
    ]
    question = Question(
        id=f"patient:{group.key}"[:300],
        kind=QuestionKind.PATIENT,
        text=f"Is “{group.name}” the client {known.patients[near[0][1]][0]}?",
        detail=f"{_rows(len(group.rows))} under this spelling. The answer is remembered.",
        options=(*options, Option("new", "New client")),
        proposal=(
            options[0].key if scores[0] >= SURE and (len(scores) == 1 or scores[1] < SURE) else None
        ),
        rows=len(group.rows),
    )
    answer = asked.ask(question)
    if answer is None:
        _wait(group, question.id, found)
    elif answer == "new":
        _give_all(group, _create(group.name, found), found)
    else:
        _give_all(group, int(answer.removeprefix("same:")), found)


def _resolve_single(
    group: _Group, patient_id: int, known: Knowledge, asked: Asked, found: Persons
) -> None:
    if not group.at_one_minute():
        for index, _row, _provider in group.rows:
            found.of_row[index] = patient_id
        return
    with_known = {
        session.provider_id for session in known.sessions if session.patient_id == patient_id
    }
    taken = dict.fromkeys(with_known or _who_is_paid(group), patient_id)
    _split_by_clinician(group, taken, asked, found, patient_id)


def _who_is_paid(group: _Group) -> list[int]:
    """Return the clinician with whom a client is who is known without any session.

    A report about money made that client: so it is the one who paid, the most in the file.
    """
    paid: dict[int, int] = defaultdict(int)
    for _, row, provider in group.rows:
        if provider is not None:
            paid[provider] += row.patient_paid
    return [max(paid, key=lambda provider: (paid[provider], -provider))] if paid else []


def _split_by_clinician(
    group: _Group,
    taken: dict[int, int],
    asked: Asked,
    found: Persons,
    only: int | None = None,
) -> None:
    """Ask whether a name at one minute with two clinicians is two people."""
    payers: dict[int, set[str]] = defaultdict(set)
    for _, row, provider in group.rows:
        if provider is not None and row.payer is not None:
            payers[provider].add(payer_text(row.payer))
    apart = len(payers) > 1 and not set.intersection(*payers.values())
    question = Question(
        id=f"same_name:{group.key}"[:300],
        kind=QuestionKind.SAME_NAME,
        text=f"Are there two clients named {group.name}?",
        detail="One name is with two clinicians at the same minute."
        + (" Their payers differ." if apart else ""),
        options=(
            Option("two", "Two clients, one for each clinician"),
            Option("one", "One client"),
        ),
        proposal="two" if apart else None,
        rows=len(group.rows),
    )
    answer = asked.ask(question)
    if answer is None:
        _wait(group, question.id, found)
        return
    if answer == "one":
        _give_all(group, only if only is not None else _create(group.name, found), found)
        return
    persons = dict(taken)
    for index, row, provider in group.rows:
        if provider is None:
            found.waiting[index] = question.id
            continue
        if provider not in persons:
            persons[provider] = _create(group.name, found)
        found.of_row[index] = persons[provider]
        found.aliases.add((group.key, row.client, provider, persons[provider]))


def _resolve_shared(
    group: _Group,
    aliases: Sequence[tuple[int | None, int]],
    by_minute: dict[tuple[object, int], list[KnownSession]],
    known: Knowledge,
    asked: Asked,
    found: Persons,
) -> None:
    """Several clients share the spelling: the clinician tells them apart, or the minute."""
    with_clinician = {provider: patient for provider, patient in aliases if provider is not None}
    patients = {patient for _, patient in aliases}
    in_file = defaultdict(set)
    for _, row, provider in group.rows:
        in_file[row.day, row.minute].add(provider)
    for index, row, provider in group.rows:
        if provider is None:
            continue
        person = with_clinician.get(provider)
        if person is None:
            there = {
                session.patient_id
                for session in by_minute[row.day, row.minute]
                if session.patient_id in patients
                and session.provider_id not in in_file[row.day, row.minute]
            }
            person = there.pop() if len(there) == 1 else None
        if person is None:
            person = _ask_which(group, index, row, provider, sorted(patients), known, asked, found)
        if person is not None:
            found.of_row[index] = person
            found.aliases.add((group.key, row.client, provider, person))


def _ask_which(
    group: _Group,
    index: int,
    row: NamedRow,
    provider: int,
    patients: Sequence[int],
    known: Knowledge,
    asked: Asked,
    found: Persons,
) -> int | None:
    like = [
        patient_id
        for patient_id in patients
        if row.payer is not None
        and any(
            session.patient_id == patient_id
            and session.report is not None
            and session.report.payer == payer_text(row.payer)
            for session in known.sessions
        )
    ]
    seen = {one for with_whom, one in known.patient_aliases[group.key] if with_whom is not None}
    unseen = [patient_id for patient_id in patients if patient_id not in seen]
    likely = like if len(like) == 1 else unseen
    question = Question(
        id=f"which:{group.key}|{provider}"[:300],
        kind=QuestionKind.PATIENT,
        text=f"Which {group.name} is with {row.clinician}?",
        detail="Several clients have this name, and none of them was with this clinician.",
        options=(
            *(Option(f"same:{one}", _label(one, known)) for one in patients),
            Option("new", "Another client of this name"),
        ),
        proposal=f"same:{likely[0]}" if len(likely) == 1 else None,
        rows=sum(with_whom == provider for _, _, with_whom in group.rows),
    )
    answer = asked.ask(question)
    if answer is None:
        found.waiting[index] = question.id
        return None
    if answer == "new":
        for new_id, name in found.new.items():
            if name == group.name:
                return new_id
        return _create(group.name, found)
    return int(answer.removeprefix("same:"))


def _near_patients(name: str, known: Knowledge) -> list[tuple[float, int]]:
    """Return (score, patient) of similar names, best first; initials are like nobody."""
    wanted = fold(without_nickname(name))
    words = [word for word in wanted.split() if len(word) >= SHORTEST_WORD]
    if not words:
        return []
    candidates: set[int] = set()
    for word in words:
        candidates |= known.names_by_token.get(word, set())
    scored = []
    for patient_id in candidates:
        other = fold(without_nickname(known.patients[patient_id][0]))
        score = fuzz.token_sort_ratio(wanted, other)
        if score >= NEAR:
            scored.append((score, patient_id))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def _create(name: str, found: Persons) -> int:
    new_id = -(len(found.new) + 1)
    found.new[new_id] = name
    return new_id


def _give_all(group: _Group, patient_id: int, found: Persons) -> None:
    for index, row, _provider in group.rows:
        found.of_row[index] = patient_id
        found.aliases.add((group.key, row.client, None, patient_id))


def _wait(group: _Group, question_id: str, found: Persons) -> None:
    for index, _row, _provider in group.rows:
        found.waiting[index] = question_id


def _label(patient_id: int, known: Knowledge) -> str:
    name, number, _guarantor = known.patients[patient_id]
    return f"{name}, {number}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
