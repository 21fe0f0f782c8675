"""The pages that were made for an account, each with its send log; superbills and estimates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.services.billing.documents import Kept, documents_of
from fscdesk.services.billing.sendings import SendingFilter, SendingRow, page_of_sendings
from fscdesk.services.paging import Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.document_acts import DocumentActs
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.detail import DetailSpec, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import moment_text

KINDS = {
    "receipt": "Receipt",
    "invoice": "Invoice",
    "superbill": "Superbill",
    "credit_memo": "Credit memo",
    "agreement": "Agreement",
    "explanation": "Explanation",
    "estimate": "Good-faith estimate",
    "reminder": "Reminder",
    "hand_off": "Hand-off to an agency",
}
_HOW = {
    "print": ("Printed", "printer"),
    "email_file": ("Written as an e-mail", "mail"),
    "file": ("Written to a file", "file-output"),
}
_TOPICS = frozenset({Topic.DOCUMENTS, Topic.INVOICES, Topic.PAYMENTS, Topic.PLANS})
MOST = 200


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A page with the lines of its send log, the newest first."""

    row: Kept
    sent: tuple[SendingRow, ...]


class DocumentsTab(ListTab[Kept]):
    """Enter shows a page, byte for byte; beside it stands when it left the office, and how."""

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
        rows = partial(_rows, patient_id, guarantor_id)
        super().__init__(shell, _spec(shell, rows, self.acts), keeping=keeping)
        self.list.opened.connect(self.acts.show)
        line = self.list.line_row.layout()
        if isinstance(line, QHBoxLayout):
            superbill = Button("Superbill…", "file-text", compact=True, on=self.acts.superbill)
            estimate = Button("Estimate…", "badge-dollar-sign", compact=True, on=self.acts.estimate)
            line.insertWidget(1, estimate)
            line.insertWidget(1, superbill)

    def new_verb(self) -> str:
        return "New superbill"

    def new(self) -> None:
        self.acts.superbill()


def _rows(patient_id: int, guarantor_id: int, work: Work) -> Sequence[Kept]:
    """Return what is about the client, and what was made for who pays without naming a client."""
    own = documents_of(work, patient_id=patient_id)
    of_payer = documents_of(work, guarantor_id=guarantor_id)
    general = [one for one in of_payer if one.patient_id is None]
    return sorted((*own, *general), key=lambda one: one.id, reverse=True)


def _spec(shell: Shell, rows: partial[Sequence[Kept]], acts: DocumentActs) -> ListSpec[Kept]:
    zone = shell.practice.zone
    columns: tuple[Column[Kept], ...] = (
        Column(
            "at",
            "Made",
            lambda row: moment_text(row.made_at, zone),
            value=lambda row: row.made_at,
            width=148,
            priority=2,
            descending_first=True,
        ),
        Column("kind", "What", lambda row: KINDS[row.kind.value], names=True, priority=1),
        Column("number", "Number", lambda row: row.number, width=150, priority=1),
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
            RowsAct("save", "Save to a folder…", lambda some: acts.save(some[0])),
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


def _view(work: Work, row: Kept) -> DocumentView:
    span = Span(0, MOST, "at", descending=True)
    return DocumentView(row, page_of_sendings(work, SendingFilter(document_id=row.id), span).rows)


def _head(acts: DocumentActs, view: DocumentView) -> PaneHead:
    row = view.row
    times = "never sent" if not view.sent else f"went out {len(view.sent)} ×"
    return PaneHead(
        row.number,
        f"{KINDS[row.kind.value]}, {times}",
        next_steps=(
            NextStep("Print…", partial(acts.show, row), "printer"),
            NextStep("E-mail as a file…", partial(acts.email, row), "mail"),
        ),
        more=(NextStep("Save to a folder…", partial(acts.save, row)),),
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
