"""To which fields a reason code points; and that these fields are there."""

from __future__ import annotations

import pytest

from fscdesk.services.claims.carc_fields import ANY, FIELDS, fields_for, words_for
from fscdesk.services.remittances.carc import carc_of

PAGE = frozenset(
    (
        *("patient_name", "birth_date", "sex", "patient_address", "member_id", "relationship"),
        *("subscriber_name", "subscriber_address", "payer_id", "payer_address", "billing_npi"),
        *("billing_taxonomy", "billing_address", "tax_id", "rendering", "rendering_npi"),
        *("rendering_taxonomy", "supervising", "referral", "facility", "place_of_service"),
        *("diagnoses", "authorization", "original_number", "frequency", "total", "note"),
        *("claim_number", "coverage", "others", "lines", "line_code", "line_modifiers"),
        *("line_units", "line_pointers", "line_day", "line_amount", "line_place_of_service"),
    )
)
"""The fields of the claim's page."""


@pytest.mark.parametrize("code", FIELDS)
def test_a_code_is_one_and_points_to_fields_of_the_page(code: str) -> None:
    assert carc_of(code) == code
    fields = FIELDS[code]
    assert fields
    assert len(set(fields)) == len(fields)
    assert set(fields) <= PAGE


@pytest.mark.parametrize("code", FIELDS)
def test_a_code_that_points_somewhere_has_words(code: str) -> None:
    assert words_for(code).endswith(".")


def test_a_missing_modifier_leads_to_the_modifiers_first() -> None:
    assert fields_for("4")[0] == "line_modifiers"
    assert fields_for(" 04 ") == fields_for("4")
    assert words_for("4").startswith("The modifier")


def test_a_code_that_says_nothing_of_the_kind_leads_to_all_that_often_is_wrong() -> None:
    assert fields_for("398") == ANY
    assert words_for("398") == ""


def test_no_code_leads_nowhere() -> None:
    assert fields_for("") == ()
    assert fields_for("no code") == ()
    assert words_for("") == ""
