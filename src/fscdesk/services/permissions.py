"""Named rights, which role has which, and the one question: may this person do that."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.staff import Role, RoleRight, StaffRole
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work


class Right(enum.StrEnum):
    """What a role can be allowed to do (DESIGN.md 8)."""

    IMPORT_FILES = "import_files"
    UNDO_IMPORT = "undo_import"
    CHANGE_STATUS = "change_status"
    CHANGE_SETUP = "change_setup"
    EDIT_PATIENTS = "edit_patients"
    MAKE_STATEMENTS = "make_statements"
    SEE_REPORTS = "see_reports"
    POST_PAYMENT = "post_payment"
    CORRECT_PAYMENT = "correct_payment"
    MOVE_TO_PATIENT = "move_to_patient"
    ADJUST = "adjust"
    REFUND = "refund"
    MAKE_INVOICES = "make_invoices"
    MAKE_CLAIMS = "make_claims"
    SEND_CLAIMS = "send_claims"
    MANAGE_PLANS = "manage_plans"
    MANAGE_COLLECTIONS = "manage_collections"
    MAKE_DEPOSITS = "make_deposits"
    RECONCILE = "reconcile"
    KEEP_BOOKS = "keep_books"
    CLOSE_PERIODS = "close_periods"
    POST_CLOSED = "post_closed"
    APPROVE_WRITE_OFF_50 = "approve_write_off_50"
    APPROVE_WRITE_OFF_500 = "approve_write_off_500"
    APPROVE_WRITE_OFF_ANY = "approve_write_off_any"
    APPROVE_REFUND = "approve_refund"


_APPROVES_ALL = frozenset(
    {
        Right.APPROVE_WRITE_OFF_50,
        Right.APPROVE_WRITE_OFF_500,
        Right.APPROVE_WRITE_OFF_ANY,
        Right.APPROVE_REFUND,
    }
)
_BOOKS = frozenset({Right.KEEP_BOOKS, Right.CLOSE_PERIODS})
_OFFICE = frozenset(Right) - _APPROVES_ALL - _BOOKS - {Right.POST_CLOSED}
_MANAGER = _OFFICE | (_APPROVES_ALL - {Right.APPROVE_WRITE_OFF_ANY})
_CLERK = (_OFFICE - {Right.CHANGE_SETUP, Right.MOVE_TO_PATIENT, Right.MANAGE_COLLECTIONS}) | {
    Right.APPROVE_WRITE_OFF_50
}

DEFAULT_RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Right),
        Role.BILLING_MANAGER: _MANAGER,
        Role.BILLING_CLERK: _CLERK,
        Role.CFO: _APPROVES_ALL
        | _BOOKS
        | {Right.SEE_REPORTS, Right.CHANGE_SETUP, Right.POST_CLOSED},
        Role.ACCOUNTING: _BOOKS
        | {Right.SEE_REPORTS, Right.POST_PAYMENT, Right.MAKE_DEPOSITS, Right.RECONCILE},
        Role.DIRECTOR: frozenset({Right.SEE_REPORTS}),
        Role.PROVIDER: frozenset(),
    }
)
"""What a new practice starts with; the office can edit the grants."""


def may(work: Work, right: Right) -> bool:
    """Return whether the person at the desk has the right."""
    granted = (
        select(RoleRight.right)
        .join(StaffRole, StaffRole.role == RoleRight.role)
        .where(StaffRole.staff_id == work.actor.staff_id, RoleRight.right == right.value)
        .limit(1)
    )
    return work.db.scalar(granted) is not None


def require(work: Work, right: Right, doing: str) -> None:
    """Raise Problem unless the person at the desk has the right.

    ``doing`` completes the sentence "You may not …".
    """
    if not may(work, right):
        raise Problem(
            f"You may not {doing}.",
            hint="Nothing was changed. An administrator can grant it under Setup, People.",
        )
