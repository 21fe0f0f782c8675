"""Typing into a budget: every cell is saved at once, shown at once, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.budget_typing import put_months
from fscdesk.services.accounting.budgets import BudgetStatus
from fscdesk.services.reports.budget_sheet import EVERY_CENTRE, NO_CENTRE, BudgetSheet
from fscdesk.services.work import Work
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.accounting_plans.budget_dialogs import STATES
from fscdesk.ui.screens.accounting_plans.budget_grid import BudgetGrid
from fscdesk.ui.screens.accounting_plans.budget_rows import (
    YEAR,
    GridRow,
    RowKind,
    Spread,
    column_words,
    with_planned,
)
from fscdesk.ui.screens.accounting_plans.budget_typed import read_typed
from fscdesk.ui.text import money_text
from fscdesk.ui.undo import Undo


class BudgetTyping(QObject):
    """Saves what the grid says was typed. A refusal is said, and the grid reads again."""

    told = Signal()
    """The figures on view are others now."""
    again = Signal()
    """What was shown is not what is saved: read it again."""
    copy_wanted = Signal()
    """The budget takes no typing, and a copy of it would."""

    def __init__(self, shell: Shell, grid: BudgetGrid) -> None:
        super().__init__(grid)
        self._shell, self._grid = shell, grid
        grid.grid.entered.connect(self.on_entered)
        grid.cleared.connect(self.clear)
        grid.copy_right.connect(self.copy_right)

    def on_entered(self, row: GridRow, column: Spread, text: str) -> None:
        """Save what was typed into a cell, or say why it is no amount."""
        own = row.sheet
        if own is None:
            return
        try:
            before = column.of(own.before) if own.before else ()
            amounts = read_typed(text, column.of(own.planned), before)
        except ValueError as fault:
            self._shell.messages.problem(str(fault), hint="Nothing was saved.")
            return
        self._put(row, {column.first + at: one for at, one in enumerate(amounts)}, column)

    def clear(self) -> None:
        """Set the current cell to nothing."""
        cell = self._grid.current()
        if cell is not None and cell[0].kind is RowKind.LINE:
            row, column = cell
            span = range(column.first, column.first + column.count)
            self._put(row, dict.fromkeys(span, ZERO), column)

    def copy_right(self) -> None:
        """Copy the current month, or quarter, to those after it."""
        cell = self._grid.current()
        if cell is None or cell[0].sheet is None or cell[1].count == YEAR:
            return
        row, column = cell
        own = cell[0].sheet
        amounts = column.of(own.planned)
        later = range(column.first + column.count, YEAR)
        self._put(row, {at: amounts[(at - column.first) % column.count] for at in later}, column)

    def _put(self, row: GridRow, amounts: Mapping[int, Money], column: Spread) -> None:
        """Save some months of an account, shown at once; a refusal puts them back."""
        sheet, own = self._grid.grid.sheet, row.sheet
        if sheet is None or own is None or not amounts or not self._may_type(sheet, row):
            return
        planned = list(own.planned)
        for at, one in amounts.items():
            planned[at] = one
        self._grid.grid.show_sheet(with_planned(sheet, own.account, tuple(planned)))
        self.told.emit()
        number, account, centre = sheet.head.id, own.account, sheet.centre
        where = None if centre in (EVERY_CENTRE, NO_CENTRE) else centre
        wanted = {sheet.months[at]: one for at, one in amounts.items()}
        words = f"{own.account} {own.name}, {column_words(column, sheet.months)}"
        if len(amounts) > column.count or column.first not in amounts:
            words = f"{own.account} {own.name}, copied to the right"
        total = Money(sum(one.cents for one in amounts.values()))

        def done(before: Mapping[Any, Money]) -> None:
            def back(work: Work) -> str:
                put_months(work, number, account, before, cost_centre=where)
                return f"{words}: as it was."

            self._shell.messages.info(
                f"{words}: {money_text(total, zero_dash=False)} saved.", undo=Undo(words, back)
            )

        self._shell.desk.act(
            self,
            lambda work: put_months(work, number, account, wanted, cost_centre=where),
            done,
            self._on_refused,
        )

    def _may_type(self, sheet: BudgetSheet, row: GridRow) -> bool:
        if sheet.head.status is not BudgetStatus.DRAFT:
            self._shell.messages.problem(
                f"“{sheet.head.name}” is {STATES[sheet.head.status].word.lower()}.",
                hint="Nothing was saved. Change a copy, and approve that one instead.",
                help=Help("Copy it", self.copy_wanted.emit),
            )
            return False
        if row.sheet is not None and row.sheet.split:
            self._shell.messages.problem(
                f"{row.sheet.account} is planned by cost centre.",
                hint="Nothing was saved. Choose a cost centre above; here is their sum.",
            )
            return False
        return True

    def _on_refused(self, fault: BaseException) -> None:
        self.again.emit()
        self._shell.messages.refused(fault)
