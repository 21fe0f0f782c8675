"""Takes back a payment that was entered, an EOB with all that its lines said.

Money and adjustments are reversed by voiding; here the sessions get back the status that they
had before the payer's answer, where nothing else has happened to them since.
"""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import Payment
from fscdesk.models.session import SessionStatusHistory
from fscdesk.services.editing import text_of
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.remittances.session_answers import UNDONE, put_sessions_back
from fscdesk.services.work import Work


def take_back(work: Work, payment_id: int, *, expected_version: int, reason: str = UNDONE) -> str:
    """Void a payment with all that its EOB said, and return its number.

    A session that it denied, approved or paid stands again as before; the EOB is undone. Raises
    Problem, and changes nothing, once the payment was deposited, refunded or changed, or a
    later remittance has taken back what it said.
    """
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = work.db.get_one(Payment, payment_id)
    number, since = payment.number, payment.posted_at.astimezone(work.zone).date()
    sessions = {
        one
        for one in work.db.scalars(
            select(JournalLine.session_id).where(JournalLine.payment_id == payment_id).distinct()
        )
        if one is not None
    }
    # A denied line moves no money: only the history of that day knows its session.
    sessions |= set(
        work.db.scalars(
            select(SessionStatusHistory.session_id).where(
                SessionStatusHistory.day >= since,
                SessionStatusHistory.reason.startswith(f"{number}: ", autoescape=True),
            )
        )
    )
    void_payment(work, payment_id, reason=words, expected_version=expected_version)
    put_sessions_back(work, sessions, number, words)
    return number
