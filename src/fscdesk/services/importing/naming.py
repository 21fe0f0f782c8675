"""Whom the names in a file mean: clinicians and payers. Questions where a person must say.

New ones get negative ids until the plan is applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from rapidfuzz import fuzz

from fscdesk.services.importing.knowledge import Knowledge
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind
from fscdesk.services.importing.readers.appointments import PayerName
from fscdesk.services.patients.names import alias_key, fold

NEAR_PROVIDER = 85
NEAR_PAYER = 60


class NamedRow(Protocol):
    """What of a row tells whom it is about; ``patient_paid`` in cents."""

    @property
    def client(self) -> str:
        """The client as it is written."""

    @property
    def clinician(self) -> str:
        """The clinician as it is written."""

    @property
    def payer(self) -> PayerName | None:
        """The first payer."""

    @property
    def second_payer(self) -> PayerName | None:
        """The second payer."""

    @property
    def day(self) -> date:
        """The day of the session."""

    @property
    def minute(self) -> int:
        """The minute of that day."""

    @property
    def patient_paid(self) -> int:
        """What the client is said to have paid."""


@dataclass(slots=True)
class Resolved:
    """Names to ids. ``new`` maps a negative id to the name to be created."""

    ids: dict[str, int] = field(default_factory=dict)
    new: dict[int, str] = field(default_factory=dict)
    aliases: dict[str, tuple[str, int]] = field(default_factory=dict)  # key: shown, id
    waiting: dict[str, str] = field(default_factory=dict)  # name: question id

    def create(self, text: str, key: str, name: str) -> int:
        """Give a name that nobody knows an id of its own, for this plan."""
        known = self.aliases.get(key)
        if known is not None:
            self.ids[text] = known[1]
            return known[1]
        new_id = -(len(self.new) + 1)
        self.new[new_id] = name
        self.ids[text] = new_id
        self.aliases[key] = (text, new_id)
        return new_id


def payer_key(payer: PayerName) -> str:
    """Return what makes a payer's name in a file the same: folded name and payer code."""
    return f"{alias_key(payer.name)}|{payer.code}"


def payer_text(payer: PayerName | None) -> str:
    """Return the payer as SimplePractice writes it."""
    if payer is None:
        return ""
    return f"{payer.name} ({payer.code})" if payer.code else payer.name


def resolve_providers(rows: Iterable[NamedRow], known: Knowledge, asked: Asked) -> Resolved:
    """Say which clinician each spelling means; ask about near names."""
    found = Resolved()
    for text, count in Counter(row.clinician for row in rows).items():
        key = alias_key(text)
        if key in known.provider_aliases:
            found.ids[text] = known.provider_aliases[key]
            continue
        if key in found.aliases:
            found.ids[text] = found.aliases[key][1]
            continue
        near = _near_providers(text, known)
        if not near:
            found.create(text, key, without_credentials(text))
            continue
        question = Question(
            id=f"provider:{key}"[:300],
            kind=QuestionKind.PROVIDER,
            text=f"Is “{text}” the clinician {known.providers[near[0]]}?",
            detail=f"{_rows(count)} under this spelling. The answer is remembered.",
            options=(
                *(
                    Option(f"same:{provider_id}", f"Same person: {known.providers[provider_id]}")
                    for provider_id in near[:3]
                ),
                Option("new", "New clinician"),
            ),
            proposal=f"same:{near[0]}" if len(near) == 1 else None,
            rows=count,
        )
        answer = asked.ask(question)
        if answer is None:
            found.waiting[text] = question.id
        elif answer == "new":
            found.create(text, key, without_credentials(text))
        else:
            found.ids[text] = int(answer.removeprefix("same:"))
            found.aliases[key] = (text, found.ids[text])
    return found


def without_credentials(text: str) -> str:
    """Return a clinician's name without what stands behind the first comma."""
    name, _, _credentials = text.partition(",")
    return name.strip() or text


def _near_providers(text: str, known: Knowledge) -> list[int]:
    wanted = fold(without_credentials(text))
    scored = [
        (fuzz.token_set_ratio(wanted, fold(without_credentials(name))), provider_id)
        for provider_id, name in known.providers.items()
    ]
    return [
        provider_id
        for score, provider_id in sorted(scored, key=lambda pair: (-pair[0], pair[1]))
        if score >= NEAR_PROVIDER
    ]


def resolve_payers(rows: Iterable[NamedRow], known: Knowledge, asked: Asked) -> Resolved:
    """Say which payer each name means; the same payer code under another name is a question."""
    found = Resolved()
    seen: Counter[PayerName] = Counter()
    for row in rows:
        for payer in (row.payer, row.second_payer):
            if payer is not None:
                seen[payer] += 1
    for payer, count in seen.items():
        text, key = payer_text(payer), payer_key(payer)
        if key in known.payer_aliases:
            found.ids[text] = known.payer_aliases[key]
        elif key in found.aliases:
            found.ids[text] = found.aliases[key][1]
        else:
            _resolve_payer(payer, count, known, asked, found)
    return found


def _resolve_payer(
    payer: PayerName, count: int, known: Knowledge, asked: Asked, found: Resolved
) -> None:
    text, key = payer_text(payer), payer_key(payer)
    same = _same_name(payer, known)
    if same is not None:
        found.ids[text] = same
        found.aliases[key] = (text, same)
        return
    near = _near_payers(payer, known)
    if not near:
        found.create(text, key, payer.name)
        return
    alike = fuzz.token_set_ratio(fold(payer.name), fold(known.payers[near[0]][0])) >= NEAR_PAYER
    question = Question(
        id=f"payer:{key}"[:300],
        kind=QuestionKind.PAYER,
        text=f"Is “{text}” the payer {known.payers[near[0]][0]}?",
        detail=f"{_rows(count)}. The payer code is {payer.code or 'not given'}.",
        options=(
            *(
                Option(f"same:{payer_id}", f"Same payer: {known.payers[payer_id][0]}")
                for payer_id in near[:3]
            ),
            Option("new", "New payer"),
        ),
        proposal=f"same:{near[0]}" if len(near) == 1 and alike else None,
        rows=count,
    )
    answer = asked.ask(question)
    if answer is None:
        found.waiting[text] = question.id
    elif answer == "new":
        found.create(text, key, payer.name)
    else:
        found.ids[text] = int(answer.removeprefix("same:"))
        found.aliases[key] = (text, found.ids[text])


def _same_name(payer: PayerName, known: Knowledge) -> int | None:
    """Return the payer of the very name, unless the two have different payer codes.

    Only the appointment report writes the code; the reports about money leave it out.
    """
    wanted = fold(payer.name)
    named = [
        payer_id
        for payer_id, (name, code) in known.payers.items()
        if fold(name) == wanted and (not payer.code or not code or payer.code == code)
    ]
    return named[0] if len(named) == 1 else None


def _near_payers(payer: PayerName, known: Knowledge) -> list[int]:
    if payer.code:
        return [payer_id for payer_id, (_name, code) in known.payers.items() if code == payer.code]
    wanted = fold(payer.name)
    return [
        payer_id
        for payer_id, (name, _code) in known.payers.items()
        if fuzz.ratio(wanted, fold(name)) >= NEAR_PROVIDER
    ]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
