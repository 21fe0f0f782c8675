"""Work that is done for many at once: a month's statements, the reminders, the claims to send.

Such a group is one item of the queue, which names the first of what is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.queue.items import ItemKind, Line, QueueItem, Step
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

NAMED: Final = 8
"""So many things of a group are named; the place that it opens has all of them."""
ALL: Final = "all"
"""What stands in a key for the one group of its kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of work for many at once. ``amount`` is at stake, ``oldest`` since when it waits.

    ``title`` and ``why`` say what waits, ``next_step`` and ``when`` what is to be done.
    ``opens`` is where the work is done; where that is one of them, ``every`` is the list of all.
    """

    kind: ItemKind
    urgency: Urgency
    title: str
    why: str
    next_step: str
    when: str
    count: int
    amount: Money
    oldest: date | None
    opens: Opens
    lines: tuple[Line, ...] = ()
    every: Opens | None = None
    due_on: date | None = None


def as_items(
    read: Callable[[Work], Iterator[Group]],
) -> Callable[[Work, int], Iterator[QueueItem]]:
    """Return a reader of items for a reader of groups: each of its groups is one item."""

    @wraps(read)
    def items(work: Work, _most: int) -> Iterator[QueueItem]:
        for one in read(work):
            yield _item(one)

    return items


def _item(one: Group) -> QueueItem:
    why = one.why.removesuffix(".")
    return QueueItem(
        key=f"{one.kind.value}:{ALL}",
        kind=one.kind,
        urgency=one.urgency,
        title=one.title,
        about=why,
        why=f"{why}.",
        amount=one.amount,
        due_on=one.due_on,
        since=one.oldest,
        opens=one.opens,
        steps=(Step(one.next_step, one.when),),
        standing=f"{one.count} {one.oldest}",
        lines=one.lines,
        every=one.every,
    )
