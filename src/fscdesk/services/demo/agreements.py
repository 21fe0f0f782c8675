"""What the office agrees with clients: payment plans, and what an agency is given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.plan import Every, PaymentPlan, PlanStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import AgencyFields, add_agency
from fscdesk.services.billing.collection_plan import plan_collections
from fscdesk.services.billing.collection_reading import case_detail
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.plan_agreements import keep_agreement
from fscdesk.services.billing.plan_dues import charge_due
from fscdesk.services.billing.plan_reading import standings_of
from fscdesk.services.billing.plans import NewPlan, preview_plan
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.scene import Account, Scene, owed
from fscdesk.services.payments.plan_payments import make_plan_with_payment, pay_plan
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.recovering import NewRecovery, recover
from fscdesk.services.work import Work

_YOUNG: Final = timedelta(days=10)


def plans_of_six_months(scene: Scene) -> None:
    """Make the two plans that run still."""
    for account in scene.accounts(Story.PLAN_KEPT, Story.PLAN_LATE):
        _agree(scene, account, 6, Every.MONTH)


def plan_of_four_weeks(scene: Scene) -> None:
    """Make the plan that will be paid off."""
    account = scene.first(Story.PLAN_DONE)
    if account is None:
        return
    _agree(scene, account, 4, Every.WEEK)


def _agree(scene: Scene, account: Account, number: int, every: Every) -> None:
    def act(work: Work) -> None:
        charges = owed(work, [account.patient_id], until=work.today() - _YOUNG)
        if not charges:
            return
        new = NewPlan(account.guarantor_id, tuple(one.id for one in charges), number, every)
        seen = preview_plan(work, new)
        down = NewPayment(
            seen.least_down,
            PaymentMethod.CARD,
            work.today(),
            guarantor_id=account.guarantor_id,
            reference="ending 0000",
        )
        made, _ = make_plan_with_payment(work, new, down)
        keep_agreement(work, made.plan_id)

    scene.clerk(act)


def pay_plans(scene: Scene, stories: Collection[Story]) -> None:
    """Take what is due now on the plans of these stories."""
    for account in scene.accounts(*stories):
        scene.clerk(partial(_pay_plan, account=account))


def _pay_plan(work: Work, account: Account) -> None:
    plan = work.db.scalars(
        select(PaymentPlan).where(
            PaymentPlan.guarantor_id == account.guarantor_id,
            PaymentPlan.status == PlanStatus.ACTIVE,
        )
    ).first()
    if plan is None:
        return
    due = _due(work, plan)
    if due:
        new = NewPayment(
            due,
            PaymentMethod.CARD,
            work.today(),
            guarantor_id=account.guarantor_id,
            reference="ending 0000",
        )
        pay_plan(work, plan.id, new)


def _due(work: Work, plan: PaymentPlan) -> Money:
    today = work.today()
    return standings_of(work, [plan], today)[plan.id].due_now


def dues(scene: Scene) -> None:
    """Charge what fell due on plans, as the daily job does."""
    scene.owner(lambda work: charge_due(work, work.today()))


def hand_over(scene: Scene) -> None:
    """Give the accounts that are open for too long to an agency."""
    wanted = {one.guarantor_id for one in scene.accounts(Story.AGENCY, Story.AGENCY_PAYS)}

    def act(work: Work) -> None:
        agency = add_agency(
            work,
            AgencyFields(
                "Fictional Recovery of Nowhere",
                3000,
                contact="Cora Collect",
                phone="(555) 010-0999",
                email="cases@recovery.example.invalid",
            ),
        )
        plan = plan_collections(work, guarantor_ids=wanted)
        named = tuple(one.guarantor_id for one in plan.accounts)
        if named:
            place(work, NewPlacement(agency, named))

    scene.manager(act)


def recovered(scene: Scene) -> None:
    """Post what the agency got of one of the cases: a part."""
    account = scene.first(Story.AGENCY_PAYS)
    if account is None:
        return

    def act(work: Work) -> None:
        case = work.db.scalars(
            select(CollectionCase).where(
                CollectionCase.guarantor_id == account.guarantor_id,
                CollectionCase.status == CaseStatus.PLACED,
            )
        ).first()
        if case is not None:
            left = case_detail(work, case.id).row.left
            new = NewRecovery(
                case.id, Money(left.cents * 2 // 5), work.today(), reference="FR-20118"
            )
            recover(work, new)

    scene.clerk(act)
