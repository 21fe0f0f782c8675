"""Cost centres: locations, programmes and teams; a clinician may belong to one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.cost_centre import CostCentre, CostCentreKind
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.editing import apply_changes, locked, plain, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "CentreDraft",
    "CentreRow",
    "CostCentreKind",
    "MemberRow",
    "assign_provider",
    "centre_members",
    "cost_centres",
    "save_cost_centre",
]

_NOTHING: Final = "Nothing was saved."
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")


@dataclass(frozen=True, slots=True)
class CentreRow:
    """A cost centre, and how many clinicians belong to it."""

    code: str
    name: str
    kind: CostCentreKind
    parent: str | None
    active: bool
    providers: int
    version: int


@dataclass(frozen=True, slots=True)
class CentreDraft:
    """What a person enters; the code is kept in capitals."""

    code: str
    name: str
    kind: CostCentreKind = CostCentreKind.CLINICAL
    parent: str | None = None
    active: bool = True


def cost_centres(work: Work, *, also_inactive: bool = True) -> tuple[CentreRow, ...]:
    """Return the cost centres by code."""
    members: dict[str, int] = {
        row.cost_centre: row.many
        for row in work.db.execute(
            select(Provider.cost_centre, func.count().label("many"))
            .where(Provider.cost_centre.is_not(None))
            .group_by(Provider.cost_centre)
        )
    }
    return tuple(
        CentreRow(
            one.code,
            one.name,
            one.kind,
            one.parent,
            one.active,
            members.get(one.code, 0),
            one.version,
        )
        for one in work.db.scalars(select(CostCentre).order_by(CostCentre.code))
        if one.active or also_inactive
    )


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A clinician, and the cost centre that the sessions are counted for; None for none."""

    id: int
    name: str
    credentials: str
    active: bool
    cost_centre: str | None
    version: int


def centre_members(work: Work) -> tuple[MemberRow, ...]:
    """Return every clinician by name, those who left last."""
    found = select(Provider).order_by(Provider.active.desc(), Provider.name, Provider.id)
    return tuple(
        MemberRow(one.id, one.name, one.credentials, one.active, one.cost_centre, one.version)
        for one in work.db.scalars(found)
    )


def save_cost_centre(work: Work, draft: CentreDraft, *, expected_version: int | None = None) -> str:
    """Add a cost centre (no version given), or change one; return its code.

    One that is not in use any more keeps its lines; nothing new is posted on it. Raises Problem
    for a code or a name that is taken, and for a centre that would lie under itself.
    """
    require(work, Right.KEEP_BOOKS, "change cost centres")
    code = draft.code.strip().upper()
    if not _CODE.fullmatch(code):
        raise Problem(
            f"“{code}” cannot be the code of a cost centre.",
            hint=f"{_NOTHING} It has up to twelve letters, digits or hyphens.",
        )
    values = {
        "name": text_of(draft.name, "the name", required=True),
        "kind": draft.kind,
        "parent": _parent(work, code, draft.parent),
        "active": draft.active,
    }
    same = select(CostCentre.code).where(
        func.lower(CostCentre.name) == str(values["name"]).lower(), CostCentre.code != code
    )
    taken = work.db.scalar(same)
    if taken is not None:
        raise Problem(
            f"Cost centre {taken} is called “{values['name']}” already.",
            hint=f"{_NOTHING} Give this one another name.",
        )
    work.touch(Topic.BOOKS)
    if expected_version is None:
        if work.db.get(CostCentre, code) is not None:
            raise Problem(
                f"There is a cost centre {code} already.", hint=f"{_NOTHING} Give it another code."
            )
        work.db.add(CostCentre(code=code, **values))
        work.db.flush()
        new = {name: plain(value) for name, value in values.items()}
        record(work, "add_cost_centre", "cost_centre", code=code, new=new)
        return code
    row = locked(work, CostCentre, code, "this cost centre")
    require_version(row, expected_version, "this cost centre")
    apply_changes(work, row, values, action="change_cost_centre", noun="cost_centre")
    return code


def assign_provider(
    work: Work, provider_id: int, code: str | None, *, expected_version: int
) -> None:
    """Let a clinician belong to a cost centre, or to none; reports count revenue by it.

    It holds for all their sessions, those of the past too: a report joins the clinician.
    """
    require(work, Right.KEEP_BOOKS, "say to which cost centre a clinician belongs")
    row = locked(work, Provider, provider_id, "this clinician")
    require_version(row, expected_version, "this clinician")
    if code is not None:
        centre = work.db.get(CostCentre, code)
        if centre is None or not centre.active:
            raise Problem(f"{code} is no cost centre in use.", hint=f"{_NOTHING} Choose another.")
    apply_changes(work, row, {"cost_centre": code}, action="assign_cost_centre", noun="provider")
    work.touch(Topic.BOOKS, Topic.PROVIDERS)


def _parent(work: Work, code: str, parent: str | None) -> str | None:
    wanted = (parent or "").strip().upper() or None
    above, seen = wanted, list[str]()
    while above is not None and above not in seen:
        if above == code:
            raise Problem(
                f"{code} cannot lie under itself.", hint=f"{_NOTHING} Choose another above it."
            )
        seen.append(above)
        row = work.db.get(CostCentre, above)
        if row is None:
            raise Problem(f"There is no cost centre {above}.", hint=f"{_NOTHING} Add it first.")
        above = row.parent
    return wanted
