"""Fees of an account: charges without a session, added to the services on first use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.values import Money
from fscdesk.services.billing.account_fees import FeeCode, charge_fee, void_fee
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, open_till, pay, received, verify
from tests.support.second_person import at_once, refusals


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges of two patients and a payer."""
    return books.write(open_till).value


def fee(till: Till, amount: int = 25_00, code: str = "LATE") -> Callable[[Work], int]:
    return lambda work: charge_fee(
        work,
        patient_id=till.alma,
        guarantor_id=till.alma_pays,
        amount=Money(amount),
        code=code,
        on=DAY,
        memo="",
    )


def test_a_fee_is_a_charge_that_can_be_paid(books: Office, till: Till) -> None:
    charge_id = books.write(fee(till)).value

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, charge_id)
        assert (charge.session_id, charge.provider_id, charge.payer_id) == (None, None, None)
        assert (charge.patient_balance, charge.first_day, charge.last_day) == (
            Money(25_00),
            DAY,
            DAY,
        )
        service = work.db.get_one(Service, charge.service_id)
        assert (service.code, service.kind, service.name) == (
            "LATE",
            ServiceKind.ACCOUNT_FEE,
            "Late fee",
        )
        assert cents(work, "4300") == -25_00

    books.read(look)
    received(books, pay(till, 25_00, Application(charge_id, Money(25_00))))
    verify(books)


def test_a_code_is_added_once(books: Office, till: Till) -> None:
    done = at_once(*[(books, fee(till))] * 2)
    assert refusals(done) == []
    books.write(fee(till))
    services = books.read(
        lambda work: work.db.scalars(select(Service.id).where(Service.code == FeeCode.LATE)).all()
    )
    assert len(services) == 1
    verify(books)


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_amounts_that_cannot_be(books: Office, till: Till, amount: int) -> None:
    with pytest.raises(Problem, match="cannot be charged"):
        books.write(fee(till, amount))
    with pytest.raises(ValueError, match="90837"):
        books.write(fee(till, code="90837"))


def test_nothing_is_half_charged(books: Office, till: Till) -> None:
    assert_all_or_nothing(books, fee(till))
    verify(books)


def test_a_fee_taken_back_frees_what_had_paid_it(books: Office, till: Till) -> None:
    charge_id = books.write(fee(till)).value
    received(books, pay(till, 25_00, Application(charge_id, Money(25_00))))
    on = date(2026, 4, 11)
    books.write(lambda work: void_fee(work, charge_id, on=on, reason="waived"))
    assert books.read(lambda work: cents(work, "2400")) == -25_00
    assert books.read(lambda work: cents(work, "4300")) == 0
    verify(books)
    with pytest.raises(Problem, match="taken back before"):
        books.write(lambda work: void_fee(work, charge_id, on=on, reason="waived"))
    with pytest.raises(Problem, match="is a charge of a session"):
        books.write(lambda work: void_fee(work, till.own, on=on, reason="waived"))
