"""Notes, who looks after a claim, what is next: kept with old and new, and never overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.staff import Role, Staff
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.claims.tracking import add_claim_note, assign_claims, plan_next
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, version_of
from tests.support.claims import add_claim_desk, claim_of, the_claim
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.second_person import at_once, nobody, second_person, winners


def test_notes_stay_the_newest_first(books: Office) -> None:
    claim_id = claim_of(books)
    books.write(lambda work: add_claim_note(work, claim_id, "  Called, on hold  "))
    other = second_person(books, Role.BILLING_CLERK, name="Cleo Clerkson")
    other.write(lambda work: add_claim_note(work, claim_id, "They have it"))
    notes = books.read(lambda work: claim_page(work, claim_id)).notes
    assert [(one.text, one.by) for one in notes] == [
        ("They have it", "Cleo Clerkson"),
        ("Called, on hold", books.actor.name),
    ]
    with pytest.raises(Problem, match="note is missing"):
        books.write(lambda work: add_claim_note(work, claim_id, " "))
    with pytest.raises(Problem, match="not in the books"):
        books.write(lambda work: add_claim_note(work, 99, "Called"))
    with pytest.raises(Problem, match="You may not"):
        nobody(books).write(lambda work: add_claim_note(work, claim_id, "Called"))


def test_a_note_that_comes_twice_is_one(books: Office) -> None:
    claim_id = claim_of(books)

    def act(work: Work) -> int:
        return add_claim_note(work, claim_id, "Called", request_key="note-1")

    outcomes = at_once((books, act), (books, act))
    assert len(set(winners(outcomes))) == 1, outcomes
    before = books.read(whole_books)
    assert books.write(act).value == winners(outcomes)[0]
    assert books.read(whole_books) == before
    with pytest.raises(Problem, match="under the same key with another text"):
        books.write(lambda work: add_claim_note(work, claim_id, "Wrote", request_key="note-1"))


def test_a_note_is_whole_or_not_there(books: Office) -> None:
    claim_id = claim_of(books)
    assert_all_or_nothing(books, lambda work: add_claim_note(work, claim_id, "Called"))


def test_claims_change_hands_together(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    ids = [claim_of(books, desk=desk)]
    seen = {one: version_of(books, one) for one in ids}
    me = books.actor.staff_id
    assert books.write(lambda work: assign_claims(work, seen, me)).value == 1
    assert the_claim(books, ids[0]).assigned_to == me
    now = {one: version_of(books, one) for one in ids}
    assert books.write(lambda work: assign_claims(work, now, me)).value == 0
    assert books.write(lambda work: assign_claims(work, now, None)).value == 1
    changes = books.read(lambda work: claim_page(work, ids[0])).changes
    assert [(one.title, one.old, one.new) for one in changes if one.field == "assigned_to"] == [
        ("Assigned to", books.actor.name, ""),
        ("Assigned to", "", books.actor.name),
    ]
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: assign_claims(work, seen, me))
    with pytest.raises(Problem, match="not in the books"):
        books.write(lambda work: assign_claims(work, seen, 999))


def test_who_left_gets_no_claim(books: Office) -> None:
    claim_id = claim_of(books)
    seen = {claim_id: version_of(books, claim_id)}
    gone = second_person(books, name="Gone Away").actor.staff_id

    def leave(work: Work) -> None:
        work.db.get_one(Staff, gone).active = False

    books.write(leave)
    with pytest.raises(Problem, match="Gone Away works here no more"):
        books.write(lambda work: assign_claims(work, seen, gone))


def test_what_is_next_has_a_day_and_words(books: Office) -> None:
    claim_id = claim_of(books)

    def plan(action: str, on: date | None) -> int:
        seen = {claim_id: version_of(books, claim_id)}
        return books.write(lambda work: plan_next(work, seen, action, on)).value

    assert plan("Call the payer", date(2026, 4, 20)) == 1
    claim = the_claim(books, claim_id)
    assert (claim.next_action, claim.next_action_on) == ("Call the payer", date(2026, 4, 20))
    assert plan("Call the payer", date(2026, 4, 20)) == 0
    with pytest.raises(Problem, match="is not said"):
        plan("", TODAY)
    with pytest.raises(Problem, match="04/11/2026 is over"):
        plan("Call", date(2026, 4, 11))
    assert plan("", None) == 1
    claim = the_claim(books, claim_id)
    assert (claim.next_action, claim.next_action_on) == ("", None)
