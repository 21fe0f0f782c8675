"""A claim typed for the 837P: what of it comes from where, accepted by a judge, and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.claims import as_837p
from fscdesk.services.claims.as_837p import (
    FileControls,
    read_back_fault,
    sets_of,
    unwritable,
    write_claims,
)
from fscdesk.services.claims.as_837p_claim import as_claim
from fscdesk.services.claims.content import (
    Address,
    ClaimContent,
    EarlierAdjustment,
    EarlierLine,
    ProviderFacts,
)
from fscdesk.services.claims.policies import Sender
from fscdesk.services.x12.professional import CannotWrite
from tests.support.claim_contents import (
    a_coverage,
    a_line,
    a_payer,
    a_referral,
    alma,
    an_authorization,
    clean,
    secondary,
)
from tests.support.pyx12_judge import assert_accepted

SENDER = Sender(
    "SPRINGS01", "Fictional Springs", "ZZ", "Billing office", "(555) 010-0100",
    "MADEUPHOUSE", "Made-up Clearinghouse", "ZZ", test=False,
)  # fmt: skip
MADE_AT = datetime(2026, 4, 12, 8, 30)  # noqa: DTZ001 - office time has no zone in X12


def controls(sets: int = 1) -> FileControls:
    return FileControls(7, 8, tuple(range(1, sets + 1)), MADE_AT, "BAT-2026-00001")


def written(*contents: ClaimContent) -> str:
    """The text of a file, which reads back as it is and which the judge takes."""
    file, text = write_claims(contents, SENDER, controls(len(contents)))
    assert read_back_fault(file, text) == ""
    assert_accepted(text)
    return text


DEPENDENT = a_coverage(
    relationship="child",
    subscriber=alma(first_name="Sam", birth_date=date(1975, 1, 2), sex="M"),
)
KINDS: dict[str, Callable[[], ClaimContent]] = {
    "own": clean,
    "dependent": lambda: clean(coverage=DEPENDENT),
    "many lines": lambda: clean(
        lines=tuple(a_line(at, amount=Money(100_00 + at)) for at in range(1, 51)),
        total=Money(50 * 100_00 + sum(range(1, 51))),
    ),
    "corrected": lambda: clean(frequency="7", original_number="PAYER-77 A"),
    "void": lambda: clean(frequency="8", original_number="PAYER-77"),
    "authorized": lambda: clean(authorization=an_authorization(number="AUTH 77")),
    "referred": lambda: clean(referral=a_referral(qualifier="DN")),
    "supervised outside": lambda: clean(referral=a_referral(qualifier="DQ")),
    "elsewhere": lambda: clean(
        facility_name="Branch Office",
        facility_address=Address("7 Other Road", "Suite 2", "Nowhere", "NJ", "07005-1111"),
        place_of_service="11",
    ),
    "second payer": lambda: secondary(
        EarlierLine(
            1,
            Money(100_00),
            (
                EarlierAdjustment("CO", "45", Money(60_00)),
                EarlierAdjustment("PR", "2", Money(30_00)),
            ),
            date(2026, 3, 30),
        )
    ),
    "odd letters": lambda: clean(
        patient=alma(last_name="Ångström-O’Neil", first_name="Zoë"),
        note="50 % tele*health: see ~note",
    ),
    "ssn": lambda: clean(practice=replace(clean().practice, tax_id_kind="SY")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_claim_is_accepted_and_reads_back(kind: str) -> None:
    written(KINDS[kind]())


def test_all_kinds_go_in_one_file_with_a_set_for_each_payer() -> None:
    contents = [make() for make in KINDS.values()]
    contents += [clean(payer=a_payer(id=2, payer_code="EXE02", name="Second"))]
    text = written(*contents)
    assert text.count("ST*837*") == 3  # one more for who bills under another tax id
    assert text.count("CLM*") == len(contents)


def test_where_each_part_comes_from() -> None:
    content = clean(
        lines=(
            a_line(1, modifiers=("95",), units=2, pointers=(1, 2), place_of_service="02"),
            a_line(2, "90785", place_of_service="10", patient_paid=Money(20_00)),
        ),
        total=Money(380_00),
        diagnoses=("F41.1", "Z63.0"),
        place_of_service="10",
    )
    claim = as_claim(content)
    assert (claim.control, claim.charge, claim.place) == (content.account, content.total, "10")
    assert claim.diagnoses == ("F411", "Z630")
    first, second = claim.lines
    assert (first.code, first.modifiers, first.units) == ("90837", ("95",), Decimal(2))
    assert (first.place, second.place) == ("02", "")
    assert (first.control, first.pointers) == ("101", (1, 2))
    assert claim.patient_paid == Money(20_00)
    assert claim.patient is None
    assert claim.rendering is not None
    assert claim.rendering.npi == content.rendering.npi


def test_a_clinician_who_bills_alone_is_not_named_twice() -> None:
    own = replace(clean().rendering, npi=clean().practice.npi)
    assert as_claim(clean(rendering=own)).rendering is None


@pytest.mark.parametrize("place", ["02", "10", "12"])
def test_a_client_at_home_is_at_no_facility(place: str) -> None:
    there = Address("7 Other Road", "", "Nowhere", "NJ", "07005-1111")
    content = clean(facility_address=there, place_of_service=place)
    assert as_claim(content).facility is None
    assert as_claim(replace(content, place_of_service="11")).facility is not None


@pytest.mark.parametrize(("born", "why"), [(date(1950, 4, 1), "12"), (date(1980, 4, 1), "43")])
def test_medicare_is_told_why_it_pays_second(born: date, why: str) -> None:
    line = EarlierLine(
        1, Money(100_00), (EarlierAdjustment("CO", "45", Money(90_00)),), date(2026, 3, 30)
    )
    content = secondary(line)
    content = replace(
        content,
        payer=replace(content.payer, filing_indicator="MB"),
        patient=replace(content.patient, birth_date=born),
    )
    assert as_claim(content).subscriber.insurance_type == why
    written(content)


@pytest.mark.parametrize(
    ("facts", "segment"),
    [
        ({}, "**11:B:1*Y*A*Y*Y~"),
        ({"assignment": "C"}, "**11:B:1*Y*C*Y*Y~"),
        ({"benefits_assigned": "N"}, "**11:B:1*Y*A*N*Y~"),
        ({"release": "I"}, "**11:B:1*Y*A*Y*I~"),
    ],
)
def test_what_was_signed_and_assigned_is_told(facts: dict[str, str], segment: str) -> None:
    assert segment in written(clean(**facts))


def test_nothing_is_told_to_a_payer_without_a_release() -> None:
    assert {one.field for one in unwritable([clean(release="")], SENDER).values()} == {"release"}
    first = KINDS["second payer"]().others[0]
    kept = replace(first, coverage=replace(first.coverage, benefits_assigned=False))
    assert "OI***N***Y~" in written(replace(KINDS["second payer"](), others=(kept,)))
    later = replace(first, coverage=replace(first.coverage, rank=2), answer=None)
    assert len(as_claim(clean(others=(later,))).other_payers) == 1
    silent = replace(later, coverage=replace(later.coverage, release_signed=False))
    assert as_claim(clean(others=(silent,))).other_payers == ()


def test_a_second_payer_sees_what_the_first_decided() -> None:
    text = written(KINDS["second payer"]())
    for segment in ("SBR*S*18", "AMT*D*100~", "SVD*", "CAS*CO*45*60~", "CAS*PR*2*30~"):
        assert segment in text, segment
    assert "DTP*573*D8*20260330~" in text


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (clean(coverage=None), "coverage"),
        (clean(referral=a_referral(qualifier="DK")), "referral"),
        (clean(frequency="7", original_number=""), "original reference"),
        (clean(patient=alma(address=Address())), "subscriber street"),
        (clean(total=Money(1)), "charge"),
    ],
)
def test_what_cannot_be_written_is_named_and_hinders_no_other(
    content: ClaimContent, field: str
) -> None:
    other = replace(clean(), claim_id=content.claim_id + 1)
    found = unwritable([content, other], SENDER)
    assert {key: fault.field for key, fault in found.items()} == {content.claim_id: field}


def test_a_fault_of_the_sender_is_the_files() -> None:
    found = unwritable([clean()], replace(SENDER, phone="12"))
    assert list(found) == [0]


def test_a_payer_with_too_many_claims_has_several_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_837p, "MOST_CLAIMS", 2)
    assert [len(one) for one in sets_of([clean()] * 5)] == [2, 2, 1]


def test_a_text_that_says_something_else_is_found() -> None:
    file, text = write_claims([clean()], SENDER, controls())
    assert read_back_fault(file, text) == ""
    for old, new in (
        ("*90837*", "*90834*"),
        ("*190*", "*191*"),
        ("F411", "F331"),
        ("CLM*", "CLM*X"),
        ("D8*20260316", "D8*20260317"),
        ("SPRINGS01", "SPRINGS02"),
    ):
        if old in text or old.strip("*") in text:
            changed = text.replace(old, new) if old in text else text.replace(old.strip("*"), new)
            assert read_back_fault(file, changed) != "", old
    with pytest.raises(CannotWrite):
        write_claims([clean(coverage=None)], SENDER, controls())


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(max_examples=60)
@given(last=names, first=names, street=names, note=names, member=names)
def test_whatever_is_typed_is_refused_or_reads_back(
    last: str, first: str, street: str, note: str, member: str
) -> None:
    patient = alma(last_name=last, first_name=first)
    patient = replace(patient, address=replace(patient.address, line1=street))
    content = clean(patient=patient, note=note, coverage=a_coverage(member_id=member))
    try:
        file, text = write_claims([content], SENDER, controls())
    except CannotWrite:
        return
    assert read_back_fault(file, text) == ""


def test_a_supervisor_is_named() -> None:
    boss = ProviderFacts(9, "Sample", "Mock", "1234567893", "101YM0800X")
    claim = as_claim(clean(supervising=boss))
    assert claim.supervising is not None
    assert claim.supervising.npi == "1234567893"
    assert claim.supervising.taxonomy == ""


def test_a_clinician_who_bills_alone_is_a_person() -> None:
    """The billing NPI is the clinician's own: NM102 is 1, and there is no 2310B."""
    plain = clean()
    owner = replace(
        plain.practice,
        npi=plain.rendering.npi,
        tax_id_kind="SY",
        owner_last=plain.rendering.last_name,
        owner_first=plain.rendering.first_name,
    )
    text = written(replace(plain, practice=owner))
    assert f"NM1*85*1*O'SAMPLE*MOCKLEY****XX*{plain.rendering.npi}~" in text
    assert "REF*SY*" in text
    assert "NM1*82" not in text
    assert "NM1*85*2*" in written(plain)


@pytest.mark.parametrize(
    ("line1", "line2", "there"),
    [
        ("200 Nowhere Avenue, Suite 4", "", False),
        ("200 NOWHERE AVENUE", "Suite 4", False),
        ("200 Nowhere Avenue", "SUITE 4.", False),
        ("200 Nowhere Avenue", "Suite #4", False),
        ("200 Nowhere Avenue", "Suite 5", True),
        ("200 Nowhere Avenue", "", True),
    ],
)
def test_the_billing_address_is_no_facility_however_it_is_split(
    line1: str, line2: str, there: bool
) -> None:
    at = Address("200 Nowhere Avenue", "Suite 4", "Nowhere", "NJ", "07005-1234")
    content = clean(facility_address=replace(at, line1=line1, line2=line2))
    content = replace(content, practice=replace(content.practice, address=at))
    assert (as_claim(content).facility is not None) is there
