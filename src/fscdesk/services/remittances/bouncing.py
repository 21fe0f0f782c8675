"""The bank takes a payment back, whatever it was: also a payer's check that settled other things.

Where a check only paid claims, what the payer said stands and its money is missing
(``payments.returning``). Where it also took money back or settled something beside its claims, its
money cannot leave alone: a replacement says all of it again. So what it said is taken back
with it, on the bank's day; the receipt and its return both stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.editing import locked, text_of
from fscdesk.services.payments.holding import locked_credits, locked_payment
from fscdesk.services.payments.returning import Returned, ReturnKind, return_payment
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.entries import undone_memo
from fscdesk.services.remittances.undoing import take_back_said
from fscdesk.services.work import Work

_IN_BOOKS = (RemittanceStatus.POSTED, RemittanceStatus.PARTLY)


@dataclass(frozen=True, slots=True)
class Bounced:
    """What a return did; ``undone`` is the number of the remittance that was taken back with it."""

    returned: Returned
    undone: str = ""


def bounce(
    work: Work,
    payment_id: int,
    *,
    on: date,
    reason: str,
    expected_version: int,
    kind: ReturnKind = ReturnKind.NSF,
    fee: Money | None = None,
) -> Bounced:
    """Record that the bank took a whole payment back on a day, as ``return_payment`` does.

    A remittance whose check also took back or settled something is undone with it. Raises Problem,
    with nothing posted, for what ``return_payment`` refuses, and where something later rests on
    the remittance: that is named, and is undone first.
    """
    require(work, Right.CORRECT_PAYMENT, "mark payments as returned")
    row = _settled_more(work, payment_id)
    if row is None:
        done = return_payment(
            work,
            payment_id,
            on=on,
            reason=reason,
            expected_version=expected_version,
            kind=kind,
            fee=fee,
        )
        return Bounced(done)
    words = text_of(reason, "the reason", longest=120, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    locked_credits(work, payment_id)
    row = locked(work, Remittance, row.id, "this remittance")
    charges = _charges(work, row.id)
    memo = undone_memo(row.number, f"{payment.number} went back: {words}")
    take_back_said(work, row, payment, memo[:300], on=on)
    done = return_payment(
        work,
        payment_id,
        on=on,
        reason=reason,
        expected_version=expected_version,
        kind=kind,
        fee=fee,
    )
    return Bounced(replace(done, reopened=charges), row.number)


def _settled_more(work: Work, payment_id: int) -> Remittance | None:
    """Return the remittance of a payment whose check did more than pay claims."""
    row = work.db.scalars(
        select(Remittance).where(
            Remittance.payment_id == payment_id,
            Remittance.origin == RemittanceOrigin.ERA,
            Remittance.status.in_(_IN_BOOKS),
        )
    ).one_or_none()
    if row is None:
        return None
    beside = select(Recoupment.id).where(
        Recoupment.remittance_id == row.id, Recoupment.undone.is_(False), Recoupment.amount != ZERO
    )
    back = select(RemittanceClaim.id).where(
        RemittanceClaim.remittance_id == row.id,
        RemittanceClaim.fate == Fate.POSTED,
        RemittanceClaim.paid < ZERO,
    )
    more = work.db.scalar(beside.limit(1)) or work.db.scalar(back.limit(1))
    return None if more is None else row


def _charges(work: Work, remittance_id: int) -> tuple[int, ...]:
    """Return the charges that a remittance had paid."""
    found = (
        select(RemittanceLine.charge_id)
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .where(
            RemittanceClaim.remittance_id == remittance_id,
            RemittanceLine.fate == Fate.POSTED,
            RemittanceLine.paid > ZERO,
            RemittanceLine.charge_id.is_not(None),
        )
        .distinct()
    )
    return tuple(sorted(one for one in work.db.scalars(found) if one is not None))
