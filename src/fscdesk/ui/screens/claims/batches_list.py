"""The Batches tab: every batch in which claims left, its file, and what came back for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout

from fscdesk.services.claims.batches import BatchRow, BatchState, Route, page_of_batches
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.batch_acts import (
    ANSWERS,
    AskFolder,
    BatchActs,
    OpenFolder,
    why_no_pages,
    why_not_again,
    why_not_back,
    why_not_saved,
)
from fscdesk.ui.screens.claims.batch_pane import batch_pane
from fscdesk.ui.screens.claims.batch_words import (
    ROUTES,
    STATES,
    batch_mark,
    route_word,
    short_hash,
    where_words,
)
from fscdesk.ui.screens.claims.printer_dialog import adjust_printer
from fscdesk.ui.tables.columns import Column, Kind, badge_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text, moment_text

NOUN = ("batch", "batches")
# A file that was written to the outbox is a document: no act of a person.
TOPICS = frozenset({Topic.CLAIMS, Topic.PAYERS, Topic.DOCUMENTS})
ROUTE, STATE = "route", "state"
Rows = Sequence[BatchRow]


class BatchesPart(PaneTab[BatchRow]):
    """The list with its pane. Answers of the clearinghouse can be dropped on it."""

    def __init__(
        self,
        shell: Shell,
        keeping: Keeping,
        ask_folder: AskFolder | None = None,
        open_folder: OpenFolder | None = None,
    ) -> None:
        self.acts = BatchActs(shell, lambda: self, ask_folder, open_folder)
        super().__init__(shell, _spec(shell, self.acts), keeping=keeping, follows=TOPICS)
        self.acts.setParent(self)
        self._shell, self._shown = shell, 0
        if self.list.pane is not None:
            self.list.pane.shown.connect(self._open_tab)
        action(self, "Printer test page for red forms", self.show_test_page)
        line = self.list.line_row.layout()
        if isinstance(line, QHBoxLayout):
            page = Button("Printer test page", "printer", compact=True, on=self.show_test_page)
            page.setToolTip("Adjusts your printer to red CMS-1500 forms.")
            line.insertWidget(1, page)
        if shell.has(ANSWERS) and isinstance(line, QHBoxLayout):
            self.setAcceptDrops(True)
            self.read = action(self, "Read a 999 or 277CA…", self.read_answers)
            button = Button(
                self.read.text(), "file-input", compact=True, tip="Ctrl+O", on=self.read_answers
            )
            line.insertWidget(1, button)

    def read_answers(self) -> None:
        """Ask for files that came back, and show what they say."""
        self._shell.open(ANSWERS, choose=True)

    def show_test_page(self) -> None:
        """Ask which printer it is and how far it is off, and show the page that tells."""
        adjust_printer(self._shell, self)

    def _open_tab(self, row: BatchRow) -> None:
        """Begin with the check-list where there is one, and leave it where there is none."""
        pane = self.list.pane
        if pane is None or row.id == self._shown:
            return
        self._shown = row.id
        if row.route is Route.PORTAL:
            pane.open_tab("list")
        elif pane.tabs.current == "list":
            pane.open_tab("claims")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._shell.open(ANSWERS, files=paths)


def batches_part(shell: Shell, keeping: Keeping) -> BatchesPart:
    """Return the tab."""
    return BatchesPart(shell, keeping)


def _spec(shell: Shell, acts: BatchActs) -> ListSpec[BatchRow]:
    return ListSpec(
        key="claim.batches",
        name="Batches",
        title=False,
        columns=_columns(shell),
        query=_query,
        noun=NOUN,
        filters=(
            ChoiceFilter(
                STATE,
                "State",
                tuple(Choice(key.value, mark.word) for key, mark in STATES.items()),
                single=True,
            ),
            ChoiceFilter(
                ROUTE,
                "Way",
                tuple(Choice(key.value, word) for key, word in ROUTES.items()),
                single=True,
            ),
        ),
        row_acts=_row_acts(acts),
        ticking=False,
        searching=False,
        sort="made_at",
        descending=True,
        topics=TOPICS,
        empty=Empty("No batch was sent yet. Claims that are ready leave together in one.", "send"),
        none_words=lambda _state: "No batch went that way.",
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        detail=batch_pane(shell, acts),
    )


def _query(work: Work, state: FilterState, span: Span) -> Page[BatchRow]:
    route = next(iter(state.values(ROUTE)), "")
    stands = next(iter(state.values(STATE)), "")
    return page_of_batches(
        work,
        span,
        route=Route(route) if route else None,
        state=BatchState(stands) if stands else None,
    )


def _columns(shell: Shell) -> tuple[Column[BatchRow], ...]:
    zone = shell.practice.zone
    return (
        Column("number", "Batch", lambda row: row.number, width=128, sortable=False, priority=1),
        Column(
            "made_at",
            "Made",
            lambda row: moment_text(row.made_at, zone),
            width=136,
            priority=2,
            descending_first=True,
        ),
        badge_column("state", "State", batch_mark, width=140, priority=1),
        Column("route", "Way", lambda row: route_word(row.route), width=84, priority=5),
        Column("payers", "Payers", lambda row: row.payers, names=True, sortable=False, priority=2),
        Column(
            "file",
            "File",
            lambda row: row.file_name,
            width=216,
            sortable=False,
            priority=6,
        ),
        Column("hash", "SHA-256", short_hash, width=104, sortable=False, priority=8),
        Column("where", "Where", where_words, width=150, sortable=False, priority=7),
        Column("by", "By", lambda row: row.made_by, width=110, sortable=False, priority=7),
        Column(
            "rejected",
            "Rejected",
            lambda row: f"{row.rejected:,}" if row.rejected else "",
            Kind.NUMBER,
            lambda row: row.rejected,
            width=72,
            sortable=False,
            priority=3,
        ),
        Column(
            "claims",
            "Claims",
            lambda row: f"{row.claims:,}",
            Kind.NUMBER,
            lambda row: row.claims,
            width=64,
            priority=2,
        ),
        money_column("total", "Total", lambda row: row.total, priority=1),
    )


def _row_acts(acts: BatchActs) -> tuple[RowsAct[BatchRow], ...]:
    def first(act: str) -> RowsAct[BatchRow]:
        word, do, icon, why = {
            "claims": ("Show its claims", acts.open_claims, "file-text", _never),
            "pages": ("Show the forms", acts.show_pages, "printer", why_no_pages),
            "save": ("Save the file…", acts.save, "download", why_not_saved),
            "again": ("Send it again…", acts.send_again, "redo-2", why_not_again),
            "outbox": ("Open the outbox", acts.open_outbox, "folder-open", _never),
            "back": ("Take it back…", acts.take_back, "undo-2", why_not_back),
        }[act]
        return RowsAct(
            act,
            word,
            lambda rows: do(rows[0]),
            icon,
            off_because=lambda rows: why(rows[0]),
        )

    return tuple(first(one) for one in ("claims", "pages", "save", "again", "outbox", "back"))


def _never(_row: BatchRow) -> str:
    return ""
