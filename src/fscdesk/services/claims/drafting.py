"""Makes drafts of sessions: policy of the day, place, people, authorization, after the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.claim_rule import Referral, RuleAct
from fscdesk.models.coverage import Authorization, Counts, Policy
from fscdesk.models.patient import Diagnosis
from fscdesk.models.session import Session
from fscdesk.services.authorization_uses import quantity_of
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claims.build_plan import LineChange, PlannedClaim
from fscdesk.services.claims.content import ProviderFacts
from fscdesk.services.claims.gathering import Facts
from fscdesk.services.claims.grouping import DraftLine, DraftSession, Group
from fscdesk.services.claims.payer_rules import Ran, Subject, age_on, read_rules, run_rules
from fscdesk.services.claims.policies import default_place
from fscdesk.services.claims.supervising import Supervisors
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

LONGEST_HOLD: Final = 300
"""So much fits of why a claim is held."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session that goes on a claim: what is billed of it, and under which policy.

    ``primary_id`` is the claim of the payer before, for a later payer's.
    """

    session: Session
    charges: tuple[Charge, ...]
    policy: Policy
    primary_id: int | None = None


class Drafting:
    """Everything that drafts of these patients need, read once."""

    def __init__(self, work: Work, patient_ids: Collection[int]) -> None:
        self.facts = Facts(work, patient_ids)
        self._rules = read_rules(work)
        self._supervisors = Supervisors(work)
        self._default_place = default_place(work)
        self._diagnoses: dict[int, list[Diagnosis]] = defaultdict(list)
        for row in work.db.scalars(
            select(Diagnosis)
            .where(among(work, Diagnosis.patient_id, patient_ids))
            .order_by(Diagnosis.position, Diagnosis.id)
        ):
            self._diagnoses[row.patient_id].append(row)
        self._left = _left_of(work, self.facts.authorizations.values())

    def drafts(self, wanted: Iterable[Wanted]) -> list[DraftSession | Wanted]:
        """Return a draft for each session; one whose place is not known comes back as it is.

        They are looked at in the order of days, so that the earliest get the authorization that
        ends first.
        """
        order = sorted(
            wanted, key=lambda one: (one.session.day, one.session.minute, one.session.id)
        )
        return [self._draft(one) for one in order]

    def planned(self, group: Group) -> PlannedClaim:
        """Return the claim that a group of drafts would become."""
        first, facts = group.sessions[0], self.facts
        policy = next(one for one in facts.policies[first.patient_id] if one.id == first.policy_id)
        patient = facts.patients[first.patient_id]
        lines = group.lines()
        held = [words for one in group.sessions for words in one.held_for]
        if patient.hold_claims:
            held.insert(0, f"Claims of {patient.name} are held back.")
        return PlannedClaim(
            key=f"{first.policy_id}:{lines[0].charge_id}",
            patient_id=patient.id,
            patient=patient.name,
            payer_id=policy.payer_id,
            payer=facts.payers[policy.payer_id].name,
            policy_id=policy.id,
            rank=first.rank,
            rendering_id=first.rendering_id,
            rendering=full_name(facts.providers[first.rendering_id]),
            supervising_id=first.supervising_id,
            referral_id=first.referral_id,
            authorization_id=first.authorization_id,
            location_id=group.location_id,
            place_of_service=group.place_of_service,
            note=next((one.note for one in group.sessions if one.note), ""),
            diagnoses=group.diagnoses(),
            lines=lines,
            changes=tuple(
                change for one in group.sessions for line in one.lines for change in line.changes
            ),
            will_stop=" ".join(dict.fromkeys(held)),
            primary_id=first.primary_id,
            held_for=" ".join(
                dict.fromkeys(words for one in group.sessions for words in one.held_before)
            )[:LONGEST_HOLD],
        )

    def _draft(self, one: Wanted) -> DraftSession | Wanted:
        diagnoses = self._on(one.session.patient_id, one.session.day)
        ran = [run_rules(self._rules, self._subject(one, each, diagnoses)) for each in one.charges]
        if not all(each.subject.place_of_service for each in ran):
            return one
        first = ran[0].subject
        session = one.session
        supervising = first.supervising_id
        return DraftSession(
            session_id=session.id,
            patient_id=session.patient_id,
            day=session.day,
            minute=session.minute,
            policy_id=one.policy.id,
            rank=one.policy.rank,
            rendering_id=first.rendering_id,
            supervising_id=None if supervising == first.rendering_id else supervising,
            referral_id=self._referral(one),
            authorization_id=self._authorize(one, ran) if first.authorization else None,
            location_id=session.location_id,
            note=next((each.subject.note for each in ran if each.subject.note), ""),
            diagnoses=diagnoses,
            lines=tuple(_line(charge, each) for charge, each in zip(one.charges, ran, strict=True)),
            held_for=tuple(
                said.message for each in ran for said in each.said if said.act is RuleAct.HOLD
            ),
            held_before=tuple(said.message for each in ran for said in each.left),
            primary_id=one.primary_id,
        )

    def _subject(self, one: Wanted, charge: Charge, diagnoses: tuple[str, ...]) -> Subject:
        session, payer = one.session, self.facts.payers[one.policy.payer_id]
        rendering = charge.provider_id or session.provider_id
        place = self.facts.locations.get(session.location_id or 0)
        return Subject(
            day=session.day,
            code=charge.code,
            modifiers=tuple(charge.modifiers.upper().split()),
            place_of_service=self._default_place if place is None else place.place_of_service,
            units=charge.units,
            diagnoses=diagnoses,
            payer_id=payer.id,
            public_program=payer.public_program,
            rank=one.policy.rank,
            rendering_id=rendering,
            credentials=self.facts.providers[rendering].credentials,
            supervisor_id=self._supervisors.of(rendering, session.day),
            location_id=session.location_id,
            age=age_on(self.facts.patients[session.patient_id].birth_date, session.day),
        )

    def _on(self, patient_id: int, day: date) -> tuple[str, ...]:
        """Return the diagnoses of a patient on a day, the first one first."""
        codes = (
            one.code
            for one in self._diagnoses.get(patient_id, ())
            if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
        )
        return tuple(dict.fromkeys(codes))

    def _referral(self, one: Wanted) -> int | None:
        """Return who referred on that day, where the payer wants to know."""
        if not self.facts.payers[one.policy.payer_id].wants_referral:
            return None
        found: list[Referral] = [
            row
            for row in self.facts.referrals.values()
            if row.patient_id == one.session.patient_id
            and row.valid_from <= one.session.day
            and (row.valid_to is None or one.session.day <= row.valid_to)
        ]
        return max(found, key=lambda row: (row.valid_from, row.id)).id if found else None

    def _authorize(self, one: Wanted, ran: Sequence[Ran]) -> int | None:
        """Take a session's visits or units of the authorization that ends first, and name it."""
        found = sorted(
            (
                row
                for row in self.facts.authorizations.values()
                if row.patient_id == one.session.patient_id
                and row.payer_id == one.policy.payer_id
                and row.valid_from <= one.session.day <= row.valid_to
            ),
            key=lambda row: (row.valid_to, row.id),
        )
        for row in found:
            codes = row.code.split()
            needed = sum(
                quantity_of(codes, row.counts, each.subject.code, each.subject.units)
                for each in ran
            )
            if needed and needed <= self._left[row.id]:
                self._left[row.id] -= needed
                return row.id
        return None


def full_name(person: ProviderFacts) -> str:
    """Return a clinician's name as people read it."""
    return f"{person.first_name} {person.last_name}".strip()


def _line(charge: Charge, ran: Ran) -> DraftLine:
    return DraftLine(
        charge_id=charge.id,
        code=ran.subject.code,
        modifiers=ran.subject.modifiers,
        place_of_service=ran.subject.place_of_service,
        units=charge.units,
        amount=charge.amount,
        changes=tuple(LineChange(charge.id, one) for one in ran.changes),
    )


def _left_of(work: Work, authorizations: Iterable[Authorization]) -> dict[int, int]:
    """Return what is left of authorizations once the claims that wait have taken theirs."""
    rows = {row.id: row for row in authorizations}
    left = {row.id: row.granted - row.used for row in rows.values()}
    waiting = work.db.execute(
        select(Claim.authorization_id, ClaimLine.code, func.sum(ClaimLine.units), func.count())
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(among(work, Claim.authorization_id, rows), Claim.status.in_(UNSENT))
        .group_by(Claim.authorization_id, ClaimLine.code)
    )
    for one, code, units, lines in waiting:
        if one is not None and quantity_of(rows[one].code.split(), rows[one].counts, code, 1):
            left[one] -= int(units) if rows[one].counts is Counts.UNITS else lines
    return left
