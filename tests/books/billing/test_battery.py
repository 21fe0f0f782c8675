"""Every command that can be done once: of two people one wins, and none of it is half done."""

from __future__ import annotations

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.importing.profiles import delete_profile, list_profiles, save_profile
from fscdesk.services.office import Office
from fscdesk.services.payments.drafts import drafts, forget_draft, keep_draft, remember_choices
from fscdesk.services.work import Work
from tests.support.billing_acts import MAPPING, ONCE
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, manager, refusals, winners


@pytest.mark.parametrize("name", ONCE)
def test_of_two_at_once_one_wins_and_the_other_is_told(
    books: Office, clock: Clock, name: str
) -> None:
    act = ONCE[name](books, clock)
    outcomes = at_once((books, act), (manager(books), act))
    assert len(winners(outcomes)) == 1, outcomes
    (told,) = refusals(outcomes)
    assert isinstance(told, Problem), repr(told)
    assert told.hint
    verify(books)


@pytest.mark.parametrize("name", ["make_statements", "mark_unsent", "delete_profile"])
def test_nothing_is_half_done(books: Office, clock: Clock, name: str) -> None:
    """The other commands are tried so beside their own tests."""
    assert_all_or_nothing(books, ONCE[name](books, clock))
    verify(books)


def test_a_mapping_is_saved_wholly_and_once_from_two_desks(books: Office) -> None:
    assert_all_or_nothing(books, lambda work: save_profile(work, MAPPING))
    (kept,) = books.read(list_profiles)
    books.write(lambda work: delete_profile(work, kept.id))
    outcomes = at_once(*[(books, lambda work: save_profile(work, MAPPING))] * 2)
    assert winners(outcomes)
    assert all(isinstance(one, Problem) and one.hint for one in refusals(outcomes)), outcomes
    assert len(books.read(list_profiles)) == 1


def test_a_draft_is_kept_once_from_two_desks_of_one_person(books: Office) -> None:
    def keep(work: Work) -> None:
        keep_draft(work, "payer:1", {"head": {"amount": "5"}})

    outcomes = at_once(*[(books, keep)] * 2)
    assert all(isinstance(one, Problem) and one.hint for one in refusals(outcomes)), outcomes
    assert len(books.read(drafts)) == 1
    assert_all_or_nothing(books, lambda work: forget_draft(work, "payer:1"))
    assert_all_or_nothing(books, lambda work: remember_choices(work, {"method": "check"}))
