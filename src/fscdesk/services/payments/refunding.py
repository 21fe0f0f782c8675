"""Refunds: documents of their own, out of what is left of a payment, to whom the money came from.

Asked for, approved (above a limit by a second person), paid: Dr 2400 or 2410, Cr the bank account
that the payment is in, or Cr 1050 for a card, whose processor keeps it back from what it pays out.
Until it is paid its amount is kept out of everything else. The clock: 30 days, 60 for public
programs. One that never went out is voided (``voiding_refunds``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.approval import RequestKind
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentMethod
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services import approvals
from fscdesk.services.audit import record
from fscdesk.services.banking.deposited import account_of_deposit
from fscdesk.services.editing import key_of, locked, require_version, text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import UNDEPOSITED
from fscdesk.services.ledger.posting import Draft, Leg, post
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.holding import (
    free_of,
    locked_payment,
    require_day,
    require_free,
)
from fscdesk.services.payments.policies import refund_alone, refund_days
from fscdesk.services.payments.recouped import payment_behind, settle_refunded
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES = "REF"
CARDS = frozenset({PaymentMethod.CARD, PaymentMethod.DEBIT, PaymentMethod.ONLINE})
"""What goes back through the card processor."""
_DOING = "refund money"


@dataclass(frozen=True, slots=True)
class NewRefund:
    """A refund as it is asked for. It goes to who paid, by the method it came.

    ``method`` None is the payment's own; another one needs ``method_reason``. ``found_on``
    starts the clock: today unless the overpayment was seen before.
    """

    credit_id: int
    amount: Money
    reason: str
    method: PaymentMethod | None = None
    method_reason: str = ""
    found_on: date | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund that was asked for: whether it waits for a second person, and until when it is due.

    ``repeated`` says that the same command had asked before, and nothing was made now.
    """

    refund_id: int
    number: str
    status: RefundStatus
    due_on: date
    request_id: int | None
    version: int
    repeated: bool = False


def request_refund(work: Work, new: NewRefund) -> Asked:
    """Ask for a refund out of a credit; small ones are approved at once.

    Raises Problem, with nothing made, for more than is left and promised to nobody, for
    another method without a reason, and for a credit that no payment filled.
    """
    require(work, Right.REFUND, _DOING)
    repeated = _asked_before(work, new)
    if repeated is not None:
        return repeated
    payment_id = payment_behind(work, new.credit_id)
    if payment_id is None:
        raise Problem(
            "No payment stands behind this credit.",
            hint="Nothing was made. A refund goes back to where money came from.",
        )
    payment = locked_payment(work, payment_id)
    repeated = _asked_before(work, new)  # another desk may have asked while this one waited
    if repeated is not None:
        return repeated
    credit = locked(work, Credit, new.credit_id, "this credit")
    require_free(work, credit, new.amount, "refunded")
    found_on = work.today() if new.found_on is None else new.found_on
    if found_on > work.today():
        raise Problem(
            f"{found_on:%m/%d/%Y} has not come yet.",
            hint="Nothing was made. Type the day on which the overpayment was found.",
        )
    refund = _refund(work, new, payment, found_on)
    work.db.add(refund)
    work.db.flush()
    if _alone(work, payment.id) > refund_alone(work).cents:
        _ask(work, refund)
    record(
        work,
        "request_refund",
        "refund",
        refund.id,
        number=refund.number,
        amount=new.amount.plain(),
        status=refund.status.value,
    )
    work.touch(Topic.PAYMENTS, Topic.APPROVALS)
    return _asked(refund)


def pay_refund(
    work: Work, refund_id: int, *, on: date, reference: str, expected_version: int
) -> int:
    """Record that a refund went out, and return its entry: Dr the credit, Cr the bank or 1050.

    Raises Problem unless it is approved, and when the credit does not hold it any more.
    """
    require(work, Right.REFUND, _DOING)
    words = text_of(reference, "the reference", longest=100)
    refund = locked_refund(work, refund_id, expected_version)
    if refund.status is not RefundStatus.APPROVED:
        raise Problem(
            f"Refund {refund.number} is {refund.status.value}, not approved.",
            hint="Nothing was posted. A second person approves it first."
            if refund.status is RefundStatus.WAITING
            else "Nothing was posted.",
        )
    payment = work.db.get_one(Payment, refund.payment_id)
    came = min(payment.received_on, payment.posted_on)
    require_day(work, on, "The day of the refund", since=came)
    credit = locked(work, Credit, refund.credit_id, "this credit")
    if refund.amount > free_of(work, credit, besides=refund.id):
        raise Problem(
            f"{refund.amount} was to go back, but {credit.balance} is left of this money.",
            hint="Nothing was posted. Cancel the refund, or take back what was applied.",
        )
    owner = crediting.about(credit)._replace(credit_id=None)
    money = _from(work, refund, payment)
    entry_id = post(
        work,
        Draft(
            on=max(on, credit.since),
            kind=EntryKind.REFUND,
            memo=f"Refund {refund.number}",
            legs=(
                crediting.leg(credit, refund.amount.cents, Part.REFUND),
                Leg(money, -refund.amount.cents, Part.REFUND, owner),
            ),
        ),
    )
    refund.status, refund.entry_id, refund.paid_on = RefundStatus.PAID, entry_id, on
    refund.reference = words
    work.db.flush()
    settle_refunded(work, refund, money)
    record(work, "pay_refund", "refund", refund_id, amount=refund.amount.plain(), entry=entry_id)
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    work.db.expire_all()
    return entry_id


def _from(work: Work, refund: Refund, payment: Payment) -> str:
    """Return the account that a refund leaves: the bank's, or 1050 for a client's card.

    A card processor keeps it back from a later payout; that payout's deposit nets it.
    """
    netted = refund.method in CARDS and payment.guarantor_id is not None
    return UNDEPOSITED if netted else account_of_deposit(work, payment.id)


def cancel_refund(work: Work, refund_id: int, *, reason: str, expected_version: int) -> None:
    """Call off a refund that was not paid; its money is free again.

    One that waits for a second person is withdrawn by who asked, or refused.
    """
    require(work, Right.REFUND, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    refund = locked_refund(work, refund_id, expected_version)
    if refund.status is RefundStatus.WAITING:
        raise Problem(
            f"Refund {refund.number} waits for a decision.",
            hint="Nothing was changed. Withdraw the request, or refuse it.",
        )
    if refund.status is not RefundStatus.APPROVED:
        raise Problem(
            f"Refund {refund.number} is {refund.status.value}.", hint="Nothing was changed."
        )
    refund.status = RefundStatus.CANCELLED
    work.db.flush()
    record(work, "cancel_refund", "refund", refund_id, reason=words)
    work.touch(Topic.PAYMENTS)


def post_approved(work: Work, request_id: int) -> int:
    """Let the refund of an approved request go out; return it. Called by ``approving`` alone."""
    return _decided(work, request_id, RefundStatus.APPROVED)


def refused(work: Work, request_id: int) -> int:
    """Call the refund of a refused or withdrawn request off. Called by ``approving`` alone."""
    return _decided(work, request_id, RefundStatus.CANCELLED)


def _decided(work: Work, request_id: int, status: RefundStatus) -> int:
    refund = work.db.scalars(
        select(Refund).filter_by(request_id=request_id).with_for_update()
    ).one()
    if refund.status is not RefundStatus.WAITING:
        raise ChangedElsewhere(
            f"Refund {refund.number} is {refund.status.value} already.",
            hint="Nothing was changed. Look at it again.",
        )
    refund.status = status
    work.db.flush()
    work.touch(Topic.PAYMENTS, Topic.APPROVALS)
    return refund.id


def locked_refund(work: Work, refund_id: int, expected_version: int) -> Refund:
    """Return a refund, locked behind its payment.

    Raises Problem where that was returned or voided, ChangedElsewhere for another version.
    """
    payment_id = work.db.scalar(select(Refund.payment_id).where(Refund.id == refund_id))
    if payment_id is not None:
        locked_payment(work, payment_id)
    refund = locked(work, Refund, refund_id, "this refund")
    require_version(refund, expected_version, f"refund {refund.number}")
    return refund


def _refund(work: Work, new: NewRefund, payment: Payment, found_on: date) -> Refund:
    payer = None if payment.payer_id is None else work.db.get(Payer, payment.payer_id)
    days = refund_days(work, public_program=payer is not None and payer.public_program)
    return Refund(
        number=next_number(work, SERIES, work.today().year),
        payment_id=payment.id,
        credit_id=new.credit_id,
        amount=new.amount,
        method=new.method or payment.method,
        reason=_reason(new, payment),
        status=RefundStatus.APPROVED,
        found_on=found_on,
        due_on=found_on + timedelta(days=days),
        request_key=new.request_key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )


def _reason(new: NewRefund, payment: Payment) -> str:
    reason = text_of(new.reason, "the reason", longest=300, required=True)
    if new.method is None or new.method is payment.method:
        return reason
    why = text_of(new.method_reason, "the reason for another method", longest=300, required=True)
    both = f"{reason}. By {new.method.value} instead of {payment.method.value}: {why}"
    return text_of(both, "the reason", longest=300)


def _alone(work: Work, payment_id: int) -> int:
    """Return the cents of a payment that go back without a second person, this refund included.

    Together, so that nobody gets around the limit by asking twice.
    """
    total = work.db.scalar(
        select(func.sum(Refund.amount)).where(
            Refund.payment_id == payment_id,
            Refund.request_id.is_(None),
            Refund.status != RefundStatus.CANCELLED,
        )
    )
    return (total or ZERO).cents


def _ask(work: Work, refund: Refund) -> None:
    request = approvals.ask(
        work,
        RequestKind.REFUND,
        amount=refund.amount,
        count=1,
        reason=refund.reason,
        needs=Right.APPROVE_REFUND,
    )
    refund.request_id, refund.status = request.id, RefundStatus.WAITING
    work.db.flush()


def _asked_before(work: Work, new: NewRefund) -> Asked | None:
    if key_of(new.request_key) is None:
        return None
    refund = work.db.scalars(select(Refund).filter_by(request_key=new.request_key)).one_or_none()
    if refund is None:
        return None
    if (refund.credit_id, refund.amount) != (new.credit_id, new.amount):
        raise Problem(
            f"Refund {refund.number} was asked for under the same key with other facts.",
            hint="Nothing was made. Enter this one anew.",
        )
    return _asked(refund, repeated=True)


def _asked(refund: Refund, *, repeated: bool = False) -> Asked:
    return Asked(
        refund.id,
        refund.number,
        refund.status,
        refund.due_on,
        refund.request_id,
        refund.version,
        repeated,
    )
