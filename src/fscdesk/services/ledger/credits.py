"""Credits: money that is not applied. Opened, filled and drawn by entries, never by hand."""

from __future__ import annotations

from datetime import date

from fscdesk.models.ledger import Part
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.services.editing import text_of
from fscdesk.services.ledger.accounts import PAYER_CREDITS, UNAPPLIED_CREDITS
from fscdesk.services.ledger.periods import postable
from fscdesk.services.ledger.posting import About, Leg
from fscdesk.services.work import Work


def open_credit(
    work: Work,
    kind: CreditKind,
    *,
    since: date,
    payment_id: int | None = None,
    patient_id: int | None = None,
    guarantor_id: int | None = None,
    payer_id: int | None = None,
    note: str = "",
) -> Credit:
    """Add an empty credit of a patient or of a payer; entries fill it.

    It is open since a day of the books: the first open one for a day in a closed month.
    """
    credit = Credit(
        kind=kind,
        payment_id=payment_id,
        patient_id=patient_id,
        guarantor_id=guarantor_id,
        payer_id=payer_id,
        since=postable(work, since),
        note=text_of(note, "the note"),
    )
    work.db.add(credit)
    work.db.flush()
    return credit


def leg(credit: Credit, cents: int, part: Part) -> Leg:
    """Return the leg that draws ``cents`` from a credit (negative: fills it)."""
    account = UNAPPLIED_CREDITS if credit.payer_id is None else PAYER_CREDITS
    return Leg(account, cents, part, about(credit))


def about(credit: Credit) -> About:
    """Return whose money a credit is, as its lines say it."""
    return About(
        patient_id=credit.patient_id,
        guarantor_id=credit.guarantor_id,
        payer_id=credit.payer_id,
        payment_id=credit.payment_id,
        credit_id=credit.id,
    )
