"""Gives visits and units back to authorizations when a claim is taken back.

It stands below the room of claims, beside ``claim_statuses``: a claim that is void by whatever way
holds none of them any more. What sending takes is in ``claims/authorizations.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select

from fscdesk.models.claim import ClaimLine
from fscdesk.models.coverage import Authorization, AuthorizationUse
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work


def release_uses(work: Work, claim_ids: Collection[int]) -> int:
    """Give back what the lines of some claims took, and return how many authorizations changed."""
    if not claim_ids:
        return 0
    lines = select(ClaimLine.id).where(among(work, ClaimLine.claim_id, claim_ids))
    held = work.db.execute(
        select(AuthorizationUse.authorization_id, AuthorizationUse.quantity).where(
            AuthorizationUse.claim_line_id.in_(lines)
        )
    ).all()
    if not held:
        return 0
    back: dict[int, int] = defaultdict(int)
    for authorization_id, quantity in held:
        back[authorization_id] += quantity
    granted = locked_authorizations(work, back)
    work.db.execute(delete(AuthorizationUse).where(AuthorizationUse.claim_line_id.in_(lines)))
    for one in granted:
        one.used -= back[one.id]
    work.db.flush()
    work.touch(Topic.PATIENTS, Topic.CLAIMS)
    return len(granted)


def locked_authorizations(work: Work, ids: Collection[int]) -> list[Authorization]:
    """Return authorizations by their ids, locked until the end of the work."""
    return list(
        work.db.scalars(
            select(Authorization)
            .where(among(work, Authorization.id, ids))
            .order_by(Authorization.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
