"""The dialogs of budgets: a new one, empty or copied, and the two acts that are asked about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from PySide6.QtWidgets import QWidget

from fscdesk.services.accounting.budget_approval import undo_approval
from fscdesk.services.accounting.budgets import (
    BudgetRow,
    BudgetStatus,
    add_budget,
    budgets,
    copy_actual,
    copy_budget,
)
from fscdesk.services.accounting.cost_centres import cost_centres
from fscdesk.services.accounting.fiscal import first_day_of, fiscal_year_of
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.text import MINUS
from fscdesk.ui.theme import Status

EMPTY, ACTUAL = "empty", "actual"
_PERCENT: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,2})?", re.ASCII)
_YEARS_AHEAD: Final = 2
STATES: Final = {
    BudgetStatus.DRAFT: Status("Draft", "neutral", "pen-line"),
    BudgetStatus.APPROVED: Status("Approved", "green", "badge-check"),
    BudgetStatus.CLOSED: Status("Replaced", "slate", "lock"),
}


@dataclass(frozen=True, slots=True)
class BudgetChoices:
    """What the tab offers: budgets, cost centres, and the years that one can be made for."""

    rows: tuple[BudgetRow, ...]
    centres: tuple[tuple[str, str], ...]
    years: tuple[tuple[date, str], ...]
    this_year: date


def read_choices(work: Work) -> BudgetChoices:
    """Return the budgets and what stands beside them."""
    now = fiscal_year_of(work, work.today())
    return BudgetChoices(
        budgets(work),
        tuple((one.code, f"{one.code}  {one.name}") for one in cost_centres(work)),
        tuple(
            (first_day_of(work, year), str(year)) for year in range(now - 1, now + _YEARS_AHEAD + 1)
        ),
        first_day_of(work, now),
    )


class BudgetDialog(FieldsDialog):
    """Name, year, and what it begins with: nothing, last year's actual, or another budget."""

    def __init__(
        self, choices: BudgetChoices, parent: QWidget, *, copied: BudgetRow | None = None
    ) -> None:
        title = "New budget" if copied is None else f"Copy {copied.name}"
        super().__init__(
            title,
            "It begins as a draft. Nothing compares with it before it is approved.",
            ("Make the draft", "Making…"),
            parent,
            keep_it="Cancel",
        )
        first = copied.first_month if copied is not None else choices.this_year
        years: list[tuple[date, str]] = list(choices.years)
        if first not in [one for one, _word in years]:
            years.insert(0, (first, str(first.year)))
        self.row(name=TextField("Name", _free_name(choices.rows, copied, first), longest=120))
        self.row(
            year=ChoiceField[date]("Year", years, first),
            source=ChoiceField[str](
                "Begins with",
                [
                    (EMPTY, "Nothing"),
                    (ACTUAL, "Last year’s actual"),
                    *((str(one.id), one.name) for one in choices.rows),
                ],
                EMPTY if copied is None else str(copied.id),
            ),
        )
        self.row(
            percent=TextField(
                "Raised by percent",
                optional=True,
                example="+5",
                rule=_percent_fault,
                hint="Each month is raised, or lowered with a minus.",
            )
        )

    def maker(self) -> Callable[[Work], int]:
        """Return what makes the budget; its answer is the id."""
        name, year = str(self.value("name")), self.value("year")
        source = str(self.value("source"))
        percent = _percent(str(self.value("percent") or ""))

        def make(work: Work) -> int:
            if source == EMPTY:
                return add_budget(work, name, year)
            if source == ACTUAL:
                return copy_actual(work, name, year, percent=percent)
            return copy_budget(work, int(source), name, year, percent=percent)

        return make


def _free_name(rows: Sequence[BudgetRow], copied: BudgetRow | None, first: date) -> str:
    """Suggest a name that is free: ``Budget 2026``, ``Budget 2026, version 2``."""
    base = copied.name.split(", version ")[0] if copied is not None else f"Budget {first.year}"
    taken = {one.name.casefold() for one in rows}
    name, at = base, 1
    while name.casefold() in taken:
        at += 1
        name = f"{base}, version {at}"
    return name


def _percent_fault(text: str) -> str:
    if _PERCENT.fullmatch(_plain(text)) is None:
        return f"{text} is not a percentage. Type it as +5 or -2.5."
    return ""


def _percent(text: str) -> Decimal:
    return Decimal(_plain(text)) if text.strip() else Decimal(0)


def _plain(text: str) -> str:
    return text.strip().replace(MINUS, "-").replace("%", "").strip()


def draft_again(work: Work, row: BudgetRow, version: int) -> str:
    """Take an approval back; return the sentence that says what holds now."""
    before = undo_approval(work, row.id, expected_version=version)
    holds = f" {before} is the approved one again." if before else ""
    return f"{row.name} is a draft again.{holds}"
