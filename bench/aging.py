"""Aging of a large practice beside the same figures by hand-written SQL, today and on a past day.

By hand means: one connection of the driver, no program, the questions that somebody who knows
the indexes would write (domain/speed.md), their rows fetched and nothing done with them.
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
from fscdesk.services.reports.aging import aging

TODAY_AIM, PAST_AIM = 1.3, 1.5
LARGE = 1_000_000
SCREEN = 0.1
"""Seconds in which a screen has its answer (DESIGN.md 12)."""
PAST_DAY: Final = date(2025, 12, 31)
"""Three months before the last day: most of what was open then has been paid since."""

_BUCKETS: Final = ", ".join(
    [
        *(
            f"sum({{amount}}) FILTER (WHERE service_day >= :d{at} AND {{amount}} > 0)"
            for at in range(4)
        ),
        "sum({amount}) FILTER (WHERE {amount} > 0)",
        "sum({amount}) FILTER (WHERE {amount} < 0)",
    ]
)
_INSURANCE: Final = _BUCKETS.format(amount="insurance_balance")
_PATIENT: Final = _BUCKETS.format(amount="patient_balance")
_CREDITS: Final = "SELECT sum(amount) FROM journal_line WHERE account = '2400' AND day <= :as_of"
_LEDGER: Final = (
    "SELECT sum(amount) FROM journal_line"
    " WHERE account IN ('1100', '1110', '1120', '1130', '2400', '2410') AND day <= :as_of"
)
_TODAY: Final = (
    f"SELECT payer_id, {_INSURANCE} FROM charge WHERE insurance_balance <> 0 GROUP BY payer_id",
    "SELECT id, name FROM payer",
    f"SELECT {_PATIENT} FROM charge WHERE patient_balance <> 0",
    _CREDITS,
)
_MOVED: Final = (
    "SELECT payer_id, service_day, (SELECT sum(l.amount) FROM journal_line l"
    " WHERE l.charge_id = charge.id AND l.account IN ('1110', '2410') AND l.day <= :as_of)"
    " AS insurance_balance, (SELECT sum(l.amount) FROM journal_line l"
    " WHERE l.charge_id = charge.id AND l.account = '1100' AND l.day <= :as_of)"
    " AS patient_balance FROM charge WHERE last_day > :as_of AND first_day <= :as_of"
)
_PAST: Final = (
    (
        f"SELECT payer_id, {_INSURANCE} FROM charge WHERE insurance_balance <> 0"
        " AND last_day <= :as_of GROUP BY payer_id"
    ),
    f"SELECT {_PATIENT} FROM charge WHERE patient_balance <> 0 AND last_day <= :as_of",
    (
        f"WITH moved AS MATERIALIZED ({_MOVED})"
        f" SELECT payer_id, {_INSURANCE}, {_PATIENT} FROM moved GROUP BY payer_id"
    ),
    "SELECT id, name FROM payer",
    _CREDITS,
)


def measures(folder: Path, sizes: Sequence[int]) -> list[Measure]:
    """Measure practices of these sizes, which are made in the folder on the first run."""
    return [measure for size in sizes for measure in _of_size(practice_of(folder, size), size)]


def _of_size(path: Path, size: int) -> list[Measure]:
    now = datetime.combine(LAST_DAY, datetime.min.time(), UTC) + timedelta(hours=20)
    office = open_office(path, now=lambda: now)
    by_hand: Any = sqlcipher3.dbapi2.connect(str(path), isolation_level=None)
    by_hand.execute("PRAGMA cache_size=-65536")  # as the program's own connections

    def ours(as_of: date, *, prove: bool = False) -> None:
        office.read(lambda work: aging(work, as_of=as_of, prove=prove))

    def hand(as_of: date, *questions: str) -> None:
        days = {f"d{at}": (as_of - timedelta(days=30 * (at + 1))).isoformat() for at in range(4)}
        for question in questions:
            by_hand.execute(question, {**days, "as_of": as_of.isoformat()}).fetchall()

    try:
        if not office.read(lambda work: aging(work, as_of=PAST_DAY)).ties:
            raise ValueError("the practice that was made does not tie to its ledger")
        return [
            _compared(
                "aging, as of today",
                size,
                lambda: ours(LAST_DAY),
                lambda: hand(LAST_DAY, *_TODAY),
                TODAY_AIM,
            ),
            _compared(
                "aging, as of today, tied to the ledger",
                size,
                lambda: ours(LAST_DAY, prove=True),
                lambda: hand(LAST_DAY, *_TODAY, _LEDGER),
                TODAY_AIM,
            ),
            _compared(
                "aging, as of a past day",
                size,
                lambda: ours(PAST_DAY),
                lambda: hand(PAST_DAY, *_PAST),
                PAST_AIM,
            ),
        ]
    finally:
        by_hand.close()
        office.close()


def _compared(
    work: str, size: int, ours: Callable[[], object], limit: Callable[[], object], aim: float
) -> Measure:
    """Compare with the hand-written questions; below a million with what a screen may take.

    A question that takes a quarter of a millisecond by hand only measures the asking.
    """
    found = compared(work, size, ours, limit, aim)
    if size >= LARGE:
        return found
    return replace(found, limit_s=SCREEN, ratio=found.ours_s / SCREEN, aim=1.0)
