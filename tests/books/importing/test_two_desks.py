"""Two workstations import at once; a plan meets books that have moved; a step fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.registry import metadata
from fscdesk.models.session import Session
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import Cancelled, ChangedElsewhere
from fscdesk.services.importing.applying import Applied, apply_prepared, import_file
from fscdesk.services.importing.planning import plan_import
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Job
from tests.support.clock import Clock
from tests.support.shared import samples

MARCH = "simplepractice_appointments_2026-03.csv"
AGAIN = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"


def march() -> Path:
    return samples() / MARCH


def contents(books: Office) -> dict[str, int]:
    return books.read(
        lambda work: {
            table.name: int(work.db.scalar(select(func.count()).select_from(table)) or 0)
            for table in metadata.sorted_tables
        }
    )


def test_one_file_imported_at_two_desks_comes_in_once(practice: str, clock: Clock) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    file = read_file(march())

    def bring_in(desk: Office) -> Applied:
        return desk.write(lambda work: import_file(work, file, accept_proposals=True)).value

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(bring_in, desks))
    assert sorted(one.batch_id is None for one in done) == [False, True]
    second = next(one for one in done if one.batch_id is None)
    assert second.plan.already is not None
    count = desks[0].read(lambda work: work.db.scalar(select(func.count(Session.id))))
    assert count == 60
    assert desks[0].read(run_checks).ok
    for desk in desks:
        desk.close()


def test_a_plan_that_was_overtaken_is_not_applied(books: Office) -> None:
    file = read_file(march())
    seen = books.read(lambda work: plan_import(work, file, accept_proposals=True))
    books.write(lambda work: import_file(work, file, accept_proposals=True))
    with pytest.raises(ChangedElsewhere, match="books changed after this plan"):
        books.write(lambda work: apply_prepared(work, file, seen, accept_proposals=True))
    batches = books.read(lambda work: work.db.scalar(select(func.count(ImportBatch.id))))
    assert batches == 1


def test_applying_does_what_the_plan_said(books: Office) -> None:
    file = read_file(march())
    seen = books.read(lambda work: plan_import(work, file, accept_proposals=True))
    assert contents(books)["session"] == 0, "planning writes nothing"
    done = books.write(lambda work: apply_prepared(work, file, seen, accept_proposals=True)).value
    assert done.plan.digest == seen.plan.digest
    owed = text("SELECT sum(insurance_balance) + sum(patient_balance) FROM session")
    assert (
        books.read(lambda work: work.db.execute(owed).scalar_one()) == seen.plan.open_change.cents
    )


class Broken(Exception):
    """The statement at which the test pulls the plug."""


def breaks_at(books: Office, number: int, act: object) -> bool:
    """Run an act that fails at its ``number``-th statement; return whether it got that far."""
    seen = 0

    def count(*_args: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Broken

    engine = books._engine  # the test stands where the wire is
    event.listen(engine, "before_cursor_execute", count)
    try:
        books.write(act)  # type: ignore[arg-type]
    except Broken:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return False


def test_an_import_that_fails_anywhere_leaves_nothing(books: Office) -> None:
    first, second = read_file(march()), read_file(samples() / AGAIN)
    books.write(lambda work: import_file(work, first, accept_proposals=True))
    before, number = contents(books), 1
    while breaks_at(books, number, lambda work: import_file(work, second, accept_proposals=True)):
        assert contents(books) == before, f"statement {number} left something"
        number += 3
    assert number > 30
    assert books.read(run_checks).ok
    newest = books.read(lambda work: work.db.scalar(select(func.max(ImportBatch.id)))) or 0
    before, number = contents(books), 1
    while breaks_at(books, number, lambda work: undo_import(work, newest)):
        assert contents(books) == before, f"statement {number} of the undo left something"
        number += 3
    assert books.read(run_checks).ok


def test_a_cancelled_import_leaves_nothing(books: Office) -> None:
    before, job = contents(books), Job()
    file = read_file(march())
    job.cancel()
    with pytest.raises(Cancelled):
        books.write(lambda work: import_file(work, file, accept_proposals=True), job)
    assert contents(books) == before
