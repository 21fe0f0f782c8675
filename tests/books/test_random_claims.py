"""An office lives random months with claims; every named check holds after every step.

As ``test_random_months``, but what happens at the desk is mostly about claims: they are built,
checked, held, sent, acknowledged (999, 277CA), rejected, sent again, denied, appealed, corrected,
taken back, and batches undone, while SimplePractice's reports come, come again and are taken back
and payers' money is applied and reversed. Lines, charges, files and visits are added up by hand
after each step, and every file that goes is read back.

More lives: as said there, with ``MONTHS`` of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fscdesk.models.practice import Practice
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.brute_claims import wrong_claims
from tests.support.claims_desk import CLAIM_ACTS, ClaimsDesk, complete, open_clearinghouse
from tests.support.clock import Clock
from tests.support.months import Months, prove

NewBooks = Callable[[], AbstractContextManager[Office]]
START = datetime(2026, 1, 5, 17, tzinfo=UTC)
OFTEN = (
    *("build",) * 5,
    *("send_claims",) * 7,
    *("read_999", "read_277") * 2,
    *("look_up",) * 3,
    *("resend", "correct_claim", "eob"),
)
MONEY = ("receive", "apply", "take_back", "void", "bounce", "attendance", "status", "adjust")
WORLD = ("week", "week", "again", "undo", "undo", "day")
STEPS = st.tuples(st.sampled_from((*CLAIM_ACTS, *OFTEN, *MONEY, *WORLD)), st.integers(0, 2**16 - 1))


@settings(
    max_examples=int(os.environ.get("MONTHS", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**16 - 1), steps=st.lists(STEPS, min_size=30, max_size=30))
def test_random_months_with_claims_hold_every_check(
    new_books: NewBooks, clock: Clock, tmp_path: Path, seed: int, steps: list[tuple[str, int]]
) -> None:
    clock.set(START)
    with new_books() as books:
        books.write(_practice)
        months = Months(books, clock, tmp_path, seed, ClaimsDesk)
        books.write(complete)
        # So that each life has claims at every stage, whatever is drawn.
        for number, act in enumerate(("build", "send_claims", "read_999", "build", "send_claims")):
            months.step(act, number)
        _prove(months, "the first claims")
        for number, (act, chance) in enumerate(steps):
            months.step(act, chance)
            _prove(months, f"step {number}, {act}")


def _prove(months: Months, when: str) -> None:
    prove(months, when)
    assert wrong_claims(months.books) == [], when


def _practice(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state = "NJ"
    open_clearinghouse(work)
