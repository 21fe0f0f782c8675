"""The first statement of an account speaks of a whole month."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.billing.statement_plan import first_period


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 4, 1), date(2026, 3, 1)),
        (date(2026, 1, 3), date(2025, 12, 1)),
        (date(2026, 3, 7), date(2026, 2, 1)),
        (date(2026, 3, 8), date(2026, 3, 1)),
        (date(2026, 3, 31), date(2026, 3, 1)),
    ],
)
def test_a_run_of_the_first_days_is_about_the_month_before(as_of: date, first: date) -> None:
    assert first_period(as_of) == first
