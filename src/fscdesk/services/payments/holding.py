"""Holds payments and their credits still while they are changed, and knows what is promised.

Every act on a received payment locks the payment first, then its credits, then charges: in one
order at every desk, so that two people wait for each other instead of blocking each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Credit, Payment, PaymentChange, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.remittance import Remittance, RemittanceOrigin
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.case_following import cases_of, lock_cases
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.chains import standing
from fscdesk.services.payments.days import require_known_day
from fscdesk.services.work import Work

PROMISED = (RefundStatus.WAITING, RefundStatus.APPROVED)
"""Refunds that are not paid yet: their amount is kept out of everything else."""
_MOVES = (
    EntryKind.RECEIPT,
    EntryKind.APPLIED,
    EntryKind.TRANSFER,
    EntryKind.REFUND,
    EntryKind.RETURNED,
)
LONGEST = 300
STATUS_WORDS = {
    PaymentStatus.RETURNED: "was returned by the bank",
    PaymentStatus.VOIDED: "was voided",
}


def locked_payment(work: Work, payment_id: int, expected_version: int | None = None) -> Payment:
    """Return a payment that stands in the books, locked until the end of the work.

    Raises Problem for one that was returned or voided, ChangedElsewhere when it is not the
    version that the person saw.
    """
    payment = locked(work, Payment, payment_id, "this payment")
    if expected_version is not None:
        require_version(payment, expected_version, f"payment {payment.number}")
    if payment.status is not PaymentStatus.POSTED:
        raise Problem(
            f"Payment {payment.number} {STATUS_WORDS[payment.status]}.",
            hint="Nothing was changed. Its money is not in the books any more.",
        )
    return payment


def locked_credit(work: Work, credit_id: int) -> Credit:
    """Return a credit, locked behind its payment. Raises Problem when it is not there."""
    payment_id = work.db.scalar(
        select(Credit.payment_id).where(among(work, Credit.id, (credit_id,)))
    )
    if payment_id is not None:
        locked_payment(work, payment_id)
    return locked(work, Credit, credit_id, "this credit")


def locked_credits(work: Work, payment_id: int) -> list[Credit]:
    """Return every credit of a payment, locked, the one that the receipt filled first."""
    found = (
        select(Credit)
        .where(Credit.payment_id == payment_id)
        .order_by(Credit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    filled = set(
        work.db.scalars(
            select(JournalLine.credit_id).where(
                JournalLine.entry_id.in_(receipts_of(work, payment_id)),
                JournalLine.credit_id.is_not(None),
            )
        )
    )
    return sorted(work.db.scalars(found), key=lambda credit: (credit.id not in filled, credit.id))


def lock_charges_of(work: Work, entry_ids: Iterable[int]) -> None:
    """Lock the charges that entries moved, by id, before anything is posted about them.

    The cases that the entries are of come first, as where an agency pays one.
    """
    entries = list(entry_ids)
    lock_cases(work, cases_of(work, entries))
    touched = (
        select(Charge.id)
        .where(
            Charge.id.in_(
                select(JournalEntry.charge_id).where(among(work, JournalEntry.id, entries))
            )
        )
        .order_by(Charge.id)
        .with_for_update()
    )
    work.db.scalars(touched).all()


def entries_of(work: Work, payment_id: int) -> list[int]:
    """Return the entries of a payment that stand, adjustments left out."""
    found = (
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.payment_id == payment_id,
            JournalEntry.kind.in_(_MOVES),
        )
        .distinct()
    )
    return standing(work, work.db.scalars(found))


def receipts_of(work: Work, payment_id: int) -> list[int]:
    """Return the entry by which a payment came in: the last one, where it was corrected."""
    found = (
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.payment_id == payment_id, JournalEntry.kind == EntryKind.RECEIPT)
        .distinct()
    )
    return standing(work, work.db.scalars(found))


def promised(work: Work, credit_ids: Iterable[int], *, besides: int = 0) -> dict[int, Money]:
    """Return what of each credit is promised by refunds that were not paid yet, zeros left out.

    ``besides`` is a refund that is not counted.
    """
    found = (
        select(Refund.credit_id, func.sum(Refund.amount))
        .where(
            among(work, Refund.credit_id, list(credit_ids)),
            Refund.status.in_(PROMISED),
            Refund.id != besides,
        )
        .group_by(Refund.credit_id)
    )
    return {row[0]: row[1] for row in work.db.execute(found)}


def free_of(work: Work, credit: Credit, *, besides: int = 0) -> Money:
    """Return what of a credit is left and promised to nobody."""
    return credit.balance - promised(work, [credit.id], besides=besides).get(credit.id, ZERO)


def require_free(work: Work, credit: Credit, amount: Money, doing: str) -> None:
    """Raise Problem unless so much of a credit is left and promised to nobody.

    ``doing`` completes "30.00 was to be …".
    """
    if amount.cents <= 0:
        raise Problem("The amount must be above zero.", hint="Nothing was posted.")
    free = free_of(work, credit)
    if amount.cents > free.cents:
        held = credit.balance - free
        kept = f", as {held} waits to be refunded" if held else ""
        raise Problem(
            f"{amount} was to be {doing}, but {free} is left of this money{kept}.",
            hint="Nothing was posted. Lower the amount.",
        )


def require_no_refunds(work: Work, payment: Payment, doing: str, *, instead: str = "") -> None:
    """Raise Problem when money of a payment went back, or is promised to go back.

    ``instead`` is a sentence that names what can be done where money went back.
    """
    require_no_promises(work, payment)
    refund = _first_refund(work, payment, (RefundStatus.PAID,))
    if refund is not None:
        way = instead or f"A payment that went back in part cannot be {doing}."
        raise Problem(
            f"{refund.amount} of payment {payment.number} was refunded ({refund.number}).",
            hint=f"Nothing was changed. {way}",
        )


def require_no_promises(work: Work, payment: Payment) -> None:
    """Raise Problem when money of a payment is promised to go back."""
    refund = _first_refund(work, payment, PROMISED)
    if refund is not None:
        raise Problem(
            f"{refund.amount} of payment {payment.number} waits to be refunded ({refund.number}).",
            hint="Nothing was changed. Cancel the refund first.",
        )


def refunded_of(work: Work, payment_id: int) -> Money:
    """Return what of a payment went back by refunds that stand."""
    found = work.db.scalar(
        select(func.sum(Refund.amount)).where(
            Refund.payment_id == payment_id, Refund.status == RefundStatus.PAID
        )
    )
    return found or ZERO


def _first_refund(
    work: Work, payment: Payment, statuses: Collection[RefundStatus]
) -> Refund | None:
    return work.db.scalars(
        select(Refund)
        .where(Refund.payment_id == payment.id, Refund.status.in_(statuses))
        .order_by(Refund.id)
        .limit(1)
    ).first()


def require_not_remitted(work: Work, payment: Payment) -> None:
    """Raise Problem for the money of an 835: that is undone with all that it said.

    An EOB that was typed in follows its payment (``remitted``).
    """
    number = work.db.scalar(
        select(Remittance.number).where(
            Remittance.payment_id == payment.id, Remittance.origin == RemittanceOrigin.ERA
        )
    )
    if number is not None:
        raise Problem(
            f"Payment {payment.number} is the money of remittance {number}.",
            hint="Nothing was changed. Undo the remittance instead; it can be posted again.",
        )


def require_day(work: Work, day: date, what: str, *, since: date | None = None) -> None:
    """Raise Problem for a day that has not come, or that lies before ``since`` or the practice."""
    require_known_day(work, day, what)
    if since is not None and day < since:
        raise Problem(
            f"{what}, {day:%m/%d/%Y}, lies before the money came on {since:%m/%d/%Y}.",
            hint="Nothing was posted. Look at the day again.",
        )


def write_change(
    work: Work, payment: Payment, what: str, *, old: str, new: str, reason: str
) -> None:
    """Write under a payment what changed: from, to, why; and give it a new version."""
    words = text_of(reason, "the reason", longest=LONGEST, required=True)
    work.db.add(
        PaymentChange(
            payment_id=payment.id,
            what=what,
            old=old[:LONGEST],
            new=new[:LONGEST],
            reason=words,
            at=work.now(),
            staff_id=work.actor.staff_id,
        )
    )
    flag_modified(payment, "status")
    work.db.flush()
