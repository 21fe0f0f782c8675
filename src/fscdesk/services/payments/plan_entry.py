"""What the form of a payment plan needs: the open charges, the policy, plain values in.

    basis = plan_basis(work, patient_id)            # what can go into a plan, the limits
    preview_terms(work, terms)                      # the schedule while somebody types
    agree(work, terms, first)                       # plan, first payment, receipt, agreement

A form knows no mapped class: it says how often, and how money came, by their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.plan import Every, PaymentPlan
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.documents import document_bytes, kept_document
from fscdesk.services.billing.plan_agreements import keep_agreement
from fscdesk.services.billing.plan_policies import PlanPolicy, plan_policy
from fscdesk.services.billing.plan_reading import plan_position
from fscdesk.services.billing.plans import MadePlan, NewPlan, PlanPreview, make_plan, preview_plan
from fscdesk.services.errors import Problem
from fscdesk.services.payments.drafts import last_choices, remember_choices
from fscdesk.services.payments.open_charges import OpenCharge, open_charges
from fscdesk.services.payments.plan_payments import (
    make_plan_with_payment,
    pay_plan,
    undo_plan,
)
from fscdesk.services.payments.receipts import make_receipt
from fscdesk.services.payments.receiving import NewPayment, Received
from fscdesk.services.work import Work

EVERY: Final[tuple[tuple[str, str], ...]] = (
    (Every.MONTH.value, "Every month"),
    (Every.TWO_WEEKS.value, "Every two weeks"),
    (Every.WEEK.value, "Every week"),
    (Every.QUARTER.value, "Every quarter"),
)
"""How often an instalment is due, and its words; the most usual first."""
USUAL_NUMBER: Final = 6


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan can be made of: open charges of who pays, outside of any plan.

    ``own`` are those of the client whose account is open; ``held`` is what other plans hold.
    ``method`` is how the person at the desk entered money last.
    """

    patient_id: int
    guarantor_id: int
    guarantor: str
    today: date
    policy: PlanPolicy
    charges: tuple[OpenCharge, ...]
    own: frozenset[int]
    held: Money
    method: str


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan as it is typed; ``every`` is a value of ``EVERY``, what is None is the policy's."""

    guarantor_id: int
    patient_id: int
    charge_ids: tuple[int, ...]
    number: int
    every: str = Every.MONTH.value
    down_payment: Money | None = None
    first_due_on: date | None = None
    apr_points: int = 0
    auto_pay: bool = False
    expected_total: Money | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """The money that comes with a plan; ``method`` is a value of ``entering.METHODS``."""

    amount: Money
    method: str
    received_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A plan that was agreed, with its first payment; its pages are kept.

    ``payment`` and ``receipt`` are empty where nothing was paid at once. ``pages`` are the
    receipt's and the agreement's, in this order.
    """

    plan: MadePlan
    version: int
    payment: str
    receipt: str
    agreement: str
    documents: tuple[int, ...]
    pages: tuple[bytes, ...]


def plan_basis(work: Work, patient_id: int) -> PlanBasis:
    """Return what a plan for an account can be made of. Raises Problem for an unknown one."""
    patient = work.db.get(Patient, patient_id)
    if patient is None:
        raise Problem("This client is not in the books.", hint="Nothing was saved.")
    pays = work.db.get_one(Guarantor, patient.guarantor_id)
    position = plan_position(work, pays.id, work.today())
    held = frozenset[int]() if position is None else position.charge_ids
    charges = [one for one in open_charges(work, guarantor_id=pays.id) if one.open > ZERO]
    free = tuple(one for one in charges if one.charge_id not in held)
    return PlanBasis(
        patient_id,
        pays.id,
        pays.name,
        work.today(),
        plan_policy(work),
        free,
        frozenset(one.charge_id for one in free if one.patient_id == patient_id),
        sum((one.open for one in charges if one.charge_id in held), ZERO),
        last_choices(work).get("method", ""),
    )


def preview_terms(work: Work, terms: PlanTerms) -> PlanPreview:
    """Return the schedule that these terms would have, or why they cannot be."""
    return preview_plan(work, _plan(terms))


def agree(work: Work, terms: PlanTerms, first: FirstPayment | None) -> Agreed:
    """Make the plan, take its first payment, and keep receipt and agreement: all, or nothing.

    Without a first payment, or one of 0.00, only the plan is made. Raises Problem as the two do.
    """
    receipt = ""
    documents: list[int] = []
    received: Received | None = None
    if first is None or not first.amount:
        plan = make_plan(work, _plan(terms))
    else:
        plan, received = make_plan_with_payment(
            work, _plan(terms), _payment(terms.guarantor_id, first)
        )
        kept = make_receipt(work, received.payment_id)
        receipt = kept.number
        documents.append(kept.id)
        remember_choices(work, {**last_choices(work), "method": first.method})
    agreement = keep_agreement(work, plan.plan_id)
    documents.append(agreement)
    return Agreed(
        plan,
        work.db.get_one(PaymentPlan, plan.plan_id).version,
        "" if received is None else received.number,
        receipt,
        kept_document(work, agreement).number,
        tuple(documents),
        tuple(document_bytes(work, one) for one in documents),
    )


def take_back(work: Work, done: Agreed) -> None:
    """Take a plan and its first payment back together, at once after they were made."""
    undo_plan(work, done.plan.plan_id, reason="Taken back at once", expected_version=done.version)


def take_on_plan(work: Work, plan_id: int, guarantor_id: int, new: FirstPayment) -> Received:
    """Take a later payment on a plan, in the plan's order. Raises Problem as ``pay_plan``."""
    return pay_plan(work, plan_id, _payment(guarantor_id, new))


def _plan(terms: PlanTerms) -> NewPlan:
    return NewPlan(
        terms.guarantor_id,
        terms.charge_ids,
        terms.number,
        Every(terms.every),
        terms.down_payment,
        first_due_on=terms.first_due_on,
        apr_points=terms.apr_points,
        auto_pay=terms.auto_pay,
        patient_id=terms.patient_id,
        expected_total=terms.expected_total,
        request_key=terms.request_key,
    )


def _payment(guarantor_id: int, first: FirstPayment) -> NewPayment:
    return NewPayment(
        first.amount,
        PaymentMethod(first.method),
        first.received_on,
        guarantor_id=guarantor_id,
        reference=first.reference,
    )
