"""What a screen is to the window, and what the window is to a screen.

A screen knows no other screen: it asks its `Shell` to open one. The window knows no screen: it
sends the shared keys (ui.md section 8) to whichever is in front. Commands are ordinary actions
that a screen adds to itself; Ctrl+K and Ctrl+/ list them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fscdesk.services.billing.sendings import SentBy
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.messages import Messages
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.undo import UndoStack

Given = Callable[[SentBy, str], object]
"""Told how pages left the preview, and where they went: a printer, a folder."""


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """What every screen may show of the practice and of the person at the desk."""

    name: str
    user: str
    zone: ZoneInfo
    patient: str = "Client"
    patients: str = "Clients"


class Shell(Protocol):
    """What a screen is given: the way to the services, to people, and to other screens."""

    @property
    def desk(self) -> Desk:
        """The only way to the services."""

    @property
    def messages(self) -> Messages:
        """The only way to say something."""

    @property
    def undo(self) -> UndoStack:
        """What Ctrl+Z would undo."""

    @property
    def preferences(self) -> Preferences:
        """What this workstation remembers of the look."""

    @property
    def practice(self) -> PracticeFacts:
        """The practice's name, its words and its zone."""

    def open(self, place_key: str, **what: object) -> None:
        """Bring another place to the front, on the thing that `what` names."""

    def back(self) -> None:
        """Return to where the person was before, on the same row."""

    def has(self, place_key: str) -> bool:
        """Whether a place can be opened: a screen shows no button that leads nowhere."""

    def set_count(self, place_key: str, count: int) -> None:
        """Show in the rail how much waits for a person there; 0 shows nothing."""

    def preview(self, pdf: bytes, title: str, file_name: str, given: Given | None = None) -> None:
        """Show pages, to print or to keep; ``given`` is told when they have left the program."""


class Screen(QWidget):
    """One place of the window. Override what the screen can do; leave the rest alone.

    A shared key works, and is listed, only where its method is overridden. Commands that
    belong to this screen alone are `QAction`s given to `addAction`.
    """

    title = ""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shell = shell

    def primary(self) -> QAction | None:
        """The screen's one primary act (Ctrl+Enter), or None when there is none now."""
        return None

    def new(self) -> None:
        """Begin what "new" means here (Ctrl+N)."""

    def refresh(self) -> None:
        """Look again (F5, Ctrl+R)."""

    def find_(self) -> None:
        """Put the cursor where this screen is searched (Ctrl+F)."""

    def export(self) -> None:
        """Export what is shown (Ctrl+Shift+E)."""

    def print_(self) -> None:
        """Print or preview (Ctrl+P)."""

    def save(self) -> None:
        """Save the form (Ctrl+S)."""

    def explain(self) -> None:
        """Explain this balance (Ctrl+E)."""

    def next_exception(self) -> None:
        """Go to the next thing that needs an answer (Ctrl+J)."""

    def escape(self) -> bool:
        """Step back inside the screen (Esc); False when there is nothing to step back from."""
        return False

    def panes(self) -> tuple[QWidget, ...]:
        """The parts that F6 goes through, in reading order; none means the whole screen."""
        return ()

    def here(self) -> Mapping[str, object]:
        """What brings a person back to this row: handed to `on_shown` by back and forward."""
        return {}

    def on_shown(self, **what: object) -> None:
        """The screen has come to the front, to show `what` (nothing: as it was left)."""


SHARED_KEYS: tuple[tuple[str, str, str], ...] = (
    ("new", "Ctrl+N", "New"),
    ("refresh", "F5", "Look again"),
    ("find_", "Ctrl+F", "Find in this list"),
    ("export", "Ctrl+Shift+E", "Export what is shown"),
    ("print_", "Ctrl+P", "Print or preview"),
    ("save", "Ctrl+S", "Save the form"),
    ("explain", "Ctrl+E", "Explain this balance"),
    ("next_exception", "Ctrl+J", "Next exception"),
)
"""Method of a screen, its key, and its words in Ctrl+K and Ctrl+/."""


def offers(screen: QWidget, method: str) -> bool:
    """Whether a screen has made this shared command its own."""
    base: Callable[..., object] = getattr(Screen, method)
    return getattr(type(screen), method, base) is not base
