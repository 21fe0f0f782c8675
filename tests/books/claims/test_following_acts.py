"""Every command on a claim: all or nothing, one of two wins, and only who may."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from fscdesk.models.audit import AuditEvent
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import ONCE
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payments import verify
from tests.support.second_person import at_once, nobody, refusals, winners


def events(work: Work) -> int:
    """Return how many acts are on record."""
    return work.db.scalar(select(func.count()).select_from(AuditEvent)) or 0


@pytest.mark.parametrize("name", ONCE)
def test_nothing_is_half_done(books: Office, name: str) -> None:
    act = ONCE[name](books)
    before = books.read(events)
    done = assert_all_or_nothing(books, act)
    assert Topic.CLAIMS in done.topics
    assert books.read(events) > before
    verify(books)


@pytest.mark.parametrize("name", ONCE)
def test_of_two_at_once_one_wins_and_the_other_is_told(books: Office, name: str) -> None:
    act = ONCE[name](books)
    outcomes = at_once((books, act), (books, act))
    assert len(winners(outcomes)) == 1, outcomes
    (told,) = refusals(outcomes)
    assert isinstance(told, Problem), repr(told)
    assert told.hint
    verify(books)


@pytest.mark.parametrize("name", ONCE)
def test_who_may_not_is_refused_and_nothing_changes(books: Office, name: str) -> None:
    act = ONCE[name](books)
    stranger = nobody(books)
    before = books.read(whole_books)
    with pytest.raises(Problem, match="You may not"):
        stranger.write(act)
    assert books.read(whole_books) == before
