"""Takes SimplePractice's write-offs as contractual, once the payer's own money has come.

The appointment report tells a write-off by its amount alone. When the payment of the same charge
has arrived, the payer has decided about it: what SimplePractice wrote off with it is a
contractual adjustment (Dr 4900, Cr 1060). Until then it stays open in 1060, unless the office
decides about it by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.models.values import Money
from fscdesk.services import approvals
from fscdesk.services.billing.adjusting import Adjusted, adjust, refused, reverse_adjustment
from fscdesk.services.billing.adjustment_posting import written_off_open
from fscdesk.services.billing.adjustment_rules import (
    TAKEN_WITH_PAYMENT,
    NewAdjustment,
    recorded_legs,
)
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.posting import About, Draft, post_all
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.payments.applying import locked_charges
from fscdesk.services.payments.holding import LONGEST
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

REASON = TAKEN_WITH_PAYMENT


class _Found(NamedTuple):
    """So many cents of a charge that SimplePractice wrote off, taken on a day."""

    charge_id: int
    cents: int
    on: date


def accept_write_offs(work: Work, *, on: date, batch_id: int | None) -> int:
    """Post the open write-offs of charges whose payer's payment is here; return how many.

    Each is dated by that payment: the payer decided then, and an import of several months leaves
    each month with its own adjustments. A write-off that SimplePractice has taken back since is
    taken back here as well, on ``on``, the day on which the report tells of it.
    """
    totals = written_off_open(work)
    paid = _paid_on(work, totals)
    found = [
        _Found(one, cents, on if cents < 0 else min(on, paid[one]))
        for one, cents in totals.items()
        if cents < 0 or one in paid
    ]
    return _accept(work, found, REASON, batch_id=batch_id)


def _paid_on(work: Work, charge_ids: Collection[int]) -> dict[int, date]:
    """Return when the newest of the payer's payments for each charge was posted, if one is here."""
    return {
        charge_id: max(paid, served)
        for charge_id, paid, served in work.db.execute(
            select(JournalLine.charge_id, func.max(Payment.posted_on), Charge.service_day)
            .join(Payment, Payment.id == JournalLine.payment_id)
            .join(Charge, Charge.id == JournalLine.charge_id)
            .where(
                among(work, JournalLine.charge_id, charge_ids),
                JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
                JournalLine.part == Part.INSURANCE_PAID,
            )
            .group_by(JournalLine.charge_id, Charge.service_day)
        )
        if charge_id is not None
    }


def accept_by_hand(work: Work, charge_ids: Collection[int], *, reason: str) -> Adjusted:
    """Take what SimplePractice wrote off of these charges as contractual.

    For answers that paid nothing: all of it the client's, or a denial that stands. It is a
    write-off that no payer's money proves, so it waits for a second person like any other
    (DESIGN 8), but for the sum that one person may write off alone. Raises Problem, with nothing
    made, for a charge of which no write-off is open, and where one waits for approval already.
    """
    require(work, Right.ADJUST, "adjust what is owed")
    words = text_of(reason, "the reason", longest=LONGEST, required=True)
    locked = locked_charges(work, charge_ids)
    found = {one: cents for one, cents in written_off_open(work, list(locked)).items() if cents > 0}
    if not found or len(found) < len(locked):
        raise Problem(
            "Nothing that SimplePractice wrote off is open for one of these charges.",
            hint="Nothing was posted. Look at the list of account 1060 again.",
        )
    made = adjust(
        work,
        [
            NewAdjustment(charge_id, AdjustmentKind.CONTRACTUAL, Money(cents), words, recorded=True)
            for charge_id, cents in sorted(found.items())
        ],
    )
    work.touch(Topic.PAYMENTS)
    return made


def take_acceptance_back(work: Work, made: Adjusted, *, reason: str) -> None:
    """Take back what was just accepted by hand: the request, or what was posted without one.

    Raises Problem when somebody has decided about it since, or taken it back already.
    """
    if made.request_id is not None:
        request = work.db.get_one(ApprovalRequest, made.request_id)
        approvals.withdraw(work, request.id, expected_version=request.version)
        refused(work, request.id)
    else:
        for adjustment_id in made.ids:
            row = work.db.get_one(Adjustment, adjustment_id)
            reverse_adjustment(work, row.id, reason=reason, expected_version=row.version)
    work.touch(Topic.PAYMENTS)


def _accept(
    work: Work,
    found: Sequence[_Found],
    reason: str,
    *,
    batch_id: int | None,
) -> int:
    """Post these cents of these charges on their days; return how many they are."""
    if not found:
        return 0
    charges = {
        charge.id: charge
        for charge in work.db.scalars(
            select(Charge).where(among(work, Charge.id, [one.charge_id for one in found]))
        )
    }
    drafts = [_draft(charges[one.charge_id], one.cents, one.on, reason) for one in found]
    entries = post_all(work, drafts, batch_id=batch_id)
    numbers = _numbers(work, found)
    for one, entry_id, number in zip(found, entries, numbers, strict=True):
        work.db.add(
            Adjustment(
                number=number,
                kind=AdjustmentKind.CONTRACTUAL,
                side=Side.INSURANCE,
                charge_id=one.charge_id,
                patient_id=charges[one.charge_id].patient_id,
                amount=Money(one.cents),
                reason=reason,
                on=one.on,
                status=AdjustmentStatus.POSTED,
                recorded=True,
                entry_id=entry_id,
                made_by=work.actor.staff_id,
                made_at=work.now(),
            )
        )
    work.db.flush()
    return len(entries)


def _numbers(work: Work, found: Sequence[_Found]) -> list[str]:
    """Return a number of its own year for each."""
    years = Counter(one.on.year for one in found)
    series = {year: iter(reserve_numbers(work, "ADJ", year, n)) for year, n in years.items()}
    return [number_text("ADJ", one.on.year, next(series[one.on.year])) for one in found]


def _draft(charge: Charge, cents: int, on: date, reason: str) -> Draft:
    return Draft(
        on=on,
        kind=EntryKind.ADJUSTMENT,
        memo=reason,
        legs=recorded_legs(Money(cents)),
        about=About(
            charge.patient_id,
            charge.guarantor_id,
            charge.session_id,
            charge.id,
            charge.payer_id,
            charge.provider_id,
        ),
    )
