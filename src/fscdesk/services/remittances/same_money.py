"""Finds the money of a check where it is in the books already: typed in, or imported.

SimplePractice's payment report may have brought the check before its 835 came, or somebody has
entered it by hand. Posting it again would count the money twice.
"""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import Remittance, RemittanceOrigin
from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.remittances.identity import without_trace
from fscdesk.services.work import Work


def entered_before(work: Work, one: AnsweredRemittance) -> str:
    """Return which payment is the money of a check already, in a sentence; empty where none is.

    It is of the same payer and amount, has the same number, and came by no 835. One of 0.00 was
    typed in as an EOB.
    """
    if one.amount < 0 or not _plain(one.trace) or without_trace(one.trace):
        return ""
    of_835 = aliased(Remittance)
    by_835 = exists().where(of_835.payment_id == Payment.id, of_835.origin == RemittanceOrigin.ERA)
    rows = work.db.execute(
        select(Payment.number, Payment.reference, Payment.posted_on, Remittance.number.label("eob"))
        .outerjoin(Remittance, Remittance.payment_id == Payment.id)
        .where(
            Payment.payer_id == one.payer_id,
            Payment.amount == Money(one.amount),
            Payment.status == PaymentStatus.POSTED,
            ~by_835,
        )
        .order_by(Payment.id)
    )
    for row in rows:
        if _plain(row.reference) != _plain(one.trace):
            continue
        if row.eob is not None:
            return (
                f"This check was typed in as {row.number} ({row.eob}), posted"
                f" {row.posted_on:%m/%d/%Y}. Undo that EOB first, then post this."
            )
        if one.amount:
            return (
                f"Its money is in the books already: payment {row.number}, posted"
                f" {row.posted_on:%m/%d/%Y}. Void that payment first, then post this."
            )
    return ""


def _plain(reference: str) -> str:
    """Return a check's number without what two people write differently."""
    return "".join(mark for mark in reference.upper() if mark.isalnum()).lstrip("0")
