"""The Instalments tab: plans with a payment that did not come, and what the day brings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction

from fscdesk.services.billing.plan_dues import Dues, charge_due
from fscdesk.services.billing.plan_reading import PlanFilter, PlanRow, missed_plans, page_of_plans
from fscdesk.services.billing.plan_standing import DueState, InstalmentStanding
from fscdesk.services.paging import Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.lists_part import ListsPart, NamedList
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status

OVERDUE, ACTIVE = "overdue", "active"
MOST = 5_000
_STATES = {
    DueState.PAID: "paid",
    DueState.TAKEN_OFF: "taken off",
    DueState.COMING: "to come",
    DueState.DUE: "due today",
    DueState.LATE: "late, within its grace",
    DueState.MISSED: "missed",
}
_MISSED = Status("Missed", "red", "clock")
_DUE = Status("Due", "amber", "clock")
_RUNS = Status("As agreed", "green", "circle-check")


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    """A plan as the lists show it."""

    id: int
    one: PlanRow

    @property
    def oldest(self) -> InstalmentStanding | None:
        """The oldest payment that did not come."""
        parts = self.one.standing.instalments
        return next((part for part in parts if part.state is DueState.MISSED), None)


class InstalmentsPart(ListsPart):
    """Plans are paid under Payments and changed on the account; here is whom to call."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        super().__init__(shell)
        self.charge = action(self, "Charge what is due", self._on_charge)
        self._button = ActionButton(self.charge, "calendar-check", "primary", parent=self._shelf)
        parts = {
            key: ListPart(shell.desk, spec, messages=shell.messages, keeping=keeping)
            for key, spec in (
                (OVERDUE, _spec(self, "Plans with a missed payment", _missed, OVERDUE)),
                (ACTIVE, _spec(self, "Active plans", _active, ACTIVE)),
            )
        }
        self._lay_out(
            "Instalments",
            {
                OVERDUE: NamedList("Overdue", parts[OVERDUE]),
                ACTIVE: NamedList("All active", parts[ACTIVE]),
            },
        )
        for part in parts.values():
            part.opened.connect(self.open_account)

    def primary(self) -> QAction:
        return self.charge

    def buttons(self) -> tuple[ActionButton, ...]:
        return (self._button,)

    def open_account(self, row: InstalmentRow) -> None:
        """Show the account that pays by this plan."""
        if self._shell.has("patients"):
            self._shell.open("patients", patient=row.one.standing.patient_id, tab="plan")

    def enter_payment(self, row: InstalmentRow) -> None:
        """Enter what the account pays now."""
        self._shell.open("payment-entry", guarantor_id=row.one.standing.guarantor_id)

    def steps(self, row: InstalmentRow) -> tuple[NextStep, ...]:
        """Return the ways on from a plan."""
        ways = []
        if self._shell.has("payment-entry"):
            ways.append(NextStep("Enter payment", lambda: self.enter_payment(row), "banknote"))
        if self._shell.has("patients"):
            ways.append(NextStep("Open the account", lambda: self.open_account(row), "users"))
        return tuple(ways)

    def _on_charge(self) -> None:
        """Charge interest and late fees up to today; a second time charges nothing."""
        self._shell.desk.act(
            self,
            lambda work: charge_due(work, work.today()),
            lambda dues: self._shell.messages.info(dues_words(dues)),
            self._shell.messages.refused,
            title="Looking at payment plans",
        )


def dues_words(dues: Dues) -> str:
    """Say what a run of what is due did."""
    said = []
    if dues.interest:
        said.append(f"interest for {count_text(len(dues.interest), 'instalment')}")
    if dues.late_fees:
        said.append(count_text(len(dues.late_fees), "late fee"))
    charged = f"Charged {' and '.join(said)}." if said else "Nothing was due to be charged."
    if dues.defaulted:
        charged += f" {count_text(len(dues.defaulted), 'plan')} ended by default."
    if dues.completed:
        charged += f" {count_text(len(dues.completed), 'plan')} paid to the end."
    return f"{count_text(dues.plans, 'plan')} looked at. {charged}"


def _missed(work: Work) -> Sequence[PlanRow]:
    return missed_plans(work)


def _active(work: Work) -> Sequence[PlanRow]:
    rows = page_of_plans(work, Span(0, MOST, "number"), PlanFilter()).rows
    return [row for row in rows if row.standing.status.value == "active"]


def _spec(
    part: InstalmentsPart, name: str, rows: Callable[[Work], Sequence[PlanRow]], key: str
) -> ListSpec[InstalmentRow]:
    detail: DetailSpec[InstalmentRow, InstalmentRow] = DetailSpec(
        ask=lambda _work, row: row,
        head=lambda row: _head(row, part.steps(row)),
        tabs=(PaneTab("lines", "", lambda: FactsPage("Instalments", _lines)),),
        nothing="Choose a plan to see its instalments.",
    )
    return short_spec(
        f"instalments_{key}",
        name,
        ("plan", "plans"),
        lambda work: [InstalmentRow(one.standing.plan_id, one) for one in rows(work)],
        (
            Column("number", "Plan", lambda row: row.one.standing.number, width=136, priority=2),
            Column(
                "account",
                "Account",
                lambda row: row.one.account,
                width=84,
                priority=5,
                shown=False,
            ),
            Column("who", "Name", lambda row: row.one.guarantor, names=True, width=180, priority=0),
            badge_column("state", "Status", _state, width=112, priority=1),
            Column(
                "missed",
                "Missed",
                lambda row: count_text(row.one.standing.missed) if row.one.standing.missed else "",
                Kind.NUMBER,
                value=lambda row: row.one.standing.missed,
                width=76,
                priority=3,
            ),
            date_column(
                "oldest",
                "Since",
                lambda row: None if row.oldest is None else row.oldest.due_on,
                priority=3,
            ),
            date_column("next", "Next due", lambda row: row.one.standing.next_due_on, priority=4),
            money_column("left", "Left", lambda row: row.one.standing.total_left, priority=3),
            money_column(
                "due", "Due now", lambda row: row.one.standing.due_now, priority=0, strong=True
            ),
        ),
        "number",
        Empty(
            "No instalment is overdue." if key == OVERDUE else "No payment plan is active.",
            "circle-check" if key == OVERDUE else "calendar-check",
        ),
        topics=frozenset({Topic.PLANS, Topic.LEDGER, Topic.PAYMENTS}),
        detail=detail,
        least_width=700,
    )


def _state(row: InstalmentRow) -> Status:
    standing = row.one.standing
    return _MISSED if standing.missed else _DUE if standing.due_now.cents else _RUNS


def _head(row: InstalmentRow, steps: tuple[NextStep, ...]) -> PaneHead:
    standing = row.one.standing
    auto = ", pays automatically" if standing.auto_pay else ""
    return PaneHead(
        name=row.one.guarantor,
        line=f"{standing.number}, agreed {day_text(standing.agreed_on)}{auto}",
        badges=(_state(row),),
        figures=(
            Figure("Due now", text=money_text(standing.due_now, zero_dash=False)),
            Figure("Left", text=money_text(standing.total_left, zero_dash=False)),
            Figure("Paid", text=money_text(standing.paid, zero_dash=False)),
            *(
                [Figure("Taken off", text=money_text(standing.forgiven))]
                if standing.forgiven
                else []
            ),
        ),
        next_steps=steps,
    )


def _lines(row: InstalmentRow) -> Sequence[FactLine]:
    return [
        FactLine(
            f"{part.position}. {day_text(part.due_on)}",
            f"{_STATES[part.state]}, {money_text(part.open, zero_dash=False)} open",
            part.amount,
        )
        for part in row.one.standing.instalments
    ]
