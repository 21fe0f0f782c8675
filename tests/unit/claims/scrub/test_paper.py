"""The rules about paper: what a CMS-1500 has no room for, and what its boxes cannot say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fscdesk.models.claim import Severity
from fscdesk.models.values import Money
from fscdesk.services.claims.content import Address, ClaimContent
from fscdesk.services.claims.scrub.findings import ScrubFinding
from tests.support.claim_contents import (
    a_coverage,
    a_line,
    a_payer,
    alma,
    an_authorization,
    clean,
    found,
)

PAPER: dict[str, Any] = {"route": "paper", "member_id_pattern": ""}
LONG = Address("12345 North Long Imaginary Boulevard", "Apartment 12", "Nowhere", "NJ", "07005")


def on_paper(**facts: Any) -> ClaimContent:
    return clean(payer=a_payer(**PAPER), **facts)


def misfits(content: ClaimContent) -> list[ScrubFinding]:
    return [one for one in found(content) if one.rule == "paper-form"]


@pytest.mark.parametrize(
    ("facts", "field", "box"),
    [
        ({"coverage": a_coverage(member_id="A" * 30)}, "member_id", "1a"),
        ({"coverage": a_coverage(group_number="G" * 30)}, "coverage", "11"),
        ({"frequency": "7", "original_number": "9" * 19}, "original_number", "22"),
        ({"authorization": an_authorization(number="AUTH" * 8)}, "authorization", "23"),
        ({"number": "CLM-2026-0000123456"}, "claim_number", "26"),
    ],
)
def test_paper_form(facts: dict[str, Any], field: str, box: str) -> None:
    (one,) = misfits(on_paper(**facts))
    assert (one.severity, one.field) == (Severity.STOPS, field)
    assert f"box {box} of the paper form takes" in one.message
    assert not misfits(clean(**facts)), "a file takes it"


def test_an_amount_that_has_no_room_stops_the_claim() -> None:
    huge = Money(1_234_567_89)
    found = misfits(on_paper(lines=(a_line(amount=huge),), total=huge))
    assert [(one.field, one.line) for one in found] == [("line_amount", 1), ("total", None)]
    assert {one.severity for one in found} == {Severity.STOPS}
    assert "box 24F of the paper form, which would stay empty" in found[0].message


def test_what_is_cut_without_being_another_is_for_a_person_to_look_at() -> None:
    home = alma(address=LONG)
    (street,) = misfits(on_paper(patient=home, coverage=a_coverage(subscriber=home)))
    assert (street.severity, street.field) == (Severity.WARNS, "patient_address")
    assert "box 5 of the paper form takes 28" in street.message
    (note,) = misfits(on_paper(note="Corrected: modifier 95 added as the payer said on the phone"))
    assert (note.severity, note.field) == (Severity.WARNS, "note")
    spouse = a_coverage(relationship="spouse", subscriber=alma(first_name="Sam", address=LONG))
    (other,) = misfits(on_paper(coverage=spouse))
    assert (other.severity, other.field) == (Severity.WARNS, "subscriber_address")
    plan = a_coverage(plan_name="The Extraordinarily Long Plan of an Invented Trust")
    (told,) = misfits(on_paper(coverage=plan))
    assert (told.severity, told.field) == (Severity.TELLS, "coverage")


def test_a_claim_that_fits_is_clean() -> None:
    assert not misfits(on_paper(authorization=an_authorization(), note="A note"))


def test_paper_sex() -> None:
    nobody_knows = replace(alma(), sex="U")
    (one,) = [one for one in found(on_paper(patient=nobody_knows)) if one.rule == "paper-sex"]
    assert (one.severity, one.field) == (Severity.WARNS, "sex")
    assert one.message == (
        "The client's sex is U, not known: boxes 3 and 11a of the paper form stay empty."
    )
    assert not [one for one in found(on_paper()) if one.rule == "paper-sex"]
    assert not found(clean(patient=nobody_knows)), "an 837P may say U"
