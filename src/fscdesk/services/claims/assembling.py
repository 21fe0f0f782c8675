"""Puts claims together from their sources: practice, people, policies, charges, earlier payers.

    found = contents(work, [7, 8])      # claim id → ClaimContent, in some twenty questions

What a claim itself keeps (lines, diagnoses, places, who rendered) comes from the claim; names,
addresses and ids come from where they are kept now, so that mending the source mends the claim.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from fscdesk.models.claim import Claim
from fscdesk.models.coverage import Policy
from fscdesk.models.practice import Location
from fscdesk.models.values import ZERO
from fscdesk.services.claims.content import (
    Address,
    ClaimContent,
    ContentLine,
    EarlierPayer,
)
from fscdesk.services.claims.earlier import Earlier, paid_by_client
from fscdesk.services.claims.gathering import (
    Facts,
    LineRow,
    OtherLine,
    authorization_facts,
    claims_by_id,
    diagnoses_of_claims,
    lines_of,
    other_lines,
    referral_facts,
)
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work


def contents(work: Work, claim_ids: Collection[int]) -> dict[int, ClaimContent]:
    """Return claims, complete, by id in the order of their ids.

    A claim that has lost all of its lines (its charges were taken back) is left out, and so is
    an id that is no claim's.
    """
    work.db.flush()
    claims = claims_by_id(work, claim_ids)
    lines = lines_of(work, claims)
    claims = {one: claim for one, claim in claims.items() if one in lines}
    if not claims:
        return {}
    gathered = _Gathered(work, claims, lines)
    return {one: gathered.content(claim) for one, claim in claims.items()}


def content_of(work: Work, claim_id: int) -> ClaimContent:
    """Return one claim, complete. Raises Problem when it is not there or has no line any more."""
    found = contents(work, [claim_id])
    if claim_id not in found:
        raise Problem(
            "This claim is not in the books, or nothing is left on it.",
            hint="Nothing was changed. Look at the list of claims again.",
        )
    return found[claim_id]


class _Gathered:
    """Everything that some claims are made of."""

    def __init__(
        self, work: Work, claims: Mapping[int, Claim], lines: Mapping[int, list[LineRow]]
    ) -> None:
        self._today, self._lines, self._claims = work.today(), lines, claims
        charges = [row.charge.id for one in claims for row in lines[one]]
        patients = {claim.patient_id for claim in claims.values()}
        days = [row.line.service_day for one in claims for row in lines[one]]
        self._facts = Facts(work, patients)
        self._diagnoses = diagnoses_of_claims(work, claims)
        self._paid = paid_by_client(work, charges)
        self._others = other_lines(work, patients, min(days), max(days))
        behind = [one for one, claim in claims.items() if claim.rank > 1]
        self._earlier = Earlier(work, [row.charge.id for one in behind for row in lines[one]])

    def content(self, claim: Claim) -> ClaimContent:
        """Return one claim."""
        facts, rows = self._facts, self._lines[claim.id]
        first = min(row.line.service_day for row in rows)
        policy, payer = self._policy(claim), facts.payers[claim.payer_id]
        coverage = None if policy is None else facts.coverage(policy)
        authorization = facts.authorizations.get(claim.authorization_id or 0)
        referral = facts.referrals.get(claim.referral_id or 0)
        place = facts.locations.get(claim.location_id or 0)
        doubles, nears = _doubles(claim, rows, self._others.get(claim.patient_id, ()))
        return ClaimContent(
            claim_id=claim.id,
            number=claim.number,
            status=claim.status.value,
            frequency=claim.frequency.value,
            rank=claim.rank,
            patient_id=claim.patient_id,
            patient=facts.persons[claim.patient_id],
            practice=facts.practice,
            payer=payer,
            coverage=coverage,
            rendering=facts.providers[claim.rendering_id],
            supervising=facts.providers.get(claim.supervising_id or 0),
            referral=None if referral is None else referral_facts(referral),
            facility_name="" if place is None else place.name,
            facility_npi="" if place is None else place.npi,
            facility_address=Address() if place is None else _address(place),
            place_of_service=claim.place_of_service,
            diagnoses=self._diagnoses.get(claim.id, ()),
            lines=tuple(self._line(row) for row in rows),
            authorization=None if authorization is None else authorization_facts(authorization),
            others=self._other_payers(claim, policy, rows, first),
            original_number=claim.original_number,
            note=claim.note,
            total=claim.total,
            today=self._today,
            held_for=claim.held_for,
            wait_for=claim.wait_for,
            hold_claims=facts.patients[claim.patient_id].hold_claims,
            crossed_over=claim.crossed_over,
            first_sent_on=claim.first_sent_on,
            denied_on=claim.denied_on,
            answered_on=claim.answered_on,
            doubles=doubles,
            nears=nears,
            assignment="A" if payer.accepts_assignment else "C",
            benefits_assigned="Y" if coverage is None or coverage.benefits_assigned else "N",
            release="Y" if coverage is None or coverage.release_signed else "",
        )

    def _policy(self, claim: Claim) -> Policy | None:
        policies = self._facts.policies.get(claim.patient_id, ())
        return next((one for one in policies if one.id == claim.policy_id), None)

    def _line(self, row: LineRow) -> ContentLine:
        line, charge, service = row.line, row.charge, row.service
        return ContentLine(
            line_id=line.id,
            position=line.position,
            charge_id=charge.id,
            session_id=line.session_id,
            service_day=line.service_day,
            code=line.code,
            service_name=service.name,
            modifiers=tuple(line.modifiers.split()),
            place_of_service=line.place_of_service,
            units=line.units,
            amount=line.amount,
            pointers=tuple(int(one) for one in line.pointers.split() if one.isdecimal()),
            minutes=service.minutes,
            service_active=service.active,
            open_insurance=charge.insurance_balance,
            patient_paid=self._paid.get(charge.id, ZERO),
            charge_voided=charge.voided_on is not None,
        )

    def _other_payers(
        self, claim: Claim, policy: Policy | None, rows: Sequence[LineRow], day: date
    ) -> tuple[EarlierPayer, ...]:
        """Return the patient's other coverages on the first day, the earlier ones with answers."""
        found = []
        positions = {row.charge.id: row.line.position for row in rows}
        for other in self._facts.in_force(claim.patient_id, day):
            if other.rank == claim.rank or (policy is not None and other.id == policy.id):
                continue
            answer = None
            if other.rank < claim.rank:
                answer = self._earlier.answer(other.payer_id, positions, rank=other.rank)
            payer = self._facts.payers[other.payer_id]
            found.append(EarlierPayer(self._facts.coverage(other), payer, answer))
        return tuple(found)


def _doubles(
    claim: Claim, rows: Sequence[LineRow], others: Sequence[OtherLine]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of claims that bill the same again, and of those that come near it.

    Another claim of the very charge is no double: it is for another payer, or corrects this one.
    One of this rank that is void, though its payer was never told, is one.
    """
    charges = {row.charge.id for row in rows}
    same: dict[str, None] = {}
    near: dict[str, None] = {}
    related = {claim.id, claim.replaces_id, claim.primary_id}
    for other in others:
        very = other.charge_id in charges and not (other.void and other.rank == claim.rank)
        if other.claim_id in related or very:
            continue
        for row in rows:
            line = row.line
            if (line.service_day, line.code) != (other.service_day, other.code):
                continue
            alike = frozenset(line.modifiers.split()) == other.modifiers
            payer = other.payer_id == claim.payer_id
            if alike and payer and other.rendering_id == claim.rendering_id:
                same[other.number] = None
            elif other.rank == claim.rank:
                near[other.number] = None
    return tuple(same), tuple(one for one in near if one not in same)


def _address(place: Location) -> Address:
    return Address(place.address, "", place.city, place.state, place.zip_code)
