"""What the lines of a bank are: the surest way first, and never one of two equals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.deposit import DepositKind
from fscdesk.models.reconciliation import MatchedBy
from fscdesk.models.values import Money
from fscdesk.services.banking.match_items import HeldMoney, Item, OpenLine, Returnable, Way
from fscdesk.services.banking.matching import Proposal, Reach, propose
from tests.support.bank_items import bank, booked, day, eft_line, rule, waiting


def only(lines: list[OpenLine], items: list[Item], **known: object) -> Proposal:
    (one,) = propose(lines, items, **known)  # type: ignore[arg-type]
    return one


def test_a_trace_and_its_amount_are_certain() -> None:
    payment = waiting("3/12", 429_15, "EFT1", way=Way.EFT)
    one = only([eft_line("3/13", 429_15, "EFT1")], [payment, waiting("3/13", 429_15)])
    assert (one.by, one.reach, one.certain, one.items) == (
        MatchedBy.TRACE,
        Reach.ONE,
        True,
        (payment,),
    )
    assert [made.kind for made in one.deposits_to_make] == [DepositKind.EFT]


def test_blanks_and_small_letters_of_a_trace_say_nothing() -> None:
    one = only([eft_line("3/13", 5_00, "EFT 99 1")], [waiting("3/12", 5_00, "eft991", way=Way.EFT)])
    assert one.certain


def test_a_trace_with_another_amount_is_told_and_not_matched() -> None:
    payment = waiting("3/12", 429_15, "EFT1", way=Way.EFT)
    one = only([eft_line("3/13", 400_00, "EFT1")], [payment])
    assert (one.reach, one.items, one.certain) == (Reach.NONE, (), False)
    assert one.why == f"EFT1 is {payment.label} 429.15 here; the bank has 400.00"


def test_one_trace_for_two_equal_payments_is_for_a_person() -> None:
    twice = [waiting("3/12", 5_00, "EFT1", way=Way.EFT) for _ in range(2)]
    one = only([eft_line("3/13", 5_00, "EFT1")], twice)
    assert (one.reach, one.certain, len(one.alternatives)) == (Reach.SEVERAL, False, 2)


def test_two_lines_with_one_trace_share_no_payment() -> None:
    payment = waiting("3/12", 5_00, "EFT1", way=Way.EFT)
    found = propose([eft_line("3/13", 5_00, "EFT1"), eft_line("3/16", 5_00, "EFT1")], [payment])
    assert [(one.reach, one.certain) for one in found] == [(Reach.SEVERAL, False)] * 2


def test_payments_of_one_trace_may_be_one_line_together() -> None:
    parts = [waiting("3/12", cents, "EFT1", way=Way.EFT) for cents in (3_00, 2_00)]
    one = only([eft_line("3/13", 5_00, "EFT1")], parts)
    assert (one.reach, one.certain, set(one.items)) == (Reach.ONE, False, set(parts))


def test_a_traced_line_is_not_another_traced_payment_of_the_same_amount() -> None:
    one = only([eft_line("3/13", 5_00, "EFT1")], [waiting("3/12", 5_00, "EFT2", way=Way.EFT)])
    assert (one.reach, one.hold) == (Reach.NONE, True)


def test_a_payers_name_forgives_a_mistyped_trace_but_is_not_certain() -> None:
    payment = waiting("3/12", 5_00, "EFT2", way=Way.EFT, who="Ficta of Nowhere")
    one = only([eft_line("3/13", 5_00, "EFT1", "FICTA OF NOW")], [payment])
    assert (one.reach, one.certain, one.by) == (Reach.ONE, False, MatchedBy.AMOUNT)
    assert "named Ficta of Nowhere" in one.why


def test_a_deposits_reference_is_certain_and_a_checks_number_is_not() -> None:
    deposit = booked("3/4", 57_50, "po_FICT1", "FICT1", way=Way.CARD, proves=True)
    one = only([bank("3/4", 57_50, "Stripe TRANSFER ST-FICT1")], [deposit])
    assert (one.by, one.certain) == (MatchedBy.PAYOUT, True)
    check = booked("2/1", -9_00, "1047")
    two = only([bank("3/4", -9_00, "CHECK 1047")], [check])
    assert (two.by, two.reach, two.certain) == (MatchedBy.TRACE, Reach.ONE, False)


def test_the_number_of_a_slip_stands_in_the_words() -> None:
    slip = booked("3/12", 145_00, "000001", way=Way.COUNTER)
    other = booked("3/12", 145_00, way=Way.COUNTER)
    one = only([bank("3/13", 145_00, "DEPOSIT ID NUMBER 1")], [slip, other])
    assert (one.by, one.items, one.certain) == (MatchedBy.SLIP, (slip,), False)


def test_two_equal_amounts_are_never_chosen_between() -> None:
    pair = [waiting("3/12", 50_00), waiting("3/4", 50_00)]
    one = only([bank("3/13", 50_00)], pair)
    assert (one.reach, one.items, one.is_complete) == (Reach.SEVERAL, (), False)
    assert [choice.items for choice in one.alternatives] == [(pair[0],), (pair[1],)]


def test_two_lines_that_want_one_payment_are_both_open() -> None:
    found = propose([bank("3/12", 50_00), bank("3/13", 50_00)], [waiting("3/11", 50_00)])
    assert [one.reach for one in found] == [Reach.SEVERAL] * 2
    assert found[0].why.endswith("another line could be the same")


def test_as_many_equal_lines_as_equal_items_are_matched_together() -> None:
    items = [booked("3/12", 36_50), booked("3/13", 36_50)]
    one = only([bank("3/12", 36_50), bank("3/13", 36_50)], items)
    assert (one.reach, len(one.lines), set(one.items)) == (Reach.ONE, 2, set(items))


def test_equal_lines_of_two_months_are_not_tied_together() -> None:
    items = [booked("3/31", 36_50), booked("4/1", 36_50)]
    found = propose([bank("3/31", 36_50), bank("4/1", 36_50)], items)
    assert [one.reach for one in found] == [Reach.SEVERAL] * 2


def test_an_entry_of_these_days_is_nearer_than_one_of_last_week() -> None:
    near = booked("3/12", 36_50)
    one = only([bank("3/13", 36_50)], [booked("3/5", 36_50), near])
    assert (one.reach, one.items) == (Reach.ONE, (near,))


def test_money_is_not_looked_for_outside_its_days() -> None:
    for on in ("3/2", "3/19"):
        assert only([bank("3/13", 50_00)], [waiting(on, 50_00)]).reach is Reach.NONE
    for on in ("3/3", "3/18"):
        assert only([bank("3/13", 50_00)], [waiting(on, 50_00)]).reach is Reach.ONE


def test_a_remittance_that_was_read_weeks_later_is_near_its_own_day() -> None:
    late = replace(waiting("4/12", 50_00), sent_on=day("3/13"))
    for on in ("3/8", "3/15", "4/20"):
        assert only([bank(on, 50_00)], [late]).reach is Reach.ONE, on
    for on in ("3/7", "4/23"):
        assert only([bank(on, 50_00)], [late]).reach is Reach.NONE, on
    assert only([bank("3/15", 50_00)], [late]).why.endswith("2 days apart")


def test_a_check_that_we_sent_may_be_out_for_weeks() -> None:
    sent = booked("2/1", -9_00)
    assert only([bank("3/20", -9_00, "CHECK")], [sent]).items == (sent,)
    assert only([bank("4/20", -9_00, "CHECK")], [sent]).reach is Reach.NONE


def test_what_is_carried_is_not_an_eft() -> None:
    assert only([eft_line("3/13", 50_00, "X1")], [waiting("3/12", 50_00)]).reach is Reach.NONE
    card = waiting("3/12", 50_00, way=Way.CARD)
    assert only([bank("3/13", 50_00)], [card]).reach is Reach.NONE


def test_cash_and_check_add_up_to_one_slip() -> None:
    items = [waiting("3/11", 95_00), waiting("3/12", 50_00), waiting("3/12", 30_00)]
    one = only([bank("3/13", 145_00)], items)
    assert (one.by, one.reach, set(one.items)) == (MatchedBy.SUM, Reach.ONE, set(items[:2]))
    (slip,) = one.deposits_to_make
    assert (slip.kind, slip.amount, len(slip.payment_ids), slip.since) == (
        DepositKind.COUNTER,
        Money(145_00),
        2,
        day("3/12"),
    )


def test_two_sets_that_add_up_are_for_a_person() -> None:
    items = [waiting("3/11", 95_00), waiting("3/12", 50_00), waiting("3/12", 50_00)]
    one = only([bank("3/13", 145_00)], items)
    assert (one.reach, len(one.alternatives)) == (Reach.SEVERAL, 2)


def test_several_lines_are_one_deposit() -> None:
    deposit = booked("3/12", 145_00)
    one = only([bank("3/13", 95_00), bank("3/13", 50_00)], [deposit])
    assert (one.reach, len(one.lines), one.items) == (Reach.ONE, 2, (deposit,))


def test_a_line_that_two_items_would_need_is_given_to_neither() -> None:
    lines = [bank("3/13", 95_00), bank("3/13", 50_00), bank("3/13", 20_00)]
    found = propose(lines, [booked("3/12", 145_00), booked("3/12", 70_00)])
    assert [one.reach for one in found] == [Reach.NONE] * 3


def test_a_disputed_payment_is_no_part_of_a_sum() -> None:
    disputed = waiting("3/12", 50_00)
    lines = [bank("3/12", 50_00), bank("3/13", 50_00), bank("3/13", 145_00)]
    found = propose(lines, [disputed, waiting("3/12", 95_00)])
    assert [one.reach for one in found] == [Reach.SEVERAL] * 3


def test_a_payer_that_sends_several_at_once_is_known_by_name() -> None:
    parts = [waiting("3/12", cents, way=Way.EFT, who="Ficta Mutual") for cents in (3_00, 2_00)]
    other = waiting("3/12", 1_00, way=Way.EFT, who="Example East")
    one = only([bank("3/13", 5_00, "FICTA MUTUAL ACH")], [*parts, other])
    assert (one.reach, set(one.items)) == (Reach.ONE, set(parts))
    assert len(one.deposits_to_make) == 2


def test_too_many_items_are_said_to_be_too_many() -> None:
    one = only([bank("3/13", 145_00)], [waiting("3/12", 1_00 + cents) for cents in range(60)])
    assert one.reach is Reach.NONE
    assert one.why == "Too many of our items could be parts of it to look through"


def test_a_rule_is_proposed_after_what_is_in_the_books() -> None:
    rent = rule("SAMPLE OFFICE RENT", confirmed=3)
    line = bank("3/2", -1850_00, "SAMPLE OFFICE RENT 0302")
    one = only([line], [], rules=[rent, rule("SAMPLE OFFICE RENT", "7200")])
    assert (one.by, one.rule_id, one.certain) == (MatchedBy.RULE, rent.id, False)
    assert one.why == "“SAMPLE OFFICE RENT” was Rent 3 times before"
    assert one.entry_to_make is not None
    assert [(leg.account, leg.amount) for leg in one.entry_to_make.legs] == [
        ("7100", Money(-1850_00))
    ]
    entry = booked("3/1", -1850_00)
    assert only([line], [entry], rules=[rent]).items == (entry,)


def test_rules_that_disagree_leave_the_choice() -> None:
    line = bank("3/2", -1_00, "SAMPLE")
    one = only([line], [], rules=[rule("SAMPLE"), rule("SAMPLE", "7200")])
    assert (one.reach, len(one.alternatives), one.entry_to_make) == (Reach.SEVERAL, 2, None)


def test_fees_and_interest_are_known_by_their_words() -> None:
    fee = only([bank("3/31", -15_00, "MONTHLY SERVICE FEE")], [])
    paid = only([bank("3/31", 12, "INTEREST PAYMENT")], [])
    assert [
        (one.entry_to_make.legs[0].account, one.reach) for one in (fee, paid) if one.entry_to_make
    ] == [("7500", Reach.ONE), ("4340", Reach.ONE)]


@pytest.mark.parametrize(
    "words",
    [
        "SERVICE CHG",
        "SVC CHG",
        "SVC. CHARGES MARCH",
        "MAINTENANCE FEE",
        "ACCT ANALYSIS CHARGE",
        "MONTHLY MAINT CHRG",
        "SERVICE FEES",
    ],
)
def test_banks_cut_the_words_of_their_fees(words: str) -> None:
    one = only([bank("3/31", -15_00, words)], [])
    assert one.entry_to_make is not None
    assert [leg.account for leg in one.entry_to_make.legs] == ["7500"]
    assert only([bank("3/31", 15_00, words)], []).entry_to_make is None


@pytest.mark.parametrize("words", ["BANK CHARGEBACK", "BANK CHARGE BACK 4471"])
def test_a_chargeback_is_no_fee(words: str) -> None:
    assert only([bank("3/31", -15_00, words)], []).entry_to_make is None


def test_a_returned_check_names_its_payment() -> None:
    mine = Returnable(7, "PAY-2026-00007", "Alma Anyone", Money(50_00), day("3/4"))
    line = bank("3/11", -50_00, "DEPOSITED ITEM RETURNED")
    one = only([line], [], returnable=[mine])
    assert (one.reach, one.returns, one.is_complete) == (Reach.ONE, (mine,), False)
    assert "PAY-2026-00007 of Alma Anyone" in one.why
    two = only([line], [], returnable=[mine, mine])
    assert (two.reach, len(two.returns)) == (Reach.SEVERAL, 2)
    none = only([line], [])
    assert none.why == "The bank took money back; no payment here is of this amount"
    posted = booked("3/11", -50_00)
    assert only([line], [posted], returnable=[mine]).items == (posted,)


def test_of_returned_checks_the_named_one_then_the_last_deposit_stands_first() -> None:
    def check(at: int, on: str, number: str) -> Returnable:
        return Returnable(at, f"PAY-{at}", "Alma", Money(50_00), day(on), number)

    many = [check(at, f"3/{at}", f"10{at:02d}") for at in range(1, 10)]
    cash = replace(check(20, "3/10", ""), by_bank=False)
    line = bank("3/11", -50_00, "RETURNED DEPOSITED ITEM CK#1004")
    one = only([line], [], returnable=[*many, cash])
    assert [each.payment_id for each in one.returns] == [4, 9, 8, 7, 6, 5, 3, 2, 1]
    card = bank("3/11", -50_00, "CHARGEBACK")
    no_card = replace(check(21, "3/10", ""), by_card=False)
    assert [each.payment_id for each in only([card], [], returnable=[no_card, cash]).returns] == [
        20
    ]


def test_all_that_are_equal_are_offered() -> None:
    equal = [booked("3/10", 40_00) for _ in range(12)]
    one = only([bank("3/10", 40_00)], equal)
    assert (len(one.alternatives), one.more) == (12, False)
    assert one.why.endswith("12 could be meant")


def test_where_more_sets_add_up_than_are_listed_it_says_so() -> None:
    checks = [waiting("3/9", 10_00) for _ in range(6)]
    one = only([bank("3/10", 20_00, "DEPOSIT")], checks)
    assert (one.reach, one.more) == (Reach.SEVERAL, True)
    assert one.why.endswith("there may be other sets")


def test_held_money_that_left_again_is_known() -> None:
    held = HeldMoney(3, "SUS-2026-00001", day("3/4"), Money(61_75))
    one = only([bank("4/2", -61_75, "ACH RETURN")], [], held=[held])
    assert (one.sends_back, one.is_complete) == (3, True)
    assert only([bank("4/2", -61_75, "X")], [], held=[held, held]).sends_back is None


def test_a_payer_that_a_person_named_is_told_with_what_is_held() -> None:
    words = "UNKNOWN PAYER"
    one = only([bank("3/30", 61_75, f"{words} 77")], [], rules=[rule(words, payer=9)])
    assert (one.hold, one.payer_id, one.reach) == (True, 9, Reach.NONE)


def test_a_payout_that_cannot_be_deposited_says_why() -> None:
    line = bank("3/4", 57_50, "Stripe TRANSFER ST-FICT1")
    one = only([line], [], open_payouts={"FICT1": "Payout po_FICT1 differs from its rows by 1.00."})
    assert one.why == "Payout po_FICT1 differs from its rows by 1.00"


@given(
    lines=st.lists(st.tuples(st.integers(0, 12), st.sampled_from((1, 2, 3, 5, 8))), max_size=8),
    items=st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from((1, 2, 3, 5, 8)), st.booleans()), max_size=8
    ),
)
def test_each_line_is_in_one_proposal_and_each_item_in_at_most_one(
    lines: list[tuple[int, int]], items: list[tuple[int, int, bool]]
) -> None:
    start = day("3/10")
    theirs = [
        OpenLine(at, start + timedelta(off), Money(cents), "DEPOSIT")
        for at, (off, cents) in enumerate(lines)
    ]
    ours = [(booked if posted else waiting)(f"3/{10 + off}", cents) for off, cents, posted in items]
    found = propose(theirs, ours)
    assert sorted(line.id for one in found for line in one.lines) == list(range(len(lines)))
    used = [item.key for one in found for item in one.items]
    assert len(used) == len(set(used))
    for one in found:
        if one.reach is Reach.ONE:
            assert sum(item.amount.cents for item in one.items) == one.amount.cents
        for choice in one.alternatives:
            assert sum(item.amount.cents for item in choice.items) == one.amount.cents
        assert not one.certain
