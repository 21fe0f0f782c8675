"""Every command of the queue and of the jobs that stands ready to be run: for their battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import update

from fscdesk.models.claim import Claim
from fscdesk.services.jobs.running import run_job
from fscdesk.services.office import Office
from fscdesk.services.queue import alerts, keeping_items
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import TODAY, Act, Ready, sent_claim
from tests.support.claims import add_claim_desk, ready


def _thing(books: Office) -> str:
    """A session that is to be billed, as a thing of the queue."""
    desk = books.write(add_claim_desk).value
    return f"unbilled:{books.write(lambda work: ready(work, desk)).value}"


def _on_thing(act: Callable[[Work, str], object], *before: Callable[[Work, str], object]) -> Ready:
    def make(books: Office) -> Act:
        key = _thing(books)
        for one in before:
            books.write(lambda work, one=one: one(work, key))  # type: ignore[misc]
        return lambda work: act(work, key)

    return make


def silent(books: Office) -> None:
    """Let a payer be silent about a claim for more than sixty days."""
    claim_id = sent_claim(books)

    def act(work: Work) -> None:
        day = TODAY - timedelta(days=70)
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(last_sent_on=day))
        work.touch(Topic.CLAIMS)

    books.write(act)


def _keep(books: Office) -> Act:
    silent(books)
    return alerts.keep_alerts


def _job(books: Office) -> Act:
    silent(books)
    return lambda work: run_job(work, "alerts")


def _on_alert(act: Callable[[Work, alerts.AlertRow], object]) -> Ready:
    def make(books: Office) -> Act:
        silent(books)
        books.write(alerts.keep_alerts)
        one = books.read(alerts.open_alerts)[0]
        return lambda work: act(work, one)

    return make


_SNOOZED = date(2026, 5, 1)

ONCE: Mapping[str, Ready] = MappingProxyType(
    {
        "acknowledge": _on_alert(
            lambda work, one: alerts.acknowledge(work, one.id, expected_version=one.version)
        ),
        "assign_alert": _on_alert(
            lambda work, one: alerts.assign_alert(
                work, one.id, work.actor.staff_id, expected_version=one.version
            )
        ),
        "resolve": _on_alert(
            lambda work, one: alerts.resolve(work, one.id, expected_version=one.version)
        ),
    }
)
"""By name; each prepares the books and returns the act, which can be done once only."""
AGAIN: Mapping[str, Ready] = MappingProxyType(
    {
        "keep_alerts": _keep,
        "run_job": _job,
        "assign": _on_thing(
            lambda work, key: keeping_items.assign(work, [key], work.actor.staff_id)
        ),
        "snooze": _on_thing(lambda work, key: keeping_items.snooze(work, [key], _SNOOZED)),
        "wake": _on_thing(
            lambda work, key: keeping_items.wake(work, [key]),
            lambda work, key: keeping_items.snooze(work, [key], _SNOOZED),
        ),
        "write_note": _on_thing(lambda work, key: keeping_items.write_note(work, key, "asked")),
        "set_done": _on_thing(lambda work, key: keeping_items.set_done(work, [key])),
        "take_up": _on_thing(
            lambda work, key: keeping_items.take_up(work, [key]),
            lambda work, key: keeping_items.set_done(work, [key]),
        ),
    }
)
"""What can be said twice, and is done once."""
