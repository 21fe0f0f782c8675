"""Reads plans: how each stands on any day, what a guarantor's plans ask for, and the list.

Nothing is stored of what is paid: every figure is read from the ledger's lines of account 1100
up to the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.plan import Instalment, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plan_forgiving import taken_off
from fscdesk.services.billing.plan_policies import plan_policy
from fscdesk.services.billing.plan_standing import (
    InstalmentFacts,
    PlanFacts,
    PlanStanding,
    standing_of,
)
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class PlanPosition:
    """What a guarantor's active plans ask for on a day.

    A statement shows ``due_now`` of the plans beside ``total``, which is all that is left of
    them; the account's balance less ``total`` is outside of any plan. ``charge_ids`` are the
    charges in it, with those of interest and late fees.
    """

    guarantor_id: int
    as_of: date
    due_now: Money
    total: Money
    missed: int
    next_due_on: date | None
    next_amount: Money
    plans: tuple[PlanStanding, ...]
    charge_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class PlanChargeRow:
    """A charge of a plan: what was open when it was agreed, and what is left of that."""

    charge_id: int
    patient: str
    code: str
    service_day: date
    agreed: Money
    left: Money
    voided: bool


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """One plan whole, as its page shows it."""

    standing: PlanStanding
    guarantor: str
    account: str
    down_payment: Money
    every: str
    first_due_on: date
    ended_on: date | None
    end_reason: str
    replaces_id: int | None
    replaced_by: int | None
    charges: tuple[PlanChargeRow, ...]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in the list."""

    guarantor: str
    account: str
    standing: PlanStanding


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans a list shows; ``text`` is looked for in number and name."""

    statuses: tuple[PlanStatus, ...] = ()
    guarantor_id: int | None = None
    text: str = ""


def plan_position(work: Work, guarantor_id: int, as_of: date) -> PlanPosition | None:
    """Return what the plans of a guarantor ask for on the day; None when there is none."""
    return plan_positions(work, as_of, [guarantor_id]).get(guarantor_id)


def plan_positions(
    work: Work, as_of: date, guarantor_ids: Collection[int] | None = None
) -> dict[int, PlanPosition]:
    """Return the same for these guarantors, or for all, by guarantor; in a few questions."""
    wanted = select(PaymentPlan).where(
        PaymentPlan.agreed_on <= as_of,
        or_(PaymentPlan.ended_on.is_(None), PaymentPlan.ended_on > as_of),
    )
    if guarantor_ids is not None:
        wanted = wanted.where(among(work, PaymentPlan.guarantor_id, guarantor_ids))
    plans = list(work.db.scalars(wanted.order_by(PaymentPlan.id)))
    standings = standings_of(work, plans, as_of)
    charges = _all_charges(work, standings)
    by_guarantor: dict[int, list[PlanStanding]] = defaultdict(list)
    for one in standings.values():
        if not one.finished:
            by_guarantor[one.guarantor_id].append(one)
    return {
        guarantor_id: _position(guarantor_id, as_of, found, charges)
        for guarantor_id, found in by_guarantor.items()
    }


def plan_detail(work: Work, plan_id: int, as_of: date | None = None) -> PlanDetail:
    """Return one plan as of a day, today at first. Raises Problem when there is none."""
    day = as_of or work.today()
    plan = work.db.get(PaymentPlan, plan_id)
    if plan is None:
        raise Problem("This plan is not in the books.", hint="Look at the list of plans again.")
    guarantor = work.db.get_one(Guarantor, plan.guarantor_id)
    found = work.db.execute(
        select(PlanCharge.amount, Charge, Patient.name)
        .join(Charge, Charge.id == PlanCharge.charge_id)
        .join(Patient, Patient.id == Charge.patient_id)
        .where(PlanCharge.plan_id == plan_id)
        .order_by(Charge.service_day, Charge.id)
    ).all()
    open_on = open_amounts(work, [charge.id for _, charge, _ in found], day)
    return PlanDetail(
        standing=standings_of(work, [plan], day)[plan_id],
        guarantor=guarantor.name,
        account=guarantor.number,
        down_payment=plan.down_payment,
        every=plan.every.value,
        first_due_on=plan.first_due_on,
        ended_on=plan.ended_on,
        end_reason=plan.end_reason,
        replaces_id=plan.replaces_id,
        replaced_by=work.db.scalar(
            select(PaymentPlan.id).where(PaymentPlan.replaces_id == plan_id)
        ),
        charges=tuple(
            PlanChargeRow(
                charge.id,
                name,
                charge.code,
                charge.service_day,
                amount,
                left_of(amount, open_on.get(charge.id, 0)),
                charge.voided_on is not None,
            )
            for amount, charge, name in found
        ),
    )


def page_of_plans(
    work: Work, span: Span, which: PlanFilter | None = None, as_of: date | None = None
) -> Page[PlanRow]:
    """Return some plans with their standing; sorts are ``number``, ``guarantor``, ``agreed_on``."""
    chosen, day = which or PlanFilter(), as_of or work.today()
    wanted = (
        select(PaymentPlan, Guarantor.name, Guarantor.number)
        .join(Guarantor, Guarantor.id == PaymentPlan.guarantor_id)
        .where(PaymentPlan.agreed_on <= day)
    )
    if chosen.statuses:
        wanted = wanted.where(PaymentPlan.status.in_(chosen.statuses))
    if chosen.guarantor_id is not None:
        wanted = wanted.where(PaymentPlan.guarantor_id == chosen.guarantor_id)
    if chosen.text.strip():
        like = f"%{chosen.text.strip().replace('%', '').replace('_', '')}%"
        wanted = wanted.where(or_(PaymentPlan.number.ilike(like), Guarantor.name.ilike(like)))
    keys = {"guarantor": Guarantor.name, "agreed_on": PaymentPlan.agreed_on}
    key = keys.get(span.sort, PaymentPlan.number)
    order = (key.desc(), PaymentPlan.id.desc()) if span.descending else (key, PaymentPlan.id)
    total = work.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = work.db.execute(wanted.order_by(*order).offset(span.start).limit(span.size)).all()
    standings = standings_of(work, [plan for plan, _, _ in rows], day)
    return Page(
        span.start,
        total,
        tuple(PlanRow(name, number, standings[plan.id]) for plan, name, number in rows),
    )


def missed_plans(work: Work, as_of: date | None = None) -> tuple[PlanRow, ...]:
    """Return the active plans with a missed instalment on the day: what needs a person."""
    day = as_of or work.today()
    which = PlanFilter((PlanStatus.ACTIVE,))
    rows = page_of_plans(work, Span(0, 1_000_000, "number"), which, day).rows
    return tuple(row for row in rows if row.standing.missed)


def standings_of(work: Work, plans: Sequence[PaymentPlan], as_of: date) -> dict[int, PlanStanding]:
    """Return how plans stand at the end of the day, by plan."""
    points = plan_policy(work).auto_pay_points
    return {
        plan_id: standing_of(facts, as_of, auto_pay_points=points)
        for plan_id, facts in plan_facts(work, plans, as_of).items()
    }


def plan_facts(work: Work, plans: Sequence[PaymentPlan], as_of: date) -> dict[int, PlanFacts]:
    """Return what is kept of plans, with what was open of their charges on the day."""
    ids = [plan.id for plan in plans]
    agreed: dict[int, list[tuple[int, Money, date | None]]] = defaultdict(list)
    for plan_id, charge_id, amount, voided in work.db.execute(
        select(PlanCharge.plan_id, PlanCharge.charge_id, PlanCharge.amount, Charge.voided_on)
        .join(Charge, Charge.id == PlanCharge.charge_id)
        .where(among(work, PlanCharge.plan_id, ids))
        .order_by(PlanCharge.id)
    ):
        agreed[plan_id].append((charge_id, amount, voided))
    parts: dict[int, list[Instalment]] = defaultdict(list)
    for part in work.db.scalars(
        select(Instalment)
        .where(among(work, Instalment.plan_id, ids))
        .order_by(Instalment.plan_id, Instalment.position)
    ):
        parts[part.plan_id].append(part)
    wanted = [one[0] for charges in agreed.values() for one in charges]
    wanted += [
        charge_id
        for instalments in parts.values()
        for part in instalments
        for charge_id in (part.interest_charge_id, part.fee_charge_id)
        if charge_id is not None
    ]
    open_on = open_amounts(work, wanted, as_of)
    off = taken_off(work, ids, as_of)
    return {
        plan.id: _facts(plan, as_of, agreed[plan.id], parts[plan.id], open_on, off.get(plan.id, {}))
        for plan in plans
    }


def open_amounts(work: Work, charge_ids: Iterable[int], as_of: date) -> dict[int, int]:
    """Return the cents that clients owed of charges at the end of the day; zeros may be missing."""
    found = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, list(charge_ids)),
            JournalLine.account == PATIENT_RECEIVABLE,
            JournalLine.day <= as_of,
        )
        .group_by(JournalLine.charge_id)
    )
    return {charge_id or 0: total.cents for charge_id, total in found}


def left_of(agreed: Money, open_cents: int) -> Money:
    """Return what is left of what was agreed: never more than it, never less than nothing."""
    return Money(min(max(open_cents, 0), agreed.cents))


def _facts(
    plan: PaymentPlan,
    as_of: date,
    charges: Sequence[tuple[int, Money, date | None]],
    parts: Sequence[Instalment],
    open_on: Mapping[int, int],
    off: Mapping[int, int],
) -> PlanFacts:
    left = sum(left_of(amount, open_on.get(charge_id, 0)).cents for charge_id, amount, _ in charges)
    voided = [one for one in charges if one[2] is not None and one[2] <= as_of]
    forgiven = sum(
        min(
            max(off.get(charge_id, 0), 0),
            (amount - left_of(amount, open_on.get(charge_id, 0))).cents,
        )
        for charge_id, amount, gone in charges
        if gone is None or gone > as_of
    )
    ended = plan.ended_on is not None and plan.ended_on <= as_of

    def open_of(charge_id: int | None) -> Money:
        return ZERO if charge_id is None else Money(max(open_on.get(charge_id, 0), 0))

    return PlanFacts(
        plan_id=plan.id,
        number=plan.number,
        guarantor_id=plan.guarantor_id,
        patient_id=plan.patient_id,
        status=plan.status if ended else PlanStatus.ACTIVE,
        agreed_on=plan.agreed_on,
        total=plan.total,
        down_payment=plan.down_payment,
        apr_points=plan.apr_points,
        late_fee=plan.late_fee,
        late_fee_points=plan.late_fee_points,
        grace_days=plan.grace_days,
        auto_pay=plan.auto_pay,
        version=plan.version,
        left=Money(left),
        gone=Money(sum(amount.cents for _, amount, _ in voided)),
        instalments=tuple(
            InstalmentFacts(
                part.position,
                part.due_on,
                part.principal,
                part.interest,
                open_of(part.interest_charge_id),
                open_of(part.fee_charge_id),
                part.interest_charge_id is not None,
                part.fee_charge_id is not None,
            )
            for part in parts
        ),
        forgiven=Money(forgiven),
        findings=_voided(plan, len(voided)),
    )


def _voided(plan: PaymentPlan, count: int) -> tuple[Finding, ...]:
    """Tell of charges that left the books while the plan covered them."""
    if not count:
        return ()
    words = "A charge" if count == 1 else f"{count} charges"
    return (
        Finding(
            "plan-charge-voided",
            f"{words} of plan {plan.number} left the books after it was agreed. Replace the plan"
            " if something else is owed instead.",
            f"plan {plan.number}",
            Severity.WARNING,
        ),
    )


def _position(
    guarantor_id: int,
    as_of: date,
    plans: Sequence[PlanStanding],
    charges: Mapping[int, frozenset[int]],
) -> PlanPosition:
    coming = [one for one in plans if one.next_due_on is not None]
    first = min((one.next_due_on for one in coming if one.next_due_on), default=None)
    return PlanPosition(
        guarantor_id,
        as_of,
        Money(sum(one.due_now.cents for one in plans)),
        Money(sum(one.total_left.cents for one in plans)),
        sum(one.missed for one in plans),
        first,
        Money(sum(one.next_amount.cents for one in coming if one.next_due_on == first)),
        tuple(plans),
        frozenset().union(*(charges[one.plan_id] for one in plans)),
    )


def _all_charges(work: Work, plan_ids: Collection[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {plan_id: set() for plan_id in plan_ids}
    for plan_id, charge_id in work.db.execute(
        select(PlanCharge.plan_id, PlanCharge.charge_id).where(
            among(work, PlanCharge.plan_id, plan_ids)
        )
    ):
        found[plan_id].add(charge_id)
    for plan_id, *fees in work.db.execute(
        select(Instalment.plan_id, Instalment.interest_charge_id, Instalment.fee_charge_id).where(
            among(work, Instalment.plan_id, plan_ids)
        )
    ):
        found[plan_id].update(fee for fee in fees if fee is not None)
    return {plan_id: frozenset(charges) for plan_id, charges in found.items()}
