"""What a row of the appointment report says about a session: facts, attendance, status. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fscdesk.models.service import ServiceKind
from fscdesk.models.session import Attendance, BillingStatus
from fscdesk.services.charges.catalogue import Catalogue
from fscdesk.services.charges.making import CodeFacts
from fscdesk.services.importing.naming import payer_text
from fscdesk.services.importing.readers.appointments import AppointmentRow
from fscdesk.services.sessions.recording import ReportFacts

LOCKED = "LOCKED"
NO_CODE = "NONE"
"""Stands for the fee of a row that names no billing code."""


class Columns(NamedTuple):
    """Which groups of columns the file has; what is not there did not change."""

    note: bool
    payers: bool
    insurance: bool
    write_off: bool


def report_of(row: AppointmentRow) -> ReportFacts:
    """Return a row as it is kept, so that the next export can be compared with it."""
    return ReportFacts(
        client=row.client,
        clinician=row.clinician,
        payer=payer_text(row.payer),
        second_payer=payer_text(row.second_payer),
        codes=" ".join(f"{code.code}*{code.units}@{code.rate}" for code in row.codes),
        fee=row.fee,
        note_status=row.note_status,
        patient_status=row.patient_status,
        patient_charge=row.patient_charge,
        uninvoiced=row.uninvoiced,
        patient_paid=row.patient_paid,
        patient_unpaid=row.patient_unpaid,
        insurance_status=row.insurance_status,
        insurance_charge=row.insurance_charge,
        insurance_paid=row.insurance_paid,
        write_off=row.settled_write_off,
        insurance_unpaid=row.insurance_unpaid,
    )


def with_what_is_missing(now: ReportFacts, before: ReportFacts, has: Columns) -> ReportFacts:
    """Return ``now`` with the facts of ``before`` for the columns that the file lacks."""
    kept: dict[str, object] = {}
    if not has.note:
        kept["note_status"] = before.note_status
    if not has.payers:
        kept |= {"payer": before.payer, "second_payer": before.second_payer}
    if not has.insurance:
        kept |= {
            "insurance_status": before.insurance_status,
            "insurance_paid": before.insurance_paid,
            "write_off": before.write_off,
            "insurance_unpaid": before.insurance_unpaid,
            "insurance_charge": now.fee - now.patient_charge,
        }
    return now._replace(**kept)  # type: ignore[arg-type]


def code_facts(row: AppointmentRow, renamed: dict[str, str]) -> tuple[CodeFacts, ...]:
    """Return a row's codes for the making of charges; ``renamed`` mends mangled codes."""
    return tuple(
        CodeFacts(
            renamed.get(code.code, code.code) or NO_CODE, code.units, code.rate, code.modifiers
        )
        for code in row.codes
    )


def code_text(codes: Sequence[CodeFacts]) -> str:
    """Return the codes as lists show them: the first, and how many more."""
    if not codes:
        return ""
    return codes[0].code if len(codes) == 1 else f"{codes[0].code} +{len(codes) - 1}"


def attendance_of(
    report: ReportFacts,
    codes: Sequence[CodeFacts],
    catalogue: Catalogue,
    *,
    said: str,
    day: date,
    today: date,
) -> Attendance:
    """Say whether the session took place, as far as the report and the codes tell.

    SimplePractice's report has no attendance: a practice's own fee codes say late cancel
    or no-show, and a day to come with nothing paid is an appointment. ``said`` is the
    word of a file whose columns were mapped by hand.
    """
    word = "".join(filter(str.isalpha, said.casefold()))
    if "noshow" in word:
        return Attendance.NO_SHOW
    if "latecancel" in word:
        return Attendance.LATE_CANCELLED
    if "cancel" in word:
        return Attendance.CANCELLED
    kinds = {
        service.kind for code in codes if (service := catalogue.service(code.code)) is not None
    }
    if ServiceKind.LATE_CANCEL_FEE in kinds:
        return Attendance.LATE_CANCELLED
    if ServiceKind.NO_SHOW_FEE in kinds:
        return Attendance.NO_SHOW
    if day > today and not any(report.said):
        return Attendance.SCHEDULED
    return Attendance.COMPLETED


def status_of(
    report: ReportFacts, attendance: Attendance, payer_open: int, client_open: int
) -> BillingStatus:
    """Say where a session stands when SimplePractice says this of it (DESIGN.md 7).

    ``payer_open`` and ``client_open`` are the balances in cents after the row's money.
    """
    if attendance is Attendance.SCHEDULED:
        return BillingStatus.COMPLETED  # the first step of the ladder; nothing is billed yet
    if not payer_open and not client_open:
        return BillingStatus.PAID
    noted = report.note_status.upper() == LOCKED
    if report.insurance_charge or report.insurance_paid:
        said = report.insurance_status.upper()
        if said in ("PAID", "OVER") or report.insurance_paid:
            return BillingStatus.APPROVED
        if said == "PENDING":
            return BillingStatus.PENDING
        if said == "UNPAID":
            return BillingStatus.SUBMITTED
    elif report.patient_status.upper() in ("UNPAID", "PAID"):
        return BillingStatus.SUBMITTED
    return BillingStatus.DOCUMENTED if noted else BillingStatus.COMPLETED
