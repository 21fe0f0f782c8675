"""One claim in each status: what the list of claims is looked through for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.services.claims.editing import hold_claim
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import DAY, ClaimDesk, add_claim_desk, build, ready


@dataclass(frozen=True)
class Tracker:
    """One claim in each status, by status; each of a week of its own."""

    desk: ClaimDesk
    ids: dict[ClaimStatus, int]


STATUSES = (
    ClaimStatus.SCRUBBED,
    ClaimStatus.SUBMITTED,
    ClaimStatus.ACKNOWLEDGED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.PENDING,
    ClaimStatus.PARTIALLY_PAID,
    ClaimStatus.PAID,
    ClaimStatus.DENIED,
    ClaimStatus.APPEALING,
    ClaimStatus.REJECTED,
    ClaimStatus.VOID,
)


def track(books: Office) -> Tracker:
    """Make a claim in each status, and hold the draft."""
    desk = books.write(add_claim_desk).value
    ids: dict[ClaimStatus, int] = {}
    for week, status in enumerate((ClaimStatus.DRAFT, *STATUSES)):
        day = DAY - timedelta(weeks=week)
        session = books.write(partial(ready, desk=desk, day=day)).value
        (ids[status],) = build(books, [session])
    held = ids[ClaimStatus.DRAFT]
    books.write(
        lambda work: hold_claim(work, held, "Ask first", expected_version=1 + _moved(work, held))
    )
    books.write(
        lambda work: move_claims(
            work, [ClaimMove(ids[status], status, "for the test") for status in STATUSES]
        )
    )
    return Tracker(desk, ids)


def _moved(work: Work, claim_id: int) -> int:
    return work.db.get_one(Claim, claim_id).version - 1
