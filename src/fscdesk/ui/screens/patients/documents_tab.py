"""The pages of an account: documents and statements, each with its send log; and estimates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.services.billing.documents_sent import PaperRow, papers_of, sendings_of
from fscdesk.services.billing.sendings import SendingRow
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.document_acts import DocumentActs
from fscdesk.ui.screens.patients.estimates_tab import EstimatesTab
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.detail import DetailSpec, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, moment_text

PAGES, ESTIMATES = "pages", "estimates"
KINDS = {
    "statement": "Statement",
    "receipt": "Receipt",
    "invoice": "Invoice",
    "superbill": "Superbill",
    "credit_memo": "Credit memo",
    "agreement": "Agreement",
    "explanation": "Explanation",
    "estimate": "Good-faith estimate",
    "reminder": "Reminder",
    "hand_off": "Hand-off to an agency",
    "appeal": "Appeal",
}
_HOW = {
    "print": ("Printed", "printer"),
    "email_file": ("Written as an e-mail", "mail"),
    "file": ("Written to a file", "file-output"),
}
_SHORT = {"print": "Printed", "email_file": "E-mail", "file": "File"}
_TOPICS = frozenset(
    {Topic.DOCUMENTS, Topic.INVOICES, Topic.PAYMENTS, Topic.PLANS, Topic.STATEMENTS}
)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A page with the lines of its send log, the newest first."""

    row: PaperRow
    sent: tuple[SendingRow, ...]


class DocumentsDesk(TabbedParts):
    """Everything on paper, and beside it the good-faith estimates with what became of them."""

    def __init__(
        self,
        shell: Shell,
        patient_id: int,
        guarantor_id: int,
        keeping: Keeping,
        window: QWidget,
        today: Callable[[], date],
    ) -> None:
        self.acts = DocumentActs(shell, window, patient_id, today)
        super().__init__(
            "Documents",
            (
                PartTab(
                    PAGES,
                    "Documents",
                    lambda: DocumentsTab(shell, patient_id, guarantor_id, keeping, self.acts),
                ),
                PartTab(
                    ESTIMATES,
                    "Estimates",
                    lambda: EstimatesTab(shell, patient_id, keeping, self.acts, window),
                ),
            ),
        )
        self.open(PAGES)

    @property
    def list(self) -> ListPart[Any]:
        """The list in front."""
        part = self.part
        assert isinstance(part, ListTab)
        return part.list

    def escape(self) -> bool:
        if super().escape():
            return True
        if self.current == PAGES:
            return False
        self.open(PAGES)
        self.enter()
        return True


class DocumentsTab(ListTab[PaperRow]):
    """Enter shows a page, byte for byte; beside it stands when it left the office, and how."""

    def __init__(
        self,
        shell: Shell,
        patient_id: int,
        guarantor_id: int,
        keeping: Keeping,
        acts: DocumentActs,
    ) -> None:
        self.acts = acts

        def rows(work: Work) -> Sequence[PaperRow]:
            return papers_of(work, patient_id=patient_id, guarantor_id=guarantor_id)

        super().__init__(shell, _spec(shell, rows, acts), keeping=keeping)
        self.list.opened.connect(acts.show)
        line = self.list.line_row.layout()
        if isinstance(line, QHBoxLayout):
            superbill = Button("Superbill…", "file-text", compact=True, on=acts.superbill)
            estimate = Button("Estimate…", "badge-dollar-sign", compact=True, on=acts.estimate)
            line.insertWidget(1, estimate)
            line.insertWidget(1, superbill)

    def new_verb(self) -> str:
        return "New superbill"

    def new(self) -> None:
        self.acts.superbill()


def _spec(
    shell: Shell, rows: Callable[[Work], Sequence[PaperRow]], acts: DocumentActs
) -> ListSpec[PaperRow]:
    zone = shell.practice.zone
    columns: tuple[Column[PaperRow], ...] = (
        Column(
            "at",
            "Made",
            lambda row: moment_text(row.made_at, zone),
            value=lambda row: row.made_at,
            width=148,
            priority=2,
            descending_first=True,
        ),
        Column("kind", "What", lambda row: KINDS[row.kind], names=True, priority=1),
        Column("number", "Number", lambda row: row.number, width=150, priority=1),
        Column("how", "Last sent", _how, width=96, priority=2),
        Column(
            "sent",
            "When",
            lambda row: moment_text(row.last.at, zone) if row.last else "",
            width=148,
            priority=3,
            sortable=False,
        ),
        Column(
            "by",
            "By",
            lambda row: row.last.by if row.last else "",
            width=120,
            priority=4,
        ),
    )
    return ListSpec(
        key="account-documents",
        name="Documents",
        columns=columns,
        query=query_of(rows, columns),
        noun=("document", "documents"),
        row_acts=(
            RowsAct("show", "Print…", lambda some: acts.show(some[0])),
            RowsAct("email", "E-mail as a file…", lambda some: acts.email(some[0])),
            RowsAct(
                "save",
                "Save to a folder…",
                lambda some: acts.save(some[0]),
                off_because=lambda some: _not_saved(some[0]),
            ),
        ),
        ticking=False,
        totals=False,
        title=False,
        sort="at",
        descending=True,
        topics=_TOPICS,
        empty=Empty("No page was made for this account yet.", "file-text"),
        detail=DetailSpec(
            ask=_view,
            head=partial(_head, acts),
            tabs=(PaneTab("sent", "Send log", partial(_log_page, shell), "newest first"),),
            nothing="Choose a document to see when it went out.",
        ),
    )


def _view(work: Work, row: PaperRow) -> DocumentView:
    return DocumentView(row, sendings_of(work, row))


def _how(row: PaperRow) -> str:
    """Return how a page went out the last time."""
    if row.last is None:
        return "Never"
    return _SHORT[row.last.how.value]


def _not_saved(row: PaperRow) -> str:
    return "" if row.document_id is not None else "A statement is saved from its preview."


def _head(acts: DocumentActs, view: DocumentView) -> PaneHead:
    row = view.row
    sent = len(view.sent)
    times = "never sent" if not sent else f"sent {count_text(sent, 'time')}"
    return PaneHead(
        row.number,
        f"{KINDS[row.kind]}, {times}",
        next_steps=(
            NextStep("Print…", partial(acts.show, row), "printer"),
            NextStep("E-mail as a file…", partial(acts.email, row), "mail"),
        ),
        more=(NextStep("Save to a folder…", partial(acts.save, row), off_because=_not_saved(row)),),
    )


def _log_page(shell: Shell) -> PanePage:
    return StoryPage(partial(_steps, shell))


def _steps(shell: Shell, view: Any) -> Sequence[StoryStep]:
    zone = shell.practice.zone
    steps = []
    for one in view.sent:
        word, icon = _HOW.get(one.how.value, (one.how.value, "send"))
        where = ", ".join(part for part in (one.by, one.destination) if part)
        steps.append(StoryStep(word, where, day=moment_text(one.at, zone), icon=icon, tone="green"))
    made = moment_text(view.row.made_at, zone)
    return [*steps, StoryStep("Made and kept", view.row.file_name, day=made, icon="file-check")]
