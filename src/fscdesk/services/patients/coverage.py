"""Policies and diagnoses of a patient, with their dates; the one in force goes by the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.patient import Diagnosis, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.values import ZERO
from fscdesk.services.audit import record
from fscdesk.services.claims.scrubbing import rescrub
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
from fscdesk.services.patients.policy_rows import (
    RANKS,
    SUBSCRIBER_FIELDS,
    PolicyFields,
    PolicyRow,
    policies_of,
    policies_on,
    primary_payers,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.setup.numbers import sex_of, state_of, zip_of
from fscdesk.services.work import Topic, Work

__all__ = [
    "RANKS",
    "SUBSCRIBER_FIELDS",
    "DiagnosisRow",
    "PolicyFields",
    "PolicyRow",
    "add_diagnosis",
    "add_policy",
    "diagnoses_of",
    "edit_policy",
    "end_policy",
    "policies_of",
    "policies_on",
    "primary_payers",
]

_ICD = re.compile(r"[A-Z][0-9A][0-9A-Z](\.[0-9A-Z]{1,4})?")  # QA0 begins with two letters
_DOING = "change the coverage of clients"


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """A diagnosis, in the order in which a claim carries them."""

    id: int
    position: int
    code: str
    valid_from: date
    valid_to: date | None


def add_policy(work: Work, patient_id: int, fields: PolicyFields) -> int:
    """Add a policy and return its id.

    Raises Problem when one of the same rank covers a day of it already.
    """
    require(work, Right.EDIT_PATIENTS, _DOING)
    locked(work, Patient, patient_id, "this client")
    values = _checked(work, fields)
    _require_free(work, patient_id, fields, but=None)
    policy = Policy(patient_id=patient_id, **values)
    new_id = recorded_new(
        work, policy, {"patient_id": patient_id, **values}, action="add_policy", noun="policy"
    )
    work.touch(Topic.PATIENTS)
    rescrub(work, policy_id=new_id)
    return new_id


def edit_policy(work: Work, policy_id: int, fields: PolicyFields, *, expected_version: int) -> None:
    """Change a policy; sessions billed before keep what was billed, waiting claims follow."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    policy = locked(work, Policy, policy_id, "this policy")
    require_version(policy, expected_version, "this policy")
    values = _checked(work, fields)
    _require_free(work, policy.patient_id, fields, but=policy_id)
    if apply_changes(work, policy, values, action="edit_policy", noun="policy"):
        work.touch(Topic.PATIENTS)
        rescrub(work, policy_id=policy_id)


def end_policy(work: Work, policy_id: int, last_day: date, *, expected_version: int) -> None:
    """Let a policy end with ``last_day``, the last day that it covers; waiting claims follow."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    policy = locked(work, Policy, policy_id, "this policy")
    require_version(policy, expected_version, "this policy")
    if last_day < policy.valid_from:
        raise Problem(
            f"This policy begins on {policy.valid_from:%m/%d/%Y}, so it cannot end on "
            f"{last_day:%m/%d/%Y}.",
            hint="Nothing was saved. Choose a later day.",
        )
    if apply_changes(work, policy, {"valid_to": last_day}, action="end_policy", noun="policy"):
        work.touch(Topic.PATIENTS)
        rescrub(work, policy_id=policy_id)


def diagnoses_of(work: Work, patient_id: int) -> tuple[DiagnosisRow, ...]:
    """Return the diagnoses of a patient in their order, ended ones included."""
    found = work.db.scalars(
        select(Diagnosis)
        .where(Diagnosis.patient_id == patient_id)
        .order_by(Diagnosis.position, Diagnosis.id)
    )
    return tuple(_diagnosis(one) for one in found)


def add_diagnosis(work: Work, patient_id: int, code: str, *, valid_from: date) -> int:
    """Add an ICD-10-CM code behind those that the patient has, and return its id."""
    require(work, Right.EDIT_PATIENTS, "change the diagnoses of clients")
    locked(work, Patient, patient_id, "this client")
    wanted = code.strip().upper()
    if _ICD.fullmatch(wanted) is None:
        raise Problem(
            f"{code.strip() or 'Nothing'} is not an ICD-10 code.",
            hint="Nothing was saved. Write it like F41.1.",
        )
    if any(
        one.code == wanted and (one.valid_to is None or one.valid_to >= valid_from)
        for one in diagnoses_of(work, patient_id)
    ):
        raise Problem(f"{wanted} is there already.", hint="Nothing was saved.")
    last = work.db.scalar(
        select(func.max(Diagnosis.position)).where(Diagnosis.patient_id == patient_id)
    )
    values = {"code": wanted, "valid_from": valid_from}
    row = Diagnosis(patient_id=patient_id, position=(last or 0) + 1, valid_to=None, **values)
    new_id = recorded_new(
        work, row, {"patient_id": patient_id, **values}, action="add_diagnosis", noun="diagnosis"
    )
    work.touch(Topic.PATIENTS)
    return new_id


def end_diagnosis(work: Work, seen: DiagnosisRow, last_day: date) -> None:
    """Let a diagnosis end with ``last_day``."""
    require(work, Right.EDIT_PATIENTS, "change the diagnoses of clients")
    row = locked(work, Diagnosis, seen.id, "this diagnosis")
    require_unchanged(_diagnosis(row), seen, "this diagnosis")
    if last_day < row.valid_from:
        raise Problem(
            f"{row.code} holds from {row.valid_from:%m/%d/%Y}, so it cannot end on "
            f"{last_day:%m/%d/%Y}.",
            hint="Nothing was saved. Choose a later day.",
        )
    if apply_changes(work, row, {"valid_to": last_day}, action="end_diagnosis", noun="diagnosis"):
        work.touch(Topic.PATIENTS)


def order_diagnoses(work: Work, patient_id: int, wanted: Sequence[int]) -> None:
    """Put the diagnoses of a patient in this order, the first one first on a claim."""
    require(work, Right.EDIT_PATIENTS, "change the diagnoses of clients")
    locked(work, Patient, patient_id, "this client")
    now = [one.id for one in diagnoses_of(work, patient_id)]
    require_unchanged(sorted(now), sorted(wanted), "these diagnoses")
    if now == list(wanted):
        return
    for position, one in enumerate(wanted, start=1):
        work.db.get_one(Diagnosis, one).position = position
    work.db.flush()
    record(work, "order_diagnoses", "patient", patient_id, old=now, new=list(wanted))
    work.touch(Topic.PATIENTS)


def _checked(work: Work, fields: PolicyFields) -> dict[str, object]:
    if fields.rank not in RANKS:
        raise Problem("A policy is primary, secondary or tertiary.", hint="Nothing was saved.")
    if work.db.get(Payer, fields.payer_id) is None:
        raise Problem("This payer is not in the books.", hint="Nothing was saved.")
    if fields.valid_to is not None and fields.valid_to < fields.valid_from:
        raise Problem(
            f"The policy would end on {fields.valid_to:%m/%d/%Y}, before it begins on "
            f"{fields.valid_from:%m/%d/%Y}.",
            hint="Nothing was saved. Change one of the two days.",
        )
    percent = fields.coinsurance_percent
    if percent is not None and not 0 <= percent <= 100:  # noqa: PLR2004 - of a hundred
        raise Problem(
            f"{percent} % is not a share of coinsurance.",
            hint="Nothing was saved. It is from 0 to 100.",
        )
    for amount, what in ((fields.copay, "copay"), (fields.deductible, "deductible")):
        if amount is not None and amount < ZERO:
            raise Problem(f"A {what} cannot be below 0.00.", hint="Nothing was saved.")
    return {
        **values_of(fields),
        "member_id": text_of(fields.member_id, "the member id", longest=24),
        "group_number": text_of(fields.group_number, "the group number", longest=24),
        **_checked_subscriber(fields),
    }


def _checked_subscriber(fields: PolicyFields) -> dict[str, object]:
    if fields.relationship not in {one.value for one in Relationship}:
        raise Problem(
            f"{fields.relationship} is not a relationship to the subscriber.",
            hint="Nothing was saved.",
        )
    return {
        "plan_name": text_of(fields.plan_name, "the plan's name", longest=60),
        "relationship": Relationship(fields.relationship),
        "subscriber_first": text_of(fields.subscriber_first, "the first name", longest=35),
        "subscriber_last": text_of(fields.subscriber_last, "the last name", longest=60),
        "subscriber_sex": sex_of(fields.subscriber_sex),
        "subscriber_address1": text_of(fields.subscriber_address1, "the address", longest=55),
        "subscriber_city": text_of(fields.subscriber_city, "the city", longest=30),
        "subscriber_state": state_of(fields.subscriber_state),
        "subscriber_zip": zip_of(fields.subscriber_zip),
    }


def _require_free(work: Work, patient_id: int, fields: PolicyFields, *, but: int | None) -> None:
    end = fields.valid_to or date.max
    for row in policies_of(work, patient_id):
        other_end = row.valid_to or date.max
        if row.id == but or row.rank != fields.rank:
            continue
        if row.valid_from <= end and fields.valid_from <= other_end:
            last = fields.valid_from - timedelta(days=1)
            raise Problem(
                f"{row.payer} is {row.rank_word.lower()} from {row.valid_from:%m/%d/%Y}"
                + (f" to {row.valid_to:%m/%d/%Y}." if row.valid_to else " on, without an end."),
                hint=f"Nothing was saved. End that policy on {last:%m/%d/%Y} first, "
                "or choose other days.",
            )


def _diagnosis(row: Diagnosis) -> DiagnosisRow:
    return DiagnosisRow(row.id, row.position, row.code, row.valid_from, row.valid_to)
