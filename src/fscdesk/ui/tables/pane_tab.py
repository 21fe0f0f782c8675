"""A list in a tab, with its pane: the pane's first button is the primary one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QApplication

from fscdesk.services.work import Topic
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.spec import ListSpec

R = TypeVar("R", bound=HasId)


class PaneTab(ListTab[R], Generic[R]):
    """Enter goes from the row into its pane (or does ``opens``), Esc comes back to the same row.

    ``follows`` are the topics after which the pane looks again although its row is the same.
    """

    def __init__(
        self,
        shell: Shell,
        spec: ListSpec[R],
        *,
        keeping: Keeping,
        follows: frozenset[Topic] = frozenset(),
        opens: Callable[[R], object] | None = None,
    ) -> None:
        super().__init__(shell, spec, keeping=keeping)
        self._follows = follows or spec.topics
        self._seen: FilterState | None = None
        self.list.opened.connect(opens if opens is not None else lambda _row: self.into_pane())
        self.list.answered.connect(self._on_answered)
        shell.desk.changed.connect(self._on_changed)

    def primary_button(self) -> Button | None:
        """Return the pane's first button, while it belongs to the row that is current."""
        pane = self.list.pane
        if pane is None or not self.list.pane_shown or not pane.foot.isEnabled():
            return None
        buttons = pane.foot.buttons()
        first = buttons[0] if buttons else None
        shown = isinstance(first, Button) and first.property("kind") == "primary"
        return first if shown and isinstance(first, Button) else None

    def look_at(self, state: FilterState, view: str = "", row_id: int | None = None) -> None:
        """Show other rows, and make one of them current."""
        self.list.filter_by(state, view)
        if row_id is not None:
            self.list.go_to(row_id)

    def into_pane(self) -> None:
        """Put the focus into the details, opening them where they are folded."""
        if not self.list.pane_shown:
            self.list.toggle_pane()
        pane = self.list.pane
        if pane is not None:
            target = pane.tabs if pane.tabs.isVisible() else self.primary_button()
            (target or pane).setFocus()

    def enter(self) -> None:
        """Go to the rows; one that was asked for and is on its way stays the current one."""
        super().enter()
        picking = self.list.view.picking
        if picking.current_row is None and (picking.current_id is None or self.list.model.settled):
            picking.go(0)

    def escape(self) -> bool:
        focused, pane = QApplication.focusWidget(), self.list.pane
        if focused is not None and pane is not None and pane.isAncestorOf(focused):
            self.list.view.setFocus()
            return True
        return super().escape()

    def _on_answered(self) -> None:
        """After a new question take the first row, so that the pane shows something."""
        state = self.list.state
        if state == self._seen:
            return
        self._seen = state
        if self.list.view.picking.current_row is None:
            self.list.view.picking.go(0)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        row = self.list.view.picking.current_row
        if topics & self._follows and self.isVisible() and self.list.pane is not None and row:
            self.list.pane.follow(row)
