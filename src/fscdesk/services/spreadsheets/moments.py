"""Start minutes: the day and the minute of the day at which a session begins, as local time."""

from __future__ import annotations

import enum
import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from fscdesk.services.spreadsheets.cells import CellFault, shown
from fscdesk.services.spreadsheets.tables import Cell, cell_text

_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's calendar, as it counts every day after February 1900."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_DAY_MINUTES = 1440
_HALF_DAY = 12
_MONTHS = 12
_CENTURY = 100
_PLAIN = len("MM/DD/YYYY HH:MM")

_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "))
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_SLASHED = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<mark>[/.-])(?P<two>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4}|[0-9]{2})"
    rf"(?:,? +{_CLOCK})?"
)
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    rf"(?:(?:T| +){_CLOCK}(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?"
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,15})?")


class DateOrder(enum.StrEnum):
    """How a file writes 03/02/2026: SimplePractice means March 2."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


@dataclass(frozen=True, slots=True)
class Moment:
    """A start minute. ``timed`` says that the cell named a time; else the minute is 0."""

    day: date
    minute: int
    timed: bool = True


class Moments(dict[Cell, tuple[date, int]]):
    """Start minutes by cell; raises CellFault (``date``, ``day-first``, ``date-unsure``).

    ``day_first`` remembers the first cell that can only be day before month, ``proven`` that
    some cell can only be month before day, ``untimed`` the cells without a time of day.
    With ``sure`` off, cells that could be either are refused.
    """

    def __init__(self, order: DateOrder = DateOrder.MONTH_FIRST, *, sure: bool = True) -> None:
        super().__init__()
        self.order, self.sure = order, sure
        self.day_first: Cell | None = None
        self.proven = False
        self.untimed: set[Cell] = set()
        self._days: dict[str, date] = {}
        self._minutes: dict[str, int] = {}

    def __missing__(self, cell: Cell) -> tuple[date, int]:
        """Read a cell that was not seen before."""
        plain = isinstance(cell, str) and len(cell) == _PLAIN and cell[10] == " "
        if plain:  # MM/DD/YYYY HH:MM, whose halves were most likely seen already
            assert isinstance(cell, str)
            day, minute = self._days.get(cell[:10]), self._minutes.get(cell[11:])
            if day is not None and minute is not None:
                self[cell] = day, minute
                return day, minute
        moment = self._read(cell)
        if not moment.timed:
            self.untimed.add(cell)
        elif plain:
            assert isinstance(cell, str)
            self._days[cell[:10]], self._minutes[cell[11:]] = moment.day, moment.minute
        self[cell] = moment.day, moment.minute
        return moment.day, moment.minute

    def _read(self, cell: Cell) -> Moment:
        if not isinstance(cell, str) or self.order is DateOrder.DAY_FIRST:
            return read_moment(cell, self.order)
        slashed = _SLASHED.fullmatch(cell.translate(_BLANKS).strip())
        if slashed is None:
            return read_moment(cell, self.order)
        one, two = int(slashed["one"]), int(slashed["two"])
        if one > _MONTHS >= two:
            if self.day_first is None:
                self.day_first = cell
        elif two > _MONTHS >= one:
            self.proven = True
        elif not self.sure and one != two:
            raise CellFault(
                "date-unsure",
                f"“{shown(cell)}” may be day first, as other lines of this file are.",
            )
        return read_moment(cell, self.order)


def read_moment(cell: Cell, order: DateOrder = DateOrder.MONTH_FIRST) -> Moment:
    """Read a start minute from text, a serial number of Excel, or a datetime.

    Takes ``03/02/2026 09:00``, ``3/2/26 9:00 AM``, ISO, and ``46084.54167``, rounded to the
    minute. Raises CellFault: ``date`` for what is no day, ``day-first`` for a day that only
    makes sense the other way around.
    """
    if isinstance(cell, datetime):
        return _rounded(cell)
    if not isinstance(cell, str):
        return _from_serial(float(cell), cell)
    text = cell.translate(_BLANKS).strip()
    if found := _SLASHED.fullmatch(text):
        return _from_slashed(found, cell, order)
    if found := _ISO.fullmatch(text):
        if found["zone"] == "Z":
            raise CellFault("date", f"“{shown(cell)}” is UTC, not the practice's own time.")
        year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
        return _build(cell, _day(cell, year, month, day), found)
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text), cell)
    if not text:
        raise CellFault("date", "There is no date.")
    raise CellFault("date", f"“{shown(cell)}” is not a day and a time.")


def join_moment(day: Cell, start: Cell) -> Cell:
    """Return one cell for a day and a time that stand in two columns."""
    if isinstance(start, float):
        minute = read_time(start)
        start = cell_text(start) if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
    elif isinstance(start, datetime):
        start = f"{start:%H:%M}"
    if isinstance(day, datetime):
        day = f"{day:%Y-%m-%d}"
    elif not isinstance(day, str):
        try:
            day = _from_serial(float(day), day).day.isoformat()
        except CellFault:
            return day
    return f"{day.strip()} {cell_text(start).strip()}".strip()


def read_time(fraction: float) -> int | None:
    """Return the minute of the day that a fraction of a day stands for, if it is one."""
    return round(fraction * _DAY_MINUTES) % _DAY_MINUTES if 0 <= fraction < 1 else None


def _from_slashed(found: re.Match[str], cell: Cell, order: DateOrder) -> Moment:
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    if year < _CENTURY:
        year += 2000
    month, day = (one, two) if order is DateOrder.MONTH_FIRST else (two, one)
    if month > _MONTHS >= day:
        other = "day first" if order is DateOrder.MONTH_FIRST else "month first"
        raise CellFault(
            "day-first" if order is DateOrder.MONTH_FIRST else "date",
            f"“{shown(cell)}” is no day unless it is read {other}.",
        )
    return _build(cell, _day(cell, year, month, day), found)


def _day(cell: Cell, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellFault("date", f"“{shown(cell)}” is not a day.") from None
    return _plausible(found, cell)


def _plausible(day: date, cell: Cell) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CellFault("date", f"“{shown(cell)}” is not in the years 1990 to 2099.")
    return day


def _build(cell: Cell, day: date, found: re.Match[str]) -> Moment:
    if found["hour"] is None:
        return Moment(day, 0, timed=False)
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["half"] or "").lower()
    if hour > 23 or minute > 59 or second > 59 or (half and not 1 <= hour <= _HALF_DAY):  # noqa: PLR2004
        raise CellFault("date", f"“{shown(cell)}” has no time of day.")
    if half:
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    # 8:59:59 is how Excel shows a nine o'clock that it computed.
    return replace(_rounded(datetime.combine(day, time(hour, minute, second))), timed=True)


def _rounded(moment: datetime) -> Moment:
    """Round to the minute: Excel keeps 9:00 as 8:59:59.999 now and then."""
    _plausible(moment.date(), moment)
    near = moment + timedelta(seconds=30)
    timed = bool(moment.hour or moment.minute or moment.second or moment.microsecond)
    return Moment(_plausible(near.date(), moment), near.hour * 60 + near.minute, timed=timed)


def _from_serial(serial: float, cell: Cell) -> Moment:
    if not math.isfinite(serial) or not 0 < serial < 10**5:
        raise CellFault("date", f"“{shown(cell)}” is not a day.")
    days, minute = divmod(round(serial * _DAY_MINUTES), _DAY_MINUTES)
    timed = not serial.is_integer()
    return Moment(_plausible(_EPOCH + timedelta(days=days), cell), minute, timed=timed)
