"""Fees of an account: a returned check, a late instalment, interest. Charges without a session.

Dr 1100 / Cr 4300 (DESIGN.md 6). Such a charge has no clinician and no payer, ages from its own
day, and is paid, adjusted and explained like any other.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.collection import CollectionCase, CollectionItem
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.plan import PaymentPlan, PlanCharge
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.credit_memos import take_rest_of_void
from fscdesk.services.billing.invoice_following import let_go
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY, FEES, PATIENT_RECEIVABLE
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.periods import postable
from fscdesk.services.ledger.posting import About, Draft, Leg, post, reverse_all
from fscdesk.services.work import Topic, Work


class FeeCode(enum.StrEnum):
    """The codes of the fees that the program charges by itself."""

    RETURNED = "NSF"
    LATE = "LATE"
    INTEREST = "INT"


NAMES = {
    FeeCode.RETURNED: "Returned payment fee",
    FeeCode.LATE: "Late fee",
    FeeCode.INTEREST: "Interest",
}
"""What a statement calls a fee until the practice gives it a name of its own."""


def charge_fee(
    work: Work, *, patient_id: int, guarantor_id: int, amount: Money, code: str, on: date, memo: str
) -> int:
    """Charge a fee to an account and return the id of its charge.

    The caller has asked for the right. The first use of a code adds it to the services.
    Raises Problem for an amount that cannot be, and ValueError for a code that is no fee's.
    """
    fee = FeeCode(code)
    if not 0 < amount.cents <= LARGEST_CENTS:
        raise Problem(
            f"A fee of {amount} cannot be charged.", hint="Nothing was posted. Type another amount."
        )
    charge = Charge(
        position=1,
        service_id=_service(work, fee),
        code=fee.value,
        units=1,
        rate=amount,
        amount=amount,
        patient_share=amount,
        insurance_share=Money(),
        patient_id=patient_id,
        guarantor_id=guarantor_id,
        service_day=on,
        posted_day=postable(work, on),
        insurance_since=on,
        patient_since=on,
    )
    work.db.add(charge)
    work.db.flush()
    post(
        work,
        Draft(
            on=on,
            kind=EntryKind.CHARGE,
            memo=memo or NAMES[fee],
            legs=(
                Leg(PATIENT_RECEIVABLE, amount.cents, Part.CHARGE),
                Leg(FEES, -amount.cents, Part.CHARGE),
            ),
            about=About(patient_id=patient_id, guarantor_id=guarantor_id, charge_id=charge.id),
        ),
    )
    work.db.refresh(charge)
    record(work, "charge_fee", "charge", charge.id, code=fee.value, amount=amount.plain())
    work.touch(Topic.LEDGER, Topic.PATIENTS)
    return charge.id


def void_fee(work: Work, charge_id: int, *, on: date, reason: str) -> None:
    """Take a fee back that should not have been charged; what had paid it is a credit again.

    What was adjusted of it is reversed with it, and a bill does not ask for it any more. The
    caller has asked for the right. Raises Problem, with nothing changed, for a charge that is
    no fee of an account, that was voided before, that a payment plan holds, or that a collection
    agency has or recovered.
    """
    charge = locked(work, Charge, charge_id, "this fee")
    if charge.session_id is not None:
        raise Problem(
            f"{charge.code} is a charge of a session, not a fee of the account.",
            hint="Nothing was changed. Change the session instead.",
        )
    if charge.voided_on is not None:
        raise Problem("This fee was taken back before.", hint="Nothing was changed.")
    _require_no_plan(work, charge)
    _require_no_agency(work, charge)
    entries = work.db.scalars(
        select(JournalEntry.id).where(
            JournalEntry.charge_id == charge.id, JournalEntry.kind != EntryKind.REVERSAL
        )
    )
    stand = standing(work, entries)
    reverse_all(work, stand, on=on, reason=reason)
    charge.voided_on = on
    _mark_reversed(work, stand)
    work.db.flush()
    work.db.expire_all()
    for credit_id in _refilled(work, stand):
        take_rest_of_void(work, credit_id)
    let_go(work, charge_id, reason)
    record(work, "void_fee", "charge", charge_id)
    work.touch(Topic.LEDGER, Topic.PATIENTS, Topic.PAYMENTS)


def _require_no_plan(work: Work, charge: Charge) -> None:
    number = work.db.scalar(
        select(PaymentPlan.number)
        .join(PlanCharge, PlanCharge.plan_id == PaymentPlan.id)
        .where(PlanCharge.live == charge.id)
    )
    if number is not None:
        raise Problem(
            f"{charge.code} of {charge.service_day:%m/%d/%Y} is in payment plan {number}.",
            hint="Nothing was changed. End the plan first, or replace it without the fee.",
        )


def _require_no_agency(work: Work, charge: Charge) -> None:
    """Refuse a fee that an agency collects: its case would lose it in silence."""
    sums: dict[bool, int] = {True: 0, False: 0}
    for part, cents in work.db.execute(
        select(JournalLine.part, func.sum(JournalLine.amount))
        .where(JournalLine.charge_id == charge.id, JournalLine.account == AT_AGENCY)
        .group_by(JournalLine.part)
    ):
        sums[part == Part.AGENCY] += cents.cents
    what = f"{charge.code} of {charge.service_day:%m/%d/%Y}"
    if sums[True] + sums[False]:
        number = work.db.scalar(
            select(CollectionCase.number)
            .join(CollectionItem, CollectionItem.case_id == CollectionCase.id)
            .where(CollectionItem.charge_id == charge.id)
            .order_by(CollectionCase.id.desc())
            .limit(1)
        )
        raise Problem(
            f"{Money(sums[True] + sums[False])} of {what} is at an agency.",
            hint=f"Nothing was changed. Recall case {number} first.",
        )
    if sums[False]:
        raise Problem(
            f"An agency has recovered {Money(-sums[False])} of {what}.",
            hint="Nothing was changed. Take the recovery back first.",
        )


def _mark_reversed(work: Work, entry_ids: Sequence[int]) -> None:
    """Say of the adjustments of these entries that they do not stand any more."""
    rows = work.db.scalars(
        select(Adjustment)
        .where(
            among(work, Adjustment.entry_id, entry_ids),
            Adjustment.status == AdjustmentStatus.POSTED,
        )
        .order_by(Adjustment.id)
        .with_for_update()
    )
    for row in rows.all():
        row.status = AdjustmentStatus.REVERSED
        record(
            work,
            "adjustment_reversed",
            "adjustment",
            row.id,
            number=row.number,
            amount=row.amount.plain(),
        )


def _refilled(work: Work, entry_ids: Sequence[int]) -> list[int]:
    """Return the credits that had paid by these entries, and hold that money again."""
    found = select(JournalLine.credit_id).where(
        among(work, JournalLine.entry_id, entry_ids), JournalLine.credit_id.is_not(None)
    )
    return sorted({one for one in work.db.scalars(found) if one is not None})


def _service(work: Work, fee: FeeCode) -> int:
    """Return the service of a fee's code; two desks that need it first add it once."""
    wanted = select(Service.id).where(Service.code == fee.value)
    known = work.db.scalar(wanted)
    if known is not None:
        return known
    service = Service(
        code=fee.value,
        name=NAMES[fee],
        kind=ServiceKind.ACCOUNT_FEE,
        base_rate=Money(),
        revenue_account=FEES,
    )
    try:
        with work.db.begin_nested():
            work.db.add(service)
            work.db.flush()
    except IntegrityError:
        return work.db.scalars(wanted).one()
    work.touch(Topic.SERVICES)
    return service.id
