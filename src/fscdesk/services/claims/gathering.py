"""Reads what claims are made of, each table once for any number of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.claim import (
    Claim,
    ClaimDiagnosis,
    ClaimLine,
    ClaimStatus,
    ClaimStatusHistory,
    Frequency,
)
from fscdesk.models.claim_rule import Referral
from fscdesk.models.coverage import Authorization, Policy, Relationship
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.services.claim_standing import SAYS, holding
from fscdesk.services.claims.content import (
    Address,
    AuthorizationFacts,
    CoverageFacts,
    PayerFacts,
    Person,
    PracticeFacts,
    ProviderFacts,
    ReferralFacts,
)
from fscdesk.services.claims.names import spelled
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

R = TypeVar("R")


_SSN = "SY"
"""``Practice.tax_id_kind`` of a social security number."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A claim's line with the charge and the service that it bills."""

    line: ClaimLine
    charge: Charge
    service: Service


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A line of another standing claim of the same patient, for finding doubles."""

    claim_id: int
    number: str
    payer_id: int
    rank: int
    rendering_id: int
    charge_id: int
    service_day: date
    code: str
    modifiers: frozenset[str]
    void: bool = False


def claims_by_id(work: Work, claim_ids: Collection[int]) -> dict[int, Claim]:
    """Return claims by their ids, as they are; those that are not there are left out."""
    rows = work.db.scalars(select(Claim).where(among(work, Claim.id, claim_ids)).order_by(Claim.id))
    return {row.id: row for row in rows}


def lines_of(work: Work, claim_ids: Collection[int]) -> dict[int, list[LineRow]]:
    """Return the lines of claims in their order."""
    found: dict[int, list[LineRow]] = defaultdict(list)
    for line, charge, service in work.db.execute(
        select(ClaimLine, Charge, Service)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .join(Service, Service.id == Charge.service_id)
        .where(among(work, ClaimLine.claim_id, claim_ids))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    ):
        found[line.claim_id].append(LineRow(line, charge, service))
    return found


def diagnoses_of_claims(work: Work, claim_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the codes of claims, the principal one first."""
    found: dict[int, list[str]] = defaultdict(list)
    for claim_id, code in work.db.execute(
        select(ClaimDiagnosis.claim_id, ClaimDiagnosis.code)
        .where(among(work, ClaimDiagnosis.claim_id, claim_ids))
        .order_by(ClaimDiagnosis.claim_id, ClaimDiagnosis.position)
    ):
        found[claim_id].append(code)
    return {claim_id: tuple(codes) for claim_id, codes in found.items()}


def by_id(rows: Iterable[R]) -> dict[int, R]:
    """Return rows by their id."""
    return {getattr(row, "id"): row for row in rows}  # noqa: B009 - every table has one


class Facts:
    """Practice, people, payers, policies and places: what the claims of some patients name."""

    def __init__(self, work: Work, patient_ids: Collection[int]) -> None:
        db = work.db
        self.providers = {row.id: provider_facts(row) for row in db.scalars(select(Provider))}
        self.practice = _practice(db.get_one(Practice, 1), self.providers.values())
        self.payers = {row.id: payer_facts(row) for row in db.scalars(select(Payer))}
        self.locations = by_id(db.scalars(select(Location)))
        self.patients: dict[int, Patient] = {}
        self.persons: dict[int, Person] = {}
        for patient, guarantor in db.execute(
            select(Patient, Guarantor)
            .join(Guarantor, Guarantor.id == Patient.guarantor_id)
            .where(among(work, Patient.id, patient_ids))
        ):
            self.patients[patient.id] = patient
            self.persons[patient.id] = patient_person(patient, guarantor)
        self.policies: dict[int, list[Policy]] = defaultdict(list)
        for policy in db.scalars(
            select(Policy)
            .where(among(work, Policy.patient_id, patient_ids))
            .order_by(Policy.rank, Policy.valid_from, Policy.id)
        ):
            self.policies[policy.patient_id].append(policy)
        self.authorizations = by_id(
            db.scalars(
                select(Authorization).where(among(work, Authorization.patient_id, patient_ids))
            )
        )
        self.referrals = by_id(
            db.scalars(select(Referral).where(among(work, Referral.patient_id, patient_ids)))
        )

    def coverage(self, policy: Policy) -> CoverageFacts:
        """Return a policy as a claim carries it; an empty address is the patient's."""
        patient = self.persons[policy.patient_id]
        return CoverageFacts(
            policy_id=policy.id,
            payer_id=policy.payer_id,
            rank=policy.rank,
            member_id=policy.member_id,
            group_number=policy.group_number,
            plan_name=policy.plan_name,
            relationship=policy.relationship.value,
            subscriber=_subscriber(policy, patient),
            valid_from=policy.valid_from,
            valid_to=policy.valid_to,
            benefits_assigned=policy.benefits_assigned,
            release_signed=policy.release_signed,
        )

    def in_force(self, patient_id: int, day: date) -> list[Policy]:
        """Return the policies of a patient on a day, by rank."""
        return [one for one in self.policies.get(patient_id, ()) if holds(one, day)]


def holds(row: Policy, day: date) -> bool:
    """Return whether a policy covers a day."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def patient_person(patient: Patient, guarantor: Guarantor) -> Person:
    """Return a patient as a claim names him; an empty address or phone is the guarantor's."""
    name = spelled(patient.name, patient.first_name, patient.last_name)
    own = Address(patient.address1, patient.address2, patient.city, patient.state, patient.zip_code)
    paying = Address(
        guarantor.address1, guarantor.address2, guarantor.city, guarantor.state, guarantor.zip_code
    )
    return Person(
        last_name=name.last,
        first_name=name.first,
        middle_name=name.middle,
        suffix=name.suffix,
        birth_date=patient.birth_date,
        sex=patient.sex,
        address=own or paying,
        phone=patient.phone or guarantor.phone,
    )


def provider_facts(row: Provider) -> ProviderFacts:
    """Return a clinician as a claim names him."""
    name = spelled(row.name, row.first_name, row.last_name)
    last = f"{name.last} {name.suffix}".strip()
    return ProviderFacts(
        id=row.id,
        last_name=last,
        first_name=name.first,
        npi=row.npi,
        taxonomy=row.taxonomy,
        licence=row.licence,
        credentials=row.credentials,
        active=row.active,
    )


def payer_facts(row: Payer) -> PayerFacts:
    """Return a payer as a claim names it."""
    return PayerFacts(
        id=row.id,
        name=row.name,
        payer_code=row.payer_code,
        filing_indicator=row.filing_indicator,
        route=row.route.value,
        address=Address(row.address1, row.address2, row.city, row.state, row.zip_code),
        filing_days=row.filing_days,
        corrected_days=row.corrected_days,
        appeal_days=row.appeal_days,
        needs_authorization=row.needs_authorization,
        wants_referral=row.wants_referral,
        member_id_pattern=row.member_id_pattern,
        public_program=row.public_program,
        active=row.active,
        accepts_assignment=row.accepts_assignment,
    )


def authorization_facts(row: Authorization) -> AuthorizationFacts:
    """Return an authorization as a claim names it."""
    return AuthorizationFacts(
        id=row.id,
        number=row.number,
        codes=tuple(row.code.split()),
        counts=row.counts.value,
        left=row.granted - row.used,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def referral_facts(row: Referral) -> ReferralFacts:
    """Return a referral as a claim names it."""
    return ReferralFacts(row.qualifier, row.last_name, row.first_name, row.npi)


def other_lines(
    work: Work, patient_ids: Collection[int], first: date, last: date
) -> Mapping[int, list[OtherLine]]:
    """Return, by patient, the lines of what payers are billed between two days.

    A claim that a person closed, or made void after it was sent, counts: the payer has it. What
    takes another claim back (frequency 8), what was replaced or taken back by one that was sent,
    and what stands on a voided charge, is no double of anything.
    """
    found: dict[int, list[OtherLine]] = defaultdict(list)
    for row in work.db.execute(
        select(
            Claim.patient_id,
            Claim.id,
            Claim.number,
            Claim.status,
            Claim.payer_id,
            Claim.rank,
            Claim.rendering_id,
            ClaimLine.charge_id,
            ClaimLine.service_day,
            ClaimLine.code,
            ClaimLine.modifiers,
        )
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(
            among(work, Claim.patient_id, patient_ids),
            or_(holding(), _void_by_hand()),
            ClaimLine.service_day.between(first, last),
            Charge.voided_on.is_(None),
        )
        .order_by(Claim.id, ClaimLine.position)
    ):
        found[row.patient_id].append(
            OtherLine(
                row.id,
                row.number,
                row.payer_id,
                row.rank,
                row.rendering_id,
                row.charge_id,
                row.service_day,
                row.code,
                frozenset(row.modifiers.split()),
                row.status is ClaimStatus.VOID,
            )
        )
    return found


def _practice(row: Practice, clinicians: Iterable[ProviderFacts]) -> PracticeFacts:
    owner = _owner(row, clinicians)
    return PracticeFacts(
        name=row.name,
        npi=row.npi,
        tax_id=row.tax_id,
        tax_id_kind=row.tax_id_kind,
        taxonomy=row.taxonomy,
        address=Address(row.address1, row.address2, row.city, row.state, row.zip_code),
        phone=row.phone,
        owner_last="" if owner is None else owner.last_name,
        owner_first="" if owner is None else owner.first_name,
    )


def _owner(row: Practice, clinicians: Iterable[ProviderFacts]) -> ProviderFacts | None:
    """Return the clinician who bills under their own NPI, where one does.

    It is the only one with the billing NPI; where the tax id is a person's, also the only one of
    the practice, unless that one has another NPI: nobody has two.
    """
    known = list(clinicians)
    own = [one for one in known if one.npi and one.npi == row.npi]
    if not own and row.tax_id_kind == _SSN:
        active = [one for one in known if one.active]
        own = active if not any(one.npi for one in active) else []
    return own[0] if len(own) == 1 else None


def _subscriber(policy: Policy, patient: Person) -> Person:
    if policy.relationship is Relationship.SELF:
        return patient
    own = Address(
        policy.subscriber_address1,
        "",
        policy.subscriber_city,
        policy.subscriber_state,
        policy.subscriber_zip,
    )
    name = spelled(
        f"{policy.subscriber_first} {policy.subscriber_last}",
        policy.subscriber_first,
        policy.subscriber_last,
    )
    return Person(
        last_name=name.last,
        first_name=name.first,
        suffix=name.suffix,
        birth_date=policy.subscriber_birth,
        sex=policy.subscriber_sex,
        address=own or patient.address,
    )


def _void_by_hand() -> ColumnElement[bool]:
    """Return the condition that a claim is void which a payer has, and that none took back.

    It went from where a payer had it, and neither stands a sent claim in its place.
    """
    at_payer = {ClaimStatus.CLOSED, *SAYS} - {ClaimStatus.REJECTED}
    other = aliased(Claim)
    went = exists().where(
        ClaimStatusHistory.claim_id == Claim.id,
        ClaimStatusHistory.new == ClaimStatus.VOID.value,
        ClaimStatusHistory.old.in_(sorted(one.value for one in at_payer)),
    )
    taken = exists().where(
        other.replaces_id == Claim.id,
        other.status.in_([*SAYS, ClaimStatus.CLOSED]),
        other.status != ClaimStatus.REJECTED,
    )
    return and_(Claim.status == ClaimStatus.VOID, Claim.frequency != Frequency.VOID, went, ~taken)
