from __future__ import annotations

from datetime import date, timedelta

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.scrub.procedures import is_add_on, is_behavioral, is_em
from tests.support.claim_contents import DAY, a_line, clean, found, only, with_codes


@pytest.mark.parametrize(
    ("alone", "with_it"),
    [
        ("90785", "90834"),
        ("90833", "99213"),
        ("90838", "99215"),
        ("90840", "90839"),
        ("96131", "96130"),
        ("96137", "96136"),
        ("90863", "90834"),
    ],
)
def test_add_on(alone: str, with_it: str) -> None:
    one = only("add-on", with_codes(alone))
    assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_code", 1)
    assert alone in one.message
    assert not found(with_codes(with_it, alone))
    days = (a_line(1, with_it), a_line(2, alone, service_day=DAY + timedelta(days=1)))
    assert only("add-on", clean(lines=days)).line == 2, "the service is of another day"


def test_an_add_on_of_testing_wants_its_own_service() -> None:
    assert only("add-on", with_codes("90837", "96131")).line == 2
    assert only("add-on", with_codes("96130", "96131", "96133")).line == 3


@pytest.mark.parametrize("code", ["90833", "90836", "90838"])
def test_therapy_with_visit(code: str) -> None:
    beside = only("therapy-with-visit", with_codes("90853", code))
    assert (beside.severity, beside.field, beside.line) == (Severity.STOPS, "line_code", 2)
    assert "no visit is there that day" in beside.message
    for never in ("90832", "90834", "90837", "90846", "90847", "90839"):
        against = only("therapy-with-visit", with_codes("99213", never, code))
        assert f"cannot stand beside {never}" in against.message
    for visit in ("99202", "99215", "99223", "99308", "99349"):
        assert not found(with_codes(visit, code))


def test_interactive_complexity() -> None:
    for service in ("90791", "90792", "90832", "90834", "90837", "90853"):
        assert not found(with_codes(service, "90785"))
    assert not found(with_codes("99213", "90836", "90785"))
    one = only("interactive-complexity", with_codes("99213", "90785"))
    assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_code", 2)
    assert "does not go with 99213" in one.message
    for never in ("90839", "90846", "90847"):
        against = only("interactive-complexity", with_codes(never, "90785"))
        assert f"cannot stand beside {never}" in against.message
    assert only("interactive-complexity", with_codes("90837", "90847", "90785")).line == 3


def test_crisis() -> None:
    one = only("crisis", with_codes("90837", "90840"))
    assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_code", 2)
    assert "goes on after 90839" in one.message
    for never in ("90791", "90792", "90832", "90834", "90837"):
        against = only("crisis", with_codes("90839", never))
        assert f"cannot stand beside {never}" in against.message
    lines = (a_line(1, "90839"), a_line(2, "90839", modifiers=("59",)))
    said = [each for each in found(clean(lines=lines)) if each.rule == "crisis"]
    assert ["once a day, not 2 times" in each.message for each in said] == [True]
    assert [each.line for each in said] == [2]
    three = (*lines, a_line(3, "90839", modifiers=("76",)))
    said = [each for each in found(clean(lines=three)) if each.rule == "crisis"]
    assert [each.line for each in said] == [3]
    assert said[0].message.startswith("Line 3 ")
    assert not found(with_codes("90839", "90840"))


def test_evaluation() -> None:
    for code in ("90832", "90834", "90837"):
        one = only("evaluation", with_codes("90791", code))
        assert (one.severity, one.field, one.line) == (Severity.WARNS, "line_code", 1)
        assert f"stands beside {code}" in one.message
    again = only("evaluation", clean(lines=(a_line(code="90791"),), evaluated_on=date(2025, 12, 1)))
    assert "the one before was on 12/01/2025" in again.message
    half_a_year = DAY - timedelta(days=180)
    assert not found(clean(lines=(a_line(code="90791"),), evaluated_on=half_a_year))
    assert not found(clean(evaluated_on=date(2026, 3, 1))), "no evaluation on this claim"
    days = (a_line(1, "90791", service_day=DAY), a_line(2, "90792", service_day=date(2026, 3, 20)))
    assert only("evaluation", clean(lines=days)).line == 2


def test_which_codes_are_what() -> None:
    assert is_em("99213")
    assert not any(is_em(code) for code in ("99201", "99256", "90837", "G2214", "", "٩٩٢١٣"))
    assert is_add_on("90785")
    assert not is_add_on("90837")
    assert is_behavioral("90899")
    assert is_behavioral("H0015")
    assert not any(is_behavioral(code) for code in ("90900", "99213", "", "H", "HX"))
