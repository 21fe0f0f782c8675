"""Financial statements of a large practice beside the same sums by hand-written SQL.

By hand means: one connection of the driver, and the question that somebody who knows the index of
lines by account and day would write, its rows fetched and nothing done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2

from bench.big_practice import LAST_DAY, practice_of
from bench.measure import Measure, compared
from fscdesk.services.connecting import open_office
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.cash_flow import cash_flow
from fscdesk.services.reports.earned import earned
from fscdesk.services.reports.income_statement import View, income_statement
from fscdesk.services.reports.roll_forward import roll_forward
from fscdesk.services.reports.trial_balance import trial_balance
from fscdesk.services.work import Work

AIM, CUT_AIM = 1.5, 2.5
LARGE = 1_000_000
SCREEN = 0.1
"""Seconds in which a screen has its answer (DESIGN.md 12)."""
YEAR: Final = (date(2025, 1, 1), date(2025, 12, 31))
MONTH: Final = (date(2026, 3, 1), LAST_DAY)

_ALL: Final = "SELECT account, sum(amount) FROM journal_line WHERE day <= :last GROUP BY account"
_SPAN: Final = (
    "SELECT account, sum(amount) FROM journal_line"
    " WHERE day >= :first AND day <= :last{which} GROUP BY account"
)
_EARNED: Final = _SPAN.format(
    which=" AND account IN (SELECT code FROM account WHERE type IN ('income', 'expense'))"
)
_MONEY: Final = (
    "SELECT account, part, sum(amount) FROM journal_line WHERE account NOT IN ('1000', '1020',"
    " '1050') AND entry_id IN (SELECT entry_id FROM journal_line WHERE account IN ('1000', '1020',"
    " '1050') AND day >= :first AND day <= :last) GROUP BY account, part"
)
_PARTS: Final = (
    "SELECT account, part, sum(amount) FROM journal_line WHERE account IN ('1100', '1110', '1120',"
    " '1130', '2400', '2410') AND day >= :first AND day <= :last GROUP BY account, part"
)
_OPEN: Final = (
    "SELECT account, sum(amount) FROM journal_line WHERE account IN ('1100', '1110', '1120',"
    " '1130', '2400', '2410') AND day <= :last GROUP BY account"
)
_BY_PAYER: Final = (
    "SELECT payer_id, account, sum(amount) FROM journal_line WHERE account IN (SELECT code FROM"
    " account WHERE type IN ('income', 'expense')) AND day >= :first AND day <= :last"
    " GROUP BY payer_id, account"
)
_PAID_BY_PAYER: Final = (
    "SELECT payer_id, part, sum(amount) FROM journal_line WHERE account IN ('1100', '1110')"
    " AND day >= :first AND day <= :last GROUP BY payer_id, part"
)
_BY_CENTRE: Final = (
    "SELECT cost_centre, provider_id, account, sum(amount) FROM journal_line WHERE account IN"
    " (SELECT code FROM account WHERE type IN ('income', 'expense')) AND day >= :first"
    " AND day <= :last GROUP BY cost_centre, provider_id, account"
)
_UNITS: Final = (
    "SELECT payer_id, sum(units) FROM charge WHERE posted_day >= :first AND posted_day <= :last"
    " GROUP BY payer_id"
)
_WORKS: Final[
    tuple[tuple[str, Callable[[Work], object], tuple[date, date], tuple[str, ...], float], ...]
] = (
    ("trial balance", lambda work: trial_balance(work, LAST_DAY), YEAR, (_ALL,), AIM),
    (
        "balance sheet",
        lambda work: balance_sheet(work, LAST_DAY),
        YEAR,
        (_ALL, _EARNED, _EARNED),
        CUT_AIM,
    ),
    ("income, a year", lambda work: income_statement(work, *YEAR), YEAR, (_EARNED,), AIM),
    (
        "income by cost centre, a year",
        lambda work: income_statement(work, *YEAR, by=Cut.COST_CENTRE),
        YEAR,
        (_EARNED, _BY_CENTRE),
        CUT_AIM,
    ),
    (
        "income by money, a year",
        lambda work: income_statement(work, *YEAR, view=View.CASH),
        YEAR,
        (_MONEY,),
        AIM,
    ),
    (
        "cash flow, a year",
        lambda work: cash_flow(work, *YEAR),
        YEAR,
        (_SPAN.format(which=""), _OPEN),
        CUT_AIM,
    ),
    (
        "A/R roll-forward, a month, with its aging",
        lambda work: roll_forward(work, *MONTH),
        MONTH,
        (_OPEN, _OPEN, _OPEN, _PARTS),
        CUT_AIM,
    ),
    (
        "payer mix, a year",
        lambda work: earned(work, *YEAR, by=Cut.PAYER),
        YEAR,
        (_BY_PAYER, _PAID_BY_PAYER, _UNITS),
        CUT_AIM,
    ),
)


def measures(folder: Path, sizes: Sequence[int]) -> list[Measure]:
    """Measure practices of these sizes, which are made in the folder on the first run."""
    return [measure for size in sizes for measure in _of_size(practice_of(folder, size), size)]


def _of_size(path: Path, size: int) -> list[Measure]:
    now = datetime.combine(LAST_DAY, datetime.min.time(), UTC) + timedelta(hours=20)
    office = open_office(path, now=lambda: now)
    by_hand: Any = sqlcipher3.dbapi2.connect(str(path), isolation_level=None)
    by_hand.execute("PRAGMA cache_size=-65536")  # as the program's own connections
    try:
        found = []
        for name, ask, (first, last), questions, aim in _WORKS:
            days = {"first": first.isoformat(), "last": last.isoformat()}

            def hand(asked: tuple[str, ...] = questions, on: dict[str, str] = days) -> None:
                for question in asked:
                    by_hand.execute(question, on).fetchall()

            def ours(made: Callable[[Work], object] = ask) -> None:
                office.read(made)

            one = compared(name, size, ours, hand, aim)
            if size < LARGE or one.limit_s < SCREEN:
                # What takes a millisecond by hand only measures the asking.
                one = replace(one, limit_s=SCREEN, ratio=one.ours_s / SCREEN, aim=1.0)
            found.append(one)
        return found
    finally:
        by_hand.close()
        office.close()
