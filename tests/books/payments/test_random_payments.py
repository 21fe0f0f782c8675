"""Money comes and goes at random for weeks; every named check holds after every step."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.money_desk import MoneyDesk
from tests.support.payments import open_till
from tests.support.people import add_session

NewBooks = Callable[[], AbstractContextManager[Office]]
STEPS = 45


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shorter life is another life
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_weeks_of_payments_hold_every_check(
    new_books: NewBooks, clock: Clock, seed: int
) -> None:
    rng = random.Random(seed)
    clock.set(datetime(2026, 4, 12, 17, tzinfo=UTC))
    with new_books() as books:
        till = books.write(open_till).value
        desk = MoneyDesk(books, till, rng)

        def more(work: Work) -> None:
            for day in range(1, 9):
                patient = rng.choice((till.alma, till.ben))
                add_session(work, patient, 1, day=date(2026, 3, day + 12), share=80_00)

        books.write(more)
        for step in range(STEPS):
            if step % 6 == 5:
                clock.forward(days=1)
            what = desk.step()
            report = books.read(run_checks)
            wrong = {one.name: one.offenders for one in report.checks if not one.ok}
            assert wrong == {}, f"seed {seed}, step {step}, after {what}"
            desk.holds()
        assert sum(desk.done.values()) > STEPS // 3, f"seed {seed}: {desk.refused}"
