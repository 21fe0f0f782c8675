"""A tab of Accounting: what the screen gives it, and what it asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.keeping import Keeping

AskFile = Callable[[QWidget], Path | None]
"""Asks for one file, over a window."""


@dataclass(frozen=True)
class Rooms:
    """What every tab is made with.

    ``today`` is the office's day. ``go`` brings another tab of the place to the front, by its
    key, on what is named. ``ask_path`` and ``ask_file`` stand for the dialogs of the system.
    """

    shell: Shell
    keeping: Keeping
    today: Callable[[], date]
    go: Callable[..., object]
    ask_path: AskPath | None = None
    ask_file: AskFile | None = None


class BooksPart(Part):
    """Override what the tab can do. Its own commands are actions that it adds to itself."""

    told = Signal()
    """The note or the buttons of the title line are others now."""

    def primary(self) -> QAction | None:
        """The one primary act of the tab (Ctrl+Enter), or None."""
        return None

    def buttons(self) -> tuple[QWidget, ...]:
        """What stands at the right of the title line while the tab is in front."""
        return ()

    def note(self) -> str:
        """What stands beside the name of the screen."""
        return ""

    def print_(self) -> None:
        """Print or preview (Ctrl+P)."""

    def show_what(self, what: Mapping[str, Any]) -> None:
        """Show what another screen asks for; empty: as it was left."""

    def here(self) -> Mapping[str, object]:
        """What brings a person back to this row."""
        return {}


class HeldPart(BooksPart):
    """A tab that is one part of another kind: a list, or a list with its form."""

    def __init__(self, inner: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inner = inner
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(inner, 1)

    def new_verb(self) -> str:
        return self.inner.new_verb()

    def new(self) -> None:
        self.inner.new()

    def save(self) -> None:
        self.inner.save()

    def can_save(self) -> bool:
        return self.inner.can_save()

    def find_(self) -> None:
        self.inner.find_()

    def refresh(self) -> None:
        self.inner.refresh()

    def export(self) -> None:
        self.inner.export()

    def escape(self) -> bool:
        return self.inner.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.inner.panes()

    def enter(self) -> None:
        self.inner.enter()
