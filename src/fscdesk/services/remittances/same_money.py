"""Finds the money of a check where it is in the books already: typed in, or imported.

SimplePractice's payment report may have brought the check before its 835 came, or somebody has
entered it by hand. Posting it again would count the money twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select

from fscdesk.models.payment import Payment, PaymentOrigin, PaymentStatus
from fscdesk.models.remittance import Remittance, RemittanceOrigin
from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.remittances.identity import without_trace
from fscdesk.services.work import Work

_NEAR: Final = timedelta(days=183)
"""How far from the day of a check one of the same number is the same check, at another amount."""


NUMBER_AGAIN: Final = timedelta(days=548)
"""How far apart, about 18 months, a payer's number is another check's; nearer it is the same."""


def entered_before(work: Work, one: AnsweredRemittance) -> str:
    """Return which payment is the money of a check already, in a sentence; empty where none is.

    It is of the same payer and has the same number. One of another amount near the check's day is
    the same check as well: one of the two was read or typed wrong. A payer's numbers may come
    again years later. A remittance of the same amount and day is a copy on another way; one of
    another amount or day is the same check as well, unless a person has looked at both and let
    this one go on beside it.
    """
    if one.amount < 0 or not plain_number(one.trace) or without_trace(one.trace):
        return ""
    rows = work.db.execute(
        select(
            Payment.number,
            Payment.reference,
            Payment.amount,
            Payment.posted_on,
            Remittance.id.label("remittance_id"),
            Remittance.number.label("remittance"),
            Remittance.origin,
            Remittance.paid_on,
        )
        .outerjoin(Remittance, Remittance.payment_id == Payment.id)
        .where(
            Payment.payer_id == one.payer_id,
            Payment.status == PaymentStatus.POSTED,
            Payment.reference != "",
            or_(
                Payment.amount == Money(one.amount),
                and_(
                    Payment.origin != PaymentOrigin.REMITTANCE,
                    Payment.received_on.between(one.paid_on - _NEAR, one.paid_on + _NEAR),
                ),
                and_(
                    Remittance.origin == RemittanceOrigin.ERA,
                    Remittance.paid_on.between(
                        one.paid_on - NUMBER_AGAIN, one.paid_on + NUMBER_AGAIN
                    ),
                ),
            ),
        )
        .order_by(Payment.id)
    ).all()
    number = plain_number(one.trace)
    same = [row for row in rows if plain_number(row.reference) == number]
    typed = [row for row in same if row.origin is not RemittanceOrigin.ERA]
    alike = [row for row in typed if row.amount.cents == one.amount]
    if alike:
        if (row := next((row for row in alike if row.remittance), None)) is not None:
            return (
                f"This check was typed in as {row.number} ({row.remittance}), posted"
                f" {row.posted_on:%m/%d/%Y}. Undo that EOB first, then post this."
            )
        if one.amount:
            return (
                f"Its money is in the books already: payment {alike[0].number}, posted"
                f" {alike[0].posted_on:%m/%d/%Y}. Void that payment first, then post this."
            )
    others = [row for row in typed if row.amount.cents != one.amount]
    if others:
        numbers = ", ".join(row.number for row in others)
        total = sum((row.amount for row in others), ZERO)
        return (
            f"This check number was typed in as {numbers} over {total}; this one says"
            f" {Money(one.amount)}. Look at the check. If it is the same one, void what was typed,"
            " then post this."
        )
    by_835 = [
        row
        for row in same
        if row.origin is RemittanceOrigin.ERA and row.remittance_id != one.remittance_id
    ]
    for row in by_835 if one.amount else ():
        if (row.amount.cents, row.paid_on) == (one.amount, one.paid_on):
            return (
                f"This check is in the books already: {row.remittance}, posted"
                f" {row.posted_on:%m/%d/%Y}. Undo that one first,"
                " then post this."
            )
    looked_at = _looked_at(work, one) if by_835 else None
    for row in by_835 if one.amount else ():
        if row.remittance_id != looked_at and abs(row.paid_on - one.paid_on) <= NUMBER_AGAIN:
            return (
                f"This check number is in the books as {row.remittance} over {row.amount} of"
                f" {row.paid_on:%m/%d/%Y}; this one says {Money(one.amount)} of"
                f" {one.paid_on:%m/%d/%Y}. Look at both. Undo that one first, then post this."
            )
    return ""


def _looked_at(work: Work, one: AnsweredRemittance) -> int | None:
    """Return the remittance beside which this one is shown: a person has let it go on since."""
    return work.db.scalar(select(Remittance.conflict_id).where(Remittance.id == one.remittance_id))


def plain_number(reference: str) -> str:
    """Return a check's number without what two people write differently."""
    return "".join(mark for mark in reference.upper() if mark.isalnum()).lstrip("0")
