"""The popup of "Columns": which are shown, in which order, and how high the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.tables.choice_popup import CHOICE, ChoiceLine
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.layout import Density, TableLayout
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.tables.spec import Choice
from fscdesk.ui.text import Label

SHOWN_AT_MOST = 12


class ColumnsPopup(Popup):
    """Space shows or hides, Alt+Up and Alt+Down move. Everything applies at once."""

    changed = Signal(object)
    """TableLayout."""

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        layout: TableLayout,
        first: TableLayout,
        owner: QWidget,
        *,
        dense: bool = True,
    ) -> None:
        super().__init__("Columns", owner)
        self._columns = {column.key: column for column in columns}
        self._layout, self._first = layout, first
        self.list = QListWidget(self)
        self.list.setAccessibleName("Columns of this list")
        self.list.setItemDelegate(ChoiceLine(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._toggle)
        self.body.addWidget(self.list)
        moves = QHBoxLayout()
        self.up = IconButton("arrow-up", "Move left", key="Alt+Up", on=lambda: self._move(-1))
        self.down = IconButton("arrow-down", "Move right", key="Alt+Down", on=lambda: self._move(1))
        self.reset = Button("As at first", kind="quiet", compact=True, on=self._reset)
        for button in (self.up, self.down):
            moves.addWidget(button)
        moves.addStretch(1)
        moves.addWidget(self.reset)
        self.body.addLayout(moves)
        self.density = Segmented(
            "Rows",
            ((Density.COMPACT.value, "Compact"), (Density.COMFORTABLE.value, "Comfortable")),
            layout.density.value,
        )
        if dense:
            self.body.addWidget(Label("Rows", "label"))
            self.body.addWidget(self.density)
        self.density.chosen.connect(self._on_density)
        self._fill(0)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        super().open_under(anchor, right=right)
        self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        ours = watched is self.list and event.type() == QEvent.Type.KeyPress
        if ours and isinstance(event, QKeyEvent):
            key, alt = event.key(), event.modifiers() & Qt.KeyboardModifier.AltModifier
            if key == Qt.Key.Key_Space and self.list.currentItem() is not None:
                self._toggle(self.list.currentItem())
                return True
            if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if key == Qt.Key.Key_Up else 1)
                return True
        return super().eventFilter(watched, event)

    def _fill(self, at: int) -> None:
        self.list.clear()
        for key in self._layout.order:
            column = self._columns[key]
            item = QListWidgetItem(column.title)
            item.setData(CHOICE, Choice(key, column.title))
            shown = key not in self._layout.hidden
            item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
            if column.names or column.fixed:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
                item.setToolTip("This column names the row: it stays.")
            self.list.addItem(item)
        rows = min(SHOWN_AT_MOST, self.list.count())
        self.list.setFixedHeight(rows * theme.now.size.control_small + 4)
        self.list.setCurrentRow(at)

    def _toggle(self, item: QListWidgetItem) -> None:
        key = item.data(CHOICE).key
        column = self._columns[key]
        if column.names or column.fixed:
            return
        hidden = key not in self._layout.hidden
        item.setCheckState(Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)
        self._give(self._layout.with_hidden(key, hidden=hidden))

    def _move(self, step: int) -> None:
        at = self.list.currentRow()
        if at >= 0 and 0 <= at + step < self.list.count():
            self._give(self._layout.moved(self._layout.order[at], step))
            self._fill(at + step)

    def _reset(self) -> None:
        self._give(
            replace(
                self._layout,
                order=self._first.order,
                hidden=self._first.hidden,
                widths=(),
                density=self._first.density,
            )
        )
        self.density.set_value(self._first.density.value)
        self._fill(0)

    def _on_density(self, key: str) -> None:
        self._give(replace(self._layout, density=Density(key)))

    def _give(self, layout: TableLayout) -> None:
        self._layout = layout
        self.changed.emit(layout)
