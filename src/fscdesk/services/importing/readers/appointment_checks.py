"""The arithmetic of a row: sums that held on every real row that was seen."""

from __future__ import annotations

from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.appointment_rows import AppointmentRow


def check_sums(
    row: AppointmentRow, *, rated: bool, has_patient: bool, has_insurance: bool
) -> list[Finding]:
    """Return a warning for each sum of the row that does not hold; the row is still used."""
    found: list[tuple[str, str]] = []
    billed = sum(line.units * line.rate for line in row.codes)
    if rated and billed != row.fee:
        found.append(
            ("fee-sum", f"Rate × units is {Money(billed)}, the total fee says {Money(row.fee)}.")
        )
    if has_patient and has_insurance and row.patient_charge + row.insurance_charge != row.fee:
        found.append(
            (
                "share-sum",
                (
                    f"Client {Money(row.patient_charge)} and insurance "
                    f"{Money(row.insurance_charge)} do not add up to the total fee "
                    f"of {Money(row.fee)}."
                ),
            )
        )
    patient = row.uninvoiced + row.patient_paid + row.patient_unpaid
    if has_patient and patient != row.patient_charge:
        found.append(
            (
                "client-sum",
                (
                    f"Uninvoiced, paid and unpaid of the client are {Money(patient)}, "
                    f"the charge says {Money(row.patient_charge)}."
                ),
            )
        )
    insurance = row.insurance_paid + row.settled_write_off + row.insurance_unpaid
    if has_insurance and insurance != row.insurance_charge:
        found.append(
            (
                "insurance-sum",
                (
                    f"Paid, written off and unpaid of the insurance are {Money(insurance)}, "
                    f"the charge says {Money(row.insurance_charge)}."
                ),
            )
        )
    where = f"line {row.lines[0]}"
    return [Finding(code, message, where, Severity.WARNING) for code, message in found]
