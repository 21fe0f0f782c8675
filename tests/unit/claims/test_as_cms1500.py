"""A claim as a CMS-1500: what stands in which box, by coverage, payer and rank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.claims.as_cms1500 import as_form
from fscdesk.services.claims.content import Address, ProviderFacts
from fscdesk.services.printing.cms1500 import CmsMode, draw_cms1500
from fscdesk.services.printing.cms1500_form import (
    CmsCoverage,
    CmsName,
    CmsRelationship,
    CmsSex,
    CmsTaxIdKind,
)
from tests.support.claim_contents import (
    a_coverage,
    a_line,
    a_payer,
    a_referral,
    alma,
    an_authorization,
    clean,
    decided,
    secondary,
)
from tests.support.pdf import page_texts


def test_the_boxes_of_a_plain_claim() -> None:
    content = clean(authorization=an_authorization(), note="A note")
    form = as_form(content)
    assert form.carrier == ("Example East", "9 Payer Plaza", "Elsewhere PA 19001")
    assert (form.coverage, form.insured_id) == (CmsCoverage.GROUP, "ABC123456")
    assert form.patient_name == form.insured_name == CmsName("Anyone", "Alma")
    assert (form.patient_sex, form.relationship) == (CmsSex.FEMALE, CmsRelationship.SELF)
    assert (form.group_number, form.plan_name) == ("G-77", "Example Plan")
    assert (form.another_plan, form.other_insured) == (False, None)
    assert (form.tax_id, form.tax_id_kind) == ("12-3456789", CmsTaxIdKind.EIN)
    assert form.account_number == "CLM202600001"
    assert (form.prior_authorization, form.additional_information) == ("AUTH1", "A note")
    assert (form.resubmission_code, form.original_reference) == ("", "")
    assert form.provider_signature == "Mockley O'Sample PhD"
    assert form.provider_signed_on == content.today
    assert (form.billing.npi, form.billing.other_id_qualifier) == (content.practice.npi, "ZZ")
    (line,) = form.lines
    assert (line.place, line.code, line.charge) == ("11", "90837", Money(190_00))
    assert (line.rendering_npi, line.rendering_other_id) == ("1992000012", "103TC0700X")


def test_what_was_signed_stands_in_boxes_12_13_and_27() -> None:
    form = as_form(clean())
    assert (form.patient_signature, form.insured_signature) == ("SOF", "SOF")
    assert form.accept_assignment is True
    long = replace(
        clean().rendering, first_name="Ana Maria", last_name="Ficticia", credentials="LMFT"
    )
    signed = [
        as_form(clean(rendering=replace(long, credentials=more))).provider_signature
        for more in ("LMFT", "LMFT, PhD", "LCSW-R, PhD", "LMFT, PhD, ABPP")
    ]
    assert signed == [
        "Ana Ficticia LMFT",
        "Ana Ficticia LMFT, PhD",
        "A Ficticia LCSW-R, PhD",
        "Ana Maria Ficticia LMFT, PhD, ABPP",
    ]
    bare = as_form(clean(release="", benefits_assigned="N", assignment="C"))
    assert (bare.patient_signature, bare.insured_signature) == ("", "")
    assert bare.accept_assignment is False
    told = secondary().others[0]
    silent = replace(told, coverage=replace(told.coverage, rank=2, release_signed=False))
    assert as_form(clean(others=(silent,))).other_insured is None


def test_a_dependent_has_the_subscriber_in_box_4() -> None:
    boss = alma(first_name="Sam", birth_date=date(1975, 1, 2), sex="M")
    form = as_form(clean(coverage=a_coverage(relationship="child", subscriber=boss)))
    assert form.insured_name == CmsName("Anyone", "Sam")
    assert (form.insured_sex, form.insured_birth_date) == (CmsSex.MALE, date(1975, 1, 2))
    assert form.relationship is CmsRelationship.CHILD


@pytest.mark.parametrize(
    ("indicator", "coverage"),
    [
        ("MB", CmsCoverage.MEDICARE),
        ("MC", CmsCoverage.MEDICAID),
        ("CH", CmsCoverage.TRICARE),
        ("VA", CmsCoverage.CHAMPVA),
        ("CI", CmsCoverage.GROUP),
    ],
)
def test_box_1_follows_the_kind_of_payer(indicator: str, coverage: CmsCoverage) -> None:
    form = as_form(clean(payer=a_payer(filing_indicator=indicator)))
    assert form.coverage is coverage
    medicare = indicator == "MB"
    assert (form.group_number == "NONE") is medicare
    assert (form.insured_name is None) is medicare
    assert (form.another_plan is None) is medicare


def test_no_group_is_another_insurance() -> None:
    assert as_form(clean(coverage=a_coverage(group_number=""))).coverage is CmsCoverage.OTHER
    assert as_form(clean(coverage=None)).insured_id == ""


def test_a_second_payer_sees_the_first_and_what_it_paid() -> None:
    content = secondary(decided(1, 100_00))
    content = replace(content, lines=(a_line(patient_paid=Money(20_00)),))
    form = as_form(content)
    assert form.another_plan is True
    assert form.other_insured is not None
    assert form.other_insured.name == CmsName("Anyone", "Alma")
    assert form.lines[0].paid == Money(120_00)


def test_medicare_behind_another_payer_sees_that_ones_insured() -> None:
    spouse = alma(first_name="Bertil", birth_date=date(1988, 12, 31), sex="M")
    content = secondary(decided(1, 100_00), payer=a_payer(filing_indicator="MB", name="Medicare"))
    (first,) = content.others
    held = replace(
        first.coverage, relationship="spouse", subscriber=spouse, group_number="", plan_name=""
    )
    medigap = replace(first, coverage=a_coverage(rank=3, member_id="GAP1"), answer=None)
    content = replace(content, others=(replace(first, coverage=held), medigap))
    form = as_form(content)
    assert form.insured_id == "ABC123456"
    assert (form.insured_name, form.relationship) == (
        CmsName("Anyone", "Bertil"),
        CmsRelationship.SPOUSE,
    )
    assert (form.insured_sex, form.insured_birth_date) == (CmsSex.MALE, date(1988, 12, 31))
    assert (form.group_number, form.plan_name) == ("ZZZ999888", "Example First")
    assert form.another_plan is None
    assert form.other_insured is not None
    assert form.other_insured.policy == "G-77"
    assert as_form(replace(content, others=content.others[:1])).other_insured is None


def test_box_17_is_who_referred_else_who_supervises() -> None:
    boss = ProviderFacts(9, "Sample", "Mock", "1234567893", "101YM0800X", credentials="LPC")
    referred = as_form(clean(referral=a_referral(), supervising=boss)).referral
    assert referred is not None
    assert (referred.qualifier, referred.name) == ("DN", "Dee Placeholder")
    supervised = as_form(clean(supervising=boss)).referral
    assert supervised is not None
    assert (supervised.qualifier, supervised.name) == ("DQ", "Mock Sample LPC")
    assert as_form(clean()).referral is None


def test_box_32_is_empty_for_a_client_at_home() -> None:
    there = Address("7 Other Road", "Suite 2", "Nowhere", "NJ", "07005")
    content = clean(facility_address=there, facility_name="Branch")
    facility = as_form(content).facility
    assert facility is not None
    assert (facility.name, facility.street) == ("Branch", "7 Other Road Suite 2")
    assert as_form(replace(content, place_of_service="10")).facility is None


def test_a_corrected_claim_names_the_payers_number() -> None:
    form = as_form(clean(frequency="7", original_number="EF-77"))
    assert (form.resubmission_code, form.original_reference) == ("7", "EF-77")
    assert as_form(clean(original_number="EF-77")).original_reference == ""


def test_every_form_is_drawn() -> None:
    lines = tuple(a_line(at) for at in range(1, 9))
    pdf = draw_cms1500([as_form(clean(lines=lines))], CmsMode.RED_FORM)
    pages = page_texts(pdf)
    assert len(pages) == 2
    assert all("CLM202600001" in page for page in pages)
