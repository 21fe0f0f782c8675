"""The figures of aging: open amounts by whose they are and how old, in a few set-based questions.

As of today they come from the stored balances through partial covering indexes, as of a past
day by the candidates method (``ledger/open_items``); both give the same for the same day.
"""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from fscdesk.models.charge import Side
from fscdesk.services.ledger.accounts import PAYER_CREDITS, UNAPPLIED_CREDITS
from fscdesk.services.ledger.open_items import Source, dated, is_past, sources
from fscdesk.services.work import Work

BUCKETS: Final = 5
UNAPPLIED: Final = BUCKETS
"""The column after the five: credits, which have no age."""
NOBODY: Final = 0
"""The key of what names nobody: a share without a payer, a credit without a clinician."""
Key = int | None


class By(enum.StrEnum):
    """Whose open amounts stand in one row."""

    PAYER = "payer"
    PATIENT = "patient"
    GUARANTOR = "guarantor"
    PROVIDER = "provider"
    SESSION = "session"


class AgeBy(enum.StrEnum):
    """From which day an amount ages: the service, its posting, or since when its owner owes it."""

    SERVICE = "service"
    POSTING = "posting"
    RESPONSIBILITY = "responsibility"


def age_column(age_by: AgeBy, side: Side) -> str:
    """Return the column of a charge that says from when this side of it ages."""
    if age_by is AgeBy.RESPONSIBILITY:
        return "insurance_since" if side is Side.INSURANCE else "patient_since"
    return "posted_day" if age_by is AgeBy.POSTING else "service_day"


def first_days(as_of: date, bucket_days: int) -> dict[str, object]:
    """Return ``d0`` to ``d3``: what began on ``dN`` or later, and not on a later one, is in N."""
    return {
        f"d{bucket}": as_of - timedelta(days=bucket_days * (bucket + 1))
        for bucket in range(BUCKETS - 1)
    }


def in_bucket(bucket: int, day: str) -> str:
    """Return the condition that a column of days falls into this bucket."""
    if bucket == 0:
        return f"{day} >= :d0"
    if bucket == BUCKETS - 1:
        return f"{day} < :d{bucket - 1}"
    return f"{day} < :d{bucket - 1} AND {day} >= :d{bucket}"


class Sums:
    """Open cents of one key: five buckets and the negative rest, for each side; and credits."""

    __slots__ = ("credit", "insurance", "patient")

    def __init__(self) -> None:
        self.insurance = [0] * (BUCKETS + 1)
        self.patient = [0] * (BUCKETS + 1)
        self.credit = 0

    def add(self, side: Side, found: Sequence[Any]) -> None:
        """Add the six sums of a row (``_six_sums``); Postgres gives them as numeric."""
        mine = self.insurance if side is Side.INSURANCE else self.patient
        before = 0
        for at, value in enumerate(found[:BUCKETS]):
            since = int(value or 0)
            mine[at] += since - before
            before = since
        mine[UNAPPLIED] += int(found[UNAPPLIED] or 0)

    def include(self, other: Sums) -> None:
        """Add everything of another key, for the row of all."""
        self.insurance = [
            mine + more for mine, more in zip(self.insurance, other.insurance, strict=True)
        ]
        self.patient = [mine + more for mine, more in zip(self.patient, other.patient, strict=True)]
        self.credit += other.credit

    def any(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.credit) or any(self.insurance) or any(self.patient)


def open_sums(
    work: Work,
    *,
    as_of: date,
    by: By | None,
    age_by: AgeBy,
    bucket_days: int,
    past: bool | None = None,
) -> dict[Key, Sums]:
    """Return what was open at the end of a day, by key; without ``by`` all under None.

    By payer, None is what patients owe. A day in the future counts as the first bucket.
    ``past`` is what ``is_past`` says of the day, where the caller has asked already.
    """
    if past is None:
        past = is_past(work, as_of)
    values: dict[str, object] = first_days(as_of, bucket_days)
    if past:
        values["as_of"] = as_of
    out: dict[Key, Sums] = {}
    ages = {side: age_column(age_by, side) for side in Side}
    column = None if by is None else f"{by.value}_id"
    columns = dict.fromkeys([*([column] if column else []), *ages.values()])
    for source in sources(columns, past=past):
        if by is By.PAYER and age_by is AgeBy.SERVICE and source.sides == (Side.INSURANCE,):
            _add_by_seeking(work, source, values, out)
            continue
        keyed = column if by is not By.PAYER or Side.INSURANCE in source.sides else None
        key, grouped = (f"i.{keyed}", f" GROUP BY i.{keyed}") if keyed else ("NULL", "")
        sums = ", ".join(_six_sums(side, f"i.{ages[side]}") for side in source.sides)
        sql = f"SELECT {key} AS id, {sums} FROM {source.sql}{grouped}"
        for row in dated(work, sql, **values):
            for at, side in enumerate(source.sides):
                whose = _key(by, side, row[0])
                start = 1 + at * (BUCKETS + 1)
                out.setdefault(whose, Sums()).add(side, row[start : start + BUCKETS + 1])
    for whose, cents in _credits(work, as_of, by).items():
        out.setdefault(whose, Sums()).credit += cents
    for whose, cents in _payers_credits(work, as_of, by).items():
        out.setdefault(whose, Sums()).insurance[UNAPPLIED] += cents
    return {key: sums for key, sums in out.items() if sums.any()}


def _add_by_seeking(
    work: Work, source: Source, values: dict[str, object], out: dict[Key, Sums]
) -> None:
    """Add payers' stored balances: each bucket of each payer is one range of the index.

    Twice as fast as comparing every open row with every bucket, and the commonest question.
    """
    figures = ", ".join(
        f"(SELECT sum(i.insurance) FROM {source.sql} WHERE i.payer_id = p.id"
        f" AND {in_bucket(bucket, 'i.service_day')}{which})"
        for which in ("", " AND i.insurance < 0")
        for bucket in range(BUCKETS)
    )
    for row in dated(work, f"SELECT p.id, {figures} FROM payer p", **values):
        whole = [int(value or 0) for value in row[1 : 1 + BUCKETS]]
        credit = [int(value or 0) for value in row[1 + BUCKETS :]]
        sums = out.setdefault(row[0], Sums()).insurance
        for bucket in range(BUCKETS):
            sums[bucket] += whole[bucket] - credit[bucket]
            sums[UNAPPLIED] += credit[bucket]
    nobody = (
        f"SELECT {_six_sums(Side.INSURANCE, 'i.service_day')} FROM {source.sql}"
        " WHERE i.payer_id IS NULL"
    )
    out.setdefault(NOBODY, Sums()).add(Side.INSURANCE, dated(work, nobody, **values)[0])


def _credits(work: Work, as_of: date, by: By | None) -> dict[Key, int]:
    """Return account 2400 at the end of a day, negative where the practice owes; by key.

    Always from the lines: they are few, and they say whose the credit was on that day.
    """
    alone = by is None or by is By.PAYER
    key, grouped = ("NULL", "") if alone else (f"{by}_id", f" GROUP BY {by}_id")
    sql = (
        f"SELECT {key} AS id, sum(amount) AS cents FROM journal_line"
        f" WHERE account = :account AND day <= :as_of{grouped}"
    )
    rows = dated(work, sql, account=UNAPPLIED_CREDITS, as_of=as_of)
    return {
        None if alone else NOBODY if row.id is None else int(row.id): int(row.cents)
        for row in rows
        if row.cents
    }


def _payers_credits(work: Work, as_of: date, by: By | None) -> dict[Key, int]:
    """Return what payers have unapplied at the end of a day, negative; by key.

    These are the lines of 2410 that move a credit; those of a charge are its balance. A payer's
    money belongs to no patient and no clinician, so it stands with what names nobody.
    """
    payers = by is By.PAYER
    key, grouped = ("payer_id", " GROUP BY payer_id") if payers else ("NULL", "")
    sql = (
        f"SELECT {key} AS id, sum(amount) AS cents FROM journal_line"
        f" WHERE account = :account AND credit_id IS NOT NULL AND day <= :as_of{grouped}"
    )
    rows = dated(work, sql, account=PAYER_CREDITS, as_of=as_of)
    return {
        None if by is None else NOBODY if row.id is None else int(row.id): int(row.cents)
        for row in rows
        if row.cents
    }


def _key(by: By | None, side: Side, found: int | None) -> Key:
    if by is None or (by is By.PAYER and side is Side.PATIENT):
        return None
    return NOBODY if found is None else found


def _six_sums(side: Side, day: str) -> str:
    """Return six sums: what is owed since ``d0``, ``d1``, ``d2``, ``d3`` or later, ever; credits.

    Cumulative, because each row is then compared half as often as bucket by bucket.
    """
    amount = f"i.{side.value}"
    owed = [
        f"sum({amount}) FILTER (WHERE {day} >= :d{bucket} AND {amount} > 0)"
        for bucket in range(BUCKETS - 1)
    ]
    whole = f"sum({amount}) FILTER (WHERE {amount} > 0)"
    return ", ".join([*owed, whole, f"sum({amount}) FILTER (WHERE {amount} < 0)"])
