from __future__ import annotations

from datetime import timedelta

from fscdesk.models.claim import Severity
from tests.support.claim_contents import DAY, a_line, clean, found, only, with_codes


def test_double() -> None:
    one = only("double", clean(doubles=("CLM-2026-00007",)))
    assert (one.severity, one.field) == (Severity.STOPS, "lines")
    assert "CLM-2026-00007 bills the same service to this payer" in one.message
    both = only("double", clean(doubles=("CLM-1", "CLM-2")))
    assert "CLM-1 and CLM-2 bill the same" in both.message
    within = only("double", with_codes("90837", "90837"))
    assert (within.field, within.line) == ("line_code", 2)
    assert "is the same service as line 1" in within.message
    turned = clean(lines=(a_line(1, modifiers=("HO", "U1")), a_line(2, modifiers=("U1", "HO"))))
    assert only("double", turned).line == 2
    days = clean(lines=(a_line(1), a_line(2, service_day=DAY + timedelta(days=1))))
    assert not found(days)


def test_near_double() -> None:
    one = only("near-double", clean(nears=("CLM-2026-00007",)))
    assert (one.severity, one.field) == (Severity.WARNS, "lines")
    assert "CLM-2026-00007 bills the same code" in one.message
    lines = (a_line(1), a_line(2, modifiers=("59",)))
    other = only("near-double", clean(lines=lines))
    assert (other.severity, other.line) == (Severity.WARNS, 2)
    for one_code, other_code in (("90832", "90837"), ("90846", "90847"), ("90791", "90792")):
        assert only("near-double", with_codes(one_code, other_code)).line == 2
    assert not found(with_codes("90837", "90847"))
