"""Receives money: one payment, over any number of patients, applied or kept as a typed credit.

Dr 1050 undeposited funds, Cr the credit of whom the rest belongs to; then each application
draws its part (DESIGN.md 6). A command that is repeated with the same key posts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import (
    Credit,
    CreditKind,
    Payment,
    PaymentMethod,
    PaymentOrigin,
)
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.audit import record
from fscdesk.services.editing import key_of, text_of
from fscdesk.services.errors import Finding, Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import UNDEPOSITED
from fscdesk.services.ledger.periods import postable
from fscdesk.services.ledger.posting import Draft, Leg, post
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.applying import Application, Applied, apply
from fscdesk.services.payments.days import require_known_day, require_not_before
from fscdesk.services.payments.sharing import require_policy
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES = "PAY"


@dataclass(frozen=True, slots=True)
class Rest:
    """What becomes of the money that is not applied: why it stays, and whose it is.

    ``patient_id`` is needed for a guarantor's money; a payer's rest is the payer's own.
    """

    kind: CreditKind = CreditKind.OVERPAYMENT
    patient_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment as it is entered: from a guarantor or from a payer, never both.

    ``says`` is the whole command in other words, where it says more than what stands here (the
    lines of an EOB, the gross of a recovery): a repeat must say the same. A payer's payment
    that says more may be 0.00: its EOB denies, or leaves all to its member.
    """

    amount: Money
    method: PaymentMethod
    received_on: date
    guarantor_id: int | None = None
    payer_id: int | None = None
    reference: str = ""
    check_on: date | None = None
    posted_on: date | None = None
    memo: str = ""
    applications: tuple[Application, ...] = ()
    rest: Rest = Rest()
    request_key: str | None = None
    origin: PaymentOrigin = PaymentOrigin.TYPED
    external_id: str | None = None
    batch_id: int | None = None
    says: str = ""

    def digest(self) -> str:
        """Return what tells this command from any other, whatever its key."""
        said = self.says or repr(replace(self, request_key=None, batch_id=None))
        return sha256(said.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Received:
    """A posted payment: its number, what was applied, what is left as credit.

    ``repeated`` says that the same command had posted it before, and nothing was posted now.
    """

    payment_id: int
    number: str
    amount: Money
    applied: Money
    unapplied: Money
    credit_id: int
    findings: tuple[Finding, ...] = ()
    repeated: bool = False


def receive(work: Work, new: NewPayment) -> Received:
    """Post a payment with its applications, and return what became of it.

    Raises Problem, with nothing posted, for an amount or a day that cannot be, for a charge
    that is not open, and for a rest without an owner.
    """
    require(work, Right.POST_PAYMENT, "post payments")
    repeated = _posted_before(work, new)
    if repeated is not None:
        return repeated
    _require(work, new)
    if new.applications:
        require_policy(work, new.applications, method=new.method, origin=new.origin)
    payment = _payment(work, new)
    credit = _credit(work, new, payment)
    if payment.amount:
        receipt = Draft(
            on=payment.posted_on,
            kind=EntryKind.RECEIPT,
            memo=f"Payment {payment.number}",
            legs=receipt_legs(payment, credit),
        )
        post(work, receipt, batch_id=new.batch_id)
    work.db.refresh(credit)
    applied = apply(work, credit, new.applications, on=payment.posted_on)
    record(
        work,
        "post_payment",
        "payment",
        payment.id,
        number=payment.number,
        amount=new.amount.plain(),
        method=new.method.value,
        applications=len(new.applications),
    )
    work.touch(Topic.PAYMENTS, Topic.LEDGER, Topic.PATIENTS)
    return _result(work, payment, credit, applied)


def receipt_legs(payment: Payment, credit: Credit) -> tuple[Leg, ...]:
    """Return the legs of a receipt: into undeposited funds, out of the credit it fills."""
    part = Part.PATIENT_PAID if credit.payer_id is None else Part.INSURANCE_PAID
    cents = payment.amount.cents
    owner = crediting.about(credit)
    money = Leg(UNDEPOSITED, cents, part, owner._replace(credit_id=None))
    return money, crediting.leg(credit, -cents, part)


def _posted_before(work: Work, new: NewPayment) -> Received | None:
    found = None
    for column, value in (
        (Payment.request_key, key_of(new.request_key)),
        (Payment.external_id, new.external_id),
    ):
        if value is not None and found is None:
            found = work.db.scalars(select(Payment).where(column == value)).one_or_none()
    if found is None:
        return None
    if _differs(found, new):
        raise Problem(
            f"Payment {found.number} was posted under the same key with other facts.",
            hint="Nothing was posted. Enter this one anew.",
        )
    credit = work.db.scalars(
        select(Credit).where(Credit.payment_id == found.id).order_by(Credit.id).limit(1)
    ).one()
    left = sum(
        (
            one.balance.cents
            for one in work.db.scalars(select(Credit).where(Credit.payment_id == found.id))
        ),
        0,
    )
    return Received(
        found.id,
        found.number,
        found.amount,
        found.amount - Money(left),
        Money(left),
        credit.id,
        repeated=True,
    )


def _differs(found: Payment, new: NewPayment) -> bool:
    """Return whether a command is another than the one that posted a payment.

    By its digest where it came with a key; else by who paid how much, as SimplePractice tells.
    """
    if new.request_key is not None and found.request_key == new.request_key:
        return found.request_digest != new.digest()
    owner = (found.guarantor_id, found.payer_id)
    return found.amount != new.amount or owner != (new.guarantor_id, new.payer_id)


def _require(work: Work, new: NewPayment) -> None:
    if (new.guarantor_id is None) == (new.payer_id is None):
        raise Problem("A payment comes from one guarantor or one payer.", hint="Choose who paid.")
    without_money = not new.amount and new.payer_id is not None and new.says
    if new.amount.cents <= 0 and not without_money:
        raise Problem(
            "The amount of a payment must be above zero.",
            hint="Nothing was posted. Money that goes back is a refund.",
        )
    if new.amount.cents > LARGEST_CENTS:
        raise Problem(
            f"{new.amount} is more than these books can hold.", hint="Nothing was posted."
        )
    require_known_day(work, new.received_on, "The day of receipt")
    require_known_day(work, new.posted_on or new.received_on, "The posting day")
    if new.check_on is not None:
        require_not_before(work, new.check_on, "The day on the check")
    applied = sum(one.amount.cents for one in new.applications)
    if applied > new.amount.cents:
        raise Problem(
            f"{Money(applied)} is applied, but the payment is {new.amount}.",
            hint="Nothing was posted. Lower an amount, or correct the payment's.",
        )
    owner, model = (new.guarantor_id, Guarantor) if new.payer_id is None else (new.payer_id, Payer)
    if work.db.get(model, owner) is None:
        raise Problem("Who paid is not in the books.", hint="Nothing was posted.")


def _payment(work: Work, new: NewPayment) -> Payment:
    posted_on = postable(work, new.posted_on or new.received_on)
    payment = Payment(
        number=next_number(work, SERIES, posted_on.year),
        guarantor_id=new.guarantor_id,
        payer_id=new.payer_id,
        method=new.method,
        reference=text_of(new.reference, "the reference", longest=100),
        amount=new.amount,
        received_on=new.received_on,
        posted_on=posted_on,
        check_on=new.check_on,
        memo=text_of(new.memo, "the memo"),
        origin=new.origin,
        external_id=new.external_id,
        request_key=new.request_key,
        request_digest="" if new.request_key is None else new.digest(),
        batch_id=new.batch_id,
        received_by=work.actor.staff_id,
        posted_at=work.now(),
    )
    work.db.add(payment)
    try:
        work.db.flush()
    except IntegrityError as taken:
        raise Problem(
            "This payment was posted at another desk a moment ago.",
            hint="Nothing was posted twice. Look at the list of payments.",
        ) from taken
    return payment


def _credit(work: Work, new: NewPayment, payment: Payment) -> Credit:
    """Open the credit that the whole amount passes through; the rest will stay in it."""
    if new.payer_id is not None:
        return crediting.open_credit(
            work,
            new.rest.kind,
            since=payment.posted_on,
            payment_id=payment.id,
            payer_id=new.payer_id,
            note=new.rest.note,
        )
    patient_id = new.rest.patient_id or _first_patient(work, new.applications)
    patient = None if patient_id is None else work.db.get(Patient, patient_id)
    if patient is None:
        raise Problem(
            "Whose money the rest is has not been said.",
            hint="Nothing was posted. Choose the client whose credit it becomes.",
        )
    return crediting.open_credit(
        work,
        new.rest.kind,
        since=payment.posted_on,
        payment_id=payment.id,
        patient_id=patient.id,
        guarantor_id=new.guarantor_id,
        note=new.rest.note,
    )


def _first_patient(work: Work, applications: Sequence[Application]) -> int | None:
    if not applications:
        return None
    return work.db.scalar(select(Charge.patient_id).where(Charge.id == applications[0].charge_id))


def _result(work: Work, payment: Payment, credit: Credit, applied: Applied) -> Received:
    work.db.refresh(credit)
    return Received(
        payment.id,
        payment.number,
        payment.amount,
        payment.amount - credit.balance,
        credit.balance,
        credit.id,
        applied.findings,
    )
