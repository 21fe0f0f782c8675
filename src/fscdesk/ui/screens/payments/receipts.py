"""Gives receipts: shown to print, as a draft for the mail program, as files in a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.billing.documents import Kept, document_bytes, kept_document
from fscdesk.services.billing.eml import EmailFile, write_email
from fscdesk.services.billing.page_files import write_pages
from fscdesk.services.payments.queries import PaymentRow
from fscdesk.services.payments.receipts import make_receipt
from fscdesk.services.work import Work
from fscdesk.ui.given_out import logged
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import count_text

AskFolder = Callable[[QWidget, str], Path | None]
"""Asks a person for a folder under a title; None is no."""


class Receipts(QObject):
    """A receipt that is still true is given again as it was; else another one is made."""

    def __init__(self, shell: Shell, window: QWidget, ask_folder: AskFolder | None = None) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._ask_folder = ask_folder or choose_folder

    def show(self, payment_id: int, *, anew: bool = False) -> None:
        """Show the receipt of a payment, to print or to keep."""

        def act(work: Work) -> tuple[Kept, bytes]:
            kept = make_receipt(work, payment_id, anew=anew)
            return kept, document_bytes(work, kept.id)

        self._shell.desk.act(self, act, self._preview, self._shell.messages.refused)

    def show_kept(self, document_id: int) -> None:
        """Show a receipt that was made before, byte for byte."""

        def ask(work: Work) -> tuple[Kept, bytes]:
            return kept_document(work, document_id), document_bytes(work, document_id)

        self._shell.desk.ask(self, ask, self._preview, self._shell.messages.refused)

    def email(self, payment_id: int) -> None:
        """Write the receipt into a draft for the mail program, in a folder that is asked for."""
        folder = self._ask_folder(self._window, "Folder for the e-mail")
        if folder is None:
            return
        self._shell.desk.act(
            self,
            partial(_email, payment_id, folder),
            self._say_written,
            self._shell.messages.refused,
        )

    def to_folder(self, rows: Sequence[PaymentRow]) -> None:
        """Write the receipts of several payments as PDF files."""
        folder = self._ask_folder(self._window, "Folder for the receipts")
        if folder is None:
            return
        ids = [row.id for row in rows]
        self._shell.desk.act(
            self,
            partial(_to_folder, ids, folder),
            lambda count: self._shell.messages.info(
                f"{count_text(count, 'receipt')} written to {folder.name}."
            ),
            self._shell.messages.refused,
            title=f"Writing {count_text(len(ids), 'receipt')}",
        )

    def _preview(self, made: tuple[Kept, bytes]) -> None:
        kept, pdf = made
        given = logged(self._shell, self, document_ids=[kept.id])
        self._shell.preview(pdf, f"Receipt {kept.number}", kept.file_name, given)

    def _say_written(self, written: EmailFile) -> None:
        self._shell.messages.info(
            f"{written.path.name} for {written.to} is in {written.path.parent.name}."
            " Open it in the mail program to send it."
        )


def choose_folder(window: QWidget, title: str) -> Path | None:
    """Ask for a folder with the system's own dialog."""
    chosen = QFileDialog.getExistingDirectory(window, title)
    return Path(chosen) if chosen else None


def _email(payment_id: int, folder: Path, work: Work) -> EmailFile:
    kept = make_receipt(work, payment_id)
    return write_email(work, folder, document_id=kept.id)


def _to_folder(ids: Sequence[int], folder: Path, work: Work) -> int:
    kept = [make_receipt(work, one).id for one in ids]
    return len(write_pages(work, folder, kept))
