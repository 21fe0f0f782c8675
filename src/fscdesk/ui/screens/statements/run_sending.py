"""What is left to do with a run: e-mails to write, paper to mail, or the whole run to undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from fscdesk.services.billing.sendings import SentBy
from fscdesk.services.billing.statement_sending import (
    UnsentRow,
    mark_sent,
    mark_unsent,
    undo_run,
    unsent,
    write_statement_emails,
)
from fscdesk.services.work import Work
from fscdesk.ui.actions import action
from fscdesk.ui.dialogs.question import ReasonDialog
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import Label, count_text
from fscdesk.ui.undo import Undo

Folder = Callable[[], Path | None]


class RunSending(QWidget):
    """The unsent part of one run; what is sent is logged.

    Only a run of which nothing was sent can be undone.
    """

    changed = Signal()
    """Another count of what is not sent."""
    undone = Signal()

    def __init__(self, shell: Shell, ask_folder: Folder) -> None:
        super().__init__()
        self._shell, self._ask_folder = shell, ask_folder
        self.run_id: int | None = None
        self.rows: tuple[UnsentRow, ...] = ()
        self._whole = 0
        self.email = action(self, "Write the e-mails…", self.write_emails, "Ctrl+Shift+M")
        self.mailed = action(self, "Mark as sent", self.mark_paper_sent)
        self.undo = action(self, "Undo the run…", self.ask_undo)
        line = QHBoxLayout(self)
        line.setContentsMargins(36, 4, 0, 0)
        line.setSpacing(8)
        self.words = Label("", "quiet")
        line.addWidget(self.words)
        line.addStretch(1)
        for one, icon in ((self.email, "mail"), (self.mailed, "check"), (self.undo, "undo-2")):
            line.addWidget(ActionButton(one, icon, compact=True))

    @property
    def emailed(self) -> frozenset[int]:
        """The statements that still go by e-mail."""
        return frozenset(row.id for row in self.rows if row.send_by.value == "email")

    @property
    def on_paper(self) -> tuple[UnsentRow, ...]:
        """Those that are still to be mailed."""
        return tuple(row for row in self.rows if row.send_by.value != "email")

    def open_run(self, run_id: int, whole: int) -> None:
        """Ask what of a run of so many statements is not sent."""
        self.run_id, self._whole = run_id, whole

        def found(rows: tuple[UnsentRow, ...]) -> None:
            if self.run_id == run_id:
                self.rows = rows
                self._judge()

        self._shell.desk.ask(
            self, lambda work: unsent(work, run_id), found, self._shell.messages.refused
        )

    def write_emails(self) -> None:
        """Write one file for each statement that goes by e-mail, addressed from its own record."""
        run_id = self.run_id
        folder = self._ask_folder() if run_id is not None and self.emailed else None
        if run_id is None or folder is None:
            return

        def done(count: int) -> None:
            self._again()
            files = count_text(count, "e-mail")
            verb = "is" if count == 1 else "are"
            self._shell.messages.info(
                f"{files} {verb} written to {folder.name or folder}, each for one recipient."
            )

        self._shell.desk.act(
            self,
            lambda work: len(write_statement_emails(work, folder, run_id)),
            done,
            self._shell.messages.refused,
            title=f"E-mails of run {run_id}",
        )

    def mark_paper_sent(self) -> None:
        """Note that the printed statements are in the mail."""
        ids = [row.id for row in self.on_paper]
        if not ids:
            return

        def done(count: int) -> None:
            self._again()
            verb = "is" if count == 1 else "are"
            self._shell.messages.info(
                f"{count_text(count, 'statement')} {verb} marked as sent.",
                undo=Undo("marking as sent", _unmark(ids)),
            )

        self._shell.desk.act(
            self,
            lambda work: mark_sent(work, ids, how=SentBy.PRINT),
            done,
            self._shell.messages.refused,
        )

    def ask_undo(self) -> None:
        """Ask for the reason, then undo the run: its statements count as never sent."""
        run_id = self.run_id
        if run_id is None:
            return
        dialog = ReasonDialog(
            f"Undo run {run_id}?",
            "Its statements count as never sent, and the next ones begin where those before it"
            " ended. The pages are kept.",
            "Undo the run",
            "Keep it",
            parent=self.window(),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def closed(result: int) -> None:
            if result == QDialog.DialogCode.Accepted:
                self._undo(run_id, dialog.reason())

        dialog.finished.connect(closed)
        dialog.open()

    def _undo(self, run_id: int, reason: str) -> None:
        def done(count: int) -> None:
            words = count_text(count, "statement")
            self._shell.messages.info(f"Run {run_id} is undone: {words} count as never sent.")
            self.undone.emit()

        self._shell.desk.act(
            self,
            lambda work: undo_run(work, run_id, reason=reason),
            done,
            self._shell.messages.refused,
        )

    def _again(self) -> None:
        if self.run_id is not None:
            self.open_run(self.run_id, self._whole)

    def _judge(self) -> None:
        mail, paper = len(self.emailed), len(self.on_paper)
        self.email.setText(f"Write {count_text(mail, 'e-mail')}…")
        self.email.setVisible(bool(mail))
        self.mailed.setText(f"Mark {count_text(paper)} as sent")
        self.mailed.setVisible(bool(paper))
        self.undo.setVisible(bool(self.rows) and len(self.rows) == self._whole)
        parts = []
        if paper:
            parts.append(f"{paper:,} on paper")
        if mail:
            parts.append(f"{mail:,} by e-mail")
        self.words.setText(
            f"Not sent yet: {', '.join(parts)}." if parts else "Nothing of it waits to be sent."
        )
        self.changed.emit()


def _unmark(ids: list[int]) -> Callable[[Work], str]:
    def act(work: Work) -> str:
        count = mark_unsent(work, ids, reason="Marked by mistake")
        return f"{count_text(count, 'statement')} wait to be sent again."

    return act
