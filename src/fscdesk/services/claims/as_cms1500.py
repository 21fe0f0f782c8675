"""Claims on paper: each content becomes the boxes of a CMS-1500.

claim_pdf(work, [7, 8], CmsMode.FILE_COPY)    # to look at, or to keep a copy
claim_pdf(work, [7, 8], CmsMode.RED_FORM)     # text for red forms, moved as the printer needs
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.claim import Claim, Frequency
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims import content as facts
from fscdesk.services.claims import policies
from fscdesk.services.claims.as_837p_claim import AT_HOME, MEDICARE
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.content import ClaimContent, ContentLine, EarlierPayer
from fscdesk.services.claims.frozen import thawed
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.cms1500 import NO_OFFSET, CmsMode, PrintOffset, draw_cms1500
from fscdesk.services.printing.cms1500_form import (
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
from fscdesk.services.printing.cms1500_test_page import draw_test_page
from fscdesk.services.work import Work

__all__ = [
    "CmsMode",
    "as_form",
    "as_it_left",
    "claim_pdf",
    "print_offset",
    "printer_test_page",
]

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


def claim_pdf(work: Work, claim_ids: Sequence[int], mode: CmsMode) -> bytes:
    """Return claims as CMS-1500 pages, in the order given.

    A claim that was sent prints as it left; any other one as it stands now. Only red forms are
    moved by the printer's offset. Raises Problem where one of them is not in the books, nothing
    is left on it, or a red form is wanted of a claim that something stops.
    """
    require(work, Right.MAKE_CLAIMS, "print claims")
    wanted = list(dict.fromkeys(claim_ids))
    left = as_it_left(work, wanted)
    found = {**contents(work, wanted), **left}
    if not wanted or any(one not in found for one in wanted):
        raise Problem(
            "A claim that was to be printed is not in the books, or nothing is left on it.",
            hint="Nothing was printed. Look at the list of claims again.",
        )
    if mode is CmsMode.RED_FORM:
        _require_sound(work, [one for one in wanted if one not in left])
    offset = print_offset(work) if mode is CmsMode.RED_FORM else NO_OFFSET
    return draw_cms1500([as_form(found[one]) for one in wanted], mode, offset)


def _require_sound(work: Work, claim_ids: Sequence[int]) -> None:
    """Raise Problem for a claim with something that stops it: a red form goes to the payer."""
    stopped = work.db.scalars(
        select(Claim.number)
        .where(among(work, Claim.id, claim_ids), Claim.stops > 0)
        .order_by(Claim.id)
    ).first()
    if stopped is not None:
        raise Problem(
            f"Claim {stopped} is not ready for a red form: something on it stops it.",
            hint="Nothing was printed. Mend it first, or print a copy on plain paper.",
        )


def print_offset(work: Work) -> PrintOffset:
    """Return how far forms are moved to the right and down on this practice's printer."""
    return PrintOffset(*policies.print_steps(work))


def printer_test_page(work: Work) -> bytes:
    """Return the page by which a printer is adjusted to red forms, moved as forms are now."""
    return draw_test_page(print_offset(work))


def as_it_left(work: Work, claim_ids: Sequence[int]) -> dict[int, ClaimContent]:
    """Return claims as they were last sent; without those that were not, or were taken back."""
    last = (
        select(func.max(ClaimSending.id))
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(
            among(work, ClaimSending.claim_id, claim_ids),
            ClaimBatch.state.not_in((BatchState.UNDONE, BatchState.REJECTED)),
        )
        .group_by(ClaimSending.claim_id)
    )
    rows = work.db.execute(
        select(ClaimSending.claim_id, ClaimSending.content).where(ClaimSending.id.in_(last))
    )
    return {row.claim_id: thawed(row.content) for row in rows}


def as_form(content: ClaimContent) -> CmsForm:
    """Return a claim box by box."""
    coverage = content.coverage
    insured = content.patient
    if coverage is not None and not coverage.is_self:
        insured = coverage.subscriber
    medicare = content.payer.filing_indicator in MEDICARE
    others = [one for one in content.others if one.coverage.member_id]
    resent = content.frequency != Frequency.ORIGINAL
    rendering = content.rendering
    signed = " ".join(
        part for part in (rendering.first_name, rendering.last_name, rendering.credentials) if part
    )
    return CmsForm(
        patient_name=_name(content.patient),
        insured_id="" if coverage is None else coverage.member_id,
        relationship=None if coverage is None else CmsRelationship(coverage.relationship),
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
        group_number=_group(content, medicare=medicare),
        plan_name="" if coverage is None else coverage.plan_name,
        other_insured=_other(others[0]) if others else None,
        another_plan=None if medicare else bool(others),
        referral=_referral(content),
        additional_information=content.note,
        resubmission_code=content.frequency if resent else "",
        original_reference=content.original_number if resent else "",
        prior_authorization="" if content.authorization is None else content.authorization.number,
        facility=_facility(content),
        provider_signature=signed,
        provider_signed_on=content.today,
    )


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


def _sex(text: str) -> CmsSex | None:
    return CmsSex(text) if text in {"M", "F"} else None


def _tax_id_kind(practice: facts.PracticeFacts) -> CmsTaxIdKind | None:
    if not practice.tax_id:
        return None
    return CmsTaxIdKind.SSN if practice.tax_id_kind == "SY" else CmsTaxIdKind.EIN
