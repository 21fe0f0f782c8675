"""The import wizard: one screen, four steps, and files that can be dropped on any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.work import Job
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.importing.answers_among import sorted_out
from fscdesk.ui.screens.importing.done_step import DoneStep
from fscdesk.ui.screens.importing.files_step import FilesStep
from fscdesk.ui.screens.importing.plan_step import PlanStep
from fscdesk.ui.screens.importing.recognised_step import RecognisedStep
from fscdesk.ui.screens.importing.run import ImportRun
from fscdesk.ui.screens.importing.steps import Step, Steps
from fscdesk.ui.screens.importing.waiting import Waiting
from fscdesk.ui.undo import Undo

PLACE = "importing"
AskFiles = Callable[[QWidget, Path], Sequence[Path]]
"""Asks a person for files, beginning in a folder; none is no."""
AskFolder = Callable[[QWidget, Path], Path | None]
_KINDS = "Reports and answers (*.csv *.xlsx *.999 *.277 *.271 *.x12 *.edi *.txt);;All files (*)"


def import_newest(shell: Shell) -> None:
    """Import the newest export of the watched folder (Ctrl+I): for the window's hook."""
    shell.open(PLACE, newest=True)


def choose_files(shell: Shell) -> None:
    """Ask for files and import them (Ctrl+O): for the window's hook."""
    shell.open(PLACE, choose=True)


def make(shell: Shell) -> ImportScreen:
    """Make the screen: for the place `importing`."""
    return ImportScreen(shell)


class ImportScreen(Screen):
    """Files, Recognised, Plan, Done. Keeps where it is when another place comes to the front."""

    title = "Import files"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        preferences: Preferences | None = None,
        ask_files: AskFiles | None = None,
        ask_folder: AskFolder | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self._preferences = preferences or Preferences()
        self._ask_files = ask_files or _ask_files
        self._ask_folder = ask_folder or _ask_folder
        self.setAcceptDrops(True)
        self.run = ImportRun(shell.desk, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.steps = Steps()
        self.line = TitleLine(self.title)
        self.line.beside(self.steps)
        self.line.note.setProperty("role", "hint")
        self.line.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.note.setContentsMargins(16, 0, 8, 0)
        column.addWidget(self.line)
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 1)
        self.files = FilesStep(shell, self.run)
        self.recognised = RecognisedStep(shell, self.run)
        self.plan = PlanStep(shell, self.run)
        self.done = DoneStep(shell, self.run)
        self.waiting = Waiting()
        self._pages: dict[Step, FilesStep | RecognisedStep | PlanStep | DoneStep] = {
            Step.FILES: self.files,
            Step.RECOGNISED: self.recognised,
            Step.PLAN: self.plan,
            Step.DONE: self.done,
        }
        for page in (*self._pages.values(), self.waiting):
            self._stack.addWidget(page)
        self._connect()
        self._show(Step.FILES)

    # What the window asks

    def primary(self) -> QAction | None:
        page = self._stack.currentWidget()
        if isinstance(page, FilesStep | RecognisedStep | PlanStep | DoneStep):
            return page.primary()
        return None  # nothing is to be done while a file is read

    def new(self) -> None:
        """Begin with other files (Ctrl+N)."""
        self.run.go(Step.FILES)

    def refresh(self) -> None:
        """Look again (F5): into the folder, or at the books for another plan."""
        if self.run.step is Step.PLAN:
            self.run.plan()
        else:
            self.files.watch(self._preferences.watched_folder())
            self.files.last.refresh()

    def find_(self) -> None:
        """Find in the rows (Ctrl+F)."""
        page = self._stack.currentWidget()
        if isinstance(page, PlanStep | DoneStep):
            page.list.find_()

    def export(self) -> None:
        """Export the rows that are shown (Ctrl+Shift+E)."""
        page = self._stack.currentWidget()
        if isinstance(page, PlanStep | DoneStep):
            page.list.export()

    def next_exception(self) -> None:
        """Go to the next question (Ctrl+J)."""
        if self.run.step is not Step.PLAN or not self.plan.next_question():
            self.shell.messages.info("No question is open.")

    def escape(self) -> bool:
        page = self._stack.currentWidget()
        if isinstance(page, PlanStep | DoneStep):
            return page.escape()
        if isinstance(page, FilesStep):
            return page.last.escape()
        return False

    def panes(self) -> tuple[QWidget, ...]:
        page = self._stack.currentWidget()
        if isinstance(page, PlanStep | DoneStep):
            return page.panes()
        return ()

    def on_shown(self, **what: object) -> None:
        """Come to the front: `newest`, `choose`, or `files` (paths) to begin with."""
        if what.get("newest"):
            self.run.take_newest(self._preferences.watched_folder())
        elif what.get("choose"):
            QTimer.singleShot(0, self, self.choose)
        elif what.get("files"):
            files = what["files"]
            assert isinstance(files, list | tuple)
            self._take([Path(str(one)) for one in files])
        if self.run.step is Step.FILES and not self.run.doing:
            self.files.watch(self._preferences.watched_folder())
        self._focus_soon.start()

    # Files from a person

    def choose(self) -> None:
        """Ask for files, and import them one after the other."""
        self._take(list(self._ask_files(self.window(), self._preferences.watched_folder())))

    def _take(self, paths: Sequence[Path]) -> None:
        """Import reports; what came back for claims is read in its own place."""
        sorted_out(self.shell, self, paths, self.run.take)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self.files.drop.set_hot(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.files.drop.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.files.drop.set_hot(False)
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._take(paths)

    # What happens

    def _connect(self) -> None:
        run = self.run
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        run.moved.connect(self._show)
        run.looked.connect(self._follow)
        run.planned.connect(self._follow)
        run.busy.connect(self._on_busy)
        run.applied.connect(self._on_applied)
        run.refused.connect(self.shell.messages.refused)
        self.steps.asked.connect(run.go)
        self.files.choose.connect(self.choose)
        self.recognised.choose.connect(self.choose)
        self.files.newest.connect(lambda: run.take_newest(self._preferences.watched_folder()))
        self.files.other_folder.connect(self._on_other_folder)

    def _show(self, step: Step) -> None:
        if step is Step.DONE:
            self.done.show_result()
        if step is Step.RECOGNISED:
            self.recognised.show_file()
        if step is Step.FILES and self.isVisible():
            self.files.watch(self._preferences.watched_folder())
        self._stack.setCurrentWidget(self._pages[step])
        self._follow()
        self._focus()

    def _follow(self) -> None:
        """Bring the title line up to date."""
        run = self.run
        self.steps.show_step(run.step, run.reached)
        name = run.path.name if run.path is not None and run.step is not Step.FILES else ""
        self.line.note.setText(name)

    def _focus(self) -> None:
        if not self.isVisible():
            return
        page = self._stack.currentWidget()
        if isinstance(page, Waiting):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(page, FilesStep | RecognisedStep | PlanStep | DoneStep):
            page.focus()

    def _on_busy(self, job: Job | None) -> None:
        reading = job is not None and (
            self.run.doing == "looking" or (self.run.doing == "planning" and not self.run.proposal)
        )
        if reading:
            self.waiting.follow(job, "Reading…")
            self._stack.setCurrentWidget(self.waiting)
            self._focus()
        elif self._stack.currentWidget() is self.waiting and not self.run.doing:
            self.waiting.follow(None, "")
            self._stack.setCurrentWidget(self._pages[self.run.step])
            self._focus()

    def _on_applied(self, sentence: str, undo: Undo) -> None:
        self.shell.messages.info(sentence, undo=undo)

    def _on_other_folder(self) -> None:
        chosen = self._ask_folder(self.window(), self._preferences.watched_folder())
        if chosen is not None:
            self._preferences.set_watched_folder(chosen)
            self.files.watch(chosen)


def _ask_files(window: QWidget, folder: Path) -> Sequence[Path]:
    chosen, _kind = QFileDialog.getOpenFileNames(
        window, "Choose files to import", str(folder), _KINDS
    )
    return [Path(one) for one in chosen]


def _ask_folder(window: QWidget, folder: Path) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(window, "Look for new exports in", str(folder))
    return Path(chosen) if chosen else None
