"""What a payer will take back, where it is kept as a credit: refunded instead, never spent.

A payer that adds money to a check says that it will take it from a later one (a recoupment). Until
then it stands in a credit of its own (2410) that came with that check. It can go back by a refund;
the recoupment then is settled that far. It pays no charge: it is not ours.
"""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.recoupment import Recoupment, RecoupmentPair
from fscdesk.models.refund import Refund
from fscdesk.models.remittance import Remittance
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work


def payment_behind(work: Work, credit_id: int) -> int | None:
    """Return the payment that brought the money of a credit; None where none did.

    Of what a payer will take, it is the check that the money was added to.
    """
    found = work.db.execute(
        select(Credit.payment_id, Remittance.payment_id.label("check"))
        .outerjoin(Recoupment, Recoupment.credit_id == Credit.id)
        .outerjoin(Remittance, Remittance.id == Recoupment.remittance_id)
        .where(among(work, Credit.id, (credit_id,)))
    ).first()
    return None if found is None else found.payment_id or found.check


def require_not_recouped(credit: Credit, doing: str) -> None:
    """Raise Problem for money that the payer will take. ``doing`` completes "It cannot be …"."""
    if credit.kind is CreditKind.RECOUPMENT:
        raise Problem(
            f"The payer will take this money back: it cannot be {doing}.",
            hint="Nothing was posted. Refund it, or settle it under Recoupments.",
        )


def settle_refunded(work: Work, refund: Refund, account: str) -> None:
    """Lower what is open of a recoupment by a refund that was paid out of its credit.

    The refund's entry is the pair's, ``account`` what it left. Nothing happens for any other
    credit.
    """
    item = _item_of(work, refund)
    if item is None:
        return
    item.open += refund.amount
    work.db.add(
        RecoupmentPair(
            item_id=item.id,
            account=account,
            amount=refund.amount,
            entry_id=refund.entry_id,
            reason=f"Refund {refund.number}",
            at=work.now(),
            staff_id=work.actor.staff_id,
        )
    )
    work.db.flush()
    work.touch(Topic.REMITTANCES, Topic.QUEUE)


def open_voided(work: Work, refund: Refund) -> None:
    """Let what a refund had settled of a recoupment be open again: it never went out.

    Its entry is still the refund's. Nothing happens for any other credit.
    """
    item = _item_of(work, refund)
    if item is None:
        return
    pair = work.db.scalars(
        select(RecoupmentPair).where(
            RecoupmentPair.item_id == item.id,
            RecoupmentPair.entry_id == refund.entry_id,
            RecoupmentPair.undone_at.is_(None),
        )
    ).one()
    pair.undone_at = work.now()
    item.open -= pair.amount
    work.db.flush()
    work.touch(Topic.REMITTANCES, Topic.QUEUE)


def _item_of(work: Work, refund: Refund) -> Recoupment | None:
    """Return the recoupment whose credit a refund draws, locked."""
    return work.db.scalars(
        select(Recoupment)
        .where(Recoupment.credit_id == refund.credit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
