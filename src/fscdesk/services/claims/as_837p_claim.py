"""One claim typed for the 837P.

Texts are brought into X12's basic characters here already. So what our reader makes of the
finished file is equal to what was written, and the two can be compared as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from fscdesk.models.claim import Frequency
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims import content as facts
from fscdesk.services.claims.content import ClaimContent, ContentLine, CoverageFacts, EarlierPayer
from fscdesk.services.x12.professional import (
    Address,
    Adjustment,
    CannotWrite,
    LineAdjudication,
    Name,
    OtherPayer,
    PatientLoop,
    Payer,
    ProfessionalClaim,
    Provider,
    ServiceLine,
    Subscriber,
)
from fscdesk.services.x12.writing import basic

__all__ = ["AT_HOME", "MEDICARE", "address_of", "as_claim", "bare_digits"]

AT_HOME: Final = frozenset({"02", "10", "12"})
"""Places of service that are no facility: the patient is elsewhere (02), or at home (10, 12)."""
MEDICARE: Final = frozenset({"MA", "MB"})
_RANKS: Final = MappingProxyType({1: "P", 2: "S", 3: "T"})
_RELATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"spouse": "01", "child": "19", "other": "G8"}
)
_SELF: Final = "18"
_WORKING_AGED, _DISABLED = "12", "43"
_AGED: Final = 65
_SHORTEST_ID: Final = 2
_SIGNS: Final = re.compile(r"[^A-Z0-9]+")


def as_claim(content: ClaimContent) -> ProfessionalClaim:
    """Return one claim typed for the 837P. Raises CannotWrite where it names no coverage."""
    coverage = content.coverage
    if coverage is None:
        raise CannotWrite("coverage", "is missing", content.account)
    referral = content.referral
    if referral is not None and referral.qualifier not in ("DN", "DQ"):
        raise CannotWrite(
            "referral", f"is of kind {referral.qualifier}; a claim takes DN or DQ", content.account
        )
    paid = sum((line.patient_paid for line in content.lines), ZERO)
    resent = content.frequency != Frequency.ORIGINAL
    supervising = _clinician(content.supervising)
    if supervising is None and referral is not None and referral.qualifier == "DQ":
        supervising = _referrer(referral)
    return ProfessionalClaim(
        control=content.account,
        charge=content.total,
        place=content.place_of_service,
        subscriber=_subscriber(content, coverage),
        payer=Payer(
            basic(content.payer.name), basic(content.payer.payer_code), _full(content.payer.address)
        ),
        diagnoses=tuple(_bare(code) for code in content.diagnoses),
        lines=tuple(_line(content, line) for line in content.lines),
        patient=None if coverage.is_self else _patient(content, coverage),
        frequency=content.frequency,
        provider_signature=content.provider_signature,
        assignment=content.assignment,
        benefits_assigned=content.benefits_assigned,
        release=content.release,
        patient_paid=paid if paid.cents > 0 else None,
        authorization="" if content.authorization is None else basic(content.authorization.number),
        original_reference=basic(content.original_number) if resent else "",
        note=basic(content.note),
        referring=_referrer(referral)
        if referral is not None and referral.qualifier == "DN"
        else None,
        rendering=_rendering(content),
        facility=_facility(content),
        supervising=supervising,
        other_payers=tuple(_other(one) for one in _named(content)),
    )


def _subscriber(content: ClaimContent, coverage: CoverageFacts) -> Subscriber:
    person = content.patient if coverage.is_self else coverage.subscriber
    filing = content.payer.filing_indicator
    group = basic(coverage.group_number)
    return Subscriber(
        _name(person),
        basic(coverage.member_id),
        _RANKS.get(content.rank, ""),
        group_number=group,
        group_name="" if group else basic(coverage.plan_name),
        insurance_type=_insurance_type(content, filing),
        filing_indicator=filing,
        address=address_of(person.address) if coverage.is_self else _full(person.address),
        born_on=person.birth_date if coverage.is_self or person.sex else None,
        sex=person.sex if coverage.is_self or person.birth_date else "",
    )


def _insurance_type(content: ClaimContent, filing: str) -> str:
    """Return why Medicare pays second (SBR05), which it asks for: aged and working, or disabled."""
    if content.rank == 1 or filing not in MEDICARE:
        return ""
    born, day = content.patient.birth_date, content.first_day
    if born is None:
        return _WORKING_AGED
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return _WORKING_AGED if age >= _AGED else _DISABLED


def _patient(content: ClaimContent, coverage: CoverageFacts) -> PatientLoop:
    return PatientLoop(
        _RELATIONS.get(coverage.relationship, ""),
        _name(content.patient),
        address_of(content.patient.address),
        content.patient.birth_date,
        content.patient.sex,
    )


def _rendering(content: ClaimContent) -> Provider | None:
    """Return who saw the patient, unless that is the billing provider itself."""
    person = content.rendering
    if person.npi and person.npi == content.practice.npi:
        return None
    return Provider(_named_person(person.last_name, person.first_name), person.npi, person.taxonomy)


def _clinician(person: facts.ProviderFacts | None) -> Provider | None:
    if person is None:
        return None
    return Provider(_named_person(person.last_name, person.first_name), person.npi)


def _referrer(referral: facts.ReferralFacts) -> Provider:
    return Provider(_named_person(referral.last_name, referral.first_name), referral.npi)


def _facility(content: ClaimContent) -> Provider | None:
    """Return the place where the service was given, where it is another than the billing one."""
    there = content.facility_address
    if content.place_of_service in AT_HOME or not there.complete:
        return None
    if _place(there) == _place(content.practice.address):
        return None
    name = basic(content.facility_name or content.practice.name)
    npi = content.facility_npi if content.facility_npi != content.practice.npi else ""
    return Provider(Name.of_organization(name), npi, address=address_of(there))


def _named(content: ClaimContent) -> list[EarlierPayer]:
    """Return the other payers that the claim names.

    Earlier ones must be there; a later one is left out where the practice knows too little of
    it, or may not tell it anything.
    """
    return [
        one
        for one in content.others
        if one.coverage.rank < content.rank
        or (
            len(one.coverage.member_id) >= _SHORTEST_ID
            and one.payer.payer_code
            and one.coverage.release_signed
        )
    ]


def _other(one: EarlierPayer) -> OtherPayer:
    coverage, answer = one.coverage, one.answer
    by_line = answer is not None and bool(answer.lines)
    group = basic(coverage.group_number)
    return OtherPayer(
        responsibility=_RANKS.get(coverage.rank, ""),
        relationship=_SELF if coverage.is_self else _RELATIONS.get(coverage.relationship, ""),
        subscriber=_name(coverage.subscriber),
        member_id=basic(coverage.member_id),
        payer_name=basic(one.payer.name),
        payer_id=basic(one.payer.payer_code),
        group_number=group,
        group_name="" if group else basic(coverage.plan_name),
        filing_indicator=one.payer.filing_indicator,
        paid=None if answer is None else answer.paid,
        remaining=None if answer is None or by_line else answer.patient_owes,
        adjudicated_on=None if answer is None or by_line else answer.decided_on,
        claim_number="" if answer is None else basic(answer.payer_number),
        benefits_assigned="Y" if coverage.benefits_assigned else "N",
        release="Y" if coverage.release_signed else "",
        subscriber_address=_full(coverage.subscriber.address),
        payer_address=_full(one.payer.address),
    )


def _line(content: ClaimContent, line: ContentLine) -> ServiceLine:
    return ServiceLine(
        _bare(line.code),
        line.amount,
        line.pointers,
        line.service_day,
        modifiers=tuple(basic(one) for one in line.modifiers),
        units=Decimal(line.units),
        place="" if line.place_of_service == content.place_of_service else line.place_of_service,
        control=line.control,
        adjudications=tuple(_adjudications(content, line)),
    )


def _adjudications(content: ClaimContent, line: ContentLine) -> Iterable[LineAdjudication]:
    """Yield what each earlier payer decided of a line."""
    for other in content.others:
        answer = other.answer
        if answer is None or other.coverage.rank >= content.rank:
            continue
        for said in answer.lines:
            if said.position == line.position:
                yield LineAdjudication(
                    basic(other.payer.payer_code),
                    said.paid,
                    _bare(line.code),
                    said.decided_on or answer.decided_on,
                    modifiers=tuple(basic(one) for one in line.modifiers),
                    units=Decimal(line.units),
                    adjustments=tuple(
                        Adjustment(one.group, one.carc, one.amount) for one in said.adjustments
                    ),
                    remaining=_left_to_patient(said.adjustments),
                )


def _left_to_patient(adjustments: Iterable[facts.EarlierAdjustment]) -> Money | None:
    owed = sum((one.amount for one in adjustments if one.group == "PR"), ZERO)
    return owed if owed.cents > 0 else None


def _name(person: facts.Person) -> Name:
    return Name(
        basic(person.last_name),
        basic(person.first_name),
        basic(person.middle_name),
        basic(person.suffix),
    )


def _named_person(last: str, first: str) -> Name:
    return Name(basic(last), basic(first))


def address_of(address: facts.Address) -> Address:
    """Return an address as an 837P has it; what is missing is told by the writer."""
    return Address(
        basic(address.line1),
        basic(address.city),
        basic(address.state),
        bare_digits(address.zip_code),
        basic(address.line2),
    )


def _full(address: facts.Address) -> Address | None:
    """Return an address that need not be there, where it is complete."""
    return address_of(address) if address.complete else None


def _place(address: facts.Address) -> tuple[str, str, str]:
    """Return what tells one place from another, however its lines are split and punctuated."""
    street = _SIGNS.sub(" ", basic(f"{address.line1} {address.line2}"))
    city = _SIGNS.sub(" ", basic(address.city))
    return " ".join(street.split()), " ".join(city.split()), bare_digits(address.zip_code)[:5]


def bare_digits(text: str) -> str:
    """Return a number as it is written: without blanks, dashes, dots and parentheses."""
    return re.sub(r"[ ()./\-]", "", text)


def _bare(code: str) -> str:
    return re.sub(r"[ .\-]", "", basic(code))
