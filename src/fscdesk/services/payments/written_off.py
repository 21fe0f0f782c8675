"""Takes SimplePractice's write-offs as contractual, once the payer's own money has come.

The appointment report tells a write-off by its amount alone. When the payment of the same charge
has arrived, the payer has decided about it: what SimplePractice wrote off with it is a
contractual adjustment (Dr 4900, Cr 1060). Until then it stays open in 1060.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalLine, Part
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import CONTRACTUAL, RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.work import Work

REASON = "Written off in SimplePractice with the payer's payment"
_WRITTEN = (Part.WRITE_OFF, Part.ADJUSTMENT)


def accept_write_offs(work: Work, *, on: date, batch_id: int | None) -> int:
    """Post the open write-offs of charges whose payer's payment is here; return how many.

    A write-off that SimplePractice has taken back since is taken back here as well.
    """
    paid = select(JournalLine.charge_id).where(
        JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
        JournalLine.part == Part.INSURANCE_PAID,
        JournalLine.payment_id.is_not(None),
    )
    rows = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.part.in_(_WRITTEN),
            JournalLine.charge_id.in_(paid),
        )
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != Money())
        .order_by(JournalLine.charge_id)
    ).all()
    open_now = [(charge_id or 0, total.cents) for charge_id, total in rows]
    if not open_now:
        return 0
    charges = {
        charge.id: charge
        for charge in work.db.scalars(
            select(Charge).where(Charge.id.in_([charge_id for charge_id, _ in open_now]))
        )
    }
    drafts = [_draft(charges[charge_id], cents, on) for charge_id, cents in open_now]
    entries = post_all(work, drafts, batch_id=batch_id)
    numbers = reserve_numbers(work, "ADJ", on.year, len(entries))
    for (charge_id, cents), entry_id, number in zip(open_now, entries, numbers, strict=True):
        work.db.add(
            Adjustment(
                number=number_text("ADJ", on.year, number),
                kind=AdjustmentKind.CONTRACTUAL,
                side=Side.INSURANCE,
                charge_id=charge_id,
                patient_id=charges[charge_id].patient_id,
                amount=Money(cents),
                reason=REASON,
                on=on,
                status=AdjustmentStatus.POSTED,
                entry_id=entry_id,
                made_by=work.actor.staff_id,
                made_at=work.now(),
            )
        )
    work.db.flush()
    return len(entries)


def _draft(charge: Charge, cents: int, on: date) -> Draft:
    return Draft(
        on=on,
        kind=EntryKind.ADJUSTMENT,
        memo=REASON,
        legs=(
            Leg(CONTRACTUAL, cents, Part.ADJUSTMENT),
            Leg(RECORDED_IN_SIMPLEPRACTICE, -cents, Part.ADJUSTMENT),
        ),
        about=About(
            charge.patient_id,
            charge.guarantor_id,
            charge.session_id,
            charge.id,
            charge.payer_id,
            charge.provider_id,
        ),
    )
