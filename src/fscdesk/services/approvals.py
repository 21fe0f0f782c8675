"""Requests that wait for a second person. Nothing posts before it is approved (DESIGN 8).

This room knows who may decide and keeps every step; what an approval sets going is known by
the rooms of refunds and adjustments (``services/payments/approving.py``).
"""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.approval import ApprovalRequest, ApprovalStep, RequestKind, RequestStatus
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, may, require
from fscdesk.services.work import Topic, Work

SERIES = "REQ"
CLERK_BAND, MANAGER_BAND = Money(50_00), Money(500_00)
"""DESIGN 8: write-offs up to $50 clerk, up to $500 manager, above CFO; of one account."""

BAND = "band"
"""The step of a request that says why it needs a higher right than its own amount would."""

_STRONGER = {
    Right.APPROVE_WRITE_OFF_50: (
        Right.APPROVE_WRITE_OFF_50,
        Right.APPROVE_WRITE_OFF_500,
        Right.APPROVE_WRITE_OFF_ANY,
    ),
    Right.APPROVE_WRITE_OFF_500: (Right.APPROVE_WRITE_OFF_500, Right.APPROVE_WRITE_OFF_ANY),
    Right.APPROVE_WRITE_OFF_ANY: (Right.APPROVE_WRITE_OFF_ANY,),
    Right.APPROVE_REFUND: (Right.APPROVE_REFUND,),
}


def ask(
    work: Work,
    kind: RequestKind,
    *,
    amount: Money,
    count: int,
    reason: str,
    needs: Right,
    why: str = "",
) -> ApprovalRequest:
    """Put a request into the queue; the caller has asked for the right to make it.

    ``why`` it needs a higher right than its own amount would is a step that both persons read.
    """
    request = ApprovalRequest(
        number=next_number(work, SERIES, work.today().year),
        kind=kind,
        status=RequestStatus.WAITING,
        needs=needs.value,
        amount=amount,
        count=count,
        reason=text_of(reason, "the reason", longest=300, required=True),
        requested_by=work.actor.staff_id,
        requested_at=work.now(),
    )
    work.db.add(request)
    work.db.flush()
    _step(work, request, "asked", request.reason)
    if why:
        _step(work, request, BAND, why)
    record(
        work,
        "ask_approval",
        "approval_request",
        request.id,
        amount=amount.plain(),
        kind=kind.value,
        count=count,
    )
    work.touch(Topic.APPROVALS)
    return request


def decide(
    work: Work, request_id: int, *, approved: bool, note: str, expected_version: int
) -> ApprovalRequest:
    """Record the decision of a second person, who must hold the right that the request needs.

    Raises Problem for an own request or a missing right, ChangedElsewhere when somebody else
    has decided. What follows is the caller's to do, in the same work.
    """
    request = waiting(work, request_id, expected_version)
    if request.requested_by == work.actor.staff_id:
        raise Problem(
            "You asked for this yourself.",
            hint="Nothing was decided. A second person must look at it.",
        )
    needs = Right(request.needs)
    if not any(may(work, right) for right in _STRONGER[needs]):
        require(work, needs, f"decide about {request.amount}")
    words = text_of(note, "the reason", longest=300, required=not approved)
    request.status = RequestStatus.APPROVED if approved else RequestStatus.REFUSED
    request.decided_by, request.decided_at = work.actor.staff_id, work.now()
    work.db.flush()
    _step(work, request, request.status.value, words)
    record(work, request.status.value, "approval_request", request.id, number=request.number)
    work.touch(Topic.APPROVALS)
    return request


def withdraw(work: Work, request_id: int, *, expected_version: int) -> ApprovalRequest:
    """Take an own request back before anybody decided it."""
    request = waiting(work, request_id, expected_version)
    if request.requested_by != work.actor.staff_id:
        raise Problem(
            "Only who asked can take a request back.", hint="Nothing was changed. Refuse it."
        )
    request.status = RequestStatus.WITHDRAWN
    work.db.flush()
    _step(work, request, "withdrawn", "")
    record(work, "withdrawn", "approval_request", request.id, number=request.number)
    work.touch(Topic.APPROVALS)
    return request


def waiting(work: Work, request_id: int, expected_version: int) -> ApprovalRequest:
    """Return a request that still waits, locked. Raises ChangedElsewhere when it does not."""
    request = locked(work, ApprovalRequest, request_id, "this request")
    if request.status is not RequestStatus.WAITING:
        raise ChangedElsewhere(
            f"Request {request.number} was {request.status.value} already.",
            hint="Nothing was changed. Look at it again.",
        )
    require_version(request, expected_version, "this request")
    return request


def decidable(work: Work) -> tuple[Right, ...]:
    """Return which rights to decide the person at the desk has, weakest first."""
    return tuple(
        needs for needs, stronger in _STRONGER.items() if any(may(work, one) for one in stronger)
    )


def why_higher(work: Work, request_id: int | None) -> str:
    """Return why a request needs a higher right than its own amount would; mostly empty."""
    if request_id is None:
        return ""
    found = select(ApprovalStep.note).filter_by(request_id=request_id, step=BAND)
    return work.db.scalar(found.order_by(ApprovalStep.id).limit(1)) or ""


def steps(work: Work, request_id: int) -> list[ApprovalStep]:
    """Return every step of a request, oldest first."""
    found = select(ApprovalStep).filter_by(request_id=request_id).order_by(ApprovalStep.id)
    return list(work.db.scalars(found))


def _step(work: Work, request: ApprovalRequest, step: str, note: str) -> None:
    work.db.add(
        ApprovalStep(
            request_id=request.id,
            step=step,
            note=note,
            at=work.now(),
            staff_id=work.actor.staff_id,
        )
    )
    work.db.flush()
