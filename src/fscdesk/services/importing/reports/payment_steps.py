"""Writes what the payment export says: corrected, linked and new payments, then refunds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from fscdesk.models.payment import CreditKind, Payment, PaymentOrigin
from fscdesk.models.refund import Refund
from fscdesk.models.values import Money
from fscdesk.services.importing.reports.known_payments import PATIENT, PAYER, Owner
from fscdesk.services.importing.reports.payment_words import method_of
from fscdesk.services.importing.reports_engine import Applying, Kept, Step
from fscdesk.services.importing.shaping import guarantors
from fscdesk.services.payments.bulk_receiving import receive_all
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.reported import ReportedRefund, correct_reported, pay_back


@dataclass(frozen=True, slots=True)
class New:
    """A payment to be made; the owner by the ids of the plan."""

    key: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class Link:
    """A payment that is here and gets its id, and its amount where that is another."""

    payment_id: int
    key: str
    old_key: str | None
    old_amount: Money


@dataclass(frozen=True, slots=True)
class Correct:
    """A payment whose amount SimplePractice has changed."""

    payment_id: int
    old_amount: Money


@dataclass(frozen=True, slots=True)
class Back:
    """A refund to be posted; the owner by the ids of the plan."""

    key: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class LinkBack:
    """A refund that was paid here and gets its id."""

    refund_id: int
    key: str
    old_key: str | None


def write_steps(applying: Applying) -> None:
    """Write every step; refunds come last, so that they find the money of this file."""
    for step in applying.steps:
        match step.step:
            case Correct() as one:
                _correct(applying, step, one.payment_id, one.old_amount, {})
            case Link() as one:
                _link(applying, step, one)
            case LinkBack() as one:
                _link_back(applying, step, one)
    _receive(applying, [step for step in applying.steps if isinstance(step.step, New)])
    for step in applying.steps:
        if isinstance(step.step, Back):
            _pay_back(applying, step, step.step)


def _correct(
    applying: Applying, step: Step, payment_id: int, old: Money, more: dict[str, object]
) -> None:
    row = applying.row(step)
    before: dict[str, object] = dict(more)
    if row.amount != old:
        before["cents"] = old.cents
        correct_reported(
            applying.work,
            payment_id,
            row.amount,
            on=max(applying.on, row.paid_on),
            batch_id=applying.batch.id,
        )
    applying.kept[step.row_id] = Kept("payment", payment_id, before)


def _link(applying: Applying, step: Step, one: Link) -> None:
    work, row = applying.work, applying.row(step)
    payment = work.db.get_one(Payment, one.payment_id)
    before = {"external_id": one.old_key, "method": payment.method.value}
    method = payment.method
    if payment.origin is PaymentOrigin.SIMPLEPRACTICE:
        method = method_of(row.method_word)  # the earlier report did not say how the money came
    work.db.execute(
        update(Payment)
        .where(Payment.id == one.payment_id)
        .values(external_id=one.key, method=method)
    )
    work.db.expire_all()
    _correct(applying, step, one.payment_id, one.old_amount, dict(before))


def _link_back(applying: Applying, step: Step, one: LinkBack) -> None:
    applying.work.db.execute(
        update(Refund).where(Refund.id == one.refund_id).values(request_key=one.key)
    )
    before = {"request_key": one.old_key}
    applying.kept[step.row_id] = Kept("refund", one.refund_id, before)


def _receive(applying: Applying, steps: list[Step]) -> None:
    pays_for = guarantors(applying.work)
    payments = [_payment(applying, step, pays_for) for step in steps]
    made = receive_all(applying.work, payments, batch_id=applying.batch.id)
    for step, payment_id in zip(steps, made.payment_ids, strict=True):
        applying.kept[step.row_id] = Kept("payment", payment_id)


def _payment(applying: Applying, step: Step, pays_for: dict[int, int]) -> NewPayment:
    row, new = applying.row(step), step.step
    word, plan_id = new.owner
    payer_id = applying.payer(plan_id) if word == PAYER else None
    patient_id = applying.patient(plan_id) if word == PATIENT else None
    kind = CreditKind.OVERPAYMENT if word == PAYER else CreditKind.PREPAYMENT
    return NewPayment(
        amount=row.amount,
        method=method_of(row.method_word),
        received_on=row.paid_on,
        guarantor_id=None if patient_id is None else pays_for[patient_id],
        payer_id=payer_id,
        reference=row.reference[:100],
        rest=Rest(kind, patient_id),
        origin=PaymentOrigin.SIMPLEPRACTICE,
        external_id=new.key,
    )


def _pay_back(applying: Applying, step: Step, one: Back) -> None:
    row = applying.row(step)
    word, plan_id = one.owner
    owner = applying.payer(plan_id) if word == PAYER else applying.patient(plan_id)
    made = pay_back(
        applying.work,
        ReportedRefund(
            key=one.key,
            owner=owner or 0,
            payers=word == PAYER,
            amount=Money(-row.amount.cents),
            method=method_of(row.method_word),
            on=row.paid_on,
            reference=row.reference,
        ),
        batch_id=applying.batch.id,
    )
    numbers = applying.work.db.scalars(select(Refund.id).where(Refund.id.in_(made)))
    applying.kept[step.row_id] = Kept("refund", made[0], {"refunds": sorted(numbers)})
