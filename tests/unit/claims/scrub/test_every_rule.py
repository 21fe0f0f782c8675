from __future__ import annotations

import ast
import inspect
import string
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.claim import Severity
from fscdesk.models.claim_rule import RuleSeverity
from fscdesk.models.values import Money
from fscdesk.services.claims.content import (
    Address,
    AuthorizationFacts,
    ClaimContent,
    ContentLine,
    CoverageFacts,
    EarlierAdjustment,
    EarlierAnswer,
    EarlierLine,
    EarlierPayer,
    PayerFacts,
    Person,
    PracticeFacts,
    ProviderFacts,
    ReferralFacts,
)
from fscdesk.services.claims.scrub.findings import milder
from fscdesk.services.claims.scrub.rules import RULES, scrub
from fscdesk.services.claims.scrub.sentences import days_later, listed, shown
from tests.support.claim_contents import (
    CODES,
    DAY,
    NoCodes,
    a_coverage,
    a_line,
    a_payer,
    alma,
    an_authorization,
    clean,
    found,
    of,
    secondary,
)

FIELDS = frozenset(
    {
        *("patient_name", "birth_date", "sex", "patient_address", "member_id", "relationship"),
        *("subscriber_name", "subscriber_address", "payer_id", "payer_address", "billing_npi"),
        *("billing_taxonomy", "billing_address", "tax_id", "rendering", "rendering_npi"),
        *("rendering_taxonomy", "supervising", "referral", "facility", "place_of_service"),
        *("diagnoses", "authorization", "original_number", "frequency", "total", "claim_number"),
        *("note", "coverage", "assignment", "benefits_assigned", "release", "others", "lines"),
        *("line_code", "line_modifiers", "line_units"),
        *("line_pointers", "line_day", "line_amount", "line_place_of_service"),
    }
)
"""The fields of a claim's page, which findings stand beside."""
NEVER = ("error", "please", "invalid", "successfully", "!", "None", "patient")
WHERE = ("Setup", "client", "policy", "claim", "registry", "note", "session", "payer", "remittance")


def test_the_clean_claim_is_clean() -> None:
    assert found(clean()) == ()
    assert found(clean(), NoCodes()) == ()
    assert found(secondary()) == ()
    mother = alma(first_name="Zebra", last_name="Sample")
    for content in (
        clean(coverage=a_coverage(relationship="child", subscriber=mother)),
        clean(payer=a_payer(route="paper", payer_code="")),
        clean(authorization=an_authorization(), payer=a_payer(needs_authorization=True)),
        clean(frequency="7", original_number="2026077", corrects_answer_of=DAY),
    ):
        assert found(content) == ()


def test_there_are_the_rules_of_the_list_of_facts() -> None:
    assert [one.number for one in RULES.values()] == list(range(1, 49))
    assert all(code == one.code for code, one in RULES.items())
    warns = {5, 8, 19, 21, 26, 32, 33, 35, 36, 37, 39, 42, 46, 48}
    for one in RULES.values():
        told = Severity.TELLS if one.number == 45 else Severity.STOPS
        assert one.severity is (Severity.WARNS if one.number in warns else told), one.code
        assert set(one.code) <= set(string.ascii_lowercase + "-")
        assert len(one.code) <= RuleSeverity.rule.type.length
        assert one.title
        assert one.guards


def test_every_rule_has_a_test_of_its_name() -> None:
    tests = {
        node.name
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    missing = [one for one in RULES if f"test_{one.replace('-', '_')}" not in tests]
    assert not missing


def test_every_rule_says_what_it_guards() -> None:
    for one in RULES.values():
        look = inspect.unwrap(one.check)
        cells = [cell.cell_contents for cell in look.__closure__ or ()]
        words = inspect.getdoc(cells[0] if cells else look)
        assert words
        assert words.startswith("Guard"), one.code


def _spoilt() -> list[ClaimContent]:
    """Claims on which, between them, every rule finds something."""
    nobody = Person("", "")
    no_one = ProviderFacts(2, "Sample", "Mo", "", "1", "NJ 1")
    lines = (
        a_line(1, "90837", modifiers=("93", "95", "95"), units=2, minutes=1, most_units=1),
        a_line(2, "90785", pointers=(9,), place_of_service="ZZ", charge_voided=True),
        a_line(3, "90840", service_day=date(2025, 1, 1), service_active=False),
        a_line(4, "99354", amount=Money(-1), modifiers=("95",), service_day=date(2099, 1, 1)),
        a_line(5, "90833", units=0),
        a_line(6, "90791"),
        a_line(7, "90791", modifiers=("59",)),
        a_line(8, "90837", modifiers=("93", "95", "95")),
        a_line(9, "96131"),
        a_line(10, "90839"),
        a_line(11, "90785", service_day=date(2026, 3, 1)),
        a_line(12, "90847", service_day=date(2026, 3, 1)),
        a_line(13, "90833", service_day=date(2026, 3, 2)),
        a_line(14, "90853", service_day=date(2026, 3, 2)),
    )
    one = clean(
        patient=replace(nobody, last_name="A2 Jr", first_name="王"),
        practice=PracticeFacts("", "", "", "", "", Address(), ""),
        payer=a_payer(payer_code="", filing_days=1, needs_authorization=True, wants_referral=True),
        coverage=a_coverage(member_id="", relationship="spouse", subscriber=nobody),
        rendering=no_one,
        number="",
        frequency="7",
        diagnoses=("W19.XXXA", "F33", "F33"),
        lines=lines,
        doubles=("CLM-1",),
        nears=("CLM-2",),
        hold_claims=True,
        total=Money(1),
        release="",
        eligibility_active=False,
        rank=2,
        corrects_answer_of=date(2020, 1, 1),
    )
    away = of("patient", address=Address("1 Way", "", "Town", "PA", "19001"))
    remote = replace(away, place_of_service="10")
    body = clean(diagnoses=("E11.9",))
    office = clean(lines=(a_line(modifiers=("95",)),))
    form = clean(payer=a_payer(route="paper"), original_number="9" * 19, frequency="7")
    form = replace(form, patient=alma(sex="U"))
    return [one, remote, body, office, form]


def test_every_rule_can_fire() -> None:
    fired = {one.rule for content in _spoilt() for one in found(content)}
    assert set(RULES) - fired == set()


def test_every_sentence_is_one_for_a_biller() -> None:
    for content in _spoilt():
        for one in found(content):
            text = f"{one.message} {one.hint}"
            assert one.field in FIELDS, one
            assert one.field.startswith("line_") <= (one.line is not None), one
            assert one.message[0].isupper() or one.message[0].isdigit(), one
            assert one.message.endswith("."), one
            assert one.hint.endswith("."), one
            assert not [word for word in NEVER if word in text], one
            assert any(word in one.hint for word in WHERE), one
            assert len(one.message) <= 400
            assert len(one.hint) <= 400
            assert "  " not in text


def test_a_practice_weighs_its_rules() -> None:
    content = clean(diagnoses=("Z63.0",), hold_claims=True, doubles=("CLM-1",))
    weights = {"principal-diagnosis": None, "double": Severity.TELLS, "do-not-bill": None}
    assert [(one.rule, one.severity) for one in scrub(content, CODES, weights)] == [
        ("double", Severity.TELLS),
        ("do-not-bill", Severity.STOPS),
    ], "a fixed rule keeps its weight"
    harder = scrub(content, CODES, {"principal-diagnosis": Severity.STOPS})
    assert harder[0].severity is Severity.STOPS


def test_what_is_milder_stays_milder() -> None:
    soon = clean(today=DAY + timedelta(days=170))
    (warned,) = scrub(soon, CODES, {"timely-filing": Severity.STOPS})
    assert warned.severity is Severity.WARNS
    (told,) = scrub(soon, CODES, {"timely-filing": Severity.TELLS})
    assert told.severity is Severity.TELLS
    assert milder(Severity.STOPS, Severity.TELLS) is Severity.TELLS


def test_the_fixed_rules_are_a_handful() -> None:
    assert {one.code for one in RULES.values() if one.fixed} == {
        *("billing-npi", "rendering-npi", "tax-id", "member-id", "payer-id", "subscriber"),
        *("claim-number", "total"),
        *("place-of-service", "frequency", "diagnoses", "pointers", "procedure-code", "units"),
        "do-not-bill",
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcdefg"), "a, b, c, d, e and 2 more"),
    ],
)
def test_lists_are_spelled(values: list[str], said: str) -> None:
    assert listed(values) == said


def test_values_are_short_and_days_end() -> None:
    assert len(shown("x" * 99)) == 40
    assert shown(" a \n b ") == "a b"
    assert days_later(date.max, 1) == "a day that no calendar has"


_text = st.text(max_size=90)
_code = st.one_of(
    st.sampled_from(("90837", "90785", "90839", "90840", "90833", "99213", "96131", "")), _text
)
_day = st.dates()
_money = st.integers(-(10**9), 10**9).map(Money)
_whole = st.integers(-5, 10**6)


def _build(kind: type[Any], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build a part out of anything that its types allow."""
    return st.builds(kind, **known)


_address = _build(Address, **dict.fromkeys(Address.__dataclass_fields__, _text))
_person = _build(
    Person,
    last_name=_text,
    first_name=_text,
    middle_name=_text,
    suffix=_text,
    birth_date=st.none() | _day,
    sex=_text,
    address=_address,
)
_provider = _build(
    ProviderFacts,
    id=_whole,
    last_name=_text,
    first_name=_text,
    npi=_text | st.from_regex(r"[12]\d{9}", fullmatch=True),
    taxonomy=_text,
    licence=_text,
)
_payer = _build(
    PayerFacts,
    **dict.fromkeys(("name", "payer_code", "filing_indicator", "member_id_pattern"), _text),
    id=_whole,
    route=st.sampled_from(("electronic", "paper", "portal", "")),
    address=_address,
    filing_days=st.none() | _whole,
    corrected_days=st.none() | _whole,
    appeal_days=st.none(),
    needs_authorization=st.booleans(),
    wants_referral=st.booleans(),
    public_program=st.booleans(),
)
_coverage = _build(
    CoverageFacts,
    **dict.fromkeys(("member_id", "group_number", "plan_name"), _text),
    policy_id=_whole,
    rank=st.integers(1, 3),
    relationship=st.sampled_from(("self", "child", "")) | _text,
    subscriber=_person,
    valid_from=_day,
    valid_to=st.none() | _day,
)
_line = _build(
    ContentLine,
    **dict.fromkeys(("line_id", "charge_id", "session_id", "units"), _whole),
    position=st.integers(1, 60),
    service_day=_day,
    code=_code,
    service_name=_text,
    modifiers=st.lists(_text | st.sampled_from(("95", "93")), max_size=5).map(tuple),
    place_of_service=_text,
    amount=_money,
    pointers=st.lists(_whole, max_size=5).map(tuple),
    minutes=st.none() | _whole,
    most_units=st.none() | _whole,
)
_adjustment = _build(EarlierAdjustment, group=_text, carc=_text, amount=_money)
_earlier_line = _build(
    EarlierLine,
    position=st.integers(0, 5),
    paid=_money,
    adjustments=st.lists(_adjustment, max_size=2).map(tuple),
    decided_on=st.none() | _day,
)
_answer = _build(
    EarlierAnswer,
    paid=_money,
    patient_owes=_money,
    payer_number=_text,
    decided_on=st.none() | _day,
    lines=st.lists(_earlier_line, max_size=3).map(tuple),
)
_other = _build(EarlierPayer, coverage=_coverage, payer=_payer, answer=st.none() | _answer)
_claims = _build(
    ClaimContent,
    **dict.fromkeys(("number", "status", "frequency", "place_of_service", "note"), _text),
    **dict.fromkeys(("facility_name", "facility_npi", "original_number", "release"), _text),
    claim_id=_whole,
    rank=st.integers(1, 3),
    patient_id=_whole,
    patient=_person,
    practice=_build(
        PracticeFacts,
        **dict.fromkeys(("name", "npi", "tax_id", "tax_id_kind", "taxonomy", "phone"), _text),
        address=_address,
    ),
    payer=_payer,
    coverage=st.none() | _coverage,
    rendering=_provider,
    supervising=st.none() | _provider,
    referral=st.none()
    | _build(ReferralFacts, qualifier=_text, last_name=_text, first_name=_text, npi=_text),
    facility_address=_address,
    diagnoses=st.lists(_text | st.sampled_from(("F41.1", "Z63.0")), max_size=14).map(tuple),
    lines=st.lists(_line, max_size=4).map(tuple),
    authorization=st.none()
    | _build(
        AuthorizationFacts,
        id=_whole,
        number=_text,
        codes=st.lists(_code, max_size=2).map(tuple),
        counts=st.sampled_from(("visits", "units")),
        left=_whole,
        valid_from=_day,
        valid_to=_day,
    ),
    others=st.lists(_other, max_size=2).map(tuple),
    total=_money,
    today=_day,
    doubles=st.lists(_text, max_size=2).map(tuple),
    nears=st.lists(_text, max_size=2).map(tuple),
    eligibility_asked_on=st.none() | _day,
    eligibility_active=st.none() | st.booleans(),
    eligibility_days=_whole,
    evaluated_on=st.none() | _day,
    corrects_answer_of=st.none() | _day,
)


@given(content=_claims)
def test_odd_claims_are_findings_and_never_accidents(content: ClaimContent) -> None:
    everything = scrub(content, CODES)
    assert everything == scrub(content, CODES)
    for one in everything:
        assert one.rule in RULES
        assert one.field in FIELDS
        assert one.line is None or one.line in {line.position for line in content.lines}
        assert one.message
        assert one.hint
        assert "\n" not in one.message + one.hint
        assert len(one.message) <= 400
        assert len(one.hint) <= 400
    if not content.lines or content.total.cents <= 0:
        assert Severity.STOPS in {one.severity for one in everything}


@given(content=_claims)
def test_a_weight_changes_weights_and_nothing_else(content: ClaimContent) -> None:
    plain = scrub(content, CODES)
    told = scrub(content, CODES, dict.fromkeys(RULES, Severity.TELLS))
    assert [replace(one, severity=Severity.TELLS) for one in plain] == [
        replace(one, severity=Severity.TELLS) for one in told
    ]
    off = scrub(content, CODES, dict.fromkeys(RULES))
    assert off == tuple(one for one in plain if RULES[one.rule].fixed)
