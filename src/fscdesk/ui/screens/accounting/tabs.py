"""The tabs of Accounting, in order: each names where its part is made, when it is opened first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from fscdesk.ui.screens.accounting.part import BooksPart, Rooms

JOURNAL, LEDGER, CHART, PERIODS = "journal", "ledger", "chart", "periods"
RECURRING = "recurring"
BUDGETS, CENTRES, RECURRING, YEAR_END, OPENING = (
    "budgets",
    "cost_centres",
    "recurring",
    "year_end",
    "opening",
)
_HERE = "fscdesk.ui.screens.accounting"
_PLANS = "fscdesk.ui.screens.accounting_plans"


@dataclass(frozen=True, slots=True)
class BooksTab:
    """A tab: its key and word, and the module and name that make its part from ``Rooms``."""

    key: str
    word: str
    module: str
    name: str

    def make(self, rooms: Rooms) -> BooksPart:
        """Make the part of the tab."""
        maker: Callable[[Rooms], BooksPart] = getattr(import_module(self.module), self.name)
        return maker(rooms)


TABS: tuple[BooksTab, ...] = (
    BooksTab(JOURNAL, "Journal", f"{_HERE}.journal_part", "JournalPart"),
    BooksTab(LEDGER, "Ledger", f"{_HERE}.ledger_part", "LedgerPart"),
    BooksTab(CHART, "Chart", f"{_HERE}.chart_part", "ChartPart"),
    BooksTab(PERIODS, "Periods", f"{_HERE}.periods_part", "PeriodsPart"),
    BooksTab(BUDGETS, "Budgets", f"{_PLANS}.budgets_part", "BudgetsPart"),
    BooksTab(CENTRES, "Cost centres", f"{_PLANS}.cost_centres_part", "CostCentresPart"),
    BooksTab(RECURRING, "Recurring", f"{_PLANS}.recurring_part", "RecurringPart"),
    BooksTab(YEAR_END, "Year end", f"{_PLANS}.year_end_part", "YearEndPart"),
    BooksTab(OPENING, "Opening", f"{_PLANS}.opening_part", "OpeningPart"),
)
