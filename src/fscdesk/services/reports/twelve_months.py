"""The months that Home shows: what was collected against the budget, what stood open, how fast.

Each figure is that of its report: collected is the money of payer mix, open and days are those
of days in A/R, the budget that of budget and actual.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from fscdesk.models.ledger import Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE, PATIENT_RECEIVABLE
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Cut, balances
from fscdesk.services.reports.budget_variance import income_planned
from fscdesk.services.reports.periods import months_back
from fscdesk.services.reports.rates import DsoRow, dso_by_month
from fscdesk.services.work import Work

MONTHS: Final = 12
_WHOSE: Final = {Part.INSURANCE_PAID: 0, Part.PATIENT_PAID: 1}


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """One month, the last one until the day of the question.

    ``by_payers`` and ``by_clients`` were applied to charges in it; ``budget`` is the income of
    the approved budget, None where none has the month. ``end`` is the day of the other figures.
    """

    first: date
    end: date
    by_payers: Money
    by_clients: Money
    budget: Money | None
    open: Money
    days_to_payment: Decimal | None

    @property
    def collected(self) -> Money:
        """Return all money that was applied."""
        return self.by_payers + self.by_clients


def months_seen(work: Work, as_of: date, months: int = MONTHS) -> tuple[MonthSeen, ...]:
    """Return the months until a day, the oldest first. Raises Problem without the right."""
    require(work, Right.SEE_REPORTS, "see reports")
    first = months_back(as_of.replace(day=1), months - 1)
    paid: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    accounts = (PATIENT_RECEIVABLE, INSURANCE_RECEIVABLE)
    for one in balances(work, first, as_of, accounts=accounts, by=(Cut.PART, Cut.MONTH)):
        part, month = one.keys
        if part in _WHOSE:
            paid[str(month)][_WHOSE[Part(str(part))]] -= one.cents
    planned = income_planned(work, first, as_of)
    return tuple(_seen(row, paid, planned) for row in dso_by_month(work, first, as_of))


def _seen(row: DsoRow, paid: dict[str, list[int]], planned: dict[date, Money]) -> MonthSeen:
    first = row.day.replace(day=1)
    by_payers, by_clients = paid.get(first.isoformat()[:7], (0, 0))
    return MonthSeen(
        first=first,
        end=row.day,
        by_payers=Money(by_payers) if by_payers else ZERO,
        by_clients=Money(by_clients) if by_clients else ZERO,
        budget=planned.get(first),
        open=row.open,
        days_to_payment=row.days_to_payment,
    )
