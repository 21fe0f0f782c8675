"""Jobs run once for the whole practice, whichever desk is first; one that fails stops no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from fscdesk.models.alert import JobRun
from fscdesk.models.staff import Staff
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import Problem
from fscdesk.services.jobs import catalogue, running
from fscdesk.services.jobs.catalogue import JOBS, Every, OfficeJob
from fscdesk.services.jobs.running import Outcome, due_jobs, jobs_listed, run_job, run_jobs
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.second_person import at_once, clerk, nobody

NAMES = [job.name for job in JOBS]
TRIAL = "trial"


class Trial:
    """A job of the tests: writes one person each time, and fails when it is told to."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.runs = 0

    def __call__(self, work: Work) -> str:
        """Write, then fail or not."""
        self.runs += 1
        work.db.add(Staff(login=f"trial-{self.runs}", name="Trial Person", created_at=work.now()))
        work.db.flush()
        if self.fault is not None:
            raise self.fault
        return "one written"


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Trial:
    """The jobs of the program, with one of the tests between them."""
    act = Trial()
    job = OfficeJob(TRIAL, Every.DAY, "Try it", None, act)
    jobs = (JOBS[0], job, *JOBS[1:])
    for module in (catalogue, running):
        monkeypatch.setattr(module, "JOBS", jobs)
    return act


def written(books: Office) -> int:
    count = select(func.count(Staff.id)).where(Staff.login.startswith("trial-"))
    return books.read(lambda work: work.db.scalar(count) or 0)


def test_every_job_runs_once_a_day(books: Office, clock: Clock) -> None:
    assert list(books.read(due_jobs)) == NAMES
    assert all(row.due and row.last_at is None for row in books.read(jobs_listed))
    ran = run_jobs(books)
    assert [(one.name, one.outcome) for one in ran] == [(name, Outcome.DONE) for name in NAMES]
    assert all(one.result for one in ran)
    assert books.read(due_jobs) == ()
    again = run_jobs(books)
    assert {one.outcome for one in again} == {Outcome.RAN_BEFORE}
    assert [one.result for one in again] == [one.result for one in ran]
    rows = books.read(jobs_listed)
    assert [(row.due, row.last_by) for row in rows] == [(False, books.actor.name)] * len(NAMES)
    clock.set(datetime(2026, 4, 13, 15, tzinfo=UTC))
    daily = [job.name for job in JOBS if job.every is Every.DAY]
    assert list(books.read(due_jobs)) == daily
    clock.set(datetime(2026, 5, 1, 15, tzinfo=UTC))
    assert list(books.read(due_jobs)) == NAMES


def test_a_week_is_one_run_from_monday_on() -> None:
    weekly = replace(JOBS[0], every=Every.WEEK)
    sunday, monday = datetime(2026, 4, 12, tzinfo=UTC), datetime(2026, 4, 13, tzinfo=UTC)
    assert weekly.key(sunday.date()).endswith(":2026-04-06")
    assert weekly.key(monday.date()).endswith(":2026-04-13")


def test_two_desks_at_once_run_it_once(
    practice: str, books: Office, clock: Clock, trial: Trial
) -> None:
    second = open_office(practice, now=clock)  # a connection pool of its own
    try:
        ran = at_once(
            (books, lambda work: run_job(work, TRIAL)), (second, lambda work: run_job(work, TRIAL))
        )
        assert sorted(one.outcome for one in ran) == [Outcome.DONE, Outcome.RAN_BEFORE]
        assert written(books) == 1
        count = select(func.count(JobRun.id)).where(JobRun.name == TRIAL)
        assert books.read(lambda work: work.db.scalar(count)) == 1
    finally:
        second.close()


@pytest.mark.parametrize("fault", [Problem("No paper.", hint="Fill it."), ValueError("Alma")])
def test_a_job_that_fails_says_so_stops_no_other_and_is_tried_again(
    books: Office, trial: Trial, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "keep_fault", lambda _fault: None)
    trial.fault = fault
    ran = {one.name: one for one in run_jobs(books)}
    assert ran.pop(TRIAL).outcome is Outcome.FAILED
    assert {one.outcome for one in ran.values()} == {Outcome.DONE}
    assert written(books) == 0  # what it had begun is taken back
    (row,) = [row for row in books.read(jobs_listed) if row.name == TRIAL]
    assert row.due
    assert "Alma" not in row.last_result
    assert row.last_result == (
        "No paper. Fill it." if isinstance(fault, Problem) else running.FAULT
    )
    assert books.read(due_jobs) == (TRIAL,)
    trial.fault = None
    assert run_jobs(books, [TRIAL])[0].outcome is Outcome.DONE
    assert written(books) == 1


def test_what_was_done_runs_again_when_it_is_asked_to(books: Office, trial: Trial) -> None:
    run_jobs(books, [TRIAL])
    run_jobs(books, [TRIAL])
    assert trial.runs == 1
    assert run_jobs(books, [TRIAL], again=True)[0].outcome is Outcome.DONE
    assert trial.runs == 2


def test_who_may_not_run_a_job_leaves_it_to_who_may(books: Office) -> None:
    stranger = nobody(books)
    ran = {one.name: one.outcome for one in run_jobs(stranger)}
    assert ran["plans"] is Outcome.MAY_NOT
    assert ran["alerts"] is Outcome.DONE
    assert "plans" not in stranger.read(due_jobs)
    assert "plans" in clerk(books).read(due_jobs)
    assert run_jobs(books, ["plans"])[0].outcome is Outcome.DONE


def test_an_unknown_job_is_refused_and_none_runs(books: Office, trial: Trial) -> None:
    with pytest.raises(Problem, match="no job nonsense"):
        run_jobs(books, [TRIAL, "nonsense"])
    assert trial.runs == 0


def test_jobs_that_write_need_a_right_or_only_follow() -> None:
    assert {job.name: job.right for job in JOBS}["plans"] is Right.MANAGE_PLANS
    assert len(set(NAMES)) == len(NAMES)
