"""Gives documents the numbers that people read: by kind and year, without gaps."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from fscdesk.models.practice import NumberSeries
from fscdesk.services.work import Work


def reserve_numbers(work: Work, series: str, year: int, count: int = 1) -> range:
    """Take the next ``count`` numbers of a series; a rollback gives them back.

    The row is locked until the end of the transaction, so two workstations cannot get
    one number, and a number that was taken is always used.
    """
    wanted = select(NumberSeries).filter_by(name=series, year=year).with_for_update()
    try:
        row = work.db.scalars(wanted).one()
    except NoResultFound:
        row = NumberSeries(name=series, year=year, next=1)
        work.db.add(row)
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
