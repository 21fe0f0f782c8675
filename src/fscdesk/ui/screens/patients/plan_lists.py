"""The lists of the plan wizard: the open charges to choose from, and the schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.billing.plan_schedule import Schedule
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.plan_entry import PlanBasis
from fscdesk.services.work import Work
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text, money_text


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An open charge that can go into a plan; ``id`` is the charge's."""

    id: int
    day: date
    patient: str
    code: str
    open: Money
    flags: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """A payment of the schedule; ``id`` is its place in it."""

    id: int
    due_on: date
    principal: Money
    interest: Money
    amount: Money
    left: Money


def plan_lines(basis: PlanBasis) -> tuple[PlanLine, ...]:
    """Return the charges of a basis, the oldest first, those of the open account before others."""
    found = sorted(
        basis.charges,
        key=lambda one: (one.charge_id not in basis.own, one.service_day, one.charge_id),
    )
    return tuple(
        PlanLine(
            one.charge_id, one.service_day, one.patient, one.code, one.open, ", ".join(one.flags)
        )
        for one in found
    )


def due_lines(schedule: Schedule | None) -> tuple[DueLine, ...]:
    """Return what is to be paid when; nothing while the terms cannot be."""
    if schedule is None:
        return ()
    return tuple(
        DueLine(one.position, one.due_on, one.principal, one.interest, one.amount, one.left)
        for one in schedule.parts
    )


def charges_spec(
    practice: PracticeFacts, rows: Callable[[], Sequence[PlanLine]]
) -> ListSpec[PlanLine]:
    """Declare the list of charges; ticked ones go into the plan."""

    def query(_work: Work, _state: FilterState, span: Span) -> Page[PlanLine]:
        found = rows()
        total = sum((one.open for one in found), Money())
        part = tuple(found[span.start : span.start + span.size])
        return Page(span.start, len(found), part, {"open": total})

    def picked(found: Sequence[PlanLine]) -> str:
        total = sum((one.open for one in found), Money())
        return f"{money_text(total, zero_dash=False)} goes into the plan"

    columns: tuple[Column[PlanLine], ...] = (
        date_column("day", "Date", lambda row: row.day, sortable=False, priority=1),
        Column(
            "patient",
            practice.patient,
            lambda row: row.patient,
            names=True,
            sortable=False,
            priority=1,
        ),
        Column("code", "Code", lambda row: row.code, width=76, sortable=False, priority=3),
        Column("flags", "Noted", lambda row: row.flags, width=96, sortable=False, priority=6),
        money_column("open", "Open", lambda row: row.open, sortable=False, priority=1),
    )
    return ListSpec(
        key="plan-charges",
        name="Charges of the plan",
        columns=columns,
        query=query,
        noun=("open charge", "open charges"),
        title=False,
        line=False,
        searching=False,
        sort="day",
        exports=False,
        picked_words=picked,
        totals_words=lambda total, _sums: count_text(total, "open charge"),
        empty=Empty("Nothing is open that could go into a plan.", "circle-check"),
    )


def schedule_spec(rows: Callable[[], Sequence[DueLine]]) -> ListSpec[DueLine]:
    """Declare the schedule as it would be agreed."""

    def query(_work: Work, _state: FilterState, span: Span) -> Page[DueLine]:
        found = rows()
        sums = {
            "interest": sum((one.interest for one in found), Money()),
            "amount": sum((one.amount for one in found), Money()),
        }
        part = tuple(found[span.start : span.start + span.size])
        return Page(span.start, len(found), part, sums)

    def words(total: int, _sums: Mapping[str, Money]) -> str:
        return count_text(total, "payment")

    columns: tuple[Column[DueLine], ...] = (
        Column("at", "No.", lambda row: str(row.id), width=48, sortable=False, priority=2),
        date_column("due", "Due", lambda row: row.due_on, names=True, sortable=False, priority=1),
        money_column(
            "interest", "Interest", lambda row: row.interest, width=76, sortable=False, priority=4
        ),
        money_column(
            "amount", "To pay", lambda row: row.amount, strong=True, sortable=False, priority=1
        ),
        money_column(
            "left", "Left after", lambda row: row.left, states_zero=True, sortable=False, priority=3
        ),
    )
    return ListSpec(
        key="plan-schedule",
        name="Schedule",
        columns=columns,
        query=query,
        noun=("payment", "payments"),
        ticking=False,
        title=False,
        line=False,
        searching=False,
        exports=False,
        sort="at",
        totals_words=words,
        empty=Empty("The schedule stands here as soon as the terms can be.", "calendar-check"),
    )
