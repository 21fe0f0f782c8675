"""Superbills: what was done and paid, with codes and diagnoses, for an insurer to pay back.

One page for each clinician of a patient over a period. Only sessions that took place are on
it; a fee for one that did not is the client's own and never goes to an insurer (DESIGN.md 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.document import DocumentKind
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import Diagnosis, Guarantor, Patient
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.documents import (
    Kept,
    document_bytes,
    document_number,
    keep,
    kept,
    kept_document,
)
from fscdesk.services.billing.invoice_docs import recipient_of
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE
from fscdesk.services.patients.policy_rows import policies_on
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.parties import Clinician, Recipient
from fscdesk.services.printing.parties import Diagnosis as PrintedDiagnosis
from fscdesk.services.printing.superbill import SuperbillDoc, SuperbillLine, superbill
from fscdesk.services.printing.superbill_document import LETTERS, MOST_MODIFIERS, MOST_POINTERS
from fscdesk.services.work import Work

TREATMENT = (ServiceKind.SESSION, ServiceKind.ADD_ON)
PAID = (Part.PATIENT_PAID, Part.RETURNED, Part.REFUND, Part.TRANSFER)
VIDEO = frozenset({"95", "GT", "93"})
"""Modifiers that say that the session was held at a distance."""
AT_HOME = "10"
"""Place of service: telehealth with the client at home."""
NO_PLACE = "no-place"
"""The code of the finding about sessions whose place of service is not known."""
NAMED = 3
"""How many sessions a refusal names before it counts the others; a finding names all."""
LOOKED_AT = 6
"""How many earlier superbills are compared before another is made."""


@dataclass(frozen=True, slots=True)
class Superbills:
    """What a superbill over a period would say, or what was made of it.

    ``lines`` counts the services. ``findings`` say what is missing; one that is an ERROR keeps
    it from being made.
    """

    patient_id: int
    first: date
    last: date
    lines: int
    charged: Money
    paid: Money
    findings: tuple[Finding, ...]
    documents: tuple[Kept, ...] = ()

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Return what must be mended first."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


class SuperbillLacks(Problem):
    """No superbill was made, as ``checked`` has findings that must be mended first.

    The message says each of them once, and of several sessions only the first ones.
    """

    def __init__(self, checked: Superbills, said: str) -> None:
        super().__init__(said, hint="No superbill was made.")
        self.checked = checked

    @property
    def places(self) -> bool:
        """Return whether it is not known where some of the sessions were held."""
        return any(one.code == NO_PLACE for one in self.checked.missing)


@dataclass(frozen=True, slots=True)
class _Row:
    charge: Charge
    service: str
    location: str | None
    provider: Provider


@dataclass(frozen=True, slots=True)
class _Facts:
    patient: Patient
    guarantor: Guarantor
    practice: Practice
    diagnoses: tuple[Diagnosis, ...]
    only_place: str
    paid: Mapping[int, Money]


def check_superbill(work: Work, patient_id: int, first: date, last: date) -> Superbills:
    """Return what a superbill of a patient over these days would hold, and what it lacks.

    Raises Problem when there is no such patient, or no session that took place.
    """
    require(work, Right.MAKE_INVOICES, "make superbills")
    rows, facts = _read(work, patient_id, first, last)
    return _checked(rows, facts, first, last)


def make_superbills(work: Work, patient_id: int, first: date, last: date) -> Superbills:
    """Make and keep a superbill for each clinician; the one that was made before if it is the same.

    Raises SuperbillLacks, with nothing made, when something is missing that an insurer needs.
    """
    require(work, Right.MAKE_INVOICES, "make superbills")
    rows, facts = _read(work, patient_id, first, last, lock=True)
    checked = _checked(rows, facts, first, last)
    if checked.missing:
        short = (one for one in _findings(rows, facts, NAMED) if one.severity is Severity.ERROR)
        raise SuperbillLacks(checked, " ".join(one.message for one in short))
    by_clinician: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_clinician[row.provider.id].append(row)
    documents = tuple(_make(work, facts, some, (first, last)) for some in by_clinician.values())
    return Superbills(
        patient_id,
        first,
        last,
        checked.lines,
        checked.charged,
        checked.paid,
        checked.findings,
        documents,
    )


def _read(
    work: Work, patient_id: int, first: date, last: date, *, lock: bool = False
) -> tuple[list[_Row], _Facts]:
    if first > last:
        raise Problem(
            f"The period cannot begin on {first:%m/%d/%Y} and end on {last:%m/%d/%Y}.",
            hint="No superbill was made. Choose an earlier first day.",
        )
    patient = work.db.get(Patient, patient_id, with_for_update=lock or None)
    if patient is None:
        raise Problem("This client is not in the books.", hint="No superbill was made.")
    rows = [
        _Row(charge, service, location, provider)
        for charge, service, location, provider in work.db.execute(
            select(Charge, Service.name, Location.place_of_service, Provider)
            .join(Session, Session.id == Charge.session_id)
            .join(Provider, Provider.id == Session.provider_id)
            .join(Service, Service.id == Charge.service_id)
            .outerjoin(Location, Location.id == Session.location_id)
            .where(
                Charge.patient_id == patient_id,
                Charge.voided_on.is_(None),
                Charge.service_day.between(first, last),
                Session.attendance == Attendance.COMPLETED,
                Session.withdrawn_by.is_(None),
                Service.kind.in_(TREATMENT),
            )
            .order_by(Charge.service_day, Session.minute, Charge.position, Charge.id)
        )
    ]
    if not rows:
        raise Problem(
            f"No session took place from {first:%m/%d/%Y} to {last:%m/%d/%Y}.",
            hint="No superbill was made. Cancelled and missed sessions are never on one.",
        )
    places = list(
        work.db.scalars(select(Location.place_of_service).where(Location.active).distinct())
    )
    diagnoses = work.db.scalars(
        select(Diagnosis)
        .where(Diagnosis.patient_id == patient_id)
        .order_by(Diagnosis.position, Diagnosis.id)
    )
    return rows, _Facts(
        patient,
        work.db.get_one(Guarantor, patient.guarantor_id),
        work.db.get_one(Practice, 1),
        tuple(diagnoses),
        places[0] if len(places) == 1 else "",
        _paid(work, [row.charge.id for row in rows]),
    )


def _paid(work: Work, charge_ids: Sequence[int]) -> dict[int, Money]:
    """Return what the client has paid of each charge until now."""
    rows = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.account == PATIENT_RECEIVABLE,
            JournalLine.part.in_(PAID),
        )
        .group_by(JournalLine.charge_id)
    )
    return {charge: -amount for charge, amount in rows if charge is not None}


def _checked(rows: Sequence[_Row], facts: _Facts, first: date, last: date) -> Superbills:
    paid = sum((facts.paid.get(row.charge.id, ZERO) for row in rows), ZERO)
    charged = sum((row.charge.amount for row in rows), ZERO)
    return Superbills(
        facts.patient.id, first, last, len(rows), charged, paid, tuple(_findings(rows, facts))
    )


def _findings(rows: Sequence[_Row], facts: _Facts, most: int | None = None) -> list[Finding]:
    """Return what is missing, each cause once; ``most`` services of a cause are named, or all."""
    name, found = facts.patient.name, []
    if facts.patient.birth_date is None:
        found.append(
            Finding("no-birth-date", f"{name} has no date of birth. Add it to the record.", name)
        )
    for provider in {row.provider.id: row.provider for row in rows}.values():
        if not provider.npi:
            said = f"{provider.name} has no NPI. Add it under Setup, Clinicians."
            found.append(Finding("no-npi", said, provider.name))
    days = sorted({row.charge.service_day for row in rows})
    bare = [day for day in days if not _in_force(facts, day)]
    if bare:
        said = f"{name} has no diagnosis for {_listed(bare, most)}. Add it under Policies."
        found.append(Finding("no-diagnosis", said, name))
    placeless = _services(row for row in rows if not _place(row, facts))
    if placeless:
        were = "was" if len(placeless) == 1 else "were"
        said = (
            f"Where {_named(placeless, most)} {were} held is not known. Set the"
            " location in Sessions, or import the attendance report of that time with its offices"
            " kept as locations under Setup."
        )
        found.append(Finding(NO_PLACE, said, name))
    crowded = _services(row for row in rows if len(row.charge.modifiers.split()) > MOST_MODIFIERS)
    if crowded:
        has = "has" if len(crowded) == 1 else "have"
        said = f"{_named(crowded, most)} {has} more than {MOST_MODIFIERS} modifiers."
        found.append(Finding("too-many-modifiers", said, name))
    if len(_codes(rows, facts)) > len(LETTERS):
        said = f"The period has more than {len(LETTERS)} diagnoses. Make it shorter."
        found.append(Finding("too-many-diagnoses", said, name))
    if not (facts.practice.tax_id and facts.practice.npi):
        said = "The practice has no tax id or no NPI; insurers ask for both. Add them under Setup."
        found.append(Finding("no-practice-id", said, facts.practice.name, Severity.WARNING))
    return found


def _services(rows: Iterable[_Row]) -> list[tuple[str, date]]:
    """Return each service by its code and day, once."""
    return list(dict.fromkeys((row.charge.code, row.charge.service_day) for row in rows))


def _listed(days: Sequence[date], most: int | None) -> str:
    """Return ``03/03/2026, 03/12/2026``; past ``most``, how many there are more."""
    shown = ", ".join(f"{day:%m/%d/%Y}" for day in days[:most])
    more = len(days) - len(days[:most])
    return f"{shown} and {more:,} more" if more else shown


def _named(services: Sequence[tuple[str, date]], most: int | None) -> str:
    """Return ``90837 of 03/03/2026, 03/12/2026; 90791 of 03/20/2026``, grouped by code."""
    by_code: dict[str, list[date]] = defaultdict(list)
    for code, day in services[:most]:
        by_code[code].append(day)
    shown = "; ".join(f"{code} of {_listed(days, None)}" for code, days in by_code.items())
    more = len(services) - len(services[:most])
    return f"{shown} and {more:,} more" if more else shown


def _in_force(facts: _Facts, day: date) -> tuple[str, ...]:
    """Return the codes that a service of this day points at, the first one first."""
    codes = (
        one.code
        for one in facts.diagnoses
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
    )
    return tuple(dict.fromkeys(codes))[:MOST_POINTERS]


def _codes(rows: Sequence[_Row], facts: _Facts) -> tuple[str, ...]:
    """Return the diagnoses that any of the services points at, in the patient's own order."""
    used = {code for row in rows for code in _in_force(facts, row.charge.service_day)}
    return tuple(dict.fromkeys(one.code for one in facts.diagnoses if one.code in used))


def _place(row: _Row, facts: _Facts) -> str:
    if row.location:
        return row.location
    if VIDEO & set(row.charge.modifiers.upper().split()):
        return AT_HOME
    return facts.only_place


def _make(work: Work, facts: _Facts, rows: Sequence[_Row], period: tuple[date, date]) -> Kept:
    provider = rows[0].provider
    for earlier in kept(work, DocumentKind.SUPERBILL, facts.patient.id)[:LOOKED_AT]:
        issued = earlier.made_at.astimezone(work.zone).date()
        same = superbill(_doc(work, facts, provider, rows, period, earlier.number, issued))
        if same == document_bytes(work, earlier.id):
            return earlier
    number = document_number(work, DocumentKind.SUPERBILL)
    doc = _doc(work, facts, provider, rows, period, number, work.today())
    document = keep(
        work,
        DocumentKind.SUPERBILL,
        facts.patient.id,
        superbill(doc),
        "",
        facts.guarantor.id,
        facts.patient.id,
        number,
    )
    record(
        work, "make_superbill", "document", document, number=number, services=len(doc.lines),
        charged=doc.charged.plain(),
    )  # fmt: skip
    return kept_document(work, document)


def _doc(
    work: Work,
    facts: _Facts,
    provider: Provider,
    rows: Sequence[_Row],
    period: tuple[date, date],
    number: str,
    issued: date,
) -> SuperbillDoc:
    codes = _codes(rows, facts)
    letters = dict(zip(codes, LETTERS, strict=False))
    lines = tuple(
        SuperbillLine(
            day=row.charge.service_day,
            place=_place(row, facts),
            code=row.charge.code,
            what=row.service,
            pointers="".join(letters[code] for code in _in_force(facts, row.charge.service_day)),
            charge=row.charge.amount,
            paid=facts.paid.get(row.charge.id, ZERO),
            units=row.charge.units,
            modifiers=tuple(row.charge.modifiers.split()),
        )
        for row in rows
    )
    practice, patient = facts.practice, facts.patient
    address = recipient_of(facts.guarantor).address
    if patient.birth_date is None:
        message = "a superbill needs a date of birth"
        raise ValueError(message)
    return SuperbillDoc(
        letterhead=letterhead_of(work),
        tax_id=practice.tax_id,
        npi=practice.npi,
        number=number,
        account=facts.guarantor.number,
        issued=issued,
        period_from=period[0],
        period_to=period[1],
        patient=Recipient(patient.name, address),
        birth_date=patient.birth_date,
        clinician=Clinician(
            provider.name, provider.credentials, provider.npi, provider.licence, provider.taxonomy
        ),
        diagnoses=tuple(PrintedDiagnosis(code) for code in codes),
        lines=lines,
        charged=sum((line.charge for line in lines), ZERO),
        paid=sum((line.paid for line in lines), ZERO),
        insurance=_insurance(work, patient.id, period[1]),
    )


def _insurance(work: Work, patient_id: int, day: date) -> tuple[str, ...]:
    """Return payer, member id and group of the policy in force at the end of the period."""
    for policy in policies_on(work, patient_id, day):
        member = f"Member {policy.member_id}" if policy.member_id else ""
        group = f"Group {policy.group_number}" if policy.group_number else ""
        return tuple(line for line in (policy.payer, member, group) if line)
    return ()
