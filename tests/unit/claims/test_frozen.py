"""What was sent is kept as JSON and comes back equal, also from an older program."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.claims.content import ClaimContent, EarlierAdjustment, EarlierLine
from fscdesk.services.claims.frozen import SentNames, frozen, named_in, thawed
from tests.support.claim_contents import (
    a_line,
    a_referral,
    alma,
    an_authorization,
    clean,
    secondary,
)

EARLIER = EarlierLine(
    1, Money(100_00), (EarlierAdjustment("CO", "45", Money(-90_00)),), date(2026, 3, 30)
)


@pytest.mark.parametrize(
    "content",
    [
        clean(),
        clean(coverage=None, supervising=None, referral=a_referral()),
        clean(authorization=an_authorization(), lines=(a_line(modifiers=("95", "HO")), a_line(2))),
        clean(patient=alma(last_name="Ångström", birth_date=None)),
        secondary(EARLIER),
    ],
)
def test_a_claim_comes_back_equal(content: ClaimContent) -> None:
    assert thawed(frozen(content)) == content
    assert "." not in json.dumps(json.loads(frozen(content))["total"])


@given(st.text(), st.integers(-(10**12), 10**12), st.dates())
def test_any_values_come_back_equal(text: str, cents: int, day: date) -> None:
    content = replace(clean(), note=text, total=Money(cents), today=day)
    assert thawed(frozen(content)) == content


def test_what_a_later_program_adds_has_its_default_and_what_it_drops_is_passed_over() -> None:
    kept = json.loads(frozen(clean()))
    del kept["held_for"]
    kept["dropped_since"] = 7
    assert thawed(json.dumps(kept)) == clean()


@pytest.mark.parametrize("text", ["{}", "[]", "7", '{"claim_id": 1}', "no JSON"])
def test_what_is_no_claim_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        thawed(text)


@pytest.mark.parametrize("content", [clean(), clean(coverage=None), secondary(EARLIER)])
def test_whom_a_claim_names_is_read_without_the_rest(content: ClaimContent) -> None:
    cover = content.coverage
    assert named_in(frozen(content)) == SentNames(
        (content.patient, *(() if cover is None else (cover.subscriber,))),
        None if cover is None else cover.member_id,
        content.practice.npi,
        tuple(line.service_day for line in content.lines),
    )
    with pytest.raises(ValueError, match="no frozen claim"):
        named_in("{}")
