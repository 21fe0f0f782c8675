"""Adjustments in a line each, asked for at one desk and decided at another."""

from __future__ import annotations

from datetime import date
from typing import Any

from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.approval import ApprovalRequest, RequestKind, RequestStatus
from fscdesk.models.charge import Charge
from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services import approvals
from fscdesk.services.billing import adjusting, credit_memos
from fscdesk.services.billing.adjusting import Adjusted, Decided, NewAdjustment
from fscdesk.services.office import Office
from fscdesk.services.work import Work

TODAY = date(2026, 4, 12)
"""The day on which the clock of the tests stands."""


def new(charge_id: int, kind: AdjustmentKind, cents: int, **facts: Any) -> NewAdjustment:
    """Return an adjustment of so many cents."""
    return NewAdjustment(
        charge_id, kind, Money(cents), **{"reason": "as agreed with the client", **facts}
    )


def made(books: Office, *wanted: NewAdjustment, key: str | None = None) -> Adjusted:
    """Make adjustments at this desk."""
    return books.write(lambda work: adjusting.adjust(work, wanted, request_key=key)).value


def version_of(books: Office, request_id: int) -> int:
    """Return the version of a request, as a screen shows it."""
    return books.read(lambda work: work.db.get_one(ApprovalRequest, request_id).version)


def approve(work: Work, request_id: int, *, version: int = 1) -> Any:
    """Approve a request and do what follows, in the same work."""
    request = approvals.decide(work, request_id, approved=True, note="", expected_version=version)
    if request.kind is RequestKind.CREDIT_MEMO:
        return credit_memos.post_approved(work, request_id)
    return adjusting.post_approved(work, request_id)


def approved(desk: Office, request_id: int | None) -> Decided:
    """Approve a request of adjustments at this desk."""
    assert request_id is not None
    found = desk.write(lambda work: approve(work, request_id)).value
    assert isinstance(found, Decided)
    return found


def refuse(work: Work, request_id: int, *, version: int = 1) -> int:
    """Refuse a request and do what follows."""
    request = approvals.decide(
        work, request_id, approved=False, note="ask them first", expected_version=version
    )
    assert request.status is RequestStatus.REFUSED
    if request.kind is RequestKind.CREDIT_MEMO:
        return credit_memos.refused(work, request_id)
    return adjusting.refused(work, request_id)


def owes(books: Office, charge_id: int) -> tuple[int, int]:
    """Return in cents what the client and what the payer owe of a charge."""

    def look(work: Work) -> tuple[int, int]:
        charge = work.db.get_one(Charge, charge_id)
        return charge.patient_balance.cents, charge.insurance_balance.cents

    return books.read(look)


def adjustment(books: Office, adjustment_id: int) -> Adjustment:
    """Return an adjustment as it is kept."""
    return books.read(lambda work: work.db.get_one(Adjustment, adjustment_id))


def decide_setting(work: Work, key: str, value: Any) -> None:
    """Let the practice decide otherwise."""
    work.db.merge(
        Setting(key=key, value=value, changed_by=work.actor.staff_id, changed_at=work.now())
    )
    work.db.flush()
