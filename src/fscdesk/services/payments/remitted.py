"""Lets the EOB that was typed in with a payment follow the payment: corrected, voided, let go.

What a payer answered is kept beside its money (``remittances/typed_rows``). A payment is corrected
and voided in this room, below that one: so the rows follow here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from fscdesk.models.payment import Payment
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.values import ZERO
from fscdesk.services.bulk import run_many
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic, Work

LONGEST_TRACE: Final = 60


def typed_eob(work: Work, payment_id: int) -> Remittance | None:
    """Return the typed EOB whose money a payment is, locked; None where there is none."""
    return work.db.scalars(
        select(Remittance)
        .where(Remittance.payment_id == payment_id, Remittance.origin == RemittanceOrigin.TYPED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def require_nothing_rests(work: Work, row: Remittance) -> None:
    """Raise Problem where a later remittance takes back what a typed EOB had answered."""
    later, mine = aliased(RemittanceLine), aliased(RemittanceLine)
    of_later, of_mine = aliased(RemittanceClaim), aliased(RemittanceClaim)
    number = work.db.scalar(
        select(Remittance.number)
        .join(of_later, of_later.remittance_id == Remittance.id)
        .join(later, later.remittance_claim_id == of_later.id)
        .join(mine, mine.id == later.reverses_id)
        .join(of_mine, of_mine.id == mine.remittance_claim_id)
        .where(of_mine.remittance_id == row.id, later.fate == Fate.POSTED)
        .order_by(Remittance.id)
        .limit(1)
    )
    if number is not None:
        raise Problem(
            f"{number} takes back what this EOB had answered.",
            hint="Nothing was taken back. Undo that first.",
        )


def mark_undone(work: Work, row: Remittance) -> None:
    """Write that a typed EOB is not in the books any more; what it said stays to be read."""
    claims = list(
        work.db.scalars(select(RemittanceClaim.id).where(RemittanceClaim.remittance_id == row.id))
    )
    take_out(work, claims)
    row.status, row.unposted = RemittanceStatus.UNDONE, len(claims)
    work.db.flush()
    work.touch(Topic.REMITTANCES, Topic.QUEUE)


def let_go(work: Work, row: Remittance) -> None:
    """Part a typed EOB from its payment, which is somebody else's now: it says nothing more."""
    row.payment_id = None
    mark_undone(work, row)


def follow_facts(work: Work, payment: Payment) -> None:
    """Let the typed EOB of a payment say its amount, its number and its day."""
    row = typed_eob(work, payment.id)
    if row is None:
        return
    row.amount, row.trace = payment.amount, payment.reference[:LONGEST_TRACE]
    row.paid_on = payment.check_on or payment.received_on
    paid = select(func.sum(RemittanceClaim.paid)).where(RemittanceClaim.remittance_id == row.id)
    row.check_off = payment.amount - (work.db.scalar(paid) or ZERO)
    work.db.flush()
    work.touch(Topic.REMITTANCES)


def take_out(work: Work, claim_row_ids: Collection[int]) -> None:
    """Write that claims of remittances are not in the books any more; what matching found stays."""
    work.db.flush()
    run_many(
        work,
        "UPDATE remittance_claim SET fate = ?, why = '', words = '' WHERE id = ?",
        [(Fate.UNPOSTED.value, one) for one in claim_row_ids],
    )
    run_many(
        work,
        "UPDATE remittance_line SET fate = ?, why = '', words = '', wrote_off = 0,"
        " to_patient = 0, denied = '', expected = NULL, reverses_id = NULL"
        " WHERE remittance_claim_id = ?",
        [(Fate.UNPOSTED.value, one) for one in claim_row_ids],
    )
    work.db.expire_all()
