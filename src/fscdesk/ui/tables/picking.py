"""Moving and ticking in a list. The current row is a record's id, not a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from fscdesk.ui.tables.marks import Tick

if TYPE_CHECKING:
    from fscdesk.ui.tables.view import ListView

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOTHING: frozenset[int] = frozenset()


class Picking(QObject):
    """What the keys and the mouse do to current row and ticks of one view."""

    def __init__(self, view: ListView[Any]) -> None:
        super().__init__(view)
        self._view = view
        self._model = view.paged
        self._told: Any = None
        self._place = 0
        self._wanted_id: int | None = None
        self._anchor: int | None = None
        self._extended: frozenset[int] = NOTHING

    @property
    def current_id(self) -> int | None:
        """The record that is current, or that will be when its page has come."""
        return self._wanted_id

    @property
    def current_row(self) -> Any:
        """The current record's row, or None."""
        return self._model.row_at(self._view.current_place)

    def chosen(self) -> tuple[Any, ...]:
        """Return the ticked rows, or else the current one: what a command is about."""
        if len(self._model.ticks):
            return self._model.ticks.rows
        row = self.current_row
        return () if row is None else (row,)

    def go_to(self, row_id: int | None) -> None:
        """Make a record current, at once or when its page comes; None makes none current."""
        self._wanted_id = row_id
        if row_id is None:
            self._view.setCurrentIndex(QModelIndex())
            self._tell()
        else:
            self.follow()

    def go(self, place: int) -> None:
        """Make the record at a place current."""
        if not self._model.total:
            return
        place = max(0, min(self._model.total - 1, place))
        self._place = place
        row = self._model.row_at(place)
        self._wanted_id = None if row is None else row.id
        self._view.setCurrentIndex(self._model.index(place, self._name_section()))

    def do(self, act: str) -> bool:
        """Do what a key stands for; False when it means nothing here."""
        at, page = self._view.current_place, self._rows_on_view()
        last = self._model.total - 1
        start = self._place if at < 0 else at
        moves = {
            "up": start - 1 if at >= 0 else start,
            "down": start + 1 if at >= 0 else start,
            "page_up": start - page,
            "page_down": start + page,
            "first": 0,
            "last": last,
        }
        if act in moves:
            self._anchor = None
            self.go(moves[act])
        elif act in ("extend_up", "extend_down"):
            self._extend(start + (1 if act == "extend_down" else -1))
        elif act == "tick":
            self._tick_current()
        elif act == "tick_loaded":
            self.tick_loaded()
        elif act == "open":
            return self._open()
        elif act == "copy":
            self._view.copy_wanted.emit()
        elif act == "menu":
            self._view.menu_wanted.emit(self._view.menu_point())
        else:
            return False
        return True

    def click(self, index: QModelIndex, held: Qt.KeyboardModifier) -> None:
        """Follow the mouse: a box ticks, Ctrl ticks, Shift extends, else the row is current."""
        place = index.row()
        on_box = self._model.column_at(index.column()) is None
        if held & _SHIFT and self._model.ticking:
            self._extend(place)
            return
        self._anchor = None
        row = self._model.row_at(place)
        if self._model.ticking and (on_box or held & _CTRL) and row is not None:
            self._model.ticks.toggle(row)
            self._anchor = place
            if on_box:
                return  # ticking many by mouse does not make the pane run after each
        self.go(place)

    def tick_loaded(self) -> None:
        """Tick every row that has come; the selection bar offers the rest."""
        if self._model.ticking:
            self._model.ticks.put(self._model.loaded(), on=True)

    def toggle_loaded(self) -> None:
        """Do what the box in the header does: all that is loaded, or nothing."""
        if self._view.heading.tick_state is Tick.OFF:
            self.tick_loaded()
        else:
            self._model.ticks.clear()

    def note_current(self) -> None:
        """Keep in mind which record is current, after Qt has moved."""
        place = self._view.current_place
        row = self._model.row_at(place)
        if place >= 0:
            self._place = place
            self._wanted_id = self._wanted_id if row is None else row.id
        self._tell()

    def follow(self) -> None:
        """Put the current row back on its record after rows have come, or on none.

        A record that is no longer in the list leaves its place behind: the next Up or Down
        goes on from there, and nothing else is current until then.
        """
        row = self.current_row
        if row is not None and self._wanted_id in (None, row.id):
            self._wanted_id = row.id
            self._tell()
            return
        if self._wanted_id is None:
            self._tell()
            return
        place = self._model.place_of(self._wanted_id)
        if place is not None:
            self._view.setCurrentIndex(self._model.index(place, self._name_section()))
            self._view.scrollTo(self._view.currentIndex())
        elif row is not None:
            self._view.setCurrentIndex(QModelIndex())
        self._tell()

    def _tell(self) -> None:
        row = self.current_row
        if row != self._told:
            self._told = row
            self._view.current_changed.emit(row)

    def _name_section(self) -> int:
        for section in range(self._model.columnCount()):
            column = self._model.column_at(section)
            if column is not None and column.names and not self._view.isColumnHidden(section):
                return section
        return max(self._view.edges[0], 0)

    def _rows_on_view(self) -> int:
        return max(1, self._view.viewport().height() // self._view.row_height - 1)

    def _tick_current(self) -> None:
        row = self.current_row
        if row is not None and self._model.ticking:
            self._model.ticks.toggle(row)
            self._anchor = self._view.current_place
            self._extended = NOTHING

    def _extend(self, place: int) -> None:
        """Tick from the anchor to a place; coming back unticks what going there had ticked."""
        if not self._model.ticking or not self._model.total:
            return
        if self._anchor is None:
            self._anchor = max(0, self._view.current_place)
            self._extended = NOTHING
        place = max(0, min(self._model.total - 1, place))
        low, high = sorted((self._anchor, place))
        rows = [self._model.row_at(at) for at in range(low, high + 1)]
        inside = {row.id: row for row in rows if row is not None}
        ticks = self._model.ticks
        ticks.drop(self._extended - inside.keys())
        new = [row for row_id, row in inside.items() if row_id not in ticks]
        self._extended = (self._extended & inside.keys()) | {row.id for row in new}
        ticks.put(new, on=True)
        self.go(place)

    def _open(self) -> bool:
        row = self.current_row
        if row is not None:
            self._view.opened.emit(row)
        return row is not None
