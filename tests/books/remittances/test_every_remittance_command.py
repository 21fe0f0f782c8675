"""Every command of the room of remittances: whole or not at all, once, and only who may.

What asks for a right or records an act there is read from its source; a command that is new and in
no battery makes a test fail.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

import fscdesk.services.remittances as room
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Remittance, RemittanceClaim, RemittanceFile
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.commands import commands
from tests.support.era_acts import AGAIN, ONCE
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.keyed_acts import KEYED
from tests.support.payments import verify
from tests.support.second_person import at_once, nobody, refusals, winners

LOOK_ONLY = frozenset({"charge_choices", "plan_era"})
PARTS = frozenset({"execute", "keep", "keep_typed", "match_again", "note_undone", "take_back_said"})
"""They are done by other commands, within them."""
ALL = {**ONCE, **AGAIN}


def test_every_command_is_in_a_battery() -> None:
    named = {one.partition(" ")[0] for one in (*ALL, *KEYED)} | LOOK_ONLY | PARTS
    found = commands(room)
    assert len(found) > 12
    assert found - named == set(), "write a battery for these, or say that they change nothing"


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


@pytest.mark.parametrize("name", ALL)
def test_who_may_not_is_refused_and_nothing_changes(books: Office, name: str) -> None:
    act = ALL[name](books)
    stranger = nobody(books)
    before = books.read(whole_books)
    with pytest.raises(Problem, match="You may not"):
        stranger.write(act)
    assert books.read(whole_books) == before


def _counts(work: Work) -> list[int]:
    nouns = (Remittance, RemittanceClaim, RemittanceFile, Payment, JournalEntry)
    return [work.db.scalar(select(func.count()).select_from(noun)) or 0 for noun in nouns]
