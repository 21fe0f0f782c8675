"""The practice itself and its locations: what stands on letterheads and claims."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from fscdesk.models.practice import Location, Practice
from fscdesk.models.session import Session
from fscdesk.services.bulk import CHUNK, run_many
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_unchanged,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions.times import Moments
from fscdesk.services.setup.numbers import (
    email_of,
    npi_of,
    state_of,
    tax_id_of,
    taxonomy_of,
    zip_of,
)
from fscdesk.services.work import Topic, Work

TAX_ID_KINDS = {"EI": "Employer's number (EIN)", "SY": "Social security number"}
_DOING = "change the practice"
_PLACE_OF_SERVICE = re.compile(r"\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PracticeFields:
    """What a person types of the practice. ``zone`` is an IANA name; ``hours`` is free text.

    ``tax_id_kind`` says what the tax id is: ``EI`` of an employer, ``SY`` a social security number.
    """

    name: str
    zone: str
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    npi: str = ""
    tax_id: str = ""
    tax_id_kind: str = "EI"
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """The practice as it stands, with the version that a change must name."""

    fields: PracticeFields
    version: int


@dataclass(frozen=True, slots=True)
class LocationFields:
    """A place of service; ``place_of_service`` is the two-digit code of a claim."""

    name: str
    place_of_service: str = "11"
    address: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    npi: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A location as the list shows it; a change names the row that was seen."""

    id: int
    fields: LocationFields


def practice(work: Work) -> PracticeRow:
    """Return the practice of these books."""
    row = work.db.get_one(Practice, 1)
    names = PracticeFields.__dataclass_fields__
    return PracticeRow(PracticeFields(**{name: getattr(row, name) for name in names}), row.version)


def edit_practice(work: Work, fields: PracticeFields, *, expected_version: int) -> None:
    """Change the practice.

    Another zone moves the moments of its sessions, not their clock: a session at nine stays
    at nine. The program takes the zone up when it opens the books again.
    """
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Practice, 1, "this practice")
    require_version(row, expected_version, "the practice")
    values = {
        **values_of(fields),
        "name": text_of(fields.name, "the practice's name", required=True),
        "zone": zone_name_of(fields.zone),
        "address1": text_of(fields.address1, "the address"),
        "address2": text_of(fields.address2, "the second line of the address"),
        "city": text_of(fields.city, "the city"),
        "state": state_of(fields.state),
        "zip_code": zip_of(fields.zip_code),
        "phone": text_of(fields.phone, "the phone number"),
        "email": email_of(fields.email),
        "hours": text_of(fields.hours, "the office hours"),
        "npi": npi_of(fields.npi),
        "tax_id": tax_id_of(fields.tax_id),
        "tax_id_kind": _tax_id_kind(fields.tax_id_kind),
        "taxonomy": taxonomy_of(fields.taxonomy),
    }
    changed = apply_changes(work, row, values, action="edit_practice", noun="practice")
    if "zone" in changed:
        _move_moments(work, ZoneInfo(row.zone))
    if changed:
        work.touch(Topic.PRACTICE)


def _tax_id_kind(kind: str) -> str:
    if kind not in TAX_ID_KINDS:
        raise Problem(f"{kind} is not a kind of tax id.", hint="Nothing was saved.")
    return kind


def zone_name_of(text: str) -> str:
    """Return the name of a time zone. Raises Problem when there is none of that name."""
    name = text.strip()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Problem(
            f"{name or 'Nothing'} is not a time zone.",
            hint="Nothing was saved. Write it like America/New_York.",
        ) from None
    return name


def locations(work: Work) -> tuple[LocationRow, ...]:
    """Return every location by name, inactive ones last."""
    found = work.db.scalars(select(Location).order_by(Location.name, Location.id))
    rows = [_location(one) for one in found]
    return tuple(sorted(rows, key=lambda row: not row.fields.active))


def add_location(work: Work, fields: LocationFields) -> int:
    """Add a location and return its id."""
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields, but=None)
    new_id = recorded_new(work, Location(**values), values, action="add_location", noun="location")
    work.touch(Topic.PRACTICE)
    return new_id


def edit_location(work: Work, seen: LocationRow, fields: LocationFields) -> None:
    """Change a location; one that is not used any more is made inactive, never deleted."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Location, seen.id, "this location")
    require_unchanged(_location(row), seen, "this location")
    values = _checked(work, fields, but=seen.id)
    if apply_changes(work, row, values, action="edit_location", noun="location"):
        work.touch(Topic.PRACTICE)


def _checked(work: Work, fields: LocationFields, *, but: int | None) -> dict[str, object]:
    name = text_of(fields.name, "the location's name", required=True)
    code = fields.place_of_service.strip()
    if _PLACE_OF_SERVICE.fullmatch(code) is None:
        raise Problem(
            f"{code or 'Nothing'} is not a place of service.",
            hint="Nothing was saved. It has two digits: 11 for an office, 10 for video.",
        )
    taken = work.db.scalar(
        select(Location.id).where(Location.name == name, Location.id != (but or 0))
    )
    if taken is not None:
        raise Problem(f"There is a location {name} already.", hint="Nothing was saved.")
    return {
        "name": name,
        "place_of_service": code,
        "address": text_of(fields.address, "the address"),
        "city": text_of(fields.city, "the city"),
        "state": state_of(fields.state),
        "zip_code": zip_of(fields.zip_code),
        "npi": npi_of(fields.npi),
        "active": fields.active,
    }


def _location(row: Location) -> LocationRow:
    names = LocationFields.__dataclass_fields__
    return LocationRow(row.id, LocationFields(**{name: getattr(row, name) for name in names}))


def _move_moments(work: Work, zone: ZoneInfo) -> None:
    """Write the moment of every session anew from its day and minute, which stay."""
    moments = Moments(zone)
    times = work.db.execute(select(Session.day, Session.minute).distinct()).all()
    for start in range(0, len(times), CHUNK):
        work.job.step(start, len(times), "Moving the sessions to the new zone")
        run_many(
            work,
            "UPDATE session SET starts_at = ? WHERE day = ? AND minute = ?",
            [
                (moments.stored(day, minute), day.isoformat(), minute)
                for day, minute in times[start : start + CHUNK]
            ],
        )
    work.db.expire_all()
    work.touch(Topic.SESSIONS)
