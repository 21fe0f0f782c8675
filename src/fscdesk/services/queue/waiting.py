"""What waits for a person now: by kind, with count, money, the oldest day, and where it is done.

One reader over all rooms. A kind is there only for who may do it, and only while something of
it waits; nothing is stored, so nothing can be forgotten or be there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.queue import (
    around_claims,
    bills,
    claims,
    money,
    portals,
    remittances,
    reported,
)
from fscdesk.services.queue.kinds import Kind, Line, Waiting
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Topic, Work

__all__ = [
    "KINDS",
    "TOPICS",
    "Kind",
    "Line",
    "Queue",
    "Urgency",
    "Waiting",
    "queue",
    "waiting_count",
]

TOPICS: Final = frozenset(Topic) - {Topic.VIEWS}
"""Nearly everything can put work into the queue, or take it out."""

Reader = Callable[[Work], Iterator[Waiting]]
"""Reads one kind."""

KINDS: Final[tuple[Reader, ...]] = (
    money.requests,
    money.refunds,
    money.returned,
    claims.denied,
    claims.rejected,
    claims.deadlines,
    bills.instalments,
    bills.plan_dues,
    claims.to_mend,
    portals.to_type_in,
    claims.ready,
    around_claims.unbilled,
    claims.silent,
    claims.follow_up,
    around_claims.authorizations,
    around_claims.unmatched,
    remittances.to_post,
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
    reported.reported,
)
"""In the order of the list within one urgency."""

QUICK: Final[Mapping[Reader, Reader]] = MappingProxyType(
    {
        bills.statement_run: bills.run_is_due,
        remittances.to_post: remittances.any_to_post,
        claims.denied: claims.any_denied,
        claims.rejected: claims.any_rejected,
        claims.deadlines: claims.any_deadline,
        claims.ready: claims.any_ready,
        claims.follow_up: claims.any_follow_up,
        claims.silent: claims.any_silent,
        portals.to_type_in: portals.any_to_type_in,
    }
)
"""Instead of a reader where rows are only counted: what its words need is not read then."""


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
    """Return how many rows the list has, as far as can be told without reading what they name."""
    readers = [QUICK.get(read, read) for read in KINDS]
    return sum(1 for read in readers for _row in read(work))
