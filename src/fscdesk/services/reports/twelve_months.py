"""The months that Home shows: what was collected against the budget, what stood open, how fast.

Each figure is that of its report: collected is what the income statement, cash basis, says was
received from clients and payers; open and days are those of days in A/R, the budget is the
income of budget and actual.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.open_items import agency_total, to_explain_total
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.budget_variance import income_planned
from fscdesk.services.reports.cash_basis import CLIENTS, PAYERS, TO_NAME, received_by_month
from fscdesk.services.reports.periods import months_back
from fscdesk.services.reports.rates import DsoRow, dso_by_month
from fscdesk.services.work import Work

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """One month, the last one until the day of the question.

    ``by_payers`` and ``by_clients`` is the money that they paid in it, less what went back to
    them, whatever it was applied to; ``to_identify`` came without saying from whom. ``budget``
    is the income of the approved budget, None where none has the month. ``end`` is the day of
    the other figures. ``at_agency`` and ``to_explain`` are parts of ``open`` that the aging has
    not; they are asked for in the last month alone.
    """

    first: date
    end: date
    by_payers: Money
    by_clients: Money
    to_identify: Money
    budget: Money | None
    open: Money
    days_to_payment: Decimal | None
    at_agency: Money = ZERO
    to_explain: Money = ZERO

    @property
    def aging(self) -> Money:
        """Return what the aging says of the last month's end."""
        return self.open - self.at_agency - self.to_explain

    @property
    def collected(self) -> Money:
        """Return all money that was received for services."""
        return self.by_payers + self.by_clients + self.to_identify


def months_seen(work: Work, as_of: date, months: int = MONTHS) -> tuple[MonthSeen, ...]:
    """Return the months until a day, the oldest first. Raises Problem without the right."""
    require(work, Right.SEE_REPORTS, "see reports")
    first = months_back(as_of.replace(day=1), months - 1)
    paid = received_by_month(work, first, as_of)
    planned = income_planned(work, first, as_of)
    *before, now = (_seen(row, paid, planned) for row in dso_by_month(work, first, as_of))
    held, taken = agency_total(work, as_of), to_explain_total(work, as_of)
    return (*before, replace(now, at_agency=held, to_explain=taken))


def _seen(row: DsoRow, paid: dict[str, dict[str, int]], planned: dict[date, Money]) -> MonthSeen:
    first = row.day.replace(day=1)
    came = paid.get(first.isoformat()[:7], {})
    return MonthSeen(
        first=first,
        end=row.day,
        by_payers=Money(came.get(PAYERS, 0)),
        by_clients=Money(came.get(CLIENTS, 0)),
        to_identify=Money(came.get(TO_NAME, 0)),
        budget=planned.get(first),
        open=row.open,
        days_to_payment=row.days_to_payment,
    )
