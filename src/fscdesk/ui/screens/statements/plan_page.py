"""The plan: day and minimum, the sum, the two lists, and the button that makes the statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.statements import RunFilters, StatementPlan, preview_statement
from fscdesk.services.errors import Problem
from fscdesk.services.work import Job
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.statements.filters_dialog import FiltersDialog
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.screens.statements.plan_list import PlanList, hold_act, put_back_act
from fscdesk.ui.screens.statements.planning import Planning, Question
from fscdesk.ui.screens.statements.rows import AccountRow
from fscdesk.ui.screens.statements.tiles import LEFT_OUT, PRINT, Tiles
from fscdesk.ui.screens.statements.words import (
    amount,
    filter_words,
    make_verb,
    not_yet,
    only_words,
    sum_words,
    why_none,
)
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import ElidedLabel, count_text

CLIENTS = "patients"
TYPING_MS = 500
"""After so long without a key, what was typed counts."""


class PlanPage(QWidget):
    """Shows the plan of a run. A new plan changes figures and rows, never focus or scroll."""

    def __init__(
        self, shell: Shell, planning: Planning, keeping: Keeping, ask_path: AskPath | None
    ) -> None:
        super().__init__()
        self._shell, self._planning = shell, planning
        self._today = date.min
        self._sought: int | None = None
        self._asked: Question | None = None
        self._fresh = True
        self.make = action(self, "Make statements", self._on_make)
        self.held = action(self, "Hold back", self.hold_or_put_back)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._take_fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head())
        column.addWidget(self._build_only())
        column.addWidget(self._build_filtered())
        column.addWidget(Line())
        self.stack = QStackedWidget()
        make = partial(
            PlanList,
            shell,
            self._plan,
            self.preview_wanted,
            row_acts=self._row_acts(),
            keeping=keeping,
            ask_path=ask_path,
        )
        self.to_print = make((hold_act(self._hold),), left=False)
        self.left_out = make((put_back_act(self._put),), left=True)
        for part in (self.to_print, self.left_out):
            self.stack.addWidget(part)
            part.opened.connect(self._on_opened)
            part.answered.connect(partial(self._on_answered, part))
            part.model.ticks.changed.connect(self._judge)
        column.addWidget(self.stack, 1)
        self.foot = Foot(self.make, "printer")
        column.addWidget(self.foot)
        planning.planned.connect(self.show_plan)
        planning.unread.connect(self._on_unread)
        planning.busy.connect(self._on_busy)
        self.tiles.chosen.connect(self.show_term)
        self.to_print.others_wanted.connect(self._on_others_wanted)
        self._judge()

    # For the screen

    @property
    def list(self) -> PlanList:
        """The list in front."""
        return self.to_print if self.stack.currentWidget() is self.to_print else self.left_out

    def primary(self) -> QAction:
        """Make the statements; with ticked rows what is done with those."""
        return self.held if len(self.list.model.ticks) else self.make

    def term(self) -> str:
        """Which tile is open."""
        return PRINT if self.list is self.to_print else LEFT_OUT

    def show_term(self, key: str) -> None:
        """Open a tile: those who get a statement, or those who do not."""
        self.tiles.choose(key)
        self.stack.setCurrentWidget(self.to_print if key == PRINT else self.left_out)
        self._judge()

    def go_to(self, guarantor_id: int) -> None:
        """Show an account, on whichever list it stands; soon, if the plan is on its way."""
        self._sought = guarantor_id
        if not self._planning.counting:
            self._seek()

    def preview_wanted(self) -> None:
        """Show the current account's statement in full."""
        row = self.list.view.picking.current_row
        if row is None:
            self._shell.messages.info("Choose an account first.")
        else:
            self._on_opened(row)

    def hold_or_put_back(self) -> None:
        """Hold back what is chosen on the first list, put back what is chosen on the second."""
        act = self.list.spec.bulk[0]
        self.list.do(act)

    def escape(self) -> bool:
        """Step back: in the list, then to those who get a statement."""
        if self.list.escape():
            return True
        if self.term() == LEFT_OUT:
            self.show_term(PRINT)
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through."""
        return (self.day, self.tiles, *self.list.panes(), self.foot)

    # Showing

    def show_plan(self) -> None:
        """Show the plan that there is now."""
        shown = self._planning.shown
        if shown is None:
            return
        plan, self._today = shown.plan, shown.today
        asked = replace(shown.question, held=frozenset())
        self._fresh = self._fresh or asked != self._asked
        self._asked = asked
        for field, value in ((self.day, plan.as_of), (self.minimum, plan.minimum)):
            if not field.edit.hasFocus() and not self._typing.isActive():
                field.blockSignals(True)
                field.set_value(value)  # type: ignore[arg-type]
                field.blockSignals(False)
        self.tiles.tiles[PRINT].show_sum(len(plan.recipients), plan.total)
        self.tiles.tiles[LEFT_OUT].show_sum(len(plan.left_out), plan.total_left_out)
        self.tiles.words.setText(sum_words(plan))
        self._only.setVisible(plan.only is not None)
        self._only_words.setText(only_words(plan))
        words = filter_words(plan.filters)
        self._filtered.setVisible(bool(words))
        self._filter_words.setText(words)
        self.to_print.show_plan()
        self.left_out.show_plan()
        self.foot.say(not_yet(plan))
        self.foot.result.setText(f"{amount(plan.total)} in all" if plan.recipients else "")
        self._seek()
        self._judge()

    def _seek(self) -> None:
        sought, shown = self._sought, self._planning.shown
        if sought is None or shown is None:
            return
        if self._planning.counting:
            return
        if any(one.guarantor_id == sought for one in shown.plan.recipients):
            self.show_term(PRINT)
        elif any(one.guarantor_id == sought for one in shown.plan.left_out):
            self.show_term(LEFT_OUT)
        if self.list.model.known and self.list.model.settled:  # else when its rows have come
            self._sought = None
            self.list.go_to_account(sought)

    def _on_answered(self, part: PlanList) -> None:
        """Choose what was asked for, or after another question the first row."""
        if self._planning.shown is None or not part.model.known:
            return
        if part is self.list and part.model.settled:
            self._seek()
        picking = part.view.picking
        if part.model.total:
            # What was held back leaves its place empty: no other account becomes current unasked.
            if picking.current_row is None and (self._fresh or picking.current_id is None):
                picking.go(0)
            self._fresh = self._fresh and part is not self.list

    def _judge(self) -> None:
        """Say on the buttons what they do, or why they are off."""
        planning, shown = self._planning, self._planning.shown
        ticked = bool(len(self.list.model.ticks))
        self.held.setText(self.list.spec.bulk[0].word)
        self.foot.yield_primary(yielding=ticked)
        if planning.making:
            self.make.setText("Making…")
            off_because(self.make, "The statements are being made")
        elif shown is None:
            off_because(self.make, "The list is being counted")
        else:
            self.make.setText(make_verb(shown.plan))
            off_because(self.make, why_none(shown.plan))

    # What a person does

    def _on_make(self) -> None:
        for field in (self.day, self.minimum):
            if not field.check():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if not self._take_fields():  # else the list for what was typed is shown first
            self._planning.make()

    def _hold(self, rows: Sequence[AccountRow]) -> None:
        self._move(rows, "held back")
        self._planning.hold([row.id for row in rows])

    def _put(self, rows: Sequence[AccountRow]) -> None:
        self._move(rows, "put back")
        self._planning.put_back([row.id for row in rows])

    def _move(self, rows: Sequence[AccountRow], did: str) -> None:
        self.list.model.ticks.clear()
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        who = rows[0].name if len(rows) == 1 else count_text(len(rows), "account")
        self._shell.messages.info(f"{who} {'is' if len(rows) == 1 else 'are'} {did}.")

    def _take_fields(self) -> bool:
        """Plan for what stands in the fields; False where that is what is planned already."""
        self._typing.stop()
        shown = self._planning.shown
        if shown is None:
            return False
        if self.day.fault() or self.minimum.fault():
            return False
        question, day, least = self._planning.question, self.day.value(), self.minimum.value()
        if day is not None and day != (question.as_of or shown.plan.as_of):
            question = replace(question, as_of=day)
        if least is not None and least != (
            shown.plan.minimum if question.minimum is None else question.minimum
        ):
            question = replace(question, minimum=least)
        if question == self._planning.question:
            return False
        self._planning.ask(question)
        return True

    def find_clients(self) -> None:
        """Show whom the chosen account is paid for: to mend an address, or to call."""
        rows = self.list.chosen()
        if rows and rows[0].guarantor_id is not None:
            self._shell.open(CLIENTS, text=rows[0].name)

    def _row_acts(self) -> tuple[RowsAct[AccountRow], ...]:
        if not self._shell.has(CLIENTS):
            return ()
        words = f"Find in {self._shell.practice.patients.lower()}"
        return (RowsAct("client", words, lambda _rows: self.find_clients(), "users"),)

    def _on_everybody(self) -> None:
        self._planning.ask(replace(self._planning.question, only=None, patients=()))
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_filters(self) -> None:
        """Ask which accounts the run is for, and plan for these."""
        dialog = FiltersDialog(self._planning.question.filters, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._filter(dialog.filters()))
        dialog.open()

    def _filter(self, filters: RunFilters) -> None:
        self._planning.ask(replace(self._planning.question, filters=filters))
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_opened(self, row: AccountRow) -> None:
        """Enter: the whole statement, as it would print now."""
        shown, whose = self._planning.shown, row.guarantor_id
        if shown is None or whose is None:
            return
        as_of = shown.plan.as_of
        self._shell.desk.ask(
            self,
            lambda work: preview_statement(work, as_of=as_of, guarantor_id=whose),
            lambda pdf: self._shell.preview(
                pdf, f"Preview: {row.name}", f"statement-preview-{as_of.isoformat()}.pdf"
            ),
            self._shell.messages.refused,
        )

    # What happens

    def _plan(self) -> StatementPlan | None:
        return None if self._planning.shown is None else self._planning.shown.plan

    def _on_others_wanted(self) -> None:
        self.show_term(LEFT_OUT)
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_busy(self, job: Job | None) -> None:
        self.foot.follow(job)
        for part in (self.day, self.minimum):
            part.setEnabled(job is None)
        self._judge()

    def _on_unread(self, fault: BaseException) -> None:
        if self._planning.shown is None and isinstance(fault, Problem):
            self.to_print.body.say_fault(fault, self._planning.again)
        self._shell.messages.refused(fault)

    # Building

    def _build_head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 12)
        line.setSpacing(12)
        self.day = DateField("As of", today=lambda: self._today)
        self.minimum = MoneyField("Minimum balance", rule=_not_below_zero)
        for field, wide in ((self.day, 132), (self.minimum, 132)):
            field.setFixedWidth(wide)
            field.changed.connect(self._typing.start)
            field.left.connect(self._take_fields)
            field.edit.returnPressed.connect(self._take_fields)
            line.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        line.addSpacing(12)
        self.tiles = Tiles()
        line.addWidget(self.tiles, 1, Qt.AlignmentFlag.AlignTop)
        return line

    def _build_only(self) -> QWidget:
        self._only = QWidget()
        line = QHBoxLayout(self._only)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 8)
        line.setSpacing(8)
        self._only_words = ElidedLabel("", "body")
        self.everybody = Button("All accounts", kind="link", compact=True, on=self._on_everybody)
        line.addWidget(self._only_words)
        line.addWidget(self.everybody)
        line.addStretch(1)
        self._only.hide()
        return self._only

    def _build_filtered(self) -> QWidget:
        self._filtered = QWidget()
        line = QHBoxLayout(self._filtered)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 8)
        line.setSpacing(8)
        self._filter_words = ElidedLabel("", "body")
        line.addWidget(self._filter_words)
        self.unfiltered = Button(
            "No filters", kind="link", compact=True, on=lambda: self._filter(RunFilters())
        )
        line.addWidget(self.unfiltered)
        line.addStretch(1)
        self._filtered.hide()
        return self._filtered


def _not_below_zero(least: Money) -> str:
    return "" if least.cents > 0 else "The minimum is at least 0.01: nobody is asked for nothing."
