"""The widgets of a list in their places: title, tabs, chips, table, details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line, TitleLine
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.columns_popup import ColumnsPopup
from fscdesk.ui.tables.detail_pane import DetailPane
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.filters import FilterLine
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.layout import Density, TableLayout, first_layout
from fscdesk.ui.tables.list_body import ListBody
from fscdesk.ui.tables.paged_model import PagedModel
from fscdesk.ui.tables.saved_views import SavedViews
from fscdesk.ui.tables.spec import ListSpec
from fscdesk.ui.tables.tool_line import ToolLine

LIST_AT_LEAST = 560
"""Below this width beside it, the pane folds."""
LINE_ABOVE, LINE_BELOW = 9, 15
"""The selection bar covers the headings and most of the space above them, but no chip."""


class ListFrame(QWidget):
    """Puts the parts together and shares the width between list and details.

    What it needs to do is in ``ListPart``; it only says ``_change_layout``.
    """

    def __init__(
        self,
        desk: Desk,
        spec: ListSpec[Any],
        keeping: Keeping,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.spec, self._desk, self._keeping, self._today = spec, desk, keeping, today
        self.model: PagedModel[Any] = PagedModel(desk, spec.columns, self, ticking=spec.ticking)
        self._pane_by_hand = False
        self._first = self._first_layout()
        self._build()
        theme.changed.connect(self._on_look)

    @property
    def layout_now(self) -> TableLayout:
        """How the table is arranged."""
        return self.view.arranging.layout

    @property
    def pane_shown(self) -> bool:
        """Whether the details are open."""
        return self.pane is not None and not self.pane.isHidden()

    def show_columns(self) -> None:
        """Open the popup of columns."""
        popup = ColumnsPopup(
            self.spec.columns, self.layout_now, self._first, self, dense=not self.view.two_lines
        )
        popup.changed.connect(self._on_columns)
        popup.closed.connect(popup.deleteLater)
        popup.open_under(self.columns_button, right=True)

    def export(self) -> None:
        """Offer the formats to export to."""
        raise NotImplementedError

    def _saved_state(self) -> tuple[FilterState, str, bool]:
        raise NotImplementedError

    def _change_layout(self, layout: TableLayout) -> None:
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_pane()

    def _build(self) -> None:
        spec = self.spec
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.title = TitleLine(spec.name, spec.subtitle)
        for press in spec.presses:
            kind = "primary" if press.primary else ""
            self.title.add(Button(press.word, press.icon, kind, on=press.act))  # type: ignore[arg-type]
        column.addWidget(self.title)
        self.title.setVisible(spec.title)
        self.views: SavedViews | None = None
        if spec.views:
            self.views = SavedViews(self._desk, spec, self._keeping, self._saved_state, self)
            column.addWidget(self.views)
            column.addWidget(Line())
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        column.addWidget(self._split, 1)
        left = QWidget()
        rows = self._rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._build_line())
        self.body = ListBody(spec, self.model, left)
        self.view = self.body.view
        rows.addWidget(self.body, 1)
        self._split.addWidget(left)
        self.pane: DetailPane | None = None
        if spec.detail is not None:
            self.pane = DetailPane(self._desk, spec.detail)
            self.pane.setMinimumWidth(theme.now.size.detail_pane_min)
            self._split.addWidget(self.pane)
        self._split.setStretchFactor(0, 1)
        self.setFocusProxy(self.view)

    def _build_line(self) -> QWidget:
        spec = self.spec
        self.line = FilterLine(
            self._desk, spec.filters, self._today, searching=spec.searching and spec.line
        )
        self.columns_button = Button(
            "Columns", "columns-3", "quiet", compact=True, on=self.show_columns
        )
        self.export_button = Button(
            "Export", "download", "quiet", compact=True, tip="Ctrl+Shift+E", on=self.export
        )
        whole = ToolLine(LINE_ABOVE, LINE_BELOW, self.line, self.columns_button, self.export_button)
        if not spec.exports:  # show nothing that has no parent yet: it would be a window
            self.export_button.hide()
        if not spec.line:
            whole.hide()
        self.line_row = whole
        return whole

    def put_above(self, part: QWidget) -> None:
        """Put something of the screen's own above chips and table, beside the details."""
        self._rows.insertWidget(0, part)

    def put_over_table(self, part: QWidget) -> None:
        """Put something of the screen's own between the chips and the table."""
        self._rows.insertWidget(self._rows.indexOf(self.body), part)

    def fit_pane(self) -> None:
        """Fold the pane where the list would get too narrow, unless it was asked for."""
        if self.pane is None:
            return
        layout, room = self.layout_now, self._split.width()
        wide = layout.pane_width or theme.now.px(theme.now.size.detail_pane)
        wide = max(theme.now.size.detail_pane_min, min(wide, room // 2))
        least = theme.now.px(max(LIST_AT_LEAST, self.spec.least_width))
        narrow = room - wide < least and not self._pane_by_hand
        folded = self.pane.isHidden()
        self.pane.setVisible(layout.pane and not narrow)
        if folded and not self.pane.isHidden():
            self.pane.follow(self.view.picking.current_row)
        self.pane.setMaximumWidth(max(theme.now.size.detail_pane_min, room // 2))
        if room > 0:
            self._split.setSizes([room - wide, wide])

    def seen_columns(self) -> tuple[Any, ...]:
        """Return the columns that are shown, in their order."""
        by_key = {column.key: column for column in self.spec.columns}
        layout = self.layout_now
        return tuple(by_key[key] for key in layout.order if key not in layout.hidden)

    def _first_layout(self) -> TableLayout:
        spec = self.spec
        rows = Density.COMFORTABLE if theme.now.comfortable else spec.density
        return first_layout(spec.columns, spec.first_sort, descending=spec.descending, density=rows)

    @Slot()
    def _on_look(self) -> None:
        """Take up the workstation's height of rows, unless this list has one of its own."""
        before, self._first = self._first, self._first_layout()
        if before.density != self._first.density and self.layout_now.density == before.density:
            self.view.set_density(self._first.density)
            self.view.arranging.layout = replace(self.layout_now, density=self._first.density)

    @Slot()
    def _on_pane_dragged(self) -> None:
        if self.pane is not None:
            self._change_layout(replace(self.layout_now, pane_width=self.pane.width()))

    @Slot(object)
    def _on_columns(self, layout: TableLayout) -> None:
        self.view.set_density(layout.density)
        self.view.arranging.apply(layout)
        self._change_layout(layout)
