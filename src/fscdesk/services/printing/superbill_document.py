"""What a superbill says: for an insurer to pay the patient back, so with codes and diagnoses.

Amounts are positive: what was charged, and what the patient paid of it. It is the one paper of
patient billing with diagnoses; fees for sessions that did not take place are never on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.printing.parties import Clinician, Diagnosis, Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total

LETTERS = "ABCDEFGHIJKL"
"""Twelve places, as in box 21 of the CMS-1500."""
MOST_POINTERS, MOST_MODIFIERS = 4, 4


@dataclass(frozen=True, slots=True)
class SuperbillLine:
    """One service as an insurer reads it."""

    day: date
    place: str
    """Place of service: ``11``, ``10``."""
    code: str
    what: str
    """The practice's own short name, never a CPT descriptor."""
    pointers: str
    """Letters of the diagnoses, the first one first: ``AB``."""
    charge: Money
    paid: Money
    units: int = 1
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuperbillDoc:
    """The services of one patient by one clinician over a period.

    Raises ValueError where totals are not those of the lines, a pointer names no diagnosis, or
    there are more diagnoses, pointers or modifiers than a claim form has places for.
    """

    letterhead: Letterhead
    tax_id: str
    npi: str
    number: str
    account: str
    issued: date
    period_from: date
    period_to: date
    patient: Recipient
    birth_date: date
    clinician: Clinician
    diagnoses: tuple[Diagnosis, ...]
    lines: tuple[SuperbillLine, ...]
    charged: Money
    paid: Money
    insurance: tuple[str, ...] = ()
    """Payer, member id and group, a line each, where the practice knows them."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up and pointers to nothing."""
        name = f"superbill {self.number}"
        must_hold(self.lines, f"{name} has no service")
        must_hold(
            0 < len(self.diagnoses) <= len(LETTERS),
            f"{name} has {len(self.diagnoses)} diagnoses; a claim has 1 to {len(LETTERS)}",
        )
        codes = [diagnosis.code for diagnosis in self.diagnoses]
        must_hold(len(set(codes)) == len(codes), f"{name} has a diagnosis twice")
        held = LETTERS[: len(self.diagnoses)]
        for line in self.lines:
            where = f"{name}, {line.day}"
            must_hold(line.units > 0, f"{where} has {line.units} units")
            must_hold(
                self.period_from <= line.day <= self.period_to, f"{where} is outside its period"
            )
            must_hold(
                0 < len(line.pointers) <= MOST_POINTERS
                and len(set(line.pointers)) == len(line.pointers)
                and set(line.pointers) <= set(held),
                f"{where} points at {line.pointers or 'nothing'}; the diagnoses are {held}",
            )
            must_hold(len(line.modifiers) <= MOST_MODIFIERS, f"{where} has too many modifiers")
        must_be(f"{name}, charges", self.charged, total(line.charge for line in self.lines))
        must_be(f"{name}, payments", self.paid, total(line.paid for line in self.lines))
