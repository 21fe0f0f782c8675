"""SimplePractice's appointment report, imported again and again, with the money of a client."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import Adjusted, NewAdjustment, adjust
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collections import NewPlacement
from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.approving import approve
from tests.support.agency import AGENCY, placed
from tests.support.appointment_files import HEADER, row, written
from tests.support.clock import Clock
from tests.support.payments import received
from tests.support.plans import check_of
from tests.support.second_person import manager

FILED = date(2026, 4, 1)
"""The day of the first file: later than its sessions, earlier than the tests' clock."""


class Export:
    """The report as the office gets it again and again, a minute after what it did before."""

    def __init__(self, books: Office, clock: Clock, folder: Path) -> None:
        self.books, self.clock, self.folder, self.number = books, clock, folder, 0

    def comes(self, *rows: list[str], day: date | None = None) -> Applied:
        """Import a file of these rows, all proposals taken; ``day`` None is the clock's."""
        self.number += 1
        self.clock.forward(minutes=1)
        path = self.folder / f"report{self.number}.csv"
        path.write_text(written([HEADER, *rows]), encoding="utf-8")
        file = read_file(path)
        return self.books.write(
            lambda work: import_file(
                work, file, file_day=day or work.today(), accept_proposals=True
            )
        ).value

    def batch(self, *rows: list[str], day: date | None = None) -> int:
        """Import a file of these rows, none of which is left out, and return the batch."""
        done = self.comes(*rows, day=day)
        assert not done.plan.skipped
        return done.batch_id or 0


def own(fee: str = "160.0", *, day: int = 2, code: str = "90837 ") -> list[str]:
    """A session of March that the client pays alone, and has not paid."""
    cells = row(DATE=f"03/{day:02}/2026 09:00", CODE=code, PAYER="", RATE=fee, FEE=fee)
    cells[9:] = ["LOCKED", "UNPAID", fee, "0.0", "0.0", fee, "", "0.0", "0.0", "0.0", "0.0"]
    return cells


def insured(
    fee: str = "160.0", *, share: str = "30.0", written_off: str = "0.0", code: str = "90837 "
) -> list[str]:
    """A session with a payer, of which nothing is paid; something may be written off."""
    payers = str(float(fee) - float(share))
    left = str(float(payers) - float(written_off))
    cells = row(CODE=code, RATE=fee, FEE=fee)
    cells[9:] = ["LOCKED", "UNPAID", share, "0.0", "0.0", share]
    cells += ["UNPAID", payers, "0.0", written_off, left]
    return cells


def charges(books: Office, *, live: bool = True) -> list[Charge]:
    """The charges, oldest first: those in force, or those that were voided."""
    voided = Charge.voided_on.is_(None) if live else Charge.voided_on.is_not(None)
    return books.read(
        lambda work: list(work.db.scalars(select(Charge).where(voided).order_by(Charge.id)))
    )


def client(books: Office) -> Patient:
    """The one client."""
    return books.read(lambda work: work.db.scalars(select(Patient)).one())


def left_of_money(books: Office) -> list[int]:
    """What is left of each credit, in cents."""
    return books.read(
        lambda work: [
            one.cents for one in work.db.scalars(select(Credit.balance).order_by(Credit.id))
        ]
    )


def paid(books: Office, cents: int, *, charge_id: int | None = None) -> int:
    """Take a check of the client's for the newest charge, and return the payment."""
    on = charge_id or charges(books)[-1].id
    new = check_of(client(books).guarantor_id, cents, applications=(Application(on, Money(cents)),))
    return received(books, new).payment_id


def at_agency(books: Office, *charge_ids: int) -> int:
    """Hand charges (left out: all) to an agency, and return the case."""
    agency = books.write(lambda work: add_agency(work, AGENCY)).value
    chosen = charge_ids or tuple(one.id for one in charges(books))
    return placed(books, NewPlacement(agency, charge_ids=chosen)).cases[0].case_id


def courtesy(books: Office, cents: int) -> None:
    """Let the client off so much of the newest charge; a second person agrees."""
    charge = charges(books)[-1].id
    wanted = NewAdjustment(charge, AdjustmentKind.COURTESY, Money(cents), "Waited long")
    agreed(books, books.write(lambda work: adjust(work, wanted)).value)


def agreed(books: Office, asked: Adjusted) -> None:
    """Let a manager agree to what was asked for, where it waits for one."""
    request = asked.request_id
    if request is None:
        return
    seen = books.read(lambda work: work.db.get_one(ApprovalRequest, request).version)
    manager(books).write(lambda work: approve(work, request, expected_version=seen))
