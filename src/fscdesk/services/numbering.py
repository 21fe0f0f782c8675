"""Gives documents the numbers that people read: by kind and year, without gaps."""

from __future__ import annotations

from sqlalchemy import select, text

from fscdesk.models.practice import NumberSeries
from fscdesk.services.work import Work

_OPEN = text(
    "INSERT INTO number_series (name, year, next) VALUES (:name, :year, 1) ON CONFLICT DO NOTHING"
)


def reserve_numbers(work: Work, series: str, year: int, count: int = 1) -> range:
    """Take the next ``count`` numbers of a series; a rollback gives them back.

    The row is locked until the end of the transaction, so two workstations cannot get
    one number, and a number that was taken is always used.
    """
    wanted = select(NumberSeries).filter_by(name=series, year=year).with_for_update()
    row = work.db.scalars(wanted).one_or_none()
    if row is None:
        # Two desks may make the first document of a year: the second waits here, then takes 2.
        work.db.execute(_OPEN, {"name": series, "year": year})
        row = work.db.scalars(wanted).one()
    first = row.next
    row.next = first + count
    work.db.flush()
    return range(first, first + count)


def next_number(work: Work, series: str, year: int) -> str:
    """Return one number in words that people read, such as ``ST-2026-00042``."""
    return number_text(series, year, reserve_numbers(work, series, year)[0])


def number_text(series: str, year: int, number: int) -> str:
    """Spell a number: prefix, year, at least five digits."""
    return f"{series}-{year}-{number:05d}"
