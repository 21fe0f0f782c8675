"""What waits at payers' portals: claims that count as sent, and that nobody has typed in yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.claims.clocks import Band
from fscdesk.services.claims.listing import ClaimRow, rows_of_claims
from fscdesk.services.claims.portal_entering import to_enter
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.claims import CLAIM, LIST
from fscdesk.services.queue.groups import NAMED, Group
from fscdesk.services.queue.items import ItemKind, Line
from fscdesk.services.queue.wording import many, since
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

_VERY_NEAR: Final = (Band.DAYS_7, Band.OVERDUE)


def to_type_in(work: Work) -> Iterator[Group]:
    """Yield the claims on a portal's check-list with steps left; it opens that of the first.

    The first is the one whose time to file ends first; it makes the row critical in its last week.
    """
    if not may(work, Right.SEND_CLAIMS):
        return
    found = to_enter(work)
    if not found:
        return
    rows = sorted(rows_of_claims(work, list(found)), key=_due)
    first, today = rows[0], work.today()
    clock = first.deadline
    near = clock is not None and clock.band in _VERY_NEAR
    batch = found[first.id]
    oldest = min((row.last_sent_on for row in rows if row.last_sent_on is not None), default=None)
    yield Group(
        ItemKind.TO_ENTER,
        Urgency.CRITICAL if near else Urgency.HIGH,
        "Claims to enter in a portal",
        f"{many(len(rows), 'claim')} on a check-list; the payer does not have "
        f"{'it' if len(rows) == 1 else 'them'} yet",
        "Type them in, and tick the steps",
        since(oldest, today) if clock is None else clock.words[:1].lower() + clock.words[1:],
        len(rows),
        Money(sum(row.total.cents for row in rows)),
        oldest,
        Opens(LIST, {"tab": "batches", "row": batch.batch_id}),
        tuple(_line(row, found[row.id].batch) for row in rows[:NAMED]),
    )


def _due(row: ClaimRow) -> tuple[date, date]:
    return (date.max if row.deadline is None else row.deadline.due_on, row.first_day)


def _line(row: ClaimRow, batch: str) -> Line:
    clock = "" if row.deadline is None else row.deadline.words
    fact = ", ".join(part for part in (row.number, row.payer, batch, clock) if part)
    return Line(row.patient, fact, row.total, Opens(CLAIM, {"claim": row.id}))
