"""The agreement of a plan: what it says is what was agreed, however the plan stands by now."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.document import DocumentKind
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.plan import Instalment, PaymentPlan, PlanCharge
from fscdesk.models.service import Service
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.documents import Kept, keep, kept, kept_document
from fscdesk.services.billing.invoice_docs import recipient_of
from fscdesk.services.billing.plan_policies import PlanPolicy, plan_policy
from fscdesk.services.billing.plan_standing import auto_pay_discount
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing import plan_agreement_document as paper
from fscdesk.services.work import Work


def agreement_document(work: Work, plan_id: int) -> paper.PlanAgreementDoc:
    """Return the agreement of a plan as it is printed, to be signed by both.

    Raises Problem when there is no such plan.
    """
    require(work, Right.MANAGE_PLANS, "print payment plans")
    plan = work.db.get(PaymentPlan, plan_id)
    if plan is None:
        raise Problem("This plan is not in the books.", hint="Nothing was printed.")
    guarantor = work.db.get_one(Guarantor, plan.guarantor_id)
    payments = _payments(work, plan)
    interest = Money(sum(one.interest.cents for one in payments))
    return paper.PlanAgreementDoc(
        letterhead=letterhead_of(work),
        number=plan.number,
        account=guarantor.number,
        made_on=plan.agreed_on,
        debtor=recipient_of(guarantor),
        charges=_charges(work, plan_id),
        owed=plan.total,
        down_payment=plan.down_payment,
        financed=plan.financed,
        payments=payments,
        total_interest=interest,
        total_of_payments=plan.financed + interest,
        terms=_terms(plan, plan_policy(work)),
        down_payment_on=plan.agreed_on if plan.down_payment else None,
    )


def keep_agreement(work: Work, plan_id: int) -> int:
    """Draw the agreement, keep its page, and return the document's id."""
    from fscdesk.services.printing.plan_agreement import plan_agreement

    document = agreement_document(work, plan_id)
    plan = work.db.get_one(PaymentPlan, plan_id)
    return keep(
        work,
        DocumentKind.AGREEMENT,
        plan_id,
        plan_agreement(document),
        "",
        plan.guarantor_id,
        plan.patient_id,
        plan.number,
    )


def agreement_page(work: Work, plan_id: int) -> Kept:
    """Return the agreement as it was kept first; one that was never drawn is drawn and kept now."""
    pages = kept(work, DocumentKind.AGREEMENT, plan_id)
    return pages[-1] if pages else kept_document(work, keep_agreement(work, plan_id))


def _charges(work: Work, plan_id: int) -> tuple[paper.PlanCharge, ...]:
    rows = work.db.execute(
        select(Charge.service_day, Service.name, Patient.name, PlanCharge.amount)
        .join(PlanCharge, PlanCharge.charge_id == Charge.id)
        .join(Service, Service.id == Charge.service_id)
        .join(Patient, Patient.id == Charge.patient_id)
        .where(PlanCharge.plan_id == plan_id)
        .order_by(Charge.service_day, Charge.id)
    )
    return tuple(
        paper.PlanCharge(day, what, patient, amount) for day, what, patient, amount in rows
    )


def _payments(work: Work, plan: PaymentPlan) -> tuple[paper.PlanPayment, ...]:
    left = plan.financed
    found = []
    for part in work.db.scalars(
        select(Instalment).where(Instalment.plan_id == plan.id).order_by(Instalment.position)
    ):
        left -= part.principal
        found.append(
            paper.PlanPayment(
                part.position,
                part.due_on,
                part.principal,
                part.interest,
                part.principal + part.interest,
                left,
            )
        )
    return tuple(found)


def _terms(plan: PaymentPlan, policy: PlanPolicy) -> paper.PlanTerms:
    return paper.PlanTerms(
        apr=Decimal(plan.apr_points) / 100,
        late_fee_least=plan.late_fee,
        late_fee_percent=Decimal(plan.late_fee_points) / 100,
        grace_days=plan.grace_days,
        default_after=policy.default_after,
        auto_pay="the card or account that you left with it" if plan.auto_pay else "",
        auto_pay_discount=auto_pay_discount(plan.financed, policy.auto_pay_points)
        if plan.auto_pay
        else ZERO,
    )
