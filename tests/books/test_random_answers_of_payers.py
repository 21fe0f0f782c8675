"""An office lives random months with remittances; every check holds after every step.

As ``test_random_claims``, and payers answer the claims: what they pay, deny, ask of clients, pass
on, take back and forward is read, posted, undone and posted again between all the rest. After each
step every check's money is accounted for to the cent; at the end it is held against the very files
that came, less what was undone, and SQLite and Postgres stand the same after the same months.

Every run lives the same lives. Others are lived by

    MONTHS=100-200 pytest --sqlite-only tests/books/test_random_answers_of_payers.py

A life is told by its seed alone.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fscdesk.models.practice import Practice
from fscdesk.services.connecting import open_office
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.brute_claims import wrong_claims
from tests.support.brute_remittances import stands, wrong_remittances
from tests.support.claims_desk import complete, open_clearinghouse
from tests.support.clock import Clock
from tests.support.databases import Databases, lent
from tests.support.months import Months, prove
from tests.support.remittance_desk import ERA_ACTS, RemittanceDesk
from tests.support.said_by_payers import told_of, unlike_the_files

START = datetime(2026, 1, 5, 17, tzinfo=UTC)
FIRST, _, LAST = os.environ.get("MONTHS", "").partition("-")
LIVES = range(int(FIRST), int(LAST)) if FIRST else (1, 26)
STEPS = 30
OFTEN = (
    *("payers_pay",) * 9,
    *("payers_change",) * 4,
    *("post_era", "undo_era", "undo_era_claim") * 2,
    *("build", "send_claims") * 3,
    *("read_277", "correct_claim", "void_claim", "second_payer", "appeal", "look_up", "move_claim"),
)
MONEY = (
    *("receive", "apply", "take_back", "transfer", "bounce", "void", "correct_amount", "adjust"),
    *("ask", "decide", "pay", "reverse", "eob", "statements", "attendance", "status", "place"),
)
WORLD = ("week", "week", "again", "undo", "undo", "day")
BEGIN = ("build", "send_claims", "build", "send_claims", "payers_pay", "payers_pay")
"""So that each life has answers of payers, whatever is drawn."""


@pytest.mark.parametrize("seed", LIVES)
def test_random_months_with_remittances_hold_every_check_and_end_the_same(
    request: pytest.FixtureRequest, clock: Clock, tmp_path: Path, seed: int
) -> None:
    kinds = ("sqlite",) if request.config.getoption("--sqlite-only") else ("sqlite", "postgres")
    ends = []
    for kind in kinds:
        databases: Databases = request.getfixturevalue(f"{kind}_databases")
        clock.set(START)
        folder = tmp_path / kind
        folder.mkdir()
        with lent(databases) as target:
            office = open_office(target, now=clock)
            try:
                ends.append(_lived(office, clock, folder, seed))
            finally:
                office.close()
    assert all(one == ends[0] for one in ends)


def _lived(books: Office, clock: Clock, folder: Path, seed: int) -> list[tuple[object, ...]]:
    """Live the months, prove every step, and return how the books stand at the end."""
    books.write(_practice)
    chance = random.Random(seed)
    months = Months(books, clock, folder, seed, RemittanceDesk)
    books.write(complete)
    drawn = [chance.choice((*ERA_ACTS, *OFTEN, *MONEY, *WORLD)) for _ in range(STEPS)]
    for number, act in enumerate((*BEGIN, *drawn)):
        months.step(act, chance.randrange(2**16))
        when = f"life {seed}, step {number}, {act}"
        prove(months, when)
        assert wrong_claims(books) == [], when
        assert wrong_remittances(books) == [], when
    assert months.done["payers_pay"] > 1, months.desk.refused
    assert isinstance(months.desk, RemittanceDesk)
    came = months.desk.came
    assert unlike_the_files(books, came) == [], f"life {seed}, the end"
    assert wrong_remittances(books, told_of(came)) == [], f"life {seed}, the end"
    return books.read(stands)


def _practice(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state = "NJ"
    open_clearinghouse(work)
