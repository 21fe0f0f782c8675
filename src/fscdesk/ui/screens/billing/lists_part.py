"""A tab of Billing made of lists: one, or several behind a second row of tabs, and a foot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.work import Topic
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.part import BillingPart
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs


@dataclass(frozen=True)
class NamedList:
    """A list with the word of its tab."""

    word: str
    part: ListPart[Any]


class ListsPart(BillingPart):
    """Shows one list at a time. The first row is current when rows come, unless one was."""

    basis: frozenset[Topic] = frozenset()
    """What makes ``plan_again`` necessary."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._stale = True
        self.foot: Foot | None = None
        self._shelf = QWidget(self)  # where buttons lie that the title line does not show
        self._shelf.hide()
        shell.desk.changed.connect(self._on_changed)

    # Building

    def _lay_out(
        self,
        name: str,
        lists: Mapping[str, NamedList],
        *,
        head: QWidget | None = None,
        foot: Foot | None = None,
    ) -> None:
        self._named = dict(lists)
        self.foot = foot
        self.tabs = ViewTabs(name)
        self.tabs.show_tabs([TabFace(key, one.word) for key, one in lists.items()])
        self.tabs.chosen.connect(self.show_list)
        self._stack = QStackedWidget()
        for one in lists.values():
            self._stack.addWidget(one.part)
            one.part.answered.connect(lambda part=one.part: self._on_answered(part))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if head is not None:
            column.addWidget(head)
        tabs = self.tab_row = QWidget()
        line = QHBoxLayout(tabs)
        line.setContentsMargins(LEFT, 6, RIGHT, 0)
        line.addWidget(self.tabs)
        self.tab_rule = Line()
        for part in (tabs, self.tab_rule):
            column.addWidget(part)
            part.setHidden(len(lists) == 1)
        column.addWidget(self._stack, 1)
        if foot is not None:
            column.addWidget(foot)
        self.show_list(next(iter(lists)))

    # What the screen asks

    @property
    def list(self) -> ListPart[Any]:
        """The list in front."""
        return self._named[self.tabs.current].part

    def show_list(self, key: str) -> None:
        """Bring a list to the front. Raises KeyError for an unknown one."""
        self._stack.setCurrentWidget(self._named[key].part)
        self.tabs.set_current(key)
        if self.foot is not None:
            self.foot.setVisible(self.has_foot(key))
        self.told.emit()

    def has_foot(self, key: str) -> bool:
        """Whether the foot stands below this list."""
        return key == next(iter(self._named))

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        self.plan_again()
        for one in self._named.values():
            one.part.refresh()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        if self.list.escape():
            return True
        first = next(iter(self._named))
        if self.tabs.current != first:
            self.show_list(first)
            self.enter()
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        tabs = (self.tabs,) if len(self._named) > 1 else ()
        foot = (self.foot,) if self.foot is not None and self.foot.isVisible() else ()
        return (*tabs, *self.list.panes(), *foot)

    def enter(self) -> None:
        if self._stale:
            self._stale = False
            self.plan_again()
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("list") in self._named:
            self.show_list(str(what["list"]))
        if what.get("row") is not None:
            self.list.go_to(int(what["row"]))

    def here(self) -> Mapping[str, object]:
        return {"list": self.tabs.current, "row": self.list.view.picking.current_id}

    def plan_again(self) -> None:
        """Read anew what the lists are made from, where that is not the lists' own question."""

    # What happens

    def _on_answered(self, part: ListPart[Any]) -> None:
        if part.view.picking.current_id is None and part.model.total:
            part.view.picking.go(0)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & self.basis:
            return
        self._stale = True
        if self.isVisible():
            self._stale = False
            self.plan_again()
