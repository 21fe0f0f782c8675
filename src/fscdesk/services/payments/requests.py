"""The queue of requests that wait for a second person, and what each of them asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fscdesk.models.adjustment import Adjustment
from fscdesk.models.approval import ApprovalRequest, RequestKind, RequestStatus
from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services import approvals
from fscdesk.services.errors import Problem
from fscdesk.services.payments.refund_list import refunds_of_request
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work

MOST = 2_000
"""So many requests are listed; a queue that long is a queue nobody works."""
NEEDS = {
    Right.APPROVE_WRITE_OFF_50: "Somebody who approves write-offs up to $50",
    Right.APPROVE_WRITE_OFF_500: "Somebody who approves write-offs up to $500",
    Right.APPROVE_WRITE_OFF_ANY: "Somebody who approves any write-off",
    Right.APPROVE_REFUND: "Somebody who approves refunds",
}


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request: who asked for what, who may decide or has decided.

    ``mine`` says that the person at the desk asked for it: he may withdraw it and not decide it.
    """

    id: int
    number: str
    kind: RequestKind
    status: RequestStatus
    amount: Money
    count: int
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    needs: str
    mine: bool
    may_decide: bool
    version: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that a request took."""

    at: datetime
    step: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing that a request asks for: an adjustment of a charge, or a refund."""

    noun: str
    noun_id: int
    number: str
    what: str
    who: str
    service_day: date | None
    code: str
    amount: Money
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestDetail:
    """A request with every step that it took, and everything that it asks for."""

    row: RequestRow
    steps: tuple[StepRow, ...]
    items: tuple[ItemRow, ...]


def queue(work: Work, *, status: RequestStatus | None = None) -> list[RequestRow]:
    """Return the requests, oldest first while they wait, newest first otherwise."""
    asking, deciding = aliased(Staff), aliased(Staff)
    found = (
        select(ApprovalRequest, asking.name, deciding.name)
        .join(asking, asking.id == ApprovalRequest.requested_by)
        .outerjoin(deciding, deciding.id == ApprovalRequest.decided_by)
        .limit(MOST)
    )
    if status is not None:
        found = found.where(ApprovalRequest.status == status)
    if status is RequestStatus.WAITING:
        found = found.order_by(ApprovalRequest.requested_at, ApprovalRequest.id)
    else:
        found = found.order_by(ApprovalRequest.requested_at.desc(), ApprovalRequest.id.desc())
    rights = approvals.decidable(work)
    return [
        _row(work, request, by, decided or "", rights)
        for request, by, decided in work.db.execute(found)
    ]


def request_detail(work: Work, request_id: int) -> RequestDetail:
    """Return a request with its steps and items. Raises Problem when it is not in the books."""
    request = work.db.get(ApprovalRequest, request_id)
    if request is None:
        raise Problem("This request is not in the books.", hint="Look at the list again.")
    taken = approvals.steps(work, request_id)
    wanted = {request.requested_by, request.decided_by or 0, *(one.staff_id for one in taken)}
    names = {
        row.id: row.name
        for row in work.db.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted)))
    }
    row = _row(
        work,
        request,
        names[request.requested_by],
        names.get(request.decided_by or 0, ""),
        approvals.decidable(work),
    )
    steps = tuple(StepRow(one.at, one.step, one.note, names[one.staff_id]) for one in taken)
    items = (
        _refunds(work, request_id)
        if request.kind is RequestKind.REFUND
        else _adjustments(work, request_id)
    )
    return RequestDetail(row, steps, items)


def _row(
    work: Work, request: ApprovalRequest, by: str, decided: str, rights: Sequence[Right]
) -> RequestRow:
    mine = request.requested_by == work.actor.staff_id
    needs = Right(request.needs)
    waits = request.status is RequestStatus.WAITING
    return RequestRow(
        id=request.id,
        number=request.number,
        kind=request.kind,
        status=request.status,
        amount=request.amount,
        count=request.count,
        reason=request.reason,
        asked_by=by,
        asked_at=request.requested_at,
        decided_by=decided,
        decided_at=request.decided_at,
        needs=NEEDS[needs],
        mine=mine,
        may_decide=waits and not mine and needs in rights,
        version=request.version,
    )


def _refunds(work: Work, request_id: int) -> tuple[ItemRow, ...]:
    return tuple(
        ItemRow(
            "refund",
            one.id,
            one.number,
            f"Refund of {one.payment_number} by {one.method.value}",
            one.to_name,
            None,
            "",
            one.amount,
            one.status.value,
            one.reason,
        )
        for one in refunds_of_request(work, request_id)
    )


def _adjustments(work: Work, request_id: int) -> tuple[ItemRow, ...]:
    found = work.db.execute(
        select(Adjustment, Charge.code, Charge.service_day, Patient.name, Patient.number)
        .join(Charge, Charge.id == Adjustment.charge_id)
        .join(Patient, Patient.id == Adjustment.patient_id)
        .where(Adjustment.request_id == request_id)
        .order_by(Adjustment.id)
    )
    return tuple(
        ItemRow(
            "adjustment",
            one.id,
            one.number,
            one.kind.value.replace("_", " ").capitalize(),
            f"{name} ({number})",
            day,
            code,
            one.amount,
            one.status.value,
            one.reason,
        )
        for one, code, day, name, number in found
    )
