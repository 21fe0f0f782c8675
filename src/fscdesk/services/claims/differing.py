"""What a corrected claim says otherwise than the claim that was sent, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.services.claims.content import Address, ClaimContent, ContentLine, Person

FREQUENCIES: Final = MappingProxyType({"1": "1, original", "7": "7, replacement", "8": "8, void"})
_EMPTY: Final = "empty"


@dataclass(frozen=True, slots=True)
class Difference:
    """One box: its number on the CMS-1500, its words, how it was and will be, and why so."""

    box: str
    words: str
    was: str
    will_be: str
    why: str = ""


def differences(
    old: ClaimContent,
    new: ClaimContent,
    *,
    denied: bool,
    answered_on: date | None,
    granted: Mapping[str, str],
) -> tuple[Difference, ...]:
    """Return what differs, in the order of the form.

    ``granted`` says of each authorization number what it covers; ``answered_on`` is when the
    payer answered the old claim.
    """
    found = [
        *_persons(old, new),
        *_going(old, new, denied=denied, answered_on=answered_on),
        *_condition(old, new, granted),
        *_lines(old, new),
        *_providers(old, new),
    ]
    return tuple(found)


def _persons(old: ClaimContent, new: ClaimContent) -> Iterator[Difference]:
    was, now = old.coverage, new.coverage
    if was is not None and now is not None:
        policy = "mended in the policy"
        yield from _if("1a", "Member id", was.member_id, now.member_id, policy)
        yield from _if("11", "Group", was.group_number, now.group_number, policy)
        yield from _if("6", "Relation", was.relationship, now.relationship, policy)
        yield from _if("12", "Release", old.release, new.release, policy)
        yield from _if("13", "Benefits", old.benefits_assigned, new.benefits_assigned, policy)
        yield from _if("4", "Insured", _name(was.subscriber), _name(now.subscriber), policy)
    yield from _if("27", "Assignment", old.assignment, new.assignment, "mended in the payer")
    record = "mended in the client's record"
    yield from _if("2", "Name", _name(old.patient), _name(new.patient), record)
    yield from _if(
        "3", "Birth date", _day(old.patient.birth_date), _day(new.patient.birth_date), record
    )
    yield from _if("3", "Sex", old.patient.sex, new.patient.sex, record)
    yield from _if(
        "5", "Address", _address(old.patient.address), _address(new.patient.address), record
    )


def _going(
    old: ClaimContent, new: ClaimContent, *, denied: bool, answered_on: date | None
) -> Iterator[Difference]:
    why = "denied claims are corrected" if denied else "decided claims are corrected"
    if new.frequency == "8":
        why = "takes the first one back"
    was, now = FREQUENCIES.get(old.frequency, ""), FREQUENCIES.get(new.frequency, "")
    yield from _if("22", "Frequency", was, now, why)
    said = f"from the answer of {_day(answered_on)}" if answered_on else "the payer's number"
    yield from _if("22", "Reference", old.original_number, new.original_number, said)


def _condition(
    old: ClaimContent, new: ClaimContent, granted: Mapping[str, str]
) -> Iterator[Difference]:
    number = "" if new.authorization is None else new.authorization.number
    before = "" if old.authorization is None else old.authorization.number
    yield from _if("21", "Diagnoses", " ".join(old.diagnoses), " ".join(new.diagnoses))
    yield from _if("23", "Authorization", before, number, granted.get(number, ""))
    yield from _if("24b", "Place", old.place_of_service, new.place_of_service)
    yield from _if("19", "Note", old.note, new.note)


def _lines(old: ClaimContent, new: ClaimContent) -> Iterator[Difference]:
    before = {line.position: line for line in old.lines}
    for line in new.lines:
        was = before.get(line.position)
        if was is None:
            continue
        of = f"line {line.position}" if len(new.lines) > 1 else ""
        yield from _if("24d", "Code", was.code, line.code, of)
        yield from _if("24d", "Modifiers", " ".join(was.modifiers), " ".join(line.modifiers), of)
        yield from _if("24b", "Place", _place(was, old), _place(line, new), of)
        yield from _if("24e", "Pointers", _pointers(was), _pointers(line), of)
        yield from _if("24g", "Units", str(was.units), str(line.units), of)
        yield from _if("24f", "Charge", was.amount.plain(), line.amount.plain(), of)


def _providers(old: ClaimContent, new: ClaimContent) -> Iterator[Difference]:
    was, now = old.rendering, new.rendering
    yield from _if(
        "31", "Rendering", f"{was.first_name} {was.last_name}", f"{now.first_name} {now.last_name}"
    )
    yield from _if("24j", "NPI", was.npi, now.npi, "mended in the clinician's record")
    boss = ("" if one is None else one.last_name for one in (old.supervising, new.supervising))
    yield from _if("17", "Supervising", *boss)
    sent = ("" if one is None else one.last_name for one in (old.referral, new.referral))
    yield from _if("17", "Referral", *sent)
    yield from _if("32", "Facility", old.facility_name, new.facility_name)
    mended = "mended in the practice's record"
    yield from _if("33a", "Billing NPI", old.practice.npi, new.practice.npi, mended)


def _if(box: str, words: str, was: str, now: str, why: str = "") -> Iterator[Difference]:
    if was != now:
        yield Difference(box, words, was or _EMPTY, now or _EMPTY, why)


def _place(line: ContentLine, content: ClaimContent) -> str:
    """Return the place of a line that has its own; the claim's stands above."""
    own = line.place_of_service
    return "" if own == content.place_of_service else own


def _pointers(line: ContentLine) -> str:
    return " ".join("ABCDEFGHIJKL"[one - 1] for one in line.pointers)


def _name(person: Person) -> str:
    return ", ".join(part for part in (person.last_name, person.first_name) if part)


def _address(address: Address) -> str:
    return ", ".join(
        part
        for part in (address.line1, address.line2, address.city, address.state, address.zip_code)
        if part
    )


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%m/%d/%Y}"
