"""The practice's own rules, the weights of the checks, and who supervises whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimFinding, ClaimStatus, Severity
from fscdesk.models.claim_rule import ClaimRule, RuleAct
from fscdesk.models.patient import Patient
from fscdesk.services.claims.payer_rules import Condition
from fscdesk.services.claims.rule_setup import (
    RuleFields,
    RuleShown,
    add_rule,
    claim_rules,
    edit_rule,
    order_rules,
    switch_rule,
)
from fscdesk.services.claims.rule_weights import (
    add_supervision,
    end_supervision,
    rule_weights,
    set_weight,
    supervisions,
)
from fscdesk.services.claims.scrubbing import accept_warning, scrub_claims
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from tests.support.claims import DAY, ClaimDesk, add_claim_desk, claim_of, the_claim
from tests.support.fail_at import assert_all_or_nothing
from tests.support.second_person import clerk

LONG = (Condition("code", "one_of", ("90837",)),)
HOLD = RuleFields("Long ones", RuleAct.HOLD, LONG, DAY, message="Ask for the records.")
SET = RuleFields("HO first", RuleAct.SET, LONG, DAY, field="modifiers", value="ho 95")


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """The little practice that bills payers."""
    return books.write(add_claim_desk).value


def rules(books: Office) -> tuple[RuleShown, ...]:
    """Return the rules in their order."""
    return books.read(claim_rules)


def last(books: Office) -> RuleShown:
    """Return the newest rule."""
    return rules(books)[-1]


def added(books: Office, fields: RuleFields) -> int:
    """Add a rule."""
    return books.write(lambda work: add_rule(work, fields)).value


def test_a_new_practice_has_the_shipped_rules(books: Office) -> None:
    shown = rules(books)
    assert [one.position for one in shown] == list(range(1, len(shown) + 1))
    assert shown[0].fields.name == "Video: modifier 95"
    assert shown[0].words == (
        "When place of service is one of 02, 10 and payer is a public program is one of no and "
        "modifiers is none of 93, 95, GT: modifiers +95."
    )
    assert all(one.fields.active and one.fields.valid_to is None for one in shown)


def test_a_rule_is_kept_as_it_was_typed(books: Office, desk: ClaimDesk) -> None:
    fields = replace(SET, payer_id=desk.payer, valid_to=date(2026, 12, 31))
    assert_all_or_nothing(books, lambda work: add_rule(work, fields))
    one = last(books)
    assert one.fields == replace(fields, value="HO 95")
    assert (one.payer, one.position) == ("Imaginary Blue", 5)
    assert one.words == "When code is one of 90837, for Imaginary Blue: modifiers HO 95."


def test_people_are_named_in_a_rules_words(books: Office, desk: ClaimDesk) -> None:
    asked = (Condition("rendering", "one_of", (str(desk.testa),)),)
    added(books, replace(SET, conditions=asked, field="rendering", value=str(desk.mock)))
    assert last(books).words == (
        "When clinician is one of Testa Fernsample: rendering clinician Mockley O’Sample."
    )
    own = replace(SET, conditions=(), field="supervising", value="own_supervisor")
    added(books, own)
    assert last(books).words == "Always: supervising clinician the clinician’s supervisor."


def practices_own(work: Work) -> list[ClaimFinding]:
    """Return what the practice's own rules have found."""
    wanted = select(ClaimFinding).where(ClaimFinding.rule.startswith("practice:"))
    return list(work.db.scalars(wanted))


def test_a_rule_that_holds_looks_at_what_waits_at_once(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    done = books.write(lambda work: add_rule(work, HOLD))
    assert Topic.CLAIMS in done.topics
    assert the_claim(books, claim_id).status is ClaimStatus.DRAFT
    (finding,) = books.read(practices_own)
    assert (finding.rule, finding.severity, finding.message) == (
        *(f"practice:{done.value}", Severity.STOPS),
        "Ask for the records.",
    )
    one = last(books)

    def off(work: Work) -> None:
        switch_rule(work, one.id, on=False, expected_version=one.version)

    assert_all_or_nothing(books, off)
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED
    with pytest.raises(ChangedElsewhere):
        books.write(off)
    on = last(books)
    warns = replace(on.fields, act=RuleAct.WARN, active=True)

    def warn(work: Work) -> None:
        edit_rule(work, on.id, warns, expected_version=on.version)

    assert_all_or_nothing(books, warn)
    claim = the_claim(books, claim_id)
    assert claim.status is ClaimStatus.SCRUBBED
    assert [one.severity for one in books.read(practices_own)] == [Severity.WARNS]
    with pytest.raises(ChangedElsewhere):
        books.write(warn)


def test_rules_run_in_the_order_that_is_given(books: Office) -> None:
    ids = [one.id for one in rules(books)]
    turned = ids[::-1]
    assert_all_or_nothing(books, lambda work: order_rules(work, turned))
    assert [one.id for one in rules(books)] == turned
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: order_rules(work, turned[1:]))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (replace(HOLD, name=" "), "The name of the rule is missing"),
        (replace(HOLD, message=""), "What the rule says is missing"),
        (replace(HOLD, payer_id=99), "This payer is not in the books"),
        (replace(HOLD, valid_to=date(2026, 1, 1)), "before it begins"),
        (replace(HOLD, conditions=(Condition("weather", "one_of", ("x",)),)), "cannot look"),
        (replace(HOLD, conditions=(Condition("code", "smells", ("x",)),)), "cannot look"),
        (replace(HOLD, conditions=(Condition("code", "one_of"),)), "what code is compared with"),
        (replace(HOLD, conditions=(Condition("code", "at_least", ("3",)),)), "cannot be said"),
        (replace(HOLD, conditions=(Condition("age", "at_least", ("x",)),)), "cannot be said"),
        (replace(SET, field="total"), "A rule cannot set total"),
        (replace(SET, value="95 96 97 98 99"), "Modifiers cannot be set to 95 96"),
        (replace(SET, value="+9"), r"Modifiers cannot be set to \+9"),
        (replace(SET, field="place_of_service", value="1"), "cannot be set to 1"),
        (replace(SET, field="rendering", value="none"), "cannot be set to none"),
        (replace(SET, field="supervising", value="77"), "cannot be set to 77"),
        (replace(SET, field="authorization", value="AUTH"), "cannot be set to AUTH"),
        (replace(SET, field="note", value=""), "note of the claim is missing"),
        (replace(SET, field="note", value="x" * 81), "80 fit"),
    ],
)
def test_a_rule_that_could_not_work_is_refused(
    books: Office, fields: RuleFields, said: str
) -> None:
    with pytest.raises(Problem, match=said) as told:
        added(books, fields)
    assert told.value.hint.startswith("Nothing was saved.")
    assert len(rules(books)) == 4


def acts(books: Office, desk: ClaimDesk) -> dict[str, Callable[[Work], Any]]:
    """Return every act of setting up."""
    one = rules(books)[0]
    weight = next(each for each in books.read(rule_weights) if not each.fixed)
    held = books.write(lambda work: add_supervision(work, desk.testa, desk.mock, DAY, DAY))
    (seen,) = books.read(supervisions)
    assert held.value == seen.id
    return {
        "add": lambda work: add_rule(work, HOLD),
        "edit": lambda work: edit_rule(work, one.id, HOLD, expected_version=one.version),
        "switch": lambda work: switch_rule(work, one.id, on=False, expected_version=one.version),
        "order": lambda work: order_rules(work, [each.id for each in rules(books)][::-1]),
        "weigh": lambda work: set_weight(work, weight.rule, None, seen=weight.now),
        "supervise": lambda work: add_supervision(work, desk.mock, desk.testa, DAY),
        "end": lambda work: end_supervision(work, seen, date(2026, 5, 1)),
    }


@pytest.mark.parametrize("name", ["add", "edit", "switch", "order", "weigh", "supervise", "end"])
def test_setting_up_needs_its_right_and_is_whole(books: Office, desk: ClaimDesk, name: str) -> None:
    claim_of(books, desk=desk)
    act = acts(books, desk)[name]
    with pytest.raises(Problem, match="You may not change"):
        clerk(books).write(act)
    assert_all_or_nothing(books, act)


def test_a_check_weighs_what_the_practice_says(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)

    def unknown(work: Work) -> None:
        work.db.get_one(Patient, desk.alma).birth_date = None

    books.write(unknown)
    usual = {one.rule: one for one in books.read(rule_weights)}
    free = next(one for one in usual.values() if not one.fixed)
    books.write(lambda work: set_weight(work, free.rule, Severity.TELLS, seen=free.usual))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: set_weight(work, free.rule, None, seen=free.usual))
    books.write(lambda work: set_weight(work, free.rule, None, seen=Severity.TELLS))
    now = {one.rule: one.now for one in books.read(rule_weights)}
    assert now[free.rule] is None
    assert all(now[one] is usual[one].usual for one in now if one != free.rule)
    books.write(lambda work: set_weight(work, free.rule, free.usual, seen=None))
    assert books.read(rule_weights) == tuple(usual.values())
    fixed = next(one for one in usual.values() if one.fixed)
    with pytest.raises(Problem, match="without this no claim can be written"):
        books.write(lambda work: set_weight(work, fixed.rule, None, seen=fixed.usual))
    with pytest.raises(Problem, match="There is no rule"):
        books.write(lambda work: set_weight(work, "weather", None, seen=None))
    assert the_claim(books, claim_id).number == "CLM-2026-00001"


def test_supervisions_do_not_overlap(books: Office, desk: ClaimDesk) -> None:
    def add(start: date, end: date | None = None) -> int:
        return books.write(
            lambda work: add_supervision(work, desk.testa, desk.mock, start, end)
        ).value

    add(date(2026, 1, 1), date(2026, 3, 31))
    with pytest.raises(Problem, match="supervises this clinician from 01/01/2026 on to 03/31/2026"):
        add(date(2026, 3, 31))
    add(date(2026, 4, 1))
    newest, older = books.read(supervisions)
    assert (newest.valid_from, newest.supervisor) == (date(2026, 4, 1), "Mockley O’Sample")
    with pytest.raises(Problem, match="cannot end on 12/31/2025"):
        books.write(lambda work: end_supervision(work, older, date(2025, 12, 31)))
    books.write(lambda work: end_supervision(work, newest, date(2026, 4, 30)))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: end_supervision(work, newest, date(2026, 5, 30)))
    with pytest.raises(Problem, match="supervised by another one"):
        books.write(lambda work: add_supervision(work, desk.mock, desk.mock, DAY))
    with pytest.raises(Problem, match="before it begins"):
        add(date(2027, 2, 1), date(2027, 1, 1))


def test_conditions_are_kept_as_json(books: Office) -> None:
    added(books, HOLD)
    kept = books.read(
        lambda work: work.db.scalars(select(ClaimRule).order_by(ClaimRule.id.desc())).first()
    )
    assert kept is not None
    assert kept.conditions == {"all": [{"field": "code", "is": "one_of", "values": ["90837"]}]}
    assert books.read(lambda work: work.db.scalars(select(Claim)).all()) == []


def test_a_warning_that_a_later_rule_overtakes_stays_with_the_claim(
    books: Office, desk: ClaimDesk
) -> None:
    lacks = (Condition("modifiers", "not_one_of", ("HO",)),)
    warns = replace(HOLD, name="No HO", act=RuleAct.WARN, conditions=lacks, message="HO lacks.")
    rule_id = added(books, warns)
    added(books, replace(SET, name="Adds HO", conditions=(), value="+HO"))
    claim_id = claim_of(books, desk=desk)

    def said(claim: int) -> list[tuple[str, str, int | None, bool]]:
        return [
            (one.rule, one.message, one.line, one.accepted_by is not None)
            for one in books.read(practices_own)
            if one.claim_id == claim
        ]

    assert said(claim_id) == [(f"practice:{rule_id}", "HO lacks.", 1, False)]
    assert the_claim(books, claim_id).warns == 1
    books.write(lambda work: accept_warning(work, claim_id, f"practice:{rule_id}", 1))
    books.write(lambda work: scrub_claims(work, [claim_id]))
    assert said(claim_id) == [(f"practice:{rule_id}", "HO lacks.", 1, True)]
    # A rule that is switched off has nothing to say any more.
    off = next(one for one in rules(books) if one.id == rule_id)
    books.write(lambda work: switch_rule(work, off.id, on=False, expected_version=off.version))
    assert said(claim_id) == []
