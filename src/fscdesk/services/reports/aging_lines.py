"""The open items behind a cell of aging, as of its day; their total is the cell."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Date, Row, TextClause, bindparam, text

from fscdesk.models.charge import Side
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import PAYER_CREDITS, UNAPPLIED_CREDITS
from fscdesk.services.ledger.open_items import is_past, sources
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.aging import require_bucket
from fscdesk.services.reports.aging_sums import (
    NOBODY,
    UNAPPLIED,
    AgeBy,
    By,
    Key,
    age_column,
    first_days,
    in_bucket,
)
from fscdesk.services.work import Work

EVERYBODY: Final = -1
"""The key of the row of all."""

_SORTS: Final = MappingProxyType(
    {
        "day": "coalesce(s.day, items.age_day) {way}",
        "patient": "coalesce(p.sort_name, '') {way}",
        "payer": "coalesce(y.name, '') {way}",
        "provider": "coalesce(v.name, '') {way}",
        "code": "items.code {way}",
        "age": "items.age_day {opposite}",
        "status": "coalesce(s.billing_status, '') {way}",
        "side": "items.side {way}",
        "open": "items.amount {way}",
    }
)
SORTS: Final = tuple(_SORTS)

# The last two are a charge's alone: a credit of a patient has no payer and no code.
_FACTS: Final = ("patient_id", "guarantor_id", "provider_id", "session_id", "payer_id", "code")


@dataclass(frozen=True, slots=True)
class AgingLine:
    """What one charge's payer or patient owes (or is owed, where ``open`` is negative).

    ``charge_id`` None is an unapplied credit that belongs to no charge; ``age`` is in days,
    never below zero. ``side`` says who owes: ``insurance`` or ``patient``.
    """

    id: int
    charge_id: int | None
    session_id: int | None
    day: date
    patient_id: int | None
    patient: str
    patient_number: str
    payer: str
    provider: str
    code: str
    age: int
    status: str
    side: str
    open: Money


def aging_lines(
    work: Work,
    *,
    as_of: date,
    by: By,
    key: Key,
    bucket: int | None,
    age_by: AgeBy = AgeBy.SERVICE,
    span: Span,
    bucket_days: int = 30,
) -> Page[AgingLine]:
    """Return the open items of a cell; ``totals["open"]`` is the amount that stands in it.

    ``key`` is a row's key, or EVERYBODY for the row of all. ``bucket`` is 0 to 4, UNAPPLIED
    for the credits, or None for the whole row. ``span.sort`` is one of ``SORTS``.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    require_bucket(bucket_days)
    cell = _Cell(by, key, bucket, age_by, is_past(work, as_of))
    items = " UNION ALL ".join(cell.parts())
    values = cell.values(as_of, bucket_days)
    count = f"SELECT count(*) AS lines, sum(amount) AS cents FROM ({items}) AS items"
    whole = work.db.execute(*_bound(count, values)).one()
    way, opposite = ("DESC", "ASC") if span.descending else ("ASC", "DESC")
    order = _SORTS[span.sort].format(way=way, opposite=opposite)
    question, used = _bound(
        "SELECT items.id, items.charge_id, items.session_id, items.code, items.age_day,"
        " items.side, items.amount, coalesce(s.day, items.age_day) AS day, s.billing_status,"
        " p.id AS patient_id, p.name AS patient, p.number, y.short_name, v.name AS provider"
        f" FROM ({items}) AS items LEFT JOIN session s ON s.id = items.session_id"
        " LEFT JOIN patient p ON p.id = items.patient_id"
        " LEFT JOIN payer y ON y.id = items.payer_id"
        " LEFT JOIN provider v ON v.id = items.provider_id"
        f" ORDER BY {order}, items.id LIMIT :size OFFSET :start",
        {**values, "size": span.size, "start": span.start},
    )
    rows = work.db.execute(question.columns(age_day=Date, day=Date), used)
    return Page(
        start=span.start,
        total=int(whole.lines),
        rows=tuple(_line(row, as_of) for row in rows),
        totals={"open": Money(int(whole.cents or 0))},
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    by: By
    key: Key
    bucket: int | None
    age_by: AgeBy
    past: bool

    def parts(self) -> list[str]:
        """Return one SELECT for each source of open items that can be in this cell."""
        out = []
        ages = {side: age_column(self.age_by, side) for side in Side}
        columns = list(dict.fromkeys(["id", *_FACTS, *ages.values()]))
        for source in sources(columns, past=self.past):
            for side in source.sides:
                if not self._has(side):
                    continue
                where = [f"i.{side.value} <> 0", *self._whose("i"), *self._old(side, ages[side])]
                facts = ", ".join(f"i.{fact}" for fact in _FACTS)
                odd = 1 if side is Side.PATIENT else 0
                out.append(
                    f"SELECT 2 * i.id + {odd} AS id, i.id AS charge_id, {facts},"
                    f" i.{ages[side]} AS age_day, '{side.value}' AS side, i.{side.value} AS amount"
                    f" FROM {source.sql} WHERE {' AND '.join(where)}"
                )
        if self.bucket in (None, UNAPPLIED) and self._has(Side.PATIENT):
            out.append(self._credits())
        if self.bucket in (None, UNAPPLIED) and self._has(Side.INSURANCE):
            out.append(self._payers_credits())
        return out

    def values(self, as_of: date, bucket_days: int) -> dict[str, Any]:
        """Return what the parts may bind."""
        return {
            **first_days(as_of, bucket_days),
            "as_of": as_of,
            "key": self.key,
            "account": UNAPPLIED_CREDITS,
            "payers": PAYER_CREDITS,
        }

    def _has(self, side: Side) -> bool:
        """Return whether this side stands in this row at all: by payer, each has its own."""
        if self.by is not By.PAYER or self.key == EVERYBODY:
            return True
        return (self.key is None) == (side is Side.PATIENT)

    def _whose(self, alias: str) -> list[str]:
        if self.key is None or self.key == EVERYBODY:
            return []
        column = f"{alias}.{self.by.value}_id"
        return [f"{column} IS NULL" if self.key == NOBODY else f"{column} = :key"]

    def _old(self, side: Side, day: str) -> Iterable[str]:
        if self.bucket is None:
            return ()
        if self.bucket == UNAPPLIED:
            return (f"i.{side.value} < 0",)
        return (f"i.{side.value} > 0", in_bucket(self.bucket, f"i.{day}"))

    def _credits(self) -> str:
        """Return unapplied credits, together where they came with one charge."""
        facts = ("charge_id", *_FACTS[:4])
        whose = "".join(f" AND {condition}" for condition in self._whose("l"))
        columns = ", ".join(f"l.{fact}" for fact in facts)
        return (
            f"SELECT -min(l.id) AS id, {columns}, CAST(NULL AS BIGINT) AS payer_id, '' AS code,"
            " min(l.day) AS age_day, 'patient' AS side, sum(l.amount) AS amount"
            " FROM journal_line l WHERE l.account = :account AND l.day <= :as_of"
            f"{whose} GROUP BY {columns} HAVING sum(l.amount) <> 0"
        )

    def _payers_credits(self) -> str:
        """Return each credit that payers have unapplied; it names no patient and no charge."""
        whose = "".join(f" AND {condition}" for condition in self._whose("l"))
        facts = ", ".join(f"CAST(NULL AS BIGINT) AS {fact}" for fact in ("charge_id", *_FACTS[:4]))
        return (
            f"SELECT -min(l.id) AS id, {facts}, l.payer_id, '' AS code, min(l.day) AS age_day,"
            " 'insurance' AS side, sum(l.amount) AS amount FROM journal_line l"
            " WHERE l.account = :payers AND l.credit_id IS NOT NULL AND l.day <= :as_of"
            f"{whose} GROUP BY l.payer_id, l.credit_id HAVING sum(l.amount) <> 0"
        )


def _bound(sql: str, values: dict[str, Any]) -> tuple[TextClause, dict[str, Any]]:
    """Return the question with those of the values that it names; days as each database has."""
    used = {name: value for name, value in values.items() if re.search(rf":{name}\b", sql)}
    days = [bindparam(name, type_=Date) for name, value in used.items() if isinstance(value, date)]
    return text(sql).bindparams(*days), used


def _line(row: Row[Any], as_of: date) -> AgingLine:
    return AgingLine(
        id=row.id,
        charge_id=row.charge_id,
        session_id=row.session_id,
        day=row.day,
        patient_id=row.patient_id,
        patient=row.patient or "",
        patient_number=row.number or "",
        payer=row.short_name or "",
        provider=row.provider or "",
        code=row.code or "",
        age=max((as_of - row.age_day).days, 0),
        status=row.billing_status or "",
        side=row.side,
        open=Money(int(row.amount)),
    )
