"""Runs jobs once for the whole practice: whoever writes the run's row first does it.

A job and its row are one transaction. A second desk that begins the same run waits for the
first one's end, and then sees it; where the first one's computer stops, nothing of it is left.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from fscdesk.models.alert import JobRun
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.errors import Cancelled, Problem
from fscdesk.services.faults import keep_fault
from fscdesk.services.jobs.catalogue import JOBS, Every, OfficeJob, job_named
from fscdesk.services.office import Office
from fscdesk.services.permissions import may
from fscdesk.services.work import Topic, Work

__all__ = ["Every", "JobRan", "JobRow", "Outcome", "due_jobs", "jobs_listed", "run_job", "run_jobs"]

LONGEST: Final = 300
FAULT: Final = "It met a fault of its own, and nothing of it was saved. It is tried again."


class Outcome(enum.StrEnum):
    """How it went: done, failed (its row says why), done before, or not this person's."""

    DONE = "done"
    FAILED = "failed"
    RAN_BEFORE = "ran_before"
    MAY_NOT = "may_not"


@dataclass(frozen=True, slots=True)
class JobRan:
    """What became of one job: ``words`` say what it is for, ``result`` what it did."""

    name: str
    outcome: Outcome
    result: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job and its last run; ``last_at`` is UTC. ``due``: its run of this time is not done."""

    name: str
    every: Every
    words: str
    due: bool
    last_at: datetime | None
    last_by: str
    last_result: str


def run_jobs(
    office: Office, names: Collection[str] = (), *, again: bool = False
) -> tuple[JobRan, ...]:
    """Run every job that is due (of ``names``, where some are named), one after the other.

    Each is saved by itself, so that one that fails stops no other. ``again`` runs also what was
    done before. Raises Problem for a name that is none.
    """
    wanted = [job_named(name).name for name in names] or [job.name for job in JOBS]
    return tuple(
        office.write(lambda work, name=name: run_job(work, name, again=again)).value  # type: ignore[misc]
        for name in wanted
    )


def run_job(work: Work, name: str, *, again: bool = False) -> JobRan:
    """Run one job unless its run of this time is done, and keep what it did in its row.

    What a job that fails has begun is taken back; its row stays without an end and says why, and
    the next call tries it once more.
    """
    job = job_named(name)
    if job.right is not None and not may(work, job.right):
        return JobRan(job.name, Outcome.MAY_NOT, "You may not run it.", job.words)
    row = _begun(work, job)
    if row.ended_at is not None and not again:
        return JobRan(job.name, Outcome.RAN_BEFORE, row.result, job.words)
    row.staff_id, row.started_at, row.ended_at = work.actor.staff_id, work.now(), None
    row.day = work.today()
    work.db.flush()
    topics = set(work.topics)
    try:
        with work.db.begin_nested():
            row_result = job.act(work)
            work.db.flush()
    except Cancelled:
        raise
    except Problem as problem:
        work.topics = topics
        return _ended(work, job, row, f"{problem.message} {problem.hint}", failed=True)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other jobs still run
        work.topics = topics
        keep_fault(fault)
        return _ended(work, job, row, FAULT, failed=True)
    return _ended(work, job, row, row_result, failed=False)


def due_jobs(work: Work) -> tuple[str, ...]:
    """Return the names of the jobs whose run is not done and that the person may run."""
    today = work.today()
    keys = {job.key(today): job for job in JOBS}
    done = set(
        work.db.scalars(
            select(JobRun.key).where(JobRun.key.in_(keys), JobRun.ended_at.is_not(None))
        )
    )
    return tuple(
        job.name
        for key, job in keys.items()
        if key not in done and (job.right is None or may(work, job.right))
    )


def jobs_listed(work: Work) -> tuple[JobRow, ...]:
    """Return every job with its last run, in the order in which they run."""
    today = work.today()
    return tuple(_listed(work, job, job.key(today)) for job in JOBS)


def _begun(work: Work, job: OfficeJob) -> JobRun:
    """Return the row of this run, locked; made where there is none.

    Another desk that makes it in the same moment waits at its unique key until this one's end.
    """
    key = job.key(work.today())
    row = work.db.scalar(select(JobRun).where(JobRun.key == key).with_for_update())
    if row is None:
        row = JobRun(
            key=key,
            name=job.name,
            day=work.today(),
            staff_id=work.actor.staff_id,
            started_at=work.now(),
        )
        work.db.add(row)
        work.db.flush()
    return row


def _ended(work: Work, job: OfficeJob, row: JobRun, said: str, *, failed: bool) -> JobRan:
    words = said.strip()[:LONGEST]
    row.result = words
    row.ended_at = None if failed else work.now()
    work.db.flush()
    record(work, "run_job", "job_run", row.id, name=job.name, failed=failed)
    work.touch(Topic.QUEUE)
    return JobRan(job.name, Outcome.FAILED if failed else Outcome.DONE, words, job.words)


def _listed(work: Work, job: OfficeJob, key: str) -> JobRow:
    last = work.db.execute(
        select(JobRun, Staff.name)
        .join(Staff, Staff.id == JobRun.staff_id)
        .where(JobRun.name == job.name)
        .order_by(JobRun.started_at.desc(), JobRun.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return JobRow(job.name, job.every, job.words, True, None, "", "")
    run, by = last
    due = run.key != key or run.ended_at is None
    return JobRow(job.name, job.every, job.words, due, run.started_at, by, run.result)
