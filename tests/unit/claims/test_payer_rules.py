"""Rules look at a line, and set, hold or warn where all that they ask holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.claim_rule import RuleAct
from fscdesk.services.claims.payer_rules import (
    FIELDS,
    Condition,
    RuleRow,
    Subject,
    age_on,
    conditions_of,
    run_rules,
)

LINE = Subject(
    day=date(2026, 3, 2),
    code="90837",
    modifiers=(),
    place_of_service="10",
    units=2,
    diagnoses=("F41.1", "F33.0"),
    payer_id=7,
    public_program=False,
    rank=1,
    rendering_id=3,
    credentials="LAC, NCC",
    supervisor_id=4,
    location_id=5,
    age=17,
)


def rule(
    field: str = "modifiers", value: str = "+95", *asked: Condition, **facts: object
) -> RuleRow:
    """Return a rule that sets, for all payers and days."""
    made = RuleRow(1, "A rule", None, asked, RuleAct.SET, field, value, "", date(2020, 1, 1), None)
    return replace(made, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "test", "values", "holds"),
    [
        ("code", "one_of", "90834 90837", True),
        ("code", "one_of", "90834", False),
        ("code", "starts_with", "908", True),
        ("code", "starts_with", "967", False),
        ("modifiers", "empty", "", True),
        ("modifiers", "not_empty", "", False),
        ("modifiers", "not_one_of", "95 GT", True),
        ("place_of_service", "one_of", "02 10", True),
        ("units", "at_least", "2", True),
        ("units", "at_most", "1", False),
        ("diagnosis", "starts_with", "F33", True),
        ("diagnosis", "not_one_of", "F33.0", False),
        ("payer", "one_of", "7", True),
        ("public_program", "one_of", "no", True),
        ("rank", "one_of", "2", False),
        ("rendering", "one_of", "3", True),
        ("credentials", "one_of", "lac", True),
        ("has_supervisor", "one_of", "yes", True),
        ("location", "not_empty", "", True),
        ("age", "at_most", "17", True),
        ("age", "at_least", "18", False),
    ],
)
def test_a_condition_holds(field: str, test: str, values: str, holds: bool) -> None:
    one = Condition(field, test, tuple(values.split()))
    assert one.holds(LINE) is holds
    assert conditions_of({"all": [one.kept()]}) == (one,)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_asked_of_a_bare_line(field: str) -> None:
    bare = replace(
        LINE, modifiers=(), diagnoses=(), credentials="", location_id=None, age=None,
        supervisor_id=None, place_of_service="",
    )  # fmt: skip
    for test in ("empty", "not_empty", "one_of", "not_one_of", "starts_with"):
        Condition(field, test, ("x",)).holds(bare)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("", "+95", "95"),
        ("95", "+95", "95"),
        ("HO", "+95", "HO 95"),
        ("HO 95", "-95", "HO"),
        ("95", "-95 +GT", "GT"),
        ("95", "HO 95", "HO 95"),
        ("95", "ho", "HO"),
    ],
)
def test_modifiers_are_added_taken_away_or_set(before: str, value: str, after: str) -> None:
    line = replace(LINE, modifiers=tuple(before.split()))
    ran = run_rules([rule("modifiers", value)], line)
    assert ran.subject.modifiers == tuple(after.split())
    assert [(one.old, one.new) for one in ran.changes] == ([(before, after)] * (before != after))


def test_people_are_set_by_who_they_are() -> None:
    assert run_rules([rule("supervising", "own_supervisor")], LINE).subject.supervising_id == 4
    assert run_rules([rule("rendering", "own_supervisor")], LINE).subject.rendering_id == 4
    assert run_rules([rule("rendering", "8")], LINE).subject.rendering_id == 8
    supervised = replace(LINE, supervising_id=4)
    assert run_rules([rule("supervising", "none")], supervised).subject.supervising_id is None
    alone = replace(LINE, supervisor_id=None)
    assert run_rules([rule("rendering", "own_supervisor")], alone) == run_rules([], alone)


def test_the_rest_is_set_as_it_says() -> None:
    ran = run_rules([rule("place_of_service", "02"), rule("note", "Seen at home")], LINE).subject
    assert (ran.place_of_service, ran.note) == ("02", "Seen at home")
    assert not run_rules([rule("authorization", "none")], LINE).subject.authorization


def test_rules_run_in_their_order_on_what_was_left() -> None:
    first = rule("place_of_service", "11", Condition("place_of_service", "one_of", ("10",)))
    then = rule("modifiers", "+95", Condition("place_of_service", "one_of", ("10",)))
    assert run_rules([first, then], LINE).subject.modifiers == ()
    assert run_rules([then, first], LINE).subject.modifiers == ("95",)


def test_a_rule_works_from_its_first_day_to_its_last_for_its_payer() -> None:
    day = LINE.day
    for facts, works in (
        ({"valid_from": day, "valid_to": day}, True),
        ({"valid_from": date(2026, 3, 3)}, False),
        ({"valid_to": date(2026, 3, 1)}, False),
        ({"payer_id": 7}, True),
        ({"payer_id": 8}, False),
    ):
        assert bool(run_rules([rule(**facts)], LINE).changes) is works


def test_holding_and_warning_say_their_message() -> None:
    hold = rule("", "", act=RuleAct.HOLD, message="Ask first")
    warn = rule("", "", act=RuleAct.WARN)
    ran = run_rules([hold, warn], LINE)
    assert [one.message for one in ran.said] == ["Ask first", "A rule"]
    assert not ran.changes


def test_an_age_is_whole_years() -> None:
    assert age_on(date(2008, 3, 2), date(2026, 3, 1)) == 17
    assert age_on(date(2008, 3, 2), date(2026, 3, 2)) == 18
    assert age_on(None, date(2026, 3, 2)) is None
    assert age_on(date(2026, 3, 3), date(2026, 3, 2)) is None
