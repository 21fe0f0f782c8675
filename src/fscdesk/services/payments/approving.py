"""The door for decisions of a second person: what an approval sets going, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fscdesk.models.approval import ApprovalRequest, RequestKind
from fscdesk.services import approvals
from fscdesk.services.billing import adjusting, credit_memos
from fscdesk.services.errors import Finding
from fscdesk.services.payments import refunding
from fscdesk.services.payments.requests import (
    ItemRow,
    RequestDetail,
    RequestRow,
    StepRow,
    queue,
    request_detail,
)
from fscdesk.services.work import Work

__all__ = [
    "Decision",
    "ItemRow",
    "RequestDetail",
    "RequestRow",
    "StepRow",
    "approve",
    "queue",
    "refuse",
    "request_detail",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Decision:
    """A request that was decided, and what could not be done of it, with the reasons."""

    request_id: int
    number: str
    version: int
    findings: tuple[Finding, ...] = ()


def approve(work: Work, request_id: int, *, note: str = "", expected_version: int) -> Decision:
    """Approve a request, and do what it asked for, in one transaction.

    Raises Problem for an own request or a missing right, ChangedElsewhere when somebody else
    has decided or withdrawn it.
    """
    request = approvals.decide(
        work, request_id, approved=True, note=note, expected_version=expected_version
    )
    findings = _APPROVED[request.kind](work, request_id)
    return _decision(work, request, findings)


def refuse(work: Work, request_id: int, *, note: str, expected_version: int) -> Decision:
    """Refuse a request with a reason; nothing posts. Raises as ``approve`` does."""
    request = approvals.decide(
        work, request_id, approved=False, note=note, expected_version=expected_version
    )
    _REFUSED[request.kind](work, request_id)
    return _decision(work, request)


def withdraw(work: Work, request_id: int, *, expected_version: int) -> Decision:
    """Take an own request back before anybody decided it; what it asked for is off."""
    request = approvals.withdraw(work, request_id, expected_version=expected_version)
    _REFUSED[request.kind](work, request_id)
    return _decision(work, request)


def _decision(work: Work, request: ApprovalRequest, findings: tuple[Finding, ...] = ()) -> Decision:
    work.db.refresh(request)
    return Decision(request.id, request.number, request.version, findings)


def _refund_approved(work: Work, request_id: int) -> tuple[Finding, ...]:
    refunding.post_approved(work, request_id)
    return ()


def _memo_approved(work: Work, request_id: int) -> tuple[Finding, ...]:
    credit_memos.post_approved(work, request_id)
    return ()


def _write_off_approved(work: Work, request_id: int) -> tuple[Finding, ...]:
    return adjusting.post_approved(work, request_id).left_out


_APPROVED: Mapping[RequestKind, Callable[[Work, int], tuple[Finding, ...]]] = MappingProxyType(
    {
        RequestKind.REFUND: _refund_approved,
        RequestKind.WRITE_OFF: _write_off_approved,
        RequestKind.WRITE_OFF_RUN: _write_off_approved,
        RequestKind.CREDIT_MEMO: _memo_approved,
    }
)
_REFUSED: Mapping[RequestKind, Callable[[Work, int], int]] = MappingProxyType(
    {
        RequestKind.REFUND: refunding.refused,
        RequestKind.WRITE_OFF: adjusting.refused,
        RequestKind.WRITE_OFF_RUN: adjusting.refused,
        RequestKind.CREDIT_MEMO: credit_memos.refused,
    }
)
