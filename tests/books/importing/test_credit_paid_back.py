"""A client paid more than the share, and the rest is paid back: only the credit moves."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.values import Money
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.appointment_files import HEADER, row, written
from tests.support.clock import Clock

PAID, UNPAID = 13, 14


def test_a_credit_paid_back_leaves_the_charge_as_it_was(
    books: Office, clock: Clock, tmp_path: Path
) -> None:
    _import(books, tmp_path / "first.csv", paid="40.0", unpaid="-10.0")
    assert _unapplied(books) == Money(1000)
    before = books.read(_charge)

    clock.forward(days=7)
    applied = _import(books, tmp_path / "second.csv", paid="30.0", unpaid="0.0")
    assert applied == 1
    assert _unapplied(books) == Money(0)
    assert books.read(_charge) == before
    report = books.read(run_checks)
    assert {check.name: check.offenders for check in report.checks if not check.ok} == {}


def _import(books: Office, path: Path, *, paid: str, unpaid: str) -> int:
    cells = row()
    cells[PAID], cells[UNPAID] = paid, unpaid
    path.write_text(written([HEADER, cells]), encoding="utf-8")
    file = read_file(path)
    plan = books.write(lambda work: import_file(work, file, file_day=work.today())).value.plan
    assert not plan.skipped
    return plan.changed


def _unapplied(books: Office) -> Money:
    return books.read(lambda work: work.db.scalars(select(Patient.unapplied)).one())


def _charge(work: Work) -> tuple[object, ...]:
    charge = work.db.scalars(select(Charge).where(Charge.voided_on.is_(None))).one()
    return charge.insurance_balance, charge.patient_balance, charge.first_day, charge.last_day
