"""Every command of the queue and of the jobs: whole or not at all, and once.

What asks for a right or records an act there is read from its source; a command that is new and in
no battery makes a test fail.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

import fscdesk.services.jobs as jobs_room
import fscdesk.services.queue as queue_room
from fscdesk.models.alert import Alert, JobRun, WorkItem
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.commands import commands
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.queue_acts import AGAIN, ONCE
from tests.support.second_person import at_once, refusals, winners

OF_SEVERAL = frozenset({"run_jobs"})
"""They do what other commands do, each in a transaction of its own."""
ALL = {**ONCE, **AGAIN}


def test_every_command_is_in_a_battery() -> None:
    found = commands(queue_room) | commands(jobs_room)
    assert len(found) > 10
    assert found - set(ALL) - OF_SEVERAL == set(), "write a battery for these"


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_half_done(books: Office, name: str) -> None:
    assert_all_or_nothing(books, ALL[name](books))
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


@pytest.mark.parametrize("name", AGAIN)
def test_what_is_said_twice_is_done_once(books: Office, name: str) -> None:
    act = AGAIN[name](books)
    outcomes = at_once((books, act), (books, act))
    assert winners(outcomes), outcomes
    assert all(isinstance(one, Problem) and one.hint for one in refusals(outcomes)), outcomes
    after = books.read(_counts)
    books.write(act)
    assert books.read(_counts) == after
    verify(books)


def _counts(work: Work) -> list[int]:
    nouns = (Alert, WorkItem, JobRun)
    return [work.db.scalar(select(func.count()).select_from(noun)) or 0 for noun in nouns]
