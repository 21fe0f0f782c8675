"""An office lives random weeks; every named check holds after every step.

Imports, re-imports of overlapping ranges, status and attendance set by hand, and undo,
with the clock and the seed given. What the books say of a session must be what the last
export said of it, to the cent.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportBatch, Verdict
from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.sessions.pre_bill import make_ready
from tests.support.clock import Clock
from tests.support.simplepractice import SimplePractice

NewBooks = Callable[[], AbstractContextManager[Office]]
STEPS = 7


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shorter life is another life
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_weeks_hold_every_check(
    new_books: NewBooks, clock: Clock, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    start = datetime(2026, 1, 5, 17, tzinfo=UTC)
    clock.set(start)
    practice = SimplePractice(seed, start.date())
    with new_books() as books:
        for step in range(STEPS):
            clock.forward(days=7)
            practice.week()
            path = practice.export(tmp_path, f"{seed}-{step}.csv", weeks=rng.randint(1, 4))
            applied = bring_in(books, path)
            proves(books, seed, f"import {step}")
            says_what_the_file_said(books, practice, applied)
            if rng.random() < 0.3:
                again = bring_in(books, path)
                assert again.plan.unchanged == again.plan.read - again.plan.skipped
            at_the_desk(books, rng)
            proves(books, seed, f"desk {step}")
            if rng.random() < 0.4:
                undo_newest(books)
                proves(books, seed, f"undo {step}")
        undo_all_that_can_be(books)
        proves(books, seed, "the end")


def bring_in(books: Office, path: Path) -> Applied:
    file = read_file(path)
    return books.write(lambda work: import_file(work, file, accept_proposals=True)).value


def proves(books: Office, seed: int, when: str) -> None:
    report = books.read(run_checks)
    wrong = {check.name: check.offenders for check in report.checks if not check.ok}
    assert wrong == {}, f"seed {seed}, after {when}"


def says_what_the_file_said(books: Office, practice: SimplePractice, applied: Applied) -> None:
    """Each row that was not left waiting is one live session with the row's own balances."""
    live = {
        (row.day, row.minute, row.client, row.clinician): row
        for row in books.read(
            lambda work: work.db.execute(
                select(
                    Session.day,
                    Session.minute,
                    Session.attendance,
                    Session.insurance_balance,
                    Session.patient_balance,
                    Patient.name.label("client"),
                    Provider.name.label("clinician"),
                )
                .join(Patient, Patient.id == Session.patient_id)
                .join(Provider, Provider.id == Session.provider_id)
                .where(Session.withdrawn_by.is_(None), Session.attendance != Attendance.CANCELLED)
            ).all()
        )
    }
    for row in applied.plan.rows:
        if row.verdict not in (Verdict.NEW, Verdict.CHANGED):
            continue
        said = practice.book[row.day, row.minute, row.client]
        kept = live[row.day, row.minute, row.client, row.clinician]
        if kept.attendance is not Attendance.COMPLETED:  # somebody said so at the desk
            assert not any((said.patient_paid, said.insurance_paid, said.write_off))
            assert not kept.insurance_balance
            assert not kept.patient_balance
            continue
        assert kept.insurance_balance.cents == said.insurance_open
        assert kept.patient_balance.cents == said.patient_open


def at_the_desk(books: Office, rng: random.Random) -> None:
    """Do what a person does between two imports; a refusal is an answer too."""
    ids = books.read(
        lambda work: list(
            work.db.scalars(
                select(Session.id).where(Session.withdrawn_by.is_(None)).order_by(Session.id)
            )
        )
    )
    if not ids:
        return
    picked = rng.sample(ids, min(3, len(ids)))
    act = rng.choice(("check", "status", "attendance"))
    try:
        if act == "check":
            books.write(lambda work: make_ready(work, picked))
        elif act == "status":
            new = rng.choice(list(BillingStatus))
            books.write(
                lambda work: change_billing_status(work, picked, new, reason="by the payer's call")
            )
        else:
            new_attendance = rng.choice(
                (Attendance.NO_SHOW, Attendance.COMPLETED, Attendance.LATE_CANCELLED)
            )
            books.write(lambda work: change_attendance(work, picked, new_attendance))
    except Problem as refused:
        assert refused.hint  # noqa: PT017 - which act is refused depends on the seed


def undo_newest(books: Office) -> None:
    newest = (
        select(ImportBatch.id)
        .where(ImportBatch.status == BatchStatus.APPLIED)
        .order_by(ImportBatch.id.desc())
    )
    batch = books.read(lambda work: work.db.scalars(newest).first())
    if batch is None:
        return
    try:
        books.write(lambda work: undo_import(work, batch))
    except Problem as refused:
        assert "Later work stands" in refused.message  # noqa: PT017 - as the seed has it


def undo_all_that_can_be(books: Office) -> None:
    for _ in range(STEPS):
        undo_newest(books)
