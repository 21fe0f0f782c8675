"""Gives an explained balance to who pays: on paper or as a mail draft, kept and on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.audit import record
from fscdesk.services.billing.eml import EmailFile, write_email
from fscdesk.services.billing.explaining import Told, explain
from fscdesk.services.billing.explaining_page import ExplanationPage, make_explanation
from fscdesk.services.billing.sendings import SentBy, log_sending
from fscdesk.services.errors import Problem
from fscdesk.services.patients.queries import patient_detail
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import day_text

AskFolder = Callable[[QWidget, str], Path | None]
"""Asks a person for a folder under a title; None is no."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a caller is asked, so that nothing is told to somebody else."""

    birth_date: date | None
    phone: str


class ExplainGiving(QObject):
    """What leaves the desk of an explanation. Each is a disclosure, and is written down."""

    def __init__(self, shell: Shell, window: QWidget, ask_folder: AskFolder | None = None) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._ask_folder = ask_folder or ask_for_folder

    def print_(self, patient_id: int, told: Told | None) -> None:
        """Make the page of a charge (or of the account), log it, and show it to be printed."""

        def show(page: ExplanationPage) -> None:
            self._shell.messages.info(
                f"{page.number} explains {_what(told)}. It is kept with the account, and that it"
                " was given out is on record."
            )
            self._shell.preview(page.pdf, f"Explanation {page.number}", f"{page.number}.pdf")

        self._shell.desk.act(
            self, partial(_print, patient_id, told), show, self._shell.messages.refused
        )

    def email(self, patient_id: int, told: Told | None) -> None:
        """Write the page into a draft for the mail program, in a folder that is asked for."""
        folder = self._ask_folder(self._window, "Folder for the e-mail")
        if folder is None:
            return

        def done(written: EmailFile) -> None:
            self._shell.messages.info(
                f"{written.path.name} for {written.to} is in {written.path.parent.name}."
                " Open it in the mail program to send it."
            )

        self._shell.desk.act(
            self, partial(_email, patient_id, told, folder), done, self._shell.messages.refused
        )

    def identity(self, patient_id: int, then: Callable[[Identity], None]) -> None:
        """Look up what a caller is asked; that it was looked up is on record."""
        self._shell.desk.act(
            self,
            partial(_identity, patient_id),
            then,
            self._shell.messages.refused,
        )


def ask_for_folder(window: QWidget, title: str) -> Path | None:
    """Ask for a folder with the system's own dialog."""
    chosen = QFileDialog.getExistingDirectory(window, title)
    return Path(chosen) if chosen else None


def _what(told: Told | None) -> str:
    if told is None or told.charge_id is None:
        return "the account"
    return f"{told.code or told.service} of {day_text(told.day)}"


def _page(work: Work, patient_id: int, told: Told | None) -> ExplanationPage:
    charge = None if told is None else told.charge_id
    if told is not None and charge is not None and not told.client:
        waits = " ".join(one.sentence for one in told.waits)
        raise Problem(
            f"Nothing of {_what(told)} is the client’s to pay.",
            hint=f"Nothing was printed. {waits}".strip(),
        )
    if charge is None:
        return make_explanation(work, explain(work, patient_id=patient_id))
    return make_explanation(work, explain(work, charge_id=charge))


def _print(patient_id: int, told: Told | None, work: Work) -> ExplanationPage:
    page = _page(work, patient_id, told)
    log_sending(work, SentBy.PRINT, document_id=page.document_id)
    return page


def _email(patient_id: int, told: Told | None, folder: Path, work: Work) -> EmailFile:
    page = _page(work, patient_id, told)
    return write_email(work, folder, document_id=page.document_id)


def _identity(patient_id: int, work: Work) -> Identity:
    detail = patient_detail(work, patient_id)
    record(work, "show_identity", "patient", patient_id)
    return Identity(detail.birth_date, detail.guarantor.fields.phone)
