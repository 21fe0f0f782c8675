"""Superbills and good-faith estimates read back: codes, pointers, totals, rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.printing.estimate import EstimateService, estimate
from fscdesk.services.printing.estimate_document import year_after
from fscdesk.services.printing.parties import Clinician, Diagnosis, Letterhead
from fscdesk.services.printing.superbill import superbill
from tests.support.papers import a_superbill, an_estimate, flat

TWELVE = tuple(Diagnosis(f"F4{n}.1") for n in range(9)) + tuple(
    Diagnosis(f"F3{n}.1") for n in range(3)
)


def test_superbill_has_all_that_an_insurer_asks_for() -> None:
    page = flat(superbill(a_superbill(2, insurance=("Imaginary Blue", "Member XYZ0000000"))))
    for text in (
        "Fictional Springs Counseling 200 Nowhere Avenue, Suite 4",
        "Tax ID 00-0000000, NPI 0000000001",
        "SB-2026-00003",
        "From 03/01/2026 To 03/31/2026",
        "Sample McSampleface Born 02/28/1990 Imaginary Blue Member XYZ0000000",
        "Mockley O’Sample, LCSW NPI 0000000000 License 44SC00000000, NJ Taxonomy 000X00000X",
        "A F41.1 B F33.1 as the practice writes it",
        "03/01/2026 11 90837 95 Individual session, 50 minutes 000. A, B 1 160.00 100.00",
        "Charged, 2 services 320.00",
        "Paid by the patient 200.01",
        "Not paid 119.99",
        "This is not a bill.",
        "Signature of the clinician: Mockley O’Sample, LCSW",
    ):
        assert text in page


def test_unknown_numbers_are_left_out() -> None:
    document = replace(a_superbill(clinician=Clinician("Nora")), tax_id="", npi="")
    page = flat(superbill(document))
    assert "License" not in page
    assert "Taxonomy" not in page
    assert "Tax ID" not in page
    assert "NPI" not in page


def test_twelve_diagnoses_have_the_letters_a_to_l() -> None:
    page = flat(superbill(a_superbill(diagnoses=TWELVE, pointers="LAKB")))
    for letter, diagnosis in zip("ABCDEFGHIJKL", TWELVE, strict=True):
        assert f"{letter} {diagnosis.code}" in page
    assert "L, A, K, B" in page


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"charged": Money(1)}, "charges"),
        ({"paid": Money(1)}, "payments"),
        ({"lines": ()}, "no service"),
        ({"diagnoses": ()}, "0 diagnoses"),
        ({"diagnoses": (*TWELVE, Diagnosis("F20.1"))}, "13 diagnoses"),
        ({"diagnoses": (TWELVE[0], TWELVE[1], TWELVE[0])}, "twice"),
        ({"diagnoses": (TWELVE[0],)}, "points at AB"),
        ({"period_to": date(2026, 3, 2)}, "outside its period"),
    ],
)
def test_superbill_that_does_not_hold_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(a_superbill(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"pointers": ""},
        {"pointers": "AA"},
        {"pointers": "C"},
        {"pointers": "a"},
        {"units": 0},
        {"modifiers": ("95", "HO", "GT", "59", "XE")},
    ],
)
def test_line_that_no_claim_form_holds_is_refused(change: dict[str, object]) -> None:
    document = a_superbill(1)
    line = replace(document.lines[0], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="2026-03-01"):
        replace(document, lines=(line,))


def test_estimate_says_what_is_expected_and_the_rights() -> None:
    page = flat(estimate(an_estimate(2, separately=("Psychological testing",))))
    for text in (
        "GFE-2026-00005",
        "Valid until 04/05/2027",
        "Tax ID 00-0000000, NPI 0000000001",
        "04/06/2026 to 10/05/2026",
        "Sample McSampleface Born 02/28/1990",
        "F41.1 F33.1 as the practice writes it",
        "Individual session, 50 minutes 000. 90837 26 160.00 4,160.00",
        "Expected, 52 services 8,320.00",
        "$8,320.00",
        (
            "at least $400 more than this estimate, that is $8,720.00 or more, "
            "you have the right to dispute it."
        ),
        "120 calendar days",
        "www.cms.gov/nosurprises",
        "1-800-985-3059",
        "It is valid for 12 months.",
        "You do not have to take these services",
        "does not lower the quality of the care",
        "not in this estimate Psychological testing",
        "The services are given at 200 Nowhere Avenue, Suite 4, Sampleville, NJ 07000.",
        "This is not a bill",
    ):
        assert text in page


def test_estimate_without_a_diagnosis_or_a_place_says_so() -> None:
    page = flat(estimate(an_estimate(diagnoses=(), letterhead=Letterhead("Springs", ()))))
    assert "None yet" in page
    assert "Ask us where the services are given." in page
    assert "by video" not in page


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"place": "12 Other Street, NJ"}, "at 12 Other Street, NJ."),
        ({"place": "12 Other Street, NJ", "video": True}, "at 12 Other Street, NJ or by video."),
        ({"video": True}, "by video."),
        ({}, "at 200 Nowhere Avenue, Suite 4, Sampleville, NJ 07000."),
    ],
)
def test_estimate_says_where_as_far_as_it_is_known(known: dict[str, Any], words: str) -> None:
    assert f"The services are given {words}" in flat(estimate(replace(an_estimate(), **known)))


def test_estimate_names_no_fee_that_changes_from_year_to_year() -> None:
    page = flat(estimate(an_estimate()))
    assert "There is a fee. If the agency" in page
    assert "$25" not in page


def test_usual_estimate_is_one_page() -> None:
    assert "Page 1 of 1" in flat(estimate(an_estimate()))


def test_year_holds_for_the_29th_of_february() -> None:
    assert year_after(date(2028, 2, 29)) == date(2029, 3, 1)
    leap = date(2028, 2, 29)
    one = replace(an_estimate(), period_from=leap, period_to=leap)
    assert one.valid_until() == date(2029, 2, 28)


@pytest.mark.parametrize(
    "change",
    [
        {"total": Money(8_320_01)},
        {"services": ()},
        {"period_to": date(2027, 4, 6)},
        {"period_to": date(2026, 4, 5)},
    ],
)
def test_estimate_that_does_not_hold_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="GFE-2026-00005"):
        replace(an_estimate(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"count": 25}, {"rate": Money(1)}, {"count": 0}])
def test_service_that_is_not_count_by_rate_is_refused(change: dict[str, object]) -> None:
    document = an_estimate(1)
    service: EstimateService = replace(document.services[0], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="GFE-2026-00005"):
        replace(document, services=(service,))
