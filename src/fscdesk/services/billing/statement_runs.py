"""The runs of statements that were made, newest first, and what each was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, select

from fscdesk.models.patient import Patient
from fscdesk.models.staff import Staff
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import GuarantorId, Money
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as lists show it; ``id`` is its number. ``made_at`` is UTC.

    ``first`` and ``last`` are the numbers of its statements, ``total`` what they ask for.
    ``unsent`` are those that wait to be sent; an ``undone`` run counts as never sent.
    """

    id: int
    as_of: date
    minimum: Money
    statements: int
    total: Money
    first: str
    last: str
    made_at: datetime
    made_by: str
    unsent: int = 0
    undone: bool = False


def page_of_runs(work: Work, span: Span) -> Page[RunRow]:
    """Return some runs; sorts are ``run``, ``as_of``, ``statements`` and ``total``."""
    require(work, Right.MAKE_STATEMENTS, "look at the statements that were made")
    sums = _sums()
    sorts: dict[str, ColumnElement[Any]] = {
        "as_of": StatementRun.as_of.expression,
        "statements": sums.c.statements,
        "total": sums.c.total,
    }
    key = sorts.get(span.sort, StatementRun.id.expression)
    order = (key.desc(), StatementRun.id.desc()) if span.descending else (key, StatementRun.id)
    rows = work.db.execute(_rows(sums).order_by(*order).offset(span.start).limit(span.size))
    count = work.db.scalar(select(func.count()).select_from(StatementRun)) or 0
    return Page(span.start, count, tuple(_row(row) for row in rows))


def run_of(work: Work, run_id: int) -> RunRow | None:
    """Return one run, or None."""
    require(work, Right.MAKE_STATEMENTS, "look at the statements that were made")
    found = work.db.execute(_rows(_sums()).where(StatementRun.id == run_id)).first()
    return None if found is None else _row(found)


def guarantors_of(work: Work, patient_ids: Collection[int]) -> tuple[GuarantorId, ...]:
    """Return who pays for these patients, each once."""
    found = work.db.scalars(
        select(Patient.guarantor_id).where(among(work, Patient.id, patient_ids)).distinct()
    )
    return tuple(sorted(GuarantorId(one) for one in found))


def _sums() -> Subquery:
    return (
        select(
            Statement.run_id,
            func.count().label("statements"),
            func.sum(Statement.amount_due).label("total"),
            func.min(Statement.number).label("first"),
            func.max(Statement.number).label("last"),
            func.sum(
                case(
                    (and_(Statement.sent_at.is_(None), Statement.dropped_at.is_(None)), 1), else_=0
                )
            ).label("unsent"),
        )
        .group_by(Statement.run_id)
        .subquery()
    )


def _rows(
    sums: Subquery,
) -> Select[int, date, Money, int, Money, str, str, datetime, str, int, datetime | None]:
    return (
        select(
            StatementRun.id,
            StatementRun.as_of,
            StatementRun.minimum,
            sums.c.statements,
            sums.c.total,
            sums.c.first,
            sums.c.last,
            StatementRun.made_at,
            Staff.name,
            sums.c.unsent,
            StatementRun.undone_at,
        )
        .join(sums, sums.c.run_id == StatementRun.id)
        .join(Staff, Staff.id == StatementRun.made_by)
    )


def _row(found: Row[*tuple[Any, ...]]) -> RunRow:
    undone = found.undone_at is not None
    return RunRow(
        found.id,
        found.as_of,
        found.minimum,
        found.statements,
        found.total,
        found.first,
        found.last,
        found.made_at,
        found.name,
        0 if undone else int(found.unsent),
        undone,
    )
