"""What waits for a person now: by kind, with count, money, the oldest day, and where it is done.

One reader over all rooms. A kind is there only for who may do it, and only while something of
it waits; nothing is stored, so nothing can be forgotten or be there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.queue import bills, money
from fscdesk.services.queue.kinds import Kind, Line, Waiting
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Work

__all__ = ["KINDS", "Kind", "Line", "Queue", "Urgency", "Waiting", "queue", "waiting_count"]

Reader = Callable[[Work], Iterator[Waiting]]
"""Reads one kind."""

KINDS: Final[tuple[Reader, ...]] = (
    money.requests,
    money.refunds,
    money.returned,
    bills.instalments,
    bills.plan_dues,
    bills.statement_run,
    bills.held_statements,
    bills.unsent_statements,
    bills.changed_invoices,
    bills.draft_invoices,
    bills.reminders,
    bills.collections,
    money.clearing,
    bills.write_offs,
    money.credits_left,
)
"""In the order of the list within one urgency."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The whole list, most urgent first."""

    as_of: date
    rows: Sequence[Waiting]

    @property
    def amount(self) -> Money:
        """Return the money of all rows."""
        return sum((row.amount for row in self.rows), ZERO)


def queue(work: Work) -> Queue:
    """Return what waits for the person at the desk, most urgent first."""
    order = list(Urgency)
    found = [row for read in KINDS for row in read(work)]
    found.sort(key=lambda row: order.index(row.urgency))  # stable: kinds keep their order
    return Queue(work.today(), tuple(found))


def waiting_count(work: Work) -> int:
    """Return how many rows the list has; the month's statements are not planned for it."""
    readers = [bills.run_is_due if read is bills.statement_run else read for read in KINDS]
    return sum(1 for read in readers for _row in read(work))
