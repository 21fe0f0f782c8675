"""An office lives random months with money; every named check holds after every step.

SimplePractice's reports come, come again and are taken back while the desk receives, applies,
refunds, adjusts, bills, agrees, hands over and takes its money to the bank. Clock and seed are
given; a failing life is made shorter until nothing can be left out of it. What the checks say is
not taken for it: the lines are added up by hand as well, and the drawer and the bank are held
against the documents.

Every run lives the same lives. Others are lived by

    HYPOTHESIS_PROFILE=search pytest --sqlite-only -p no:xdist tests/books/test_random_months.py

with seeds of the day, ``MONTHS`` of them (environment; two unless given). What it prints when it
fails (``@reproduce_failure``) goes above the test until the fault is mended.
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
from tests.support.banking_desk import BankingDesk
from tests.support.clock import Clock
from tests.support.months import Months, prove

NewBooks = Callable[[], AbstractContextManager[Office]]
START = datetime(2026, 1, 5, 17, tzinfo=UTC)
WEEKS = ("week",) * 5 + ("again",) * 3 + ("undo",) * 5 + ("day",) * 3
DESK = (
    *("receive", "receive", "receive", "apply", "apply", "take_back", "transfer", "bounce"),
    *("undo_bounce", "void", "correct_amount", "correct_payer", "ask", "pay", "cancel"),
    *("decide", "decide", "decide", "adjust", "adjust", "adjust", "reverse", "slide"),
    *("write_off_small", "accept_written_off", "plan", "plan", "pay_plan", "dues", "replan"),
    *("end_plan", "place", "place", "recover", "recall", "park", "release", "invoice", "send"),
    *("void_invoice", "remind", "memo", "void_memo", "statements", "send_statements"),
    *("undo_statements", "attendance", "status", "eob", "eob", "change_guarantor"),
    *("deposit", "deposit", "deposit", "deposit", "undo_deposit"),
)
STEPS = st.tuples(st.sampled_from(WEEKS + DESK), st.integers(0, 2**16 - 1))


@settings(
    max_examples=int(os.environ.get("MONTHS", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**16 - 1), steps=st.lists(STEPS, min_size=36, max_size=36))
def test_random_months_hold_every_check(
    new_books: NewBooks, clock: Clock, tmp_path: Path, seed: int, steps: list[tuple[str, int]]
) -> None:
    clock.set(START)
    with new_books() as books:
        books.write(_address)
        months = Months(books, clock, tmp_path, seed, BankingDesk)
        prove(months, "the first weeks")
        for number, (act, chance) in enumerate(steps):
            months.step(act, chance)
            prove(months, f"step {number}, {act}")


def _address(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state, practice.zip_code = "NJ", "07000"
