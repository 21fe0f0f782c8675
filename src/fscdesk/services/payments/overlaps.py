"""Sets money free that stands twice: paid here, and called paid by SimplePractice as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import open_of
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.payments.applying import Application, apply_many, unapply
from fscdesk.services.work import Work

REASON = "SimplePractice does not call it paid any more"
ALSO = "SimplePractice calls it paid as well"

_SIDES = (
    (Side.PATIENT, PATIENT_RECEIVABLE, UNAPPLIED_CREDITS, Part.PATIENT_PAID),
    (Side.INSURANCE, INSURANCE_RECEIVABLE, PAYER_CREDITS, Part.INSURANCE_PAID),
)


def free_overclosed(work: Work, *, on: date, batch_id: int | None = None) -> None:
    """Take back what closes more of 1060 than SimplePractice calls paid now."""
    over = work.db.execute(
        select(JournalLine.charge_id, JournalLine.part)
        .where(
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.charge_id.is_not(None),
            JournalLine.part.in_((Part.PATIENT_PAID, Part.INSURANCE_PAID)),
        )
        .group_by(JournalLine.charge_id, JournalLine.part)
        .having(func.sum(JournalLine.amount) < Money())
    ).all()
    for charge_id, part in over:
        entries = _applications(work, charge_id or 0, RECORDED_IN_SIMPLEPRACTICE, part)
        if entries:
            unapply(work, entries, on=on, reason=REASON, batch_id=batch_id)


def free_overlaps(work: Work, *, on: date, batch_id: int | None) -> None:
    """Let a payment that was applied here take the place of what SimplePractice calls paid.

    Both are the same money: the receivable was closed here, so what SimplePractice recorded
    afterwards became a credit of the charge. The payment moves over to 1060, and the recorded
    amount closes the receivable instead.
    """
    for side, receivable, overflow, part in _SIDES:
        twice = work.db.execute(
            select(JournalLine.charge_id, func.sum(JournalLine.amount))
            .where(
                JournalLine.account == overflow,
                JournalLine.charge_id.is_not(None),
                # What a payer's remittance paid too much is its own money, not recorded twice.
                JournalLine.payment_id.is_(None),
                JournalLine.charge_id.in_(
                    select(JournalLine.charge_id).where(
                        JournalLine.account == receivable, JournalLine.payment_id.is_not(None)
                    )
                ),
            )
            .group_by(JournalLine.charge_id)
            .having(func.sum(JournalLine.amount) < Money())
        ).all()
        for charge_id, total in twice:
            _swap(
                work,
                work.db.get_one(Charge, charge_id),
                -total.cents,
                (side, receivable, overflow, part),
                on,
                batch_id,
            )


def _swap(
    work: Work,
    charge: Charge,
    over: int,
    where: tuple[Side, str, str, Part],
    on: date,
    batch_id: int | None,
) -> None:
    side, receivable, overflow, part = where
    entries = _applications(work, charge.id, receivable, part)
    drawn = _drawn(work, entries)
    moved = min(over, sum(cents for _, cents in drawn))
    if moved <= 0:
        return
    unapply(work, entries, on=on, reason=ALSO, batch_id=batch_id)
    legs = (Leg(overflow, moved, part), Leg(receivable, -moved, part))
    about = About(
        charge.patient_id,
        charge.guarantor_id,
        charge.session_id,
        charge.id,
        charge.payer_id,
        charge.provider_id,
    )
    post_all(work, [Draft(on, EntryKind.TRANSFER, ALSO, legs, about)], batch_id=batch_id)
    work.db.expire_all()
    room, left = moved, open_of(work.db.get_one(Charge, charge.id), side)
    again: list[tuple[int, Application]] = []
    for credit_id, cents in drawn:
        here = min(cents, room)
        room -= here
        rest = min(cents - here, max(left, 0))
        left -= rest
        if here:
            again.append((credit_id, Application(charge.id, Money(here), side, recorded=True)))
        if rest:
            again.append((credit_id, Application(charge.id, Money(rest), side)))
    apply_many(work, again, on=on, batch_id=batch_id)


def _applications(work: Work, charge_id: int, account: str, part: Part) -> list[int]:
    """Return the standing applications that closed this account of a charge, newest first."""
    entries = work.db.scalars(
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalEntry.charge_id == charge_id,
            JournalEntry.kind == EntryKind.APPLIED,
            JournalLine.account == account,
            JournalLine.part == part,
        )
    )
    return sorted(standing(work, entries), reverse=True)


def _drawn(work: Work, entries: Sequence[int]) -> list[tuple[int, int]]:
    """Return from which credits applications came, with their cents, oldest first."""
    rows = work.db.execute(
        select(JournalLine.credit_id, JournalLine.amount)
        .join(Credit, Credit.id == JournalLine.credit_id)
        .where(JournalLine.entry_id.in_(entries))
        .order_by(JournalLine.id)
    )
    return [(credit_id or 0, amount.cents) for credit_id, amount in rows]
