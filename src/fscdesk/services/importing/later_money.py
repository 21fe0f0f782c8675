"""Names the money that stands on an import: what its undo would take from under somebody.

Undoing reverses the entries of the import. That must leave no charge that it voids with money on
it, and no credit below what is left of it: money that the import had set free may be gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.collection import CollectionCase, CollectionItem, ParkedBalance
from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.invoice import CreditMemo, MemoStatus
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.plan import PaymentPlan, PlanCharge
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.importing.taking_back import entries_of_batch
from fscdesk.services.ledger.accounts import AT_AGENCY
from fscdesk.services.ledger.chains import standing
from fscdesk.services.payments.holding import promised
from fscdesk.services.work import Work

Ids = Select[int] | Select[int | None]


def lock_for_undo(work: Work, batch: ImportBatch, sessions: Ids) -> None:
    """Lock what an undo will move, before anything is asked: clients, credits, charges.

    A payment, a plan or a hand-over that another desk is saving at that moment is waited for.
    """
    clients = select(Patient.id).where(Patient.batch_id == batch.id).order_by(Patient.id)
    work.db.scalars(clients.with_for_update()).all()
    own = select(JournalEntry.id).where(JournalEntry.batch_id == batch.id)
    moved = select(JournalLine.credit_id).where(JournalLine.entry_id.in_(own))
    credit_ids = select(Credit.id).where(Credit.id.in_(moved)).order_by(Credit.id)
    work.db.scalars(credit_ids.with_for_update()).all()
    charges = (
        select(Charge.id)
        .where(
            or_(Charge.batch_id == batch.id, Charge.session_id.in_(sessions)),
            Charge.voided_on.is_(None),
        )
        .order_by(Charge.id)
    )
    work.db.scalars(charges.with_for_update()).all()
    work.db.expire_all()


def later_money(work: Work, batch: ImportBatch, sessions: Ids) -> list[str]:
    """Name what was agreed, asked for, parked or moved since on these sessions' charges."""
    charges = select(Charge.id).where(Charge.session_id.in_(sessions))
    return [
        *_plans(work, batch, charges),
        *_cases(work, batch, charges),
        *_requests(work, batch, charges),
        *used_credits(work, batch),
        *_of_clients(work, batch),
    ]


def entries_left(work: Work, batch: ImportBatch) -> list[str]:
    """Name the entries of others that would stay on charges which the undo voids.

    For what no payment, adjustment or case tells.
    """
    made = select(Charge.id).where(Charge.batch_id == batch.id, Charge.voided_on.is_(None))
    of_others = or_(JournalEntry.batch_id.is_(None), JournalEntry.batch_id != batch.id)
    left = (
        select(JournalLine.charge_id, JournalLine.account)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalLine.charge_id.in_(made), of_others)
        .group_by(JournalLine.charge_id, JournalLine.account)
        .having(func.sum(JournalLine.amount) != Money())
        .subquery()
    )
    numbers = work.db.scalars(
        select(JournalEntry.number)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .join(
            left,
            and_(left.c.charge_id == JournalLine.charge_id, left.c.account == JournalLine.account),
        )
        .where(of_others)
        .distinct()
        .order_by(JournalEntry.number)
    )
    return [f"entry {number}" for number in numbers]


def used_credits(work: Work, batch: ImportBatch) -> list[str]:
    """Name by whom money was used, or is promised, that the undo would take from its credit."""
    tails = standing(work, entries_of_batch(work, batch.id))
    taken = {
        credit_id: total.cents
        for credit_id, total in work.db.execute(
            select(JournalLine.credit_id, func.sum(JournalLine.amount))
            .where(among(work, JournalLine.entry_id, tails), JournalLine.credit_id.is_not(None))
            .group_by(JournalLine.credit_id)
        )
        if credit_id is not None and total < ZERO
    }
    if not taken:
        return []
    kept = promised(work, taken)
    balances = work.db.execute(
        select(Credit.id, Credit.balance).where(among(work, Credit.id, taken)).order_by(Credit.id)
    )
    short = [
        row.id
        for row in balances
        if row.balance.cents + taken[row.id] < kept.get(row.id, ZERO).cents
    ]
    refunds = work.db.execute(
        select(Refund.credit_id, Refund.number)
        .where(among(work, Refund.credit_id, short), Refund.status != RefundStatus.CANCELLED)
        .order_by(Refund.id)
    ).all()
    refunded = {row.credit_id for row in refunds}
    return [
        *(f"refund {row.number}" for row in refunds),
        *_named(work, [one for one in short if one not in refunded], " (its money was used)"),
    ]


def _named(work: Work, credit_ids: Sequence[int], more: str = "") -> list[str]:
    rows = work.db.execute(
        select(Payment.number, CreditMemo.number)
        .select_from(Credit)
        .outerjoin(Payment, Payment.id == Credit.payment_id)
        .outerjoin(CreditMemo, CreditMemo.credit_id == Credit.id)
        .where(among(work, Credit.id, credit_ids))
        .order_by(Credit.id)
    )
    return [
        f"payment {payment}{more}" if payment else f"credit memo {memo}{more}"
        for payment, memo in rows
    ]


def _plans(work: Work, batch: ImportBatch, charges: Ids) -> list[str]:
    numbers = work.db.scalars(
        select(PaymentPlan.number)
        .join(PlanCharge, PlanCharge.plan_id == PaymentPlan.id)
        .where(PlanCharge.live.in_(charges), PaymentPlan.made_at >= batch.applied_at)
        .distinct()
        .order_by(PaymentPlan.number)
    )
    return [f"payment plan {number}" for number in numbers]


def _cases(work: Work, batch: ImportBatch, charges: Ids) -> list[str]:
    worked_on = (
        select(JournalLine.charge_id)
        .where(JournalLine.account == AT_AGENCY, JournalLine.charge_id.in_(charges))
        .group_by(JournalLine.charge_id, JournalLine.part)
        .having(func.sum(JournalLine.amount) != Money())
    )
    numbers = work.db.scalars(
        select(CollectionCase.number)
        .join(CollectionItem, CollectionItem.case_id == CollectionCase.id)
        .where(CollectionItem.charge_id.in_(worked_on), CollectionCase.made_at >= batch.applied_at)
        .distinct()
        .order_by(CollectionCase.number)
    )
    return [f"collection case {number}" for number in numbers]


def _requests(work: Work, batch: ImportBatch, charges: Ids) -> list[str]:
    numbers = work.db.scalars(
        select(Adjustment.number)
        .where(
            Adjustment.charge_id.in_(charges),
            Adjustment.status == AdjustmentStatus.WAITING,
            Adjustment.made_at >= batch.applied_at,
        )
        .order_by(Adjustment.id)
    )
    return [f"adjustment {number}, which waits for approval" for number in numbers]


def _of_clients(work: Work, batch: ImportBatch) -> list[str]:
    """Name what clients hold that the undo would withdraw, as the import made them."""
    others = select(Session.patient_id).where(
        Session.withdrawn_by.is_(None),
        or_(Session.batch_id.is_(None), Session.batch_id != batch.id),
    )
    going = select(Patient.id).where(
        Patient.batch_id == batch.id, Patient.withdrawn.is_(False), Patient.id.not_in(others)
    )
    held = work.db.scalars(
        select(Credit.id).where(Credit.patient_id.in_(going), Credit.balance != Money())
    )
    memos = work.db.scalars(
        select(CreditMemo.number)
        .where(CreditMemo.patient_id.in_(going), CreditMemo.status == MemoStatus.WAITING)
        .order_by(CreditMemo.id)
    )
    parked = work.db.scalars(
        select(Patient.name)
        .join(ParkedBalance, ParkedBalance.live == Patient.id)
        .where(Patient.id.in_(going))
        .order_by(Patient.id)
    )
    fees = work.db.execute(
        select(Patient.name, Charge.service_day)
        .join(Charge, Charge.patient_id == Patient.id)
        .where(
            Patient.id.in_(going),
            Charge.session_id.is_(None),
            Charge.patient_balance != Money(),
        )
        .order_by(Charge.id)
    )
    return [
        *_named(work, list(held), " (it is not applied)"),
        *(f"credit memo {number}, which waits for approval" for number in memos),
        *(f"the parked balance of {name}" for name in parked),
        *(f"the fee of {name} of {day:%m/%d/%Y}" for name, day in fees),
    ]
