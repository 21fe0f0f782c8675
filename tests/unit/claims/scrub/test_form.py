from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import Severity
from fscdesk.models.values import Money
from tests.support.claim_contents import (
    a_line,
    clean,
    decided,
    found,
    only,
    secondary,
)


def test_total() -> None:
    one = only("total", clean(total=Money(180_00)))
    assert (one.severity, one.field) == (Severity.STOPS, "total")
    assert "says 180.00, its lines add up to 190.00" in one.message
    none = only("total", clean(lines=()))
    assert none.message == "The claim has no lines."
    free = only("total", clean(lines=(a_line(amount=Money()),)))
    assert "over 0.00" in free.message
    below = clean(lines=(a_line(), a_line(2, "90846", amount=Money(-1))))
    assert only("total", below).line == 2
    voided = only("total", clean(lines=(a_line(), a_line(2, "90846", charge_voided=True))))
    assert (voided.field, voided.line) == ("line_amount", 2)
    gift = clean(lines=(a_line(), a_line(2, "90785", amount=Money())))
    assert not found(gift), "a line may be free where others are not"


def test_fifty_lines_fit() -> None:
    days = [a_line(at).service_day.replace(day=at % 28 + 1) for at in range(60)]
    lines = [a_line(at + 1, f"H{at:04d}", service_day=days[at]) for at in range(51)]
    assert "51 lines; an 837P carries 50" in only("total", clean(lines=tuple(lines))).message
    assert not found(clean(lines=tuple(lines[:50])))


def test_place_of_service() -> None:
    for place, said in (("", "has no place"), ("00", "00 is not"), ("1", "1 is not"), ("28", "28")):
        one = only("place-of-service", clean(place_of_service=place))
        assert said in one.message
        assert (one.severity, one.field) == (Severity.STOPS, "place_of_service")
    for place in ("02", "10", "12", "27", "53", "99"):
        assert not found(clean(place_of_service=place))
    line = only("place-of-service", clean(lines=(a_line(place_of_service="ZZ"),)))
    assert (line.field, line.line) == ("line_place_of_service", 1)
    assert not found(clean(lines=(a_line(place_of_service="10"),)))


def test_frequency() -> None:
    for frequency, number, field, said in (
        ("6", "", "frequency", "6 is not a frequency"),
        ("", "X1", "frequency", "Nothing is not a frequency"),
        ("7", "", "original_number", "A corrected claim (7)"),
        ("8", " ", "original_number", "A void claim (8)"),
    ):
        one = only("frequency", clean(frequency=frequency, original_number=number))
        assert (one.severity, one.field) == (Severity.STOPS, field)
        assert said in one.message
    for frequency in "78":
        assert not found(clean(frequency=frequency, original_number="2026A77"))


@pytest.mark.parametrize(
    ("name", "good", "box", "field", "where"),
    [
        ("provider_signature", "Y", "31", "note", "on the claim"),
        ("assignment", "ABC", "27", "assignment", "Setup, Payers"),
        ("benefits_assigned", "YNW", "13", "benefits_assigned", "the client's policy"),
        ("release", "YI", "12", "release", "the client's policy"),
    ],
)
def test_signatures(name: str, good: str, box: str, field: str, where: str) -> None:
    for value in ("", "?", good * 2):
        one = only("signatures", clean(**{name: value}))
        assert (one.severity, one.field) == (Severity.STOPS, field)
        assert one.message.startswith(f"Box {box}: ")
        assert f"box {box}" in one.hint
        assert where in one.hint
    for value in good:
        assert not found(clean(**{name: value}))


def test_no_payer_is_named_without_a_release() -> None:
    here = only("signatures", clean(release=""))
    assert here.message == "Box 12: the client has not let the practice tell Example East anything."
    content = secondary(decided(1, 100_00, ("CO", "45", 90_00)))
    assert "signatures" not in {one.rule for one in found(content)}
    (first,) = content.others
    unsigned = replace(first, coverage=replace(first.coverage, release_signed=False))
    there = only("signatures", replace(content, others=(unsigned,)))
    assert (there.severity, there.field) == (Severity.STOPS, "others")
    assert first.payer.name in there.message
    later = replace(unsigned, coverage=replace(unsigned.coverage, rank=2), answer=None)
    assert "signatures" not in {one.rule for one in found(clean(others=(later,)))}
