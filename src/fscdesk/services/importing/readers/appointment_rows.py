"""What the appointment report says of a session, as typed values; amounts are whole cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.services.errors import Finding
from fscdesk.services.spreadsheets.cells import PayerName


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One billed service of a session: a code, how many units, and the rate of one in cents."""

    code: str
    units: int
    rate: int
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One session as the file tells it, from one line or from several lines of its codes.

    ``raw`` holds the source lines as they were read, joined by line ends. ``minute`` counts
    from local midnight. ``occurrence`` numbers sessions of one file that share minute, client
    and clinician. ``write_off`` is None where the file has no such column. Amounts that the
    file does not have are 0; ``AppointmentFile`` says which. Status words are kept as written;
    ``attendance`` is filled by saved mappings only.
    """

    lines: tuple[int, ...]
    raw: str
    day: date
    minute: int
    client: str
    clinician: str
    codes: tuple[CodeLine, ...]
    payer: PayerName | None
    second_payer: PayerName | None
    fee: int
    note_status: str
    patient_status: str
    patient_charge: int
    uninvoiced: int
    patient_paid: int
    patient_unpaid: int
    insurance_status: str
    insurance_charge: int
    insurance_paid: int
    write_off: int | None
    insurance_unpaid: int
    occurrence: int = 1
    attendance: str = ""

    @property
    def settled_write_off(self) -> int:
        """The write-off, or where the column is absent what the other insurance amounts leave."""
        if self.write_off is not None:
            return self.write_off
        return max(self.insurance_charge - self.insurance_paid - self.insurance_unpaid, 0)

    @property
    def insurance_share(self) -> int:
        """The fee less the client's share: what insurance is charged, in files without it too.

        Total Fee = client Charge + insurance Charge held on every real row that was seen.
        """
        return self.fee - self.patient_charge


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A line that is not used, and why: a code for programs, a sentence for people."""

    line: int
    reason_code: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows that are used, in cents."""

    fee: int = 0
    patient_charge: int = 0
    insurance_charge: int = 0
    patient_paid: int = 0
    insurance_paid: int = 0
    write_off: int = 0
    uninvoiced: int = 0
    patient_unpaid: int = 0
    insurance_unpaid: int = 0


@dataclass(frozen=True, slots=True)
class AppointmentFile:
    """A whole report, read. ``read`` = rows + ``joined`` + skipped, always.

    ``joined`` counts lines that became part of the session of an earlier line (codes on lines
    of their own). ``preamble`` holds the lines above the header, which are not counted.
    ``has_fee``, ``has_patient`` and ``has_insurance`` say which amounts the file knows.
    """

    rows: list[AppointmentRow]
    skipped: list[SkippedRow]
    findings: list[Finding]
    totals: Totals
    first_day: date | None
    last_day: date | None
    read: int
    joined: int
    preamble: list[SkippedRow]
    has_fee: bool
    has_patient: bool
    has_insurance: bool


def total_rows(rows: list[AppointmentRow]) -> Totals:
    """Sum the amounts of the rows; a write-off that is not stated counts as it settles."""
    return Totals(
        fee=sum([row.fee for row in rows]),
        patient_charge=sum([row.patient_charge for row in rows]),
        insurance_charge=sum([row.insurance_charge for row in rows]),
        patient_paid=sum([row.patient_paid for row in rows]),
        insurance_paid=sum([row.insurance_paid for row in rows]),
        write_off=sum([row.settled_write_off for row in rows]),
        uninvoiced=sum([row.uninvoiced for row in rows]),
        patient_unpaid=sum([row.patient_unpaid for row in rows]),
        insurance_unpaid=sum([row.insurance_unpaid for row in rows]),
    )
