"""Which payers cover a patient, in which rank, from when to when: read by every room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.work import Work

RANKS = {1: "Primary", 2: "Secondary", 3: "Tertiary"}


@dataclass(frozen=True, slots=True)
class PolicyFields:
    """What a person types of a policy. ``valid_to`` None: it has no end yet.

    ``relationship`` is what the patient is to the subscriber; the subscriber's fields are for
    where that is not ``self``, and an address that is empty is the patient's.
    ``benefits_assigned``: the payer's money comes to the practice (box 13); ``release_signed``:
    the practice may tell the payer what it asks (box 12), without which no claim goes.
    """

    payer_id: int
    rank: int
    member_id: str
    valid_from: date
    valid_to: date | None = None
    group_number: str = ""
    copay: Money | None = None
    coinsurance_percent: int | None = None
    deductible: Money | None = None
    plan_name: str = ""
    relationship: str = Relationship.SELF.value
    subscriber_first: str = ""
    subscriber_last: str = ""
    subscriber_birth: date | None = None
    subscriber_sex: str = ""
    subscriber_address1: str = ""
    subscriber_city: str = ""
    subscriber_state: str = ""
    subscriber_zip: str = ""
    benefits_assigned: bool = True
    release_signed: bool = True


SUBSCRIBER_FIELDS = (
    *("plan_name", "relationship", "subscriber_first", "subscriber_last", "subscriber_birth"),
    *("subscriber_sex", "subscriber_address1", "subscriber_city", "subscriber_state"),
    *("subscriber_zip", "benefits_assigned", "release_signed"),
)
"""What claims need of a policy beyond its ids: the same on the row and on the form."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as the account shows it."""

    id: int
    payer_id: int
    payer: str
    rank: int
    rank_word: str
    member_id: str
    group_number: str
    valid_from: date
    valid_to: date | None
    copay: Money | None
    coinsurance_percent: int | None
    deductible: Money | None
    version: int
    plan_name: str = ""
    relationship: str = Relationship.SELF.value
    subscriber_first: str = ""
    subscriber_last: str = ""
    subscriber_birth: date | None = None
    subscriber_sex: str = ""
    subscriber_address1: str = ""
    subscriber_city: str = ""
    subscriber_state: str = ""
    subscriber_zip: str = ""
    benefits_assigned: bool = True
    release_signed: bool = True


def policies_of(work: Work, patient_id: int) -> tuple[PolicyRow, ...]:
    """Return all policies of a patient: by rank, the newest first."""
    rows = _policies(work, patient_id)
    newest = sorted(rows, key=lambda row: row.valid_from, reverse=True)
    return tuple(sorted(newest, key=lambda row: row.rank))


def policies_on(work: Work, patient_id: int, day: date) -> tuple[PolicyRow, ...]:
    """Return the policies in force on a day, the primary first."""
    return tuple(
        row
        for row in policies_of(work, patient_id)
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    )


def primary_payers(work: Work, day: date) -> dict[int, int]:
    """Return the primary payer of each patient who is covered on a day."""
    found = work.db.execute(
        select(Policy.patient_id, Policy.payer_id)
        .where(
            Policy.rank == 1,
            Policy.valid_from <= day,
            or_(Policy.valid_to.is_(None), Policy.valid_to >= day),
        )
        .order_by(Policy.valid_from)
    )
    return {row[0]: row[1] for row in found}


def _policies(work: Work, patient_id: int) -> list[PolicyRow]:
    found = work.db.execute(
        select(Policy, Payer.short_name)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(Policy.patient_id == patient_id)
        .order_by(Policy.id)
    )
    return [
        PolicyRow(
            id=policy.id,
            payer_id=policy.payer_id,
            payer=payer,
            rank=policy.rank,
            rank_word=RANKS[policy.rank],
            member_id=policy.member_id,
            group_number=policy.group_number,
            valid_from=policy.valid_from,
            valid_to=policy.valid_to,
            copay=policy.copay,
            coinsurance_percent=policy.coinsurance_percent,
            deductible=policy.deductible,
            version=policy.version,
            **{name: getattr(policy, name) for name in SUBSCRIBER_FIELDS},
        )
        for policy, payer in found
    ]
