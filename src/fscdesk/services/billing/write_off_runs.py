"""Write-off runs: a plan of small balances, asked for as one request, posted and undone whole."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest, RequestKind, RequestStatus
from fscdesk.models.charge import Side
from fscdesk.services.audit import record
from fscdesk.services.billing.adjusting import Adjusted, NewAdjustment, ask_together
from fscdesk.services.billing.adjustment_decisions import REQUESTS, Reversed, reverse_rows
from fscdesk.services.billing.write_off_plan import (
    Candidate,
    Flag,
    Item,
    NotTaken,
    Why,
    WriteOffPlan,
    plan_write_offs,
)
from fscdesk.services.editing import key_of, locked
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Topic, Work

__all__ = [
    "Candidate",
    "Flag",
    "Item",
    "NotTaken",
    "Why",
    "WriteOffPlan",
    "ask_run",
    "plan_write_offs",
    "undo_run",
]


def ask_run(
    work: Work,
    plan: WriteOffPlan,
    *,
    except_ids: Collection[int] = (),
    reason: str,
    request_key: str | None = None,
) -> Adjusted:
    """Ask a second person to write off what a plan lists, without the guarantors of ``except_ids``.

    One request, whatever the amounts; nothing posts before it is approved, then all at once.
    Raises ChangedElsewhere when the books are not as the plan saw them, Problem when nothing
    is left of it.
    """
    chosen = [one for one in plan.candidates if one.guarantor_id not in except_ids]
    if not chosen:
        raise Problem("No account is left in this run.", hint="Nothing was asked for.")
    wanted = [
        NewAdjustment(
            item.charge_id,
            AdjustmentKind.SMALL_BALANCE,
            item.amount,
            f"Small balance: {one.reason}",
            Side.PATIENT,
        )
        for one in chosen
        for item in one.items
    ]
    asked_before = key_of(request_key) is not None and work.db.scalar(
        select(Adjustment.id).filter_by(request_key=request_key).limit(1)
    )
    if not asked_before:
        _require_same(work, plan)
    asked = ask_together(
        work, wanted, kind=RequestKind.WRITE_OFF_RUN, reason=reason, request_key=request_key
    )
    if not asked.repeated:
        record(
            work,
            "ask_write_off_run",
            "approval_request",
            asked.request_id,
            accounts=len(chosen),
            taken_out=sorted(set(except_ids)),
            amount=asked.amount.plain(),
        )
    return asked


def undo_run(work: Work, request_id: int, *, reason: str) -> Reversed:
    """Take back everything that an approved request posted and that stands, in one go.

    Raises Problem when nothing of it stands, and when one item cannot be taken back.
    """
    request = locked(work, ApprovalRequest, request_id, "this request")
    if request.kind not in REQUESTS or request.status is not RequestStatus.APPROVED:
        raise Problem(
            f"Request {request.number} is {request.status.value}: it posted no write-off.",
            hint="Nothing was changed.",
        )
    rows = list(
        work.db.scalars(
            select(Adjustment)
            .where(
                Adjustment.request_id == request_id, Adjustment.status == AdjustmentStatus.POSTED
            )
            .order_by(Adjustment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if not rows:
        raise Problem(
            f"Nothing of request {request.number} stands any more.", hint="Nothing was changed."
        )
    done = reverse_rows(work, rows, reason=reason)
    record(
        work,
        "undo_write_off",
        "approval_request",
        request_id,
        number=request.number,
        count=len(rows),
        amount=done.amount.plain(),
    )
    work.touch(Topic.APPROVALS)
    return done


def _require_same(work: Work, plan: WriteOffPlan) -> None:
    now = plan_write_offs(work, threshold=plan.threshold, days=plan.days, limit=plan.limit)
    if now.digest != plan.digest:
        raise ChangedElsewhere(
            "The books changed after this plan was made.",
            hint="Nothing was asked for. Look at the plan again, and ask for what still applies.",
        )
