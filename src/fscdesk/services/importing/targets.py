"""What a row makes of a session: its attendance, its charges, where it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fscdesk.models.session import Attendance
from fscdesk.services.charges.catalogue import Catalogue
from fscdesk.services.charges.making import SessionFacts, make_charges
from fscdesk.services.importing.coding import Codes
from fscdesk.services.importing.deriving import attendance_of, code_facts, code_text, status_of
from fscdesk.services.importing.knowledge import KnownSession
from fscdesk.services.importing.matching import Placed
from fscdesk.services.importing.naming import Resolved
from fscdesk.services.importing.plan import Creation
from fscdesk.services.importing.plan_book import PlanBook
from fscdesk.services.importing.readers.appointments import AppointmentFile
from fscdesk.services.sessions.recording import ReportFacts


@dataclass(frozen=True, slots=True)
class Basis:
    """What every row of one plan shares."""

    content: AppointmentFile
    catalogue: Catalogue
    codes: Codes
    payers: Resolved
    today: date
    book: PlanBook


def target_of(
    basis: Basis, one: Placed, report: ReportFacts, by_hand: Attendance | None = None
) -> Creation:
    """Return the session as the row would have it; ``by_hand`` is what a person said of it."""
    row = one.row
    facts = code_facts(row, basis.codes.renamed)
    payer_id = basis.payers.ids.get(report.payer) if report.payer else None
    attendance = by_hand or attendance_of(
        report,
        facts,
        basis.catalogue,
        said=row.attendance,
        day=row.day,
        today=basis.today,
    )
    charges = make_charges(
        SessionFacts(
            day=row.day,
            attendance=attendance,
            payer_id=payer_id,
            codes=facts
            if basis.content.has_fee
            else tuple(code._replace(rate=None) for code in facts),
            patient_charge=row.patient_charge if basis.content.has_patient else None,
            fee=row.fee if basis.content.has_fee else None,
        ),
        basis.catalogue,
    )
    posted = report.recorded
    payer_open = sum(charge.insurance for charge in charges) - (
        posted.insurance_paid + posted.write_off
    )
    client_open = sum(charge.patient for charge in charges) - posted.patient_paid
    return Creation(
        row_id=basis.book.next_id,
        patient_id=one.patient_id,
        provider_id=one.provider_id,
        payer_id=payer_id,
        second_payer_id=basis.payers.ids.get(report.second_payer) if report.second_payer else None,
        occurrence=one.occurrence,
        day=row.day,
        minute=row.minute,
        code_text=code_text(facts),
        attendance=attendance,
        billing_status=status_of(report, attendance, payer_open, max(client_open, 0)),
        charges=charges,
        report=report,
    )


def with_payers(target: Creation, session: KnownSession) -> Creation:
    """Keep the payers of the books where the file has no column for them."""
    return replace(target, payer_id=session.payer_id, second_payer_id=session.second_payer_id)


def charged_differently(before: ReportFacts, now: ReportFacts) -> bool:
    """Say whether two versions of a row ask other prices or other shares."""
    return (before.codes, before.fee, before.patient_charge) != (
        now.codes,
        now.fee,
        now.patient_charge,
    )


def owed(target: Creation) -> int:
    """Return what will be open of a session in cents; a credit of the client is not of it."""
    if not target.charges:
        return 0
    patient = sum(charge.patient for charge in target.charges) - target.report.patient_paid
    insurance = sum(charge.insurance for charge in target.charges)
    return insurance - target.report.insurance_paid - target.report.write_off + max(patient, 0)
