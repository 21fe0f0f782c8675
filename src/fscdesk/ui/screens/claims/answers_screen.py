"""Files that came back: what a 999, 277CA or 271 says, and the button that reads it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.claims.answer_files import (
    Acknowledged,
    AnswerFile,
    EligibilityRead,
    look_at_answers,
    take_answers,
)
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, EmptyState, Line, TitleLine
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.claims.answers_rows import (
    ALL,
    AnswerRow,
    counts_of,
    done_words,
    file_words,
    rows_of,
)
from fscdesk.ui.screens.claims.answers_tiles import AnswerTiles
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.columns import Column, badge_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import Label, count_text

AskFiles = Callable[[QWidget], Sequence[Path]]
CLAIMS, CLAIM = "claims", "claim"
MOST_FINDINGS: Final = 4
_NOTHING_YET: Final = "Choose a 999, a 277CA or a 271, or drop it here. Its name does not matter."


class ClaimAnswersScreen(Screen):
    """One file at a time, the next one when this is read. Opened with ``choose`` or ``files``.

    Nothing is saved before Ctrl+Enter; the file itself is kept then, as the proof.
    """

    title = "Answers"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        ask_files: AskFiles | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self._ask_files = ask_files or _ask_files
        self._queue: list[Path] = []
        self._many = 0
        self._path: Path | None = None
        self._job: Job | None = None
        self.file: AnswerFile | None = None
        self._latest = Latest[AnswerFile](shell.desk, self, self._on_looked, self._on_unread)
        self.setAcceptDrops(True)
        self.line = TitleLine(self.title)
        self.line.add(Button("Choose files", "folder-open", tip="Ctrl+N", on=self.choose))
        self.apply = action(self, "Read it in", self._on_apply)
        self.tiles = AnswerTiles()
        self.notice = Label("", "body", wrap=True)
        self.notice.setContentsMargins(LEFT, 10, RIGHT + 8, 10)
        self.list = ListPart(
            shell.desk,
            _spec(lambda: self.file, self.tiles.current),
            messages=shell.messages,
            keeping=keeping or keeping_in_books(),
        )
        self.foot = Foot(self.apply, "check", stopping="Stopping. Nothing will be saved.")
        self._stack = QStackedWidget()
        self.empty = EmptyState("file-input", _NOTHING_YET, "Choose files", self.choose)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._build_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self._stack, 1)
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        self.tiles.chosen.connect(lambda _key: self.list.ask_again())
        self.list.opened.connect(self._open_row)
        shell.desk.changed.connect(self._on_changed)
        self._show()

    # What the window asks

    def primary(self) -> QAction | None:
        return self.apply if self.file is not None else None

    def new(self) -> None:
        """Choose other files (Ctrl+N)."""
        self.choose()

    def refresh(self) -> None:
        """Look at the file again (F5)."""
        if self._path is not None:
            self._look(self._path)

    def find_(self) -> None:
        """Find in the answers (Ctrl+F)."""
        self.list.find_()

    def export(self) -> None:
        """Export the answers that are shown (Ctrl+Shift+E)."""
        self.list.export()

    def escape(self) -> bool:
        if self.file is not None and self.list.escape():
            return True
        if self.tiles.current() != ALL:
            self.tiles.choose(ALL)
            self.list.ask_again()
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        return () if self.file is None else (self.tiles, *self.list.panes(), self.foot)

    def here(self) -> Mapping[str, object]:
        return {"row": self.list.view.picking.current_id}

    def on_shown(self, **what: Any) -> None:
        if what.get("choose"):
            QTimer.singleShot(0, self, self.choose)
        elif what.get("files"):
            self.take([Path(str(one)) for one in what["files"]])
        elif isinstance(what.get("row"), int):
            self.list.go_to(what["row"])
        self._focus_soon.start()

    # Files from a person

    def choose(self) -> None:
        """Ask for files, and look at them one after the other."""
        self.take(self._ask_files(self))

    def take(self, paths: Sequence[Path]) -> None:
        """Look at files, one after the other."""
        if paths and self._job is None:
            self._queue, self._many = list(paths[1:]), len(paths)
            self._look(paths[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.take(paths)

    # What happens

    def _look(self, path: Path) -> None:
        self._path = path
        self._latest.ask(lambda work: look_at_answers(work, path))
        self._judge()

    def _on_looked(self, file: AnswerFile) -> None:
        fresh = self.file is None or self.file.data != file.data
        self.file = file
        if fresh:
            self.tiles.choose(ALL)
        self._show()
        if fresh:
            self.list.ask_again()
            self._focus_soon.start()
        else:
            self.list.refresh()

    def _on_unread(self, fault: BaseException) -> None:
        self.shell.messages.refused(fault)
        if self._queue:
            self._look(self._queue.pop(0))
        else:
            self._judge()

    def _on_apply(self) -> None:
        file = self.file
        if file is None or self._job is not None or self._latest.waiting or file.already:
            return

        def done(what: Acknowledged | EligibilityRead) -> None:
            self._rest()
            self.shell.messages.info(done_words(what), help=self._help(what))
            if self._queue:
                self._look(self._queue.pop(0))
            else:
                self.refresh()

        def refused(fault: BaseException) -> None:
            self._rest()
            self.shell.messages.refused(fault)
            if isinstance(fault, ChangedElsewhere):
                self.refresh()

        self._job = self.shell.desk.act(
            self, lambda work: take_answers(work, file), done, refused, title=f"Reading {file.name}"
        )
        self.foot.follow(self._job)
        self._judge()

    def _which(self) -> str:
        """Return which of several files is on view: ``File 1 of 2: ``."""
        at = self._many - len(self._queue)
        return f"File {at} of {self._many}: " if self._many > 1 else ""

    def _rest(self) -> None:
        self._job = None
        self.foot.follow(None)
        self._judge()

    def _help(self, what: Acknowledged | EligibilityRead) -> Help | None:
        """Offer the claims that came back, where some did."""
        if isinstance(what, EligibilityRead) or not what.plan.rejected or what.id is None:
            return None
        if not self.shell.has(CLAIMS):
            return None
        return Help("Show what was rejected", lambda: self.shell.open(CLAIMS, view="rejected"))

    def _show(self) -> None:
        file = self.file
        self._stack.setCurrentIndex(0 if file is None else 1)
        if file is not None:
            self.tiles.show_counts(counts_of(file))
            self.line.note.setText(f"{self._which()}{file_words(file)}")
            said = [one.message for one in file.findings[:MOST_FINDINGS]]
            more = len(file.findings) - MOST_FINDINGS
            if more > 0:
                said.append(f"{more} more like this.")
            if file.already:
                said.insert(0, f"{file.already}. Nothing changes.")
            self.notice.setText("  ".join(said))
            self.notice.setVisible(bool(said))
            self.foot.say("" if file.already else "Nothing is saved yet.")
        self._judge()

    def _judge(self) -> None:
        file = self.file
        count = 0 if file is None else file.count
        self.apply.setText(f"Read {count_text(count, 'answer')} in" if count else "Read it in")
        off = ""
        if file is None or self._latest.waiting:
            off = "The file is looked at first."
        elif file.already:
            off = f"{file.already}."
        elif self._job is not None:
            off = "It is read in just now."
        off_because(self.apply, off)

    def _focus(self) -> None:
        if self.isVisible():
            target = self.empty.button if self.file is None else self.list.view
            if target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_row(self, row: AnswerRow) -> None:
        if row.claim_id is not None and self.shell.has(CLAIM):
            self.shell.open(CLAIM, claim=row.claim_id)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.CLAIMS in topics and self.file is not None and self._job is None:
            self.refresh()

    def _build_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.tiles, Line(), self.notice):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        column.addWidget(self.foot)
        return page


def _spec(file: Callable[[], AnswerFile | None], term: Callable[[], str]) -> ListSpec[AnswerRow]:
    columns: tuple[Column[AnswerRow], ...] = (
        badge_column("mark", "Answer", lambda row: row.mark, width=116, priority=1),
        Column("who", "Client", lambda row: row.who, width=176, priority=2, strong=True),
        Column("claim", "Claim or batch", lambda row: row.claim, width=140, priority=1),
        Column("reference", "In the file", lambda row: row.reference, priority=6, shown=False),
        Column("words", "What it says", lambda row: row.words, names=True, whole=True),
        Column("changes", "What it changes", lambda row: row.changes, width=230, priority=3),
    )

    def rows(_work: Work) -> Sequence[AnswerRow]:
        return rows_of(file(), term())

    found = query_of(rows, columns, "words")

    def query(work: Work, state: FilterState, span: Span) -> Page[AnswerRow]:
        return found(work, state, span)

    return ListSpec(
        key="claim.answers",
        name="Answers",
        title=False,
        columns=columns,
        query=query,
        noun=("answer", "answers"),
        ticking=False,
        sort="words",
        empty=Empty("The file holds no answer.", "file-input"),
        none_words=lambda state: (
            f"No answer holds “{state.text.strip()}”." if state.text.strip() else "None of them."
        ),
        totals_words=lambda count, _totals: count_text(count, "answer"),
    )


def _ask_files(window: QWidget) -> Sequence[Path]:
    chosen, _kind = QFileDialog.getOpenFileNames(
        window.window(),
        "Read what came back",
        "",
        "Answers (*.999 *.277 *.271 *.x12 *.edi *.txt *.dat);;All files (*)",
    )
    return [Path(one) for one in chosen]
