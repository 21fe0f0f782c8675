"""A budget as it is given out: its rows and columns, and every figure of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.budget_sheet import BudgetSheet
from fscdesk.services.work import Work
from fscdesk.ui.screens.accounting_plans.budget_rows import GridRow, RowKind, Spread
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.export import Shown


def shown_grid(
    sheet: BudgetSheet, columns: Sequence[Spread], rows: Sequence[GridRow], centre: str
) -> Shown:
    """Return what an export writes of a grid; ``centre`` says in words which cost centre it is."""

    def query(_work: Work, span: Span) -> Page[GridRow]:
        part = tuple(rows[span.start : span.start + span.size])
        return Page(span.start, len(rows), part, {})

    def amount(column: Spread, row: GridRow) -> Money | None:
        return None if row.kind is RowKind.HEAD else column.sum(row.planned)

    made: list[Column[GridRow]] = [
        Column("account", "Account", lambda row: row.label, names=True, width=220)
    ]
    made += [
        money_column(f"c{at}", column.title, partial(amount, column))
        for at, column in enumerate(columns)
    ]
    filters = (f"Cost centre: {centre}",) if centre else ()
    return Shown(sheet.head.name, tuple(made), query, Span(0, len(rows), "account"), filters)
