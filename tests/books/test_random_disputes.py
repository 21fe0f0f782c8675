"""Clients dispute card payments for months; every named check holds after every step.

Parts and wholes are charged back, won, lost again and taken back, refunded and moved meanwhile,
paid out, shown by the bank, proved and closed. What the bank took is counted beside the books.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fscdesk.models.bank import BankAccount
from fscdesk.models.values import ZERO
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.policies import RETURNED_FEE
from fscdesk.services.work import Work
from tests.support.bookkeeping_desk import ACCOUNT
from tests.support.brute_books import wrong_sums
from tests.support.clock import Clock
from tests.support.dispute_desk import DisputeDesk
from tests.support.payment_acts import setting
from tests.support.payments import open_till
from tests.support.people import add_session

NewBooks = Callable[[], AbstractContextManager[Office]]
STEPS = 20
ACTS = (
    *("card",) * 4,
    *("charge_back",) * 6,
    *("win",) * 5,
    *("unsay",) * 4,
    *("payout",) * 4,
    *("there_and_back",) * 4,
    *("give_back", "give_back", "move", "move", "whole", "undo_whole", "transfer"),
    *("bank_file", "match_all", "match_all", "apart", "prove", "prove", "undo_proof"),
    *("close_month", "close_month", "open_month", "undo_deposit"),
)
BEGINS = ("card", "card", "payout", "card", "charge_back", "bank_file", "match_all", "prove")
ENDS = ("close_month", "charge_back", "win", "unsay")


@pytest.mark.parametrize("seed", [3])
def test_random_months_of_disputes_hold_every_check(
    new_books: NewBooks, clock: Clock, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    clock.set(datetime(2026, 4, 12, 17, tzinfo=UTC))
    with new_books() as books:
        till = books.write(open_till).value

        def more(work: Work) -> None:
            for day in range(1, 9):
                add_session(work, till.alma, 1, day=date(2026, 3, day + 12), share=80_00)
            account = work.db.get_one(BankAccount, ACCOUNT)
            account.starts_on, account.starts_with = date(2026, 3, 1), ZERO

        books.write(more)
        setting(books, RETURNED_FEE, "15.00")
        desk = DisputeDesk(books, till, rng)
        desk.folder = tmp_path
        chosen = rng.choices(ACTS, k=STEPS)
        for step, act in enumerate((*BEGINS, *chosen, *ENDS)):
            if step % 5 == 4:
                clock.forward(days=rng.choice((1, 3, 9, 31)))
            desk.do(act)
            _holds(books, desk, f"seed {seed}, step {step}, after {act}")
        for act in ("charge_back", "win", "unsay", "payout_deposited", "prove", "close_month"):
            assert desk.done[act], f"seed {seed}: {act} was never done; {desk.refused}"


def _holds(books: Office, desk: DisputeDesk, when: str) -> None:
    report = books.read(run_checks)
    wrong = {one.name: one.offenders for one in report.checks if not one.ok}
    assert wrong == {}, f"{when}: {wrong}"
    assert wrong_sums(books) == [], when
    try:
        desk.drawer_holds()
        desk.disputes_hold()
    except AssertionError as wrong_by:
        wrong_by.add_note(when)
        raise
