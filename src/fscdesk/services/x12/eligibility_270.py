"""A question about a patient's coverage: 270, 005010X279A1."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.services.x12.professional import CannotWrite
from fscdesk.services.x12.writing import Controls, SegmentWriter, basic

VERSION: Final = "005010X279A1"
HEALTH_PLAN: Final = "30"
MENTAL_HEALTH: Final = "MH"
_ORIGIN = re.compile(r"[A-Z0-9]{10}")
_LENGTHS = {
    "payer name": 60,
    "payer ID": 80,
    "provider name": 60,
    "last name": 60,
    "first name": 35,
    "middle name": 25,
    "name suffix": 10,
    "member ID": 80,
    "group number": 50,
    "trace": 50,
}


class Relation(enum.StrEnum):
    """What a dependent is to the subscriber: the codes of INS02 that a question may hold."""

    SPOUSE = "01"
    CHILD = "19"
    OTHER = "34"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """The person as the payer knows it; ``sex`` is M, F or "". Only a subscriber has the ID."""

    last_name: str
    first_name: str
    middle_name: str = ""
    suffix: str = ""
    member_id: str = ""
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class EligibilityRequest:
    """One question. ``trace`` is our own number: the answer brings it back.

    ``trace_origin`` has ten characters: a 9 and the practice's tax ID. Where ``dependent`` is
    given, the question is about that person, otherwise about the subscriber. ``until`` makes the
    day a span. ``provider_first_name`` is empty for an organization.
    """

    trace: str
    trace_origin: str
    payer_name: str
    payer_id: str
    provider_name: str
    provider_npi: str
    subscriber: AskedPerson
    on: date
    provider_first_name: str = ""
    dependent: AskedPerson | None = None
    relation: Relation | None = None
    group_number: str = ""
    until: date | None = None
    service_types: tuple[str, ...] = (HEALTH_PLAN, MENTAL_HEALTH)


def write_270(request: EligibilityRequest, controls: Controls) -> str:
    """Return one question as a file.

    Raises CannotWrite for what is missing, of the wrong form, or too long: nothing is cut.
    """
    return write_270s([request], controls)


def write_270s(requests: Sequence[EligibilityRequest], controls: Controls) -> str:
    """Return several questions as one file, each its own transaction (0001, 0002, …)."""
    if not requests:
        raise CannotWrite("question", "is missing")
    writer = SegmentWriter()
    writer.open_file(controls, "HS", VERSION)
    for number, request in enumerate(requests, start=1):
        _check(request)
        writer.open_set("270", f"{number:04d}", VERSION)
        _write(writer, request, controls)
        writer.close_set()
    writer.close_file()
    return writer.text()


def _write(writer: SegmentWriter, request: EligibilityRequest, controls: Controls) -> None:
    made = controls.made_at
    writer.add("BHT", "0022", "13", request.trace, made.date(), f"{made:%H%M}")
    writer.add("HL", 1, None, "20", 1)
    writer.add("NM1", "PR", "2", request.payer_name, *[None] * 4, "PI", request.payer_id)
    writer.add("HL", 2, 1, "21", 1)
    kind = "1" if request.provider_first_name else "2"
    writer.add(
        *("NM1", "1P", kind, request.provider_name, request.provider_first_name),
        *(None, None, None, "XX", request.provider_npi),
    )
    dependent = request.dependent
    writer.add("HL", 3, 2, "22", 0 if dependent is None else 1)
    if dependent is None:
        writer.add("TRN", 1, request.trace, request.trace_origin)
    _person(writer, "IL", request.subscriber)
    if request.group_number:
        writer.add("REF", "6P", request.group_number)
    _demographics(writer, request.subscriber)
    if dependent is not None:
        writer.add("HL", 4, 3, "23", 0)
        writer.add("TRN", 1, request.trace, request.trace_origin)
        _person(writer, "03", dependent)
        _demographics(writer, dependent)
        if request.relation is not None:
            writer.add("INS", "N", request.relation.value)
    if request.until is None or request.until == request.on:
        writer.add("DTP", "291", "D8", request.on)
    else:
        writer.add("DTP", "291", "RD8", f"{request.on:%Y%m%d}-{request.until:%Y%m%d}")
    writer.add("EQ", list(request.service_types))


def _person(writer: SegmentWriter, code: str, person: AskedPerson) -> None:
    identifier = ("MI", person.member_id) if person.member_id else (None, None)
    writer.add(
        *("NM1", code, "1", person.last_name, person.first_name, person.middle_name),
        *(None, person.suffix, *identifier),
    )


def _demographics(writer: SegmentWriter, person: AskedPerson) -> None:
    if person.birth_date is not None or person.sex in {"M", "F"}:
        qualifier = "D8" if person.birth_date else None
        sex = person.sex if person.sex in {"M", "F"} else None
        writer.add("DMG", qualifier, person.birth_date, sex)


def _check(request: EligibilityRequest) -> None:
    """Raise CannotWrite unless everything stands there and fits."""
    _fits("trace", request.trace)
    if not _ORIGIN.fullmatch(basic(request.trace_origin)):
        raise CannotWrite("trace origin", "must have ten letters or digits")
    _fits("payer name", request.payer_name)
    _fits("payer ID", request.payer_id)
    _fits("provider name", request.provider_name)
    _fits("first name", request.provider_first_name, needed=False)
    if not re.fullmatch(r"\d{10}", request.provider_npi, re.ASCII):
        raise CannotWrite("provider NPI", "must have ten digits")
    _fits("group number", request.group_number, needed=False)
    _fits("member ID", request.subscriber.member_id, needed=request.dependent is not None)
    for person in (request.subscriber, request.dependent):
        if person is not None:
            _fits("last name", person.last_name)
            _fits("first name", person.first_name, needed=False)
            _fits("middle name", person.middle_name, needed=False)
            _fits("name suffix", person.suffix, needed=False)
            _fits("member ID", person.member_id, needed=False)
    if request.until is not None and request.until < request.on:
        raise CannotWrite("last day", "is before the first")
    if not request.service_types or not all(
        re.fullmatch(r"[A-Z0-9]{1,2}", code, re.ASCII) for code in request.service_types
    ):
        raise CannotWrite("service types", "must be codes of one or two characters")


def _fits(field: str, value: str, *, needed: bool = True) -> None:
    length = len(basic(value))
    if needed and not length:
        raise CannotWrite(field, "is missing")
    if length > _LENGTHS[field]:
        raise CannotWrite(field, f"has {length} characters; {_LENGTHS[field]} fit")
