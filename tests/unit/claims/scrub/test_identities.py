from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.scrub.rules import RULES
from tests.support.claim_contents import clean, found, of, only


@pytest.mark.parametrize(
    ("npi", "said"),
    [
        ("", "The practice has no NPI."),
        ("123456789", "123456789 is not an NPI of the practice: ten digits"),
        ("3234567893", "3234567893 is not an NPI"),
        (" 1234567893", "1234567893 is not an NPI"),
        ("1234567893\n", "1234567893 is not an NPI"),
        ("１２３４５６７８９３", "is not an NPI"),
        ("1234567890", "NPI 1234567890 of the practice has one wrong digit"),
        ("1234567983", "NPI 1234567983 of the practice has one wrong digit"),
    ],
)
def test_billing_npi(npi: str, said: str) -> None:
    one = only("billing-npi", of("practice", npi=npi))
    assert said in one.message
    assert (one.severity, one.field) == (Severity.STOPS, "billing_npi")
    assert "Setup, Practice" in one.hint


def test_rendering_npi() -> None:
    for npi in ("", "12345", "1992000013"):
        one = only("rendering-npi", of("rendering", npi=npi))
        assert (one.severity, one.field) == (Severity.STOPS, "rendering_npi")
        assert "Mockley O'Sample" in one.message
        assert "Setup, People" in one.hint
    own = clean()
    assert not found(replace(own, rendering=replace(own.rendering, npi=own.practice.npi)))


def test_tax_id() -> None:
    for number, kind, said in (
        ("", "EI", "no tax id"),
        ("12-345678", "EI", "12-345678 is not a tax id of nine digits"),
        ("1234567890", "EI", "is not a tax id"),
        ("12-3456789", "", "whether 12-3456789 is an EIN"),
        ("12-3456789", "XX", "whether 12-3456789 is an EIN"),
    ):
        one = only("tax-id", of("practice", tax_id=number, tax_id_kind=kind))
        assert said in one.message
        assert one.field == "tax_id"
    for number, kind in (("123456789", "EI"), ("123-45-6789", "SY")):
        assert not found(of("practice", tax_id=number, tax_id_kind=kind))


def test_taxonomy() -> None:
    missing = only("taxonomy", of("practice", taxonomy=""))
    assert missing.severity is Severity.WARNS
    assert missing.field == "billing_taxonomy"
    for bad in ("261QM0801", "261qm0801X", "261QM08011"):
        assert bad in only("taxonomy", of("practice", taxonomy=bad)).message
    clinician = only("taxonomy", of("rendering", taxonomy="103TC07"))
    assert clinician.field == "rendering_taxonomy"
    assert not found(of("rendering", taxonomy=""))


def test_claim_number() -> None:
    for number in ("", "-", "CLM 1", "CLM-2026-00000000000001", "CLM#1", "clm-1"):
        one = only("claim-number", clean(number=number))
        assert (one.severity, one.field) == (Severity.STOPS, "claim_number")
    assert not found(clean(number="CLM-2026-0000000000001"))


def test_what_an_837p_cannot_do_without_keeps_its_weight() -> None:
    fixed = {one.code for one in RULES.values() if one.fixed}
    assert {"billing-npi", "rendering-npi", "tax-id", "claim-number"} <= fixed
    assert "taxonomy" not in fixed
