"""The jobs that there are: what each does, how often, and the right it needs.

A job that writes does what a person could do in one act; one that only looks says what it found
and leaves the rest to a person.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fscdesk.services.accounting.journal import post_due_reversals
from fscdesk.services.accounting.recurring import post_due
from fscdesk.services.billing.reminder_plan import plan_reminders
from fscdesk.services.claims.outbox import write_missing
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right
from fscdesk.services.queue.alerts import keep_alerts
from fscdesk.services.queue.bills import plan_dues, run_is_due
from fscdesk.services.queue.wording import many
from fscdesk.services.work import Work


class Every(enum.StrEnum):
    """How often a job runs."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class OfficeJob:
    """A job: its name, how often it runs, what it does in words, and what it needs.

    ``act`` does it in the transaction that it is given, and says in words what it did.
    """

    name: str
    every: Every
    words: str
    right: Right | None
    act: Callable[[Work], str]

    def key(self, today: date) -> str:
        """Return the name of its run on a day: the same one all day, all week, or all month."""
        first = today
        if self.every is Every.WEEK:
            first = today - timedelta(days=today.weekday())
        elif self.every is Every.MONTH:
            first = today.replace(day=1)
        return f"{self.name}:{first.isoformat()}"


def job_named(name: str) -> OfficeJob:
    """Return a job. Raises Problem where there is none of that name."""
    for job in JOBS:
        if job.name == name:
            return job
    names = ", ".join(job.name for job in JOBS)
    raise Problem(f"There is no job {name}.", hint=f"Nothing was done. There are: {names}.")


def _outbox(work: Work) -> str:
    written = write_missing(work)
    said = f"{many(len(written.paths), 'file')} written"
    return f"{said}, {len(written.waiting):,} wait" if written.waiting else said


def _plans(work: Work) -> str:
    due = list(plan_dues(work))
    return f"{due[0].title}: {due[0].why}" if due else "Nothing to charge"


def _reminders(work: Work) -> str:
    plan = plan_reminders(work)
    return f"{many(len(plan.letters), 'letter')} due, {plan.total} in all; none was made"


def _statements(work: Work) -> str:
    due = run_is_due(work)
    return "The month's run is to be made" if due else "The month's run stands"


def _books(work: Work) -> str:
    turned = post_due_reversals(work)
    done = post_due(work)
    said = f"{many(len(done.posted), 'entry', 'entries')} posted, {turned:,} turned back"
    return f"{said}; {'; '.join(done.waiting)}" if done.waiting else said


def _alerts(work: Work) -> str:
    kept = keep_alerts(work)
    return f"{kept.opened:,} opened, {kept.raised:,} raised, {kept.resolved:,} resolved"


JOBS: Final[tuple[OfficeJob, ...]] = (
    OfficeJob("outbox", Every.DAY, "Write the files of claims that wait for it", None, _outbox),
    OfficeJob(
        "plans",
        Every.DAY,
        "Look what fell due on payment plans; a person charges it",
        Right.MANAGE_PLANS,
        _plans,
    ),
    OfficeJob(
        "reminders",
        Every.DAY,
        "Look which reminders are due; a person makes them",
        Right.MAKE_INVOICES,
        _reminders,
    ),
    OfficeJob(
        "statements",
        Every.MONTH,
        "Look whether the month's statements are to be made; a person makes them",
        Right.MAKE_STATEMENTS,
        _statements,
    ),
    OfficeJob(
        "books",
        Every.DAY,
        "Post the entries that come again by themselves, and turn back what is due",
        Right.KEEP_BOOKS,
        _books,
    ),
    OfficeJob(
        "alerts",
        Every.DAY,
        "Open, raise and resolve alerts, so that they say what is so now",
        None,
        _alerts,
    ),
)
"""In the order in which they run: alerts come last, and see what the others did."""
