"""A table model over a paged service query. ``data`` never waits for the database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Job, Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.columns import Column, HasId, row_sentence
from fscdesk.ui.tables.ticks import Ticks

R = TypeVar("R", bound=HasId)
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
PAGE_SIZE, PAGES_KEPT = 100, 20
ASKED_AT_ONCE, WAITING_AT_MOST = 3, 4
SKELETON_AFTER_MS = 150
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CELL_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
)
BOX_FLAGS = CELL_FLAGS | Qt.ItemFlag.ItemIsUserCheckable
ROW_ROLE, MONEY_ROLE = Role.UserRole + 1, Role.UserRole + 2
TICK_TITLE = "Ticked"
UNKNOWN = "…"


class PagedModel(QAbstractTableModel, Generic[R]):
    """Knows how many rows there are, keeps the pages on view, asks for the rest.

    A row that has not come yet shows "…"; a row that may be out of date is shown while its page
    is asked for again. Every question has a number, and an answer to an older one is dropped.
    When a refresh finds another record where one was, persistent indexes follow their records
    by id or end: a selection can never slide onto a record nobody picked. ``ROW_ROLE`` gives the
    row, ``MONEY_ROLE`` its Money: cents never travel as a Qt int, which ends at 32 bits.
    """

    answered = Signal()
    """A page has come: rows, ``total`` and ``totals`` may be new."""
    refused = Signal(object)
    """A page could not be read: the exception. The page is asked for again by ``refresh``."""

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[Column[R]],
        parent: QObject | None = None,
        *,
        ticking: bool = False,
    ) -> None:
        super().__init__(parent)
        self._desk, self.columns = desk, tuple(columns)
        self.ticking = ticking
        self.ticks: Ticks[R] = Ticks(self)
        self.known = False
        """Whether any answer has come to any question."""
        self.skeleton = False
        """Whether unknown rows have been waited for long enough to show grey bars."""
        self.shrinking = False
        """Whether rows are just being taken from the end: what Qt makes current then, nobody
        chose."""
        self.total = 0
        self.totals: Mapping[str, Money] = {}
        self.sort_key, self.descending = self.columns[0].key, False
        self._query: Callable[[Work, Span], Page[R]] | None = None
        self._pages: OrderedDict[int, tuple[R, ...]] = OrderedDict()
        self._fresh: set[int] = set()
        self._lost: set[int] = set()
        self._flying: dict[int, Job] = {}
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._search = 0
        self._reset_due = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._pump)
        self._patience = QTimer(self, singleShot=True, interval=SKELETON_AFTER_MS)
        self._patience.timeout.connect(self._on_patience_ended)
        self.ticks.changed.connect(self._on_ticks_changed)

    def show(self, query: Callable[[Work, Span], Page[R]]) -> None:
        """Put a new question; the old rows stay until the first answer."""
        self._query = query
        self._restart(reset=True)

    def refresh(self) -> None:
        """Ask again for what is on view; rows keep their old text until the new has come."""
        if self._query is not None:
            self._restart(reset=self._reset_due)

    def set_order(self, key: str, *, descending: bool) -> None:
        """Set the order of the question that is about to be put."""
        self.sort_key, self.descending = key, descending
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def order_by(self, key: str, *, descending: bool) -> None:
        """Set the order that the database sorts in; asks at once if a question was put."""
        if (key, descending) == (self.sort_key, self.descending):
            return
        self.set_order(key, descending=descending)
        if self._query is not None:
            self._restart(reset=True)

    def row_at(self, row: int) -> R | None:
        """Return a row that has come, or None."""
        page = self._pages.get(row // PAGE_SIZE, ())
        return page[row % PAGE_SIZE] if row >= 0 and row % PAGE_SIZE < len(page) else None

    def place_of(self, row_id: int) -> int | None:
        """Return where a record is among the rows that have come, or None."""
        fresh_first = sorted(self._pages, key=lambda number: number not in self._fresh)
        for number in fresh_first:
            for place, row in enumerate(self._pages[number]):
                if row.id == row_id:
                    return number * PAGE_SIZE + place
        return None

    def loaded(self) -> Iterator[R]:
        """Go through the rows that have come, from the top."""
        for number in sorted(self._pages):
            yield from self._pages[number]

    @property
    def settled(self) -> bool:
        """Whether nothing is being asked."""
        return not (self._flying or self._wanted or self._reset_due)

    @property
    def whole_span(self) -> Span:
        """The whole answer as one span in the order shown: for exports and for ticking all."""
        return Span(0, self.total, self.sort_key, self.descending)

    @property
    def query(self) -> Callable[[Work, Span], Page[R]] | None:
        """The question last put."""
        return self._query

    def section_of(self, key: str) -> int:
        """Return the model's column for a key."""
        keys = [column.key for column in self.columns]
        return keys.index(key) + self.ticking

    def column_at(self, section: int) -> Column[R] | None:
        """Return a column, or None for the tick boxes."""
        return None if self.ticking and section == 0 else self.columns[section - self.ticking]

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else self.total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns) + self.ticking

    def headerData(self, section: int, way: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if way != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        column = self.column_at(section)
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return TICK_TITLE if column is None else column.title
        if role == Role.TextAlignmentRole:
            return RIGHT if column is not None and column.stands_right else LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return BOX_FLAGS if self.ticking and index.column() == 0 else CELL_FLAGS

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = index.row()
        self.want(place)
        row, column = self.row_at(place), self.column_at(index.column())
        if role == ROW_ROLE:
            return row
        if column is None:
            return self._tick_data(row, role)
        if role == Role.TextAlignmentRole:
            return RIGHT if column.stands_right else LEFT
        if row is None:
            return UNKNOWN if role in (Role.DisplayRole, Role.AccessibleTextRole) else None
        if role == Role.DisplayRole:
            return column.shown_text(row)
        if role == MONEY_ROLE:
            return column.money(row)
        if role == Role.AccessibleTextRole:
            return row_sentence(self.columns, row) if column.names else column.spoken_text(row)
        if role == Role.ToolTipRole and column.tooltip is not None:
            return column.tooltip(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        row = self.row_at(index.row())
        if role != Role.CheckStateRole or row is None or self.column_at(index.column()):
            return False
        self.ticks.put([row], on=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        found = self.column_at(column) if 0 <= column < self.columnCount() else None
        if found is not None and found.sortable:
            self.order_by(found.key, descending=order == Qt.SortOrder.DescendingOrder)

    # Fetching

    def want(self, place: int) -> None:
        """Note that a row is being looked at; its page is asked for soon if it is not here."""
        number = place // PAGE_SIZE
        if number in self._fresh or number in self._flying or number in self._lost:
            return
        if self._query is None or self._reset_due:
            return
        self._wanted[number] = None
        self._wanted.move_to_end(number)
        while len(self._wanted) > WAITING_AT_MOST:
            self._wanted.popitem(last=False)  # scrolled past; asked again when looked at again
        if not self._soon.isActive():
            self._soon.start()
        self._wait_patiently()

    def _tick_data(self, row: R | None, role: int) -> Any:
        ticked = row is not None and row.id in self.ticks
        if role == Role.CheckStateRole:
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Role.AccessibleTextRole:
            return "ticked" if ticked else "not ticked"
        return None

    def _restart(self, *, reset: bool) -> None:
        self._search += 1
        for job in self._flying.values():
            job.cancel()
        self._flying.clear()
        self._wanted.clear()
        self._fresh.clear()
        self._lost.clear()
        self._reset_due = reset
        if reset:
            self._ask(0)
            self._wait_patiently()
            return
        if self.total:
            self.dataChanged.emit(*self._corners(0, self.total - 1))  # what is on view asks again
        if not self._wanted:
            self.want(0)

    @Slot()
    def _pump(self) -> None:
        while self._wanted and len(self._flying) < ASKED_AT_ONCE:
            number, _ = self._wanted.popitem(last=True)  # what was looked at last, first
            self._ask(number)

    def _ask(self, number: int) -> None:
        if self._query is None:
            return
        span = Span(number * PAGE_SIZE, PAGE_SIZE, self.sort_key, self.descending)
        query = self._query
        self._flying[number] = self._desk.ask(
            self,
            lambda work: query(work, span),
            partial(self._keep, self._search, number),
            partial(self._miss, self._search, number),
        )

    def _keep(self, search: int, number: int, page: Page[R]) -> None:
        if search != self._search:
            return
        self._flying.pop(number, None)
        self._fresh.add(number)
        self.known = True
        self.totals = page.totals
        if self._reset_due:
            self._reset_due = False
            self.beginResetModel()
            self._pages.clear()
            self._pages[number] = page.rows
            self.total = page.total
            self.endResetModel()
        else:
            self._resize(page.total)
            self._replace(number, page.rows)
        self.ticks.renew(page.rows)
        if self.settled:
            self._patience.stop()
            self.skeleton = False
        self._pump()
        self.answered.emit()

    def _miss(self, search: int, number: int, fault: BaseException) -> None:
        if search != self._search:
            return
        self._flying.pop(number, None)
        self._lost.add(number)
        self._reset_due = False
        self._patience.stop()
        self.refused.emit(fault)

    def _resize(self, total: int) -> None:
        """Take rows away or add them at the end; what stands where comes with the pages."""
        if total > self.total:
            self.beginInsertRows(QModelIndex(), self.total, total - 1)
            self.total = total
            self.endInsertRows()
        elif total < self.total:
            self.shrinking = True
            self.beginRemoveRows(QModelIndex(), total, self.total - 1)
            self.total = total
            for number in [kept for kept in self._pages if kept * PAGE_SIZE >= total]:
                del self._pages[number]
            last = total // PAGE_SIZE
            if last in self._pages:
                self._pages[last] = self._pages[last][: total % PAGE_SIZE]
            self.endRemoveRows()
            self.shrinking = False

    def _replace(self, number: int, rows: tuple[R, ...]) -> None:
        """Put a page in its place; persistent indexes follow their records by id, or end."""
        before = self._pages.get(number, ())
        moved = bool(before) and [row.id for row in before] != [row.id for row in rows]
        followed = []
        if moved:
            self.layoutAboutToBeChanged.emit()
            followed = [
                (index, row.id)
                for index in self.persistentIndexList()
                if (row := self.row_at(index.row())) is not None
            ]
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > PAGES_KEPT:
            self._fresh.discard(self._pages.popitem(last=False)[0])
        if moved:
            places = [(index, self.place_of(row_id)) for index, row_id in followed]
            self.changePersistentIndexList(
                [QModelIndex(index) for index, _ in places],
                [
                    QModelIndex() if place is None else self.index(place, index.column())
                    for index, place in places
                ],
            )
            self.layoutChanged.emit()
        elif rows:
            first = number * PAGE_SIZE
            self.dataChanged.emit(*self._corners(first, first + len(rows) - 1))

    def _corners(self, first: int, last: int) -> tuple[QModelIndex, QModelIndex]:
        return self.index(first, 0), self.index(last, self.columnCount() - 1)

    def _wait_patiently(self) -> None:
        if not self.skeleton and not self._patience.isActive():
            self._patience.start()

    @Slot()
    def _on_patience_ended(self) -> None:
        if not self.settled:
            self.skeleton = True
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    @Slot()
    def _on_ticks_changed(self) -> None:
        if self.total:
            self.dataChanged.emit(*self._corners(0, self.total - 1))
