"""On what grounds an adjustment may be made: a person's right, or what a payer said of the charge.

A payer speaks by a payment of its own that has paid something of the charge, or by a line of an
EOB that is posted with it. What it makes the client's (group PR) is the deductible, coinsurance or
copay; anything else that a payer does not pay is a denial, and stays with the payer until a person
with the right decides otherwise (DESIGN 13).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjustment_posting import about_charge
from fscdesk.services.billing.adjustment_rules import NOTHING, RULES, NewAdjustment
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

DOING: Final = "adjust what is owed"
_COUNTS: Final = (AdjustmentStatus.WAITING, AdjustmentStatus.POSTED)


def require_rights(work: Work, wanted: Sequence[NewAdjustment]) -> None:
    """Raise Problem unless the person may make these: what a payer says is posted with payments."""
    if wanted and all(one.payment_id is not None for one in wanted):
        require(work, Right.POST_PAYMENT, DOING)
    else:
        require(work, Right.ADJUST, DOING)
    if any(RULES[one.kind].moves and not one.by_payer() for one in wanted):
        require(
            work,
            Right.MOVE_TO_PATIENT,
            "decide who owes without a payer's reason (PR 1, 2 or 3 of its own payment)",
        )


def needs_second(one: NewAdjustment) -> bool:
    """Return whether it is the practice's own decision, which a second person approves."""
    return not RULES[one.kind].moves and one.payment_id is None


def require_payers_word(
    work: Work, wanted: Sequence[NewAdjustment], charges: Mapping[int, Charge], *, eob: bool
) -> None:
    """Raise Problem where a payment is named that does not speak of the charge.

    It is in the books, of a payer that may pay the charge, and has paid something of it; with
    ``eob`` the caller has its line of the remittance.
    """
    named = [one for one in wanted if one.payment_id is not None]
    if not named:
        return
    payments = {
        payment.id: payment
        for payment in work.db.scalars(
            select(Payment).where(
                among(work, Payment.id, {one.payment_id or 0 for one in named}),
                Payment.payer_id.is_not(None),
                Payment.status == PaymentStatus.POSTED,
            )
        )
    }
    may_speak = payers_of(work, list(charges))
    paid = set[tuple[int, int]]() if eob else _paid(work, payments, charges)
    for one in named:
        payment = payments.get(one.payment_id or 0)
        if payment is None:
            raise Problem(
                "The payment that is named for it is no payer's payment in the books.",
                hint=NOTHING,
            )
        charge = charges[one.charge_id]
        if payment.payer_id not in may_speak.get(charge.id, ()):
            raise Problem(
                f"Payment {payment.number} is not of the payer of {about_charge(charge)}.",
                hint=f"{NOTHING} Name the payment of its own payer, or ask without one.",
            )
        if not eob and (payment.id, charge.id) not in paid:
            raise Problem(
                f"Payment {payment.number} has paid nothing of {about_charge(charge)}.",
                hint=f"{NOTHING} Enter what the payer said as a line of its EOB, or ask for the"
                " adjustment without the payment.",
            )


def require_corrections_fit(
    work: Work, wanted: Sequence[NewAdjustment], charges: Mapping[int, Charge]
) -> None:
    """Raise Problem where corrections add more to a charge than the whole charge, all together.

    What stands and what waits counts. A correction that was wrong is reversed, not corrected.
    """
    adding = [one for one in wanted if one.amount < ZERO]
    if not adding:
        return
    found = work.db.execute(
        select(Adjustment.charge_id, func.sum(Adjustment.amount))
        .where(
            among(work, Adjustment.charge_id, {one.charge_id for one in adding}),
            Adjustment.kind == AdjustmentKind.CORRECTION,
            Adjustment.status.in_(_COUNTS),
            Adjustment.amount < ZERO,
        )
        .group_by(Adjustment.charge_id)
    )
    added: dict[int, int] = defaultdict(int)
    added |= {charge_id: -total.cents for charge_id, total in found}
    for one in adding:
        charge = charges[one.charge_id]
        earlier = added[charge.id]
        added[charge.id] += -one.amount.cents
        if added[charge.id] <= charge.amount.cents:
            continue
        also = f", and {Money(earlier)} of corrections stand or wait already" if earlier else ""
        raise Problem(
            f"{-one.amount} cannot be added to {about_charge(charge)}: the whole charge is"
            f" {charge.amount}{also}.",
            hint=NOTHING,
        )


def _paid(
    work: Work, payment_ids: Collection[int], charge_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Return of which charges these payments have paid something that stands."""
    rows = work.db.execute(
        select(JournalLine.payment_id, JournalLine.charge_id)
        .where(
            among(work, JournalLine.payment_id, payment_ids),
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.part == Part.INSURANCE_PAID,
        )
        .group_by(JournalLine.payment_id, JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) < ZERO)
    )
    return {(row.payment_id or 0, row.charge_id or 0) for row in rows}
