"""Changes that a person makes to a patient: name, kind, clinician, spellings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.patient import Guarantor, Patient, PatientAlias, PatientKind
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.patients.names import alias_key, sort_name
from fscdesk.services.permissions import Right, require
from fscdesk.services.setup.numbers import sex_of, state_of, zip_of
from fscdesk.services.work import Topic, Work

SERIES = "C"
"""The number series of patients; the first has 1001. Imports take from it as well."""
FIRST = 1000
_DOING = "change clients"


@dataclass(frozen=True, slots=True)
class PatientFields:
    """What a person types of a patient.

    ``sex`` is what payers want to know: M, F or U. First and last name are how claims spell the
    name, empty where it follows from ``name``; the address is the guarantor's where it is empty.
    """

    name: str
    kind: str = PatientKind.ADULT.value
    birth_date: date | None = None
    provider_id: int | None = None
    active: bool = True
    sex: str = ""
    first_name: str = ""
    last_name: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""
    hold_claims: bool = False


def add_patient(work: Work, fields: PatientFields, *, guarantor_id: int | None = None) -> int:
    """Add a patient and return the id; without a guarantor he pays for himself.

    His name becomes a spelling that imports know.
    """
    require(work, Right.EDIT_PATIENTS, _DOING)
    values = _checked(work, fields)
    number = str(FIRST + reserve_numbers(work, SERIES, 0)[0])
    if guarantor_id is None:
        pays = Guarantor(number=f"G{number}", name=str(values["name"]))
        guarantor_id = recorded_new(
            work, pays, {"name": values["name"]}, action="add_guarantor", noun="guarantor"
        )
    else:
        locked(work, Guarantor, guarantor_id, "this guarantor")
    row = Patient(number=number, guarantor_id=guarantor_id, **values)
    told = {"number": number, "guarantor_id": guarantor_id, **values}
    new_id = recorded_new(work, row, told, action="add_patient", noun="patient")
    work.db.add(
        PatientAlias(alias=alias_key(fields.name), shown=str(values["name"]), patient_id=new_id)
    )
    work.db.flush()
    work.touch(Topic.PATIENTS)
    return new_id


def edit_patient(
    work: Work, patient_id: int, fields: PatientFields, *, expected_version: int
) -> None:
    """Change a patient. The old name stays a spelling that imports know."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = locked(work, Patient, patient_id, "this client")
    require_version(row, expected_version, "this client")
    if apply_changes(work, row, _checked(work, fields), action="edit_patient", noun="patient"):
        work.touch(Topic.PATIENTS)


def add_alias(work: Work, patient_id: int, shown: str, *, provider_id: int | None = None) -> int:
    """Let a spelling mean this patient (with one clinician only, if given); return its id.

    Raises Problem when it means him already. That it may mean somebody else as well is
    no fault: two people can have one name, and an import asks then.
    """
    require(work, Right.EDIT_PATIENTS, _DOING)
    patient = locked(work, Patient, patient_id, "this client")
    text = text_of(shown, "the spelling", required=True)
    key = alias_key(text)
    if not key:
        raise Problem(f"{text} holds no letters to compare.", hint="Nothing was saved.")
    if provider_id is not None:
        locked(work, Provider, provider_id, "this clinician")
    known = select(PatientAlias.id).where(
        PatientAlias.alias == key,
        PatientAlias.patient_id == patient_id,
        PatientAlias.provider_id.is_not_distinct_from(provider_id),
    )
    if work.db.scalar(known) is not None:
        raise Problem(f"{text} means {patient.name} already.", hint="Nothing was saved.")
    row = PatientAlias(alias=key, shown=text, patient_id=patient_id, provider_id=provider_id)
    told = {"shown": text, "patient_id": patient_id, "provider_id": provider_id}
    new_id = recorded_new(work, row, told, action="add_alias", noun="patient_alias")
    work.touch(Topic.PATIENTS)
    return new_id


def remove_alias(work: Work, alias_id: int, *, of_patient: int) -> None:
    """Let a spelling no longer mean this patient; the next import asks who it is."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = _alias(work, alias_id, of_patient)
    shown = row.shown
    work.db.delete(row)
    work.db.flush()
    record(
        work,
        "remove_alias",
        "patient_alias",
        alias_id,
        old={"shown": shown, "patient_id": of_patient},
    )
    work.touch(Topic.PATIENTS)


def move_alias(work: Work, alias_id: int, *, of_patient: int, to_patient: int) -> None:
    """Let a spelling mean another patient from now on; sessions stay where they are."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = _alias(work, alias_id, of_patient)
    other = locked(work, Patient, to_patient, "the other client")
    known = select(PatientAlias.id).where(
        PatientAlias.alias == row.alias,
        PatientAlias.patient_id == to_patient,
        PatientAlias.provider_id.is_not_distinct_from(row.provider_id),
    )
    if work.db.scalar(known) is not None:
        raise Problem(
            f"{row.shown} means {other.name} already.",
            hint="Nothing was changed. Remove it here instead.",
        )
    apply_changes(work, row, {"patient_id": to_patient}, action="move_alias", noun="patient_alias")
    work.touch(Topic.PATIENTS)


def _alias(work: Work, alias_id: int, of_patient: int) -> PatientAlias:
    row = work.db.get(PatientAlias, alias_id, with_for_update=True, populate_existing=True)
    if row is None or row.patient_id != of_patient:
        raise ChangedElsewhere(
            "Someone else removed or moved this spelling first.",
            hint="Nothing was changed. Look at the list again.",
        )
    return row


def _checked(work: Work, fields: PatientFields) -> dict[str, object]:
    name = text_of(fields.name, "the name", required=True)
    if fields.kind not in set(PatientKind):
        raise Problem(f"{fields.kind} is not a kind of client.", hint="Nothing was saved.")
    if fields.birth_date is not None and fields.birth_date > work.today():
        raise Problem(
            f"{fields.birth_date:%m/%d/%Y} has not come yet.",
            hint="Nothing was saved. Change the date of birth.",
        )
    if fields.provider_id is not None and work.db.get(Provider, fields.provider_id) is None:
        raise Problem("This clinician is not in the books.", hint="Nothing was saved.")
    return {
        "name": name,
        "sort_name": sort_name(name),
        "kind": PatientKind(fields.kind),
        "birth_date": fields.birth_date,
        "provider_id": fields.provider_id,
        "active": fields.active,
        "sex": sex_of(fields.sex),
        "first_name": text_of(fields.first_name, "the first name", longest=35),
        "last_name": text_of(fields.last_name, "the last name", longest=60),
        "address1": text_of(fields.address1, "the address"),
        "address2": text_of(fields.address2, "the second line of the address"),
        "city": text_of(fields.city, "the city"),
        "state": state_of(fields.state),
        "zip_code": zip_of(fields.zip_code),
        "phone": text_of(fields.phone, "the phone number"),
        "hold_claims": fields.hold_claims,
    }
