"""The first button of a list's pane as the tab's primary act (Ctrl+Enter)."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fscdesk.ui.actions import action
from fscdesk.ui.tables.pane_tab import PaneTab


class FirstStep:
    """Follows the pane: what its first button says and whether it is on."""

    def __init__(self, owner: QWidget, listed: PaneTab[Any]) -> None:
        self._listed = listed
        self._act = action(owner, "First step", self._press)
        self._act.setVisible(False)

    def primary(self) -> QAction | None:
        """Return the act, or None while the pane has no primary button."""
        button = self._listed.primary_button()
        if button is None:
            return None
        self._act.setText(button.words())
        self._act.setEnabled(button.isEnabled())
        self._act.setStatusTip(button.toolTip())
        return self._act

    def _press(self) -> None:
        button = self._listed.primary_button()
        if button is not None and button.isEnabled():
            button.click()
