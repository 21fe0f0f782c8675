"""The good-faith estimates of a client: for what, how long they hold, and which are withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.billing.estimate_pages import keep_estimate
from fscdesk.services.billing.estimates import EstimateRow, estimates_of, withdraw_estimate
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.document_acts import DocumentActs
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.text import day_text, money_text
from fscdesk.ui.theme import Status

_TOPICS = frozenset({Topic.PATIENTS, Topic.INVOICES, Topic.DOCUMENTS})
_HOLDS = Status("In force", "green", "circle-check")
_OVER = Status("Not in force", "neutral", "clock")
_WITHDRAWN = Status("Withdrawn", "neutral", "ban")


class EstimateActs(QObject):
    """What is done with an estimate: printed, mailed, withdrawn."""

    def __init__(self, shell: Shell, window: QWidget, papers: DocumentActs) -> None:
        super().__init__(window)
        self._shell, self._window, self._papers = shell, window, papers

    def make(self) -> None:
        """Ask for services and how often, and make another estimate."""
        self._papers.estimate()

    def show(self, row: EstimateRow) -> None:
        """Show the page that was kept, to print it."""
        self._shell.desk.act(
            self,
            lambda work: keep_estimate(work, row.id),
            self._papers.show,
            self._shell.messages.refused,
        )

    def email(self, row: EstimateRow) -> None:
        """Write the page into a draft for the mail program."""
        self._shell.desk.act(
            self,
            lambda work: keep_estimate(work, row.id),
            self._papers.email,
            self._shell.messages.refused,
        )

    def withdraw(self, row: EstimateRow) -> None:
        """Ask why an estimate does not hold any more, and withdraw it."""
        dialog = FieldsDialog(
            f"Withdraw {row.number} over {_stated(row.total)}",
            "It is compared with no bill any more. It stays in the list, and its page is kept.",
            ("Withdraw it", "Saving…"),
            self._window,
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="Other care was agreed; see the new estimate"))

        def act(work: Work) -> str:
            withdraw_estimate(work, row.id, reason=str(dialog.value("reason")))
            return f"{row.number} is withdrawn. Who got it has to be told."

        dialog.wanted.connect(
            lambda: carry_out(self._shell, dialog, act, self._shell.messages.info)
        )
        open_dialog(dialog)


class EstimatesTab(ListTab[EstimateRow]):
    """The list with the services of the current estimate beside it; Enter shows its page."""

    def __init__(
        self,
        shell: Shell,
        patient_id: int,
        keeping: Keeping,
        papers: DocumentActs,
        window: QWidget,
    ) -> None:
        self.acts = EstimateActs(shell, window, papers)
        super().__init__(shell, _spec(patient_id, self.acts), keeping=keeping)
        self.list.opened.connect(self.acts.show)
        self.list.answered.connect(self._on_answered)

    def new_verb(self) -> str:
        return "New estimate"

    def new(self) -> None:
        self.acts.make()

    def _on_answered(self) -> None:
        if self.list.view.picking.current_id is None:
            self.list.view.picking.go(0)


def estimate_mark(row: EstimateRow) -> Status:
    """Return whether an estimate holds today."""
    if row.withdrawn_on is not None:
        return _WITHDRAWN
    return _HOLDS if row.in_force else _OVER


def what_for(row: EstimateRow) -> str:
    """Return the services of an estimate in a line: ``12 × 90837, 1 × 90791``."""
    return ", ".join(f"{line.count} × {line.code}" for line in row.lines)


def _spec(patient_id: int, acts: EstimateActs) -> ListSpec[EstimateRow]:
    columns: tuple[Column[EstimateRow], ...] = (
        Column("number", "Estimate", lambda row: row.number, names=True, width=144, priority=1),
        date_column("made_on", "Made", lambda row: row.made_on, priority=2),
        Column("what", "For", what_for, width=140, wide=True, priority=2),
        Column("provider", "Clinician", lambda row: row.provider, width=140, priority=5),
        date_column("valid_from", "Valid from", lambda row: row.valid_from, priority=4),
        date_column("valid_to", "Valid to", lambda row: row.valid_to, priority=1),
        badge_column("status", "Status", estimate_mark, width=120, priority=1),
        date_column("withdrawn_on", "Withdrawn", lambda row: row.withdrawn_on, priority=3),
        money_column("total", "Expected", lambda row: row.total, priority=1),
    )

    def rows(work: Work) -> Sequence[EstimateRow]:
        return estimates_of(work, patient_id)

    return ListSpec(
        key="account-estimates",
        name="Estimates",
        columns=columns,
        query=query_of(rows, columns),
        noun=("estimate", "estimates"),
        row_acts=(
            RowsAct("print", "Print…", lambda found: acts.show(found[0])),
            RowsAct("email", "E-mail as a file…", lambda found: acts.email(found[0])),
            RowsAct(
                "withdraw",
                "Withdraw…",
                lambda found: acts.withdraw(found[0]),
                "ban",
                "Ctrl+Shift+V",
                lambda found: _gone(found[0]),
            ),
        ),
        ticking=False,
        totals=False,
        title=False,
        sort="made_on",
        descending=True,
        topics=_TOPICS,
        empty=Empty(
            "No good-faith estimate was made for this account.",
            "badge-dollar-sign",
            Press("Make an estimate", acts.make),
        ),
        detail=DetailSpec(
            ask=lambda _work, row: row,
            head=partial(_head, acts),
            tabs=(PaneTab("services", "Services", _services_page),),
            nothing="Choose an estimate to see its services.",
        ),
    )


def _head(acts: EstimateActs, row: EstimateRow) -> PaneHead:
    gone = _gone(row)
    return PaneHead(
        row.number,
        f"{day_text(row.valid_from)} to {day_text(row.valid_to)}, {row.provider}",
        badges=(estimate_mark(row),),
        figures=(Figure("Expected", row.total),),
        next_steps=(
            NextStep("Print…", partial(acts.show, row), "printer"),
            NextStep("Withdraw…", partial(acts.withdraw, row), "ban", gone),
        ),
        more=(NextStep("E-mail as a file…", partial(acts.email, row)),),
    )


def _services_page() -> PanePage:
    return FactsPage("Services of the estimate", _sections)


def _sections(row: Any) -> Sequence[Section]:
    lines = tuple(
        Fact(f"{line.count} × {line.code} {line.name}", (_stated(line.rate), _stated(line.amount)))
        for line in row.lines
    )
    found = [Section("Services", lines, ("Rate", "Expected"))]
    if row.diagnoses:
        found.append(Section("Diagnoses", tuple(Fact(code, ("",)) for code in row.diagnoses)))
    if row.withdrawn_on is not None:
        said = (
            Fact("On", (day_text(row.withdrawn_on),)),
            Fact("Why", (row.withdrawn_reason,)),
        )
        found.append(Section("Withdrawn", said))
    return tuple(found)


def _gone(row: EstimateRow) -> str:
    if row.withdrawn_on is None:
        return ""
    return f"It was withdrawn on {day_text(row.withdrawn_on)}."


def _stated(amount: Any) -> str:
    return money_text(amount, zero_dash=False)
