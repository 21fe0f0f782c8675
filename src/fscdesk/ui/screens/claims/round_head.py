"""Where a payer is looked up: its portal, the address that opens, and the steps."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.claims.portal_round import PortalStop
from fscdesk.ui.forms.buttons import ActionButton, Button, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.text import ElidedLabel, Label, plain_tip

NO_PORTAL: Final = "No portal is named in Setup. Call the payer, or note its portal."
NO_ADDRESS: Final = "Setup has no address of this portal."
NOT_WEB: Final = "The address of this portal is none of a web page."
SHOWN_STEPS: Final = 5
_WEB: Final = ("http", "https")


def address_of(stop: PortalStop) -> QUrl | None:
    """Return the web page of a portal; None where it has none. It says nothing of a person."""
    url = QUrl.fromUserInput(stop.address.strip())
    return url if url.isValid() and url.scheme() in _WEB and url.host() else None


def why_not_opened(stop: PortalStop) -> str:
    """Return why a portal cannot be opened from here, or ""."""
    if not stop.portal:
        return NO_PORTAL
    if not stop.address:
        return NO_ADDRESS
    return "" if address_of(stop) is not None else NOT_WEB


class RoundHead(QWidget):
    """The payer's name, its portal with a button, and how a status is looked up there."""

    def __init__(self, opens: QAction, setup: QAction) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.name = ElidedLabel("", "section")
        self.way = ElidedLabel("", "quiet")
        self.steps = Label("", "small", wrap=True)
        self.open = ActionButton(opens, "external-link", compact=True)
        self.keycap = Keycap("Ctrl+Return")
        self.setup: Button = ActionButton(setup, "settings", compact=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.way)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(words, 1)
        for part in (self.open, self.keycap, self.setup):
            top.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 12, RIGHT, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.steps)

    def show_stop(self, stop: PortalStop) -> None:
        """Show a payer; the steps that are more than fit are in the tooltip."""
        self.name.setText(stop.payer)
        self.way.setText(
            ", ".join(part for part in (stop.portal, stop.address) if part) or NO_PORTAL
        )
        off = bool(why_not_opened(stop))
        self.open.setVisible(not off)
        self.keycap.setVisible(not off)
        self.setup.setVisible(off)
        lines = [f"{at}. {step}" for at, step in enumerate(stop.steps, start=1)]
        more = len(lines) - SHOWN_STEPS
        shown = lines if more <= 1 else [*lines[:SHOWN_STEPS], f"and {more} more steps"]
        self.steps.setText("\n".join(shown))
        self.steps.setToolTip(plain_tip("\n".join(lines)) if more > 1 else "")
        self.steps.setVisible(bool(lines))
