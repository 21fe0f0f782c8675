"""A payer answers, takes back and changes its mind at random; every check holds after each step."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.payments import open_till
from tests.support.people import add_session
from tests.support.remittance_lives import RemittanceLife

NewBooks = Callable[[], AbstractContextManager[Office]]
STEPS = 25


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shorter life is another life
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_remittances_hold_every_check(new_books: NewBooks, clock: Clock, seed: int) -> None:
    clock.set(datetime(2026, 4, 12, 17, tzinfo=UTC))
    with new_books() as books:
        till = books.write(open_till).value

        def more(work: Work) -> list[int]:
            for day in (16, 23, 30):
                add_session(
                    work,
                    till.alma,
                    1,
                    day=date(2026, 3, day),
                    payer=till.payer,
                    insurance=130_00,
                    share=30_00,
                )
            work.db.flush()
            found = select(Charge.id).where(Charge.payer_id == till.payer)
            return list(work.db.scalars(found.order_by(Charge.id)))

        charges = books.write(more).value
        life = RemittanceLife(books, till, random.Random(seed), charges)
        for step in range(STEPS):
            if step % 6 == 5:
                clock.forward(days=1)
            what = life.step()
            report = books.read(run_checks)
            wrong = {one.name: one.offenders for one in report.checks if not one.ok}
            assert wrong == {}, f"seed {seed}, step {step}, after {what}"
        assert sum(life.done.values()) > STEPS // 2, f"seed {seed}: {life.refused}"
