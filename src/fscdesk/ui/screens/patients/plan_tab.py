"""The payment plans of who pays: what is due now, what each payment stands at, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.plan_reading import (
    PlanDetail,
    PlanFilter,
    PlanRow,
    page_of_plans,
    plan_detail,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.plan_acts import PlanActs
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.text import day_text, money_text, short_day_text
from fscdesk.ui.theme import Status

_TOPICS = frozenset({Topic.PLANS, Topic.LEDGER, Topic.PAYMENTS})
_STATUSES = {
    "active": Status("Active", "sky", "calendar-check"),
    "completed": Status("Paid", "green", "circle-check"),
    "defaulted": Status("In default", "red", "triangle-alert"),
    "cancelled": Status("Ended", "neutral", "ban"),
    "replaced": Status("Replaced", "neutral", "redo-2"),
}
_STATES = {
    "paid": ", paid",
    "taken_off": ", taken off",
    "coming": "",
    "due": ", due",
    "late": ", in grace",
    "missed": ", missed",
}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the list; ``id`` is the plan's."""

    id: int
    row: PlanRow


class PlanTab(ListTab[PlanLine]):
    """The plans with the current one's payments beside them."""

    def __init__(
        self,
        shell: Shell,
        guarantor_id: int,
        keeping: Keeping,
        begin: Callable[[], object],
        window: QWidget,
        today: Callable[[], date],
        replace: Callable[[int], object],
    ) -> None:
        self._begin = begin
        self.acts = PlanActs(shell, window, today, replace)
        super().__init__(shell, _spec(guarantor_id, self.acts, begin), keeping=keeping)
        self.list.answered.connect(self._on_answered)

    def new_verb(self) -> str:
        return "New plan"

    def new(self) -> None:
        self._begin()

    def _on_answered(self) -> None:
        if self.list.view.picking.current_id is None:
            self.list.view.picking.go(0)


def plan_mark(row: PlanRow) -> Status:
    """Return where a plan stands; missed payments are said first."""
    if row.standing.missed:
        return Status(f"{row.standing.missed} missed", "red", "alarm-clock")
    return _STATUSES[row.standing.status.value]


def _spec(guarantor_id: int, acts: PlanActs, begin: Callable[[], object]) -> ListSpec[PlanLine]:
    columns: tuple[Column[PlanLine], ...] = (
        Column("number", "Plan", lambda one: one.row.standing.number, names=True, priority=1),
        date_column("agreed_on", "Agreed", lambda one: one.row.standing.agreed_on, priority=2),
        badge_column(
            "status", "Status", lambda one: plan_mark(one.row), sortable=False, priority=1
        ),
        money_column(
            "total", "Agreed over", lambda one: one.row.standing.total, sortable=False, priority=4
        ),
        money_column("paid", "Paid", lambda one: one.row.standing.paid, sortable=False, priority=3),
        money_column(
            "due", "Due now", lambda one: one.row.standing.due_now, sortable=False, priority=1
        ),
        money_column(
            "left", "Left", lambda one: one.row.standing.total_left, sortable=False, priority=1
        ),
    )

    def query(work: Work, state: FilterState, span: Span) -> Page[PlanLine]:
        which = PlanFilter(guarantor_id=guarantor_id, text=state.text)
        page = page_of_plans(work, span, which)
        lines = tuple(PlanLine(row.standing.plan_id, row) for row in page.rows)
        return Page(page.start, page.total, lines)

    def with_detail(act: Callable[[PlanDetail], None], rows: Sequence[PlanLine]) -> None:
        acts.with_detail(rows[0].id, act)

    return ListSpec(
        key="account-plans",
        name="Plans",
        columns=columns,
        query=query,
        noun=("plan", "plans"),
        row_acts=(
            RowsAct("pay", "Take a payment…", partial(with_detail, acts.pay), off_because=_ended),
            RowsAct("agreement", "Agreement", partial(with_detail, acts.agreement)),
            RowsAct(
                "replace",
                "Replace…",
                lambda rows: acts.replace(rows[0].id),
                "redo-2",
                "Ctrl+Shift+R",
                _ended,
            ),
            RowsAct("cancel", "End the plan…", partial(with_detail, acts.cancel),
                    off_because=_ended),
            RowsAct("undo", "Take it back…", partial(with_detail, acts.undo), off_because=_ended),
        ),
        ticking=False,
        totals=False,
        title=False,
        sort="agreed_on",
        descending=True,
        topics=_TOPICS,
        empty=Empty(
            "There is no payment plan on this account.",
            "calendar-check",
            Press("Make a plan", begin),
        ),
        detail=DetailSpec(
            ask=lambda work, one: plan_detail(work, one.id),
            head=partial(_head, acts),
            tabs=(
                PaneTab("payments", "Payments", _payments_page),
                PaneTab("charges", "Charges", _charges_page),
            ),
            nothing="Choose a plan to see its payments.",
        ),
    )  # fmt: skip


def _head(acts: PlanActs, detail: PlanDetail) -> PaneHead:
    plan = detail.standing
    ended = "" if plan.status.value == "active" else f"It is {plan.status.value}."
    why = f": {detail.end_reason}" if detail.end_reason else ""
    coming = plan.next_due_on
    line = f"Agreed {day_text(plan.agreed_on)}"
    if detail.ended_on is not None:
        line = f"Ended {day_text(detail.ended_on)}{why}"
    elif coming is not None:
        line += f", next {money_text(plan.next_amount)} on {short_day_text(coming)}"
    figures = [
        Figure("Due now", plan.due_now),
        Figure("Left", plan.total_left),
        Figure("Paid", plan.paid),
    ]
    if plan.forgiven:
        figures.append(Figure("Taken off", plan.forgiven))
    pay = NextStep("Take a payment…", partial(acts.pay, detail), "banknote", ended)
    agreement = NextStep("Agreement", partial(acts.agreement, detail))
    instead = NextStep("Replace…", partial(acts.replace, plan.plan_id), "redo-2", ended)
    steps = (agreement,) if ended else (pay, instead, agreement)
    return PaneHead(
        plan.number,
        line,
        figures=tuple(figures),
        next_steps=steps,
        more=(
            NextStep("End the plan…", partial(acts.cancel, detail), off_because=ended),
            NextStep("Take it back…", partial(acts.undo, detail), off_because=ended),
        ),
    )


def _payments_page() -> PanePage:
    return FactsPage("Payments of the plan", _payments)


def _payments(detail: Any) -> Sequence[Section]:
    plan = detail.standing
    at_once = detail.down_payment
    lines = []
    if at_once:
        agreed = day_text(plan.agreed_on)
        lines.append(Fact(f"{agreed}, at once", _amounts(at_once, plan.down_open)))
    lines += [
        Fact(
            f"{day_text(one.due_on)}{_STATES[one.state.value]}",
            _amounts(one.amount, one.open),
            strong=one.state.value == "missed",
        )
        for one in plan.instalments
    ]
    every = detail.every.replace("_", " ")
    extra = []
    if plan.interest_open:
        extra.append(Fact("Interest that is open", ("", money_text(plan.interest_open))))
    if plan.fees_open:
        extra.append(Fact("Late fees that are open", ("", money_text(plan.fees_open))))
    return (Section(f"Every {every}", (*lines, *extra), ("To pay", "Open")),)


def _charges_page() -> PanePage:
    return FactsPage("Charges of the plan", _charges)


def _charges(detail: Any) -> Sequence[Section]:
    lines = tuple(
        Fact(
            f"{day_text(one.service_day)}  {one.code}, {one.patient}",
            _amounts(one.agreed, one.left),
        )
        for one in detail.charges
    )
    return (Section("Charges", lines, ("Agreed", "Left")),)


def _amounts(first: Money, second: Money) -> tuple[str, str]:
    return money_text(first, zero_dash=False), money_text(second)


def _ended(rows: Sequence[PlanLine]) -> str:
    status = rows[0].row.standing.status.value
    return "" if status == "active" else f"It is {status}."
