"""What is open of each charge, today and as of any past day, as pieces of SQL for both databases.

Today the stored balances are the answer, and small partial indexes hold those that are not
zero. For a past day the *candidates* method (``domain/speed.md``) is exact: a charge whose lines
all fall on or before the day still has today's balance; only charges that moved later, and
began before, are summed from their lines.
"""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Row, bindparam, func, select, text

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECOUPMENTS,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.work import Work

INSURANCE_ACCOUNTS: Final = "('1110', '2410')"
PATIENT_ACCOUNTS: Final = f"('{PATIENT_RECEIVABLE}')"


@dataclass(frozen=True, slots=True)
class Source:
    """Where open amounts come from: columns ``i.insurance`` and ``i.patient`` in cents.

    ``sql`` stands in a FROM clause under the alias ``i`` and offers the ``columns`` that it was
    asked for. Every amount is in exactly one source.
    """

    sql: str
    sides: tuple[Side, ...]


def newest_day(work: Work) -> date | None:
    """Return the last day on which anything open moved; None in empty books."""
    days = [
        work.db.scalar(select(func.max(Charge.last_day))),
        *(
            work.db.scalar(select(func.max(JournalLine.day)).where(JournalLine.account == account))
            for account in (UNAPPLIED_CREDITS, PAYER_CREDITS, AT_AGENCY, RECOUPMENTS)
        ),
    ]
    return max((day for day in days if day is not None), default=None)


def is_past(work: Work, as_of: date) -> bool:
    """Return whether something was posted after that day, so that lines must be read."""
    newest = newest_day(work)
    return newest is not None and as_of < newest


def sources(columns: Iterable[str], *, past: bool) -> tuple[Source, ...]:
    """Return where to read open amounts with these columns of charges.

    Statements that use a source of the past bind ``:as_of`` (with ``dated``).
    """
    named = ", ".join(f"c.{column}" for column in columns)
    kept = "" if not past else " AND c.last_day <= :as_of"
    out = [
        Source(
            f"(SELECT {named}, c.insurance_balance AS insurance, 0 AS patient"
            f" FROM charge c WHERE c.insurance_balance <> 0{kept}) i",
            (Side.INSURANCE,),
        ),
        Source(
            f"(SELECT {named}, 0 AS insurance, c.patient_balance AS patient"
            f" FROM charge c WHERE c.patient_balance <> 0{kept}) i",
            (Side.PATIENT,),
        ),
    ]
    if past:
        # Subqueries for each charge, not a join: SQLite then walks the index of charges by last
        # day, and asks the index of lines by charge for sums without touching a row.
        # Materialized, or it would ask again for each figure that is made of them.
        out.append(
            Source(
                f"(WITH moved AS MATERIALIZED (SELECT {named},"
                f" {_lines_until(INSURANCE_ACCOUNTS)} AS insurance,"
                f" {_lines_until(PATIENT_ACCOUNTS)} AS patient FROM charge c"
                " WHERE c.last_day > :as_of AND c.first_day <= :as_of) SELECT * FROM moved) i",
                (Side.INSURANCE, Side.PATIENT),
            )
        )
    return tuple(out)


def dated(work: Work, sql: str, **values: object) -> list[Row[*tuple[Any, ...]]]:
    """Run a question of ours; dates among the values are bound as both databases keep them."""
    days = [bindparam(name, type_=Date) for name, value in values.items() if type(value) is date]
    return list(work.db.execute(text(sql).bindparams(*days), values))


def open_total(work: Work, as_of: date) -> Money:
    """Return Σ open amounts of charges − Σ unapplied credits + what agencies hold on that day.

    And what payers took without saying for what.

    Read from charges and credits, never from the accounts: invariant 4 says that both agree.
    """
    past = is_past(work, as_of)
    day: dict[str, object] = {"as_of": as_of}
    cents = 0
    for source in sources(("id",), past=past):
        sql = f"SELECT sum(i.insurance) + sum(i.patient) FROM {source.sql}"
        cents += int(dated(work, sql, **day if past else {})[0][0] or 0)
    held = unapplied_total(work, as_of) + agency_total(work, as_of)
    return Money(cents) + held + to_explain_total(work, as_of)


def unapplied_total(work: Work, as_of: date) -> Money:
    """Return what patients and payers have unapplied on that day, as a negative amount."""
    if not is_past(work, as_of):
        patients = dated(work, "SELECT -sum(unapplied) FROM patient")[0][0]
        payers = dated(work, "SELECT -sum(unapplied) FROM payer")[0][0]
        return Money(int(patients or 0) + int(payers or 0))
    lines = "SELECT sum(amount) FROM journal_line WHERE account = :account AND day <= :as_of AND"
    patients, payers = (
        dated(work, f"{lines} {whose}", account=account, as_of=as_of)[0][0]
        for account, whose in (
            (UNAPPLIED_CREDITS, "patient_id IS NOT NULL"),
            (PAYER_CREDITS, "credit_id IS NOT NULL"),
        )
    )
    return Money(int(patients or 0) + int(payers or 0))


def agency_total(work: Work, as_of: date) -> Money:
    """Return what collection agencies hold of the charges that were handed to them."""
    held = (
        "SELECT sum(l.amount) FROM journal_line l WHERE l.account = :account AND l.day <= :as_of"
        " AND l.charge_id IN (SELECT charge_id FROM collection_item)"
    )
    return Money(int(dated(work, held, account=AT_AGENCY, as_of=as_of)[0][0] or 0))


def to_explain_total(work: Work, as_of: date) -> Money:
    """Return what payers took from checks, or added, that is still to be explained (1120)."""
    held = (
        "SELECT sum(l.amount) FROM journal_line l WHERE l.account = :account AND l.day <= :as_of"
        " AND l.payer_id IN (SELECT payer_id FROM recoupment)"
    )
    return Money(int(dated(work, held, account=RECOUPMENTS, as_of=as_of)[0][0] or 0))


def _lines_until(accounts: str) -> str:
    return (
        "coalesce((SELECT sum(l.amount) FROM journal_line l WHERE l.charge_id = c.id"
        f" AND l.account IN {accounts} AND l.day <= :as_of), 0)"
    )
