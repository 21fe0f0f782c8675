"""A claim as a CMS-1500: what stands in which box. Pure; ``as_cms1500`` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.models.claim import Frequency
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims import content as facts
from fscdesk.services.claims.as_837p_claim import AT_HOME, MEDICARE
from fscdesk.services.claims.content import ClaimContent, ContentLine, EarlierPayer
from fscdesk.services.printing.cms1500_form import (
    ON_FILE,
    CmsAddress,
    CmsCoverage,
    CmsForm,
    CmsLine,
    CmsName,
    CmsOtherInsured,
    CmsPlace,
    CmsReferral,
    CmsRelationship,
    CmsSex,
    CmsTaxIdKind,
)
from fscdesk.services.printing.cms1500_grid import FieldKind, grid
from fscdesk.services.printing.cms1500_letters import claim_letters

__all__ = ["as_form"]

_COVERAGES: Final[Mapping[str, CmsCoverage]] = MappingProxyType(
    {
        "MA": CmsCoverage.MEDICARE,
        "MB": CmsCoverage.MEDICARE,
        "16": CmsCoverage.MEDICARE,
        "MC": CmsCoverage.MEDICAID,
        "CH": CmsCoverage.TRICARE,
        "VA": CmsCoverage.CHAMPVA,
        "FI": CmsCoverage.FECA,
    }
)
"""Box 1 by the kind of payer (SBR09)."""
_TAXONOMY: Final = "ZZ"
_RELEASED: Final = frozenset({"Y", "I"})


def as_form(content: ClaimContent) -> CmsForm:
    """Return a claim box by box.

    Medicare behind another payer wants that one's insured in boxes 4, 6, 7 and 11, not in 9,
    which is for Medigap (Medicare Claims Processing Manual, chapter 26, section 10.2).
    """
    coverage = content.coverage
    medicare = content.payer.filing_indicator in MEDICARE
    others = [
        one
        for one in content.others
        if one.coverage.member_id
        and (one.coverage.rank < content.rank or one.coverage.release_signed)
    ]
    first = next((one for one in others if one.coverage.rank < content.rank), None)
    before = first if medicare else None
    if before is not None:
        others = [one for one in others if one.coverage.rank > content.rank]
    holds = coverage if before is None else before.coverage
    insured = content.patient if holds is None or holds.is_self else holds.subscriber
    resent = content.frequency != Frequency.ORIGINAL
    return CmsForm(
        patient_name=_name(content.patient),
        insured_id="" if coverage is None else coverage.member_id,
        relationship=_relationship(holds),
        lines=tuple(_line(content, line) for line in content.lines),
        diagnoses=content.diagnoses,
        tax_id=content.practice.tax_id,
        tax_id_kind=_tax_id_kind(content.practice),
        account_number=content.account,
        billing=_billing(content.practice),
        carrier=_carrier(content.payer),
        coverage=_coverage(content),
        patient_birth_date=content.patient.birth_date,
        patient_sex=_sex(content.patient.sex),
        patient_address=_address(content.patient),
        insured_name=None
        if coverage is None or (medicare and content.rank == 1)
        else _name(insured),
        insured_address=_address(insured),
        insured_birth_date=insured.birth_date,
        insured_sex=_sex(insured.sex),
        group_number=_group(content, medicare=medicare)
        if before is None
        else before.coverage.group_number or before.coverage.member_id,
        plan_name="" if holds is None else _plan(holds, before),
        other_insured=_other(others[0]) if others else None,
        another_plan=None if medicare else bool(others),
        referral=_referral(content),
        additional_information=content.note,
        resubmission_code=content.frequency if resent else "",
        original_reference=content.original_number if resent else "",
        prior_authorization="" if content.authorization is None else content.authorization.number,
        patient_signature=ON_FILE if content.release in _RELEASED else "",
        insured_signature=ON_FILE if content.benefits_assigned == "Y" else "",
        accept_assignment=content.assignment == "A" if content.assignment else None,
        facility=_facility(content),
        provider_signature=_signature(content.rendering),
        provider_signed_on=content.today,
    )


def _signature(who: facts.ProviderFacts) -> str:
    """Return who signs box 31, with the credentials whole: a first name gives way to its initial.

    Where even that has no room, what has is printed: the rule of paper forms lets it pass.
    """
    first = who.first_name.split()
    initials = [one[0] for one in first]
    found = [
        " ".join(part for part in (way, who.last_name, who.credentials) if part)
        for way in (who.first_name, *first[:1], " ".join(initials), *initials[:1])
    ]
    room = grid()["provider_signature"].length
    fits = (one for one in found if len(claim_letters(one, FieldKind.WORDS)) <= room)
    return next(fits, found[0])


def _line(content: ClaimContent, line: ContentLine) -> CmsLine:
    rendering = content.rendering
    return CmsLine(
        from_day=line.service_day,
        to_day=line.service_day,
        place=line.place_of_service or content.place_of_service,
        code=line.code,
        charge=line.amount,
        units=line.units,
        modifiers=line.modifiers,
        pointers=line.pointers,
        rendering_npi=rendering.npi,
        rendering_qualifier=_TAXONOMY if rendering.taxonomy else "",
        rendering_other_id=rendering.taxonomy,
        paid=line.patient_paid + _earlier_paid(content, line),
    )


def _earlier_paid(content: ClaimContent, line: ContentLine) -> Money:
    """Return what earlier payers paid of a line."""
    return sum(
        (
            said.paid
            for one in content.others
            if one.answer is not None and one.coverage.rank < content.rank
            for said in one.answer.lines
            if said.position == line.position
        ),
        ZERO,
    )


def _coverage(content: ClaimContent) -> CmsCoverage:
    known = _COVERAGES.get(content.payer.filing_indicator)
    if known is not None:
        return known
    grouped = content.coverage is not None and content.coverage.group_number
    return CmsCoverage.GROUP if grouped else CmsCoverage.OTHER


def _group(content: ClaimContent, *, medicare: bool) -> str:
    """Return box 11; Medicare as the first payer wants the word NONE there."""
    number = "" if content.coverage is None else content.coverage.group_number
    return "NONE" if medicare and content.rank == 1 else number


def _plan(holds: facts.CoverageFacts, before: EarlierPayer | None) -> str:
    """Return box 11c; of a payer before Medicare its name will do."""
    return holds.plan_name or ("" if before is None else before.payer.name)


def _carrier(payer: facts.PayerFacts) -> tuple[str, ...]:
    there = payer.address
    city = " ".join(part for part in (there.city, there.state, there.zip_code) if part)
    return tuple(part for part in (payer.name, there.line1, there.line2, city) if part)


def _billing(practice: facts.PracticeFacts) -> CmsPlace:
    there = practice.address
    return CmsPlace(
        practice.name,
        _street(there),
        there.city,
        there.state,
        there.zip_code,
        practice.phone,
        practice.npi,
        _TAXONOMY if practice.taxonomy else "",
        practice.taxonomy,
    )


def _facility(content: ClaimContent) -> CmsPlace | None:
    """Return box 32: where the service was given, unless the patient was at home."""
    there = content.facility_address
    if content.place_of_service in AT_HOME or not there:
        return None
    return CmsPlace(
        content.facility_name or content.practice.name,
        _street(there),
        there.city,
        there.state,
        there.zip_code,
        npi=content.facility_npi,
    )


def _referral(content: ClaimContent) -> CmsReferral | None:
    """Return box 17: who referred, else who supervises."""
    given, boss = content.referral, content.supervising
    if given is not None:
        return CmsReferral(
            given.qualifier, f"{given.first_name} {given.last_name}".strip(), given.npi
        )
    if boss is None:
        return None
    name = " ".join(part for part in (boss.first_name, boss.last_name, boss.credentials) if part)
    return CmsReferral("DQ", name, boss.npi)


def _other(one: EarlierPayer) -> CmsOtherInsured:
    coverage = one.coverage
    return CmsOtherInsured(
        _name(coverage.subscriber),
        coverage.group_number or coverage.member_id,
        coverage.plan_name or one.payer.name,
    )


def _name(person: facts.Person) -> CmsName:
    return CmsName(person.last_name, person.first_name, person.middle_name, person.suffix)


def _address(person: facts.Person) -> CmsAddress:
    there = person.address
    return CmsAddress(_street(there), there.city, there.state, there.zip_code, person.phone)


def _street(there: facts.Address) -> str:
    return f"{there.line1} {there.line2}".strip()


def _relationship(coverage: facts.CoverageFacts | None) -> CmsRelationship | None:
    known = coverage is not None and coverage.relationship in set(CmsRelationship)
    return CmsRelationship(coverage.relationship) if coverage is not None and known else None


def _sex(text: str) -> CmsSex | None:
    return CmsSex(text) if text in {"M", "F"} else None


def _tax_id_kind(practice: facts.PracticeFacts) -> CmsTaxIdKind | None:
    if not practice.tax_id:
        return None
    return CmsTaxIdKind.SSN if practice.tax_id_kind == "SY" else CmsTaxIdKind.EIN
