"""One line of a payer's answer against its charge: what comes out, and that no cent is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.remittance import Fate, RuleAction, Unposted
from fscdesk.services.payments.policies import OverApplying
from fscdesk.services.remittances.answered import AnsweredLine, Cas, DecidedLine
from fscdesk.services.remittances.charge_stand import ChargeStand
from fscdesk.services.remittances.judging import ClaimFacts, judge
from fscdesk.services.remittances.rules import Found, RuleBook

PAYER, OTHER = 7, 8
STAND = ChargeStand(
    1,
    PAYER,
    "90837",
    date(2026, 3, 2),
    160_00,
    patient_share=30_00,
    open=130_00,
    payers=((1, PAYER),),
)
FIRST = ClaimFacts("1", over=OverApplying.ALLOW)
SECOND = ClaimFacts("2", rank=2, over=OverApplying.ALLOW)
RULES = RuleBook()


def line(paid: int, *cas: tuple[str, str, int], charge: int = 160_00) -> AnsweredLine:
    """A service of a payer's answer."""
    return AnsweredLine(1, "90837", charge, paid, tuple(Cas(*one) for one in cas), charge_id=1)


def judged(
    stand: ChargeStand, one: AnsweredLine, claim: ClaimFacts = FIRST, rules: RuleBook = RULES
) -> DecidedLine:
    """What it does."""
    return judge(one, claim, stand, rules)


def parts(found: DecidedLine) -> tuple[int, int, int]:
    """What is paid, written off, and moved to the client."""
    return found.paid, found.wrote_off, found.to_patient


def test_only_group_pr_makes_money_the_clients_whatever_a_rule_says() -> None:
    wrong = RuleBook(own={("CO", "3"): Found(RuleAction.PATIENT, "")})
    found = judged(STAND, line(100_00, ("CO", "3", 60_00)), rules=wrong)
    assert found.why is Unposted.BLOCKED


@pytest.mark.parametrize("carc", ["26", "50", "96", "97", "204"])
def test_a_denial_with_group_pr_is_not_the_clients(carc: str) -> None:
    found = judged(STAND, line(0, ("PR", carc, 160_00)))
    assert (parts(found), found.denied, found.left) == ((0, 0, 0), f"PR-{carc}", 130_00)


def test_a_rule_of_the_practice_can_say_that_such_a_denial_is_the_clients() -> None:
    own = RuleBook(practice={("PR", "96"): Found(RuleAction.PATIENT, "")})
    found = judged(STAND, line(0, ("PR", "96", 160_00)), rules=own)
    assert (parts(found), found.patient_carc) == ((0, 0, 130_00), "96")


def test_status_4_is_a_denial_though_its_reason_is_the_contract() -> None:
    found = judged(STAND, line(0, ("CO", "45", 160_00)), replace(FIRST, status="4"))
    assert (parts(found), found.denied) == ((0, 0, 0), "CO-45")


def test_all_zero_without_a_reason_that_settles_it_is_a_denial() -> None:
    tracks = RuleBook(practice={("OA", "209"): Found(RuleAction.TRACK, "")})
    found = judged(STAND, line(0, ("OA", "209", 160_00)), rules=tracks)
    assert (found.fate, found.denied, found.left) == (Fate.POSTED, "OA-209", 130_00)


def test_a_later_payer_that_finds_all_settled_denies_nothing() -> None:
    both = replace(STAND, payers=((1, OTHER), (2, PAYER)), answered_by=frozenset({OTHER}), open=0)
    found = judged(both, line(0, ("OA", "23", 160_00)), SECOND)
    assert (found.fate, found.denied) == (Fate.POSTED, "")


def test_an_incentive_keeps_its_sign_and_is_not_the_clients() -> None:
    found = judged(
        STAND, line(105_00, ("CO", "45", 30_00), ("CO", "144", -5_00), ("PR", "3", 30_00))
    )
    assert [(one.action, one.cents) for one in found.adjustments] == [
        (RuleAction.WRITE_OFF, 30_00),
        (RuleAction.ADJUST, -5_00),
    ]
    assert (found.to_open, found.over, found.to_patient, found.left) == (105_00, 0, 0, 0)


def test_a_negative_write_off_lets_the_payer_pay_more_than_was_billed() -> None:
    found = judged(STAND, line(150_00, ("CO", "45", -20_00), ("PR", "3", 30_00)))
    assert (found.to_open, found.over, found.wrote_off, found.left) == (150_00, 0, -20_00, 0)


def test_money_taken_back_without_a_reversal_waits() -> None:
    found = judged(STAND, line(-10_00, ("CO", "45", 170_00)))
    assert found.why is Unposted.BLOCKED


@pytest.mark.parametrize(
    ("stand", "why"),
    [
        (replace(STAND, voided=True), Unposted.VOIDED),
        (replace(STAND, payers=((1, OTHER),)), Unposted.OTHER_PAYER),
        (replace(STAND, payers=((1, OTHER), (2, PAYER))), Unposted.WAITS_FOR_EARLIER),
    ],
)
def test_what_cannot_be_answered_says_why(stand: ChargeStand, why: Unposted) -> None:
    claim = replace(FIRST, rank=stand.rank)
    found = judged(stand, line(100_00, ("CO", "45", 60_00)), claim)
    assert (found.fate, found.why) == (Fate.UNPOSTED, why)
    assert found.words


def test_the_first_payers_correction_leaves_the_client_to_what_the_second_said() -> None:
    both = replace(
        STAND,
        payers=((1, PAYER), (2, OTHER)),
        answered_by=frozenset({OTHER}),
        patient_share=10_00,
        open=100_00,
    )
    found = judged(both, line(60_00, ("CO", "45", 30_00), ("PR", "1", 70_00)))
    assert (found.to_patient, found.wrote_off, found.left) == (0, 30_00, 10_00)


def test_two_plans_of_one_payer_are_two_answers() -> None:
    twice = replace(STAND, payers=((1, PAYER), (2, PAYER)))
    waits = judged(twice, line(60_00, ("CO", "45", 30_00), ("PR", "1", 70_00)))
    assert (waits.to_patient, waits.left) == (0, 40_00)
    assert judged(twice, line(10_00), SECOND).why is Unposted.WAITS_FOR_EARLIER
    after = twice.after(waits)
    said = line(30_00, ("OA", "23", 90_00), ("PR", "1", 40_00))
    second = judged(after, said, SECOND)
    assert (second.to_open, second.to_patient) == (30_00, 10_00)
    assert after.after(second).open == 0


def test_a_write_off_leaves_what_waits_for_the_next_payer_and_what_is_denied() -> None:
    less = replace(STAND, open=110_00)  # the office wrote 20.00 off before
    both = replace(less, payers=((1, PAYER), (2, OTHER)))
    waits = judged(both, line(60_00, ("CO", "45", 30_00), ("PR", "1", 70_00)))
    assert (waits.wrote_off, waits.left) == (10_00, 40_00)
    assert waits.told == (Cas("CO", "45", 20_00),)
    said = line(60_00, ("CO", "45", 30_00), ("PR", "3", 30_00), ("CO", "16", 40_00))
    denied = judged(less, said)
    assert (denied.wrote_off, denied.left, denied.denied) == (10_00, 40_00, "CO-16")


def test_a_payers_own_first_answer_is_not_that_of_its_second_plan() -> None:
    twice = replace(
        STAND, payers=((1, PAYER), (2, PAYER)), answered_by=frozenset({PAYER}), open=130_00
    )
    found = judged(twice, line(120_00, ("CO", "45", 30_00), ("PR", "1", 10_00)))
    assert (found.to_patient, found.left) == (-20_00, 0)
    said = replace(twice, answered_ranks=frozenset({2}))
    assert judged(said, line(120_00, ("CO", "45", 30_00), ("PR", "1", 10_00))).to_patient == 0


CENTS = st.integers(0, 200_00)


@st.composite
def answers(draw: st.DrawFn) -> tuple[ChargeStand, AnsweredLine, ClaimFacts]:
    """A charge as it may stand, and a balanced answer to it."""
    amount = draw(st.integers(1, 400_00))
    share = draw(st.integers(0, amount))
    recorded, written = draw(CENTS), draw(CENTS)
    open_ = draw(st.integers(-50_00, amount - share))
    later = draw(st.booleans())
    rank = draw(st.sampled_from([1, 2]))
    payers = {(rank, PAYER)} | ({(3, OTHER)} if later else set())
    stand = replace(
        STAND,
        amount=amount,
        patient_share=share,
        open=open_,
        recorded=recorded,
        written_off=written,
        payers=tuple(sorted(payers)),
        answered_by=frozenset({OTHER} if draw(st.booleans()) else set()),
    )
    codes = [("CO", one) for one in ("45", "253", "97", "144")]
    codes += [("PR", one) for one in ("1", "3", "96")] + [("OA", one) for one in ("23", "94")]
    left, cas = amount, []
    for code in draw(st.lists(st.sampled_from(codes), unique=True, max_size=5)):
        cents = draw(st.integers(-20_00, max(left, 0)))
        cas.append(Cas(*code, cents))
        left -= cents
    if left < 0:
        cas.append(Cas("CO", "45", left))
        left = 0
    facts = ClaimFacts(
        draw(st.sampled_from(["1", "2", "4"])),
        rank,
        draw(st.booleans()),
        OverApplying.ALLOW,
    )
    return stand, AnsweredLine(1, "90837", amount, left, tuple(cas), charge_id=1), facts


@given(answers())
def test_no_cent_is_lost_and_nobody_owes_by_a_write_off(
    one: tuple[ChargeStand, AnsweredLine, ClaimFacts],
) -> None:
    stand, said, facts = one
    found = judge(said, facts, stand, RULES)
    if found.fate is Fate.UNPOSTED:
        assert (found.paid, found.adjustments, found.to_patient) == (0, (), 0)
        return
    after = stand.after(found)
    assert found.paid == said.paid == found.to_recorded + found.to_open + found.over
    assert min(found.to_recorded, found.to_open, found.over) >= 0
    # the books: what the charge stands at moves by what was paid and taken off, nothing else
    off = sum(part.cents for part in found.adjustments if not part.recorded)
    before = stand.open + stand.patient_share
    assert after.open + after.patient_share == before - found.to_open - off
    assert after.open == found.left
    assert after.open >= min(stand.open, 0)  # no write-off and no move takes more than is owed
    assert after.recorded >= min(stand.recorded, 0)
    assert after.written_off >= 0
    # the client's share is what group PR says, or waits; never a denial's
    pr = max(sum(c.cents for c in said.cas if c.group == "PR" and c.carc in ("1", "3")), 0)
    assert after.patient_share <= max(stand.patient_share, pr)
    if facts.forwarded or stand.later_expected(facts.rank):
        assert found.to_patient <= 0
    if found.denied and not said.paid:
        assert after == replace(stand, answered_by=stand.answered_by | {PAYER})
