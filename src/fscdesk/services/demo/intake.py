"""After an import the office completes the clients it brought: who pays, where, which policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select

from fscdesk.models.claim_rule import Referral
from fscdesk.models.coverage import Authorization, Policy
from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.demo import cast
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.people import FRESH, Address, Client, Guarantor
from fscdesk.services.demo.season import Season
from fscdesk.services.demo.subscribers import OnClaim, on_claim
from fscdesk.services.patients.changing import PatientFields, edit_patient
from fscdesk.services.patients.coverage import (
    PolicyFields,
    add_diagnosis,
    edit_policy,
    end_policy,
)
from fscdesk.services.patients.guarantors import (
    GuarantorFields,
    add_guarantor,
    change_guarantor,
    edit_guarantor,
    guarantor,
)
from fscdesk.services.patients.names import without_nickname
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work

PERIOD: Final = timedelta(days=182)
VISITS: Final = 30


class _Asking(NamedTuple):
    """A policy whose payer wants to be asked before."""

    id: int
    patient_id: int
    payer_id: int
    valid_from: date


class Intake:
    """Knows which clients are complete; one for the whole building of a practice."""

    def __init__(self, season: Season, clients: Sequence[Client]) -> None:
        self._season = season
        self._open = list(clients)
        self._ids: dict[str, int] = {}  # client's key: patient
        self._parents: dict[str, int] = {}  # name: guarantor
        self._changed: set[str] = set()
        self._clients = clients
        self._prefixes: dict[int, str] = {}  # payer: how its member ids begin
        self._needing: set[int] = set()  # payers who ask for an authorization
        self._asking: dict[int, tuple[_Asking, Client]] = {}  # by policy
        self._approved: dict[int, date] = {}  # policy: first day that is not approved
        self._numbers = 0
        self._counted: set[int] = set()  # authorizations whose visits until our claims are counted
        self._referring: set[int] = set()  # payers who want to know who referred

    def patient_id(self, client: Client) -> int | None:
        """Return the client's id in the books, or None before the client is there."""
        return self._ids.get(client.key)

    def clients(self, stories: Collection[Story]) -> list[Client]:
        """Return the clients of these stories, in the order of the roster."""
        return [client for client in self._clients if client.story in stories]

    def complete(self, work: Work) -> None:
        """Complete every client who is in the books and was not looked at before."""
        self._read_payers(work)
        unknown = set(work.db.scalars(select(Patient.id))) - set(self._ids.values())
        there = _who_is_there(work, unknown) if unknown else {}
        left = []
        for client in self._open:
            shown = without_nickname(client.name)
            patient_id = there.get((shown, cast.CLINICIANS[client.clinician].name))
            if patient_id is None:
                left.append(client)
                continue
            self._ids[client.key] = patient_id
            self._complete(work, client, patient_id)
        self._open = left
        self._end_policies(work)
        self._lapse(work)
        self._authorize(work)

    def _read_payers(self, work: Work) -> None:
        if not self._prefixes:
            known = {payer.code: payer.prefix for payer in cast.PAYERS}
            for row in payers(work):
                self._prefixes[row.id] = known[row.fields.payer_code]
                if row.fields.needs_authorization:
                    self._needing.add(row.id)
                if row.fields.wants_referral:
                    self._referring.add(row.id)

    def _complete(self, work: Work, client: Client, patient_id: int) -> None:
        said = on_claim(client, self._season.today)
        _edit_patient(work, patient_id, client, said, active=True)
        patient = work.db.get_one(Patient, patient_id)
        if client.guarantor is not None:
            self._give_guarantor(work, patient, client.guarantor)
        else:
            _address(work, patient.guarantor_id, client.name, client.address)
        fresh = (self._season.today - client.first).days <= FRESH
        begun = _first_day(work, patient_id)
        if client.diagnosis and not fresh:
            add_diagnosis(work, patient_id, client.diagnosis, valid_from=begun)
        for policy in _policies(work, patient_id):
            self._complete_policy(work, policy, client, member=not fresh)
            if policy.payer_id in self._referring and policy.rank == 1:
                _refer(work, patient_id, begun)
            if policy.payer_id in self._needing:
                asking = _Asking(policy.id, patient_id, policy.payer_id, policy.valid_from)
                self._asking[policy.id] = asking, client

    def _complete_policy(self, work: Work, policy: Policy, client: Client, *, member: bool) -> None:
        """Write what the card says; without the card the member id stays open."""
        first = policy.rank == 1
        held_by = on_claim(client, self._season.today).policy if first and member else {}
        fields = PolicyFields(
            payer_id=policy.payer_id,
            rank=policy.rank,
            member_id=f"{self._prefixes[policy.payer_id]}{client.card}" if member else "",
            valid_from=policy.valid_from,
            valid_to=policy.valid_to,
            group_number=f"GRP-{100 + policy.id % 40}" if first and member else "",
            copay=Money(client.copay) if first else None,
            deductible=Money(150_000) if client.deductible and first else None,
            **held_by,
        )
        edit_policy(work, policy.id, fields, expected_version=policy.version)

    def _give_guarantor(self, work: Work, patient: Patient, parent: Guarantor) -> None:
        """Let a parent pay from the first day; brothers and sisters share one."""
        known = self._parents.get(parent.name)
        if known is None:
            known = add_guarantor(work, _fields(parent.name, parent.address))
            self._parents[parent.name] = known
        change_guarantor(
            work,
            patient.id,
            known,
            from_day=_first_day(work, patient.id),
            expected_version=patient.version,
        )

    def _end_policies(self, work: Work) -> None:
        """End the old policy of a client who has another payer now."""
        for client in self._clients:
            patient_id = self._ids.get(client.key)
            if client.changes_on is None or client.key in self._changed or patient_id is None:
                continue
            policies = [one for one in _policies(work, patient_id) if one.rank == 1]
            if len(policies) < 2:
                continue
            old, new = policies[0], policies[-1]
            last_day = new.valid_from - timedelta(days=1)
            end_policy(work, old.id, last_day, expected_version=old.version)
            self._complete_policy(work, new, client, member=True)
            self._changed.add(client.key)

    def _lapse(self, work: Work) -> None:
        """End the policies of clients who say that they have another insurance now."""
        last_day = self._season.today - timedelta(days=FRESH + 1)
        if work.today() <= last_day:
            return
        for client in self._clients:
            patient_id = self._ids.get(client.key)
            if client.lapsed and client.key not in self._changed and patient_id is not None:
                newest = _policies(work, patient_id)[-1]
                end_policy(work, newest.id, last_day, expected_version=newest.version)
                self._changed.add(client.key)

    def _authorize(self, work: Work) -> None:
        """Write the visits that payers approve, half a year at a time, as they are asked for."""
        today = work.today()
        for policy, client in self._asking.values():
            start = self._approved.get(policy.id, policy.valid_from)
            while start <= today:
                end = start + PERIOD - timedelta(days=1)
                if not client.authorized and end >= self._season.today:
                    break  # the payer has not answered yet
                self._approve(work, policy, start, end)
                start = end + timedelta(days=1)
            self._approved[policy.id] = start

    def count_visits(self, work: Work) -> None:
        """Count down the visits of the sessions that SimplePractice billed; our claims count on.

        Once for each authorization, as soon as claims are sent from here.
        """
        last = self._season.claims_from - timedelta(days=1)
        if work.today() <= last:
            return
        for row in work.db.scalars(select(Authorization).order_by(Authorization.id)):
            if row.id in self._counted:
                continue
            self._counted.add(row.id)
            used = work.db.scalars(
                select(func.count(Session.id)).where(
                    Session.patient_id == row.patient_id,
                    Session.payer_id == row.payer_id,
                    Session.attendance == Attendance.COMPLETED,
                    Session.withdrawn_by.is_(None),
                    Session.day.between(row.valid_from, min(row.valid_to, last)),
                )
            ).one()
            row.used = row.used_before = min(used, row.granted)
        work.db.flush()
        record(work, "count_visits", "authorization")
        work.touch(Topic.PATIENTS)

    def leave(self, work: Work, since: date) -> None:
        """Make clients inactive who have not come since that day."""
        for client in self._clients:
            patient_id = self._ids.get(client.key)
            if client.last < since and patient_id is not None:
                said = on_claim(client, self._season.today)
                _edit_patient(work, patient_id, client, said, active=False)

    def _approve(self, work: Work, policy: _Asking, start: date, end: date) -> None:
        self._numbers += 1
        row = Authorization(
            patient_id=policy.patient_id,
            payer_id=policy.payer_id,
            number=f"AU-{self._numbers:05d}",
            granted=VISITS,
            valid_from=start,
            valid_to=end,
        )
        work.db.add(row)
        work.db.flush()
        record(work, "add_authorization", "authorization", row.id, granted=VISITS)
        work.touch(Topic.PATIENTS)


def _edit_patient(
    work: Work, patient_id: int, client: Client, said: OnClaim, *, active: bool
) -> None:
    row = work.db.get_one(Patient, patient_id)
    fields = PatientFields(
        row.name,
        client.kind.value,
        client.birth_date,
        row.provider_id,
        active,
        sex=said.sex,
        first_name=said.first,
        last_name=said.last,
        address1=said.address.street,
        city=said.address.town,
        state="NJ" if said.address.town else "",
        zip_code=said.address.zip_code,
        phone=client.address.phone,
    )
    edit_patient(work, patient_id, fields, expected_version=row.version)


def _refer(work: Work, patient_id: int, since: date) -> None:
    """Write down who referred a client."""
    row = Referral(
        patient_id=patient_id,
        last_name="Sendover",
        first_name="Rosa",
        npi=cast.npi("299900200"),
        valid_from=since - timedelta(days=20),
    )
    work.db.add(row)
    work.db.flush()
    record(work, "add_referral", "referral", row.id)


def _address(work: Work, guarantor_id: int, name: str, address: Address) -> None:
    if not (address.street or address.do_not_bill):
        return  # nobody wrote it down
    seen = guarantor(work, guarantor_id)
    edit_guarantor(work, guarantor_id, _fields(name, address), expected_version=seen.version)


def _fields(name: str, address: Address) -> GuarantorFields:
    return GuarantorFields(
        name=without_nickname(name),
        address1=address.street,
        city=address.town,
        state="NJ" if address.town else "",
        zip_code=address.zip_code,
        phone=address.phone,
        email=address.email,
        bad_address=address.bad,
        do_not_bill=address.do_not_bill,
    )


def _policies(work: Work, patient_id: int) -> list[Policy]:
    found = select(Policy).where(Policy.patient_id == patient_id)
    return list(work.db.scalars(found.order_by(Policy.rank, Policy.valid_from, Policy.id)))


def _first_day(work: Work, patient_id: int) -> date:
    first = select(func.min(Session.day)).where(
        Session.patient_id == patient_id, Session.withdrawn_by.is_(None)
    )
    return work.db.scalars(first).one() or work.today()


def _who_is_there(work: Work, ids: Iterable[int]) -> dict[tuple[str, str], int]:
    """Return patients by name and clinician: two clients of one name have two clinicians."""
    rows = work.db.execute(
        select(Patient.name, Provider.name, Patient.id)
        .join(Session, Session.patient_id == Patient.id)
        .join(Provider, Provider.id == Session.provider_id)
        .where(Session.withdrawn_by.is_(None), Patient.id.in_(sorted(ids)))
        .distinct()
    )
    return {(name, provider): patient_id for name, provider, patient_id in rows}
