"""What the form of a payment plan needs: the open charges, the policy, plain values in.

    basis = plan_basis(work, patient_id)            # what can go into a plan, the limits
    preview_terms(work, terms)                      # the schedule while somebody types
    agree(work, terms, first)                       # plan, first payment, receipt, agreement

A form knows no mapped class: it says how often, and how money came, by their words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.plan import Every, PaymentPlan, PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.plan_agreements import agreement_page
from fscdesk.services.billing.plan_policies import PlanPolicy, plan_policy
from fscdesk.services.billing.plan_reading import plan_detail, plan_position
from fscdesk.services.billing.plans import (
    MadePlan,
    NewPlan,
    PlanPreview,
    make_plan,
    preview_plan,
    replace_plan,
    still_open,
)
from fscdesk.services.errors import Problem
from fscdesk.services.payments.drafts import last_choices, remember_choices
from fscdesk.services.payments.open_charges import OpenCharge, open_charges
from fscdesk.services.payments.plan_payments import (
    make_plan_with_payment,
    pay_plan,
    replace_plan_with_payment,
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
class OldPlan:
    """A plan that is to be replaced: its terms, and what is still open of it.

    ``number`` is how many of its ``payments`` are not paid; ``every`` is a value of ``EVERY``.
    ``open`` is all that is owed of its charges, with ``fees``: interest and late fees that were
    charged. ``paid`` counts as paid down on the new plan.
    """

    plan_id: int
    name: str
    version: int
    number: int
    payments: int
    every: str
    next_due_on: date | None
    apr_points: int
    auto_pay: bool
    paid: Money
    open: Money
    fees: Money


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan can be made of: open charges of who pays, outside of any plan.

    ``own`` are those of the client whose account is open; ``held`` is what other plans hold.
    ``method`` is how the person at the desk entered money last. ``old`` is the plan that is to be
    replaced: what it holds is among the charges, and ``own`` is that.
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
    old: OldPlan | None = None


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan as it is typed; ``every`` is a value of ``EVERY``, what is None is the policy's.

    ``replaces`` is the plan that ends for it, in the ``old_version`` that the person saw, for a
    ``reason``.
    """

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
    replaces: int | None = None
    old_version: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """The money that comes with a plan; ``method`` is a value of ``entering.METHODS``.

    ``request_key`` makes a repeated later payment harmless; a first one goes by its plan's.
    """

    amount: Money
    method: str
    received_on: date
    reference: str = ""
    request_key: str | None = None


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


def plan_basis(work: Work, patient_id: int, replaces: int | None = None) -> PlanBasis:
    """Return what a plan for an account can be made of, or one in place of another plan.

    Raises Problem for an unknown account, and for a plan that has ended or is somebody else's.
    """
    patient = work.db.get(Patient, patient_id)
    if patient is None:
        raise Problem("This client is not in the books.", hint="Nothing was saved.")
    pays = work.db.get_one(Guarantor, patient.guarantor_id)
    position = plan_position(work, pays.id, work.today())
    held = frozenset[int]() if position is None else position.charge_ids
    freed = frozenset[int]()
    if replaces is not None:
        freed = frozenset(still_open(work, replaces))
        held -= freed
    charges = [one for one in open_charges(work, guarantor_id=pays.id) if one.open > ZERO]
    free = tuple(one for one in charges if one.charge_id not in held)
    of_client = frozenset(one.charge_id for one in free if one.patient_id == patient_id)
    old = None if replaces is None else _old_plan(work, replaces, pays.id, free, freed)
    return PlanBasis(
        patient_id,
        pays.id,
        pays.name,
        work.today(),
        plan_policy(work),
        free,
        of_client if old is None else freed,
        sum((one.open for one in charges if one.charge_id in held), ZERO),
        last_choices(work).get("method", ""),
        old,
    )


def preview_terms(work: Work, terms: PlanTerms) -> PlanPreview:
    """Return the schedule that these terms would have, or why they cannot be."""
    return preview_plan(work, _plan(terms), replaces=terms.replaces)


def agree(work: Work, terms: PlanTerms, first: FirstPayment | None) -> Agreed:
    """Make the plan, take its first payment, and keep receipt and agreement: all, or nothing.

    One that replaces another ends that in the same breath. Without a first payment, or one of
    0.00, only the plan is made. Raises Problem as the two do.
    """
    receipt = ""
    documents: list[int] = []
    received: Received | None = None
    if first is None or not first.amount:
        plan = _made(work, terms)
    else:
        plan, received = _made_with_payment(work, terms, first)
        kept = make_receipt(work, received.payment_id)
        receipt = kept.number
        documents.append(kept.id)
        remember_choices(work, {**last_choices(work), "method": first.method})
    agreement = agreement_page(work, plan.plan_id)
    documents.append(agreement.id)
    return Agreed(
        plan,
        work.db.get_one(PaymentPlan, plan.plan_id).version,
        "" if received is None else received.number,
        receipt,
        agreement.number,
        tuple(documents),
        tuple(document_bytes(work, one) for one in documents),
    )


def take_back(work: Work, done: Agreed) -> None:
    """Take a plan and its first payment back together, at once after they were made.

    The plan that it replaced is in force again.
    """
    undo_plan(work, done.plan.plan_id, reason="Taken back at once", expected_version=done.version)


def take_on_plan(work: Work, plan_id: int, guarantor_id: int, new: FirstPayment) -> Received:
    """Take a later payment on a plan, in the plan's order. Raises Problem as ``pay_plan``."""
    return pay_plan(work, plan_id, _payment(guarantor_id, new))


def _old_plan(
    work: Work,
    plan_id: int,
    guarantor_id: int,
    free: Iterable[OpenCharge],
    freed: Collection[int],
) -> OldPlan:
    detail = plan_detail(work, plan_id)
    now = detail.standing
    if now.guarantor_id != guarantor_id:
        raise Problem("This plan is not of this account.", hint="Nothing was changed.")
    if now.status is not PlanStatus.ACTIVE:
        raise Problem(
            f"Plan {now.number} is {now.status.value} already.",
            hint="Nothing was changed. Make a new plan instead.",
        )
    unpaid = sum(bool(one.open) for one in now.instalments)
    coming = now.next_due_on
    return OldPlan(
        plan_id,
        now.number,
        now.version,
        max(unpaid, 1),
        len(now.instalments),
        detail.every,
        coming if coming is not None and coming > work.today() else None,
        work.db.get_one(PaymentPlan, plan_id).apr_points,
        now.auto_pay,
        now.paid,
        sum((one.open for one in free if one.charge_id in freed), ZERO),
        now.interest_open + now.fees_open,
    )


def _made(work: Work, terms: PlanTerms) -> MadePlan:
    if terms.replaces is None:
        return make_plan(work, _plan(terms))
    return replace_plan(
        work,
        terms.replaces,
        _plan(terms),
        reason=terms.reason,
        expected_version=terms.old_version,
    )


def _made_with_payment(
    work: Work, terms: PlanTerms, first: FirstPayment
) -> tuple[MadePlan, Received]:
    money = _payment(terms.guarantor_id, first)
    if terms.replaces is None:
        return make_plan_with_payment(work, _plan(terms), money)
    return replace_plan_with_payment(
        work,
        terms.replaces,
        _plan(terms),
        money,
        reason=terms.reason,
        expected_version=terms.old_version,
    )


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
        request_key=first.request_key,
    )
