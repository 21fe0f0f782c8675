"""What can be done with a request: approve, refuse, withdraw, take a run of write-offs back.

Nobody decides an own request: the buttons are off then, and the service refuses it too.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.billing.write_off_runs import undo_run
from fscdesk.services.payments.approving import Decision, RequestRow, approve, refuse, withdraw
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.wording import asked_word, sentences, stated
from fscdesk.ui.text import count_text

MOST_FINDINGS = 3


class ApprovalActs(QObject):
    """The acts on one request."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window

    def approve(self, row: RequestRow) -> None:
        """Approve a request, and do what it asks for."""
        self._shell.desk.act(
            self,
            lambda work: approve(work, row.id, expected_version=row.version),
            partial(self._say_approved, row),
            self._shell.messages.refused,
            title=f"Approving {row.number}",
        )

    def refuse(self, row: RequestRow) -> None:
        """Ask why, and refuse it; nothing posts."""
        dialog = FieldsDialog(
            f"Refuse request {row.number}",
            f"{row.asked_by} asked for {_what(row)}. Nothing is posted; the reason stays with it.",
            ("Refuse it", "Saving…"),
            self._window,
            keep_it="Decide later",
        )
        dialog.row(reason=reason_field())
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_refuse, row=row, note=str(dialog.value("reason"))),
                self._shell.messages.info,
            )
        )
        open_dialog(dialog)

    def withdraw(self, row: RequestRow) -> None:
        """Take an own request back."""
        self._shell.desk.act(
            self,
            partial(_withdraw, row=row),
            self._shell.messages.info,
            self._shell.messages.refused,
        )

    def undo_run(self, row: RequestRow) -> None:
        """Ask why, and take an approved run of write-offs back."""
        dialog = FieldsDialog(
            f"Take the write-offs of {row.number} back",
            f"{count_text(row.count, 'write-off')} of {stated(row.amount)} in all"
            f" {'is' if row.count == 1 else 'are'} reversed, and the balances are open again.",
            ("Take them back", "Posting…"),
            self._window,
        )
        dialog.row(reason=reason_field())
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_undo_run, row=row, why=str(dialog.value("reason"))),
                self._shell.messages.info,
            )
        )
        open_dialog(dialog)

    def _say_approved(self, row: RequestRow, done: Decision) -> None:
        left_out = [finding.message for finding in done.findings]
        more = len(left_out) - MOST_FINDINGS
        self._shell.messages.info(
            sentences(
                f"Request {row.number} is approved: {_what(row)}.",
                _follows(row, len(left_out)),
                *left_out[:MOST_FINDINGS],
                f"{count_text(more, 'more')} could not be done." if more > 0 else "",
            )
        )


def why_not_decided(row: RequestRow) -> str:
    """Return why the person at the desk cannot decide, or ""."""
    if row.status.value != "waiting":
        return _decided(row)
    if row.mine:
        return "You asked for this yourself. A second person must look at it."
    return "" if row.may_decide else f"{row.needs} decides this."


def why_not_withdrawn(row: RequestRow) -> str:
    """Return why the person at the desk cannot withdraw it, or ""."""
    if row.status.value != "waiting":
        return _decided(row)
    return "" if row.mine else "Only who asked can take a request back."


def _decided(row: RequestRow) -> str:
    return f"{row.number} was {row.status.value} already. Nothing of it waits."


def _what(row: RequestRow) -> str:
    word = asked_word(row.kind.value).lower()
    many = f" of {count_text(row.count, 'item')}" if row.count > 1 else ""
    return f"{word}{many}, {stated(row.amount)}"


def _follows(row: RequestRow, left_out: int) -> str:
    """Return what an approval has set going."""
    if row.kind.value == "refund":
        return "It can be paid now."
    if row.kind.value == "credit_memo":
        return "It is issued."
    done = row.count - left_out
    return f"{count_text(done, 'write-off')} posted."


def _refuse(work: Work, *, row: RequestRow, note: str) -> str:
    refuse(work, row.id, note=note, expected_version=row.version)
    return f"Request {row.number} is refused: {_what(row)}. Nothing was posted."


def _withdraw(work: Work, *, row: RequestRow) -> str:
    withdraw(work, row.id, expected_version=row.version)
    return f"Request {row.number} is withdrawn: {_what(row)}. Nothing was posted."


def _undo_run(work: Work, *, row: RequestRow, why: str) -> str:
    undo_run(work, row.id, reason=why)
    return f"The write-offs of {row.number}, {stated(row.amount)}, are taken back."
