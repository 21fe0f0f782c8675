"""Puts a table's columns where the layout says, and folds them where the room is short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QHeaderView

from fscdesk.ui import theme
from fscdesk.ui.tables.columns import Kind
from fscdesk.ui.tables.layout import TableLayout
from fscdesk.ui.tables.needs import Needs

if TYPE_CHECKING:
    from fscdesk.ui.tables.view import ListView

TICK_WIDTH = 46
NAME_AT_LEAST = 132
FIRST_EXTRA, LAST_EXTRA = 16, 8
"""What the first and last column are padded with beyond the others."""
_Resize = QHeaderView.ResizeMode


class Arranging(QObject):
    """Between a ``TableLayout`` and a header: order, widths, hidden columns, the free width.

    The column that names the row gets what the others leave. Where even its least width is not
    left, columns fold by priority, last ones first; a fold is never remembered as hiding. An
    amount is never cut; what one column has beyond its words goes to columns whose words are.
    """

    changed = Signal()
    """A person has moved or resized a column: ``layout`` is new."""

    def __init__(self, view: ListView[Any]) -> None:
        super().__init__(view)
        self._view, self._header = view, view.heading
        self._model = view.paged
        self.needs = Needs(view.paged)
        self.layout = TableLayout(order=tuple(column.key for column in self._model.columns))
        self.edges = (0, len(self._model.columns) - 1)
        self.folded: frozenset[str] = frozenset()
        self._busy = False
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._tell)
        self._header.sectionResized.connect(self._on_resized)
        self._header.sectionMoved.connect(self._on_moved)
        self._header.setStretchLastSection(False)
        for section in range(self._model.columnCount()):
            self._header.setSectionResizeMode(section, _Resize.Interactive)
        if self._model.ticking:
            self._header.setSectionResizeMode(0, _Resize.Fixed)

    def apply(self, layout: TableLayout) -> None:
        """Arrange the columns as a layout says."""
        self.layout = layout
        self._busy = True
        shift = int(self._model.ticking)
        for place, key in enumerate(layout.order):
            visual = self._header.visualIndex(self._model.section_of(key))
            if visual != place + shift:
                self._header.moveSection(visual, place + shift)
        self._busy = False
        self.fit()

    def measure(self) -> None:
        """Make room for what has come."""
        if self.needs.measure():
            self.fit()

    def settle(self) -> None:
        """Tell now of a change that would be told in a moment: the list is closing."""
        if self._later.isActive():
            self._later.stop()
            self._tell()

    def fit(self) -> None:
        """Share the width out again: after a resize, a theme change, or a new layout."""
        if self._busy:
            return
        self._busy = True
        columns = {column.key: column for column in self._model.columns}
        shown = [columns[key] for key in self.layout.order if key not in self.layout.hidden]
        widths, self.folded = self._share(shown)
        for section in range(self._model.columnCount()):
            found = self._model.column_at(section)
            if found is None:
                self._header.resizeSection(section, theme.now.px(TICK_WIDTH))
                continue
            self._header.setSectionHidden(section, found.key not in widths)
            if found.key in widths:
                self._header.resizeSection(section, widths[found.key])
        seen = [self._model.section_of(key) for key in widths]
        first = 0 if self._model.ticking else seen[0] if seen else -1
        self.edges = (first, seen[-1] if seen else -1)
        self._busy = False
        self._header.viewport().update()

    def _share(self, shown: list[Any]) -> tuple[dict[str, int], frozenset[str]]:
        """Return the widths of the columns that fit, in order, and the keys of the others."""
        room = self._view.viewport().width()
        widths = {column.key: self._width(column) for column in shown}
        if not shown:
            return {}, frozenset()
        name = _takes_the_rest(shown)
        least = _least(name, widths[name.key])
        fixed = LAST_EXTRA + (theme.now.px(TICK_WIDTH) if self._model.ticking else FIRST_EXTRA)
        folded: set[str] = set()

        def others() -> int:
            gone = folded | {name.key}
            return fixed + sum(wide for key, wide in widths.items() if key not in gone)

        for column in sorted(shown, key=lambda column: -column.priority):
            if room <= 0 or others() + least <= room:
                break
            if column is not name and not column.fixed:
                folded.add(column.key)
        kept = {key: wide for key, wide in widths.items() if key not in folded}
        self._tighten(kept, shown, name, room - fixed - max(least, self.needs.whole(name)))
        widths.update(kept)
        for need in (self.needs.of, self.needs.whole):
            own = self.needs.whole if name.whole else need
            spare = room - others() - max(least, own(name))
            for column in sorted(shown, key=lambda column: column.priority):
                if column.key in kept and column is not name and not self.layout.width(column.key):
                    more = max(0, min(spare, need(column) - kept[column.key]))
                    widths[column.key] = kept[column.key] = kept[column.key] + more
                    spare -= more
        kept[name.key] = max(least, room - others())
        keys = list(kept)
        if not self._model.ticking:
            kept[keys[0]] += FIRST_EXTRA
        kept[keys[-1]] += LAST_EXTRA
        return kept, frozenset(folded)

    def _tighten(self, kept: dict[str, int], shown: list[Any], name: Any, room: int) -> None:
        """Take from columns what their words do not need, as far as others are short of it.

        ``room`` is what is left for ``kept`` beside the column that takes the rest.
        """
        others = [one for one in shown if one.key in kept and one is not name]
        wanted = sum(max(kept[one.key], self._wants(one)) for one in others)
        slack = {
            one.key: kept[one.key] - need
            for one in others
            if 0 < (need := self._wants(one)) < kept[one.key]
        }
        total = sum(slack.values())
        taken = max(0, min(total, wanted - room))
        for key, more in slack.items():
            kept[key] -= -(-more * taken // total)  # rounded up: no pixel of a word is lost

    def _wants(self, column: Any) -> int:
        """Return what a column needs for its words; zero where a person chose its width."""
        return 0 if self.layout.width(column.key) else self.needs.of(column)

    def _width(self, column: Any) -> int:
        chosen = self.layout.width(column.key)
        if chosen:
            return theme.now.px(chosen)
        least = self.needs.of(column) if column.kind is Kind.MONEY else 0
        return max(theme.now.px(column.width), least)

    @Slot(int, int, int)
    def _on_resized(self, section: int, _before: int, width: int) -> None:
        column = self._model.column_at(section)
        if self._busy or column is None or width == 0:  # zero is Qt hiding it, nobody's wish
            return
        if column is _takes_the_rest(self._model.columns):
            # its width is what is left: the neighbour gives or takes instead
            self._later.start()
            return
        extra = LAST_EXTRA if section == self.edges[1] else 0
        if section == self.edges[0] and not self._model.ticking:
            extra += FIRST_EXTRA
        plain = round((width - extra) * 100 / theme.now.text_size)
        self.layout = self.layout.with_width(column.key, plain)
        self._later.start()

    @Slot(int, int, int)
    def _on_moved(self, _section: int, _before: int, _after: int) -> None:
        if self._busy:
            return
        count = self._header.count()
        seen = [self._model.column_at(self._header.logicalIndex(at)) for at in range(count)]
        order = tuple(column.key for column in seen if column is not None)
        self.layout = replace(self.layout, order=order)
        self._later.start()

    @Slot()
    def _tell(self) -> None:
        self.fit()
        self.changed.emit()


def _least(name: Any, own: int) -> int:
    """Return what the column that takes the rest has at least; ``own`` is its own width."""
    least = theme.now.px(NAME_AT_LEAST)
    if name.names and name.whole:
        return max(least, own)
    return least if name.names or name.wide else own


def _takes_the_rest(columns: Sequence[Any]) -> Any:
    """Return the column that gets the free width."""
    wide = next((column for column in columns if column.wide), None)
    return wide or next((column for column in columns if column.names), columns[-1])
