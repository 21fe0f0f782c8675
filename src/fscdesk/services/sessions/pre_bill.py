"""The check before billing: what makes a session ready to bill, or what is missing in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.coverage import Authorization, Policy
from fscdesk.models.patient import Diagnosis, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, BillingStatus, Session, StatusKind
from fscdesk.models.setting import Setting
from fscdesk.services.authorization_uses import quantity_of
from fscdesk.services.permissions import Right, require
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work

CHECKS = MappingProxyType(
    {
        "attended": "The session took place",
        "note": "The note is signed",
        "charge": "There is a code with a rate",
        "policy": "A policy covers that day",
        "member_id": "The policy has a member id",
        "npi": "The clinician has an NPI",
        "diagnosis": "There is a diagnosis for that day",
        "authorization": "An authorization covers that day",
    }
)
"""Every check by name (DESIGN.md 7). A practice can turn off those of ``OPTIONAL``."""
OPTIONAL = frozenset({"member_id", "npi", "diagnosis", "authorization"})
SETTING = "prebill_checks"
R = TypeVar("R")
UNBILLED = (BillingStatus.COMPLETED, BillingStatus.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a session lacks: the check's name, a sentence, and where to mend it."""

    check: str
    message: str
    place: str
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class PreBill:
    """The outcome for one session: ``passed`` of ``asked`` checks, and what is missing."""

    session_id: int
    passed: int
    asked: int
    missing: tuple[Missing, ...]

    @property
    def ready(self) -> bool:
        """Return whether the session may be billed."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class PreBillResult:
    """What a check of several sessions did."""

    outcomes: tuple[PreBill, ...]
    made_ready: int
    already: int

    def sentence(self) -> str:
        """Return what happened, for the message bar."""
        lacking = len(self.outcomes) - self.made_ready - self.already
        words = (
            f"{_count(len(self.outcomes), 'session')} checked: {self.made_ready} now ready to bill"
        )
        if self.already:
            words += f", {self.already} billed or ready before"
        if not lacking:
            return f"{words}."
        return f"{words}, {lacking} {'lacks' if lacking == 1 else 'lack'} something."


def check_sessions(work: Work, session_ids: Sequence[int]) -> tuple[PreBill, ...]:
    """Return for each live session what is missing before it can be billed. Writes nothing."""
    facts = _Facts(work, session_ids)
    return tuple(facts.check(session) for session in facts.sessions)


def make_ready(work: Work, session_ids: Sequence[int]) -> PreBillResult:
    """Check sessions; those that pass become ready to bill, the others say what they lack.

    A signed note also takes a session from completed to documented. Sessions that are
    billed already keep their status.
    """
    require(work, Right.CHANGE_STATUS, "check sessions before billing")
    facts = _Facts(work, session_ids)
    outcomes, changes, already = [], [], 0
    for session in facts.sessions:
        outcome = facts.check(session)
        outcomes.append(outcome)
        status = BillingStatus(session.billing_status)
        if status not in UNBILLED:
            already += 1
        elif outcome.ready:
            changes.append(_change(session, status, BillingStatus.READY_TO_BILL, outcome))
        elif status is BillingStatus.COMPLETED and _noted(session):
            changes.append(_change(session, status, BillingStatus.DOCUMENTED, outcome))
    write_status_changes(work, changes, day=work.today())
    ready = sum(change.new == BillingStatus.READY_TO_BILL.value for change in changes)
    return PreBillResult(tuple(outcomes), ready, already)


def _change(
    session: Session, old: BillingStatus, new: BillingStatus, outcome: PreBill
) -> StatusChange:
    reason = f"Checks before billing passed: {outcome.passed} of {outcome.asked}"
    return StatusChange(session.id, StatusKind.BILLING, old.value, new.value, reason)


def _noted(session: Session) -> bool:
    return session.note_status.upper() == "LOCKED"


class _Facts:
    """All that the checks look at, read in a few questions for any number of sessions."""

    def __init__(self, work: Work, session_ids: Sequence[int]) -> None:
        db = work.db
        self.sessions = list(
            db.scalars(
                select(Session)
                .where(Session.id.in_(session_ids), Session.withdrawn_by.is_(None))
                .order_by(Session.day, Session.minute, Session.id)
            )
        )
        patients = {session.patient_id for session in self.sessions}
        names = db.execute(select(Patient.id, Patient.name).where(Patient.id.in_(patients)))
        self._names = {row.id: row.name for row in names}
        self._providers = {row.id: row for row in db.scalars(select(Provider))}
        self._payers = {row.id: row for row in db.scalars(select(Payer))}
        self._charges = _by_key(
            db.scalars(
                select(Charge).where(
                    Charge.session_id.in_([session.id for session in self.sessions]),
                    Charge.voided_on.is_(None),
                )
            ),
            "session_id",
        )
        self._policies = _by_key(
            db.scalars(select(Policy).where(Policy.patient_id.in_(patients))), "patient_id"
        )
        self._diagnoses = _by_key(
            db.scalars(select(Diagnosis).where(Diagnosis.patient_id.in_(patients))), "patient_id"
        )
        self._authorizations = _by_key(
            db.scalars(select(Authorization).where(Authorization.patient_id.in_(patients))),
            "patient_id",
        )
        wanted = db.get(Setting, SETTING)
        always = set(CHECKS) - OPTIONAL
        self._wanted = set(CHECKS) if wanted is None else set(wanted.value) | always

    def check(self, session: Session) -> PreBill:
        """Run every check that applies to the session."""
        found: dict[str, Missing | None] = {
            "attended": self._attended(session),
            "note": self._note(session),
            "charge": self._charge(session),
        }
        if self._billed_to_payer(session):
            found |= self._payer_side(session)
        asked = {name: missing for name, missing in found.items() if name in self._wanted}
        missing = tuple(one for one in asked.values() if one is not None)
        return PreBill(session.id, len(asked) - len(missing), len(asked), missing)

    def _billed_to_payer(self, session: Session) -> bool:
        return any(charge.insurance_share for charge in self._charges.get(session.id, []))

    def _attended(self, session: Session) -> Missing | None:
        if session.attendance in (Attendance.COMPLETED, Attendance.LATE_CANCELLED) or (
            session.attendance is Attendance.NO_SHOW
        ):
            return None
        return Missing(
            "attended",
            f"The session is {session.attendance.replace('_', ' ')}; only sessions that took "
            "place, and fees for those missed, are billed.",
            "session",
            session.id,
        )

    def _note(self, session: Session) -> Missing | None:
        if _noted(session) or session.attendance is not Attendance.COMPLETED:
            return None
        provider = self._providers[session.provider_id].name
        return Missing(
            "note",
            f"The note is not signed. {provider} signs it in SimplePractice.",
            "session",
            session.id,
        )

    def _charge(self, session: Session) -> Missing | None:
        if self._charges.get(session.id):
            return None
        return Missing(
            "charge",
            f"Code {session.code_text or '(none)'} has no rate. Give it one under Setup, Services.",
            "services",
        )

    def _payer_side(self, session: Session) -> dict[str, Missing | None]:
        name, day = self._names[session.patient_id], session.day
        payer = self._payers.get(session.payer_id or 0)
        policies = [
            policy
            for policy in self._policies.get(session.patient_id, [])
            if policy.rank == 1
            and policy.valid_from <= day
            and (policy.valid_to is None or day <= policy.valid_to)
            and (payer is None or policy.payer_id == payer.id)
        ]
        found: dict[str, Missing | None] = {}
        payer_name = "a payer" if payer is None else payer.name
        found["policy"] = (
            None
            if policies
            else Missing(
                "policy",
                f"{name} has no policy with {payer_name} on {day:%m/%d/%Y}. Add it under Policies.",
                "patient",
                session.patient_id,
            )
        )
        if policies:
            found["member_id"] = (
                None
                if any(policy.member_id for policy in policies)
                else Missing(
                    "member_id",
                    f"The policy of {name} with {payer_name} has no member id.",
                    "patient",
                    session.patient_id,
                )
            )
        provider = self._providers[session.provider_id]
        found["npi"] = (
            None
            if provider.npi
            else Missing(
                "npi",
                f"{provider.name} has no NPI. Add it under Setup, People.",
                "provider",
                provider.id,
            )
        )
        found["diagnosis"] = (
            None
            if any(
                one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
                for one in self._diagnoses.get(session.patient_id, [])
            )
            else Missing(
                "diagnosis",
                f"{name} has no diagnosis for {day:%m/%d/%Y}.",
                "patient",
                session.patient_id,
            )
        )
        if payer is not None and payer.needs_authorization:
            found["authorization"] = (
                None
                if any(
                    one.payer_id == payer.id
                    and one.valid_from <= day <= one.valid_to
                    and 0 < self._needed(session, one) <= one.granted - one.used
                    for one in self._authorizations.get(session.patient_id, [])
                )
                else Missing(
                    "authorization",
                    f"{payer.name} asks for an authorization; {name} has none left for "
                    f"{day:%m/%d/%Y}.",
                    "patient",
                    session.patient_id,
                )
            )
        return found

    def _needed(self, session: Session, one: Authorization) -> int:
        """Return what a session takes of an authorization: visits or units, of its codes only."""
        codes = one.code.split()
        return sum(
            quantity_of(codes, one.counts, charge.code, charge.units)
            for charge in self._charges.get(session.id, [])
            if charge.insurance_share
        )


def _by_key(rows: Iterable[R], key: str) -> Mapping[int, list[R]]:
    found: dict[int, list[R]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
