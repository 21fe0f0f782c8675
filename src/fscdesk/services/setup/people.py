"""Staff, their roles, and which rights a role gives. Somebody can always administer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select

from fscdesk.models.practice import Practice
from fscdesk.models.staff import Role, RoleRight, Staff, StaffRole
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, require_unchanged, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

ROLE_WORDS = {
    Role.ADMIN: "Administrator",
    Role.BILLING_CLERK: "Billing clerk",
    Role.BILLING_MANAGER: "Billing manager",
    Role.CFO: "CFO",
    Role.DIRECTOR: "Director",
    Role.ACCOUNTING: "Accounting",
    Role.PROVIDER: "Clinician",
}
RIGHT_WORDS = {
    Right.IMPORT_FILES: "Import files",
    Right.UNDO_IMPORT: "Undo an import",
    Right.CHANGE_STATUS: "Change the status of sessions",
    Right.CHANGE_SETUP: "Change the setup",
    Right.EDIT_PATIENTS: "Change clients and their coverage",
    Right.MAKE_STATEMENTS: "Make statements",
    Right.SEE_REPORTS: "See reports",
    Right.POST_PAYMENT: "Post payments",
    Right.CORRECT_PAYMENT: "Correct, void and return payments",
    Right.MOVE_TO_PATIENT: "Move what a payer owes to a client",
    Right.ADJUST: "Adjust what is owed, ask for write-offs",
    Right.REFUND: "Ask for refunds and pay them",
    Right.MAKE_INVOICES: "Make invoices and reminders",
    Right.MAKE_CLAIMS: "Build, change and follow claims",
    Right.SEND_CLAIMS: "Send claims",
    Right.MANAGE_PLANS: "Make and change payment plans",
    Right.MANAGE_COLLECTIONS: "Hand accounts to an agency",
    Right.MAKE_DEPOSITS: "Make deposits and take them back",
    Right.RECONCILE: "Read bank statements, match and reconcile",
    Right.KEEP_BOOKS: "Keep the books: chart, journal, budgets, bank accounts",
    Right.CLOSE_PERIODS: "Close months and years, and open them again",
    Right.POST_CLOSED: "Post into a closed month, with a reason",
    Right.APPROVE_WRITE_OFF_50: "Approve write-offs up to $50",
    Right.APPROVE_WRITE_OFF_500: "Approve write-offs up to $500",
    Right.APPROVE_WRITE_OFF_ANY: "Approve any write-off",
    Right.APPROVE_REFUND: "Approve refunds",
}
"""Every right in words: what has none could be taken away by saving a role, unseen."""
_DOING = "change people and their rights"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person who uses the program; roles in the order of ``Role``."""

    id: int
    login: str
    name: str
    active: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role and the rights that it gives, in the order of ``Right``."""

    role: str
    word: str
    rights: tuple[str, ...]


def people(work: Work) -> tuple[StaffRow, ...]:
    """Return everybody by name, inactive people last."""
    roles: dict[int, set[str]] = {}
    for staff_id, role in work.db.execute(select(StaffRole.staff_id, StaffRole.role)):
        roles.setdefault(staff_id, set()).add(str(role))
    found = work.db.scalars(select(Staff).order_by(Staff.name, Staff.id))
    rows = [_row(one, roles.get(one.id, set())) for one in found]
    return tuple(sorted(rows, key=lambda row: not row.active))


def roles(work: Work) -> tuple[RoleRow, ...]:
    """Return every role with its rights."""
    granted: dict[str, set[str]] = {}
    for role, right in work.db.execute(select(RoleRight.role, RoleRight.right)):
        granted.setdefault(str(role), set()).add(right)
    return tuple(
        RoleRow(
            role.value,
            ROLE_WORDS[role],
            tuple(right.value for right in Right if right.value in granted.get(role.value, ())),
        )
        for role in Role
    )


def add_person(work: Work, *, login: str, name: str, wanted: Collection[str]) -> int:
    """Add somebody who may sign in under ``login``, and return the id."""
    require(work, Right.CHANGE_SETUP, _DOING)
    shown = text_of(name, "the name", required=True)
    under = text_of(login, "the login", required=True)
    if work.db.scalar(select(Staff.id).where(Staff.login == under)) is not None:
        raise Problem(f"Somebody has the login {under} already.", hint="Nothing was saved.")
    given = _known(wanted)
    row = Staff(login=under, name=shown, created_at=work.now())
    work.db.add(row)
    work.db.flush()
    work.db.add_all(StaffRole(staff_id=row.id, role=role) for role in given)
    new = {"login": under, "name": shown, "roles": [role.value for role in given]}
    record(work, "add_person", "staff", row.id, new=new)
    work.touch(Topic.STAFF)
    return row.id


def edit_person(
    work: Work, seen: StaffRow, *, name: str, active: bool, wanted: Collection[str]
) -> None:
    """Change somebody's name, roles, or whether he may work here.

    Raises Problem when nobody would be left who can administer.
    """
    require(work, Right.CHANGE_SETUP, _DOING)
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    row = locked(work, Staff, seen.id, "this person")
    now = {
        str(role)
        for role in work.db.scalars(select(StaffRole.role).where(StaffRole.staff_id == seen.id))
    }
    require_unchanged(_row(row, now), seen, "this person")
    given = _known(wanted)
    row.name, row.active = text_of(name, "the name", required=True), active
    after = _row(row, {role.value for role in given})
    if after == seen:
        return
    work.db.execute(delete(StaffRole).where(StaffRole.staff_id == seen.id))
    work.db.add_all(StaffRole(staff_id=seen.id, role=role) for role in given)
    work.db.flush()
    _require_administrator(work, f"{seen.name} is the last administrator.")
    record(work, "edit_person", "staff", seen.id, old=_told(seen), new=_told(after))
    work.touch(Topic.STAFF)


def set_rights(work: Work, seen: RoleRow, rights: Collection[str]) -> None:
    """Grant a role exactly these rights.

    Raises Problem when nobody would be left who can change the setup.
    """
    require(work, Right.CHANGE_SETUP, _DOING)
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    (now,) = [row for row in roles(work) if row.role == seen.role]
    require_unchanged(now, seen, "the rights of this role")
    unknown = set(rights) - {right.value for right in Right}
    if unknown:
        raise Problem(f"{min(unknown)} is not a right.", hint="Nothing was saved.")
    wanted = tuple(right.value for right in Right if right.value in rights)
    if wanted == seen.rights:
        return
    role = Role(seen.role)
    work.db.execute(delete(RoleRight).where(RoleRight.role == role))
    work.db.add_all(RoleRight(role=role, right=right) for right in wanted)
    work.db.flush()
    _require_administrator(
        work, f"Without this right of {ROLE_WORDS[role]} nobody could change the setup."
    )
    record(
        work,
        "set_rights",
        "role",
        None,
        role=seen.role,
        old={"rights": list(seen.rights)},
        new={"rights": list(wanted)},
    )
    work.touch(Topic.STAFF)


def _require_administrator(work: Work, otherwise: str) -> None:
    """An active administrator whose role may change the setup must remain."""
    left = (
        select(Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .join(RoleRight, RoleRight.role == StaffRole.role)
        .where(
            Staff.active.is_(True),
            StaffRole.role == Role.ADMIN,
            RoleRight.right == Right.CHANGE_SETUP.value,
        )
        .limit(1)
    )
    if work.db.scalar(left) is None:
        raise Problem(
            otherwise, hint="Nothing was saved. Make somebody else an administrator first."
        )


def _known(wanted: Collection[str]) -> list[Role]:
    unknown = set(wanted) - {role.value for role in Role}
    if unknown:
        raise Problem(f"{min(unknown)} is not a role.", hint="Nothing was saved.")
    return [role for role in Role if role.value in wanted]


def _row(row: Staff, roles_of: set[str]) -> StaffRow:
    ordered = tuple(role.value for role in Role if role.value in roles_of)
    return StaffRow(row.id, row.login, row.name, row.active, ordered)


def _told(row: StaffRow) -> dict[str, object]:
    return {"name": row.name, "active": row.active, "roles": list(row.roles)}
