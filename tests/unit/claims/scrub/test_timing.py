from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fscdesk.models.claim import Severity
from tests.support.claim_contents import (
    DAY,
    TODAY,
    a_coverage,
    a_line,
    a_payer,
    clean,
    first_payer,
    found,
    only,
    secondary,
    weights,
)


def test_service_day() -> None:
    tomorrow = clean(lines=(a_line(), a_line(2, service_day=TODAY + timedelta(days=1))))
    one = only("service-day", tomorrow)
    assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_day", 2)
    assert "04/13/2026, 90837) has not come yet" in one.message
    before = only("service-day", clean(coverage=a_coverage(valid_from=DAY + timedelta(days=1))))
    assert "before the policy begins, 03/17/2026" in before.message
    after = only("service-day", clean(coverage=a_coverage(valid_to=DAY - timedelta(days=1))))
    assert "after the policy ended, 03/15/2026" in after.message
    assert not found(clean(coverage=a_coverage(valid_from=DAY, valid_to=DAY)))
    today = (a_line(service_day=TODAY),)
    assert not found(clean(lines=today, eligibility_asked_on=TODAY))


def test_one_year() -> None:
    lines = (a_line(1, service_day=date(2025, 12, 30)), a_line(2, service_day=date(2026, 1, 6)))
    old = a_coverage(valid_from=date(2025, 1, 1))
    facts = {"coverage": old, "eligibility_asked_on": DAY}
    one = only("one-year", clean(lines=lines, **facts))
    assert (one.severity, one.field) == (Severity.WARNS, "lines")
    assert "days of 2025 and of 2026" in one.message
    assert not found(clean(lines=lines[:1], **facts))


def _on(day: date, **facts: object) -> list[tuple[str, Severity]]:
    content = clean(today=day, payer=a_payer(filing_days=100, corrected_days=40), **facts)
    return [(one.rule, one.severity) for one in found(content)]


def test_timely_filing() -> None:
    late, soon = ("timely-filing", Severity.STOPS), ("timely-filing", Severity.WARNS)
    assert _on(DAY + timedelta(days=74)) == []
    assert _on(DAY + timedelta(days=75)) == [soon]
    assert _on(DAY + timedelta(days=100)) == [soon], "on its last day a claim goes"
    assert _on(DAY + timedelta(days=101)) == [late]
    content = clean(today=DAY + timedelta(days=101), payer=a_payer(filing_days=100))
    one = only("timely-filing", content)
    assert one.message == (
        "Example East takes this claim for 100 days from the first service, 03/16/2026; they ended "
        "on 06/24/2026."
    )
    assert one.field == "lines"
    near = only(
        "timely-filing", clean(today=DAY + timedelta(days=99), payer=a_payer(filing_days=100))
    )
    assert "1 of 100 days left: Example East takes this claim until 06/24/2026" in near.message
    assert not found(clean(today=DAY + timedelta(days=999), payer=a_payer(filing_days=None)))


def test_three_quarters_are_counted_to_the_day() -> None:
    year = a_payer(filing_days=400)
    assert not found(clean(today=DAY + timedelta(days=299), payer=year))
    assert only("timely-filing", clean(today=DAY + timedelta(days=300), payer=year))


def test_filing_counts_from_the_first_service() -> None:
    lines = (a_line(1, service_day=DAY + timedelta(days=20)), a_line(2))
    assert _on(DAY + timedelta(days=75), lines=lines) == [("timely-filing", Severity.WARNS)]


def test_a_corrected_claim_counts_from_the_answer() -> None:
    answered = DAY + timedelta(days=200)
    facts = {"frequency": "7", "original_number": "X1"}
    later = {"corrects_answer_of": answered}
    assert _on(answered + timedelta(days=29), **facts, **later) == []
    assert _on(answered + timedelta(days=40), **facts, **later) == [
        ("timely-filing", Severity.WARNS)
    ]
    assert _on(answered + timedelta(days=41), **facts, **later) == [
        ("timely-filing", Severity.STOPS)
    ]
    assert _on(answered + timedelta(days=999), **facts) == [], "it was neither answered nor sent"
    void = {"frequency": "8", "original_number": "X1"}
    assert _on(DAY + timedelta(days=999), **void) == [], "taking back has no limit"


def test_a_corrected_claim_of_an_unanswered_one_counts_from_its_first_sending() -> None:
    since = DAY + timedelta(days=10)
    facts = {"frequency": "7", "original_number": "X1", "corrects_sent_on": since}
    assert _on(since + timedelta(days=29), **facts) == []
    assert _on(since + timedelta(days=41), **facts) == [("timely-filing", Severity.STOPS)]
    content = clean(today=since + timedelta(days=999), payer=a_payer(corrected_days=40), **facts)
    assert "from the first sending of what it corrects" in only("timely-filing", content).message
    later = {"corrects_answer_of": since + timedelta(days=900)}
    assert _on(since + timedelta(days=901), **facts, **later) == [], "its answer counts"


def test_behind_another_payer_days_count_from_its_answer() -> None:
    payer = a_payer(filing_days=100)
    answered = date(2026, 4, 1)
    assert not found(secondary(today=answered + timedelta(days=74), payer=payer))
    one = only("timely-filing", secondary(today=answered + timedelta(days=101), payer=payer))
    assert "100 days from the earlier payer's answer, 04/01/2026" in one.message


def test_the_answer_of_a_later_payer_starts_no_clock() -> None:
    later = replace(first_payer(), coverage=a_coverage(policy_id=6, rank=2))
    gone = DAY + timedelta(days=101)
    content = clean(today=gone, payer=a_payer(filing_days=100), others=(later,))
    assert "from the first service" in only("timely-filing", content).message
    waits = replace(later, coverage=a_coverage(policy_id=6), answer=None)
    silent = secondary(today=gone, payer=a_payer(filing_days=100), others=(waits,))
    assert ("timely-filing", Severity.STOPS) in weights(silent)


def test_a_limit_beyond_the_calendar_is_no_accident() -> None:
    far = clean(today=date.max, payer=a_payer(filing_days=10**9))
    assert not [one for one in found(far) if one.rule == "timely-filing"]
