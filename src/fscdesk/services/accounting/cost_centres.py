"""Cost centres: locations, programmes and teams; a clinician may belong to one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select, update

from fscdesk.models.cost_centre import (
    BEGINNING,
    CostCentre,
    CostCentreKind,
    ProviderCostCentre,
)
from fscdesk.models.ledger import EntryKind
from fscdesk.models.provider import Provider
from fscdesk.services.accounting.centre_history import CentreSpan, centre_on, histories
from fscdesk.services.accounting.journal import late_words
from fscdesk.services.audit import record
from fscdesk.services.editing import apply_changes, locked, plain, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import open_days, require_takes
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "CentreDraft",
    "CentreRow",
    "CentreSpan",
    "CostCentreKind",
    "MemberRow",
    "assign",
    "centre_members",
    "cost_centres",
    "save_cost_centre",
]

_NOTHING: Final = "Nothing was saved."
_OLDEST: Final = date(1990, 1, 1)
_AHEAD: Final = timedelta(days=366)
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")


@dataclass(frozen=True, slots=True)
class CentreRow:
    """A cost centre, and how many clinicians belong to it today."""

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
    today = work.today()
    members = Counter(centre_on(spans, today) for spans in histories(work).values())
    return tuple(
        CentreRow(
            one.code,
            one.name,
            one.kind,
            one.parent,
            one.active,
            members[one.code],
            one.version,
        )
        for one in work.db.scalars(select(CostCentre).order_by(CostCentre.code))
        if one.active or also_inactive
    )


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A clinician, and the cost centre that today's sessions are counted for; None for none.

    ``since`` is its first day, None from the beginning. ``history`` has the newest span first.
    ``suggested`` is the day that a change is meant for: today, or from the beginning (None) of
    whom never had a centre, as far as the months are open.
    """

    id: int
    name: str
    credentials: str
    active: bool
    cost_centre: str | None
    since: date | None
    history: tuple[CentreSpan, ...]
    suggested: date | None
    version: int


def centre_members(work: Work) -> tuple[MemberRow, ...]:
    """Return every clinician by name, those who left last."""
    found = select(Provider).order_by(Provider.active.desc(), Provider.name, Provider.id)
    known, today, first = histories(work), work.today(), open_days(work).first
    rows = []
    for one in work.db.scalars(found):
        spans = known.get(one.id, ())
        now = next((span for span in spans if span.first is None or span.first <= today), None)
        rows.append(
            MemberRow(
                *(one.id, one.name, one.credentials, one.active),
                None if now is None else now.cost_centre,
                None if now is None else now.first,
                spans,
                max(today, first or today) if spans else first,
                one.version,
            )
        )
    return tuple(rows)


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


def assign(
    work: Work,
    provider_id: int,
    code: str | None,
    from_day: date | None,
    *,
    expected_version: int,
    late_reason: str | None = None,
) -> None:
    """Let a clinician's sessions count for a cost centre, or for none, from a day of service on.

    It holds until the next day on which the history says something else; without ``from_day``
    from the beginning. Raises Problem for what holds on that day already, for a day in a month
    that is not open (a closed one takes it with a written reason, by who may post there) or in a
    year that is closed, and for a centre that is not in use.
    """
    require(work, Right.KEEP_BOOKS, "say to which cost centre a clinician belongs")
    row = locked(work, Provider, provider_id, "this clinician")
    require_version(row, expected_version, "this clinician")
    day = BEGINNING if from_day is None else from_day
    there, before = _around(work, provider_id, day)
    known = [one for one in (there, before) if one is not None]
    old = known[0].cost_centre if known else None
    if code is not None:
        centre = work.db.get(CostCentre, code)
        if centre is None or not centre.active:
            raise Problem(f"{code} is no cost centre in use.", hint=f"{_NOTHING} Choose another.")
    if old == code:
        when = (
            "from the beginning" if from_day is None else f"on {from_day:%m/%d}/{from_day.year:04}"
        )
        raise Problem(
            f"{row.name} is of {code or 'no cost centre'} {when} already.",
            hint=f"{_NOTHING} Choose another cost centre, or another day.",
        )
    late = late_words(late_reason)
    _require_day(work, from_day, late)
    if code == (None if before is None else before.cost_centre):
        assert there is not None
        work.db.delete(there)  # what holds before that day holds on
    elif there is not None:
        there.cost_centre = code
    else:
        work.db.add(ProviderCostCentre(provider_id=row.id, cost_centre=code, from_day=day))
    work.db.flush()
    work.db.execute(
        update(Provider)
        .where(Provider.id == row.id)
        .values(version=Provider.version + 1)
        .execution_options(synchronize_session=False)
    )
    work.db.expire(row)
    record(
        work,
        "assign_cost_centre",
        "provider",
        provider_id,
        old=old,
        new=code,
        from_day=None if from_day is None else from_day.isoformat(),
        late_reason=late,
    )
    work.touch(Topic.BOOKS, Topic.PROVIDERS)


def _around(
    work: Work, provider_id: int, day: date
) -> tuple[ProviderCostCentre | None, ProviderCostCentre | None]:
    """Return what the history says on a day itself, and the last that it says before."""
    found = work.db.scalars(
        select(ProviderCostCentre)
        .where(ProviderCostCentre.provider_id == provider_id, ProviderCostCentre.from_day <= day)
        .order_by(ProviderCostCentre.from_day.desc())
        .limit(2)
    ).all()
    there = found[0] if found and found[0].from_day == day else None
    before = [one for one in found if one is not there]
    return there, before[0] if before else None


def _require_day(work: Work, from_day: date | None, late: str | None) -> None:
    """Raise Problem unless the reports of a day may change: as for an entry of that day."""
    if from_day is not None and not _OLDEST <= from_day <= work.today() + _AHEAD:
        raise Problem(
            f"{from_day:%m/%d}/{from_day.year:04} cannot be the day of a change.",
            hint=f"{_NOTHING} Look at the year, or leave the day empty: from the beginning.",
        )
    days = open_days(work, to_post=True)  # no month closes meanwhile
    try:
        require_takes(work, days, from_day or BEGINNING, EntryKind.MANUAL, late)
    except Problem as refused:
        raise _of_history(refused, from_day) from None


def _of_history(refused: Problem, from_day: date | None) -> Problem:
    """Say of the history what the door of the ledger says of an entry."""
    if from_day is None:
        message = "Months are closed already, and this would change their reports."
    else:
        message = refused.message
    hint = (refused.hint or "").replace("Nothing was posted.", _NOTHING)
    return Problem(message, hint=hint.replace("it belongs there", "it counts from there"))


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
