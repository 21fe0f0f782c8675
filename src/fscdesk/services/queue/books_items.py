"""What waits in the books: days of recurring entries that have come and nobody has posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from fscdesk.models.values import ZERO
from fscdesk.services.accounting.recurring_due import DueDay, due_days
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, the_rest
from fscdesk.services.queue.wording import many
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

ACCOUNTING: Final = "accounting"
LATE_DAYS: Final = 30
"""After so many days a month was closed, or is about to be, without the entry."""


def recurring_due(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield each recurring entry with days that have come; posting or skipping them closes it."""
    found: dict[int, list[DueDay]] = defaultdict(list)
    for one in due_days(work):
        found[one.recurring_id].append(one)
    oldest = sorted(found.values(), key=lambda days: (days[0].on, days[0].name))
    for days in oldest[:most]:
        first = days[0]
        others = len(days) - 1
        later = f" and {many(others, 'later day')}" if others else ""
        moved = "" if first.posts_on == first.on else f" It is posted on {first.posts_on:%m/%d/%Y}."
        yield QueueItem(
            key=f"{ItemKind.RECURRING.value}:entry-{first.recurring_id}",
            kind=ItemKind.RECURRING,
            urgency=(Urgency.MEDIUM if (work.today() - first.on).days > LATE_DAYS else Urgency.LOW),
            title="Recurring entry to post",
            about=f"{first.name}, due {first.on:%m/%d/%Y}",
            why=f"{first.amount} for {first.on:%m/%d/%Y}{later} is due.{moved}",
            amount=sum((one.amount for one in days), ZERO),
            due_on=None,
            since=first.on,
            opens=Opens(ACCOUNTING, {"tab": "recurring", "row": first.recurring_id}),
            steps=(Step("Look at its lines"), Step("Post it, or leave the day out")),
            standing=f"{first.on}",
        )
    rest = Opens(ACCOUNTING, {"tab": "recurring"})
    yield from the_rest(
        ItemKind.RECURRING, len(found), most, "recurring entries to post", rest, Urgency.LOW
    )
