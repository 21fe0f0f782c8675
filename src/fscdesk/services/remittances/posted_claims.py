"""Which claims of a remittance are in the books, which go together, and what rests on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.models.values import ZERO
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import REVERSAL
from fscdesk.services.remittances.netting import NETTED
from fscdesk.services.work import Work

NOTHING: Final = "Nothing was taken back."


class PostedClaim(NamedTuple):
    """A claim that is in the books; ``back``: it took back what was paid.

    ``netted``: it moved nothing, as its reversal stands in the same remittance.
    """

    id: int
    position: int
    claim_id: int | None
    back: bool
    netted: bool


def posted_claims(work: Work, row: Remittance) -> list[PostedClaim]:
    """Return the claims of a remittance that are in the books, in its order."""
    found = select(
        RemittanceClaim.id,
        RemittanceClaim.position,
        RemittanceClaim.status_code,
        RemittanceClaim.paid,
        RemittanceClaim.claim_id,
        RemittanceClaim.words,
    ).where(RemittanceClaim.remittance_id == row.id, RemittanceClaim.fate == Fate.POSTED)
    return [
        PostedClaim(
            one.id,
            one.position,
            one.claim_id,
            back=one.status_code == REVERSAL and one.paid <= ZERO and one.words != NETTED,
            netted=one.words == NETTED,
        )
        for one in work.db.execute(found.order_by(RemittanceClaim.position))
    ]


def with_netted(work: Work, posted: Sequence[PostedClaim], claim_row_id: int) -> list[PostedClaim]:
    """Return a claim that is in the books; with it what it nets out with, which cannot stand alone.

    A claim that was paid and taken back in one remittance is posted with its reversal.
    """
    wanted = {claim_row_id}
    if any(one.id == claim_row_id and one.netted for one in posted):
        mine, other = aliased(RemittanceLine), aliased(RemittanceLine)
        either = or_(other.reverses_id == mine.id, mine.reverses_id == other.id)
        partners = select(other.remittance_claim_id).where(
            mine.remittance_claim_id == claim_row_id, either
        )
        wanted |= set(work.db.scalars(partners))
    return [one for one in posted if one.id in wanted]


def require_last(
    work: Work,
    row: Remittance,
    claim_ids: Collection[int],
    line_ids: Collection[int],
    reopened: Iterable[int | None],
) -> None:
    """Raise Problem where a later answer of the payer rests on what is to be taken back."""
    mine = set(claim_ids)
    later = aliased(RemittanceLine)
    rests = (
        select(Remittance.number, RemittanceClaim.position, RemittanceClaim.id)
        .join(RemittanceClaim, RemittanceClaim.remittance_id == Remittance.id)
        .join(later, later.remittance_claim_id == RemittanceClaim.id)
        .where(later.fate == Fate.POSTED)
        .order_by(RemittanceClaim.id)
    )
    for found in work.db.execute(rests.where(among(work, later.reverses_id, line_ids))):
        if found.id not in mine:
            raise Problem(
                f"{found.number} takes this back (claim {found.position}).",
                hint=f"{NOTHING} Undo that first.",
            )
    wanted = [one for one in reopened if one is not None]
    if not wanted:
        return
    reversed_ones = select(RemittanceLine.reverses_id).where(
        RemittanceLine.reverses_id.is_not(None), RemittanceLine.fate == Fate.POSTED
    )
    since = or_(Remittance.id == row.id, Remittance.posted_at > row.posted_at)
    answered = rests.where(
        among(work, later.charge_id, wanted),
        later.reverses_id.is_(None),
        later.id.not_in(reversed_ones),
        Remittance.payer_id == row.payer_id,
        since,
    )
    for found in work.db.execute(answered):
        if found.id not in mine:
            raise Problem(
                f"{found.number} has answered it since (claim {found.position}).",
                hint=f"{NOTHING} Undo that first.",
            )
