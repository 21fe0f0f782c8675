"""The Statements screen: plan a run, make it, print it; and every run that was made before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.statement_runs import RunRow
from fscdesk.services.billing.statements import Made, StatementPlan
from fscdesk.services.work import Topic
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.statements.plan_page import CLIENTS, PlanPage
from fscdesk.ui.screens.statements.planning import BASIS, Planning, Question
from fscdesk.ui.screens.statements.proof_page import ProofPage
from fscdesk.ui.screens.statements.run_page import AskFolder, RunPage
from fscdesk.ui.screens.statements.runs_page import runs_spec
from fscdesk.ui.screens.statements.tiles import PRINT
from fscdesk.ui.screens.statements.words import made_words
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.text import count_text

PLAN, PROOF, RUNS, RUN = "plan", "proof", "runs", "run"


class StatementsScreen(Screen):
    """The plan, the past runs, and one run.

    Opened with ``guarantor`` (an id), ``guarantors`` or ``patients`` (ids) it looks at those
    accounts alone; with ``as_of`` and ``minimum`` it plans for these; with ``run`` it shows
    that run; with ``proof`` on the first flagged page, if there is one. Nothing: as it was left.
    """

    title = "Statements"
    turned = Signal()
    """Another page is in front."""

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        ask_path: AskPath | None = None,
        ask_folder: AskFolder | None = None,
    ) -> None:
        super().__init__(shell, parent)
        kept = keeping or keeping_in_books()
        self.planning = Planning(shell.desk, self)
        self.plan = PlanPage(shell, self.planning, kept, ask_path)
        self.run = RunPage(shell, kept, ask_path, ask_folder)
        self.runs: ListPart[RunRow] = ListPart(
            shell.desk,
            runs_spec(shell.practice.zone, self._to_plan),
            messages=shell.messages,
            keeping=kept,
            ask_path=ask_path,
        )
        self.proof = ProofPage(shell, self.planning)
        self._proof_soon = False
        self._run_from = PLAN
        self.line = TitleLine(self.title)
        self.look = Button("Look at the pages", "eye", on=self.look_at_pages)
        self.filters = Button("Filters", "funnel", on=self.plan.choose_filters)
        self.line.add(self.look, self.filters)
        self.past = Button("Past runs", "clock", on=self._on_past)
        self.line.add(self.past)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self._stack, 1)
        self._pages: dict[str, QWidget] = {
            PLAN: self.plan,
            PROOF: self.proof,
            RUNS: self.runs,
            RUN: self.run,
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._hold = action(self, "Hold back", self.plan.hold_or_put_back, "Ctrl+Shift+H")
        if shell.has(CLIENTS):
            words = f"Find in {shell.practice.patients.lower()}"
            self._client = action(self, words, self.plan.find_clients, "Ctrl+L")
        action(self, "Past runs of statements", lambda: self.show_page(RUNS))
        action(self, "Look at the flagged pages", self.look_at_pages, "Ctrl+J")
        action(self, "Choose who gets a statement", self.plan.choose_filters)
        sending = self.run.sending
        self.addActions([sending.email, sending.mailed, sending.undo])
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self.focus)
        self.run.sending.undone.connect(self._to_plan)
        self.proof.finished.connect(self._on_proofed)
        self.planning.planned.connect(self._on_planned)
        self.planning.made.connect(self._on_made)
        self.planning.refused.connect(shell.messages.refused)
        self.runs.opened.connect(lambda row: self.open_run(row.id))
        shell.desk.changed.connect(self._on_changed)
        self.show_page(PLAN)

    # What the window asks

    def primary(self) -> QAction | None:
        page = self.page()
        if page in (RUNS, PROOF):  # no statement is made past a page that nobody has judged
            return None
        return self.plan.primary() if page == PLAN else self.run.primary()

    def refresh(self) -> None:
        """Look again (F5)."""
        if self.page() == PLAN:
            self.planning.again()
        else:
            self.list.refresh()

    def find_(self) -> None:
        """Find in the list in front (Ctrl+F)."""
        self.list.find_()

    def export(self) -> None:
        """Export the list in front: the proof list, for one (Ctrl+Shift+E)."""
        self.list.export()

    def print_(self) -> None:
        """Preview the current account, or print the run (Ctrl+P)."""
        if self.page() == PLAN:
            self.plan.preview_wanted()
        elif self.page() == RUN:
            self.run.print_run()
        else:
            row = self.runs.view.picking.current_row
            if row is not None:
                self.open_run(row.id)

    def escape(self) -> bool:
        page = self.page()
        if page == PLAN:
            return self.plan.escape()
        if page == PROOF:
            self.show_page(PLAN)
            return True
        if not self.list.escape():
            self.show_page(PLAN if page == RUNS else self._run_from)
        return True

    def panes(self) -> tuple[QWidget, ...]:
        page = self.page()
        if page == PLAN:
            return self.plan.panes()
        if page == PROOF:
            return (self.proof.image, self.proof.card)
        return self.runs.panes() if page == RUNS else self.run.panes()

    def here(self) -> Mapping[str, object]:
        question, made = self.planning.question, self.run.made
        return {
            "page": self.page(),
            "run": made.run_id if made is not None and self.page() == RUN else None,
            "as_of": question.as_of,
            "minimum": question.minimum,
            "guarantors": question.only,
            "everybody": question.only is None,
            "term": self.plan.term(),
            "account": self.plan.list.view.picking.current_id,
        }

    def on_shown(self, **what: Any) -> None:
        if what.get("run") is not None:
            self.open_run(int(what["run"]))
        elif what:
            self.show_page(RUNS if what.get("page") == RUNS else PLAN)
        self._proof_soon = bool(what.get("proof")) or what.get("page") == PROOF
        question = self._question_of(what)
        if question != self.planning.question or self.planning.stale:
            self.planning.ask(question)
        elif self._proof_soon:
            self.look_at_pages()
        if what.get("guarantor") is not None:
            self.plan.go_to(int(what["guarantor"]))
        elif "term" in what:
            self.plan.show_term(str(what["term"]))
            if "what" in what:
                self.plan.list.show_what(str(what["what"]))
            self.plan.list.go_to(what.get("account"))
        self._focus_soon.start()

    # Pages

    @property
    def list(self) -> ListPart[Any]:
        """The list in front; behind the proof that of the plan."""
        if self.page() in (PLAN, PROOF):
            return self.plan.list
        return self.runs if self.page() == RUNS else self.run.list

    def page(self) -> str:
        """Which page is in front."""
        front = self._stack.currentWidget()
        return next(key for key, page in self._pages.items() if page is front)

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        self._stack.setCurrentWidget(self._pages[key])
        self._proof_soon = False
        self._hold.setEnabled(key == PLAN)
        self.past.set_words("Past runs" if key == PLAN else "Back to the list")
        self.past.set_icon("clock" if key == PLAN else "arrow-left")
        self._follow()
        self.turned.emit()
        if self.isVisible():
            self.focus()

    def open_run(self, run_id: int) -> None:
        """Show a run that was made."""
        self._run_from = RUNS if self.page() == RUNS else PLAN
        self.run.open_run(run_id)
        self.show_page(RUN)

    def focus(self) -> None:
        """Put the focus where the work goes on."""
        if not self.isVisible():
            return
        if self.page() == PROOF:
            self.proof.enter()
        else:
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_at_pages(self) -> None:
        """Show the flagged pages one after the other (Ctrl+J)."""
        self._proof_soon = False
        if self.planning.shown is None:
            self._proof_soon = True
        elif self.proof.begin():
            self.show_page(PROOF)
        else:
            self.show_page(PLAN)
            self.shell.messages.note("No page is flagged that nobody has looked at.")

    # What happens

    def _on_planned(self) -> None:
        self._follow()
        if self._proof_soon:
            self._proof_soon = False
            if self.proof.begin():
                self.show_page(PROOF)

    def _on_proofed(self, words: str) -> None:
        self.show_page(PLAN)
        self.plan.list.view.picking.go(0)
        self.shell.messages.info(words)

    def _question_of(self, what: Mapping[str, Any]) -> Question:
        """Read what another screen asks for; held accounts stay held for the same question."""
        question = self.planning.question
        if isinstance(what.get("as_of"), date):
            question = replace(question, as_of=what["as_of"])
        if isinstance(what.get("minimum"), Money):
            question = replace(question, minimum=what["minimum"])
        if what.get("patients"):
            return replace(question, only=None, patients=_ids(what["patients"]))
        if what.get("guarantors") or what.get("guarantor") is not None:
            wanted = what.get("guarantors") or [what["guarantor"]]
            return replace(question, only=_ids(wanted), patients=())
        if what.get("everybody"):
            return replace(question, only=None, patients=())
        return question

    def _on_past(self) -> None:
        if self.page() == PLAN:
            self.show_page(RUNS)
        else:
            self._to_plan()

    def _to_plan(self) -> None:
        self.plan.show_term(PRINT)
        self.show_page(PLAN)

    def _follow(self) -> None:
        """Bring the title line up to date."""
        self.line.note.setText("Past runs" if self.page() == RUNS else "")
        self._hold.setText(self.plan.held.text())
        count = len(self.proof.waiting())
        self.look.set_words(f"Look at {count_text(count, 'page')}" if count else "Pages looked at")
        self.look.off_because("" if count else "No page is flagged that nobody has looked at")
        for one in (self.look, self.filters):
            one.setVisible(self.page() == PLAN)

    def _on_made(self, made: Made, plan: StatementPlan) -> None:
        self._run_from = PLAN
        self.run.show_made(made, plan)
        self.show_page(RUN)
        self.run.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shell.messages.info(made_words(made))

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & BASIS:
            return
        if self.isVisible() and self.planning.shown is not None and not self.planning.making:
            self.planning.again()
        else:
            self.planning.stale = True


def _ids(found: Collection[Any]) -> tuple[int, ...]:
    return tuple(int(one) for one in found)
