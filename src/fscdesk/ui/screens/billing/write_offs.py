"""The Write-offs tab: the small balances of today, one taken out by Space, all asked for at once.

Nothing is lost between list and loss: what is asked for waits for a second person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.billing.write_off_runs import WriteOffPlan, ask_run, plan_write_offs
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.payments.approving import RequestRow, queue, request_detail, withdraw
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.part import BillingPart
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.screens.billing.write_off_columns import (
    LeftRow,
    RunRow,
    amount_of,
    left_columns,
    left_rows,
    run_columns,
    run_rows,
)
from fscdesk.ui.screens.billing.write_off_request import RequestPage
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, RowsAct
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text
from fscdesk.ui.undo import Undo

RUN, LEFT_OUT = "run", "left"
BASIS = frozenset(
    {Topic.LEDGER, Topic.SESSIONS, Topic.PATIENTS, Topic.APPROVALS, Topic.PLANS, Topic.SETTINGS}
    | {Topic.COLLECTIONS, Topic.INVOICES, Topic.IMPORTS}
)
"""What a plan of write-offs is made from."""


Planned = tuple[WriteOffPlan, tuple[RequestRow, ...]]
"""The plan of today, and the runs that wait for a decision."""


class WriteOffsPart(BillingPart):
    """The plan, or one request. Opened with ``request`` (an id) it shows that."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        super().__init__()
        self._shell = shell
        self.plan: WriteOffPlan | None = None
        self.out: set[int] = set()
        self._asking = False
        self._stale = True
        self._requests: tuple[RequestRow, ...] = ()
        self._latest: Latest[Planned] = Latest(
            shell.desk, self, self._on_planned, shell.messages.refused
        )
        self.ask = action(self, "Ask for approval", self._on_ask)
        self.request = RequestPage(shell, keeping)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._stack.addWidget(self._build_plan(keeping))
        self._stack.addWidget(self.request)
        self.request.left.connect(self._to_plan)
        shell.desk.changed.connect(self._on_changed)
        self._judge()

    # What the screen asks

    def primary(self) -> QAction:
        return self.request.primary() if self.on_request else self.ask

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        if self.on_request:
            self.request.again()
        else:
            self._plan_again()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        if self.list.escape():
            return True
        if self.on_request:
            self._to_plan()
            return True
        if self.tabs.current == LEFT_OUT:
            self.show_list(RUN)
            self.enter()
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        if self.on_request:
            return (*self.request.list.panes(), self.request.foot)
        return (self.reason, self.tabs, *self.list.panes(), self.foot)

    def enter(self) -> None:
        if self._stale and not self.on_request:
            self._plan_again()
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("request") is not None:
            self._stack.setCurrentWidget(self.request)
            self.request.open_request(int(what["request"]))
        elif what:
            self._stack.setCurrentIndex(0)
        if what.get("account") is not None:
            self.run.go_to(int(what["account"]))

    def here(self) -> Mapping[str, object]:
        if self.on_request:
            return {"request": self.request.wanted}
        return {"account": self.run.view.picking.current_id}

    @property
    def on_request(self) -> bool:
        """Whether a request is in front."""
        return self._stack.currentWidget() is self.request

    @property
    def list(self) -> ListPart[Any]:
        """The list in front."""
        if self.on_request:
            return self.request.list
        return self.run if self.tabs.current == RUN else self.left

    def show_list(self, key: str) -> None:
        """Show those of the run, or those left out."""
        self.tabs.set_current(key)
        self._lists.setCurrentWidget(self.run if key == RUN else self.left)

    # What a person does

    def take_out(self, rows: Sequence[RunRow]) -> None:
        """Take accounts out of the run, or put them back (Space)."""
        for row in rows:
            self.out.symmetric_difference_update({row.id})
        self.run.refresh()
        self._judge()

    def _on_ask(self) -> None:
        plan, out = self.plan, frozenset(self.out)
        if plan is None or self._asking or not self.reason.check():
            return
        reason = self.reason.value()
        count = len(plan.candidates) - len(out)
        self._asking = True
        self._judge()

        def done(asked: tuple[int, str]) -> None:
            self._asking = False
            request_id, number = asked
            total = money_text(amount_of(run_rows(plan, out)), zero_dash=False)
            self._shell.messages.info(
                f"{number} asks for the write-off of {count_text(count, 'account')}, {total}."
                " A second person decides.",
                undo=_take_back(request_id, number),
            )
            self._stack.setCurrentWidget(self.request)
            self.request.open_request(request_id)
            self.request.enter()
            self.told.emit()
            self._plan_again()

        def act(work: Work) -> tuple[int, str]:
            asked = ask_run(work, plan, except_ids=out, reason=reason)
            assert asked.request_id is not None
            return asked.request_id, asked.request_number

        self._shell.desk.act(self, act, done, self._refused, title="Asking for approval")

    def _refused(self, fault: BaseException) -> None:
        self._asking = False
        self._judge()
        self._shell.messages.refused(fault)
        if isinstance(fault, ChangedElsewhere):
            self._plan_again()

    def _on_open_request(self) -> None:
        if self._requests:
            self._stack.setCurrentWidget(self.request)
            self.request.open_request(self._requests[0].id)
            self.request.enter()

    def _on_opened(self, row: RunRow) -> None:
        if self._shell.has("patients"):
            self._shell.open("patients", text=row.one.name)

    def _to_policies(self) -> None:
        self._shell.open("setup", group="policies")

    def _to_plan(self) -> None:
        self._stack.setCurrentIndex(0)
        self._plan_again()
        self.enter()

    # What happens

    def _plan_again(self) -> None:
        self._stale = False
        self._latest.ask(lambda work: (plan_write_offs(work), _runs(work)))

    def _on_planned(self, found: Planned) -> None:
        first = self.plan is None
        self.plan, requests = found
        self._requests = requests
        plan = self.plan
        self.out &= {one.guarantor_id for one in plan.candidates}
        rule = f"{plan.threshold} or less in all, open for more than {plan.days} days"
        if first or not self.reason.edit.isModified():
            self.reason.set_value(f"Small balances: {rule}")
        self._policy.setText(f"{rule[:1].upper()}{rule[1:]}; at most {plan.limit} in one run.")
        self.tabs.show_counts({RUN: len(plan.candidates), LEFT_OUT: len(plan.left_out)})
        self._strip.setVisible(bool(requests))
        if requests:
            one = requests[0]
            total = money_text(one.amount, zero_dash=False)
            self._strip_words.setText(
                f"{one.number} waits for a decision: {count_text(one.count, 'balance')}, {total},"
                f" asked for by {one.asked_by}."
            )
        self.run.refresh()
        self.left.refresh()
        self._judge()

    def _on_answered(self) -> None:
        picking = self.run.view.picking
        if self.plan is not None and picking.current_row is None and self.run.model.total:
            picking.go(0)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & BASIS:
            return
        self._stale = True
        if self.isVisible():
            if self.on_request:
                self.request.again()
            elif not self._asking:
                self._plan_again()

    def _judge(self) -> None:
        plan = self.plan
        rows = run_rows(plan, self.out)
        count = sum(not row.out for row in rows)
        total = money_text(amount_of(rows), zero_dash=False)
        self.ask.setText(f"Ask for approval of {count:,}" if count else "Ask for approval")
        self.foot.result.setText(f"{total} in all" if count else "")
        out = len(rows) - count
        words = "Nothing is asked for yet." if count else ""
        self.foot.say(f"{words} {count_text(out)} taken out." if out else words)
        if self._asking:
            self.ask.setText("Asking…")
            off_because(self.ask, "Approval is being asked for")
        elif plan is None:
            off_because(self.ask, "The list is being counted")
        else:
            off_because(self.ask, "" if count else "No account is in the run")

    # Building

    def _build_plan(self, keeping: Keeping) -> QWidget:
        shell = self._shell
        out = RowsAct("out", "Take out or put back", self.take_out, "circle-minus", "Space")
        self.run: ListPart[RunRow] = ListPart(
            shell.desk,
            short_spec(
                "write_offs",
                "Write-offs: the run",
                ("account", "accounts"),
                lambda _work: run_rows(self.plan, self.out),
                run_columns(),
                "since",
                Empty("No small balance is old enough to be written off.", "circle-check"),
                row_acts=(out,),
            ),
            messages=shell.messages,
            keeping=keeping,
        )
        self.left: ListPart[LeftRow] = ListPart(
            shell.desk,
            short_spec(
                "write_offs_left",
                "Write-offs: left out",
                ("account", "accounts"),
                lambda _work: left_rows(self.plan),
                left_columns(),
                "name",
                Empty("No small balance is left out.", "circle-check"),
            ),
            messages=shell.messages,
            keeping=keeping,
        )
        self.run.answered.connect(self._on_answered)
        self.run.opened.connect(self._on_opened)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_strip())
        column.addLayout(self._build_head())
        self._lists = QStackedWidget()
        for part in (self.run, self.left):
            self._lists.addWidget(part)
        column.addWidget(self._lists, 1)
        self.foot = Foot(self.ask, "stamp", stopping="Stopping. Nothing will be asked for.")
        column.addWidget(self.foot)
        return page

    def _build_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(LEFT, 14, RIGHT + 8, 10)
        line.setSpacing(24)
        self.reason = TextField(
            "Reason", longest=300, hint="Stands in the request, and with every adjustment."
        )
        line.addWidget(self.reason, 3, Qt.AlignmentFlag.AlignTop)
        rule = QVBoxLayout()
        rule.setSpacing(4)
        rule.addWidget(Label("Policy", "label"))
        self._policy = Label("", "quiet", wrap=True)
        rule.addWidget(self._policy)
        if self._shell.has("setup"):
            rule.addWidget(
                Button("Change it in Setup", kind="link", compact=True, on=self._to_policies)
            )
        rule.addStretch(1)
        line.addLayout(rule, 2)
        column.addLayout(line)
        self.tabs = ViewTabs("Write-offs")
        self.tabs.show_tabs([TabFace(RUN, "In the run"), TabFace(LEFT_OUT, "Left out")])
        self.tabs.chosen.connect(self.show_list)
        below = QHBoxLayout()
        below.setContentsMargins(LEFT, 0, RIGHT, 0)
        below.addWidget(self.tabs)
        column.addLayout(below)
        column.addWidget(Line())
        return column

    def _build_strip(self) -> QWidget:
        self._strip = QWidget()
        line = QHBoxLayout(self._strip)
        line.setContentsMargins(LEFT, 10, RIGHT + 8, 0)
        line.setSpacing(8)
        self._strip_words = ElidedLabel("", "strong")
        line.addWidget(self._strip_words, 1)
        self.open_request = Button("Open it", "stamp", compact=True, on=self._on_open_request)
        line.addWidget(self.open_request)
        self._strip.hide()
        return self._strip


def _runs(work: Work) -> tuple[RequestRow, ...]:
    """Return the runs that wait for a decision, the oldest first."""
    waiting = [one for one in queue(work) if one.status.value == "waiting"]
    return tuple(one for one in reversed(waiting) if one.kind.value == "write_off_run")


def _take_back(request_id: int, number: str) -> Undo:
    def act(work: Work) -> str:
        version = request_detail(work, request_id).row.version
        withdraw(work, request_id, expected_version=version)
        return f"{number} is taken back. Nothing was written off."

    return Undo(f"request {number}", act)
