"""Two desks that lock the same records in opposite order: one is told, nothing hangs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from fscdesk.models.patient import Guarantor
from fscdesk.services.editing import locked
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.office import Office
from fscdesk.services.work import Work
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
