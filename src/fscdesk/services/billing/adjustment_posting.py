"""Posts adjustments of locked charges: what fits, in one go; the way in and the way out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_rules import RULES, legs, recorded_legs
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.posting import About, Draft, post_all
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Topic, Work

SideOf = tuple[int, Side]
"""One side of one charge."""
WRITTEN_PARTS = (Part.WRITE_OFF, Part.ADJUSTMENT)
"""The lines of account 1060 that are a write-off of SimplePractice, and what has taken it."""


def about_charge(charge: Charge) -> str:
    """Return which charge it is, for a sentence."""
    return f"{charge.code} of {charge.service_day:%m/%d/%Y}"


def unfit(
    charge: Charge | None, side: Side, amount: Money, left: Mapping[SideOf, int]
) -> str | None:
    """Return why an amount cannot come off one side of a charge, or None where it fits.

    ``left`` holds what is still open of each side, in cents.
    """
    if charge is None or charge.voided_on is not None:
        return "The charge is not in the books any more."
    cents = max(left[charge.id, side], 0)
    if amount.cents > cents:
        whose = "client" if side is Side.PATIENT else "payer"
        return (
            f"{amount} is more than the {Money(cents)} that the {whose} owes for"
            f" {about_charge(charge)}."
        )
    return None


def written_off_open(work: Work, charge_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return what SimplePractice wrote off and nothing has taken yet, in cents by charge.

    Below zero where it was taken back there since. Without ``charge_ids``: of every charge.
    """
    found = (
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.part.in_(WRITTEN_PARTS),
            JournalLine.charge_id.is_not(None),
        )
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != Money())
        .order_by(JournalLine.charge_id)
    )
    if charge_ids is not None:
        found = found.where(among(work, JournalLine.charge_id, charge_ids))
    rows = work.db.execute(found)
    return {charge_id: total.cents for charge_id, total in rows if charge_id is not None}


def unfit_recorded(charge: Charge | None, amount: Money, open_cents: int) -> str | None:
    """Return why a write-off of SimplePractice cannot be taken, or None where it can."""
    if charge is None or charge.voided_on is not None:
        return "The charge is not in the books any more."
    if amount.cents > open_cents:
        return (
            f"{amount} is more than the {Money(max(open_cents, 0))} that SimplePractice wrote off"
            f" of {about_charge(charge)} and nothing has taken."
        )
    return None


def post_rows(work: Work, rows: Sequence[Adjustment], charges: Mapping[int, Charge]) -> None:
    """Post adjustments that fit, each as its own entry, so that each can be reversed alone.

    A move sets the day since which its new side owes, unless that side owes already: then the
    older debt keeps its day, and the ages of past days stay what they were.
    """
    if not rows:
        return
    for row in rows:
        _set_since(row, charges[row.charge_id])
    entry_ids = post_all(work, [_draft(row, charges[row.charge_id]) for row in rows])
    for row, entry_id in zip(rows, entry_ids, strict=True):
        row.entry_id, row.status = entry_id, AdjustmentStatus.POSTED
    work.db.flush()
    work.db.expire_all()
    follow_money(work, [charge.session_id for charge in charges.values()], "Adjusted")
    work.touch(Topic.LEDGER, Topic.PATIENTS, Topic.SESSIONS)


def _set_since(row: Adjustment, charge: Charge) -> None:
    if row.kind is AdjustmentKind.TO_PATIENT and charge.patient_balance.cents <= 0:
        charge.patient_since = row.on
    if row.kind is AdjustmentKind.TO_PAYER and charge.insurance_balance.cents <= 0:
        charge.insurance_since = row.on


def _draft(row: Adjustment, charge: Charge) -> Draft:
    rule = RULES[row.kind]
    return Draft(
        on=row.on,
        kind=rule.entry,
        memo=f"{rule.word} {row.number}",
        legs=(recorded_legs(row.amount) if row.recorded else legs(row.kind, row.side, row.amount)),
        about=About.of_charge(charge),
    )
