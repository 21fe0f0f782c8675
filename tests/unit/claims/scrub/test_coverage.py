from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import Address
from tests.support.claim_contents import DAY, a_coverage, a_line, a_payer, clean, found, only


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("", "has no member id"),
        (" - ", "has no member id"),
        ("ABC12345", "ABC12345 has 8 characters, Example East's have 9"),
        ("ABCD23456", "ABCD23456 is not built as Example East's are: AAA999999"),
        ("123456ABC", "is not built as"),
    ],
)
def test_member_id(member: str, said: str) -> None:
    one = only("member-id", clean(coverage=a_coverage(member_id=member)))
    assert said in one.message
    assert (one.severity, one.field) == (Severity.STOPS, "member_id")
    assert "policy" in one.hint


@pytest.mark.parametrize(
    ("pattern", "member", "fits"),
    [
        ("", "W1", True),
        ("", "7", False),
        ("AAA999999", "abc-123 456", True),
        ("AAA-999-XXX", "ABC123Z9Z", True),
        ("XXX", "A.B", False),
        ("999", "12٣", False),
    ],
)
def test_a_pattern_is_letters_digits_or_either(pattern: str, member: str, fits: bool) -> None:
    payer, policy = a_payer(member_id_pattern=pattern), a_coverage(member_id=member)
    said = [one.rule for one in found(clean(payer=payer, coverage=policy))]
    assert ("member-id" not in said) == fits


def test_payer_id() -> None:
    for code in ("", "E", "EX 01", "EX*01"):
        one = only("payer-id", clean(payer=a_payer(payer_code=code)))
        assert (one.severity, one.field) == (Severity.STOPS, "payer_id")
        assert "Setup, Payers" in one.hint
        for route in ("paper", "portal"):
            assert not found(clean(payer=a_payer(payer_code=code, route=route)))
    assert not found(clean(payer=a_payer(payer_code="exe01")))
    assert only("payer-id", clean(payer=a_payer(payer_code="٦٠٠٥٤")))
    mailed = only("payer-id", clean(payer=a_payer(route="paper", address=Address())))
    assert (mailed.severity, mailed.field) == (Severity.WARNS, "payer_address")
    assert not found(clean(payer=a_payer(address=Address())))
    aside = only("payer-id", clean(payer=a_payer(active=False)))
    assert aside.severity is Severity.WARNS


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hold_claims": True}, "claims are held"),
        ({"coverage": None}, "No policy of the client"),
        ({"payer": a_payer(filing_indicator="09")}, "pay themselves"),
    ],
)
def test_do_not_bill(changes: dict[str, Any], said: str) -> None:
    one = only("do-not-bill", clean(**changes))
    assert said in one.message
    assert (one.severity, one.field) == (Severity.STOPS, "coverage")


def test_eligibility() -> None:
    never = only("eligibility", clean(eligibility_asked_on=None, eligibility_active=None))
    assert (never.severity, never.field) == (Severity.TELLS, "coverage")
    ended = only("eligibility", clean(eligibility_active=False))
    assert ended.severity is Severity.WARNS
    assert "said on 03/01/2026 that this policy is not active" in ended.message
    old = only("eligibility", clean(eligibility_asked_on=date(2026, 2, 13)))
    assert old.severity is Severity.WARNS
    assert "on 02/13/2026, 31 days before" in old.message
    assert not found(clean(eligibility_asked_on=date(2026, 2, 14)))
    assert not found(clean(eligibility_asked_on=date(2026, 4, 1))), "asked after the session"
    both = (a_line(service_day=date(2026, 4, 10)), a_line(2))
    assert not found(clean(lines=both, eligibility_asked_on=DAY)), "by the first service"
    for days, asked in ((0, None), (0, date(2020, 1, 1)), (90, date(2026, 1, 1))):
        assert not found(clean(eligibility_days=days, eligibility_asked_on=asked))
    off = clean(eligibility_days=0, eligibility_active=False)
    assert only("eligibility", off).severity is Severity.WARNS
