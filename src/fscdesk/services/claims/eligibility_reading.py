"""Reads answers about coverage (271) into the questions that they answer.

An answer finds its question by our own trace, or where a payer refuses before it comes to a
patient, by the number of our question (BHT03), which is the same. One that was not asked from
here (it came from a payer's portal) is kept with the policy that has its member id, where the
birth date is the client's. What fits nobody is told, and not kept: it is about other people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from fscdesk.models.coverage import Policy
from fscdesk.models.eligibility import EligibilityCheck, EligibilityFact
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.services.audit import record
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.claims.eligibility import (
    DOING,
    SERIES,
    EligibilityRow,
    eligibility_rows,
)
from fscdesk.services.claims.gathering import Facts
from fscdesk.services.claims.same_person import same_id, same_person, spells_same_npi
from fscdesk.services.claims.scrubbing import rescrub
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among_words
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work
from fscdesk.services.x12.eligibility_271 import read_271
from fscdesk.services.x12.eligibility_facts import Benefit, Covered, EligibilityAnswer
from fscdesk.services.x12.envelopes import Reading, read_interchanges

__all__ = ["EligibilityRead", "read_eligibility"]

_HINT = "Choose a 271 from the clearinghouse or from a payer's portal."
_LONGEST, _LONGEST_CODE, _LONGEST_NAME = 400, 24, 200
_LARGEST_COUNT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class EligibilityRead:
    """What a 271 said: the questions that it answers, how many answers fit nobody here.

    ``already`` says when the same file was read before: then nothing was changed.
    """

    file_name: str
    rows: tuple[EligibilityRow, ...]
    unmatched: int
    findings: tuple[Finding, ...]
    already: str = ""

    @property
    def matched(self) -> int:
        """Return how many answers are about clients of this practice."""
        return len(self.rows)


def read_eligibility(work: Work, name: str, data: bytes) -> EligibilityRead:
    """Read a 271 into its questions; waiting claims of these policies are checked again.

    Damage is told as findings. The same file again changes nothing. Raises Problem, saying what
    the file is, where it is no 271.
    """
    require(work, Right.MAKE_CLAIMS, DOING)
    text = _text(data)
    envelopes = read_interchanges(text)
    _require_271(name, text, envelopes)
    digest = hashlib.sha256(data).hexdigest()
    before = work.db.scalars(
        select(EligibilityCheck)
        .where(EligibilityCheck.sha256 == digest)
        .order_by(EligibilityCheck.id)
    ).all()
    if before:
        when = (before[0].answered_at or work.now()).astimezone(work.zone)
        said = f"It was read on {when:%m/%d/%Y} at {when:%H:%M}"
        rows = eligibility_rows(work, [one.id for one in before])
        return EligibilityRead(name, rows, 0, (), said)
    reading = read_271(text)
    findings = [
        Finding(one.code, one.message, f"segment {one.position}", Severity.WARNING)
        for one in reading.oddities
    ]
    checks = _questions(work, reading.answers)
    ours = _Policies(work, reading.answers)
    kept: dict[int, None] = {}
    strange = 0
    for answer in reading.answers:
        asked = checks.get(answer.trace or answer.reference)
        if asked is not None and (other := _differs(work, asked, answer)):
            told = f"The answer with our number {asked.trace} has another {other} than was asked."
            words = f"{told} It is about somebody else and was not kept."
            findings.append(Finding("another_person", words, asked.trace, Severity.WARNING))
            strange += 1
            continue
        check = asked or ours.new_check(answer)
        if check is None:
            strange += 1
            findings += _refused(answer)
            continue
        _keep(work, check, answer, answer.text, digest)
        kept[check.id] = None
    if strange:
        words = f"{strange} of {len(reading.answers)} answers are about nobody in these books."
        findings.append(Finding("unmatched", words, "the file", Severity.WARNING))
    ids = list(kept)
    _check_claims(work, ids)
    if ids:
        record(work, "read_eligibility", "eligibility_check", ids[0], checks=ids, strange=strange)
        work.touch(Topic.CLAIMS, Topic.PATIENTS)
    return EligibilityRead(name, eligibility_rows(work, ids), strange, tuple(findings))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _require_271(name: str, text: str, envelopes: Reading) -> None:
    if envelopes.sets("271"):
        return
    if not text.strip("\x00 \t\r\n"):
        raise Problem(f"{name} is empty.", hint=f"Nothing was read. {_HINT}")
    kinds = sorted({one.kind for one in envelopes.sets() if one.kind})
    what = f"a file of kind {', '.join(kinds)}" if kinds else "no X12 file"
    raise Problem(
        f"{name} is {what}, not an answer about coverage.", hint=f"Nothing was read. {_HINT}"
    )


def _questions(work: Work, answers: Iterable[EligibilityAnswer]) -> dict[str, EligibilityCheck]:
    """Return the questions that answers name, locked."""
    traces = {one.trace or one.reference for one in answers} - {""}
    found = work.db.scalars(
        select(EligibilityCheck)
        .where(among_words(work, EligibilityCheck.trace, traces))
        .order_by(EligibilityCheck.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.trace: one for one in found}


def _differs(work: Work, check: EligibilityCheck, answer: EligibilityAnswer) -> str:
    """Return in words what an answer names otherwise than its question; "" for nothing.

    Where the payer says that it corrected the person, name and member id may be new.
    """
    facts = Facts(work, [check.patient_id])
    policy = work.db.get_one(Policy, check.policy_id)
    code = facts.payers[policy.payer_id].payer_code
    if answer.payer_id and code and answer.payer_id.strip().upper() != code.strip().upper():
        return "payer"
    if not spells_same_npi(answer.provider_id, (facts.practice.npi,)):
        return "provider"
    who = answer.dependent or answer.subscriber
    if who is None:
        return ""
    known = (facts.persons[check.patient_id], facts.coverage(policy).subscriber)
    last, first = ("", "") if who.changed else (who.last_name, who.first_name)
    if not same_person(last, first, who.birth_date, known):
        return "name or birth date"
    named = [one for one in (answer.subscriber, answer.dependent) if one is not None]
    members = [one.member_id for one in named if one.member_id]
    fits = not members or any(same_id(one, policy.member_id) for one in members)
    return "" if fits or any(one.changed for one in named) else "member id"


def _refused(answer: EligibilityAnswer) -> list[Finding]:
    """Return why a payer refuses a question that is not known here."""
    why = "; ".join(dict.fromkeys(map(str, answer.rejections)))
    if not why:
        return []
    who = answer.payer_name or "The payer"
    words = f"{who} refused a question: {why}."[:_LONGEST]
    return [Finding("refused", words, answer.reference or "the file", Severity.WARNING)]


class _Policies:
    """The policies that answers without a question of ours may be about."""

    def __init__(self, work: Work, answers: Sequence[EligibilityAnswer]) -> None:
        self._work = work
        members = {
            person.member_id
            for one in answers
            for person in (one.subscriber, one.dependent)
            if person is not None and person.member_id
        }
        rows = work.db.execute(
            select(Policy, Patient, Payer)
            .join(Patient, Patient.id == Policy.patient_id)
            .join(Payer, Payer.id == Policy.payer_id)
            .where(among_words(work, Policy.member_id, members))
            .order_by(Policy.rank, Policy.id)
        )
        self._rows = [(row[0], row[1], row[2]) for row in rows]

    def new_check(self, answer: EligibilityAnswer) -> EligibilityCheck | None:
        """Return a question made for an answer that nobody asked for, or None if it fits nobody."""
        subscriber, patient = answer.subscriber, answer.dependent or answer.subscriber
        if subscriber is None or patient is None:
            return None
        members = {subscriber.member_id, patient.member_id} - {""}
        fitting = {
            policy.id: policy
            for policy, person, payer in self._rows
            if policy.member_id in members
            and _is(patient, person)
            and (not answer.payer_id or payer.payer_code in ("", answer.payer_id))
        }
        if len(fitting) != 1:
            return None
        (policy,) = fitting.values()
        work = self._work
        check = EligibilityCheck(
            trace=next_number(work, SERIES, work.today().year),
            patient_id=policy.patient_id,
            policy_id=policy.id,
            service_day=answer.made_on or work.today(),
            asked_by=work.actor.staff_id,
            asked_at=work.now(),
        )
        work.db.add(check)
        work.db.flush()
        return check


def _is(covered: Covered, patient: Patient) -> bool:
    """Return whether an answer can be about a client: the birth date is the same."""
    return covered.birth_date is not None and covered.birth_date == patient.birth_date


def _keep(
    work: Work, check: EligibilityCheck, answer: EligibilityAnswer, raw: str, digest: str
) -> None:
    """Write an answer into its question; a second answer takes the place of the first."""
    check.answer, check.sha256, check.answered_at = raw, digest, work.now()
    check.active, check.plan_name = answer.active, answer.plan_name[:_LONGEST_NAME]
    check.refusal = "; ".join(dict.fromkeys(map(str, answer.rejections)))[:_LONGEST]
    work.db.flush()
    work.db.execute(delete(EligibilityFact).where(EligibilityFact.check_id == check.id))
    ids = reserve_ids(work, "eligibility_fact", len(answer.benefits))
    insert_rows(
        work,
        "eligibility_fact",
        (
            *("id", "check_id", "position", "kind", "service", "level", "network", "period"),
            *("amount", "percent", "quantity", "words"),
        ),
        [
            (row_id, check.id, at, *_fact(one))
            for at, (row_id, one) in enumerate(zip(ids, answer.benefits, strict=True), start=1)
        ],
    )


def _fact(one: Benefit) -> tuple[object, ...]:
    services = ""
    for code in one.services:
        longer = f"{services} {code}".strip()
        services = longer if len(longer) <= _LONGEST_CODE else services
    return (
        one.kind.value,
        services,
        one.level[:_LONGEST_CODE],
        one.network.value,
        one.period[:_LONGEST_CODE],
        None if one.amount is None else one.amount.cents,
        _whole(one.percent),
        _whole(one.quantity),
        one.words[:_LONGEST],
    )


def _whole(number: object) -> int | None:
    """Return a whole number that a column can hold; the words have what this leaves out."""
    if number is None:
        return None
    value = int(str(number).partition(".")[0] or 0)
    return value if abs(value) <= _LARGEST_COUNT else None


def _check_claims(work: Work, check_ids: Sequence[int]) -> None:
    """Check the claims again that wait and whose coverage was answered."""
    policies = work.db.scalars(
        select(EligibilityCheck.policy_id).where(EligibilityCheck.id.in_(check_ids)).distinct()
    ).all()
    for policy_id in sorted(policies):
        rescrub(work, policy_id=policy_id)
