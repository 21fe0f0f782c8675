"""What waits of payers' answers: remittances that are not posted, in part, or stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fscdesk.models.values import ZERO
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.kinds import SHOWN, Kind, Line, Waiting, counted, many, since
from fscdesk.services.remittances.listing import (
    RemittanceFilter,
    RemittanceRow,
    RemittanceStatus,
    next_to_post,
    page_of_remittances,
)
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

LIST: Final = "payments"
REMITTANCE: Final = "remittance"
_LATE_DAYS: Final = 7
"""A check that waits longer than that is worked first."""
_MOST: Final = 500


def to_post(work: Work) -> Iterator[Waiting]:
    """Yield the remittances that need somebody, the oldest check first; it opens that one."""
    if not may(work, Right.POST_PAYMENT):
        return
    page = page_of_remittances(work, RemittanceFilter(view="needs"), Span(0, _MOST, "paid"))
    if not page.rows:
        return
    first, today = page.rows[0], work.today()
    stopped = sum(1 for row in page.rows if row.status is RemittanceStatus.STOPPED)
    claims = sum(row.unposted for row in page.rows)
    late = (today - first.paid_on).days > _LATE_DAYS
    why = f"{many(claims, 'claim')} that nobody has posted"
    yield Waiting(
        Kind.REMITTANCE,
        Urgency.HIGH if late or stopped else Urgency.MEDIUM,
        "Remittances to post",
        f"{why}; {many(stopped, 'check')} stopped" if stopped else why,
        "Look at what stays, and post",
        since(first.paid_on, today),
        page.total,
        page.totals.get("amount", ZERO),
        first.paid_on,
        Opens(REMITTANCE, {"remittance": first.id}),
        tuple(_line(row) for row in page.rows[:SHOWN]),
        all_open=Opens(LIST, {"tab": "remittances"}),
    )


def any_to_post(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where a remittance waits: to count."""
    if may(work, Right.POST_PAYMENT) and next_to_post(work) is not None:
        yield counted(Kind.REMITTANCE, LIST)


def _line(row: RemittanceRow) -> Line:
    left = f"{row.unposted} of {many(row.claims, 'claim')} left"
    fact = ", ".join(part for part in (row.number, row.trace, row.reason or left) if part)
    return Line(
        row.payer or "Unknown payer", fact, row.amount, Opens(REMITTANCE, {"remittance": row.id})
    )
