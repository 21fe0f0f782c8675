"""Who referred a patient, ordered the services, or supervises from outside, with dates.

Claims of payers that want to know it name the one that holds on the day of service (box 17).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.claim_rule import Referral
from fscdesk.models.patient import Patient
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_unchanged,
    text_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.setup.numbers import npi_of
from fscdesk.services.work import Topic, Work

QUALIFIERS: Final[Mapping[str, str]] = MappingProxyType(
    {"DN": "Referred by", "DK": "Ordered by", "DQ": "Supervised from outside by"}
)
"""What somebody did, by the code that a claim carries."""
_DOING: Final = "change who referred a client"
_WHAT: Final = "this referral"
_NOTHING: Final = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class ReferralFields:
    """What a person types of a referral. ``valid_to`` None: it has no end."""

    qualifier: str
    last_name: str
    valid_from: date
    valid_to: date | None = None
    first_name: str = ""
    npi: str = ""


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral as the account shows it; ``name`` is first and last name."""

    id: int
    fields: ReferralFields
    name: str


def referrals_of(work: Work, patient_id: int) -> tuple[ReferralRow, ...]:
    """Return the referrals of a patient, the newest first."""
    found = work.db.scalars(
        select(Referral)
        .where(Referral.patient_id == patient_id)
        .order_by(Referral.valid_from.desc(), Referral.id.desc())
    )
    return tuple(_row(one) for one in found)


def add_referral(work: Work, patient_id: int, fields: ReferralFields) -> int:
    """Add a referral and return its id. Raises Problem for what cannot be."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    locked(work, Patient, patient_id, "this client")
    values = _checked(fields)
    row = Referral(patient_id=patient_id, **values)
    told = {"patient_id": patient_id, **values}
    new_id = recorded_new(work, row, told, action="add_referral", noun="referral")
    work.touch(Topic.PATIENTS, Topic.CLAIMS)
    return new_id


def edit_referral(work: Work, seen: ReferralRow, fields: ReferralFields) -> None:
    """Change a referral, or let it end; claims that were sent keep what was sent.

    Raises ChangedElsewhere unless it still is what the person saw.
    """
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = locked(work, Referral, seen.id, _WHAT)
    require_unchanged(_row(row), seen, _WHAT)
    if apply_changes(work, row, _checked(fields), action="edit_referral", noun="referral"):
        work.touch(Topic.PATIENTS, Topic.CLAIMS)


def _checked(fields: ReferralFields) -> dict[str, Any]:
    if fields.qualifier not in QUALIFIERS:
        raise Problem(
            "A referral says who referred, ordered, or supervised.",
            hint=f"{_NOTHING} Choose one of the three.",
        )
    if fields.valid_to is not None and fields.valid_to < fields.valid_from:
        raise Problem(
            f"The referral would end on {fields.valid_to:%m/%d/%Y}, before it begins on "
            f"{fields.valid_from:%m/%d/%Y}.",
            hint=f"{_NOTHING} Change one of the two days.",
        )
    return {
        "qualifier": fields.qualifier,
        "last_name": text_of(fields.last_name, "the last name", longest=60, required=True),
        "first_name": text_of(fields.first_name, "the first name", longest=35),
        "npi": npi_of(fields.npi) if fields.npi.strip() else "",
        "valid_from": fields.valid_from,
        "valid_to": fields.valid_to,
    }


def _row(row: Referral) -> ReferralRow:
    fields = ReferralFields(
        row.qualifier, row.last_name, row.valid_from, row.valid_to, row.first_name, row.npi
    )
    return ReferralRow(row.id, fields, f"{row.first_name} {row.last_name}".strip())
