"""Months are closed while an office lives: what was reported of them never changes.

The lives are those of ``tests/books/test_random_months.py``, with a person who closes months
between. Of every closed month the trial balance and the aging of its last day are written down;
whatever the office does afterwards (imports of old sessions, undone imports, payments, refunds,
write-offs, corrections), both stay to the cent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fscdesk.models.practice import Practice
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.fiscal import FIRST_MONTH
from fscdesk.services.accounting.year_end import close_year, undo_year_end
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import trial_balance
from fscdesk.services.ledger.periods import month_end, open_days
from fscdesk.services.office import Office
from fscdesk.services.reports.aging import aging
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Work
from tests.books.test_random_months import DESK, WEEKS
from tests.support.banking_desk import BankingDesk
from tests.support.clock import Clock
from tests.support.months import OUTSIDE, Months, prove

NewBooks = Callable[[], AbstractContextManager[Office]]
START = datetime(2026, 1, 5, 17, tzinfo=UTC)
STEPS = st.tuples(
    st.sampled_from((*WEEKS, *DESK, *("close_month",) * 8, *("end_year", "undo_year") * 2)),
    st.integers(0, 2**16 - 1),
)


class ClosedMonths(Months):
    """An office that closes its months; ``told`` is what it reported of each."""

    def __init__(self, *given: Any) -> None:
        self.told: dict[date, object] = {}
        super().__init__(*given)

    def step(self, act: str, number: int) -> None:
        """Do one thing, and look at every month that was closed before."""
        if act in ("close_month", "end_year", "undo_year"):
            self.done[act] += getattr(self, act)()
        else:
            super().step(act, number)
        for day, told in self.told.items():
            assert self.books.read(lambda work, day=day: _reported(work, day)) == told, (act, day)  # type: ignore[misc]

    def close_month(self) -> bool:
        """Close the last month that is over, sometimes only softly."""
        last = month_end(self.clock().date().replace(day=1))
        month = date(last.year, last.month, 1)
        before = month.fromordinal(month.toordinal() - 1)
        try:
            self.books.write(lambda work: close(work, before, soft=self.world.rng.random() < 0.2))
        except Problem as refused:
            assert refused.hint  # noqa: PT017 - which is refused depends on the seed
            return False
        self.clock.forward(minutes=1)
        self.told[before] = self.books.read(lambda work: _reported(work, before))
        assert self.books.read(open_days).first == month
        return True

    def end_year(self) -> bool:
        """Carry the year that ended with February, where its months are closed."""
        return self._year(lambda work: close_year(work, 2026).on)

    def undo_year(self) -> bool:
        """Take that back."""
        return self._year(lambda work: undo_year_end(work, 2026, reason="A bill").on)

    def _year(self, act: Callable[[Work], date]) -> bool:
        """Do it, and write down anew what is told of the days from the year's end on."""
        try:
            last = self.books.write(act).value
        except Problem as refused:
            assert refused.hint  # noqa: PT017 - which is refused depends on the seed
            return False
        for day in self.told:
            if day >= last:
                self.told[day] = self.books.read(lambda work, day=day: _reported(work, day))  # type: ignore[misc]
        return True


@settings(
    max_examples=int(os.environ.get("MONTHS", "1")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**16 - 1), steps=st.lists(STEPS, min_size=40, max_size=40))
def test_what_was_reported_of_a_closed_month_never_changes(
    new_books: NewBooks, clock: Clock, tmp_path: Path, seed: int, steps: list[tuple[str, int]]
) -> None:
    clock.set(START)
    with new_books() as books:
        books.write(_address)
        books.write(lambda work: change_setting(work, FIRST_MONTH, "3", seen="1"))
        months = ClosedMonths(books, clock, tmp_path, seed, BankingDesk)
        prove(months, "the first weeks")
        months.clock.forward(days=10)
        for number, (act, chance) in enumerate([("close_month", 0), *steps]):
            months.step(act, chance)
            prove(months, f"step {number}, {act}")
        assert months.told
        assert "close_month" not in OUTSIDE


def _reported(work: Work, day: date) -> object:
    aged = aging(work, as_of=day)
    assert aged.ties
    return trial_balance(work, day), aged.total.buckets, aged.total.balance


def _address(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state, practice.zip_code = "NJ", "07000"
