"""The Collections tab: who owes for too long, the hand-off to an agency, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import AgencyRow, agencies
from fscdesk.services.billing.collection_plan import CollectionPlan, plan_collections
from fscdesk.services.billing.collection_reading import case_detail
from fscdesk.services.billing.collections import NewPlacement, Placed, place
from fscdesk.services.billing.recalling import recall
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.case_acts import CaseActs
from fscdesk.ui.screens.billing.collection_lists import (
    AccountRow,
    CaseLine,
    accounts_spec,
    cases_spec,
)
from fscdesk.ui.screens.billing.part import BillingPart
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.screens.statements.run_page import AskFolder
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs
from fscdesk.ui.text import Label, count_text, money_text
from fscdesk.ui.undo import Undo

HAND_OVER, LEFT_OUT, CASES = "hand_over", "left", "cases"
BASIS = frozenset(
    {Topic.LEDGER, Topic.PATIENTS, Topic.PLANS, Topic.APPROVALS, Topic.SETTINGS}
    | {Topic.COLLECTIONS, Topic.STATEMENTS, Topic.INVOICES, Topic.IMPORTS}
)
"""What the threshold list is made from."""
Found = tuple[CollectionPlan, tuple[AgencyRow, ...]]


class CollectionsPart(BillingPart):
    """Tick accounts, choose the agency, hand them over; the case and its file come next."""

    def __init__(self, shell: Shell, keeping: Keeping, ask_folder: AskFolder | None = None) -> None:
        super().__init__()
        self._shell = shell
        self._pick_folder = ask_folder or _pick_folder
        self._today = OfficeDay(shell.practice.zone)
        self.plan: CollectionPlan | None = None
        self._stale = True
        self._placing = False
        self._latest: Latest[Found] = Latest(shell.desk, self, self._on_planned, self._on_unread)
        self.acts = CaseActs(shell, self, self._today, lambda: self._pick_folder(self.window()))
        self.place = action(self, "Hand over", self._on_place)
        self.save_file = action(self, "Save the agency’s file…", self._on_save_file)
        self._build(keeping)
        shell.desk.changed.connect(self._on_changed)
        self._judge()

    # What the screen asks

    def primary(self) -> QAction | None:
        key = self.tabs.current
        return self.place if key == HAND_OVER else self.save_file if key == CASES else None

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        self._plan_again()
        self.cases.refresh()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        if self.list.escape():
            return True
        if self.tabs.current != HAND_OVER:
            self.show_list(HAND_OVER)
            self.enter()
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        return (self.agency, self.tabs, *self.list.panes(), self.foot)

    def enter(self) -> None:
        self._today.learn(self._shell.desk, self)
        if self._stale:
            self._plan_again()
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("list") in (HAND_OVER, LEFT_OUT, CASES):
            self.show_list(str(what["list"]))
        elif what:
            self.show_list(CASES if what.get("case") is not None else HAND_OVER)
        if what.get("case") is not None:
            self.cases.go_to(int(what["case"]))

    def here(self) -> Mapping[str, object]:
        current = self.list.view.picking.current_id
        named = {"case": current} if self.tabs.current == CASES else {}
        return {"list": self.tabs.current, **named}

    @property
    def list(self) -> ListPart[Any]:
        """The list in front."""
        return self._lists[self.tabs.current]

    def show_list(self, key: str) -> None:
        """Show the accounts to hand over, those left out, or the cases."""
        self.tabs.set_current(key)
        self._stack.setCurrentWidget(self._lists[key])
        self.foot.setVisible(key == HAND_OVER)
        self.agency.setVisible(key == HAND_OVER)

    # What a person does

    def _on_place(self) -> None:
        rows = self.accounts.model.ticks.rows
        self._place(rows)

    def _place(self, rows: Sequence[AccountRow]) -> None:
        plan, agency = self.plan, self.agency.value()
        if plan is None or not rows or self._placing:
            return
        if agency is None:
            self.agency.check()
            self.agency.setFocus()
            return
        new = NewPlacement(agency, guarantor_ids=tuple(row.id for row in rows), digest=plan.digest)
        self._placing = True
        self._judge()
        self._shell.desk.act(
            self,
            lambda work: place(work, new),
            self._on_placed,
            self._refused,
            title="Handing over",
        )

    def _on_placed(self, placed: Placed) -> None:
        self._placing = False
        self.accounts.model.ticks.clear()
        count, total = len(placed.cases), money_text(placed.amount, zero_dash=False)
        numbers = placed.cases[0].number if count == 1 else f"{placed.cases[0].number} and on"
        self._shell.messages.info(
            f"{count_text(count, 'account')}, {total}, handed over as {numbers}. Save the file"
            " for the agency.",
            undo=Undo("the hand-off", _take_back(placed)),
        )
        self.show_list(CASES)
        self.cases.refresh()
        self.cases.go_to(placed.cases[-1].case_id)
        self.enter()
        self._plan_again()

    def _on_save_file(self) -> None:
        row = self.cases.view.picking.current_row
        if row is not None:
            self.acts.save_file(row)

    def _to_agencies(self) -> None:
        self._shell.open("setup", group="policies", tab="agencies")

    def _refused(self, fault: BaseException) -> None:
        self._placing = False
        self._judge()
        self._shell.messages.refused(fault)
        if isinstance(fault, ChangedElsewhere):
            self._plan_again()

    # What happens

    def _plan_again(self) -> None:
        self._stale = False
        self._latest.ask(lambda work: (plan_collections(work), agencies(work, active_only=True)))

    def _on_planned(self, found: Found) -> None:
        self.plan, rows = found
        plan = self.plan
        chosen = self.agency.value()
        self.agency.set_options([(row.id, row.fields.name) for row in rows])
        known = [row.id for row in rows]
        self.agency.set_value(chosen if chosen in known else known[0] if known else None)
        self.no_agency.setVisible(not rows and self._shell.has("setup"))
        self.tabs.show_counts({HAND_OVER: len(plan.accounts), LEFT_OUT: len(plan.left_out)})
        self._policy.setText(
            f"Charges that clients have owed for more than {plan.days} days, from"
            f" {plan.minimum} an account."
        )
        self.accounts.refresh()
        self.left.refresh()
        self._judge()

    def _on_unread(self, fault: BaseException) -> None:
        if isinstance(fault, Problem):
            self.accounts.body.say_fault(fault, self._plan_again)
        self._shell.messages.refused(fault)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & BASIS:
            self._stale = True
            if self.isVisible() and not self._placing:
                self._plan_again()

    def _on_answered(self, part: ListPart[Any]) -> None:
        if part.view.picking.current_id is None and part.model.total:
            part.view.picking.go(0)

    def _judge(self) -> None:
        rows = self.accounts.model.ticks.rows
        total = money_text(Money(sum(row.one.amount.cents for row in rows)), zero_dash=False)
        self.place.setText(f"Hand over {count_text(len(rows), 'account')}" if rows else "Hand over")
        self.foot.result.setText(f"{total} in all" if rows else "")
        self.foot.say("Nothing is handed over yet. Space ticks an account.")
        if self._placing:
            off_because(self.place, "The accounts are being handed over")
        else:
            off_because(self.place, "" if rows else "Tick the accounts to hand over first")

    # Building

    def _build(self, keeping: Keeping) -> None:
        desk, messages = self._shell.desk, self._shell.messages
        over = RowsAct("place", "Hand over", self._place, "briefcase")
        self.accounts: ListPart[AccountRow] = ListPart(
            desk,
            accounts_spec(lambda: self.plan, (over,), left=False),
            messages=messages,
            keeping=keeping,
        )
        self.left: ListPart[AccountRow] = ListPart(
            desk,
            accounts_spec(lambda: self.plan, (), left=True),
            messages=messages,
            keeping=keeping,
        )
        acts: tuple[RowsAct[CaseLine], ...] = (
            RowsAct(
                "recovered",
                "Recovered…",
                lambda rows: self.acts.ask_recovered(rows[0]),
                "hand-coins",
                "Ctrl+Shift+R",
                _nothing_left,
            ),
            RowsAct(
                "recall",
                "Recall…",
                lambda rows: self.acts.ask_recall(rows[0]),
                "undo-2",
                "Ctrl+Shift+K",
                _nothing_left,
            ),
        )
        self.cases: ListPart[CaseLine] = ListPart(
            desk, cases_spec(acts, self.acts.steps), messages=messages, keeping=keeping
        )
        self._lists: dict[str, ListPart[Any]] = {
            HAND_OVER: self.accounts,
            LEFT_OUT: self.left,
            CASES: self.cases,
        }
        self._stack = QStackedWidget()
        for part in self._lists.values():
            self._stack.addWidget(part)
            part.answered.connect(lambda part=part: self._on_answered(part))
        for part in (self.accounts, self.left):
            part.opened.connect(self._on_account_opened)
        self.accounts.model.ticks.changed.connect(self._judge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head())
        column.addWidget(self._stack, 1)
        self.foot = Foot(self.place, "briefcase", stopping="Stopping. Nothing is handed over.")
        column.addWidget(self.foot)

    def _build_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(LEFT, 14, RIGHT + 8, 10)
        line.setSpacing(24)
        self.agency: ChoiceField[int] = ChoiceField("Agency")
        self.agency.setFixedWidth(280)
        line.addWidget(self.agency, 0, Qt.AlignmentFlag.AlignTop)
        rule = QVBoxLayout()
        rule.setSpacing(4)
        rule.addWidget(Label("Policy", "label"))
        self._policy = Label("", "quiet", wrap=True)
        rule.addWidget(self._policy)
        self.no_agency = Button(
            "Add an agency in Setup", kind="link", compact=True, on=self._to_agencies
        )
        self.no_agency.hide()
        rule.addWidget(self.no_agency)
        rule.addStretch(1)
        line.addLayout(rule, 1)
        column.addLayout(line)
        self.tabs = ViewTabs("Collections")
        self.tabs.show_tabs(
            [
                TabFace(HAND_OVER, "To hand over"),
                TabFace(LEFT_OUT, "Left out"),
                TabFace(CASES, "Cases"),
            ]
        )
        self.tabs.chosen.connect(self.show_list)
        below = QHBoxLayout()
        below.setContentsMargins(LEFT, 0, RIGHT, 0)
        below.addWidget(self.tabs)
        column.addLayout(below)
        column.addWidget(Line())
        return column

    def _on_account_opened(self, row: AccountRow) -> None:
        if self._shell.has("patients"):
            self._shell.open("patients", text=row.one.name)


def _nothing_left(rows: Sequence[CaseLine]) -> str:
    return "" if rows[0].one.left.cents else "Nothing of this case is left at the agency."


def _take_back(placed: Placed) -> Callable[[Work], str]:
    def act(work: Work) -> str:
        for one in placed.cases:
            version = case_detail(work, one.case_id).row.version
            recall(work, one.case_id, reason="Handed over by mistake", expected_version=version)
        return f"{placed.amount} is back on the accounts. The cases are closed as recalled."

    return act


def _pick_folder(window: QWidget) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(window, "Save the agency’s file in")
    return Path(chosen) if chosen else None
