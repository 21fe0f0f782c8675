"""Every hard case of payers' answers that the domain notes name, and the tests that hold it.

The numbers are those of the notes: 1 to 39 what must be handled right, N what people wish for. A
case without a test fails here, and so does a test that is not there any more.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[3]
TABLE: Final = """
1. balance of service, claim and check; the difference is shown
  test_structure_and_balance.py
    test_a_service_out_of_balance_stops_all_until_somebody_looks_and_never_posts_itself
    test_a_claim_out_of_balance_says_by_how_much
    test_a_check_out_of_balance_never_posts
2. PLB: positive takes from the check
  test_structure_and_balance.py
    test_a_positive_plb_takes_from_the_check_and_a_negative_one_adds_to_it
  unit/x12/test_835_balances.py
    test_a_positive_plb_takes_from_the_check
3. any marks and lines, several transactions, the bad one alone is stopped
  test_structure_and_balance.py
    test_marks_and_wraps_change_nothing_and_one_bad_transaction_stays_alone
  unit/x12/test_835_damaged.py
    test_payer_and_payee_that_are_named_again_are_told
    test_several_interchanges_groups_and_sets_are_all_read
4. NON or 0.00: no cash, denials and contract all the same
  test_structure_and_balance.py
    test_a_remittance_without_money_posts_its_denials_and_contract_and_no_cash
    test_money_that_says_it_does_not_come_is_looked_at_first
5. claims of another practice: a named rest
  test_structure_and_balance.py
    test_what_is_another_practices_stays_as_a_named_rest_of_the_check
  books/remittances/test_incoming.py
    test_a_claim_that_is_not_ours_is_set_aside_and_its_money_stays_named
6. the same check again, and the same number with other words
  test_structure_and_balance.py
    test_the_same_check_in_another_file_changes_nothing_and_another_word_is_shown_beside_it
  books/remittances/test_incoming.py
    test_the_same_check_in_whatever_file_changes_nothing_and_says_who_posted_it
7. recoded services
  test_lines_of_claims.py
    test_a_recoded_service_pays_what_was_billed_and_no_service_is_invented
8. modifiers missing, in another order, run together
  test_lines_of_claims.py
    test_a_service_is_found_however_its_modifiers_are_written
    test_a_service_without_its_modifier_is_found_by_day_code_charge_and_units
9. equal services
  test_lines_of_claims.py
    test_of_two_equal_services_with_different_answers_none_is_guessed
    test_equal_services_are_told_apart_by_our_line_id
  books/remittances/test_matching_by_number.py
    test_equal_services_are_taken_in_order_where_the_payer_says_the_same_of_both
10. many reasons and remarks
  test_lines_of_claims.py
    test_every_reason_and_every_remark_of_a_service_is_kept
11. a corrected name or id
  test_structure_and_balance.py
    test_a_corrected_name_is_told_and_nothing_on_the_card_is_overwritten
12. a reversal: the opposite of what was posted, today
  test_reversals_and_corrections.py
    test_a_reversal_posts_the_opposite_of_what_stands_dated_today
13. a correction marked 22
  test_reversals_and_corrections.py
    test_a_reversal_that_pays_is_the_correction_and_says_so
14. reversal and correction in one file: both kept
  test_reversals_and_corrections.py
    test_a_reversal_and_its_correction_are_both_kept_in_whatever_order
15. the correction first
  test_reversals_and_corrections.py
    test_a_reversal_and_its_correction_are_both_kept_in_whatever_order
  books/remittances/test_deciding_reversals.py
    test_a_reversal_comes_before_its_correction_whatever_their_order
16. a reversal of what is not here
  test_reversals_and_corrections.py
    test_a_reversal_of_what_is_not_in_the_books_waits_and_touches_no_charge
  test_take_backs.py
    test_what_is_taken_back_is_not_left_behind_while_the_rest_posts
17. group CR, and other adjustments than the first answer's
  test_reversals_and_corrections.py
    test_other_adjustments_on_the_reversal_are_told_and_what_was_posted_is_taken_back
    test_the_old_group_for_corrections_has_no_rule_and_waits_for_a_person
18. more taken back than was paid
  test_reversals_and_corrections.py
    test_what_is_taken_back_beyond_the_payment_is_an_adjustment_of_its_own
19. taken now from another client's claim
  test_take_backs.py
    test_what_is_taken_back_now_comes_off_another_clients_money
20. taken later, paired by reference
  test_take_backs.py
    test_what_is_taken_later_waits_with_the_payer_until_the_check_that_takes_it
    test_what_was_taken_without_a_reversal_waits_for_the_word
21. balances carried forward
  test_take_backs.py
    test_a_balance_that_is_carried_from_check_to_check_ends_at_nothing
22. a refund of the practice that the payer has got
  test_take_backs.py
    test_a_refund_that_the_payer_has_got_changes_nothing_a_second_time
    test_a_refund_that_is_seen_on_a_later_check_closes_what_was_taken
23. what is taken back is the payer's again, not the client's
  test_reversals_and_corrections.py
    test_a_reversal_posts_the_opposite_of_what_stands_dated_today
    test_what_is_taken_back_before_a_denial_is_denied_and_not_the_clients
24. interest, penalties, levies
  test_take_backs.py
    test_what_is_no_claims_has_its_own_account_and_lowers_no_claim
    test_interest_that_a_claim_names_is_income_once
25. six pairs of one PLB
  test_take_backs.py
    test_six_pairs_of_one_segment_are_six_documents_with_their_references
26. a negative CO
  test_reversals_and_corrections.py
    test_a_negative_contract_on_a_claim_keeps_its_sign
27. a check of nothing or below
  test_reversals_and_corrections.py
    test_a_check_that_takes_back_more_than_it_pays_is_no_deposit
  test_take_backs.py
    test_a_check_below_zero_stops_and_is_carried_forward_once_somebody_looked
28. the statuses
  test_several_payers.py
    test_what_the_first_payer_leaves_waits_for_the_next
    test_the_second_payers_answer_settles_what_the_first_has_left
    test_a_third_payer_answers_after_the_second
    test_denied_not_theirs_and_predetermined_move_no_charge
29. the payer passes it on
  test_several_payers.py
    test_what_is_passed_on_is_not_sent_and_its_wait_grows_old
    test_a_claim_that_stood_ready_for_the_next_payer_waits_and_is_silent_in_time
30. the contract once
  test_several_payers.py
    test_the_contract_is_written_off_once_and_never_below_nothing
    test_a_second_payer_that_pays_nothing_over_writes_off_nothing_twice
31. the second payer first
  test_several_payers.py
    test_the_second_payers_money_is_held_until_the_first_answer_is_posted
32. the second payer denies
  test_several_payers.py
    test_what_the_second_payer_denies_is_the_clients_only_where_it_says_so
33. the claim to the second payer after a correction
  test_several_payers.py
    test_after_a_correction_the_second_payer_is_told_the_corrected_answer_alone
34. denials, said and not said
  test_denials_and_groups.py
    test_a_denial_is_the_practices_work_and_moves_nothing
    test_all_taken_off_under_the_name_of_the_contract_is_looked_at
35. the groups
  test_denials_and_groups.py
    test_co_is_the_practices_pr_1_to_3_the_clients_and_a_denial_nobodys_yet
    test_what_no_rule_settles_waits_until_the_practice_has_said_what_it_is
36. bundled services and capitation
  test_denials_and_groups.py
    test_a_bundled_service_is_denied_beside_the_one_that_is_paid
    test_capitation_leaves_nothing_open_and_the_session_counts
37. incentives
  test_denials_and_groups.py
    test_an_incentive_keeps_its_sign_and_is_not_the_clients
38. the clocks of filing, correcting, appealing
  test_filing_after_an_answer.py
    test_filing_counts_from_the_service_and_the_rest_from_the_answer
  unit/claims/scrub/test_timing.py
    test_timely_filing
    test_behind_another_payer_days_count_from_its_answer
  books/claims/test_acknowledging.py
    test_a_277ca_moves_claims_one_by_one
39. rejected: again as it is; denied: 7 with the payer's number; taken back: 8
  test_filing_after_an_answer.py
    test_a_denial_is_corrected_under_the_payers_number_and_a_paid_claim_taken_back_under_it
    test_the_number_of_the_correction_is_what_the_next_claim_names
  books/claims/test_correcting.py
    test_rejected_claims_go_again_as_they_are
N1. recoupments by payer, closed by their partner
  test_take_backs.py
    test_what_is_taken_later_waits_with_the_payer_until_the_check_that_takes_it
  books/remittances/test_recoupments.py
    test_what_a_payer_takes_later_settles_what_it_had_said
N3. no check and no claim twice
  test_structure_and_balance.py
    test_the_same_claim_of_another_check_is_not_paid_twice
  books/remittances/test_era_to_books.py
    test_a_check_that_was_typed_in_already_is_not_posted_twice
N4. rules by payer; what is unknown blocks
  test_denials_and_groups.py
    test_what_no_rule_settles_waits_until_the_practice_has_said_what_it_is
  books/remittances/test_rule_setup.py
    test_a_rule_is_added_changed_and_taken_away
N8. nothing is changed: postings of today take back
  test_reversals_and_corrections.py
    test_a_reversal_posts_the_opposite_of_what_stands_dated_today
N9. a file or a claim goes back in one act, and is posted again
  test_denials_and_groups.py
    test_a_claim_or_the_whole_goes_back_in_one_act_with_a_reason_and_can_be_posted_again
N15. the client owes only what group PR says
  test_denials_and_groups.py
    test_no_rule_makes_money_the_clients_that_is_not_of_group_pr
N16. a corrected claim begins with what the 835 said
  test_filing_after_an_answer.py
    test_a_denial_is_corrected_under_the_payers_number_and_a_paid_claim_taken_back_under_it
N19. what is paid below the fee
  books/remittances/test_underpayments.py
    test_what_is_paid_below_the_fee_is_in_the_list
"""
"""Cases by number; below each the files with its tests, from here or from the top of the tests."""


def cases() -> dict[str, list[tuple[str, str]]]:
    """The tests of each case, as file and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    number = path = ""
    for line in TABLE.splitlines():
        word = line.strip()
        if line.startswith("    "):
            found[number].append((path, word))
        elif line.startswith("  "):
            path = word
        elif line:
            number = line.partition(".")[0]
            found[number] = []
    return found


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests in a file."""
    file = TESTS / path if "/" in path else Path(__file__).with_name(path)
    return frozenset(
        one.name
        for one in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    )


@pytest.mark.parametrize("number", cases())
def test_each_case_is_held_by_tests_that_are_there(number: str) -> None:
    named = cases()[number]
    assert named
    assert [one for one in named if one[1] not in names_in(one[0])] == []


def test_no_case_is_left_out() -> None:
    assert {one for one in cases() if one.isdigit()} == {str(number) for number in range(1, 40)}
