"""Takes SimplePractice's write-offs as contractual, once the payer's own money has come.

The appointment report tells a write-off by its amount alone. When the payment of the same charge
has arrived, the payer has decided about it: what SimplePractice wrote off with it is a
contractual adjustment (Dr 4900, Cr 1060). Until then it stays open in 1060.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalLine, Part
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import CONTRACTUAL, RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.payments.applying import locked_charges
from fscdesk.services.payments.holding import LONGEST
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

REASON = "Written off in SimplePractice with the payer's payment"
_WRITTEN = (Part.WRITE_OFF, Part.ADJUSTMENT)


def accept_write_offs(work: Work, *, on: date, batch_id: int | None) -> int:
    """Post the open write-offs of charges whose payer's payment is here; return how many.

    A write-off that SimplePractice has taken back since is taken back here as well.
    """
    rows = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.part.in_(_WRITTEN),
            JournalLine.charge_id.is_not(None),
        )
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != Money())
        .order_by(JournalLine.charge_id)
    ).all()
    totals = {charge_id: total.cents for charge_id, total in rows if charge_id is not None}
    paid = set(
        work.db.scalars(
            select(JournalLine.charge_id).where(
                among(work, JournalLine.charge_id, totals),
                JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
                JournalLine.part == Part.INSURANCE_PAID,
                JournalLine.payment_id.is_not(None),
            )
        )
    )
    found = [(one, cents) for one, cents in totals.items() if cents < 0 or one in paid]
    return _accept(work, found, REASON, on=on, batch_id=batch_id)


def accept_by_hand(work: Work, charge_ids: Collection[int], *, reason: str) -> int:
    """Take what SimplePractice wrote off of these charges as contractual; return of how many.

    For answers that paid nothing: all of it the client's, or a denial that stands. Raises Problem,
    with nothing posted, for a charge of which no write-off is open.
    """
    require(work, Right.ADJUST, "adjust what is owed")
    words = text_of(reason, "the reason", longest=LONGEST, required=True)
    locked = locked_charges(work, charge_ids)
    rows = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, locked),
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.part.in_(_WRITTEN),
        )
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) > Money())
        .order_by(JournalLine.charge_id)
    ).all()
    found = [(charge_id or 0, total.cents) for charge_id, total in rows]
    if not found or len(found) < len(locked):
        raise Problem(
            "Nothing that SimplePractice wrote off is open for one of these charges.",
            hint="Nothing was posted. Look at the list of account 1060 again.",
        )
    count = _accept(work, found, words, on=work.today(), batch_id=None)
    record(
        work,
        "accept_written_off",
        "charge",
        min(locked),
        charges=count,
        cents=sum(cents for _, cents in found),
    )
    work.touch(Topic.LEDGER, Topic.PAYMENTS, Topic.PATIENTS)
    return count


def _accept(
    work: Work,
    found: Sequence[tuple[int, int]],
    reason: str,
    *,
    on: date,
    batch_id: int | None,
) -> int:
    """Post these cents of these charges; return how many they are."""
    if not found:
        return 0
    charges = {
        charge.id: charge
        for charge in work.db.scalars(
            select(Charge).where(among(work, Charge.id, [charge_id for charge_id, _ in found]))
        )
    }
    drafts = [_draft(charges[charge_id], cents, on, reason) for charge_id, cents in found]
    entries = post_all(work, drafts, batch_id=batch_id)
    numbers = reserve_numbers(work, "ADJ", on.year, len(entries))
    for (charge_id, cents), entry_id, number in zip(found, entries, numbers, strict=True):
        work.db.add(
            Adjustment(
                number=number_text("ADJ", on.year, number),
                kind=AdjustmentKind.CONTRACTUAL,
                side=Side.INSURANCE,
                charge_id=charge_id,
                patient_id=charges[charge_id].patient_id,
                amount=Money(cents),
                reason=reason,
                on=on,
                status=AdjustmentStatus.POSTED,
                entry_id=entry_id,
                made_by=work.actor.staff_id,
                made_at=work.now(),
            )
        )
    work.db.flush()
    return len(entries)


def _draft(charge: Charge, cents: int, on: date, reason: str) -> Draft:
    return Draft(
        on=on,
        kind=EntryKind.ADJUSTMENT,
        memo=reason,
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
