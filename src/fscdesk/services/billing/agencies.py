"""The collection agencies that the practice works with, and what they keep of what they recover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from fscdesk.models.collection import Agency
from fscdesk.services.billing.plan_schedule import POINTS
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_DOING = "change collection agencies"


@dataclass(frozen=True, slots=True)
class AgencyFields:
    """What a person types of an agency; ``commission_points`` is 3000 for 30 %."""

    name: str
    commission_points: int
    contact: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as lists show it."""

    id: int
    fields: AgencyFields
    version: int


def agencies(work: Work, *, active_only: bool = False) -> tuple[AgencyRow, ...]:
    """Return the agencies by name, inactive ones last."""
    found = select(Agency).order_by(Agency.active.desc(), func.lower(Agency.name), Agency.id)
    if active_only:
        found = found.where(Agency.active.is_(True))
    return tuple(_row(one) for one in work.db.scalars(found))


def add_agency(work: Work, fields: AgencyFields) -> int:
    """Add an agency and return its id. Raises Problem for a name that is taken."""
    require(work, Right.MANAGE_COLLECTIONS, _DOING)
    values = _checked(work, fields, but=None)
    new_id = recorded_new(work, Agency(**values), values, action="add_agency", noun="agency")
    work.touch(Topic.COLLECTIONS)
    return new_id


def edit_agency(work: Work, agency_id: int, fields: AgencyFields, *, expected_version: int) -> None:
    """Change an agency; cases that it has keep the commission under which they were placed."""
    require(work, Right.MANAGE_COLLECTIONS, _DOING)
    row = locked(work, Agency, agency_id, "this agency")
    require_version(row, expected_version, "this agency")
    values = _checked(work, fields, but=agency_id)
    if apply_changes(work, row, values, action="edit_agency", noun="agency"):
        work.touch(Topic.COLLECTIONS)


def _checked(work: Work, fields: AgencyFields, *, but: int | None) -> dict[str, Any]:
    values = values_of(fields)
    values["name"] = text_of(fields.name, "the name", required=True)
    for name in ("contact", "email", "phone", "address"):
        values[name] = text_of(str(values[name]), f"the {name}")
    if not 0 <= fields.commission_points < POINTS:
        raise Problem(
            f"A commission of {fields.commission_points / 100:g} % cannot be.",
            hint="Nothing was saved. It is from 0 % to below 100 %.",
        )
    taken = work.db.scalar(
        select(Agency.name).where(
            func.lower(Agency.name) == values["name"].lower(), Agency.id != (but or 0)
        )
    )
    if taken is not None:
        raise Problem(f"There is an agency {taken} already.", hint="Nothing was saved.")
    return values


def _row(agency: Agency) -> AgencyRow:
    names = AgencyFields.__dataclass_fields__
    return AgencyRow(
        agency.id,
        AgencyFields(**{name: getattr(agency, name) for name in names}),
        agency.version,
    )
