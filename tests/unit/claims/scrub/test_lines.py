from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.claim import Severity
from tests.support.claim_contents import a_coverage, a_line, a_payer, clean, found, only, with_codes


def test_procedure_code() -> None:
    for code in ("", "9083", "90837X", "9O8-7", "intak"):
        one = only("procedure-code", with_codes(code))
        assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_code", 1)
        assert "five characters" in one.message
    aside = only("procedure-code", with_codes("90837", service_active=False))
    assert "90837 is set aside" in aside.message
    assert "Setup, Services" in aside.hint
    for code in ("90837", "H0004", "G2214", "0362T", "T1017"):
        assert not found(with_codes(code))


@pytest.mark.parametrize(
    ("modifiers", "said"),
    [
        (("95", "9"), "has 9, and a modifier has two characters"),
        (("",), "has (empty), and"),
        (("ho",), "has ho, and"),
        (("HO", "95", "HO"), "has HO more than once"),
        (("HO", "95", "U1", "U2", "U3"), "has 5 modifiers, and 4 fit"),
    ],
)
def test_modifiers(modifiers: tuple[str, ...], said: str) -> None:
    one = only("modifiers", clean(place_of_service="10", lines=(a_line(modifiers=modifiers),)))
    assert said in one.message
    assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_modifiers", 1)
    assert not found(clean(lines=(a_line(modifiers=("HO", "U1", "U2", "U3")),)))


def test_units() -> None:
    for units in (0, -1, 1000):
        one = only("units", with_codes("H0004", units=units))
        assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_units", 1)
        assert "a claim carries 1 to 999" in one.message
    twice = only("units", with_codes("90837", units=2))
    assert twice.severity is Severity.WARNS
    assert "90837 stands for one session" in twice.message
    assert not found(with_codes("H0004", units=999))


@pytest.mark.parametrize(
    ("code", "short", "fewest", "most"),
    [("90832", 15, 16, 37), ("90834", 37, 38, 52), ("90837", 52, 53, None), ("90839", 29, 30, 74)],
)
def test_minutes(code: str, short: int, fewest: int, most: int | None) -> None:
    one = only("minutes", with_codes(code, minutes=short))
    assert (one.severity, one.field, one.line) == (Severity.WARNS, "line_code", 1)
    assert f"took {short} minutes; {code} begins with {fewest}" in one.message
    for good in (fewest, most or 240, None):
        assert not found(with_codes(code, minutes=good))
    if most is not None:
        long = only("minutes", with_codes(code, minutes=most + 1))
        assert long.severity is Severity.TELLS
        assert f"ends with {most}" in long.message


def test_the_code_that_fits_the_time_is_named() -> None:
    assert "90834 fits the time" in only("minutes", with_codes("90837", minutes=45)).hint
    assert "90832 fits the time" in only("minutes", with_codes("90834", minutes=20)).hint
    assert "fits" not in only("minutes", with_codes("90832", minutes=10)).hint
    assert "fits" not in only("minutes", with_codes("90839", minutes=10)).hint
    for code, minutes, fits in (
        ("90837", 38, "90834"),
        ("90837", 37, "90832"),
        ("90834", 16, "90832"),
        ("90838", 52, "90836"),
        ("90836", 37, "90833"),
    ):
        lines = (a_line(1, "99213"), a_line(2, code, minutes=minutes))
        content = clean(lines=lines if code in ("90836", "90838") else lines[1:])
        assert f"{fits} fits the time" in only("minutes", content).hint
    crisis = clean(lines=(a_line(1, "90839", minutes=100), a_line(2, "90840")))
    assert not found(crisis), "what goes on after a crisis is 90840"


def test_prolonged_service() -> None:
    for code in ("99354", "99355", "99356", "99357"):
        one = only("prolonged-service", with_codes(code))
        assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_code", 1)
        assert "ended on 12/31/2022" in one.message
    then = a_line(code="99354", service_day=date(2022, 12, 31))
    old = a_coverage(valid_from=date(2022, 1, 1))
    assert not found(clean(lines=(then,), coverage=old, payer=a_payer(filing_days=None)))


def test_most_units() -> None:
    two = clean(
        lines=(
            a_line(1, "96130"),
            a_line(2, "96131", units=3, most_units=4),
            a_line(3, "96131", units=2, most_units=4, modifiers=("59",)),
        )
    )
    said = [one for one in found(two) if one.rule == "most-units"]
    assert [(one.severity, one.field, one.line) for one in said] == [
        (Severity.WARNS, "line_units", 3)
    ]
    assert "5 units of 96131 on one day; the practice's limit is 4" in said[0].message
    assert only("most-units", with_codes("H0004", units=9, most_units=8))
    assert not found(with_codes("H0004", units=8, most_units=8))
    days = (
        a_line(1, "H0004", units=8, most_units=8),
        a_line(2, "H0004", units=8, most_units=8, service_day=date(2026, 3, 17)),
    )
    assert not found(clean(lines=days)), "each day has its own"
    assert not found(with_codes("H0004", units=99)), "no limit is shipped"
