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


_OFFICE = frozenset(Right)
_CLERK = _OFFICE - {Right.CHANGE_SETUP}

DEFAULT_RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMIN: _OFFICE,
        Role.BILLING_MANAGER: _OFFICE,
        Role.BILLING_CLERK: _CLERK,
        Role.CFO: frozenset({Right.SEE_REPORTS, Right.CHANGE_SETUP}),
        Role.ACCOUNTING: frozenset({Right.SEE_REPORTS}),
        Role.DIRECTOR: frozenset({Right.SEE_REPORTS}),
        Role.PROVIDER: frozenset(),
    }
)
"""What a new practice starts with; the office can edit the grants."""


def require(work: Work, right: Right, doing: str) -> None:
    """Raise Problem unless the person at the desk has the right.

    ``doing`` completes the sentence "You may not …".
    """
    granted = (
        select(RoleRight.right)
        .join(StaffRole, StaffRole.role == RoleRight.role)
        .where(StaffRole.staff_id == work.actor.staff_id, RoleRight.right == right.value)
        .limit(1)
    )
    if work.db.scalar(granted) is None:
        raise Problem(
            f"You may not {doing}.",
            hint="Nothing was changed. An administrator can grant it under Setup, People.",
        )
