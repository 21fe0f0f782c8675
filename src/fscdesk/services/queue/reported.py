"""What waits of files that were imported: sessions gone, rows without an answer, new codes.

The reports find it; here it stands in the queue's words, so that Home and the queue are one list.
"""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.groups import Group
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.reports.needs_you import needs_you
from fscdesk.services.work import Work


def reported(work: Work) -> Iterator[Group]:
    """Yield the groups of ``reports.needs_you``, each as a row of its kind."""
    if not may(work, Right.SEE_REPORTS):
        return
    for need in needs_you(work):
        yield Group(
            ItemKind(need.key),
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
