"""Fee schedules with their days, and the one answer to what a code costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.payer import Payer
from fscdesk.models.service import Service
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.editing import (
    apply_changes,
    locked,
    plain,
    recorded_new,
    require_unchanged,
    text_of,
    values_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

EVERYBODY = "Everybody"
_DOING = "change fees"


@dataclass(frozen=True, slots=True)
class ScheduleFields:
    """A fee schedule: for one payer, or (None) for everybody; ``valid_to`` None is open."""

    name: str
    payer_id: int | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A fee schedule as Setup lists it; a change names the row that was seen."""

    id: int
    fields: ScheduleFields
    payer: str
    fees: int


@dataclass(frozen=True, slots=True)
class FeeFields:
    """One price. ``charged`` is what is billed, ``expected`` what the payer allows."""

    code: str
    charged: Money
    expected: Money | None = None
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A price of a schedule; a change names the row that was seen."""

    id: int
    schedule_id: int
    fields: FeeFields


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a code costs, and from where that is known, in words."""

    charged: Money
    expected: Money | None
    source: str


class PriceList:
    """Every price in memory, for one question or a hundred thousand.

    An exact modifier goes before none, a payer's own schedule before the general one, and
    among those in force on the day the newest; where no schedule has the code, the base
    rate of its service. The same order as charges are made by (``charges/catalogue``).
    """

    def __init__(self, work: Work) -> None:
        self._prices: dict[tuple[str, str], list[tuple[ScheduleFields, str, Fee]]] = {}
        names = {row[0]: row[1] for row in work.db.execute(select(Payer.id, Payer.short_name))}
        for fee, schedule in work.db.execute(
            select(Fee, FeeSchedule).join(FeeSchedule, FeeSchedule.id == Fee.schedule_id)
        ):
            whose = f" ({names[schedule.payer_id]})" if schedule.payer_id else ""
            words = f"{schedule.name}{whose} from {schedule.valid_from:%m/%d/%Y}"
            known = self._prices.setdefault((fee.code, fee.modifier), [])
            known.append((_schedule_fields(schedule), words, fee))
        self._base = {
            row[0]: row[1]
            for row in work.db.execute(select(Service.code, Service.base_rate))
            if row[1]
        }

    def price(
        self, payer_id: int | None, code: str, modifiers: Sequence[str], day: date
    ) -> Price | None:
        """Return the price of a code on a day, or None when nobody has set one."""
        together = " ".join(modifiers)
        for modifier in dict.fromkeys((together, *modifiers, "")):
            found = [
                (schedule, words, fee)
                for schedule, words, fee in self._prices.get((code, modifier), ())
                if schedule.payer_id in (payer_id, None)
                and schedule.valid_from <= day
                and (schedule.valid_to is None or day <= schedule.valid_to)
            ]
            if found:
                _, words, fee = max(
                    found, key=lambda one: (one[0].payer_id is not None, one[0].valid_from)
                )
                return Price(fee.charged, fee.expected, words)
        rate = self._base.get(code)
        return None if rate is None else Price(rate, None, f"Base rate of {code}")


def price(
    work: Work, payer_id: int | None, code: str, modifiers: Sequence[str], day: date
) -> Price | None:
    """Return what a code costs on a day for a payer (None: without one), and why."""
    return PriceList(work).price(payer_id, code, modifiers, day)


def schedules(work: Work) -> tuple[ScheduleRow, ...]:
    """Return every schedule: the general ones first, then by payer, the newest first."""
    counts: dict[int, int] = {}
    for schedule_id in work.db.scalars(select(Fee.schedule_id)):
        counts[schedule_id] = counts.get(schedule_id, 0) + 1
    rows = [
        ScheduleRow(one.id, _schedule_fields(one), payer or EVERYBODY, counts.get(one.id, 0))
        for one, payer in work.db.execute(
            select(FeeSchedule, Payer.short_name).outerjoin(Payer, Payer.id == FeeSchedule.payer_id)
        )
    ]
    rows.sort(key=lambda row: row.fields.valid_from, reverse=True)
    return tuple(
        sorted(rows, key=lambda row: (row.fields.payer_id is not None, row.payer.casefold()))
    )


def fees(work: Work, schedule_id: int) -> tuple[FeeRow, ...]:
    """Return the prices of a schedule by code and modifier."""
    found = work.db.scalars(
        select(Fee).where(Fee.schedule_id == schedule_id).order_by(Fee.code, Fee.modifier)
    )
    return tuple(_fee(one) for one in found)


def add_schedule(work: Work, fields: ScheduleFields, *, end_previous: bool = False) -> int:
    """Add a schedule and return its id.

    ``end_previous`` lets the open schedule of the same payer end the day before. Raises
    Problem when two schedules of one payer would hold on one day.
    """
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields)
    if end_previous:
        _end_previous(work, fields)
    _require_free(work, fields, but=None)
    new_id = recorded_new(
        work, FeeSchedule(**values), values, action="add_schedule", noun="fee_schedule"
    )
    work.touch(Topic.SERVICES)
    return new_id


def edit_schedule(work: Work, seen: ScheduleRow, fields: ScheduleFields) -> None:
    """Change a schedule's name or days; charges made before keep their price."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, FeeSchedule, seen.id, "this fee schedule")
    require_unchanged(_schedule_fields(row), seen.fields, "this fee schedule")
    values = _checked(work, fields)
    _require_free(work, fields, but=seen.id)
    if apply_changes(work, row, values, action="edit_schedule", noun="fee_schedule"):
        work.touch(Topic.SERVICES)


def set_fee(work: Work, schedule_id: int, fields: FeeFields, *, seen: FeeRow | None = None) -> int:
    """Add a price to a schedule, or change the one that was ``seen``, and return its id."""
    require(work, Right.CHANGE_SETUP, _DOING)
    locked(work, FeeSchedule, schedule_id, "this fee schedule")
    values = _checked_fee(fields)
    same = work.db.scalar(
        select(Fee).where(
            Fee.schedule_id == schedule_id,
            Fee.code == values["code"],
            Fee.modifier == values["modifier"],
            Fee.id != (seen.id if seen else 0),
        )
    )
    if same is not None:
        told = f"{values['code']} {values['modifier']}".strip()
        raise Problem(
            f"This schedule has a price for {told} already: {same.charged}.",
            hint="Nothing was saved. Change that one.",
        )
    work.touch(Topic.SERVICES)
    if seen is None:
        row = Fee(schedule_id=schedule_id, **values)
        told_new = {"schedule_id": schedule_id, **values}
        return recorded_new(work, row, told_new, action="add_fee", noun="fee")
    row = locked(work, Fee, seen.id, "this price")
    require_unchanged(_fee(row), seen, "this price")
    apply_changes(work, row, values, action="edit_fee", noun="fee")
    return row.id


def remove_fee(work: Work, seen: FeeRow) -> None:
    """Remove a price; charges made by it stay as they are."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Fee, seen.id, "this price")
    require_unchanged(_fee(row), seen, "this price")
    work.db.delete(row)
    work.db.flush()
    old = {name: plain(value) for name, value in values_of(seen.fields).items()}
    record(work, "remove_fee", "fee", seen.id, old={"schedule_id": seen.schedule_id, **old})
    work.touch(Topic.SERVICES)


def _checked(work: Work, fields: ScheduleFields) -> dict[str, object]:
    if fields.payer_id is not None:
        locked(work, Payer, fields.payer_id, "this payer")
    if fields.valid_to is not None and fields.valid_to < fields.valid_from:
        raise Problem(
            f"The schedule would end on {fields.valid_to:%m/%d/%Y}, before it begins on "
            f"{fields.valid_from:%m/%d/%Y}.",
            hint="Nothing was saved. Change one of the two days.",
        )
    return {**values_of(fields), "name": text_of(fields.name, "the name", required=True)}


def _end_previous(work: Work, fields: ScheduleFields) -> None:
    last = fields.valid_from - timedelta(days=1)
    for row in _of_payer(work, fields.payer_id):
        if row.valid_from <= last and (row.valid_to is None or row.valid_to > last):
            apply_changes(
                work, row, {"valid_to": last}, action="edit_schedule", noun="fee_schedule"
            )


def _require_free(work: Work, fields: ScheduleFields, *, but: int | None) -> None:
    end = fields.valid_to or date.max
    for row in _of_payer(work, fields.payer_id):
        if row.id == but:
            continue
        if row.valid_from <= end and fields.valid_from <= (row.valid_to or date.max):
            until = f"to {row.valid_to:%m/%d/%Y}" if row.valid_to else "on, without an end"
            raise Problem(
                f"{row.name} holds from {row.valid_from:%m/%d/%Y} {until}.",
                hint="Nothing was saved. End it the day before, or choose other days.",
            )


def _of_payer(work: Work, payer_id: int | None) -> list[FeeSchedule]:
    return list(
        work.db.scalars(
            select(FeeSchedule)
            .where(FeeSchedule.payer_id.is_not_distinct_from(payer_id))
            .order_by(FeeSchedule.valid_from)
            .with_for_update()
        )
    )


def _checked_fee(fields: FeeFields) -> dict[str, object]:
    for amount, what in ((fields.charged, "price"), (fields.expected, "expected amount")):
        if amount is not None and amount < ZERO:
            raise Problem(f"The {what} is below 0.00.", hint="Nothing was saved.")
    return {
        "code": text_of(fields.code, "the code", longest=24, required=True),
        "modifier": text_of(fields.modifier, "the modifier", longest=24).upper(),
        "charged": fields.charged,
        "expected": fields.expected,
    }


def _schedule_fields(row: FeeSchedule) -> ScheduleFields:
    return ScheduleFields(row.name, row.payer_id, row.valid_from, row.valid_to)


def _fee(row: Fee) -> FeeRow:
    return FeeRow(
        row.id, row.schedule_id, FeeFields(row.code, row.charged, row.expected, row.modifier)
    )
