"""What claims take of authorizations, and give back when they are taken back.

It stands below the room of claims, beside ``claim_statuses``: a claim that is void by whatever way
holds no visit any more, and one that stands again has its own. What sending takes, and refuses, is
in ``claims/authorizations.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select

from fscdesk.models.claim import Claim, ClaimLine, Frequency
from fscdesk.models.coverage import Authorization, AuthorizationUse, Counts
from fscdesk.services.add_on_codes import is_add_on
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


def count_again(work: Work, claim_ids: Collection[int]) -> None:
    """Let claims that stand with a payer again have their visits or units, each line once.

    The payer has counted them, so that it is done even where too little is left by now: then more
    is used than was granted, which the list of authorizations shows.
    """
    wanted = uses_wanted(work, claim_ids) if claim_ids else []
    if not wanted:
        return
    granted = {one.id: one for one in locked_authorizations(work, {row[0] for row in wanted})}
    for authorization_id, line_id, quantity, _number in wanted:
        granted[authorization_id].used += quantity
        work.db.add(
            AuthorizationUse(
                authorization_id=authorization_id, claim_line_id=line_id, quantity=quantity
            )
        )
    work.db.flush()
    work.touch(Topic.PATIENTS, Topic.CLAIMS)


def quantity_of(codes: Collection[str], counts: Counts, code: str, units: int) -> int:
    """Return what a service takes: its units, or a visit; nothing where it is not for its code.

    An add-on is part of the visit that it adds to.
    """
    if codes and code not in codes:
        return 0
    if counts is Counts.UNITS:
        return units
    return 0 if is_add_on(code) else 1


def uses_wanted(work: Work, claim_ids: Collection[int]) -> list[tuple[int, int, int, str]]:
    """Return (authorization, line, quantity, claim's number) of lines that took nothing yet.

    What claims take back (frequency 8) takes nothing, nor does a line outside the dates.
    """
    rows = work.db.execute(
        select(ClaimLine, Claim.number, Authorization)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(Authorization, Authorization.id == Claim.authorization_id)
        .outerjoin(AuthorizationUse, AuthorizationUse.claim_line_id == ClaimLine.id)
        .where(
            among(work, ClaimLine.claim_id, claim_ids),
            Claim.frequency != Frequency.VOID,
            AuthorizationUse.id.is_(None),
            ClaimLine.service_day >= Authorization.valid_from,
            ClaimLine.service_day <= Authorization.valid_to,
        )
        .order_by(Claim.id, ClaimLine.position)
    ).all()
    found: list[tuple[int, int, int, str]] = []
    for line, number, one in rows:
        quantity = quantity_of(one.code.split(), one.counts, line.code, line.units)
        if quantity:
            found.append((one.id, line.id, quantity, number))
    return found


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
