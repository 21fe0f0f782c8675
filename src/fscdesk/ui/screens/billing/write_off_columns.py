"""The lists of write-offs: accounts of a run, those left out, and what a request asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.write_off_runs import Candidate, Flag, NotTaken, Why, WriteOffPlan
from fscdesk.services.payments.approving import ItemRow
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.theme import Status

_FLAGS = {
    Flag.VISIT: Status("Visit soon", "amber", "calendar-days"),
    Flag.CREDIT: Status("Has credit", "sky", "coins"),
    Flag.COPAY: Status("A copay?", "amber", "circle-question-mark"),
}
_WHYS = {
    Why.TOO_YOUNG: Status("Not old enough", "neutral", "clock"),
    Why.IN_PLAN: Status("On a plan", "sky", "calendar-check"),
    Why.AT_AGENCY: Status("At an agency", "orange", "briefcase"),
    Why.PARKED: Status("Parked", "slate", "pause"),
    Why.INVOICED: Status("Invoiced", "sky", "file-text"),
    Why.OVERPAID: Status("Overpaid", "amber", "coins"),
    Why.WAITING: Status("Waits", "amber", "hourglass"),
    Why.RUN_FULL: Status("Next run", "neutral", "list"),
}
OUT = Status("Taken out", "neutral", "circle-minus")
IN = Status("In the run", "teal", "check")


@dataclass(frozen=True, slots=True)
class RunRow:
    """An account that the run would write off; ``out`` when a person has taken it out."""

    id: int
    one: Candidate
    out: bool


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A small account that is not in the run."""

    id: int
    one: NotTaken


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One item of a request."""

    id: int
    one: ItemRow


def run_rows(plan: WriteOffPlan | None, out: Collection[int]) -> list[RunRow]:
    """Return the accounts of a plan in its order, the oldest first."""
    taken = () if plan is None else plan.candidates
    return [RunRow(one.guarantor_id, one, one.guarantor_id in out) for one in taken]


def left_rows(plan: WriteOffPlan | None) -> list[LeftRow]:
    """Return the small accounts that are in no run now."""
    return [] if plan is None else [LeftRow(one.guarantor_id, one) for one in plan.left_out]


def amount_of(rows: Sequence[RunRow]) -> Money:
    """Return what the rows that are not taken out come to."""
    return sum((row.one.amount for row in rows if not row.out), ZERO)


def run_columns() -> tuple[Column[RunRow], ...]:
    """Return the columns of the run."""
    return (
        badge_column("state", "", lambda row: OUT if row.out else IN, width=116, priority=0),
        Column("number", "Account", lambda row: row.one.number, width=84, priority=5),
        Column("name", "Name", lambda row: row.one.name, names=True, width=170, priority=0),
        date_column("since", "Open since", lambda row: row.one.since, priority=3),
        Column("reason", "Reason", lambda row: row.one.reason, width=280, wide=True, priority=2),
        badge_column(
            "flag",
            "To look at",
            lambda row: _FLAGS[row.one.flags[0]] if row.one.flags else None,
            width=116,
            priority=1,
            tooltip=lambda row: ". ".join(row.one.remarks),
        ),
        money_column("amount", "Amount", lambda row: row.one.amount, priority=0, strong=True),
    )


def left_columns() -> tuple[Column[LeftRow], ...]:
    """Return the columns of those left out."""
    return (
        Column("number", "Account", lambda row: row.one.number, width=84, priority=5),
        Column("name", "Name", lambda row: row.one.name, names=True, width=200, priority=0),
        badge_column("why", "Why", lambda row: _WHYS[row.one.why], width=140, priority=1),
        Column("words", "Reason", lambda row: row.one.words, width=280, wide=True, priority=2),
        money_column("amount", "Amount", lambda row: row.one.amount, priority=0, strong=True),
    )


def asked_columns() -> tuple[Column[AskedRow], ...]:
    """Return the columns of a request."""
    return (
        Column("number", "Adjustment", lambda row: row.one.number, width=142, priority=5),
        Column("who", "Client", lambda row: row.one.who, names=True, width=240, priority=0),
        date_column("day", "Session", lambda row: row.one.service_day, priority=3),
        Column("code", "Code", lambda row: row.one.code, width=72, priority=6),
        Column("reason", "Reason", lambda row: row.one.reason, width=300, wide=True, priority=2),
        money_column("amount", "Amount", lambda row: row.one.amount, priority=0, strong=True),
    )
