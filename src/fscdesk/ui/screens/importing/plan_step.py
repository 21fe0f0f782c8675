"""The third step: the sum, the questions, the rows, and the button that does it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.plan_rows import EVERYTHING, PlanLine
from fscdesk.services.work import Job
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.importing.foot import Foot
from fscdesk.ui.screens.importing.plan_list import PlanList
from fscdesk.ui.screens.importing.plan_questions import PlanQuestions
from fscdesk.ui.screens.importing.run import ImportRun, can_apply
from fscdesk.ui.screens.importing.steps import Step
from fscdesk.ui.screens.importing.tiles import Tiles
from fscdesk.ui.screens.importing.words import result_words
from fscdesk.ui.text import Label, count_text


class PlanStep(QWidget):
    """Shows the plan of a run. A new plan changes figures and rows, never focus or scroll."""

    def __init__(self, shell: Shell, run: ImportRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.apply = action(self, "Apply", run.apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tiles = Tiles()
        self.tiles.chosen.connect(self._on_term)
        column.addWidget(self.tiles)
        column.addWidget(Line())
        self.notice = Label("", "body", wrap=True)
        self.notice.setContentsMargins(LEFT, 10, RIGHT + 8, 10)
        column.addWidget(self.notice)
        self.list = PlanList(shell.desk, lambda: run.proposal, shell.messages)
        self.questions = PlanQuestions()
        self.questions.answered.connect(self._on_answered)
        self.questions.all_suggested.connect(self._on_all)
        self.questions.finished.connect(self.list.view.setFocus)
        self.list.put_above(self.questions)
        self.list.answered.connect(lambda: self.tiles.choose(self.list.shows()))
        self.list.opened.connect(self._on_opened)
        column.addWidget(self.list, 1)
        self.foot = Foot(self.apply, "check", lambda: run.go(Step.RECOGNISED))
        column.addWidget(self.foot)
        run.planned.connect(self.show_plan)
        run.busy.connect(self._on_busy)
        run.looked.connect(self._on_another_file)
        self.tiles.choose(EVERYTHING)

    def primary(self) -> QAction:
        """Apply the plan."""
        return self.apply

    def focus(self) -> None:
        """Put the focus on the first open question, or on the rows."""
        if not self.questions.focus_first_open():
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_plan(self) -> None:
        """Show the plan that the run has now."""
        proposal = self._run.proposal
        if proposal is None:
            return
        plan, lines = proposal.plan, proposal.lines
        self.tiles.show_counts(
            {
                "read": plan.read,
                "new": plan.created,
                "changed": plan.changed,
                "unchanged": plan.unchanged,
                "skipped": plan.skipped,
                "gone": plan.gone,
                "question": plan.open_questions,
                "findings": len(lines.findings),
            }
        )
        said = [finding.message for finding in lines.loose]
        if plan.already is not None:
            said.insert(0, f"{plan.already}. Nothing changes.")
        self.notice.setText("  ".join(said))
        self.notice.setVisible(bool(said))
        self.questions.show_plan(plan, self._run.order)
        self.list.refresh()
        self.foot.result.setText(result_words(plan, proposal.entries))
        self.foot.say(_not_yet(plan, lines.waiting))
        self._judge()

    def next_question(self) -> bool:
        """Go to the next question without an answer; False when there is none."""
        return self.questions.focus_next_open()

    def escape(self) -> bool:
        """Step back: out of finding, out of a filter, then the last answer."""
        if self.list.escape():
            return True
        if self.list.shows() != EVERYTHING:
            self._on_term(EVERYTHING)
            return True
        question = self._run.take_back()
        if question:
            card = next(
                (one for one in self.questions.cards.cards if one.question.key == question), None
            )
            if card is not None:
                card.choose("")
                self.questions.focus_card(card)
        return bool(question)

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through."""
        parts: list[QWidget] = [self.tiles]
        if self.questions.cards.cards:
            parts.append(self.questions)
        return (*parts, *self.list.panes(), self.foot)

    def _on_term(self, key: str) -> None:
        self.tiles.choose(key)
        self.list.show_term(key)

    def _on_answered(self, question: str, key: str) -> None:
        self._run.answer(question, key)
        self.questions.show_focused()

    def _on_all(self, answers: dict[str, str]) -> None:
        self._run.answer_all(answers)
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_opened(self, line: PlanLine) -> None:
        question = line.row.question_id
        if question is not None and self.questions.focus_question(question):
            return
        if not self.list.pane_shown:
            self.list.toggle_pane()

    def _on_another_file(self) -> None:
        self.tiles.choose(EVERYTHING)
        self.list.show_term(EVERYTHING)
        self.list.go_to(None)

    def _on_busy(self, job: Job | None) -> None:
        self.foot.follow(job)
        self.questions.setEnabled(self._run.doing != "applying")
        self._judge()

    def _judge(self) -> None:
        """Say on the button what it does, or what goes on."""
        run, proposal = self._run, self._run.proposal
        if run.doing == "applying":
            self.apply.setText("Applying…")
            off_because(self.apply, "The plan is being applied")
            return
        if proposal is None:
            off_because(self.apply, "There is no plan yet")
            return
        self.apply.setText(_verb(proposal.plan))
        off_because(self.apply, "" if can_apply(proposal.plan) else _why_not(proposal.plan))


def _verb(plan: ImportPlan) -> str:
    if plan.writes or not can_apply(plan):
        return f"Apply {count_text(plan.writes, 'change')}"
    return "Keep as imported"


def _why_not(plan: ImportPlan) -> str:
    if plan.already is not None:
        return f"{plan.already}."
    return "No row of this file can be used"


def _not_yet(plan: ImportPlan, waiting: int) -> str:
    if plan.already is not None:
        return "Nothing changes: this very file is in the books."
    words = "Nothing is saved yet."
    if waiting == 1:
        words += " 1 row waits for an answer and will be skipped, with that reason."
    elif waiting:
        words += f" {waiting:,} rows wait for an answer and will be skipped, with that reason."
    elif plan.open_questions:
        words += " What is not in the file stays until its question is answered."
    return words
