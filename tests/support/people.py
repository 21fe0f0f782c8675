"""Fictional people and their sessions, written through the services in a line each."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow, Verdict
from fscdesk.models.patient import Guarantor, Patient, PatientAlias
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.patients.names import alias_key, sort_name
from fscdesk.services.sessions.recording import ReportFacts, SessionDraft, record_sessions
from fscdesk.services.work import Topic, Work

SPRING = date(2026, 3, 2)


def add_provider(work: Work, name: str, npi: str = "") -> int:
    """A clinician."""
    person = Provider(name=name, npi=npi)
    work.db.add(person)
    work.db.flush()
    work.touch(Topic.PROVIDERS)
    return person.id


def add_payer(work: Work, name: str, short_name: str = "", code: str = "99901") -> int:
    """An insurer."""
    payer = Payer(name=name, short_name=short_name or name[:16], payer_code=code)
    work.db.add(payer)
    work.db.flush()
    work.touch(Topic.PAYERS)
    return payer.id


def add_service(work: Work, code: str, cents: int = 16000) -> int:
    """A code of the practice; the second time it is the one that is there."""
    known = work.db.scalar(select(Service.id).where(Service.code == code))
    if known is not None:
        return known
    service = Service(
        code=code,
        name=f"Service {code}",
        kind=ServiceKind.SESSION,
        base_rate=Money(cents),
        revenue_account="4010",
    )
    work.db.add(service)
    work.db.flush()
    work.touch(Topic.SERVICES)
    return service.id


def add_guarantor(work: Work, name: str, number: str = "") -> int:
    """Somebody who pays."""
    person = Guarantor(number=number or f"G-{name}", name=name)
    work.db.add(person)
    work.db.flush()
    return person.id


def add_patient(
    work: Work, name: str, number: str = "", *, guarantor: int | None = None, also: str = ""
) -> int:
    """A client, who pays for himself unless told otherwise; ``also`` is an alias."""
    paying = guarantor or add_guarantor(work, name, f"G-{number or name}")
    patient = Patient(
        number=number or f"P-{name}", name=name, sort_name=sort_name(name), guarantor_id=paying
    )
    work.db.add(patient)
    work.db.flush()
    if also:
        alias = PatientAlias(alias=alias_key(also), shown=also, patient_id=patient.id)
        work.db.add(alias)
    work.touch(Topic.PATIENTS)
    return patient.id


def add_batch(work: Work, file_name: str = "appointments_2026-03.csv", **facts: object) -> int:
    """An applied import."""
    given: dict[str, object] = {
        "file_name": file_name,
        "sha256": f"{hash(file_name) & 0xFFFFFFFF:064x}",
        "profile": "SimplePractice appointment status report",
        "file_day": date(2026, 3, 31),
        "first_day": SPRING,
        "last_day": date(2026, 3, 31),
        "status": BatchStatus.APPLIED,
        "read": 1,
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "skipped": 0,
        "gone": 0,
        "totals": {},
        "findings": {},
        "applied_by": work.actor.staff_id,
        "applied_at": work.now(),
    }
    batch = ImportBatch(**{**given, **facts})
    work.db.add(batch)
    work.db.flush()
    work.touch(Topic.IMPORTS)
    return batch.id


def add_import_row(
    work: Work, batch_id: int, session_id: int, line: int = 2, before: str | None = None
) -> None:
    """A row of a file that made or changed a session."""
    verdict = Verdict.NEW if before is None else Verdict.CHANGED
    row = ImportRow(
        batch_id=batch_id,
        line=line,
        verdict=verdict,
        reason="",
        raw="{}",
        session_id=session_id,
        before=before,
    )
    work.db.add(row)


def add_session(
    work: Work,
    patient: int,
    provider: int,
    *,
    day: date = SPRING,
    minute: int = 540,
    payer: int | None = None,
    code: str = "90837",
    insurance: int = 0,
    share: int = 0,
    insurance_paid: int = 0,
    write_off: int = 0,
    patient_paid: int = 0,
    status: BillingStatus | None = None,
    attendance: Attendance = Attendance.COMPLETED,
    note: str = "LOCKED",
    batch: int | None = None,
    paid_on: date | None = None,
) -> int:
    """A session with one charge (amounts in cents), and what SimplePractice calls paid.

    It is documented, or paid where nothing is left open of it.
    """
    recorded = Recorded(patient_paid, insurance_paid, write_off)
    settled = share == patient_paid and insurance == insurance_paid + write_off
    paid = settled and insurance + share > 0
    where = status or (BillingStatus.PAID if paid else BillingStatus.DOCUMENTED)
    guarantor = work.db.get_one(Patient, patient).guarantor_id
    service = add_service(work, code)
    amount = insurance + share
    charge = ChargeFacts(1, service, code, "", 1, amount, amount, share, insurance, "4010")
    same = [Session.patient_id == patient, Session.day == day, Session.minute == minute]
    earlier = len(work.db.scalars(select(Session.id).where(*same)).all())
    draft = SessionDraft(
        day=day,
        minute=minute,
        occurrence=earlier + 1,
        patient_id=patient,
        guarantor_id=guarantor,
        provider_id=provider,
        payer_id=payer,
        second_payer_id=None,
        service_id=service,
        attendance=attendance,
        billing_status=where,
        note_status=note,
        code_text=code,
        charges=(charge,) if amount else (),
        recorded=recorded,
        report=_report(insurance, share, insurance_paid, write_off, patient_paid, note)
        if any(recorded)
        else None,
    )
    until = paid_on or day + timedelta(days=20)
    made = record_sessions(work, [draft], recorded_on=until, reason="Imported", batch_id=batch)
    return next(iter(made))


def _report(
    insurance: int, share: int, insurance_paid: int, write_off: int, paid: int, note: str
) -> ReportFacts:
    return ReportFacts(
        client="Quill Fakerson",
        clinician="Testa Fernsample",
        payer="Imaginary Blue (99901)",
        second_payer="",
        codes="90837*1@16000",
        fee=insurance + share,
        note_status=note,
        patient_status="PAID",
        patient_charge=share,
        uninvoiced=0,
        patient_paid=paid,
        patient_unpaid=share - paid,
        insurance_status="PAID",
        insurance_charge=insurance,
        insurance_paid=insurance_paid,
        write_off=write_off,
        insurance_unpaid=insurance - insurance_paid - write_off,
    )
