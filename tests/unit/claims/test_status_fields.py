"""Where a status of a 277CA points to on the claim."""

from __future__ import annotations

import pytest

from fscdesk.services.claims.carc_fields import fields_for
from fscdesk.services.claims.status_fields import fields_of_status


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("A7:562", "rendering_npi"),
        ("A7:562:82", "rendering_npi"),
        ("A7:562:85", "billing_npi"),
        ("A6:164:IL", "member_id"),
        ("A7:128:85", "tax_id"),
        ("A7:500:85", "billing_address"),
        ("A7:500:IL", "subscriber_address"),
        ("A7:158:QC", "birth_date"),
        ("A7:252", "authorization"),
        ("A7:453", "line_modifiers"),
    ],
)
def test_a_status_points_to_its_field_by_whom_it_is_about(code: str, field: str) -> None:
    assert fields_of_status(code)[0] == field
    assert fields_for(code) == ()  # it is no reason of a remittance


@pytest.mark.parametrize("code", ["", "A3", "A7:999:85", "no code", "16"])
def test_what_is_not_known_points_nowhere(code: str) -> None:
    assert fields_of_status(code) == ()
