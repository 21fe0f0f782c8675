"""Two desks that lock the same records in opposite order: one is told, nothing hangs."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event

import pytest
from psycopg.errors import DeadlockDetected, UniqueViolation

from fscdesk.models.patient import Guarantor
from fscdesk.services.billing.agencies import add_agency, agencies
from fscdesk.services.editing import locked
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.agency import AGENCY
from tests.support.people import add_guarantor


def test_the_loser_of_a_deadlock_is_told_and_nothing_of_it_is_saved(books: Office) -> None:
    first, second = books.write(
        lambda work: (add_guarantor(work, "Ada Anyone"), add_guarantor(work, "Ben Somebody"))
    ).value
    met = Barrier(2)

    def rename(order: tuple[int, int], name: str) -> str:
        def act(work: Work) -> None:
            locked(work, Guarantor, order[0], "this guarantor").name = name
            work.db.flush()
            with suppress(BrokenBarrierError):  # SQLite lets one writer in at a time
                met.wait(timeout=1)
            locked(work, Guarantor, order[1], "this guarantor").name = name

        try:
            books.write(act)
        except ChangedElsewhere as told:
            return told.hint
        return name

    with ThreadPoolExecutor(2) as desks:
        one = desks.submit(rename, (first, second), "One")
        two = desks.submit(rename, (second, first), "Two")
        results = [one.result(timeout=60), two.result(timeout=60)]
    won = [name for name in results if name in ("One", "Two")]
    assert won
    names = books.read(
        lambda work: [work.db.get_one(Guarantor, ident).name for ident in (first, second)]
    )
    assert names in [[name] * 2 for name in won]
    if books.dialect == "postgresql":
        assert "Your change was not saved. Do it once more." in results


def test_who_names_something_a_moment_later_is_told(books: Office) -> None:
    """Postgres lets both look before one writes: the second finds the name taken, at the end."""
    written = Event()

    def first(work: Work) -> None:
        add_agency(work, AGENCY)
        written.set()
        time.sleep(0.3)

    def second() -> Problem | int:
        written.wait(timeout=20)
        try:
            return books.write(lambda work: add_agency(work, AGENCY)).value
        except Problem as told:
            return told

    with ThreadPoolExecutor(2) as desks:
        one, two = desks.submit(books.write, first), desks.submit(second)
        one.result(timeout=60)
        told = two.result(timeout=60)
    assert isinstance(told, Problem)
    assert told.hint
    assert len(books.read(agencies)) == 1


def test_the_first_two_documents_of_a_year_take_one_and_two(books: Office) -> None:
    """Two desks find that the year has no number yet; the second waits, and takes the next."""
    taken = Event()
    times = Counter[str]()

    def first(work: Work) -> str:
        number = next_number(work, "PAY", 2031)
        taken.set()
        time.sleep(0.3)
        return number

    def second(work: Work) -> str:
        times["second"] += 1
        return next_number(work, "PAY", 2031)

    def wait_and_write() -> str:
        taken.wait(timeout=20)
        return books.write(second).value

    with ThreadPoolExecutor(2) as desks:
        one, two = desks.submit(books.write, first), desks.submit(wait_and_write)
        numbers = [one.result(timeout=60).value, two.result(timeout=60)]
    assert numbers == ["PAY-2031-00001", "PAY-2031-00002"]
    assert times["second"] == 1


def test_a_fault_that_copy_meets_is_known_as_well(books: Office) -> None:
    """COPY goes past SQLAlchemy: its faults are the driver's own, with the same names."""
    tries: list[str] = []

    def act(_work: Work) -> str:
        tries.append("once")
        if len(tries) == 1:
            raise UniqueViolation
        return "seen"

    assert books.write(act).value == "seen"

    def lose(_work: Work) -> None:
        raise DeadlockDetected

    with pytest.raises(ChangedElsewhere, match="at the same moment"):
        books.write(lose)
