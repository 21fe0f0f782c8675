"""The Statements tab: the plan of a run, the run, and the runs before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.part import BillingPart
from fscdesk.ui.screens.statements import StatementsScreen
from fscdesk.ui.screens.statements.run_page import AskFolder
from fscdesk.ui.screens.statements.screen import PLAN
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.keeping import Keeping


class StatementsPart(BillingPart):
    """Hands everything on to the statements, whose title line is that of Billing."""

    def __init__(
        self,
        shell: Shell,
        keeping: Keeping,
        ask_path: AskPath | None = None,
        ask_folder: AskFolder | None = None,
    ) -> None:
        super().__init__()
        self.inner = StatementsScreen(
            shell, self, keeping=keeping, ask_path=ask_path, ask_folder=ask_folder
        )
        self.inner.line.hide()
        self.inner.turned.connect(self.told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(self.inner)
        self.addActions(self.inner.actions())
        self._shown = False

    def primary(self) -> QAction | None:
        return self.inner.primary()

    def buttons(self) -> tuple[QWidget, ...]:
        if self.inner.page() == PLAN:
            return (self.inner.look, self.inner.filters, self.inner.past)
        return (self.inner.past,)

    def find_(self) -> None:
        self.inner.find_()

    def refresh(self) -> None:
        self.inner.refresh()

    def export(self) -> None:
        self.inner.export()

    def print_(self) -> None:
        self.inner.print_()

    def escape(self) -> bool:
        return self.inner.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.inner.panes()

    def enter(self) -> None:
        if not self._shown:  # the tab was opened by hand: nobody has said what to show
            self.show_what({})
        self.inner.focus()

    def show_what(self, what: Mapping[str, Any]) -> None:
        self._shown = True
        self.inner.on_shown(**what)

    def here(self) -> Mapping[str, object]:
        return self.inner.here()
