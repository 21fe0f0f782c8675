"""A tab of Billing: what the screen asks of it beside the shared keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fscdesk.ui.parts import Part


class BillingPart(Part):
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
