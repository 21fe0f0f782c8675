"""What follows a decision about adjustments: they post, or they are refused. And the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest, ApprovalStep, RequestKind, RequestStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.adjustment_posting import (
    about_charge,
    post_rows,
    unfit,
    unfit_recorded,
    written_off_open,
)
from fscdesk.services.billing.adjustment_rules import NOTHING, RULES
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import lock_charges, open_of
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.permissions import Right, require
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Topic, Work

REQUESTS = (RequestKind.WRITE_OFF, RequestKind.WRITE_OFF_RUN)
LEFT_OUT = "left_out"
"""The step of a request at which an item was refused, because it did not fit any more."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What an approval posted, and what it left out, each with its reason."""

    posted: tuple[int, ...]
    amount: Money
    left_out: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reversed:
    """What was taken back: the reversing entries, and the sum that is owed again."""

    entry_ids: tuple[int, ...]
    amount: Money


def post_approved(work: Work, request_id: int) -> Decided:
    """Post what a request asked for, on the day of its approval, in this one transaction.

    An item that is not open any more in full is refused alone, with the reason as a step of
    the request and as a Finding; it is never posted in part. Raises Problem for a request
    that nobody approved.
    """
    _decided(work, request_id, RequestStatus.APPROVED)
    rows = _items(work, request_id)
    charges = lock_charges(work, {row.charge_id for row in rows})
    left = {
        (charge.id, side): open_of(charge, side) for charge in charges.values() for side in Side
    }
    written = written_off_open(work, [row.charge_id for row in rows if row.recorded])
    fitting: list[Adjustment] = []
    findings: list[Finding] = []
    for row in rows:
        charge = charges.get(row.charge_id)
        if row.recorded:
            why = unfit_recorded(charge, row.amount, written.get(row.charge_id, 0))
        else:
            why = unfit(charge, row.side, row.amount, left)
        if why is None:
            row.on = work.today()
            if row.recorded:
                written[row.charge_id] -= row.amount.cents
            else:
                left[row.charge_id, row.side] -= row.amount.cents
            fitting.append(row)
            continue
        row.status = AdjustmentStatus.REFUSED
        findings.append(Finding("not-open", why, row.number, Severity.WARNING))
        work.db.add(
            ApprovalStep(
                request_id=request_id,
                step=LEFT_OUT,
                note=f"{row.number}: {why}",
                at=work.now(),
                staff_id=work.actor.staff_id,
            )
        )
    work.db.flush()
    post_rows(work, fitting, charges)
    for row in rows:
        _record(work, row)
    work.touch(Topic.APPROVALS, Topic.PATIENTS)
    return Decided(
        tuple(row.id for row in fitting),
        sum((row.amount for row in fitting), ZERO),
        tuple(findings),
    )


def refused(work: Work, request_id: int) -> int:
    """Refuse what a refused or withdrawn request asked for; return how many. Nothing posts."""
    _decided(work, request_id, RequestStatus.REFUSED, RequestStatus.WITHDRAWN)
    rows = _items(work, request_id)
    for row in rows:
        row.status = AdjustmentStatus.REFUSED
    work.db.flush()
    for row in rows:
        _record(work, row)
    work.touch(Topic.APPROVALS, Topic.PATIENTS)
    return len(rows)


def reverse_adjustment(
    work: Work, adjustment_id: int, *, reason: str, expected_version: int
) -> Reversed:
    """Take a posted adjustment back with a reversing entry of today; it stays in the list.

    Raises Problem when it is not posted, when its charge is not in the books any more, and
    when taking it back would leave a side with less than nothing owed.
    """
    row = locked(work, Adjustment, adjustment_id, "this adjustment")
    require_version(row, expected_version, "this adjustment")
    if row.status is not AdjustmentStatus.POSTED:
        raise Problem(
            f"Adjustment {row.number} is {row.status.value}, not posted.",
            hint=f"{NOTHING} Only what is posted can be taken back.",
        )
    return reverse_rows(work, [row], reason=reason)


def reverse_of_payment(work: Work, payment_id: int, *, reason: str) -> Reversed:
    """Take back what came with a payer's payment, when that payment is taken back itself.

    The caller has asked for the right. Nothing happens where nothing stands of it.
    """
    found = (
        select(Adjustment)
        .where(Adjustment.payment_id == payment_id, Adjustment.status == AdjustmentStatus.POSTED)
        .order_by(Adjustment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = list(work.db.scalars(found))
    return _reverse(work, rows, reason) if rows else Reversed((), ZERO)


def reverse_rows(work: Work, rows: Sequence[Adjustment], *, reason: str) -> Reversed:
    """Take posted adjustments back together, all or none; the rows are locked."""
    require(work, Right.ADJUST, "take an adjustment back")
    if any(row.kind is AdjustmentKind.TO_PAYER for row in rows):
        require(work, Right.MOVE_TO_PATIENT, "move an amount back to the client")
    return _reverse(work, rows, reason)


def _reverse(work: Work, rows: Sequence[Adjustment], reason: str) -> Reversed:
    words = text_of(reason, "the reason", longest=300, required=True)
    charges = lock_charges(work, {row.charge_id for row in rows})
    entries = [row.entry_id for row in rows if row.entry_id is not None]
    stand = standing(work, entries)
    if len(stand) != len(rows):
        raise Problem(
            "The charge was corrected or taken back since, and the adjustment with it.",
            hint=f"{NOTHING} Look at the client's account.",
        )
    _require_owed(rows, charges)
    made = reverse_all(work, stand, on=work.today(), reason=words)
    for row in rows:
        row.status = AdjustmentStatus.REVERSED
    work.db.flush()
    work.db.expire_all()
    follow_money(work, [charge.session_id for charge in charges.values()], words)
    for row in rows:
        _record(work, row)
    work.touch(Topic.LEDGER, Topic.PATIENTS, Topic.SESSIONS)
    return Reversed(tuple(made), sum((row.amount for row in rows), ZERO))


def _require_owed(rows: Sequence[Adjustment], charges: dict[int, Charge]) -> None:
    """Refuse a reversal that takes from a side what was paid there in the meantime."""
    left = {
        (charge.id, side): open_of(charge, side) for charge in charges.values() for side in Side
    }
    for row in rows:
        if row.recorded:  # it never came off the receivable
            continue
        left[row.charge_id, row.side] += row.amount.cents
        if RULES[row.kind].moves:
            other = Side.INSURANCE if row.side is Side.PATIENT else Side.PATIENT
            left[row.charge_id, other] -= row.amount.cents
    for (charge_id, side), cents in left.items():
        if cents < min(open_of(charges[charge_id], side), 0):
            whose = "client" if side is Side.PATIENT else "payer"
            raise Problem(
                f"The {whose} has paid of {about_charge(charges[charge_id])} meanwhile:"
                f" {Money(-cents)} would be too much.",
                hint=f"{NOTHING} Take that payment's application back first.",
            )


def _decided(work: Work, request_id: int, *wanted: RequestStatus) -> ApprovalRequest:
    request = locked(work, ApprovalRequest, request_id, "this request")
    if request.kind not in REQUESTS or request.status not in wanted:
        raise Problem(
            f"Request {request.number} is {request.status.value}:"
            " that does not decide about adjustments.",
            hint=NOTHING,
        )
    return request


def _items(work: Work, request_id: int) -> list[Adjustment]:
    found = (
        select(Adjustment)
        .where(Adjustment.request_id == request_id, Adjustment.status == AdjustmentStatus.WAITING)
        .order_by(Adjustment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(work.db.scalars(found))


def _record(work: Work, row: Adjustment) -> None:
    record(
        work,
        f"adjustment_{row.status.value}",
        "adjustment",
        row.id,
        number=row.number,
        amount=row.amount.plain(),
    )
