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
from fscdesk.services.reports.scheduled import write_monthly
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
    if not (written.paths or written.waiting):
        return "No claim file was waiting"
    said = f"{many(len(written.paths), 'claim file')} written"
    return f"{said}, {len(written.waiting):,} still to write" if written.waiting else said


def _plans(work: Work) -> str:
    due = list(plan_dues(work))
    return f"{due[0].title}: {due[0].why}" if due else "No instalment is due"


def _reminders(work: Work) -> str:
    plan = plan_reminders(work)
    if not plan.letters:
        return "No reminder is due"
    return f"{many(len(plan.letters), 'reminder')} due, {plan.total} in all; a person makes them"


def _statements(work: Work) -> str:
    if run_is_due(work):
        return "The statements of the month are due; a person makes them"
    return "The statements of the month are made, or none is due"


def _books(work: Work) -> str:
    turned = post_due_reversals(work)
    done = post_due(work)
    parts = []
    if done.posted:
        parts.append(f"{many(len(done.posted), 'recurring entry', 'recurring entries')} posted")
    if turned:
        parts.append(f"{many(turned, 'entry', 'entries')} turned back")
    said = ", ".join(parts) or "No entry was due"
    return f"{said}; not posted: {'; '.join(done.waiting)}" if done.waiting else said


def _reports(work: Work) -> str:
    written = write_monthly(work)
    if not written.paths and not written.refused:
        return "No report is to be written each month"
    said = f"{many(len(written.paths), 'file')} written"
    return f"{said}; {' '.join(written.refused)}" if written.refused else said


def _alerts(work: Work) -> str:
    kept = keep_alerts(work)
    parts = [
        f"{count:,} {words}"
        for count, words in (
            (kept.opened, "new"),
            (kept.raised, "more urgent than before"),
            (kept.resolved, "settled"),
        )
        if count
    ]
    return f"Alerts: {', '.join(parts)}" if parts else "Alerts: nothing has changed"


JOBS: Final[tuple[OfficeJob, ...]] = (
    OfficeJob(
        "outbox", Every.DAY, "Write claim files that could not be written before", None, _outbox
    ),
    OfficeJob(
        "plans",
        Every.DAY,
        "See which instalments of payment plans are due",
        Right.MANAGE_PLANS,
        _plans,
    ),
    OfficeJob(
        "reminders",
        Every.DAY,
        "See which reminders of unpaid bills are due",
        Right.MAKE_INVOICES,
        _reminders,
    ),
    OfficeJob(
        "statements",
        Every.MONTH,
        "See whether the statements of the month are due",
        Right.MAKE_STATEMENTS,
        _statements,
    ),
    OfficeJob(
        "books",
        Every.DAY,
        "Post recurring entries of the books, and turn back what is due",
        Right.KEEP_BOOKS,
        _books,
    ),
    OfficeJob(
        "reports",
        Every.MONTH,
        "Write the reports of the month before into their folder",
        Right.SEE_REPORTS,
        _reports,
    ),
    OfficeJob(
        "alerts",
        Every.DAY,
        "Bring the alerts on Home up to date",
        None,
        _alerts,
    ),
)
"""In the order in which they run: alerts come last, and see what the others did."""
