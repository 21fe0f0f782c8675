"""Shows, mails and saves the pages of an account; makes superbills and good-faith estimates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.billing.documents import Kept, document_bytes
from fscdesk.services.billing.documents_sent import PaperRow
from fscdesk.services.billing.eml import EmailFile, write_email
from fscdesk.services.billing.estimate_pages import keep_estimate
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.page_files import write_pages
from fscdesk.services.billing.statements import statement_pdf_of
from fscdesk.services.billing.superbills import make_superbills
from fscdesk.services.printing.binding import together
from fscdesk.services.sessions.filters import NOT_KNOWN
from fscdesk.services.setup.services import services
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.given_out import logged
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.explain_giving import AskFolder, ask_for_folder
from fscdesk.ui.screens.patients.superbill_dialog import SuperbillDialog
from fscdesk.ui.text import day_text

SESSIONS = "sessions"
"""The place where a session gets its location."""
SERVICES = 3
MOST_TIMES = 200


Page = Kept | PaperRow
"""A page that is kept: a document, or any line of the account's papers."""


class DocumentActs(QObject):
    """What is done with pages; whatever leaves the office stands in the send log."""

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        patient_id: int,
        today: Callable[[], date],
        ask_folder: AskFolder | None = None,
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._patient_id = shell, window, patient_id
        self._today = today
        self._ask_folder = ask_folder or ask_for_folder

    def show(self, row: Page) -> None:
        """Show a page as it was kept, to print it; that it was printed goes into the send log."""

        def then(data: bytes) -> None:
            if data[:4] != b"%PDF":
                self._shell.messages.note(f"{row.number} is a file, not a page. Save it instead.")
                return
            documents, statements = _ids(row)
            given = logged(self._shell, self, document_ids=documents, statement_ids=statements)
            self._shell.preview(data, row.number, row.file_name, given)

        self._shell.desk.ask(self, partial(_bytes, row), then, self._shell.messages.refused)

    def email(self, row: Page) -> None:
        """Write a page into a draft for the mail program."""
        folder = self._ask_folder(self._window, "Folder for the e-mail")
        if folder is None:
            return

        def done(written: EmailFile) -> None:
            self._shell.messages.info(
                f"{written.path.name} for {written.to} is in {written.path.parent.name}."
                " Open it in the mail program to send it."
            )

        self._shell.desk.act(
            self,
            partial(_write_email, row, folder),
            done,
            self._shell.messages.refused,
        )

    def save(self, row: Page) -> None:
        """Write a document as a file to a folder."""
        folder = self._ask_folder(self._window, "Folder for the page")
        if folder is None:
            return
        self._shell.desk.act(
            self,
            lambda work: write_pages(work, folder, _ids(row)[0]),
            lambda _paths: self._shell.messages.info(f"{row.file_name} is in {folder.name}."),
            self._shell.messages.refused,
        )

    def superbill(self) -> None:
        """Ask for a period, and make a superbill of what was done in it."""
        dialog = SuperbillDialog(self._today, self._window)

        def act(work: Work) -> tuple[str, bytes, list[int]]:
            made = make_superbills(work, self._patient_id, *dialog.period())
            pages = [document_bytes(work, one.id) for one in made.documents]
            numbers = ", ".join(one.number for one in made.documents)
            return numbers, together(pages), [one.id for one in made.documents]

        def show(found: tuple[str, bytes, list[int]]) -> None:
            numbers, pdf, ids = found
            self._shell.messages.info(f"{numbers} is kept with the account.")
            given = logged(self._shell, self, document_ids=ids)
            self._shell.preview(pdf, f"Superbill {numbers}", f"{numbers}.pdf", given)

        def mend() -> None:
            period = dialog.period()
            dialog.reject()
            self._shell.open(
                SESSIONS,
                patient=self._patient_id,
                attendance="completed",
                location=NOT_KNOWN,
                day=period,
            )

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, show))
        dialog.show_sessions.clicked.connect(mend)
        open_dialog(dialog)

    def estimate(self) -> None:
        """Ask for services and how often, and make a good-faith estimate of them."""
        self._shell.desk.ask(self, _services, self._ask_estimate, self._shell.messages.refused)

    def _ask_estimate(self, offered: list[tuple[int, str]]) -> None:
        dialog = FieldsDialog(
            "Good-faith estimate",
            "For who pays without insurance. It holds for twelve months; a bill far above it can be"
            " disputed.",
            ("Make the estimate", "Drawing…"),
            self._window,
            keep_it="Leave it",
        )
        for at in range(1, SERVICES + 1):
            spare = at > 1
            service = ChoiceField[int](f"Service {at}", offered, optional=spare)
            count = NumberField(
                "How often", None if spare else 12, optional=spare, lowest=1, highest=MOST_TIMES
            )
            fields = {f"service{at}": service, f"count{at}": count}
            dialog.row(**fields)
        dialog.row(
            valid_from=DateField("From", self._today(), today=self._today),
            rate=MoneyField("Rate", optional=True, hint="Of the first; empty for its base rate."),
        )
        act = partial(_make_estimate, dialog.value, self._patient_id, uuid4().hex)

        def show(found: tuple[Kept, bytes]) -> None:
            kept, pdf = found
            said = f"Estimate {kept.number} of {day_text(self._today())} is kept with the account."
            self._shell.messages.info(said)
            given = logged(self._shell, self, document_ids=[kept.id])
            self._shell.preview(pdf, f"Estimate {kept.number}", kept.file_name, given)

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, show))
        open_dialog(dialog)


def _ids(row: Page) -> tuple[list[int], list[int]]:
    """Return the document, or else the statement, that a row is."""
    if isinstance(row, Kept):
        return [row.id], []
    return (
        [one for one in (row.document_id,) if one is not None],
        [one for one in (row.statement_id,) if one is not None],
    )


def _bytes(row: Page, work: Work) -> bytes:
    documents, statements = _ids(row)
    if documents:
        return document_bytes(work, documents[0])
    return statement_pdf_of(work, statements[0])


def _write_email(row: Page, folder: Path, work: Work) -> EmailFile:
    documents, statements = _ids(row)
    if documents:
        return write_email(work, folder, document_id=documents[0])
    return write_email(work, folder, statement_id=statements[0])


def _services(work: Work) -> list[tuple[int, str]]:
    return [
        (row.id, f"{row.fields.code} {row.fields.name}")
        for row in services(work)
        if row.fields.active
    ]


def _make_estimate(
    value: Callable[[str], object], patient_id: int, key: str, work: Work
) -> tuple[Kept, bytes]:
    lines = []
    for at in range(1, SERVICES + 1):
        service, count = value(f"service{at}"), value(f"count{at}")
        if isinstance(service, int):
            times = count if isinstance(count, int) else 1
            rate = value("rate") if at == 1 else None
            lines.append(NewLine(service, times, rate))  # type: ignore[arg-type]
    valid_from = value("valid_from")
    new = NewEstimate(
        patient_id,
        tuple(lines),
        valid_from=valid_from if isinstance(valid_from, date) else None,
        request_key=key,
    )
    kept = keep_estimate(work, make_estimate(work, new))
    return kept, document_bytes(work, kept.id)
