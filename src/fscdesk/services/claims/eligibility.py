"""Asks payers about coverage (270), and lists what was asked and answered.

    asked = ask_eligibility(work, patient_id)         # the question, kept with its trace
    eligibility_of(work, patient_id)                  # what came back, newest first

Answers are read by ``eligibility_reading.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, select

from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.eligibility import EligibilityCheck, EligibilityFact
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.claims import controls, policies
from fscdesk.services.claims.content import CoverageFacts, Person
from fscdesk.services.claims.gathering import Facts
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work
from fscdesk.services.x12.eligibility_270 import (
    AskedPerson,
    EligibilityRequest,
    Relation,
    write_270,
)
from fscdesk.services.x12.professional import CannotWrite
from fscdesk.services.x12.writing import Controls

__all__ = [
    "Asked",
    "EligibilityDetail",
    "EligibilityRow",
    "FactRow",
    "ask_eligibility",
    "eligibility_detail",
    "eligibility_of",
]

SERIES: Final = "ELG"
DOING: Final = "ask payers about coverage"
_RELATIONS: Final = {
    Relationship.SPOUSE.value: Relation.SPOUSE,
    Relationship.CHILD.value: Relation.CHILD,
    Relationship.OTHER.value: Relation.OTHER,
}
_REMAINING: Final = frozenset({"29", "33"})
_SO_FAR: Final = frozenset({"24"})
_WANTED: Final = ("MH", "A8", "A6", "CF", "A4", "98", "96", "30", "")
"""Service types by how well they fit an office of psychotherapy; "" is the whole plan."""
_NETWORKS: Final = ("in", "any", "unknown", "out")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was written; ``text`` is its file (270)."""

    check_id: int
    trace: str
    payer: str
    service_day: date
    file_name: str
    text: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One thing that an answer says; ``words`` say it whole."""

    kind: str
    service: str
    level: str
    network: str
    period: str
    amount: Money | None
    percent: int | None
    quantity: int | None
    words: str

    @property
    def is_remaining(self) -> bool:
        """Return whether it is what is left, not the whole."""
        return self.period in _REMAINING


@dataclass(frozen=True, slots=True)
class EligibilityRow:
    """A question with its answer's figures for mental health in the network.

    ``active`` is None while nothing was answered, or where the answer does not say; ``refusal``
    says why a payer did not answer. Figures that the answer does not name are None.
    """

    id: int
    trace: str
    patient_id: int
    patient: str
    policy_id: int
    payer: str
    member_id: str
    service_day: date
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    active: bool | None
    plan_name: str
    refusal: str
    copay: Money | None = None
    coinsurance_percent: int | None = None
    deductible: Money | None = None
    deductible_left: Money | None = None
    out_of_pocket_left: Money | None = None
    visits: int | None = None
    visits_left: int | None = None


@dataclass(frozen=True, slots=True)
class EligibilityDetail:
    """A question with all that its answer says, and both texts as they went and came."""

    row: EligibilityRow
    facts: tuple[FactRow, ...]
    request: str
    answer: str


def ask_eligibility(
    work: Work, patient_id: int, *, policy_id: int | None = None, day: date | None = None
) -> Asked:
    """Write the question whether a policy holds on a day, and keep it until the answer comes.

    Without ``policy_id`` it is the primary one of that day, today where no day is given. Raises
    Problem where there is none, or where something is missing that the question needs.
    """
    require(work, Right.MAKE_CLAIMS, DOING)
    on = day or work.today()
    facts = Facts(work, [patient_id])
    policy = _policy(facts, patient_id, policy_id, on)
    payer, practice = facts.payers[policy.payer_id], facts.practice
    sender = policies.sender(work, practice=practice.name, phone=practice.phone)
    if sender.lacks:
        raise Problem(
            f"Setup has {sender.lacks} for files to the clearinghouse.",
            hint="Nothing was asked. Type it under Setup, Claim files.",
        )
    coverage = facts.coverage(policy)
    patient = facts.persons[patient_id]
    trace = next_number(work, SERIES, work.today().year)
    tax_id = "".join(mark for mark in practice.tax_id if mark.isdigit())
    subscriber = patient if coverage.is_self else coverage.subscriber
    request = EligibilityRequest(
        trace=trace,
        trace_origin=f"9{tax_id}",
        payer_name=payer.name,
        payer_id=payer.payer_code,
        provider_name=practice.owner_last if practice.is_person else practice.name,
        provider_first_name=practice.owner_first if practice.is_person else "",
        provider_npi=practice.npi,
        subscriber=_asked(subscriber, coverage.member_id),
        on=on,
        dependent=None if coverage.is_self else _asked(patient, ""),
        relation=None if coverage.is_self else _relation(coverage),
        group_number=coverage.group_number,
    )
    text = _written(work, request, sender)
    check = EligibilityCheck(
        trace=trace,
        patient_id=patient_id,
        policy_id=policy.id,
        service_day=on,
        request=text,
        asked_by=work.actor.staff_id,
        asked_at=work.now(),
    )
    work.db.add(check)
    work.db.flush()
    record(work, "ask_eligibility", "eligibility_check", check.id, trace=trace, policy=policy.id)
    work.touch(Topic.CLAIMS, Topic.PATIENTS)
    return Asked(check.id, trace, payer.name, on, f"270-{trace}.270", text)


def eligibility_of(
    work: Work, patient_id: int, *, policy_id: int | None = None
) -> tuple[EligibilityRow, ...]:
    """Return what was asked about a patient's coverage, the newest first."""
    wanted = _checks().where(EligibilityCheck.patient_id == patient_id)
    if policy_id is not None:
        wanted = wanted.where(EligibilityCheck.policy_id == policy_id)
    return rows_of(work, work.db.execute(wanted.order_by(EligibilityCheck.id.desc())).all())


def eligibility_rows(work: Work, check_ids: Collection[int]) -> tuple[EligibilityRow, ...]:
    """Return questions by their ids, in that order."""
    wanted = _checks().where(among(work, EligibilityCheck.id, check_ids))
    return rows_of(work, work.db.execute(wanted.order_by(EligibilityCheck.id)).all())


def eligibility_detail(work: Work, check_id: int) -> EligibilityDetail:
    """Return one question with all that its answer says. Raises Problem when there is none."""
    found = eligibility_rows(work, [check_id])
    if not found:
        raise Problem("This question is not in the books.", hint="Look at the list again.")
    check = work.db.get_one(EligibilityCheck, check_id)
    facts = _facts(work, [check_id]).get(check_id, [])
    return EligibilityDetail(found[0], tuple(facts), check.request, check.answer)


def _policy(facts: Facts, patient_id: int, policy_id: int | None, on: date) -> Policy:
    if patient_id not in facts.persons:
        raise Problem("This client is not in the books.", hint="Nothing was asked.")
    known = facts.policies.get(patient_id, ())
    if policy_id is not None:
        chosen = next((one for one in known if one.id == policy_id), None)
        if chosen is None:
            raise Problem("This policy is not in the books.", hint="Nothing was asked.")
        return chosen
    in_force = facts.in_force(patient_id, on)
    if not in_force:
        raise Problem(
            f"No policy of this client is in force on {on:%m/%d/%Y}.",
            hint="Nothing was asked. Add the policy to the client's coverage first.",
        )
    return in_force[0]


def _asked(person: Person, member_id: str) -> AskedPerson:
    return AskedPerson(
        person.last_name,
        person.first_name,
        person.middle_name,
        person.suffix,
        member_id,
        person.birth_date,
        person.sex,
    )


def _relation(coverage: CoverageFacts) -> Relation | None:
    return _RELATIONS.get(coverage.relationship)


def _written(work: Work, request: EligibilityRequest, sender: policies.Sender) -> str:
    made_at = work.now().astimezone(work.zone).replace(tzinfo=None)
    try:
        return write_270(
            request,
            Controls(
                sender.submitter_id,
                sender.receiver_id,
                controls.take_controls(work, controls.INTERCHANGE)[0],
                controls.take_controls(work, controls.GROUP)[0],
                made_at,
                sender.submitter_qualifier,
                sender.receiver_qualifier,
                test=sender.test,
            ),
        )
    except CannotWrite as fault:
        raise Problem(
            f"The {fault.field} {fault.message}.",
            hint="Nothing was asked. Correct it on the policy, the payer or the practice.",
        ) from None


def _checks() -> Select[*tuple[Any, ...]]:
    return (
        select(
            EligibilityCheck.id,
            EligibilityCheck.trace,
            EligibilityCheck.patient_id,
            Patient.name.label("patient"),
            EligibilityCheck.policy_id,
            Payer.name.label("payer"),
            Policy.member_id,
            EligibilityCheck.service_day,
            EligibilityCheck.asked_at,
            Staff.name.label("asked_by"),
            EligibilityCheck.answered_at,
            EligibilityCheck.active,
            EligibilityCheck.plan_name,
            EligibilityCheck.refusal,
        )
        .join(Patient, Patient.id == EligibilityCheck.patient_id)
        .join(Policy, Policy.id == EligibilityCheck.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .join(Staff, Staff.id == EligibilityCheck.asked_by)
    )


def rows_of(work: Work, found: Sequence[Any]) -> tuple[EligibilityRow, ...]:
    """Return rows with the figures of their answers."""
    facts = _facts(work, [row.id for row in found])
    return tuple(EligibilityRow(*row, *_figures(facts.get(row.id, []))) for row in found)


def _facts(work: Work, check_ids: Collection[int]) -> dict[int, list[FactRow]]:
    found: dict[int, list[FactRow]] = {}
    rows = work.db.scalars(
        select(EligibilityFact)
        .where(among(work, EligibilityFact.check_id, check_ids))
        .order_by(EligibilityFact.check_id, EligibilityFact.position)
    )
    for row in rows:
        fact = FactRow(
            *(row.kind, row.service, row.level, row.network, row.period),
            *(row.amount, row.percent, row.quantity, row.words),
        )
        found.setdefault(row.check_id, []).append(fact)
    return found


def _figures(facts: Sequence[FactRow]) -> tuple[Any, ...]:
    """Return copay, coinsurance, deductible, what is left of it and of the limit, visits, left."""
    money = [one for one in facts if one.amount is not None]
    counted = [one for one in facts if one.quantity is not None]
    copay = _best(money, "copay", left=False)
    share = _best([one for one in facts if one.percent is not None], "coinsurance", left=False)
    deductible = _best(money, "deductible", left=False)
    deductible_left = _best(money, "deductible", left=True)
    pocket_left = _best(money, "out_of_pocket", left=True)
    visits = _best(counted, "limit", left=False)
    visits_left = _best(counted, "limit", left=True)
    return (
        copay and copay.amount,
        share and share.percent,
        deductible and deductible.amount,
        deductible_left and deductible_left.amount,
        pocket_left and pocket_left.amount,
        visits and visits.quantity,
        visits_left and visits_left.quantity,
    )


def _best(facts: Iterable[FactRow], kind: str, *, left: bool) -> FactRow | None:
    """Return the fact that fits best: for mental health, in the network, for one person."""
    fitting = [
        one
        for one in facts
        if one.kind == kind and one.is_remaining is left and one.period not in _SO_FAR
    ]
    return min(fitting, key=_distance, default=None)


def _distance(fact: FactRow) -> tuple[int, int, int]:
    services = fact.service.split() or [""]
    nearest = min((_WANTED.index(one) for one in services if one in _WANTED), default=len(_WANTED))
    network = _NETWORKS.index(fact.network) if fact.network in _NETWORKS else len(_NETWORKS)
    return nearest, network, 0 if fact.level in ("IND", "") else 1
