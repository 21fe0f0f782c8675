"""Remittances whose money the bank took back: the payer owes again what they had paid.

What the payer said stands: its contract, whose share it is. The money is missing until the
remittance is undone, or a later one pays the same again (the payer's replacement). An EOB that
was typed in follows its payment, and is none of these.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.payment import Payment, PaymentChange, PaymentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.values import ZERO
from fscdesk.services.errors import Problem
from fscdesk.services.payments.returning import ReturnKind
from fscdesk.services.work import Work

_IN_BOOKS: Final = (RemittanceStatus.POSTED, RemittanceStatus.PARTLY)
_BACK: Final = tuple(kind.value for kind in ReturnKind)


def money_is_missing() -> ColumnElement[bool]:
    """Return the condition that a remittance's money went back and nothing has replaced it."""
    gone = select(Payment.id).where(Payment.status == PaymentStatus.RETURNED)
    claim, line = aliased(RemittanceClaim), aliased(RemittanceLine)
    paid = (
        claim.remittance_id == Remittance.id,
        line.remittance_claim_id == claim.id,
        line.fate == Fate.POSTED,
        line.paid > ZERO,
    )
    later = aliased(Remittance)
    again = exists().where(*_pays_again(later, line, Remittance))
    return and_(
        Remittance.status.in_(_IN_BOOKS),
        Remittance.origin == RemittanceOrigin.ERA,
        Remittance.payment_id.in_(gone),
        or_(exists().where(*paid, ~again), ~exists().where(*paid)),
    )


def returned_words(work: Work, row: Remittance) -> str:
    """Return that the bank took a remittance's money back, and what has replaced it.

    Empty where it did not, or the remittance was undone since.
    """
    if row.payment_id is None or row.status not in _IN_BOOKS:
        return ""
    if row.origin is not RemittanceOrigin.ERA:
        return ""
    payment = work.db.get_one(Payment, row.payment_id)
    if payment.status is not PaymentStatus.RETURNED:
        return ""
    words = f"The bank took the money of {row.number} back (payment {payment.number})."
    by = replaced_by(work, row)
    return f"{words} {by} has paid it again." if by else words


def replaced_by(work: Work, row: Remittance) -> str:
    """Return the number of the first later remittance that pays again what this one had paid."""
    line, later = aliased(RemittanceLine), aliased(Remittance)
    found = work.db.scalar(
        select(later.number)
        .where(
            RemittanceClaim.remittance_id == Remittance.id,
            line.remittance_claim_id == RemittanceClaim.id,
            Remittance.id == row.id,
            line.fate == Fate.POSTED,
            line.paid > ZERO,
            *_pays_again(later, line, Remittance),
        )
        .order_by(later.id)
        .limit(1)
    )
    return found or ""


def require_not_returned(work: Work, row: Remittance) -> None:
    """Raise Problem where the bank took the money back: nothing more is posted from it."""
    words = returned_words(work, row)
    if words:
        raise Problem(words, hint="Nothing was changed. Undo the whole remittance.")


def _pays_again(later: Any, line: Any, first: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a remittance paid, after the return, for the charge of a line."""
    its_claim, its_line = aliased(RemittanceClaim), aliased(RemittanceLine)
    its_money, change = aliased(Payment), aliased(PaymentChange)
    since = (
        select(func.max(change.at))
        .where(change.payment_id == first.payment_id, change.what.in_(_BACK))
        .scalar_subquery()
    )
    return (
        its_line.charge_id == line.charge_id,
        its_line.fate == Fate.POSTED,
        its_line.paid > ZERO,
        its_claim.id == its_line.remittance_claim_id,
        later.id == its_claim.remittance_id,
        later.id != first.id,
        later.payer_id == first.payer_id,
        later.posted_at >= since,
        its_money.id == later.payment_id,
        its_money.status == PaymentStatus.POSTED,
    )
