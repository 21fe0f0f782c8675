"""What each payer allows and pays for each code, and how that went from day to day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from sqlalchemy import select

from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.remittances.fee_answers import FeeAnswer, fee_answers
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class FeePoint:
    """What a payer allowed and paid on a day of service, for one unit; of several the middle one.

    ``expected`` is None where its fee was not known.
    """

    day: date
    lines: int
    allowed: Money
    paid: Money
    expected: Money | None


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A payer and a code with its modifiers, for one unit.

    ``allowed`` and ``expected`` are of the newest day; ``lowest`` and ``highest`` of all that was
    allowed, ``paid`` the middle one. ``low_lines`` were given less than was expected, and
    ``short`` in all (of whole lines) when they were answered.
    """

    payer_id: int
    payer: str
    code: str
    modifiers: str
    lines: int
    allowed: Money
    lowest: Money
    highest: Money
    paid: Money
    expected: Money | None
    low_lines: int
    short: Money
    points: tuple[FeePoint, ...]


def fee_rows(
    work: Work,
    *,
    payers: Collection[int] = (),
    codes: Collection[str] = (),
    first: date | None = None,
    last: date | None = None,
) -> tuple[FeeRow, ...]:
    """Return what payers allow by code, by payer and code; empty means any.

    ``first`` and ``last`` are days of service. Each service counts with the payer's newest
    answer; what is denied or was taken back does not count, nor what was said as a second payer:
    that allows the rest which the first one left.
    """
    alike: dict[tuple[int, str, str], list[FeeAnswer]] = defaultdict(list)
    for said in fee_answers(work, payers=payers).values():
        one = next((each for each in reversed(said) if each.primary and not each.back), None)
        if one is None:
            continue
        if codes and one.code not in codes:
            continue
        if (first and one.day < first) or (last and one.day > last):
            continue
        alike[one.payer_id, one.code, one.modifiers].append(one)
    names = {row.id: row.short_name for row in work.db.execute(select(Payer.id, Payer.short_name))}
    rows = [_row(key, names[key[0]], found) for key, found in alike.items()]
    rows.sort(key=lambda row: (row.payer, row.code, row.modifiers, row.payer_id))
    return tuple(rows)


def _row(key: tuple[int, str, str], payer: str, found: Sequence[FeeAnswer]) -> FeeRow:
    by_day: dict[date, list[FeeAnswer]] = defaultdict(list)
    for one in found:
        by_day[one.day].append(one)
    points = tuple(_point(day, by_day[day]) for day in sorted(by_day))
    allowed = [one.allowed // one.units for one in found]
    short = [max((one.expected or 0) - one.given, 0) for one in found]
    return FeeRow(
        payer_id=key[0],
        payer=payer,
        code=key[1],
        modifiers=key[2],
        lines=len(found),
        allowed=points[-1].allowed,
        lowest=Money(min(allowed)),
        highest=Money(max(allowed)),
        paid=Money(median_low([one.paid // one.units for one in found])),
        expected=points[-1].expected,
        low_lines=sum(bool(cents) for cents in short),
        short=Money(sum(short)),
        points=points,
    )


def _point(day: date, found: Sequence[FeeAnswer]) -> FeePoint:
    known = [one.expected // one.units for one in found if one.expected is not None]
    return FeePoint(
        day=day,
        lines=len(found),
        allowed=Money(median_low([one.allowed // one.units for one in found])),
        paid=Money(median_low([one.paid // one.units for one in found])),
        expected=Money(median_low(known)) if known else None,
    )
