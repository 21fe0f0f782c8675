"""A run that was made: its figures, its print file, its pages exactly as they are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.statement_files import (
    in_envelope_order,
    print_file_of,
    write_statements,
)
from fscdesk.services.billing.statement_runs import RunRow, run_of
from fscdesk.services.billing.statements import (
    Made,
    MadeStatement,
    StatementPlan,
    made_statements,
    statement_pdf_of,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui import icons, theme
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import ActionButton, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT, Card, Line
from fscdesk.ui.forms.fields import Check
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.statements.pane_pages import PagePart, Paper
from fscdesk.ui.screens.statements.run_sending import RunSending
from fscdesk.ui.screens.statements.words import amount, run_facts, run_words, saved_words
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, PaneHead, PaneTab
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import Label, count_text

AskFolder = Callable[[QWidget], Path | None]
"""Asks a person for a folder; None is no."""
MOST_FINDINGS = 3


class RunPage(QWidget):
    """One run. Print shows the print file first; Enter on a statement shows that one."""

    def __init__(
        self,
        shell: Shell,
        keeping: Keeping,
        ask_path: AskPath | None = None,
        ask_folder: AskFolder | None = None,
    ) -> None:
        super().__init__()
        self._shell, self._ask_folder = shell, ask_folder or _ask_folder
        self.made: Made | None = None
        self._plans: dict[int, StatementPlan] = {}
        self.sending = RunSending(shell, lambda: self._ask_folder(self.window()))
        self.sending.changed.connect(self._on_sending)
        self.print = action(self, "Print…", self.print_run)
        self.save = action(self, "Save files…", self.save_run)
        self.list: ListPart[MadeStatement] = ListPart(
            shell.desk, self._spec(), messages=shell.messages, keeping=keeping, ask_path=ask_path
        )
        self.list.opened.connect(self._on_opened)
        self.list.answered.connect(self._on_answered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_card())
        column.addWidget(Line())
        column.addWidget(self.list, 1)
        theme.changed.connect(self._draw)

    def primary(self) -> QAction:
        """Print the run."""
        return self.print

    def show_made(self, made: Made, plan: StatementPlan) -> None:
        """Show a run that was made just now; its plan is kept for the proof list."""
        self._plans[made.run_id] = plan
        self._show(made)
        self._title.setText(f"Run {made.run_id} is made")

    def open_run(self, run_id: int) -> None:
        """Show a run that was made before."""

        def found(made: Made) -> None:
            self._show(made)
            self._title.setText(f"Run {made.run_id}")

        self._shell.desk.ask(
            self, lambda work: made_statements(work, run_id), found, self._shell.messages.refused
        )

    def print_run(self) -> None:
        """Show the print file, in the order of the envelopes, on its way to the printer."""
        made, two_sided, emailed = self.made, self.two_sided.isChecked(), self.sending.emailed
        if made is None:
            return
        self._shell.desk.ask(
            self,
            lambda work: print_file_of(work, made, two_sided=two_sided, emailed=emailed),
            lambda pdf: self._preview(
                pdf, f"Statements, run {made.run_id}", f"statements-run-{made.run_id}.pdf"
            ),
            self._shell.messages.refused,
            title=f"Print file of run {made.run_id}",
        )

    def save_run(self) -> None:
        """Ask for a folder, and write a PDF for each, the print file and the proof list."""
        made, two_sided, emailed = self.made, self.two_sided.isChecked(), self.sending.emailed
        folder = self._ask_folder(self.window()) if made is not None else None
        if made is None or folder is None:
            return
        plan = self._plans.get(made.run_id)
        self._shell.desk.ask(
            self,
            lambda work: write_statements(
                work, folder, made, plan, two_sided=two_sided, emailed=emailed
            ),
            lambda _written: self._shell.messages.info(
                saved_words(made, folder.name or str(folder))
            ),
            self._shell.messages.refused,
            title=f"Saving run {made.run_id}",
        )

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through."""
        return (self.card, *self.list.panes())

    def _show(self, made: Made) -> None:
        self.made = made
        self._words.setText(f"{run_words(made)}.")
        self._facts.setText("")
        self._show_findings(made)
        self.sending.open_run(made.run_id, len(made.statements))
        self.list.filter_by(FilterState())
        self.list.ask_again()
        self.list.view.scrollToTop()
        self._shell.desk.ask(
            self,
            lambda work: run_of(work, made.run_id),
            self._on_run,
            self._shell.messages.refused,
        )
        self._draw()

    def _show_findings(self, made: Made) -> None:
        said = [f"{one.where}: {one.message}" for one in made.findings[:MOST_FINDINGS]]
        more = len(made.findings) - MOST_FINDINGS
        if more > 0:
            said.append(f"And {count_text(more, 'more thing')} to look at.")
        self._findings.setText("\n".join(said))
        self._findings.setVisible(bool(said))

    def _on_sending(self) -> None:
        """Say on the button how many pages are printed, where others go by e-mail."""
        mail = self.sending.emailed
        paper = len(self.made.statements) - len(mail) if self.made is not None else 0
        self.print.setText(f"Print {count_text(paper)}…" if mail else "Print…")

    def _on_run(self, run: RunRow | None) -> None:
        if run is not None and self.made is not None and run.id == self.made.run_id:
            self._facts.setText(run_facts(run, self._shell.practice.zone))

    def _on_answered(self) -> None:
        picking = self.list.view.picking
        if picking.current_row is None and self.list.model.total:
            picking.go(0)

    def _open_current(self) -> None:
        row = self.list.view.picking.current_row
        if row is not None:
            self._on_opened(row)

    def _on_opened(self, row: MadeStatement) -> None:
        self._shell.desk.ask(
            self,
            lambda work: statement_pdf_of(work, row.id),
            lambda pdf: self._preview(pdf, f"Statement {row.number}", f"{row.number}.pdf"),
            self._shell.messages.refused,
        )

    def _preview(self, pdf: bytes, title: str, name: str) -> None:
        try:
            self._shell.preview(pdf, title, name)
        except ValueError as fault:  # more pages than a preview shows
            self._shell.messages.problem(
                str(fault), hint="Save the files, and print the print file from its folder."
            )

    def _spec(self) -> ListSpec[MadeStatement]:
        columns = _columns()
        found = query_of(lambda _work: self._ordered(), columns, "envelope")

        def query(work: Work, state: FilterState, span: Span) -> Page[MadeStatement]:
            page = found(work, state, span)
            every = found(work, state, Span(0, max(1, page.total), span.sort, span.descending))
            total = Money(sum(row.amount.cents for row in every.rows))
            return Page(page.start, page.total, page.rows, {"amount": total})

        detail: DetailSpec[MadeStatement, Any] = DetailSpec(
            ask=lambda work, row: (row, Paper(statement_pdf_of(work, row.id))),
            head=_head,
            tabs=(PaneTab("page", "", lambda: PagePart(_paper_of, self._open_current)),),
            nothing="Choose a statement to see its page.",
        )
        return ListSpec(
            key="statements.run",
            name="Statements of the run",
            columns=columns,
            query=query,
            noun=("statement", "statements"),
            ticking=False,
            title=False,
            sort="envelope",
            least_width=620,
            empty=Empty("This run holds no statement."),
            detail=detail,
        )

    def _ordered(self) -> list[MadeStatement]:
        return [] if self.made is None else in_envelope_order(self.made)

    def _build_card(self) -> QWidget:
        self.card = QWidget()
        around = QVBoxLayout(self.card)
        around.setContentsMargins(LEFT, 0, RIGHT + 8, 14)
        card = Card(margins=(20, 14, 20, 14))
        around.addWidget(card)
        line = QHBoxLayout()
        line.setSpacing(16)
        self._picture = QLabel()
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title, self._words = Label("", "section"), Label("", "body", wrap=True)
        self._facts = Label("", "hint", wrap=True)
        self._findings = Label("", "warning", wrap=True)
        for part in (self._title, self._words, self._facts, self._findings):
            words.addWidget(part)
        self._findings.hide()
        line.addLayout(words, 1)
        self.two_sided = Check("Printer uses both sides")
        self.two_sided.setToolTip("Nobody’s statement is put on the back of another person’s.")
        self.save_button = ActionButton(self.save, "folder-input")
        self.print_button = ActionButton(self.print, "printer", "primary")
        self.print_button.setAutoDefault(True)  # Enter prints what was made just now
        key = Keycap("Ctrl+Return")
        for control in (self.two_sided, self.save_button, self.print_button, key):
            line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(line)
        card.body.addWidget(self.sending)
        return self.card

    def _draw(self) -> None:
        side, ratio = theme.now.size.icon_large, self.devicePixelRatioF()
        self._picture.setPixmap(icons.pixmap("circle-check", "green.solid", side, ratio))


def _columns() -> tuple[Column[MadeStatement], ...]:
    return (
        Column("envelope", "Statement", lambda row: row.number, width=132, priority=0),
        Column("account", "Account", lambda row: row.account, width=96, priority=3),
        Column("name", "Name", lambda row: row.name, width=220, names=True, priority=0),
        money_column(
            "amount", "Amount due", lambda row: row.amount, width=110, priority=1, strong=True
        ),
    )


def _paper_of(seen: tuple[MadeStatement, Paper]) -> Paper:
    return seen[1]


def _head(seen: tuple[MadeStatement, Paper]) -> PaneHead:
    row = seen[0]
    return PaneHead(
        name=row.name,
        line=f"Account {row.account}, statement {row.number}",
        figures=(Figure("Amount due", text=amount(row.amount)),),
    )


def _ask_folder(window: QWidget) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(window, "Save the statements in")
    return Path(chosen) if chosen else None
