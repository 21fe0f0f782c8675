"""Writes remittances as payers would (835 005010X221A1). Pure: what is said becomes text.

A check is what its claims pay less what the payer takes of it beside them. What would be below
zero must be carried forward by whoever makes the check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from fscdesk.models.values import Money
from fscdesk.services.demo import clearinghouse
from fscdesk.services.x12.writing import Controls, SegmentWriter

_VERSION: Final = "005010X221A1"
_REVERSED: Final = "22"
_PATIENT: Final = "PR"


class Taken(NamedTuple):
    """What a payer takes off, or leaves to somebody (CAS): group, reason, cents."""

    group: str
    carc: str
    cents: int


@dataclass(frozen=True, slots=True)
class SaidService:
    """A payer's answer to a service; in cents. ``line_id`` is what was sent with it (REF*6R)."""

    code: str
    modifiers: tuple[str, ...]
    units: int
    day: date
    line_id: str
    charge: int
    taken: tuple[Taken, ...]
    remarks: tuple[str, ...] = ()

    @property
    def paid(self) -> int:
        """Return what is left of the charge."""
        return self.charge - sum(one.cents for one in self.taken)

    @property
    def allowed(self) -> int:
        """Return what is paid, and what is the client's."""
        return self.paid + self.left_to_patient

    @property
    def left_to_patient(self) -> int:
        """Return what the payer leaves to the client."""
        return sum(one.cents for one in self.taken if one.group == _PATIENT)


@dataclass(frozen=True, slots=True)
class SaidClaim:
    """A payer's answer to a claim. ``person`` is (last, first, member id), as it was billed.

    ``passed_on`` is (name, id) of the payer to whom the claim was forwarded.
    """

    number: str
    status: str
    payer_number: str
    filing: str
    place: str
    frequency: str
    person: tuple[str, str, str]
    services: tuple[SaidService, ...]
    passed_on: tuple[str, str] | None = None

    @property
    def paid(self) -> int:
        """Return what its services pay."""
        return sum(one.paid for one in self.services)

    def reversed(self) -> SaidClaim:
        """Return the same answer taken back: every amount with the opposite sign."""
        services = tuple(
            SaidService(
                one.code,
                one.modifiers,
                one.units,
                one.day,
                one.line_id,
                -one.charge,
                tuple(part._replace(cents=-part.cents) for part in one.taken),
            )
            for one in self.services
        )
        return SaidClaim(
            self.number,
            _REVERSED,
            self.payer_number,
            self.filing,
            self.place,
            self.frequency,
            self.person,
            services,
        )


class Beside(NamedTuple):
    """A provider-level adjustment (PLB); cents above zero are taken from the check."""

    reason: str
    reference: str
    cents: int


@dataclass(frozen=True, slots=True)
class Check:
    """One transfer of a payer with what it is for. ``off`` puts it out of balance."""

    payer: str
    payer_code: str
    trace: str
    paid_on: date
    claims: tuple[SaidClaim, ...]
    beside: tuple[Beside, ...] = ()
    by_paper: bool = False
    off: int = 0

    @property
    def cents(self) -> int:
        """Return the amount."""
        return total_of(self.claims, self.beside) + self.off


class Payee(NamedTuple):
    """To whom payers pay: the practice, and how files name it."""

    name: str
    npi: str
    tax_id: str
    receiver: str


def total_of(claims: Sequence[SaidClaim], beside: Sequence[Beside]) -> int:
    """Return what claims pay less what is taken beside them."""
    return sum(one.paid for one in claims) - sum(one.cents for one in beside)


def write_era(checks: Sequence[Check], payee: Payee, control: int, at: datetime) -> str:
    """Return a file with a transaction for each check."""
    writer = SegmentWriter()
    controls = Controls(clearinghouse.ID, payee.receiver, control, control, at)
    writer.open_file(controls, "HP", _VERSION)
    for number, check in enumerate(checks, start=1):
        writer.open_set("835", f"{number:04d}")
        _add_check(writer, check, payee, at.date())
        writer.close_set()
    writer.close_file()
    return writer.text()


def _add_check(writer: SegmentWriter, check: Check, payee: Payee, made_on: date) -> None:
    origin = f"1{check.payer_code:>09}"
    method = "NON" if not check.cents else "CHK" if check.by_paper else "ACH"
    ours = ("01", "999999992", "DA", "123456", origin)
    theirs = ("01", "999988880", "DA", "98765")
    wired = method == "ACH"
    writer.add(
        *("BPR", "I" if check.cents else "H", Money(check.cents), "C", method),
        "CCP" if wired else "",
        *(ours if wired else ("",) * 5),
        "",
        *(theirs if wired else ("",) * 4),
        check.paid_on,
    )
    writer.add("TRN", "1", check.trace, origin)
    writer.add("DTM", "405", made_on)
    writer.add("N1", "PR", check.payer, "XV", check.payer_code)
    writer.add("N3", "1 Invented Plaza")
    writer.add("N4", "Sampleville", "NJ", "07000")
    writer.add("PER", "BL", "Provider desk", "TE", "8005550100")
    writer.add("N1", "PE", payee.name, "XX", payee.npi)
    writer.add("REF", "TJ", payee.tax_id)
    for number, claim in enumerate(check.claims, start=1):
        writer.add("LX", number)
        _add_claim(writer, claim)
    year_end = date(check.paid_on.year, 12, 31)
    for one in check.beside:
        pair = (one.reason, one.reference) if one.reference else one.reason
        writer.add("PLB", payee.npi, year_end, pair, Money(one.cents))


def _add_claim(writer: SegmentWriter, one: SaidClaim) -> None:
    charge = sum(service.charge for service in one.services)
    share = sum(service.left_to_patient for service in one.services)
    writer.add(
        *("CLP", one.number, one.status, Money(charge), Money(one.paid)),
        Money(share) if share > 0 else "",
        *(one.filing, one.payer_number, one.place, one.frequency),
    )
    last, first, member = one.person
    writer.add("NM1", "QC", "1", last, first, "", "", "", "MI" if member else "", member)
    if one.passed_on is not None:
        name, code = one.passed_on
        writer.add("NM1", "TT", "2", name, "", "", "", "", "PI", code)
    for service in one.services:
        _add_service(writer, service)


def _add_service(writer: SegmentWriter, one: SaidService) -> None:
    procedure = ("HC", one.code, *one.modifiers)
    writer.add("SVC", procedure, Money(one.charge), Money(one.paid), "", one.units)
    writer.add("DTM", "472", one.day)
    for part in one.taken:
        writer.add("CAS", part.group, part.carc, Money(part.cents))
    writer.add("REF", "6R", one.line_id)
    if one.allowed > 0:
        writer.add("AMT", "B6", Money(one.allowed))
    for remark in one.remarks:
        writer.add("LQ", "HE", remark)
