"""Imports that are taken back after the desk has worked with what they brought."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Guarantor
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import correct_payer
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.work import Work
from tests.support.appointment_files import HEADER, row, written
from tests.support.report_files import line
from tests.support.report_imports import bring_in, proves, small, take_back


def test_a_payment_that_was_posted_anew_for_another_keeps_its_import(
    books: Office, tmp_path: Path
) -> None:
    """All its sums are as before, only whose money it is differs."""
    file = small(
        tmp_path,
        "sp_payment_export",
        line("sp_payment_export"),
        line("sp_payment_export", PaymentID="880002", Name="Zebra Testcase"),
    )
    applied = bring_in(books, file)

    def correct(work: Work) -> None:
        first, second = work.db.scalars(select(Guarantor.id).order_by(Guarantor.id))
        payment = work.db.scalars(select(Payment).filter_by(guarantor_id=first)).one()
        correct_payer(
            work,
            payment.id,
            guarantor_id=second,
            reason="The other one paid",
            expected_version=payment.version,
        )

    books.write(correct)
    with pytest.raises(Problem, match=r"Later work stands.*payment PAY-"):
        take_back(books, applied)
    proves(books)


def test_money_that_went_along_to_a_new_charge_comes_back_with_the_undo(
    books: Office, tmp_path: Path
) -> None:
    unpaid = [
        *("LOCKED", "UNPAID", "30.0", "0.0", "0.0", "30.0"),
        *("UNPAID", "130.0", "0.0", "0.0", "130.0"),
    ]

    def export(name: str, code: str, *more: str) -> Applied:
        rows = []
        for client, its_code in (("Quill Fakerson", code), *((one, "90837 ") for one in more)):
            cells = row(DATE="03/03/2026 09:00", CLIENT=client, CODE=its_code)
            cells[9:] = unpaid
            rows.append(cells)
        path = tmp_path / name
        path.write_text(written([HEADER, *rows]), encoding="utf-8", newline="")
        file = read_file(path)
        return books.write(lambda work: import_file(work, file, accept_proposals=True)).value

    def owed(work: Work) -> Charge:
        return work.db.scalars(select(Charge).where(Charge.voided_on.is_(None))).one()

    export("first.csv", "90837 ")

    def pay(work: Work) -> int:
        charge = owed(work)
        parts = (Application(charge.id, Money(20_00)),)
        new = NewPayment(
            Money(20_00),
            PaymentMethod.CHECK,
            work.today(),
            guarantor_id=charge.guarantor_id,
            applications=parts,
        )
        return receive(work, new).payment_id

    books.write(pay)
    # The import posts more after it has moved the money: it is not "later work" by its number.
    again = export("second.csv", "90834 ", "Zebra Testcase")
    proves(books)
    take_back(books, again)
    proves(books)
    charge = books.read(owed)
    assert (charge.code, charge.patient_balance) == ("90837", Money(10_00))
