"""Runs the practice's rules on a service line: conditions → set a field, hold, or warn. Pure.

Nothing that a payer wants is written into the program: a rule says it, for one payer or for all,
from when to when. ``conditions`` of a rule are ``{"all": [{"field": "place_of_service", "is":
"one_of", "values": ["02", "10"]}, …]}``; all of them must hold. Rules run in their order, each on
what the ones before it have left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.claim_rule import ClaimRule, RuleAct
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.work import Work

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "code": "Code",
        "modifiers": "Modifiers",
        "place_of_service": "Place of service",
        "units": "Units",
        "diagnosis": "Diagnoses",
        "payer": "Payer",
        "public_program": "Payer is a public program",
        "rank": "Coverage",
        "rendering": "Clinician",
        "credentials": "Clinician’s credentials",
        "has_supervisor": "Clinician has a supervisor",
        "location": "Location",
        "age": "Client’s age",
    }
)
"""What a condition can look at, by its name."""
TESTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "one_of": "is one of",
        "not_one_of": "is none of",
        "starts_with": "starts with one of",
        "at_least": "is at least",
        "at_most": "is at most",
        "empty": "is empty",
        "not_empty": "is not empty",
    }
)
"""How a condition looks at it."""
NUMBERS: Final = frozenset({"units", "rank", "age"})
"""Fields that ``at_least`` and ``at_most`` can look at."""
SETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "modifiers": "Modifiers",
        "place_of_service": "Place of service",
        "supervising": "Supervising clinician",
        "rendering": "Rendering clinician",
        "note": "Note of the claim",
        "authorization": "Authorization",
    }
)
"""What a rule can set. ``modifiers`` takes ``+95`` and ``-95``, or the whole list in order."""
OWN_SUPERVISOR: Final = "own_supervisor"
"""The value of ``supervising`` and ``rendering`` that means: who supervises this clinician."""
NONE: Final = "none"
"""The value of ``supervising`` and ``authorization`` that means: nobody, no number."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Subject:
    """A service line as rules see it, and what they make of it.

    ``supervisor_id`` is who supervises the clinician on that day, ``supervising_id`` who stands
    on the claim; ``authorization`` False: no number is to be named.
    """

    day: date
    code: str
    modifiers: tuple[str, ...]
    place_of_service: str
    units: int
    diagnoses: tuple[str, ...]
    payer_id: int
    public_program: bool
    rank: int
    rendering_id: int
    credentials: str
    supervisor_id: int | None
    location_id: int | None
    age: int | None
    supervising_id: int | None = None
    note: str = ""
    authorization: bool = True

    def values(self, field: str) -> tuple[str, ...]:
        """Return what a field holds, each value as text; empty where there is nothing."""
        many: dict[str, Sequence[Any]] = {
            "modifiers": self.modifiers,
            "diagnosis": self.diagnoses,
            "credentials": self.credentials.replace(",", " ").split(),
        }
        if field in many:
            return tuple(str(one) for one in many[field])
        one: dict[str, Any] = {
            "code": self.code,
            "place_of_service": self.place_of_service,
            "units": self.units,
            "payer": self.payer_id,
            "public_program": YES if self.public_program else NO,
            "rank": self.rank,
            "rendering": self.rendering_id,
            "has_supervisor": NO if self.supervisor_id is None else YES,
            "location": self.location_id,
            "age": self.age,
        }
        value = one[field]
        return () if value is None or value == "" else (str(value),)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as it runs."""

    id: int
    name: str
    payer_id: int | None
    conditions: tuple[Condition, ...]
    act: RuleAct
    field: str
    value: str
    message: str
    valid_from: date
    valid_to: date | None

    def applies(self, subject: Subject) -> bool:
        """Return whether the rule is in force for the line, and its conditions hold."""
        return (
            self.payer_id in (None, subject.payer_id)
            and self.valid_from <= subject.day
            and (self.valid_to is None or subject.day <= self.valid_to)
            and all(one.holds(subject) for one in self.conditions)
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: ``field`` ``test`` ``values`` (keys of FIELDS and TESTS)."""

    field: str
    test: str
    values: tuple[str, ...] = ()

    def holds(self, subject: Subject) -> bool:
        """Return whether it holds for a line; cases and blanks around do not count."""
        found = [one.casefold() for one in subject.values(self.field)]
        wanted = [one.strip().casefold() for one in self.values if one.strip()]
        if self.test == "empty":
            return not found
        if self.test == "not_empty":
            return bool(found)
        if self.test == "one_of":
            return any(one in wanted for one in found)
        if self.test == "not_one_of":
            return not any(one in wanted for one in found)
        if self.test == "starts_with":
            return any(one.startswith(start) for one in found for start in wanted)
        return any(
            int(one) >= int(limit) if self.test == "at_least" else int(one) <= int(limit)
            for one in found
            for limit in wanted[:1]
        )

    def kept(self) -> dict[str, Any]:
        """Return it as a rule keeps it."""
        values = [one.strip() for one in self.values if one.strip()]
        return {"field": self.field, "is": self.test, "values": values}


WARNING: Final = "warning"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule has set on a line: the field, before, after, and by which rule.

    ``WARNING`` is what a rule said of the line before a later rule set something: it is kept with
    the claim, for no check finds it again.
    """

    field: str
    old: str
    new: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """What a rule holds a claim for, or warns of; ``line`` is the position of the line."""

    rule_id: int
    name: str
    act: RuleAct
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A line after all rules: what it is now, what was set, and what holds or warns.

    ``left`` is what holds it for how it was before a later rule set something: no check of the
    claim finds that again.
    """

    subject: Subject
    changes: tuple[RuleChange, ...]
    said: tuple[RuleSaid, ...]
    left: tuple[RuleSaid, ...] = ()


def read_rules(work: Work) -> tuple[RuleRow, ...]:
    """Return the active rules in the order in which they run."""
    rows = work.db.scalars(
        select(ClaimRule).where(ClaimRule.active).order_by(ClaimRule.position, ClaimRule.id)
    )
    return tuple(rule_row(row) for row in rows)


def rule_row(row: ClaimRule) -> RuleRow:
    """Return a rule of the books as it runs."""
    return RuleRow(
        row.id,
        row.name,
        row.payer_id,
        conditions_of(row.conditions),
        row.act,
        row.field,
        row.value,
        row.message,
        row.valid_from,
        row.valid_to,
    )


def conditions_of(kept: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Read the conditions of a rule as they are kept."""
    return tuple(
        Condition(one["field"], one["is"], tuple(one.get("values", ())))
        for one in kept.get("all", ())
    )


def run_rules(rules: Iterable[RuleRow], subject: Subject) -> Ran:
    """Run rules on a line, one after the other."""
    changes: list[RuleChange] = []
    said: list[tuple[RuleRow, RuleSaid]] = []
    for rule in rules:
        if not rule.applies(subject):
            continue
        if rule.act is not RuleAct.SET:
            told = RuleSaid(rule.id, rule.name, rule.act, rule.message or rule.name)
            said.append((rule, told))
            continue
        after = _set(rule, subject)
        old, new = _shown(rule.field, subject), _shown(rule.field, after)
        if old != new:
            changes.append(RuleChange(rule.field, old, new, rule.name))
            subject = after
    overtaken = [(rule, told) for rule, told in said if changes and not rule.applies(subject)]
    left = [told for rule, told in overtaken if rule.act is RuleAct.HOLD]
    changes += [
        RuleChange(WARNING, "", told.message, rule.name)
        for rule, told in overtaken
        if rule.act is RuleAct.WARN
    ]
    return Ran(subject, tuple(changes), tuple(told for _, told in said), tuple(left))


def said_of(
    rules: Sequence[RuleRow],
    content: ClaimContent,
    supervisors: Mapping[int, int | None],
    locations: Mapping[int, int | None],
) -> tuple[RuleSaid, ...]:
    """Return what rules hold a claim for or warn of, as it stands, each rule once a claim.

    ``supervisors`` says by line position who supervises the clinician on that day, ``locations``
    by session where it took place.
    """
    found: dict[int, RuleSaid] = {}
    asking = [rule for rule in rules if rule.act is not RuleAct.SET]
    for line in content.lines:
        subject = Subject(
            day=line.service_day,
            code=line.code,
            modifiers=line.modifiers,
            place_of_service=line.place_of_service or content.place_of_service,
            units=line.units,
            diagnoses=content.diagnoses,
            payer_id=content.payer.id,
            public_program=content.payer.public_program,
            rank=content.rank,
            rendering_id=content.rendering.id,
            credentials=content.rendering.credentials,
            supervisor_id=supervisors.get(line.position),
            location_id=locations.get(line.session_id),
            age=age_on(content.patient.birth_date, line.service_day),
        )
        for one in run_rules(asking, subject).said:
            found.setdefault(one.rule_id, replace(one, line=line.position))
    return tuple(found.values())


def age_on(birth: date | None, day: date) -> int | None:
    """Return whole years from birth to a day; None where the birth is not known."""
    if birth is None or birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _set(rule: RuleRow, subject: Subject) -> Subject:
    value = rule.value.strip()
    if rule.field == "modifiers":
        return replace(subject, modifiers=_modified(subject.modifiers, value))
    if rule.field == "place_of_service":
        return replace(subject, place_of_service=value)
    if rule.field == "note":
        return replace(subject, note=value)
    if rule.field == "authorization":
        return replace(subject, authorization=value != NONE)
    who = subject.supervisor_id if value == OWN_SUPERVISOR else _id_of(value)
    if rule.field == "supervising":
        return replace(subject, supervising_id=who)
    return subject if who is None else replace(subject, rendering_id=who)


def _modified(now: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Return modifiers after ``+95 -GT``, or those of ``HO 95`` in their order."""
    words = value.upper().split()
    if not any(one[0] in "+-" for one in words):
        return tuple(dict.fromkeys(words))
    kept = list(now)
    for word in words:
        one = word.lstrip("+-")
        if word.startswith("-"):
            kept = [each for each in kept if each != one]
        elif one not in kept:
            kept.append(one)
    return tuple(kept)


def _id_of(value: str) -> int | None:
    return int(value) if value.isdecimal() else None


def _shown(field: str, subject: Subject) -> str:
    shown: dict[str, Any] = {
        "modifiers": " ".join(subject.modifiers),
        "place_of_service": subject.place_of_service,
        "supervising": subject.supervising_id or "",
        "rendering": subject.rendering_id,
        "note": subject.note,
        "authorization": YES if subject.authorization else NO,
    }
    return str(shown[field])
