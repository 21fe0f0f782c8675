"""What waits outside the rooms that the queue reads itself: unsigned notes, overpaid payers, files.

The reports find it; here it stands in the queue's words, so that Home and the queue are one list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.kinds import Kind, Waiting
from fscdesk.services.remembering import remembered
from fscdesk.services.reports.needs_you import needs_you
from fscdesk.services.work import Topic, Work

_TOPICS: Final = frozenset(
    {
        Topic.SESSIONS,
        Topic.CLAIMS,
        Topic.LEDGER,
        Topic.IMPORTS,
        Topic.PATIENTS,
        Topic.PAYERS,
        Topic.SERVICES,
    }
)


def reported(work: Work) -> Iterator[Waiting]:
    """Yield the groups of ``reports.needs_you``, each as a row of its kind."""
    if not may(work, Right.SEE_REPORTS):
        return
    for need in remembered(work, _TOPICS, ("needs", work.today()), lambda: needs_you(work)):
        yield Waiting(
            Kind(need.key),
            need.urgency,
            need.title,
            need.why,
            need.next_step,
            need.when,
            need.count,
            need.amount,
            need.oldest,
            need.opens,
        )
