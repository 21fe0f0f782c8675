from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent
from tests.support.claim_contents import (
    HOME,
    a_coverage,
    a_payer,
    a_referral,
    alma,
    an_authorization,
    clean,
    first_payer,
    found,
    of,
    only,
    secondary,
)


def test_characters() -> None:
    for text, sign in (("Doe~", "~"), ("王", "王"), ("Doe*", "*"), ("Do:e", ":"), ("Жук", "Ж")):
        one = only("characters", clean(patient=alma(last_name=text)))
        assert one.field == "patient_name"
        assert f"has {sign}" in one.message
        harmless = not any(mark.isalnum() for mark in sign)
        assert one.severity is (Severity.TELLS if harmless else Severity.STOPS)
        assert harmless == ("it becomes a blank" in one.message)


@pytest.mark.parametrize(
    "name",
    ["José", "Ana-María", "O’Neil", "Łukasz Østergård", "Noe\u0301mie", "Straße", "Doe & Co."],
)
def test_what_has_a_basic_form_needs_no_word(name: str) -> None:
    assert not found(clean(patient=alma(last_name=name)))


@pytest.mark.parametrize("street", ["1 Fictional Way #4", "1 Fictional Way @ Main"])
def test_a_sign_in_an_address_is_told(street: str) -> None:
    one = only("characters", clean(patient=alma(address=replace(HOME, line1=street))))
    assert (one.severity, one.field) == (Severity.TELLS, "patient_address")


@pytest.mark.parametrize("number", ["A#1", "A~1", "A\u200b1", "Ä王1"])
def test_an_id_must_arrive_as_it_is(number: str) -> None:
    free = a_payer(member_id_pattern="")
    for field, content in (
        ("member_id", clean(payer=free, coverage=a_coverage(member_id=number))),
        ("coverage", clean(coverage=a_coverage(group_number=number))),
        ("authorization", clean(authorization=an_authorization(number=number))),
        ("original_number", clean(frequency="7", original_number=number)),
    ):
        one = only("characters", content)
        assert (one.severity, one.field) == (Severity.STOPS, field)


def test_an_invisible_sign_is_spelled_in_an_id_and_let_pass_in_a_name() -> None:
    free = a_payer(member_id_pattern="")
    one = only("characters", clean(payer=free, coverage=a_coverage(member_id="AB\u200b1")))
    assert "an invisible sign (U+200B)" in one.message
    assert not found(clean(patient=alma(last_name="Any\u200bone")))


def test_everything_that_is_sent_is_looked_at() -> None:
    bad, far = "王", replace(HOME, city="王")
    whole = clean()
    other = replace(first_payer(), coverage=a_coverage(rank=1, member_id=bad, group_number="王1"))
    assert other.answer is not None
    other = replace(other, answer=replace(other.answer, payer_number=bad))
    mother = alma(last_name=bad, address=far)
    fields = {
        one.field
        for content in (
            of("practice", name=bad),
            of("rendering", first_name=bad),
            clean(payer=a_payer(name=bad)),
            clean(facility_name=bad),
            clean(note=bad),
            clean(referral=a_referral(first_name=bad)),
            replace(whole, supervising=replace(whole.rendering, last_name=bad)),
            clean(coverage=a_coverage(relationship="child", subscriber=mother)),
            secondary(others=(other,)),
            clean(coverage=a_coverage(plan_name=bad)),
        )
        for one in found(content)
        if one.rule == "characters"
    }
    assert fields == {
        "billing_address", "rendering", "payer_id", "facility", "note", "referral", "supervising",
        "subscriber_name", "subscriber_address", "others", "coverage",
    }  # fmt: skip


def test_nothing_is_cut() -> None:
    free = a_payer(member_id_pattern="")
    cases: tuple[tuple[str, int, Callable[[str], ClaimContent]], ...] = (
        ("patient_name", 60, lambda text: clean(patient=alma(last_name=text))),
        ("patient_name", 35, lambda text: clean(patient=alma(first_name=text))),
        ("patient_name", 25, lambda text: clean(patient=alma(middle_name=text))),
        ("patient_name", 10, lambda text: clean(patient=alma(suffix=text))),
        (
            "patient_address",
            55,
            lambda text: clean(patient=alma(address=replace(HOME, line1=text))),
        ),
        ("patient_address", 30, lambda text: clean(patient=alma(address=replace(HOME, city=text)))),
        ("coverage", 50, lambda text: clean(coverage=a_coverage(group_number=text))),
        ("member_id", 80, lambda text: clean(payer=free, coverage=a_coverage(member_id=text))),
        ("note", 80, lambda text: clean(note=text)),
        ("payer_id", 60, lambda text: clean(payer=a_payer(name=text))),
    )
    for field, most, content in cases:
        one = only("characters", content("A" * (most + 1)))
        assert (one.severity, one.field) == (Severity.STOPS, field)
        assert f"{most + 1} characters; an 837P takes {most}" in one.message
        assert not found(content("A" * most))
    assert not found(clean(note=f"{'A' * 39}{' ' * 60}{'A' * 40}")), "blanks become one"
