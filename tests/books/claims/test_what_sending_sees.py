"""What is looked at when claims go: the policy as it is now, visits, keys, and rules that hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fscdesk.models.claim import ClaimStatus, Frequency
from fscdesk.models.claim_rule import RuleAct
from fscdesk.models.coverage import Authorization, Policy
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.editing import edit_claim, edits_of, release_claim
from fscdesk.services.claims.payer_rules import Condition
from fscdesk.services.claims.rule_setup import RuleFields, add_rule, claim_rules
from fscdesk.services.claims.sending import send_claims
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.books.claims.test_sending_replacements import denied, successor
from tests.support.claims import DAY, add_authorization, build, plan_of, ready, the_claim
from tests.support.payments import verify
from tests.support.sent_claims import (
    account,
    answer_277,
    plan,
    send,
    some_claims,
    statuses,
    with_clearinghouse,
)


@pytest.mark.parametrize(("changed", "said"), [("payer", "another payer"), ("rank", "secondary")])
def test_a_claim_stays_whose_policy_was_changed_after_it_was_built(
    books: Office, tmp_path: Path, changed: str, said: str
) -> None:
    """No payer gets the member id that another one gave."""
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    seen = plan(books)

    def change(work: Work) -> None:
        policy = work.db.get_one(Policy, desk.policy)
        if changed == "payer":
            policy.payer_id, policy.member_id = desk.next_payer, "EASTMEMBER1"
        else:
            policy.rank = 2

    books.write(change)
    with pytest.raises(ChangedElsewhere, match=said):
        books.write(lambda work: send_claims(work, seen))
    assert statuses(books) == {claim: ClaimStatus.SCRUBBED}


def used(books: Office, authorization: int) -> int:
    return books.read(lambda work: work.db.get_one(Authorization, authorization).used)


def test_a_rejected_claim_takes_of_the_authorization_that_it_names_now(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    wrong = books.write(
        lambda work: add_authorization(work, desk.alma, desk.payer, 5, number="WRONG")
    ).value
    (claim,) = some_claims(books, desk)
    right = books.write(
        lambda work: add_authorization(work, desk.alma, desk.payer, 5, number="RIGHT")
    ).value
    send(books)
    assert (used(books, wrong), used(books, right)) == (1, 0)
    data = answer_277([(account(books, claim), "A3:21", "")], on="260412")
    books.write(lambda work: apply_acknowledgment(work, plan_acknowledgment(work, "a", data)))
    edits = replace(books.read(lambda work: edits_of(work, claim)), authorization_id=right)
    version = the_claim(books, claim).version
    books.write(lambda work: edit_claim(work, claim, edits, expected_version=version))
    seen = {claim: the_claim(books, claim).version}
    books.write(lambda work: resend_rejected(work, seen))
    send(books)
    assert (used(books, wrong), used(books, right)) == (0, 1)
    verify(books)


def test_a_correction_has_the_visit_that_its_original_took(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    one = books.write(
        lambda work: add_authorization(work, desk.alma, desk.payer, 1, number="ONE")
    ).value
    (claim,) = some_claims(books, desk)
    send(books)
    denied(books, claim)
    new = successor(books, claim, "corrected")
    assert [each.claim_id for each in plan(books, [new]).going] == [new]
    send(books, [new])
    assert used(books, one) == 1
    verify(books)


def test_a_key_is_free_again_once_its_batch_was_taken_back(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books, key="nightly").batches
    books.write(lambda work: undo_batch(work, batch.id, "Wrong taxonomy"))
    again = send(books, key="nightly")
    assert not again.repeated
    assert len(again.batches) == 1
    assert statuses(books) == {claim: ClaimStatus.SUBMITTED}
    assert send(books, key="nightly").repeated


def test_what_a_rule_holds_stays_held_when_a_later_rule_changes_it(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    office = (Condition("place_of_service", "one_of", ("11",)),)
    hold = RuleFields("Hold", RuleAct.HOLD, office, DAY, message="Look at it first")
    make = RuleFields("Video", RuleAct.SET, (), DAY, field="place_of_service", value="10")
    books.write(lambda work: (add_rule(work, hold), add_rule(work, make)))
    books.write(lambda work: ready(work, desk))
    assert [one.will_stop for one in plan_of(books).claims] == ["Look at it first"]
    (claim,) = build(books)
    (staying,) = plan(books).staying
    assert "Look at it first" in staying.reason
    version = the_claim(books, claim).version
    books.write(lambda work: release_claim(work, claim, expected_version=version))
    assert [one.claim_id for one in plan(books).going] == [claim]


def test_an_empty_second_value_of_a_condition_is_dropped(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    odd = (Condition("diagnosis", "starts_with", ("Z99", " ", "")),)
    rule = RuleFields("Z99", RuleAct.HOLD, odd, DAY, message="Look at it first")
    books.write(lambda work: add_rule(work, rule))
    kept = books.read(claim_rules)[-1]
    assert kept.fields.conditions[0].values == ("Z99",)
    books.write(lambda work: ready(work, desk))
    assert [one.will_stop for one in plan_of(books).claims] == [""]


def test_an_8_is_made_of_what_the_payer_has_and_stays_one(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)

    def become(claim_id: int, frequency: Frequency, number: str = "X1") -> None:
        edits = books.read(lambda work: edits_of(work, claim_id))
        wanted = replace(edits, frequency=frequency, original_number=number)
        version = the_claim(books, claim_id).version
        books.write(lambda work: edit_claim(work, claim_id, wanted, expected_version=version))

    with pytest.raises(Problem, match="takes another back"):
        become(claim, Frequency.VOID)
    become(claim, Frequency.REPLACEMENT)  # of what was sent before fscdesk
    become(claim, Frequency.ORIGINAL, "")
    send(books)
    denied(books, claim)
    back = successor(books, claim, "void")
    for other in (Frequency.ORIGINAL, Frequency.REPLACEMENT):
        with pytest.raises(Problem, match="takes another back"):
            become(back, other)
