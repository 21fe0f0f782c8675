"""Posts adjustments of locked charges: what fits, in one go; the way in and the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_rules import RULES, legs
from fscdesk.services.ledger.posting import About, Draft, post_all
from fscdesk.services.statuses import follow_balances
from fscdesk.services.work import Topic, Work

SideOf = tuple[int, Side]
"""One side of one charge."""


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
    follow_balances(work, [charge.session_id for charge in charges.values()], "Adjusted")
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
        legs=legs(row.kind, row.side, row.amount),
        about=About(
            patient_id=charge.patient_id,
            guarantor_id=charge.guarantor_id,
            session_id=charge.session_id,
            charge_id=charge.id,
            payer_id=charge.payer_id,
            provider_id=charge.provider_id,
        ),
    )
