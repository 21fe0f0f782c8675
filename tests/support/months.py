"""The random months of an office: the world outside, the files that come, and the desk."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
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

OUTSIDE = frozenset({"week", "again", "undo", "day"})
"""What happens to the office, and not at its desk."""


class Months:
    """The months of one office, an act after the other; ``done`` counts what was not refused."""

    def __init__(
        self,
        books: Office,
        clock: Clock,
        folder: Path,
        seed: int,
        desk: type[BillingDesk] = BillingDesk,
    ) -> None:
        self.books, self.clock, self.folder, self.seed = books, clock, folder, seed
        self.world = SimplePractice(seed, clock().date())
        self.files: list[Path] = []
        self.paid: dict[tuple[date, int, str], int] = {}
        self.payments: list[str] = []
        for _ in range(3):
            self.week()
        self.desk = desk(books, books.read(_till), random.Random(seed))
        self.done: Counter[str] = Counter()

    def step(self, act: str, number: int) -> None:
        """Do one thing by its name; ``number`` is its chance."""
        self.desk.rng = self.world.rng = random.Random(number)
        if act not in OUTSIDE:
            self.done[act] += self.desk.do(act)
        else:
            self.done[act] += getattr(self, act)()

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


def prove(months: Months, when: str) -> None:
    """Fail unless every named check holds, the lines add up by hand, and the drawer is right."""
    report = months.books.read(run_checks)
    wrong = {one.name: one.offenders for one in report.checks if not one.ok}
    assert wrong == {}, f"{when}: {wrong}"
    off = wrong_sums(months.books)
    assert off == [], f"{when}: {off}"
    months.desk.drawer_holds()


def _till(work: Work) -> Till:
    """Return two clients with who pays for them, and a payer, of those who were imported."""
    first, second = work.db.scalars(select(Patient).order_by(Patient.id).limit(2))
    payer = work.db.scalars(select(Payer.id).order_by(Payer.id)).first()
    assert payer is not None
    return Till(first.id, second.id, first.guarantor_id, second.guarantor_id, payer, (0, 0), 0)
