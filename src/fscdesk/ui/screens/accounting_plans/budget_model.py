"""The figures of a budget for its grid: rows and columns, and what may be typed into."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from fscdesk.services.reports.budget_sheet import BudgetSheet
from fscdesk.ui.screens.accounting_plans.budget_rows import (
    GridRow,
    RowKind,
    Spread,
    columns_of,
    rows_of,
)
from fscdesk.ui.text import money_text

Index = QModelIndex | QPersistentModelIndex


class BudgetModel(QAbstractTableModel):
    """The figures of a sheet, by rows and columns. ``entered``: row, column, what was typed."""

    entered = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet: BudgetSheet | None = None
        self.rows: tuple[GridRow, ...] = ()
        self.columns: tuple[Spread, ...] = ()
        self.by_quarter = False

    def show_sheet(self, sheet: BudgetSheet | None) -> None:
        """Show other figures; the same accounts keep the current cell."""
        rows = rows_of(sheet) if sheet is not None else ()
        columns = columns_of(sheet.months, by_quarter=self.by_quarter) if sheet is not None else ()
        same = len(rows) == len(self.rows) and columns == self.columns
        if not same:
            self.beginResetModel()
        self.sheet, self.rows, self.columns = sheet, rows, columns
        if not same:
            self.endResetModel()
        elif rows:
            last = self.index(len(rows) - 1, len(columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(rows) - 1)

    def set_by_quarter(self, *, on: bool) -> None:
        """Show quarters instead of months."""
        self.by_quarter = on
        self.show_sheet(self.sheet)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if row.kind is RowKind.HEAD:
            return None
        amount = self.columns[index.column()].sum(row.planned)
        if role == Qt.ItemDataRole.DisplayRole:
            return money_text(amount, zero_dash=row.kind is RowKind.LINE)
        if role == Qt.ItemDataRole.EditRole:
            return amount.plain() if amount else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.label.strip()}, {self.columns[index.column()].title}, {amount}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.columns[section].title
        return self.rows[section].label

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.rows[index.row()].kind is RowKind.LINE:
            return base | Qt.ItemFlag.ItemIsEditable
        return base

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        self.entered.emit(self.rows[index.row()], self.columns[index.column()], str(value))
        return True
