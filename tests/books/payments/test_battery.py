"""Every command on received money: all or nothing, one of two wins, and only who may."""

from __future__ import annotations

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payment_acts import ACTS
from tests.support.payments import Till, verify
from tests.support.second_person import at_once, nobody, refusals, winners


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_half_done(books: Office, till: Till, name: str) -> None:
    ready = ACTS[name](books, till)
    assert_all_or_nothing(ready.office, ready.act)
    verify(books)


@pytest.mark.parametrize("name", ACTS)
def test_of_two_at_once_one_wins_and_the_other_is_told(
    books: Office, till: Till, name: str
) -> None:
    ready = ACTS[name](books, till)
    outcomes = at_once((ready.office, ready.act), (ready.office, ready.act))
    assert len(winners(outcomes)) == 1, outcomes
    (told,) = refusals(outcomes)
    assert isinstance(told, Problem), repr(told)
    assert told.hint
    verify(books)


@pytest.mark.parametrize("name", ACTS)
def test_who_may_not_is_refused_and_nothing_changes(books: Office, till: Till, name: str) -> None:
    ready = ACTS[name](books, till)
    if not ready.guarded:
        return
    stranger = nobody(books)
    before = books.read(whole_books)
    with pytest.raises(Problem, match="You may not"):
        stranger.write(ready.act)
    assert books.read(whole_books) == before
