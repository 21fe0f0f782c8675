"""What can be done with an entry: turn it back, copy it, keep a paper with it, open a paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.accounting.attachments import Attachment, attach, attachment_bytes
from fscdesk.services.accounting.entry_days import DayTakes, day_takes
from fscdesk.services.accounting.journal import EntryKind, PostedEntry, reverse_manual
from fscdesk.services.accounting.ledgers import EntryRow
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.messages import Help
from fscdesk.ui.screens.accounting.entry_posting import read_paper
from fscdesk.ui.screens.accounting.part import Rooms
from fscdesk.ui.text import day_text, money_text

PDF = ".pdf"


class JournalActs(QObject):
    """Each act says what it did. ``after`` is told which entry to look at then.

    What turns an entry back is not turned back itself: ``copy`` begins the entry anew instead.
    """

    def __init__(
        self,
        rooms: Rooms,
        window: QWidget,
        after: Callable[[int], object] = lambda _id: None,
        copy: Callable[[EntryRow], object] = lambda _row: None,
    ) -> None:
        super().__init__(window)
        self._rooms, self._shell, self._window = rooms, rooms.shell, window
        self._after, self._copy = after, copy

    def turn_back(self, row: EntryRow) -> None:
        """Ask for a day and a reason, and post the opposite of an entry."""
        today = self._rooms.today()
        dialog = FieldsDialog(
            f"Turn entry {row.number} back",
            f"Its opposite of {money_text(row.amount)} is posted; both entries stay in the"
            " journal.",
            ("Turn it back", "Posting…"),
            self._window,
        )
        on = DateField("On", max(today, row.on), today=self._rooms.today)
        late = TextField("Why into a closed month", longest=300, optional=True)
        dialog.row(reason=reason_field(example="Posted twice"))
        dialog.row(on=on)
        dialog.row(late=late)
        late.hide()
        dialog.fit()

        def know(found: DayTakes) -> None:
            late.setVisible(found.asks_reason)
            late.optional = not found.asks_reason
            on.set_hint(found.words)
            dialog.fit()

        def look() -> None:
            day = on.value()
            if day is not None:
                ask = partial(day_takes, on=day, kind=EntryKind.REVERSAL)
                self._shell.desk.ask(dialog, ask, know)

        on.changed.connect(look)
        look()
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(
                    _turn_back,
                    row.id,
                    str(dialog.value("reason")),
                    dialog.value("on"),
                    "" if late.isHidden() else late.value(),
                ),
                partial(self._turned, row),
            )
        )
        open_dialog(dialog)

    def keep_paper(self, row: EntryRow) -> None:
        """Ask for a file, and keep it with an entry that a person wrote."""
        ask = self._rooms.ask_file
        chosen = ask(self._window.window()) if ask is not None else None
        if chosen is None:
            return

        def kept(_id: int) -> None:
            self._shell.messages.info(f"{chosen.name} is kept with entry {row.number}.")
            self._after(row.id)

        self._shell.desk.act(
            self, partial(_keep, row.id, chosen), kept, self._shell.messages.refused
        )

    def open_paper(self, paper: Attachment) -> None:
        """Show a kept PDF as pages; write a copy of any other paper where a person says."""

        def read(data: bytes) -> None:
            if paper.file_name.lower().endswith(PDF):
                self._shell.preview(data, paper.file_name, paper.file_name)
            else:
                self._copy_out(paper, data)

        self._shell.desk.ask(
            self,
            lambda work: attachment_bytes(work, paper.id),
            read,
            self._shell.messages.refused,
        )

    def _copy_out(self, paper: Attachment, data: bytes) -> None:
        ask = self._rooms.ask_path or _ask_path
        chosen = ask(self._window.window(), paper.file_name, paper.number)
        if not chosen:
            return
        try:
            Path(chosen).write_bytes(data)
        except OSError as fault:
            self._shell.messages.problem(
                f"{Path(chosen).name} cannot be written: {fault.strerror}.",
                hint="Nothing was written. Choose another folder.",
            )
            return
        self._shell.messages.info(f"A copy of {paper.file_name} is at {Path(chosen).name}.")

    def _turned(self, row: EntryRow, made: PostedEntry) -> None:
        self._shell.messages.info(
            f"Entry {row.number} is turned back by {made.number} on {day_text(made.on)}. Where it"
            " was right after all, post a copy of it.",
            help=Help("Copy it", lambda: self._copy(row)),
        )
        self._after(row.id)


def _turn_back(entry_id: int, reason: str, on: date | None, late: str, work: Work) -> PostedEntry:
    return reverse_manual(work, entry_id, reason=reason, on=on, late_reason=late or None)


def _keep(entry_id: int, path: Path, work: Work) -> int:
    try:
        data = read_paper(path)
    except Problem as unread:
        raise Problem(unread.message, hint="Nothing was kept. Look at the file.") from None
    return attach(work, entry_id, path.name, data)


def _ask_path(window: QWidget, name: str, _words: str) -> str:
    chosen, _kind = QFileDialog.getSaveFileName(window, "Write a copy", name)
    return chosen
