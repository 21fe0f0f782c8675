"""What can be done with a batch: its file again, its pages, its claims; taking it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.claims.as_cms1500 import CmsMode
from fscdesk.services.claims.batches import BatchRow, BatchState, Route
from fscdesk.services.claims.giving_forms import note_batch_given
from fscdesk.services.claims.outbox import write_missing
from fscdesk.services.claims.policies import outbox
from fscdesk.services.claims.printers import known_printer
from fscdesk.services.claims.sending_again import (
    batch_file,
    batch_pdf,
    save_batch_file,
    send_again,
)
from fscdesk.services.claims.undoing import UndoneBatch, undo_batch
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.dialogs.question import QuestionDialog
from fscdesk.ui.forms.fields import CheckField
from fscdesk.ui.given_out import noted
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import count_text

AskFolder = Callable[[QWidget], Path | None]
OpenFolder = Callable[[Path], object]
CLAIMS, ANSWERS = "claims", "claim-answers"
_NOT_BY_FILE = "Only a batch that went by file has one."
_ANYWAY = {
    Route.ELECTRONIC: "No payer has any of them, whatever the outbox says",
    Route.PAPER: "The forms were never mailed",
    Route.PORTAL: "No payer has any of them, whatever the check-list says",
}


class BatchActs(QObject):
    """The acts of the list, of a row's menu and of the pane.

    ``window`` gives what dialogs stand on; ``ask_folder`` and ``open_folder`` stand in for the
    system's own dialog and file manager.
    """

    def __init__(
        self,
        shell: Shell,
        window: Callable[[], QWidget],
        ask_folder: AskFolder | None = None,
        open_folder: OpenFolder | None = None,
    ) -> None:
        super().__init__()
        self._shell, self._window = shell, window
        self._ask_folder = ask_folder or _ask_folder
        self._open_folder = open_folder or _open_folder

    def open_claims(self, row: BatchRow) -> None:
        """Show the claims of a batch as a list."""
        if self._shell.has(CLAIMS):
            self._shell.open(CLAIMS, batch=row.id)

    def save(self, row: BatchRow) -> None:
        """Save the very file in a folder that a person chooses."""
        folder = self._ask_folder(self._window())
        if folder is None:
            return

        def said(path: Path) -> None:
            self._shell.messages.info(f"{path.name} is saved in {folder.name or folder}.")

        self._shell.desk.act(
            self,
            lambda work: save_batch_file(work, row.id, folder),
            said,
            self._shell.messages.refused,
        )

    def open_outbox(self, _row: BatchRow) -> None:
        """Open the folder from which files go to the clearinghouse."""

        def opened(folder: Path | None) -> None:
            if folder is None:
                self._shell.messages.problem(
                    "No outbox is set.", hint="Name a folder under Setup, Claim files."
                )
            else:
                self._open_folder(folder)

        self._shell.desk.ask(self, outbox, opened, self._shell.messages.refused)

    def show_pages(self, row: BatchRow) -> None:
        """Show the claims as forms: on their way to the printer, or as a copy for the file."""
        paper = row.route is Route.PAPER
        wanted = self._shell.preferences.forms_printer()

        def ask(work: Work) -> bytes:
            if paper:
                printer = known_printer(work, wanted)
                if printer:
                    return batch_pdf(work, row.id, CmsMode.RED_FORM, printer=printer)
                return batch_file(work, row.id).data
            return batch_pdf(work, row.id, CmsMode.FILE_COPY)

        words = "forms to print" if paper else "file copy"
        mode = CmsMode.RED_FORM if paper else CmsMode.FILE_COPY
        given = noted(
            self._shell,
            self,
            lambda work, how: note_batch_given(work, row.id, how, what=mode.value),
        )
        self._shell.desk.ask(
            self,
            ask,
            lambda pdf: self._shell.preview(
                pdf, f"{row.number}, {words}", f"CMS1500-{row.number}.pdf", given
            ),
            self._shell.messages.refused,
        )

    def send_again(self, row: BatchRow) -> None:
        """Ask first, then let the same file go once more."""
        dialog = QuestionDialog(
            f"Send {row.file_name} once more?",
            "The same file goes to the outbox again, byte for byte: for one that the clearinghouse"
            " has lost. One that it has already, it drops by its number.",
            "Send it again",
            "Leave it",
            self._window().window(),
        )
        dialog.accepted.connect(partial(self._send_again, row))
        _open(dialog)

    def take_back(self, row: BatchRow) -> FieldsDialog:
        """Ask why; then its claims can be sent anew, and its file leaves the outbox."""
        dialog = FieldsDialog(
            f"Take {row.number} back?",
            f"Its {count_text(row.claims, 'claim')} can be sent again then. Do it only while no"
            " payer has them, or they are billed twice.",
            ("Take it back", "Taking back…"),
            self._window(),
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="Sent for the wrong day"))
        dialog.row(anyway=CheckField(_ANYWAY[row.route]))

        def act(work: Work) -> UndoneBatch:
            return undo_batch(
                work,
                row.id,
                str(dialog.value("reason")),
                anyway=bool(dialog.value("anyway")),
            )

        def said(done: UndoneBatch) -> None:
            self._shell.messages.info(
                f"{done.number} is taken back: {count_text(done.claims, 'claim')} can be sent anew."
            )
            self._write()

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, said))
        open_dialog(dialog)
        return dialog

    def _send_again(self, row: BatchRow) -> None:
        def said(number: str) -> None:
            self._write(f"{number} goes to the outbox once more.")

        self._shell.desk.act(
            self, lambda work: send_again(work, row.id), said, self._shell.messages.refused
        )

    def _write(self, words: str = "") -> None:
        """Let the outbox follow what was saved; a folder that refuses is told."""

        def act(work: Work) -> str:
            waiting = write_missing(work).waiting
            return f"{words} {waiting[0].reason}".strip() if waiting and words else words

        def said(sentence: str) -> None:
            if sentence:
                self._shell.messages.info(sentence)

        self._shell.desk.act(self, act, said, self._shell.messages.refused)


def why_not_saved(row: BatchRow) -> str:
    """Return why a batch has no file to save, or ""."""
    return "A portal's batch has no file." if row.route is Route.PORTAL else ""


def why_no_pages(row: BatchRow) -> str:
    """Return why a batch has no forms, or ""."""
    if row.route is Route.PORTAL:
        return "A portal takes no forms; the check-list has what to type."
    return ""


def why_not_again(row: BatchRow) -> str:
    """Return why a batch's file does not go once more, or ""."""
    if row.route is not Route.ELECTRONIC:
        return _NOT_BY_FILE
    if row.state is not BatchState.SENT:
        return "Only a batch that nobody has answered is sent again."
    return "Its file waits for the outbox already." if row.waits else ""


def why_not_back(row: BatchRow) -> str:
    """Return why a batch cannot be taken back, or ""."""
    if row.undoable:
        return ""
    if row.state is BatchState.UNDONE:
        return "It was taken back already."
    return "It was answered. Correct or void its claims one by one."


def _open(dialog: QuestionDialog) -> None:
    """Show a question that is thrown away when it closes."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _ask_folder(window: QWidget) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(window.window(), "Save the file of the batch in")
    return Path(chosen) if chosen else None


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
