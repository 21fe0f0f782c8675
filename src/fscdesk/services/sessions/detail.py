"""One session with all that the pane beside the list shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Location
from fscdesk.models.session import BillingStatus, Session, SessionReport
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.patients.coverage import PolicyRow, policies_on
from fscdesk.services.sessions.rows import SessionRow, rows_of_sessions
from fscdesk.services.work import Work

STEPS = (
    BillingStatus.COMPLETED,
    BillingStatus.DOCUMENTED,
    BillingStatus.READY_TO_BILL,
    BillingStatus.SUBMITTED,
    BillingStatus.PENDING,
    BillingStatus.APPROVED,
    BillingStatus.PAID,
)
"""The seven steps from held to paid; what was denied stands where the payer decides."""

_NEXT = MappingProxyType(
    {
        BillingStatus.COMPLETED: "Documented when the note is signed",
        BillingStatus.DOCUMENTED: "Ready to bill when the checks before billing pass",
        BillingStatus.READY_TO_BILL: "Submitted when it is sent to the payer",
        BillingStatus.SUBMITTED: "Pending when the payer has taken it in",
        BillingStatus.PENDING: "Approved when the payer says so",
        BillingStatus.APPROVED: "Paid when both balances are 0.00",
        BillingStatus.PAID: "Both balances are 0.00",
        BillingStatus.DENIED: "The payer said no: correct it, or appeal",
        BillingStatus.APPEALING: "The payer decides on the appeal",
    }
)


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A charge of a session, with whose share is whose and what is still open."""

    id: int
    code: str
    modifiers: str
    units: int
    rate: Money
    amount: Money
    insurance_share: Money
    patient_share: Money
    insurance_balance: Money
    patient_balance: Money
    payer: str
    voided_on: date | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What SimplePractice last said of the session: its words and its amounts."""

    client: str
    clinician: str
    payer: str
    second_payer: str
    patient_status: str
    insurance_status: str
    patient_charge: Money
    patient_paid: Money
    patient_unpaid: Money
    insurance_charge: Money
    insurance_paid: Money
    write_off: Money
    insurance_unpaid: Money


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """A session, its charges (voided ones last), its coverage that day, and its step.

    ``step`` counts from one to ``len(STEPS)``; ``stuck`` says that the payer refused.
    ``file_name`` is the import that made it, empty for one made at the desk.
    """

    row: SessionRow
    guarantor_id: int
    guarantor: str
    second_payer: str
    location: str
    status_since: date
    step: int
    step_words: str
    stuck: bool
    charges: tuple[ChargeRow, ...]
    coverage: tuple[PolicyRow, ...]
    report: ReportRow | None
    batch_id: int | None
    file_name: str
    withdrawn: bool


def session_detail(work: Work, session_id: int) -> SessionDetail:
    """Return one session. Raises Problem when there is none of that id."""
    session = work.db.get(Session, session_id)
    if session is None:
        raise Problem(
            "This session is not in the books.", hint="Nothing was changed. Look at the list again."
        )
    (row,) = rows_of_sessions(work, [session_id])
    status = BillingStatus(session.billing_status)
    refused = status in (BillingStatus.DENIED, BillingStatus.APPEALING)
    step = STEPS.index(BillingStatus.PENDING if refused else status) + 1
    guarantor_id, guarantor = work.db.execute(
        select(Guarantor.id, Guarantor.name)
        .join(Patient, Patient.guarantor_id == Guarantor.id)
        .where(Patient.id == session.patient_id)
    ).one()
    return SessionDetail(
        row=row,
        guarantor_id=guarantor_id,
        guarantor=guarantor,
        second_payer=_name(work, Payer.short_name, Payer.id, session.second_payer_id),
        location=_name(work, Location.name, Location.id, session.location_id),
        status_since=session.status_since,
        step=step,
        step_words=f"Step {step} of {len(STEPS)}. {_NEXT[status]}",
        stuck=refused,
        charges=_charges(work, session_id),
        coverage=policies_on(work, session.patient_id, session.day),
        report=_report(work, session_id),
        batch_id=session.batch_id,
        file_name=_name(work, ImportBatch.file_name, ImportBatch.id, session.batch_id),
        withdrawn=session.withdrawn_by is not None,
    )


def _charges(work: Work, session_id: int) -> tuple[ChargeRow, ...]:
    found = work.db.execute(
        select(Charge, Payer.short_name)
        .outerjoin(Payer, Payer.id == Charge.payer_id)
        .where(Charge.session_id == session_id)
    ).all()
    ordered = sorted(found, key=lambda pair: (pair[0].voided_on is not None, pair[0].position))
    return tuple(
        ChargeRow(
            id=charge.id,
            code=charge.code,
            modifiers=charge.modifiers,
            units=charge.units,
            rate=charge.rate,
            amount=charge.amount,
            insurance_share=charge.insurance_share,
            patient_share=charge.patient_share,
            insurance_balance=charge.insurance_balance,
            patient_balance=charge.patient_balance,
            payer=payer or "",
            voided_on=charge.voided_on,
        )
        for charge, payer in ordered
    )


def _report(work: Work, session_id: int) -> ReportRow | None:
    said = work.db.get(SessionReport, session_id)
    if said is None:
        return None
    return ReportRow(
        client=said.client,
        clinician=said.clinician,
        payer=said.payer,
        second_payer=said.second_payer,
        patient_status=said.patient_status,
        insurance_status=said.insurance_status,
        patient_charge=said.patient_charge,
        patient_paid=said.patient_paid,
        patient_unpaid=said.patient_unpaid,
        insurance_charge=said.insurance_charge,
        insurance_paid=said.insurance_paid,
        write_off=said.write_off,
        insurance_unpaid=said.insurance_unpaid,
    )


def _name(work: Work, column: Any, key: Any, wanted: int | None) -> str:
    if wanted is None:
        return ""
    return str(work.db.scalar(select(column).where(key == wanted)) or "")
