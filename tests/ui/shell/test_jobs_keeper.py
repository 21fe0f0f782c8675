"""Jobs while a practice is open: run once on the worker, quietly, and no more after it closed."""

from __future__ import annotations

from sqlalchemy import func, select

from fscdesk.models.alert import JobRun
from fscdesk.services.jobs.catalogue import JOBS
from fscdesk.services.jobs.running import due_jobs
from fscdesk.services.office import Office
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.jobs_keeper import FIRST_LOOK, JobsKeeper
from tests.support.patience import PatientBot


def runs(books: Office) -> int:
    return books.read(lambda work: work.db.scalar(select(func.count(JobRun.id)))) or 0


def test_what_is_due_runs_once_and_stopped_is_stopped(
    sqlite_books: Office, qtbot: PatientBot
) -> None:
    desk = Desk(sqlite_books)
    keeper = JobsKeeper(desk, desk)
    keeper.start()
    assert FIRST_LOOK >= 1000  # the window is usable first
    assert runs(sqlite_books) == 0
    keeper.look()
    qtbot.waitUntil(lambda: runs(sqlite_books) == len(JOBS))
    qtbot.waitUntil(desk.quiet)
    assert sqlite_books.read(due_jobs) == ()
    keeper.look()
    qtbot.waitUntil(desk.quiet)
    assert runs(sqlite_books) == len(JOBS)
    keeper.stop()
    desk.close()
