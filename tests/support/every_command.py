"""What every command of a room must pass: whole or not at all, once, and only who may.

    class TestEveryQueueCommand(Battery):
        rooms = (queue_room,)
        once, again = ONCE, AGAIN
        nouns = (Alert, WorkItem)

What asks for a right, or records an act, in a room is read from its source; a command that is
new and in no battery makes a test fail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select

from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.commands import commands
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payments import verify
from tests.support.second_person import at_once, nobody, refusals, winners

Act = Callable[[Work], Any]
Ready = Callable[[Office], Act]
"""Prepares the books and returns the act. Its name in a table is that of the command, and where
there are several of one, more words after a blank."""
NONE: Mapping[str, Ready] = MappingProxyType({})


class Battery:
    """The tests; a test module derives from it and says which commands there are.

    ``once`` can be done once only: the second desk is told. ``again`` can be said twice and is
    done once, counted by ``nouns``. ``each`` is done as often as it is said. ``elsewhere`` are
    those that another battery or test has, change nothing, or are parts of others.
    ``stranger_is_told`` is what somebody without any right reads, but of those ``for_anybody``.
    """

    rooms: ClassVar[tuple[ModuleType, ...]] = ()
    once: ClassVar[Mapping[str, Ready]] = NONE
    again: ClassVar[Mapping[str, Ready]] = NONE
    each: ClassVar[Mapping[str, Ready]] = NONE
    elsewhere: ClassVar[Collection[str]] = ()
    nouns: ClassVar[tuple[Any, ...]] = ()
    least: ClassVar[int] = 10
    stranger_is_told: ClassVar[str] = "You may not"
    for_anybody: ClassVar[Collection[str]] = ()

    def __init_subclass__(cls) -> None:
        """Leave out the tests for which there is no command."""
        for test, acts in (
            ("test_of_two_at_once_one_wins_and_the_other_is_told", cls.once),
            ("test_what_is_said_twice_is_done_once", cls.again),
            ("test_two_desks_do_it_twice", cls.each),
        ):
            if not acts:
                setattr(cls, test, None)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give each test the commands of its kind."""
        every = {**self.once, **self.again, **self.each}
        guarded = {name: act for name, act in every.items() if name not in self.for_anybody}
        for name, acts in (
            ("once_only", self.once),
            ("said_again", self.again),
            ("said_each", self.each),
            ("whichever", every),
            ("guarded", guarded),
        ):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, list(acts.values()), ids=list(acts))

    def test_every_command_is_in_a_battery(self) -> None:
        """Read from the source which there are."""
        found = set[str]().union(*(commands(room) for room in self.rooms))
        named = {one.partition(" ")[0] for one in (*self.once, *self.again, *self.each)}
        assert len(found) > self.least
        unknown = found - named - set(self.elsewhere)
        assert unknown == set(), (
            f"{unknown}: write a battery for these, or say that they change nothing"
        )

    def test_nothing_is_half_done(self, books: Office, whichever: Ready) -> None:
        """Fail at each write."""
        assert_all_or_nothing(books, whichever(books))
        verify(books)

    def test_of_two_at_once_one_wins_and_the_other_is_told(
        self, books: Office, once_only: Ready
    ) -> None:
        """Do it at two desks."""
        act = once_only(books)
        outcomes = at_once((books, act), (books, act))
        assert len(winners(outcomes)) == 1, outcomes
        (told,) = refusals(outcomes)
        assert isinstance(told, Problem), repr(told)
        assert told.hint
        verify(books)

    def test_what_is_said_twice_is_done_once(self, books: Office, said_again: Ready) -> None:
        """Say it at two desks, and once more."""
        act = said_again(books)
        outcomes = at_once((books, act), (books, act))
        assert winners(outcomes), outcomes
        assert all(isinstance(one, Problem) and one.hint for one in refusals(outcomes)), outcomes
        after = books.read(self._counts)
        books.write(act)
        assert books.read(self._counts) == after
        verify(books)

    def test_two_desks_do_it_twice(self, books: Office, said_each: Ready) -> None:
        """Say it at two desks: both are done."""
        act = said_each(books)
        outcomes = at_once((books, act), (books, act))
        assert len(winners(outcomes)) == len(outcomes), outcomes
        verify(books)

    def test_who_may_not_is_refused_and_nothing_changes(
        self, books: Office, guarded: Ready
    ) -> None:
        """Let somebody without any right try it."""
        act = guarded(books)
        stranger = nobody(books)
        before = books.read(whole_books)
        with pytest.raises(Problem, match=self.stranger_is_told):
            stranger.write(act)
        assert books.read(whole_books) == before

    def _counts(self, work: Work) -> list[int]:
        return [work.db.scalar(select(func.count()).select_from(noun)) or 0 for noun in self.nouns]
