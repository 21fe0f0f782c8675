"""Draws a superbill: what a patient sends to an insurer to be paid back."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parties import Clinician, Diagnosis
from fscdesk.services.printing.parts import facts, heading, paragraph, signatures, sum_line
from fscdesk.services.printing.sheet import QUIET, VALUE
from fscdesk.services.printing.superbill_document import LETTERS, SuperbillDoc, SuperbillLine
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import counted, day

__all__ = ["Clinician", "Diagnosis", "SuperbillDoc", "SuperbillLine", "superbill"]

NOT_A_BILL = (
    "This is not a bill. It lists services for the patient to send to an insurer. The insurer "
    "decides what it pays back; what it does not pay is not owed by the practice."
)
TABLE = Table(
    (
        DATE,
        Column("Place", 24),
        Column("Code", 34, style=VALUE),
        Column("Modifiers", 42),
        Column("Service"),
        Column("Diagnosis", 40),
        Column("Units", 24, right=True),
        Column("Charge", 50, right=True),
        Column("Paid", 50, right=True, style=VALUE),
    )
)


def superbill(document: SuperbillDoc) -> bytes:
    """The superbill as PDF, to be signed by the clinician."""
    return print_paper(
        Paper(
            document.letterhead,
            "Superbill",
            document.number,
            facts=(
                ("Number", document.number),
                ("Date", day(document.issued)),
                ("Account", document.account),
                ("From", day(document.period_from)),
                ("To", day(document.period_to)),
            ),
            recipient=document.patient,
            parts=tuple(_parts(document)),
            again=(
                f"Account {document.account}",
                f"Superbill {document.number}, {day(document.issued)}",
            ),
            ids=practice_ids(document.tax_id, document.npi),
        )
    )


def practice_ids(tax_id: str, npi: str) -> tuple[str, ...]:
    """The practice's numbers in one line: ``Tax ID 00-0000000, NPI 0000000000``."""
    numbers = (("Tax ID", tax_id), ("NPI", npi))
    line = ", ".join(f"{name} {number}" for name, number in numbers if number)
    return (line,) if line else ()


def clinician_lines(clinician: Clinician) -> tuple[str, ...]:
    """Name and credentials, then each number that is known."""
    numbers = (
        ("NPI", clinician.npi), ("License", clinician.license), ("Taxonomy", clinician.taxonomy)
    )  # fmt: skip
    return (clinician.titled(), *(f"{name} {number}" for name, number in numbers if number))


def diagnosis_lines(diagnoses: tuple[Diagnosis, ...]) -> tuple[str, ...]:
    """``A  F41.1``: the letters that the services point at, in order."""
    return tuple(
        f"{letter}  {diagnosis.code}{f' {diagnosis.what}' if diagnosis.what else ''}"
        for letter, diagnosis in zip(LETTERS, diagnoses, strict=False)
    )


def _parts(document: SuperbillDoc) -> Iterator[Part]:
    yield heading("Services for insurance")
    patient = (document.patient.name, f"Born {day(document.birth_date)}", *document.insurance)
    yield facts(
        (
            ("Patient", patient),
            ("Clinician", clinician_lines(document.clinician)),
            ("Diagnoses (ICD-10-CM)", diagnosis_lines(document.diagnoses)),
        ),
        persons=2,
    )
    yield gap(14)
    rows = (
        TABLE.row(
            day(line.day),
            line.place,
            line.code,
            " ".join(line.modifiers),
            line.what,
            ", ".join(line.pointers),
            str(line.units),
            line.charge,
            line.paid,
        )
        for line in document.lines
    )
    yield from table_parts(
        TABLE,
        rows,
        gap(5, keep_next=True),
        sum_line(f"Charged, {counted(len(document.lines), 'service')}", document.charged),
        sum_line("Paid by the patient", document.paid),
        sum_line("Not paid", document.charged - document.paid, last=True, keep_next=False),
    )
    yield gap(12)
    yield from paragraph(NOT_A_BILL, QUIET)
    yield gap(10, keep_next=True)
    yield signatures((("Signature of the clinician", document.clinician.titled()),))
