"""The codes of an 835 in words."""

from __future__ import annotations

import pytest

from fscdesk.services.x12.remittance_words import (
    CLAIM_STATUSES,
    GROUPS,
    PAYMENT_METHODS,
    PROVIDER_ADJUSTMENTS,
    group_words,
    method_words,
    provider_adjustment_words,
    status_words,
)


def test_codes_are_said_in_words() -> None:
    assert status_words("22") == "an earlier payment reversed"
    assert status_words("01") == status_words("1")
    assert method_words("non") == "no payment, information only"
    assert group_words("PR") == "the client's share"
    assert provider_adjustment_words("wo") == "overpayment taken back"


def test_codes_that_are_not_known_are_said_as_such() -> None:
    assert status_words("77") == "status 77"
    assert method_words("X") == "method X"
    assert group_words("ZZ") == "group ZZ"
    assert provider_adjustment_words("Q9") == "reason Q9"


@pytest.mark.parametrize("table", [CLAIM_STATUSES, GROUPS, PAYMENT_METHODS, PROVIDER_ADJUSTMENTS])
def test_no_words_stand_for_two_codes(table: dict[str, str]) -> None:
    assert len(set(table.values())) == len(table)
