"""What waits of claims for many at once: those to send; and how many of them wait, for the rail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.services.claims.claim_filters import is_denied
from fscdesk.services.claims.listing import ClaimFilter, ClaimRow, page_of_claims
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.groups import NAMED, Group
from fscdesk.services.queue.items import ItemKind, Line
from fscdesk.services.queue.wording import many, since
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

LIST, CLAIM, BUILD = "claims", "claim", "claim-build"
"""The places that claims lead to."""
_READY: Final = "ready"


def ready(work: Work) -> Iterator[Group]:
    """Yield the claims that are checked and not sent."""
    if not may(work, Right.MAKE_CLAIMS):
        return
    page = page_of_claims(work, ClaimFilter(view=_READY), Span(0, NAMED, "day"))
    if not page.total:
        return
    oldest = page.rows[0].first_day
    yield Group(
        ItemKind.READY,
        Urgency.MEDIUM,
        "Claims ready to send",
        f"{many(page.total, 'claim')} checked, and not sent",
        "Send them",
        since(oldest, work.today()),
        page.total,
        page.totals["total"],
        oldest,
        Opens(BUILD),
        tuple(_line(row) for row in page.rows),
        Opens(LIST, {"view": _READY}),
    )


def claims_waiting(work: Work) -> int:
    """Return how many claims wait for the office: rejected, denied, stopped by a finding."""
    if not may(work, Right.MAKE_CLAIMS):
        return 0
    sent_back = or_(Claim.status == ClaimStatus.REJECTED, is_denied())
    return work.db.scalars(
        select(func.count()).select_from(Claim).where(or_(sent_back, and_(*_stopped())))
    ).one()


def _line(row: ClaimRow) -> Line:
    clock = "" if row.deadline is None else row.deadline.words
    fact = ", ".join(part for part in (row.number, clock or row.payer) if part)
    return Line(row.patient, fact, row.total, Opens(CLAIM, {"claim": row.id}))


def _stopped() -> Sequence[ColumnElement[bool]]:
    """Return that a finding alone keeps a claim: nobody holds it, and it waits for no other."""
    return (
        Claim.status.in_((ClaimStatus.DRAFT, ClaimStatus.SCRUBBED)),
        Claim.stops > 0,
        Claim.held_for == "",
        Claim.wait_for == "",
        Claim.crossed_over.is_(False),
    )
