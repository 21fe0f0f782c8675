from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fscdesk.models.claim import Severity
from fscdesk.models.values import ZERO
from fscdesk.services.claims.content import ClaimContent
from tests.support.claim_contents import (
    a_coverage,
    a_line,
    a_payer,
    clean,
    decided,
    first_payer,
    found,
    only,
    secondary,
)


def _unanswered() -> ClaimContent:
    return secondary(others=(replace(first_payer(), answer=None),))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_unanswered(), "Example First comes first and has not answered"),
        (secondary(others=()), "no earlier one is on it"),
        (
            secondary(decided(1, 90_00), paid=90_00),
            "paid 90.00 and adjusted 90.00, which makes 180.00",
        ),
        (secondary(paid=99_00), "paid 99.00 for the claim, and 100.00 for its lines"),
        (secondary(decided(2)), "said nothing of line 1"),
        (secondary(decided(1, 100_00, ("XX", "45", 90_00))), "adjusted line 1 by XX-45"),
        (secondary(decided(1, 100_00, ("CO", " ", 90_00))), "adjusted line 1 by CO-"),
        (
            secondary(decided(1, 0, ("CO", "16", 190_00)), paid=0),
            "paid nothing because something was lacking (CARC 16)",
        ),
    ],
)
def test_earlier_payers(content: ClaimContent, said: str) -> None:
    one = only("earlier-payers", content)
    assert said in one.message
    assert (one.severity, one.field) == (Severity.STOPS, "others")


def test_a_denial_for_another_reason_is_an_answer() -> None:
    assert not found(secondary(decided(1, 0, ("PR", "96", 190_00)), paid=0))
    both = secondary(decided(1, 50_00, ("CO", "16", 140_00)), paid=50_00)
    assert not found(both), "it paid: it has decided"
    more = secondary(decided(1, 200_00, ("CO", "45", -10_00)), paid=200_00)
    assert not found(more), "a payer may pay more than was charged"


def test_each_line_balances() -> None:
    lines = (a_line(1), a_line(2, "90785"))
    good = secondary(decided(1), decided(2), paid=200_00, lines=lines)
    assert not found(good)
    one = only("earlier-payers", secondary(decided(1), decided(2, 99_00), paid=199_00, lines=lines))
    assert one.line == 2
    assert "Line 2 (03/16/2026, 90785) was charged at 190.00" in one.message


def test_a_line_that_lacked_something_stops_beside_one_that_was_paid() -> None:
    lines = (a_line(1), a_line(2, "90785"))
    lacking = decided(2, 0, ("CO", "16", 190_00))
    one = only("earlier-payers", secondary(decided(1), lacking, paid=100_00, lines=lines))
    assert (one.line, one.severity) == (2, Severity.STOPS)
    assert "Example First paid nothing of line 2 because something was lacking" in one.message


def test_an_answer_of_which_nothing_is_posted_stops() -> None:
    one = only("earlier-payers", secondary(replace(decided(), paid=ZERO, adjustments=()), paid=0))
    assert "has answered line 1, and nothing of what it said is posted" in one.message
    assert one.hint.startswith("Post its EOB first")


def test_an_answer_has_a_day() -> None:
    before = first_payer(decided(day=None))
    assert not found(secondary(others=(before,))), "the day of the claim's answer will do"
    assert before.answer is not None
    never = replace(before, answer=replace(before.answer, decided_on=None))
    assert "on which day" in only("earlier-payers", secondary(others=(never,))).message


def test_a_tertiary_claim_asks_both() -> None:
    second = first_payer()
    second = replace(
        second, coverage=a_coverage(policy_id=6, rank=2), payer=a_payer(id=3, name="Example Second")
    )
    facts: dict[str, Any] = {"rank": 3, "coverage": a_coverage(rank=3)}
    assert not found(secondary(others=(first_payer(), second), **facts))
    silent = replace(second, answer=None)
    one = only("earlier-payers", secondary(others=(first_payer(), silent), **facts))
    assert "Example Second comes first and has not answered" in one.message


def test_a_later_payer_need_not_have_answered() -> None:
    later = replace(first_payer(), coverage=a_coverage(policy_id=6, rank=2), answer=None)
    assert not found(clean(others=(later,)))
    nameless = replace(later, payer=a_payer(name="Example Later", payer_code=""))
    assert "Example Later, another payer of the client, has no payer id" in (
        only("earlier-payers", clean(others=(nameless,))).message
    )
    idless = replace(later, coverage=a_coverage(rank=2, member_id=""))
    assert "has no member id" in only("earlier-payers", clean(others=(idless,))).message


def test_what_crossed_over_is_left_alone() -> None:
    assert not found(replace(_unanswered(), crossed_over=True))
