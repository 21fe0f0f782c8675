"""The first step: choose files, drop them, or take the newest one; below, the last imports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.importing.history import BatchRow
from fscdesk.services.importing.taking_back import Undone
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.importing.watching import Nothing, Noticed
from fscdesk.ui import icons, theme
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.dialogs.question import QuestionDialog
from fscdesk.ui.forms.buttons import ActionButton, Button, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.painting import box
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.importing import last_imports
from fscdesk.ui.screens.importing.run import ImportRun
from fscdesk.ui.screens.importing.words import undone_words
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.text import ElidedLabel, Label, moment_text

NOTHING = {
    Nothing.NO_FOLDER: ("No such folder", "It does not exist. Choose another folder."),
    Nothing.NO_REPORT: ("Nothing new", "There is no report in it."),
    Nothing.ALL_IMPORTED: ("Nothing new", "Every report there was imported already."),
    Nothing.ALL_OLDER: ("Nothing new", "The reports there are older than the last import."),
}
"""What the card says where no file waits, and why."""


class DropPlace(QWidget):
    """A dashed place to drop files on; the buttons in it do the same by key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hot = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("Files to import")

    def set_hot(self, hot: bool) -> None:
        """Show that files are held over it."""
        self.hot = hot
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, theme.now.px(132))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        fill = now.accent_tint if self.hot else now.sunken
        line = now.accent if self.hot else now.border_strong
        box(painter, self.rect(), now.radius_card, fill, line, dashed=True)
        side = now.px(28)
        top = (self.height() - side) / 2
        icons.paint(painter, "file-input", "accent" if self.hot else "text3", 24, top, side)


class FilesStep(QWidget):
    """Where files come from. Says `chosen`, `newest` and `folder`; the screen does the asking."""

    choose = Signal()
    newest = Signal()
    other_folder = Signal()

    def __init__(self, shell: Shell, run: ImportRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell, self._run = shell, run
        self._folder = Path()
        self._goes_on = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(LEFT, 0, RIGHT + 8, 20)
        top.setSpacing(16)
        top.addWidget(self._build_drop(), 1)
        top.addWidget(self._build_notice(), 1)
        column.addLayout(top)
        column.addWidget(Line())
        head = Label("Last imports", "section")
        head.setContentsMargins(LEFT, 14, RIGHT, 10)
        column.addWidget(head)
        spec = last_imports.spec(
            shell.practice.zone,
            self._undo,
            self._show_sessions if shell.has("sessions") else None,
            self.choose.emit,
        )
        self.last: ListPart[BatchRow] = ListPart(
            shell.desk, spec, messages=shell.messages, keeping=keeping_in_books()
        )
        self.last.opened.connect(lambda row: self._show_sessions([row]))
        column.addWidget(self.last, 1)
        column.addWidget(self._build_row_foot())
        self.last.current_changed.connect(self._on_row)
        run.noticed.connect(self.show_noticed)
        self._on_row(None)

    def primary(self) -> QAction:
        """Import what was noticed."""
        return self.go_on

    def focus(self) -> None:
        """Put the focus where the next key is most likely meant for.

        While the folder is still looked at, that is not known: the focus waits on "Choose files"
        and goes on to what is found, unless the person has moved it by then. So a fast disk and a
        slow one end in the same place.
        """
        button = self.take if self.take.isEnabled() else self.browse
        self._goes_on = button is self.browse
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def watch(self, folder: Path) -> None:
        """Show which folder is watched, and look into it."""
        self._folder = folder
        self._where.setText(f"New in {folder.name or folder}")
        self._where.setToolTip(str(folder))
        self._run.notice(folder)

    def show_noticed(self, found: Noticed | Nothing) -> None:
        """Show the file that waits, or why none does."""
        why = ""
        if isinstance(found, Nothing):
            name, words = NOTHING[found]
            self._name.setText(name)
            self._what.setText(words)
            missing = found is Nothing.NO_FOLDER
            why = "The folder does not exist." if missing else "No new export is there."
        else:
            self._name.setText(found.path.name)
            when = moment_text(found.modified_at, self._shell.practice.zone)
            self._what.setText(f"{found.title}, saved {when}")
        off_because(self.go_on, why)
        if self._goes_on and self.browse.hasFocus():
            self.focus()
        self._goes_on = False

    def _build_drop(self) -> QWidget:
        self.drop = DropPlace()
        column = QVBoxLayout(self.drop)
        column.setContentsMargins(76, 16, 16, 16)
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(Label("Drop reports here, or choose them", "section"))
        hint = Label("CSV or Excel, several at once. Their names do not matter.", "hint", wrap=True)
        column.addWidget(hint)
        column.addSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.browse = Button("Choose files", "folder-open", on=self.choose.emit)
        line.addWidget(self.browse)
        line.addWidget(Keycap("Ctrl+O"))
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        return self.drop

    def _build_notice(self) -> QWidget:
        card = _Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 16, 16)
        column.setSpacing(2)
        head = QHBoxLayout()
        self._where = ElidedLabel("", "hint")
        head.addWidget(self._where, 1)
        other = Button("Other folder", kind="link", compact=True, on=self.other_folder.emit)
        head.addWidget(other)
        column.addLayout(head)
        self._name = ElidedLabel("Looking…", "section")
        self._what = ElidedLabel("", "hint")
        column.addWidget(self._name)
        column.addWidget(self._what)
        column.addSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.go_on = action(self, "Import it", self.newest.emit)
        off_because(self.go_on, "Still looking.")
        self.take = ActionButton(self.go_on, "file-input", "primary")
        line.addWidget(self.take)
        line.addWidget(Keycap("Ctrl+I"))
        line.addStretch(1)
        column.addLayout(line)
        return card

    def _build_row_foot(self) -> QWidget:
        self._row_foot = QWidget()
        line = QHBoxLayout(self._row_foot)
        line.setContentsMargins(LEFT, 8, RIGHT + 8, 8)
        line.setSpacing(8)
        self._row_words = ElidedLabel("", "hint")
        line.addWidget(self._row_words, 1)
        self.sessions = Button(
            "Show its sessions", compact=True, on=lambda: self._show_sessions(self.last.chosen())
        )
        self.undo = Button(
            "Undo this import", "undo-2", compact=True, on=lambda: self._undo(self.last.chosen())
        )
        line.addWidget(self.sessions)
        if not self._shell.has("sessions"):
            self.sessions.hide()
        line.addWidget(self.undo)
        return self._row_foot

    def _on_row(self, row: BatchRow | None) -> None:
        self._row_foot.setVisible(row is not None)
        if row is None:
            return
        self._row_words.setText(
            f"Import {row.id}: {row.read:,} read, {row.created:,} new, {row.changed:,} changed, "
            f"{row.unchanged:,} unchanged, {row.skipped:,} skipped, {row.gone:,} not in the file"
        )
        undone = ""
        if row.undone_at is not None:
            when = moment_text(row.undone_at, self._shell.practice.zone)
            undone = f"Undone on {when} by {row.undone_by}."
        self.undo.off_because(undone)
        self.sessions.off_because("" if row.of_sessions else "The file held no sessions.")

    def _show_sessions(self, rows: Sequence[BatchRow]) -> None:
        if rows and rows[0].of_sessions and self._shell.has("sessions"):
            self._shell.open("sessions", batch=rows[0].id)

    def _undo(self, rows: Sequence[BatchRow]) -> None:
        if not rows:
            return
        row = rows[0]
        dialog = QuestionDialog(
            f"Undo the import of {row.file_name}?",
            _undo_words(row),
            "Undo the import",
            "Keep it",
            self.window(),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._undo_now(row.id))
        dialog.open()

    def _undo_now(self, batch_id: int) -> None:
        self._shell.desk.act(
            self,
            lambda work: undo_import(work, batch_id),
            self._on_undone,
            self._shell.messages.refused,
            title=f"Undoing import {batch_id}",
        )

    def _on_undone(self, undone: Undone) -> None:
        self._shell.messages.info(undone_words(undone))
        self._run.notice(self._folder)


def _undo_words(row: BatchRow) -> str:
    what = (
        f"Its {row.created:,} new sessions are withdrawn"
        if row.of_sessions
        else f"What its {row.created:,} new rows made is taken out"
    )
    kept = f"its {row.changed:,} changed ones are as they were before"
    return f"{what}, {kept}. Every entry that it posted is reversed, and both stay in the ledger."


class _Card(QWidget):
    """A card without a heading."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        return QSize(300, theme.now.px(132))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        box(QPainter(self), self.rect(), now.radius_card, now.surface, now.border)
