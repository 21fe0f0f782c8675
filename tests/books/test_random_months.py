"""An office lives random months with money; every named check holds after every step.

SimplePractice's reports come, come again and are taken back while the desk receives, applies,
refunds, adjusts, bills, agrees and hands over. Clock and seed are given; a failing life is made
shorter until nothing can be left out of it. What the checks say is not taken for it: the lines are
added up by hand as well, and the drawer and the bank are held against the documents.

Every run lives the same lives. Others are lived by

    HYPOTHESIS_PROFILE=search pytest --sqlite-only -p no:xdist tests/books/test_random_months.py

with seeds of the day, ``MONTHS`` of them (environment; two unless given). What it prints when it
fails (``@reproduce_failure``) goes above the test until the fault is mended.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.services.errors import Problem
from fscdesk.services.importing.any_file import import_any
from fscdesk.services.importing.reading import read_any
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.billing_desk import BillingDesk
from tests.support.brute_books import wrong_sums
from tests.support.clock import Clock
from tests.support.payments import Till
from tests.support.report_files import heading
from tests.support.simplepractice import SimplePractice

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
)
STEPS = st.tuples(st.sampled_from(WEEKS + DESK), st.integers(0, 2**16 - 1))
done: Counter[str] = Counter()


class Months:
    """The months of one office: the world outside, the files that come, and the desk."""

    def __init__(self, books: Office, clock: Clock, folder: Path, seed: int) -> None:
        self.books, self.clock, self.folder, self.seed = books, clock, folder, seed
        self.world = SimplePractice(seed, START.date())
        self.files: list[Path] = []
        self.paid: dict[tuple[date, int, str], int] = {}
        self.payments: list[str] = []
        for _ in range(3):
            self.week()
        self.desk = BillingDesk(books, books.read(_till), random.Random(seed))

    def step(self, act: str, number: int) -> None:
        """Do one thing by its name; ``number`` is its chance."""
        self.desk.rng = self.world.rng = random.Random(number)
        if act in DESK:
            if self.desk.do(act):
                done[act] += 1
        elif getattr(self, act)():
            done[act] += 1

    def day(self) -> bool:
        """Let some days pass."""
        self.clock.forward(days=self.world.rng.choice((1, 3, 12, 31)))
        return True

    def week(self) -> bool:
        """Let a week pass and import what SimplePractice says then, one of its files or both."""
        self.clock.forward(days=7)
        self.world.week()
        number = len(self.files)
        weeks = self.world.rng.randint(1, 4)
        came = [self.world.export(self.folder, f"{self.seed}-{number}.csv", weeks=weeks)]
        if self.world.rng.random() < 0.6:
            came.append(self._payments(f"{self.seed}-{number}-payments.csv"))
        self.world.rng.shuffle(came)
        for path in came:
            self.files.append(path)
            self._bring_in(path)
        return True

    def again(self) -> bool:
        """Import an old file once more."""
        return self._bring_in(self.world.rng.choice(self.files))

    def undo(self) -> bool:
        """Take an import back, mostly the newest."""
        query = select(ImportBatch.id).where(ImportBatch.status == BatchStatus.APPLIED)
        found = self.books.read(
            lambda work: work.db.scalars(query.order_by(ImportBatch.id.desc())).all()
        )
        batch = next((one for one in found if self.world.rng.random() < 0.7), None)
        if batch is None:
            return False
        try:
            self.books.write(lambda work: undo_import(work, batch))
        except Problem as refused:
            assert refused.hint  # noqa: PT017 - which is refused depends on the seed
            return False
        return True

    def _bring_in(self, path: Path) -> bool:
        file = read_any(path, zone=self.books.zone)
        applied = self.books.write(lambda work: import_any(work, file, accept_proposals=True))
        return applied.value.batch_id is not None

    def _payments(self, name: str) -> Path:
        """Write the export of every payment that clients ever made there."""
        for key, one in sorted(self.world.book.items()):
            cents = one.patient_paid - self.paid.get(key, 0)
            if cents:
                self.paid[key] = one.patient_paid
                self.payments.append(
                    f"{880_000 + len(self.payments)},{self.world.today:%m/%d/%Y},"
                    f'Accounts Receivable,Stripe,"{one.client}",{cents / 100:.2f},""'
                )
        path = self.folder / name
        header = ",".join(heading("sp_payment_export"))
        path.write_text("\n".join([header, *self.payments, ""]), encoding="utf-8")
        return path


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
        months = Months(books, clock, tmp_path, seed)
        _prove(months, "the first weeks")
        for number, (act, chance) in enumerate(steps):
            months.step(act, chance)
            _prove(months, f"step {number}, {act}")


def _prove(months: Months, when: str) -> None:
    report = months.books.read(run_checks)
    wrong = {one.name: one.offenders for one in report.checks if not one.ok}
    assert wrong == {}, when
    assert wrong_sums(months.books) == [], when
    months.desk.drawer_holds()


def _till(work: Work) -> Till:
    """Return two clients with who pays for them, and a payer, of those who were imported."""
    first, second = work.db.scalars(select(Patient).order_by(Patient.id).limit(2))
    payer = work.db.scalars(select(Payer.id).order_by(Payer.id)).first()
    assert payer is not None
    return Till(first.id, second.id, first.guarantor_id, second.guarantor_id, payer, (0, 0), 0)


def _address(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state, practice.zip_code = "NJ", "07000"
