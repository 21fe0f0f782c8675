"""Finds the money of a check where it is in the books already: typed in, or imported.

SimplePractice's payment report may have brought the check before its 835 came, or somebody has
entered it by hand. Posting it again would count the money twice.
"""

from __future__ import annotations

from sqlalchemy import exists, select

from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.work import Work


def entered_before(work: Work, one: AnsweredRemittance) -> str:
    """Return which payment is the money of a check already, in a sentence; empty where none is.

    It is of the same payer and amount, has the same number, and is of no remittance.
    """
    if one.amount <= 0 or not _plain(one.trace):
        return ""
    rows = work.db.execute(
        select(Payment.number, Payment.reference, Payment.posted_on)
        .where(
            Payment.payer_id == one.payer_id,
            Payment.amount == Money(one.amount),
            Payment.status == PaymentStatus.POSTED,
            ~exists().where(Remittance.payment_id == Payment.id),
        )
        .order_by(Payment.id)
    )
    for row in rows:
        if _plain(row.reference) == _plain(one.trace):
            return (
                f"Its money is in the books already: payment {row.number}, posted"
                f" {row.posted_on:%m/%d/%Y}. Void that payment first, then post this."
            )
    return ""


def _plain(reference: str) -> str:
    """Return a check's number without what two people write differently."""
    return "".join(mark for mark in reference.upper() if mark.isalnum()).lstrip("0")
