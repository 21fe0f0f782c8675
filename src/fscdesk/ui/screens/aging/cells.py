"""The figures of the matrix as a table: what each cell says, and what it opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fscdesk.models.values import Money
from fscdesk.services.reports.aging import Aging, AgingRow
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.reports.aging_sums import BUCKETS, UNAPPLIED, By
from fscdesk.ui.screens.aging.question import CellRef
from fscdesk.ui.text import DASH, money_text, plain_tip

Index = QModelIndex | QPersistentModelIndex
NAME, FIRST, CREDITS, BALANCE, LATE = 0, 1, 1 + BUCKETS, 2 + BUCKETS, 3 + BUCKETS
COLUMNS = LATE + 1
_NOWHERE = QModelIndex()


class AgingCells(QAbstractTableModel):
    """Rows of an aging, or (``totals``) its row of all. Sorting is done here: all rows are here."""

    def __init__(self, first_title: str, parent: QObject, *, totals: bool = False) -> None:
        super().__init__(parent)
        self.first_title = first_title
        self.totals = totals
        self.sorted_by, self.descending = NAME, False
        self._aging: Aging | None = None
        self._rows: list[AgingRow] = []

    @property
    def aging(self) -> Aging | None:
        """The figures on view; None before the first answer."""
        return self._aging

    @property
    def rows(self) -> Sequence[AgingRow]:
        """The rows in the order in which they are shown."""
        return self._rows

    def show(self, aging: Aging) -> None:
        """Show other figures, in the order that was chosen."""
        self.beginResetModel()
        self._aging = aging
        self._rows = [aging.total] if self.totals else self._ordered(aging)
        self.endResetModel()

    def sort_by(self, column: int) -> None:
        """Order rows by a column, largest first; by the same one again, the other way round."""
        again = column == self.sorted_by
        self.descending = not self.descending if again else column != NAME
        self.sorted_by = column
        if self._aging is not None:
            self.show(self._aging)

    def titles(self) -> tuple[str, ...]:
        """Return the headings."""
        width = self._aging.bucket_days if self._aging else 30
        spans = self._aging.bucket_titles if self._aging else ("", "", "", "", "")
        first = f"{spans[0]} days" if spans[0] else ""
        return (self.first_title, first, *spans[1:], "Credits", "Balance", f"Over {2 * width}")

    def amount(self, place: int, column: int) -> Money | None:
        """Return the amount in a cell; None where it holds none."""
        row = self._rows[place]
        if FIRST <= column < CREDITS:
            return row.buckets[column - FIRST]
        return {CREDITS: row.unapplied, BALANCE: row.balance}.get(column)

    def words(self, place: int, column: int) -> str:
        """Return what a cell shows."""
        row = self._rows[place]
        if column == NAME:
            return row.name
        if column == LATE:
            return DASH if row.late_percent is None else f"{row.late_percent} %"
        states_zero = column == BALANCE or self.totals
        return money_text(self.amount(place, column), zero_dash=not states_zero)

    def cell(self, place: int, column: int) -> CellRef:
        """Return what a cell opens: names and balances the whole row."""
        key = EVERYBODY if self.totals else self._rows[place].key
        if FIRST <= column < CREDITS:
            return CellRef(key, column - FIRST)
        return CellRef(key, UNAPPLIED if column == CREDITS else None)

    def place_of(self, cell: CellRef) -> tuple[int, int] | None:
        """Return where a cell stands, or None where it is not on view."""
        column = BALANCE if cell.bucket is None else FIRST + cell.bucket
        for place, row in enumerate(self._rows):
            if (EVERYBODY if self.totals else row.key) == cell.key:
                return place, column
        return None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        words = self.words(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NAME:
            row = self._rows[index.row()]
            return plain_tip(f"{row.name}  {row.second}".strip())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == NAME:
                return words
            name, title = self._rows[index.row()].name, self.titles()[index.column()]
            return f"{name}, {title}: {'0.00' if words == DASH else words}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.column() == LATE:  # a share of what stands beside it: nothing to open
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _ordered(self, aging: Aging) -> list[AgingRow]:
        column, rows = self.sorted_by, list(aging.rows)
        # By payer, the row of all clients is no payer: it closes the list in every order.
        last = [row for row in rows if row.key is None and aging.by is By.PAYER]
        rows = [row for row in rows if row not in last] if last else rows
        if column != NAME:
            rows.sort(key=lambda row: _value(row, column), reverse=self.descending)
        elif self.descending:
            rows.reverse()
        return rows + last


def _value(row: AgingRow, column: int) -> int:
    if column == LATE:
        return -1 if row.late_percent is None else row.late_percent
    if column == CREDITS:
        return -row.unapplied.cents  # the largest credit first
    return row.balance.cents if column == BALANCE else row.buckets[column - FIRST].cents
