"""The round of the portals: payers with silent claims, one after the other, the oldest money first.

What a portal says is noted in one act for each claim (``note_found``); no money moves by it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.payer import Payer, Portal
from fscdesk.models.values import Money
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.claim_filters import ClaimFilter
from fscdesk.services.claims.listing import ClaimRow, claim_row, ids_of_claims, rows_of_claims
from fscdesk.services.claims.portal_entering import to_enter
from fscdesk.services.claims.tracking import plan_next
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = ["Found", "PortalStop", "note_found", "portal_round"]

LOOK_AGAIN_DAYS: Final = 14
"""A claim that a payer has in process is looked up again after so many days."""
LOOK_AGAIN: Final = "Look it up again"
NOT_ON_FILE: Final = "The payer does not have it on file"


class Found(enum.StrEnum):
    """What a portal says of a claim."""

    PAID = "paid"
    PENDING = "pending"
    DENIED = "denied"
    NOT_ON_FILE = "not_on_file"


_STATUS: Final = {
    Found.PAID: ClaimStatus.PAID,
    Found.PENDING: ClaimStatus.PENDING,
    Found.DENIED: ClaimStatus.DENIED,
    Found.NOT_ON_FILE: ClaimStatus.REJECTED,
}


@dataclass(frozen=True, slots=True)
class PortalStop:
    """One payer of the round: where to look, how, and its silent claims, the longest first.

    ``portal`` and ``address`` are empty where Setup names none; then the payer is called.
    ``oldest`` is the day on which the first of the claims was sent, ``amount`` what they have
    open with payers.
    """

    payer_id: int
    payer: str
    portal: str
    address: str
    steps: tuple[str, ...]
    claims: tuple[ClaimRow, ...]
    oldest: date
    amount: Money


def portal_round(work: Work) -> tuple[PortalStop, ...]:
    """Return the payers with silent claims, the one whose oldest claim was sent first at the top.

    Left out are claims that nobody has typed in yet (the payer does not have them), and those
    for which somebody has set a later day.
    """
    require(work, Right.MAKE_CLAIMS, "look up claims in portals")
    rows = rows_of_claims(work, ids_of_claims(work, ClaimFilter(view="silent")))
    entering = to_enter(work)
    by_payer: dict[int, list[ClaimRow]] = {}
    for row in rows:
        later = row.next_action_on is not None and row.next_action_on > work.today()
        if row.last_sent_on is not None and not later and row.id not in entering:
            by_payer.setdefault(row.payer_id, []).append(row)
    names: dict[int, str] = {
        row[0]: row[1]
        for row in work.db.execute(
            select(Payer.id, Payer.name).where(among(work, Payer.id, by_payer))
        )
    }
    portals = _portals(work, list(by_payer))
    stops = [_stop(one, names[one], portals.get(one), found) for one, found in by_payer.items()]
    return tuple(sorted(stops, key=lambda stop: (stop.oldest, -stop.amount.cents, stop.payer_id)))


def note_found(
    work: Work,
    claim_id: int,
    found: Found,
    *,
    expected_version: int,
    carc: str = "",
    group: str = "",
    words: str = "",
) -> ClaimStatus:
    """Note what a portal says today of a claim, and return where the claim stands then.

    What is in process is to be looked up again after some days; what the payer does not have is
    rejected, and can be sent again. Raises Problem for a denial without its reason code.
    """
    said = words or (NOT_ON_FILE if found is Found.NOT_ON_FILE else "")
    answer = PayersAnswer(_STATUS[found], work.today(), carc=carc, group=group, reason=said)
    status = record_answer(work, claim_id, answer, expected_version=expected_version)
    if found is Found.PENDING:
        work.db.flush()
        seen = {claim_id: claim_row(work, claim_id).version}
        plan_next(work, seen, LOOK_AGAIN, work.today() + timedelta(days=LOOK_AGAIN_DAYS))
    return status


def _stop(
    payer_id: int, payer: str, portal: Portal | None, claims: Sequence[ClaimRow]
) -> PortalStop:
    by_day = sorted(claims, key=lambda row: (row.last_sent_on or row.first_day, row.id))
    steps = (
        ()
        if portal is None
        else tuple(line.strip() for line in portal.steps.splitlines() if line.strip())
    )
    return PortalStop(
        payer_id=payer_id,
        payer=payer,
        portal="" if portal is None else portal.name,
        address="" if portal is None else portal.address,
        steps=steps,
        claims=tuple(by_day),
        oldest=by_day[0].last_sent_on or by_day[0].first_day,
        amount=Money(sum(row.insurance_open.cents for row in by_day)),
    )


def _portals(work: Work, payer_ids: Sequence[int]) -> Mapping[int, Portal]:
    """Return the first portal of each payer."""
    rows = work.db.scalars(
        select(Portal).where(among(work, Portal.payer_id, payer_ids)).order_by(Portal.id.desc())
    )
    return {row.payer_id: row for row in rows}
