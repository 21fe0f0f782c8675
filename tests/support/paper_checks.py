"""The paper check of job 2: one payer, twelve clients, thirty lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fscdesk.models.values import Money
from fscdesk.services.work import Work
from tests.support.people import add_patient, add_payer, add_provider, add_session

PAYER = "Aetheria Example"
EARLIER = "Elder Sampleton"
AS_EXPECTED: tuple[tuple[str, int], ...] = (
    ("Alma Anyone", 3),
    ("Bram Placeholder", 3),
    ("Coralie Mockup", 3),
    ("Dov Draftman", 2),
    ("Fenna Fakename", 2),
    ("Gus Nobodyson", 2),
)
OTHERWISE: tuple[tuple[str, str], ...] = (
    ("Hollis Placebo", "eed"),
    ("Ines Imaginary", "edx"),
    ("Jasper Testcase", "ecx"),
    ("Kit Stand-In", "ed"),
    ("Lior Dummy", "ec"),
    ("Minna Minorsample", "ed"),
)
"""Client, and what the paper says of each line: expected, d, c, or denied."""
OWED, PAID, OFF = 130_00, 91_40, 38_60
OTHER_PAID = 61_20
"""Cents: what the payer owes a line, what it usually pays and takes off; what it paid instead."""
FIRST = date(2026, 2, 16)


@dataclass(frozen=True)
class PaperCheck:
    """The seeded check: the payer, the clients by name, and what the check says."""

    payer: int
    patients: dict[str, int]
    amount: Money


def seed_paper_check(work: Work) -> PaperCheck:
    """Write thirty open lines, and one of before that tells what is expected of them."""
    provider = add_provider(work, "Mockley O'Sample", "1234567893")
    payer = add_payer(work, PAYER)
    elder = add_patient(work, EARLIER, "P-0")
    _session(work, elder, provider, payer, date(2026, 1, 12), PAID, OFF)
    lines = [*AS_EXPECTED, *((name, len(said)) for name, said in OTHERWISE)]
    patients: dict[str, int] = {}
    for at, (name, count) in enumerate(lines):
        patients[name] = add_patient(work, name, f"P-{at + 1}")
        for week in range(count):
            day = FIRST + timedelta(days=7 * week + at % 5)
            _session(work, patients[name], provider, payer, day)
    said = "".join(words for _name, words in OTHERWISE)
    as_usual = sum(count for _name, count in AS_EXPECTED) + said.count("e")
    otherwise = said.count("d") + said.count("c")
    return PaperCheck(payer, patients, Money(as_usual * PAID + otherwise * OTHER_PAID))


def _session(
    work: Work, patient: int, provider: int, payer: int, day: date, paid: int = 0, off: int = 0
) -> None:
    add_session(
        work,
        patient,
        provider,
        day=day,
        payer=payer,
        insurance=OWED,
        share=30_00,
        patient_paid=30_00,
        insurance_paid=paid,
        write_off=off,
    )
