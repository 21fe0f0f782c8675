"""The figures of a report as a table on the screen: what each cell says, and what it opens."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fscdesk.services.printing.report_layout import cell_text
from fscdesk.services.reports.cells import plain
from fscdesk.services.reports.report_made import TOTALS, Behind, Made
from fscdesk.services.table_report import PLAIN, Cell, RowLook, TableReport
from fscdesk.ui.text import plain_tip

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NUMBERS = ("money", "number", "percent")


class Figures(QAbstractTableModel):
    """The rows of a report, its row of totals last. All of it is here: a report is finished."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made: Made | None = None

    @property
    def table(self) -> TableReport | None:
        """The report on view; None before the first answer."""
        return None if self._made is None else self._made.table

    def show(self, made: Made | None) -> None:
        """Show another report, or none."""
        self.beginResetModel()
        self._made = made
        self.endResetModel()

    def cell(self, row: int, column: int) -> Cell:
        """Return the value of a cell."""
        return self.cells(row)[column]

    def cells(self, row: int) -> tuple[Cell, ...]:
        """Return the values of a row."""
        if self.table is None:
            return ()
        return self.table.rows[row] if row < len(self.table.rows) else self.table.totals or ()

    def is_total(self, row: int) -> bool:
        """Say whether it is the row of totals."""
        return self.table is not None and row >= len(self.table.rows)

    def look(self, row: int) -> RowLook:
        """Return how a row reads."""
        if self.is_total(row):
            return RowLook(strong=True)
        looks = () if self.table is None else self.table.looks
        return looks[row] if looks else PLAIN

    def is_number(self, column: int) -> bool:
        """Say whether a column holds amounts, counts or shares."""
        return self.table is not None and self.table.columns[column].kind in _NUMBERS

    def is_heading(self, row: int) -> bool:
        """Say whether a row is a title of others: it has no number."""
        cells = self.cells(row)
        return self.look(row).strong and all(
            cell is None for at, cell in enumerate(cells) if self.is_number(at)
        )

    def words(self, row: int, column: int) -> str:
        """Return what a cell shows."""
        if self.table is None:
            return ""
        return cell_text(self.cell(row, column), self.table.columns[column].kind)

    def behind(self, row: int, column: int) -> Behind | None:
        """Return what a number is made of; None where it opens nothing."""
        if self._made is None:
            return None
        return self._made.behind.get((TOTALS if self.is_total(row) else row, column))

    def name_of(self, row: int, column: int) -> str:
        """Return the words that say which number it is: ``Service revenue, March 2026``."""
        if self.table is None:
            return ""
        texts = [
            self.words(row, at)
            for at in range(len(self.table.columns))
            if not self.is_number(at) and self.words(row, at)
        ]
        title = self.table.columns[column].title
        return f"{' '.join(texts[:2])}, {title}" if texts else title

    def copied(self) -> str:
        """Return all of it for the clipboard, amounts as a spreadsheet reads them."""
        if self.table is None:
            return ""
        lines = ["\t".join(column.title for column in self.table.columns)]
        lines += [
            "\t".join(plain(cell).replace("\t", " ") for cell in self.cells(row))
            for row in range(self.rowCount())
        ]
        return "".join(f"{line}\n" for line in lines)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        if parent.isValid() or self.table is None:
            return 0
        return len(self.table.rows) + (self.table.totals is not None)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if across and self.table is not None and section < len(self.table.columns):
            title = self.table.columns[section].title
            if role == Qt.ItemDataRole.DisplayRole:
                return title
            if role == Qt.ItemDataRole.ToolTipRole:
                return plain_tip(title)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.table is None:
            return None
        words = self.words(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole and not self.is_number(index.column()):
            return plain_tip(words) if words else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if not self.is_number(index.column()):
                return words
            return f"{self.name_of(index.row(), index.column())}: {words or 'nothing'}"
        return None
