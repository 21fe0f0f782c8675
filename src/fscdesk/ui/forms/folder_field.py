"""A folder: its path on one line, typed or chosen with the system's own dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import TextField

AskFolder = Callable[[QWidget, str], Path | None]


class FolderField(TextField):
    """The path of a folder, with a button beside it that chooses one. ``ask`` is for tests."""

    def __init__(
        self, label: str, *, hint: str = "", longest: int = 400, ask: AskFolder | None = None
    ) -> None:
        super().__init__(label, optional=True, hint=hint, longest=longest)
        self.ask = ask or _ask_system
        self.choose = Button("Choose…", "folder-open", on=self._choose)
        self.choose.setAccessibleName(f"{label}: choose a folder")
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        at = column.indexOf(self.edit)
        column.removeWidget(self.edit)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.choose)
        column.insertLayout(at, line)

    def _choose(self) -> None:
        folder = self.ask(self, f"{self.name}: the folder")
        if folder is not None:
            self.set_value(str(folder))
        self.edit.setFocus()


def _ask_system(window: QWidget, title: str) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(window, title)
    return Path(chosen) if chosen else None
