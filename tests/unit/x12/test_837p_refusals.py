"""What an 837P cannot carry is refused by name, and nothing is ever cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.x12.professional import (
    MOST_CLAIMS,
    Adjustment,
    Attachment,
    CannotWrite,
    Name,
    ProfessionalClaim,
    ProfessionalFile,
    ProfessionalSet,
    Provider,
)
from fscdesk.services.x12.writing_837p import write_837p
from tests.support.professional_claims import (
    BILLING,
    CHILD,
    CONTROLS,
    HOME,
    OFFICE,
    PAYER,
    RECEIVER,
    SUBMITTER,
    SUBSCRIBER,
    a_claim,
    a_file,
    a_line,
    a_secondary_claim,
)

DOE = Provider(Name("DOE"), "1234567893")


def subscriber(**changes: Any) -> ProfessionalClaim:
    return a_claim(subscriber=replace(SUBSCRIBER, **changes))


def at_home(**changes: Any) -> ProfessionalClaim:
    return subscriber(address=replace(HOME, **changes))


def one_line(**changes: Any) -> ProfessionalClaim:
    return a_claim(lines=(a_line(**changes),))


def other(**changes: Any) -> ProfessionalClaim:
    claim = a_secondary_claim()
    return replace(claim, other_payers=(replace(claim.other_payers[0], **changes),))


def answer(**changes: Any) -> ProfessionalClaim:
    claim = a_secondary_claim()
    (line,) = claim.lines
    changed = replace(line.adjudications[0], **changes)
    return replace(claim, lines=(replace(line, adjudications=(changed,)),))


def child(**changes: Any) -> ProfessionalClaim:
    return a_claim(patient=replace(CHILD, **changes))


LONG_CAS = tuple(Adjustment("CO", "45", Money(1)) for _ in range(31))
CLAIMS: list[tuple[Callable[[], ProfessionalClaim], str]] = [
    (lambda: a_claim(control=" "), "claim number"),
    (lambda: a_claim(control="C" * 21), "claim number"),
    (lambda: a_claim(charge=Money(1)), "charge"),
    (lambda: a_claim(lines=(), charge=ZERO), "lines"),
    (lambda: a_claim(lines=tuple(a_line(at) for at in range(51))), "lines"),
    (lambda: a_claim(place="1"), "place of service"),
    (lambda: a_claim(frequency="9"), "frequency"),
    (lambda: a_claim(frequency="7"), "original reference"),
    (lambda: a_claim(frequency="8"), "original reference"),
    (lambda: a_claim(frequency="8", original_reference=" "), "original reference"),
    (lambda: a_claim(provider_signature=""), "provider signature"),
    (lambda: a_claim(assignment="Y"), "assignment"),
    (lambda: a_claim(benefits_assigned="A"), "benefits assigned"),
    (lambda: a_claim(release="N"), "release"),
    (lambda: a_claim(signature_source="B"), "signature source"),
    (lambda: a_claim(related_causes=("XX",)), "related cause"),
    (lambda: a_claim(related_causes=("AA", "EM", "OA")), "related causes"),
    (lambda: a_claim(accident_state="TX"), "accident state"),
    (lambda: a_claim(onset_on=date(1, 1, 1)), "onset date"),
    (lambda: a_claim(note="N" * 81), "note"),
    (lambda: a_claim(authorization="A" * 51), "authorization"),
    (lambda: a_claim(patient_paid=Money(-1)), "patient paid"),
    (lambda: a_claim(diagnoses=()), "diagnoses"),
    (lambda: a_claim(diagnoses=("F411",) * 13), "diagnoses"),
    (lambda: a_claim(diagnoses=("F4",)), "diagnosis 1"),
    (lambda: a_claim(diagnoses=("F411", "F33.2-X*")), "diagnosis 2"),
    (lambda: a_claim(attachments=(Attachment("ZZ", "AA"),)), "attachment type"),
    (lambda: a_claim(attachments=(Attachment("OZ", "AD"),)), "attachment transmission"),
    (lambda: a_claim(attachments=(Attachment("OZ", "FX"),)), "attachment control number"),
    (lambda: a_claim(attachments=(Attachment("OZ", "AA"),) * 11), "attachments"),
    (lambda: a_claim(referring=replace(DOE, npi="123")), "referring provider NPI"),
    (lambda: a_claim(referring=replace(DOE, taxonomy="1" * 10)), "referring provider taxonomy"),
    (lambda: a_claim(rendering=replace(DOE, taxonomy="1")), "rendering provider taxonomy"),
    (lambda: a_claim(rendering=replace(DOE, address=HOME)), "rendering provider address"),
    (lambda: a_claim(facility=replace(DOE, address=HOME)), "service facility name"),
    (
        lambda: a_claim(facility=replace(DOE, name=Name.of_organization("N"))),
        "service facility address",
    ),
    (
        lambda: a_claim(supervising=replace(DOE, name=Name.of_organization("N"))),
        "supervising provider name",
    ),
    (lambda: subscriber(name=Name("")), "subscriber last name"),
    (lambda: subscriber(name=Name("李")), "subscriber last name"),
    (lambda: subscriber(name=Name("L" * 61)), "subscriber last name"),
    (lambda: subscriber(name=Name("L", "F" * 36)), "subscriber first name"),
    (lambda: subscriber(name=Name("L", "李")), "subscriber first name"),
    (lambda: subscriber(name=Name("L", "F", "M" * 26)), "subscriber middle name"),
    (lambda: subscriber(name=Name("L", suffix="S" * 11)), "subscriber name suffix"),
    (lambda: subscriber(name=Name("L", "F", is_person=False)), "subscriber name"),
    (lambda: subscriber(member_id="1"), "member id"),
    (lambda: subscriber(member_id=""), "member id"),
    (lambda: subscriber(responsibility="X"), "subscriber rank"),
    (lambda: subscriber(group_number="G" * 51), "subscriber group number"),
    (lambda: subscriber(group_name="G" * 61), "subscriber group name"),
    (lambda: subscriber(filing_indicator="QQ"), "subscriber filing indicator"),
    (
        lambda: subscriber(insurance_type="12", filing_indicator="MB"),
        "subscriber insurance type",
    ),
    (
        lambda: subscriber(insurance_type="12", responsibility="S"),
        "subscriber insurance type",
    ),
    (lambda: subscriber(address=None), "subscriber address"),
    (lambda: subscriber(born_on=None), "subscriber birth date"),
    (lambda: subscriber(sex=""), "subscriber sex"),
    (lambda: subscriber(born_on=None, sex=""), "subscriber birth date"),
    (lambda: at_home(street=""), "subscriber street"),
    (lambda: at_home(street="S" * 56), "subscriber street"),
    (lambda: at_home(street2="S" * 56), "subscriber second address line"),
    (lambda: at_home(city="C" * 31), "subscriber city"),
    (lambda: at_home(state="ILL"), "subscriber state"),
    (lambda: at_home(state="1L"), "subscriber state"),
    (lambda: at_home(zip_code="6270"), "subscriber zip code"),
    (lambda: at_home(zip_code="٦٢٧٠٤"), "subscriber zip code"),
    (lambda: at_home(zip_code=""), "subscriber zip code"),
    (lambda: at_home(country="D"), "subscriber country"),
    (lambda: child(relationship="18"), "patient relationship"),
    (lambda: child(address=None), "patient address"),
    (lambda: child(born_on=None), "patient birth date"),
    (lambda: child(name=Name.of_organization("N")), "patient name"),
    (lambda: a_claim(payer=replace(PAYER, identifier="")), "payer id"),
    (lambda: a_claim(payer=replace(PAYER, name="P" * 61)), "payer name"),
    (lambda: a_claim(payer=replace(PAYER, provider_number="P" * 51)), "provider number"),
    (lambda: one_line(code="9083"), "line 1 procedure code"),
    (lambda: one_line(code=""), "line 1 procedure code"),
    (lambda: one_line(modifiers=("95",) * 5), "line 1 modifiers"),
    (lambda: one_line(modifiers=("9",)), "line 1 modifier"),
    (lambda: a_claim(lines=(a_line(charge=Money(-1)), a_line(2))), "line 1 charge"),
    (lambda: one_line(charge=Money(100_000_000_00)), "charge"),
    (lambda: one_line(units=Decimal(-1)), "line 1 units"),
    (lambda: one_line(units=Decimal("0.0001")), "line 1 units"),
    (lambda: one_line(units=Decimal("NaN")), "line 1 units"),
    (lambda: one_line(units=Decimal("1e9")), "line 1 units"),
    (lambda: one_line(unit_basis="DA"), "line 1 unit"),
    (lambda: one_line(place="X"), "line 1 place of service"),
    (lambda: one_line(pointers=()), "line 1 pointers"),
    (lambda: one_line(pointers=(1, 1)), "line 1 pointers"),
    (lambda: one_line(pointers=(2,)), "line 1 pointers"),
    (lambda: one_line(pointers=(0,)), "line 1 pointers"),
    (lambda: one_line(service_from=None), "line 1 date"),
    (lambda: one_line(service_to=date(2026, 3, 1)), "line 1 end date"),
    (lambda: one_line(control="L" * 31), "line 1 control number"),
    (lambda: one_line(note="N" * 81), "line 1 note"),
    (lambda: one_line(attachments=(Attachment("OZ", "XX"),)), "line 1 attachment transmission"),
    (lambda: other(relationship=""), "other payer 1 relationship"),
    (lambda: other(responsibility=""), "other payer 1 rank"),
    (lambda: other(payer_id=""), "other payer 1 id"),
    (lambda: other(payer_id="00622"), "line 1 answer"),
    (lambda: other(payer_name=""), "other payer 1 name"),
    (lambda: other(member_id=""), "other payer 1 member id"),
    (lambda: other(paid=Money(-1)), "other payer 1 paid"),
    (lambda: other(remaining=Money(-1)), "other payer 1 remaining"),
    (lambda: other(not_covered=Money(-1)), "other payer 1 not covered"),
    (lambda: other(benefits_assigned=""), "other payer 1 benefits assigned"),
    (lambda: other(release=""), "other payer 1 release"),
    (lambda: other(remark_codes=("M1",) * 6), "other payer 1 remark codes"),
    (lambda: other(claim_number="C" * 51), "other payer 1 claim number"),
    (lambda: other(adjustments=LONG_CAS), "other payer 1 adjustments"),
    (
        lambda: other(adjustments=(Adjustment("XX", "45", ZERO),)),
        "other payer 1 adjustment group",
    ),
    (
        lambda: other(adjustments=(Adjustment("CO", "", ZERO),)),
        "other payer 1 adjustment reason",
    ),
    (
        lambda: other(adjustments=(Adjustment("CO", "1", Money(-100_000_000_00)),)),
        "other payer 1 adjustment",
    ),
    (lambda: answer(adjudicated_on=None), "line 1 answer of payer 00621 day"),
    (lambda: answer(code="1"), "line 1 answer of payer 00621 procedure code"),
    (
        lambda: replace(a_secondary_claim(), other_payers=a_secondary_claim().other_payers * 11),
        "other payers",
    ),
]


@pytest.mark.parametrize(("claim", "field"), CLAIMS)
def test_a_claim_is_refused_by_its_number_and_field(
    claim: Callable[[], ProfessionalClaim], field: str
) -> None:
    made = claim()
    with pytest.raises(CannotWrite) as refused:
        write_837p(a_file(a_claim(control="GOOD"), made))
    assert (refused.value.field, refused.value.claim) == (field, made.control)
    assert str(refused.value) == f"claim {made.control}: {field} {refused.value.message}"


def in_set(**changes: Any) -> ProfessionalFile:
    one = ProfessionalSet("0001", "B1", BILLING, (a_claim(),))
    return a_file(sets=(replace(one, **changes),))


def billing(**changes: Any) -> ProfessionalFile:
    return in_set(billing=replace(BILLING, **changes))


def controls(**changes: Any) -> ProfessionalFile:
    return a_file(controls=replace(CONTROLS, **changes))


def submitter(**changes: Any) -> ProfessionalFile:
    return a_file(submitter=replace(SUBMITTER, **changes))


def contact(**changes: Any) -> ProfessionalFile:
    return submitter(contact=replace(SUBMITTER.contact, **changes))


FILES: list[tuple[Callable[[], ProfessionalFile], str]] = [
    (lambda: a_file(sets=()), "file"),
    (lambda: in_set(claims=()), "claims"),
    (lambda: in_set(claims=(a_claim(),) * (MOST_CLAIMS + 1)), "claims"),
    (lambda: in_set(control="001"), "set control"),
    (lambda: in_set(control="1" * 10), "set control"),
    (lambda: in_set(reference=""), "batch reference"),
    (lambda: in_set(reference="R" * 51), "batch reference"),
    (lambda: billing(npi="12345"), "billing provider NPI"),
    (lambda: billing(tax_id="12"), "billing provider tax id"),
    (lambda: billing(tax_id=""), "billing provider tax id"),
    (lambda: billing(taxonomy="101"), "billing provider taxonomy"),
    (lambda: billing(address=replace(OFFICE, city="")), "billing provider city"),
    (lambda: billing(pay_to=replace(OFFICE, street="")), "pay-to street"),
    (lambda: controls(interchange=0), "envelope"),
    (lambda: controls(interchange=1_000_000_000), "envelope"),
    (lambda: controls(group=0), "envelope"),
    (lambda: controls(sender="S" * 16, group_sender="SS"), "envelope"),
    (lambda: controls(sender_qualifier="XX"), "sender qualifier"),
    (lambda: controls(receiver_qualifier=""), "receiver qualifier"),
    (lambda: controls(group_receiver="R"), "group receiver"),
    (lambda: submitter(identifier=""), "submitter id"),
    (lambda: submitter(name=Name("CLERK", suffix="JR")), "submitter name suffix"),
    (lambda: contact(phone="555-0100"), "submitter phone"),
    (lambda: contact(phone=""), "submitter phone"),
    (lambda: contact(fax="1"), "submitter fax"),
    (lambda: contact(extension="X"), "submitter phone extension"),
    (lambda: contact(name="N" * 61), "submitter contact name"),
    (lambda: a_file(receiver=replace(RECEIVER, identifier="")), "receiver id"),
    (lambda: a_file(receiver=replace(RECEIVER, name="")), "receiver name"),
]


@pytest.mark.parametrize(("file", "field"), FILES)
def test_what_all_claims_share_is_refused_by_its_field(
    file: Callable[[], ProfessionalFile], field: str
) -> None:
    with pytest.raises(CannotWrite) as refused:
        write_837p(file())
    assert (refused.value.field, refused.value.claim) == (field, "")
    assert str(refused.value) == f"{field} {refused.value.message}"


def test_seconds_are_not_written() -> None:
    later = replace(CONTROLS, made_at=CONTROLS.made_at.replace(second=59))
    assert write_837p(a_file(controls=later)) == write_837p(a_file())
