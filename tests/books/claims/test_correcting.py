"""Corrected, taken back, sent again: as what a claim goes, and under which number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.coverage import Policy
from fscdesk.services.claims.clocks import ClockKind
from fscdesk.services.claims.correcting import (
    Successor,
    correct_claim,
    resend_rejected,
    successor_of,
    void_claim,
)
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.claims.editing import edit_claim, edits_of
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import denied_claim, rejected_claim, sent_claim, version_of
from tests.support.claims import claim_of, the_claim
from tests.support.fail_at import whole_books
from tests.support.payments import verify


def correct(books: Office, claim_id: int, *, as_original: bool = False) -> int:
    """Correct a claim as somebody who has just looked at it."""
    seen = version_of(books, claim_id)
    return books.write(
        lambda work: correct_claim(work, claim_id, expected_version=seen, as_original=as_original)
    ).value


def void(books: Office, claim_id: int) -> int:
    """Take a claim back as somebody who has just looked at it."""
    seen = version_of(books, claim_id)
    return books.write(
        lambda work: void_claim(work, claim_id, "Wrong client", expected_version=seen)
    ).value


def forget_number(books: Office, claim_id: int) -> None:
    """Let the payer's number of a claim be unknown."""

    def act(work: Work) -> None:
        work.db.get_one(Claim, claim_id).payer_number = ""

    books.write(act)


def test_a_corrected_claim_names_the_payers_number(books: Office) -> None:
    denied = denied_claim(books, sessions=2)
    plan = books.read(lambda work: successor_of(work, denied))
    assert (plan.frequency, plan.original_number) == (Frequency.REPLACEMENT, "ICN-2026-1")
    assert "ICN-2026-1" in plan.why
    new_id = correct(books, denied)
    new, old = the_claim(books, new_id), the_claim(books, denied)
    assert (new.frequency, new.original_number, new.replaces_id) == (
        Frequency.REPLACEMENT,
        "ICN-2026-1",
        denied,
    )
    assert (new.total, new.first_day, new.last_day) == (old.total, old.first_day, old.last_day)
    assert new.number != old.number
    assert new.payer_number == ""
    assert old.status is ClaimStatus.DENIED  # until the new one is sent
    page = books.read(lambda work: claim_page(work, new_id))
    assert [one.how for one in page.links] == ["corrects"]
    assert page.content is not None
    assert len(page.content.lines) == 2
    assert page.content.diagnoses == ("F41.1",)
    assert [(one.field, one.new, one.source) for one in page.changes] == [
        ("original_number", "ICN-2026-1", f"claim {old.number}")
    ]
    assert page.history[0].reason == f"Corrects {old.number}"
    assert [clock.what for clock in page.clocks] == [ClockKind.CORRECT]
    verify(books)


def test_the_first_claim_keeps_its_charges_until_the_second_is_sent(books: Office) -> None:
    denied = denied_claim(books)
    new_id = correct(books, denied)

    def live(work: Work) -> dict[int, bool]:
        rows = work.db.execute(select(ClaimLine.claim_id, ClaimLine.live))
        return {row.claim_id: row.live is not None for row in rows}

    assert books.read(live) == {denied: True, new_id: False}


def test_a_correction_can_be_changed_where_the_denial_points(books: Office) -> None:
    """Job 6 of the office: CO-4, the modifier is missing."""
    new_id = correct(books, denied_claim(books))
    now = books.read(lambda work: edits_of(work, new_id))
    (line,) = now.lines
    seen = version_of(books, new_id)
    new = now.with_line(line, modifiers=("95",))
    books.write(lambda work: edit_claim(work, new_id, new, expected_version=seen))
    assert books.read(lambda work: edits_of(work, new_id)).lines[line].modifiers == ("95",)


def test_a_claim_is_corrected_once_at_a_time(books: Office) -> None:
    denied = denied_claim(books)
    first = correct(books, denied)
    number = the_claim(books, first).number
    for again in (correct, void):
        with pytest.raises(Problem, match=f"Claim {number} takes the place of"):
            again(books, denied)
    assert "correct" not in books.read(lambda work: claim_page(work, denied)).may
    books.write(lambda work: move_claims(work, [ClaimMove(first, ClaimStatus.VOID, "Dropped")]))
    assert correct(books, denied) != first


def test_without_the_payers_number_it_can_only_be_an_original(books: Office) -> None:
    denied = denied_claim(books)
    forget_number(books, denied)
    plan = books.read(lambda work: successor_of(work, denied))
    assert (plan.frequency, plan.original_number) == (Frequency.ORIGINAL, "")
    before = books.read(whole_books)
    with pytest.raises(Problem, match=r"payer's number of claim .* is not known"):
        correct(books, denied)
    with pytest.raises(Problem, match=r"payer's number of claim .* is not known"):
        void(books, denied)
    assert books.read(whole_books) == before
    new = the_claim(books, correct(books, denied, as_original=True))
    assert (new.frequency, new.original_number, new.replaces_id) == (
        Frequency.ORIGINAL,
        "",
        denied,
    )


def test_what_is_not_decided_is_not_called_so(books: Office) -> None:
    accepted = sent_claim(books)
    plan = books.read(lambda work: successor_of(work, accepted))
    assert plan.frequency is Frequency.REPLACEMENT
    assert plan.why == (
        "The payer has it, undecided, under ICN-2026-1, so it goes as a replacement."
    )
    forget_number(books, accepted)
    plan = books.read(lambda work: successor_of(work, accepted))
    assert plan.why.endswith("as an original, once the payer has decided it.")


def test_a_rejected_claim_is_no_denied_one(books: Office) -> None:
    rejected = rejected_claim(books)
    with pytest.raises(Problem, match="is rejected") as refused:
        correct(books, rejected)
    assert "sent again" in refused.value.hint
    plan = books.read(lambda work: successor_of(work, rejected))
    assert plan == Successor(Frequency.ORIGINAL, "", plan.why)
    assert "rejected" in plan.why
    with pytest.raises(Problem, match="is rejected"):
        void(books, rejected)


def test_a_claim_is_taken_back_under_the_payers_number(books: Office) -> None:
    denied = denied_claim(books)
    new = the_claim(books, void(books, denied))
    assert (new.frequency, new.original_number, new.replaces_id) == (
        Frequency.VOID,
        "ICN-2026-1",
        denied,
    )
    page = books.read(lambda work: claim_page(work, new.id))
    assert page.history[0].reason.endswith("Wrong client")
    verify(books)


@pytest.mark.parametrize("status", [ClaimStatus.SUBMITTED, ClaimStatus.ACKNOWLEDGED])
def test_what_the_payer_may_not_have_is_not_corrected(books: Office, status: ClaimStatus) -> None:
    claim_id = claim_of(books, status=status)
    with pytest.raises(Problem, match=f"is {status.value}"):
        correct(books, claim_id)


def test_what_is_not_sent_is_changed_and_not_corrected(books: Office) -> None:
    with pytest.raises(Problem, match="is scrubbed"):
        correct(books, claim_of(books), as_original=True)


def test_rejected_claims_go_again_as_they_are(books: Office) -> None:
    rejected = rejected_claim(books)
    before = the_claim(books, rejected)
    seen = {rejected: before.version}
    clean = books.write(lambda work: resend_rejected(work, seen)).value
    assert clean == (rejected,)
    after = the_claim(books, rejected)
    assert (after.status, after.frequency, after.number) == (
        ClaimStatus.SCRUBBED,
        Frequency.ORIGINAL,
        before.number,
    )
    assert books.write(lambda work: resend_rejected(work, {})).value == ()


def test_what_is_still_wrong_waits_among_the_held(books: Office) -> None:
    rejected = rejected_claim(books)

    def spoil(work: Work) -> None:
        policy = work.db.get_one(Policy, work.db.get_one(Claim, rejected).policy_id)
        policy.member_id = ""

    books.write(spoil)
    seen = {rejected: version_of(books, rejected)}
    assert books.write(lambda work: resend_rejected(work, seen)).value == ()
    assert the_claim(books, rejected).status is ClaimStatus.DRAFT


def test_a_denied_claim_does_not_go_again_as_it_is(books: Office) -> None:
    denied = denied_claim(books)
    seen = {denied: version_of(books, denied)}
    with pytest.raises(Problem, match="is denied"):
        books.write(lambda work: resend_rejected(work, seen))


def test_a_paid_claim_can_be_corrected_too(books: Office) -> None:
    claim_id = sent_claim(books)
    books.write(lambda work: move_claims(work, [ClaimMove(claim_id, ClaimStatus.PAID, "x")]))
    new = the_claim(books, correct(books, claim_id))
    assert new.frequency is Frequency.REPLACEMENT


def test_the_note_and_who_looks_after_it_go_with_it(books: Office) -> None:
    denied = denied_claim(books)

    def mark(work: Work) -> None:
        claim = work.db.get_one(Claim, denied)
        claim.note, claim.assigned_to = "By video", work.actor.staff_id

    books.write(mark)
    new = the_claim(books, correct(books, denied))
    assert (new.note, new.assigned_to) == ("By video", books.actor.staff_id)
    assert (new.denied_on, new.reason_code, new.first_sent_on) == (None, "", None)


def test_the_frequency_can_be_changed_by_hand_with_its_number(books: Office) -> None:
    claim_id = claim_of(books)
    now = books.read(lambda work: edits_of(work, claim_id))
    new = replace(now, frequency=Frequency.REPLACEMENT, original_number="ICN-7")
    seen = version_of(books, claim_id)
    books.write(lambda work: edit_claim(work, claim_id, new, expected_version=seen))
    claim = the_claim(books, claim_id)
    assert (claim.frequency, claim.original_number) == (Frequency.REPLACEMENT, "ICN-7")
    assert claim.first_day == date(2026, 3, 2)
