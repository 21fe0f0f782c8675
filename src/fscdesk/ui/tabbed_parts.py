"""Parts behind tabs: each is made when it is opened first, and gets the keys while in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.parts import Part
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs


@dataclass(frozen=True)
class PartTab:
    """A tab: its key, its word, and how its part is made."""

    key: str
    word: str
    make: Callable[[], Part]


_IN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
"""From the tabs into the part below them."""


class TabbedParts(Part):
    """Tabs over parts. With one tab there is nothing to choose, and no tab is shown.

    Enter and Down go from the tabs to where the part's work begins.
    """

    opened = Signal(str)
    """The key of the part that is in front now."""

    def __init__(self, name: str, tabs: Sequence[PartTab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._makers = {tab.key: tab.make for tab in tabs}
        self._parts: dict[str, Part] = {}
        self.tabs = ViewTabs(name)
        self.tabs.show_tabs([TabFace(tab.key, tab.word) for tab in tabs])
        self.tabs.chosen.connect(self.open)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(LEFT, 4, RIGHT, 0)
        line.addWidget(self.tabs)
        rule = Line()
        for part in (head, rule):
            column.addWidget(part)
            part.setHidden(len(tabs) == 1)
        column.addWidget(self._stack, 1)

    @property
    def current(self) -> str:
        """The key of the open tab."""
        return self.tabs.current

    @property
    def part(self) -> Part:
        """The part in front, made now if it was never opened."""
        return self._part(self.tabs.current)

    @property
    def made(self) -> Mapping[str, Part]:
        """The parts that were opened so far, by key."""
        return self._parts

    def open(self, key: str) -> None:
        """Bring a part to the front. Raises KeyError for an unknown one."""
        part = self._part(key)
        self.tabs.set_current(key)
        self._stack.setCurrentWidget(part)
        self.opened.emit(key)

    def show_counts(self, counts: Mapping[str, int | None]) -> None:
        """Show numbers in the tabs."""
        self.tabs.show_counts(counts)

    def new_verb(self) -> str:
        return self.part.new_verb()

    def new(self) -> None:
        self.part.new()

    def save(self) -> None:
        self.part.save()

    def can_save(self) -> bool:
        return self.part.can_save()

    def find_(self) -> None:
        self.part.find_()

    def refresh(self) -> None:
        for part in self._parts.values():
            part.refresh()

    def export(self) -> None:
        self.part.export()

    def escape(self) -> bool:
        return self.part.escape()

    def panes(self) -> tuple[QWidget, ...]:
        own = (self.tabs,) if len(self._makers) > 1 else ()
        return (*own, *self.part.panes())

    def enter(self) -> None:
        self.part.enter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.tabs.hasFocus() and plain and event.key() in _IN:
            self.part.enter()
        else:
            super().keyPressEvent(event)

    def _part(self, key: str) -> Part:
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = self._makers[key]()
            self._stack.addWidget(part)
        return part
