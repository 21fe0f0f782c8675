from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent
from tests.support.claim_contents import (
    DAY,
    a_line,
    a_payer,
    a_referral,
    an_authorization,
    clean,
    found,
    only,
)


def _claim(*codes: str, **facts: object) -> ClaimContent:
    lines = tuple(
        a_line(at, code, service_day=date(2026, 3, at)) for at, code in enumerate(codes, 1)
    )
    return clean(
        payer=a_payer(needs_authorization=True),
        authorization=an_authorization(**facts),
        lines=lines or (a_line(),),
    )


def test_authorization() -> None:
    missing = only("authorization", clean(payer=a_payer(needs_authorization=True)))
    assert (missing.severity, missing.field) == (Severity.STOPS, "authorization")
    assert "asks for an authorization, and the claim names none" in missing.message
    for facts, said in (
        ({"number": " "}, "has no number"),
        ({"valid_to": date(2026, 3, 15)}, "is outside authorization AUTH1"),
        ({"valid_from": date(2026, 3, 17)}, "is outside authorization AUTH1"),
        ({"codes": ("90834",)}, "is not what authorization AUTH1 is for: 90834"),
        ({"left": 0}, "has 0 visits left; the claim takes 1"),
        ({"left": -2}, "has 0 visits left; the claim takes 1"),
    ):
        assert said in only("authorization", _claim(**facts)).message
    assert not found(_claim(left=1, valid_from=DAY, valid_to=DAY))
    assert not found(_claim(codes=()))


def test_visits_and_units_are_counted() -> None:
    assert not found(_claim("90837", "90837", left=2))
    assert "takes 3" in only("authorization", _claim("90837", "90837", "90837", left=2)).message
    together = replace(_claim(left=1), lines=(a_line(), a_line(2, "90785")))
    assert not found(replace(together, total=a_line().amount + a_line().amount))
    line = a_line(1, "H0004", units=8)
    for frequency in "78":
        again = replace(_claim(left=0), frequency=frequency, original_number="X1")
        assert not found(again), "its visits are taken by the claim before"
    units = clean(
        lines=(line,), authorization=an_authorization(codes=("H0004",), counts="units", left=7)
    )
    assert "has 7 units left; the claim takes 8" in only("authorization", units).message


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"qualifier": "ZZ"}, "ZZ does not say"),
        ({"qualifier": ""}, "Nothing does not say"),
        ({"last_name": ""}, "has no last name"),
        ({"npi": ""}, "Placeholder has no NPI"),
        ({"npi": "1234567890"}, "NPI 1234567890 of Placeholder has one wrong digit"),
    ],
)
def test_referral(facts: dict[str, str], said: str) -> None:
    one = only("referral", clean(referral=a_referral(**facts)))
    assert said in one.message
    assert (one.severity, one.field) == (Severity.WARNS, "referral")
    for qualifier in ("DN", "DK", "DQ"):
        assert not found(clean(referral=a_referral(qualifier=qualifier)))


def test_a_payer_may_want_a_referral() -> None:
    asks = a_payer(wants_referral=True)
    one = only("referral", clean(payer=asks))
    assert "wants to know who referred" in one.message
    assert not found(clean(payer=asks, referral=a_referral()))


def test_a_supervisor_is_named_with_an_npi() -> None:
    content = clean()
    over = replace(content, supervising=replace(content.rendering, id=9, npi=""))
    assert only("referral", over).field == "supervising"
    assert not found(replace(content, supervising=replace(content.rendering, id=9)))
