"""Corrections of payments: what was changed, from what to what, by whom, why; and voiding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import (
    Corrected,
    correct_amount,
    correct_facts,
    correct_payer,
    facts_of,
    void_payment,
)
from fscdesk.services.payments.queries import payment_detail
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.payments.transferring import transfer
from fscdesk.services.work import Work
from tests.support.deposits import deposit
from tests.support.payment_acts import LATER, asked, partly, unapplied, version_of
from tests.support.payments import DAY, Till, cents, received, verify


def amount(books: Office, payment_id: int, to: int) -> Corrected:
    version = version_of(books, payment_id)
    return books.write(
        lambda work: correct_amount(
            work, payment_id, Money(to), reason="misread", expected_version=version
        )
    ).value


def payer(books: Office, payment_id: int, **to: Any) -> Corrected:
    version = version_of(books, payment_id)
    return books.write(
        lambda work: correct_payer(
            work, payment_id, reason="wrong name", expected_version=version, **to
        )
    ).value


def void(books: Office, payment_id: int) -> None:
    version = version_of(books, payment_id)
    books.write(
        lambda work: void_payment(
            work, payment_id, reason="entered twice", expected_version=version
        )
    )


def facts(books: Office, payment_id: int, **new: Any) -> tuple[str, ...]:
    now, version = books.read(
        lambda work: (
            facts_of(work.db.get_one(Payment, payment_id)),
            work.db.get_one(Payment, payment_id).version,
        )
    )
    return books.write(
        lambda work: correct_facts(
            work, payment_id, replace(now, **new), reason="misread", expected_version=version
        )
    ).value


def test_facts_change_in_place_with_old_and_new(books: Office, till: Till) -> None:
    one = partly(books, till)
    changed = facts(books, one.payment_id, method=PaymentMethod.CASH, check_on=DAY, memo="By post")
    assert set(changed) == {"method", "check_on", "memo"}
    assert facts(books, one.payment_id, memo="By post") == ()

    def look(work: Work) -> None:
        lines = [
            (line.what, line.old, line.new) for line in payment_detail(work, one.payment_id).changes
        ]
        assert lines == [
            ("method", "check", "cash"),
            ("check_on", "none", "04/10/2026"),
            ("memo", "none", "By post"),
        ]
        assert cents(work, "1050") == 150_00  # nothing was posted

    books.read(look)
    with pytest.raises(Problem, match="lies before"):
        facts(books, one.payment_id, check_on=date(206, 4, 1))
    verify(books)


@pytest.mark.parametrize("to", [30_00, 105_00, 200_00])
def test_the_amount_is_reversed_and_posted_again(books: Office, till: Till, to: int) -> None:
    one = partly(books, till)
    done = amount(books, one.payment_id, to)
    assert done.applied == Money(30_00)

    def look(work: Work) -> None:
        assert cents(work, "1050") == to
        assert cents(work, "2400") == -(to - 30_00)
        assert work.db.get_one(Charge, till.copays[0]).patient_balance == Money()
        assert work.db.get_one(Payment, one.payment_id).amount == Money(to)
        # What the books said on the day itself stays what they said.
        assert balance(work, "1050", as_of=DAY) == Money(150_00)
        (change,) = payment_detail(work, one.payment_id).changes
        assert (change.what, change.old, change.new) == ("amount", "150.00", str(Money(to)))

    books.read(look)
    amount(books, one.payment_id, 40_00)
    verify(books)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (0, "cannot be the amount"),
        (-1, "cannot be the amount"),
        (10**12 + 1, "cannot be the amount"),
        (29_99, r"0\.01 more of payment PAY-2026-00001 is used than 29\.99 leaves"),
    ],
)
def test_amounts_that_cannot_be(books: Office, till: Till, to: int, words: str) -> None:
    one = partly(books, till)
    with pytest.raises(Problem, match=words):
        amount(books, one.payment_id, to)
    assert books.read(lambda work: cents(work, "1050")) == 150_00


def test_what_is_promised_is_not_corrected_away(books: Office, till: Till) -> None:
    one = partly(books, till)
    asked(books, one.credit_id, 100_00)
    with pytest.raises(Problem, match=r"10\.00 more of payment"):
        amount(books, one.payment_id, 120_00)
    amount(books, one.payment_id, 130_00)
    verify(books)


def test_once_deposited_neither_amount_nor_void(books: Office, till: Till) -> None:
    one = partly(books, till)
    deposit(books, one.payment_id)
    named = r"was deposited on 04/11/2026 \(DEP-2026-00001\); "
    with pytest.raises(Problem, match=f"{named}its amount stands on the deposit slip"):
        amount(books, one.payment_id, 140_00)
    with pytest.raises(Problem, match=f"{named}money did come"):
        void(books, one.payment_id)
    verify(books)


def test_another_guarantor_paid(books: Office, till: Till) -> None:
    one = partly(books, till)
    done = payer(books, one.payment_id, guarantor_id=till.ben_pays)
    assert (done.applied, done.left_open) == (Money(30_00), ())

    def look(work: Work) -> None:
        assert work.db.get_one(Payment, one.payment_id).guarantor_id == till.ben_pays
        assert work.db.get_one(Patient, till.alma).unapplied == Money()
        assert work.db.get_one(Patient, till.ben).unapplied == Money(120_00)
        assert work.db.get_one(Charge, till.copays[0]).patient_balance == Money()
        (change,) = payment_detail(work, one.payment_id).changes
        assert (change.old, change.new) == ("Alma Anyone (G-1)", "Ben Somebody (G-2)")

    books.read(look)
    verify(books)
    # And back, with a chosen owner of the rest; the amount can still be corrected.
    payer(books, one.payment_id, guarantor_id=till.alma_pays, patient_id=till.alma)
    amount(books, one.payment_id, 90_00)
    verify(books)
    assert books.read(lambda work: work.db.get_one(Patient, till.alma).unapplied) == Money(60_00)
    with pytest.raises(Problem, match="who paid already"):
        payer(books, one.payment_id, guarantor_id=till.alma_pays)
    with pytest.raises(Problem, match="one guarantor or one payer"):
        payer(books, one.payment_id)


def test_it_was_the_payer_who_paid(books: Office, till: Till) -> None:
    one = partly(books, till)
    done = payer(books, one.payment_id, payer_id=till.payer)
    assert (done.applied, done.left_open) == (Money(), (till.copays[0],))

    def look(work: Work) -> None:
        assert work.db.get_one(Charge, till.copays[0]).patient_balance == Money(30_00)
        assert cents(work, "2410") == -150_00
        assert cents(work, "2400") == 0

    books.read(look)
    verify(books)


def test_transferred_money_keeps_its_payer(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    books.write(
        lambda work: transfer(
            work, one.credit_id, amount=Money(1), to_patient=till.ben, reason="x", on=LATER
        )
    )
    with pytest.raises(Problem, match="was transferred"):
        payer(books, one.payment_id, guarantor_id=till.ben_pays)


def test_a_voided_payment_leaves_nothing_but_its_row(books: Office, till: Till) -> None:
    one = partly(books, till)
    books.write(
        lambda work: transfer(
            work, one.credit_id, amount=Money(50_00), to_patient=till.ben, reason="x", on=LATER
        )
    )
    void(books, one.payment_id)

    def look(work: Work) -> None:
        assert work.db.get_one(Payment, one.payment_id).status is PaymentStatus.VOIDED
        assert [cents(work, account) for account in ("1050", "2400", "1000")] == [0, 0, 0]
        assert work.db.get_one(Charge, till.copays[0]).patient_balance == Money(30_00)
        assert {row.balance for row in payment_detail(work, one.payment_id).credits} == {Money()}
        row = payment_detail(work, one.payment_id).row
        assert (row.applied, row.unapplied) == (Money(), Money())

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match="was voided"):
        void(books, one.payment_id)


def test_what_was_refunded_is_not_voided(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    refund = asked(books, one.credit_id, 20_00)
    with pytest.raises(Problem, match="waits to be refunded"):
        void(books, one.payment_id)
    books.write(
        lambda work: pay_refund(
            work, refund.refund_id, on=LATER, reference="", expected_version=refund.version
        )
    )
    with pytest.raises(Problem, match="was refunded"):
        void(books, one.payment_id)


def test_what_came_with_a_payers_payment_goes_with_it(books: Office, till: Till) -> None:
    eft = received(
        books,
        NewPayment(
            Money(100_00),
            PaymentMethod.EFT,
            DAY,
            payer_id=till.payer,
            applications=(Application(till.copays[0], Money(100_00), Side.INSURANCE),),
        ),
    )
    books.write(
        lambda work: adjust(
            work,
            NewAdjustment(
                till.copays[0],
                AdjustmentKind.CONTRACTUAL,
                Money(30_00),
                "CO-45",
                side=Side.INSURANCE,
                group_code="CO",
                carc="45",
                payment_id=eft.payment_id,
            ),
        )
    )
    owed = books.read(lambda work: work.db.get_one(Charge, till.copays[0]).insurance_balance)
    assert owed == Money()
    assert books.read(lambda work: len(payment_detail(work, eft.payment_id).adjustments)) == 1
    with pytest.raises(Problem, match="Adjustments came with payment"):
        payer(books, eft.payment_id, guarantor_id=till.alma_pays)
    void(books, eft.payment_id)
    owed = books.read(lambda work: work.db.get_one(Charge, till.copays[0]).insurance_balance)
    assert owed == Money(130_00)
    assert books.read(lambda work: cents(work, "4900")) == 0
    verify(books)


def test_a_stale_version_is_told(books: Office, till: Till) -> None:
    one = partly(books, till)
    version = version_of(books, one.payment_id)
    amount(books, one.payment_id, 140_00)
    with pytest.raises(ChangedElsewhere, match="Someone else changed payment PAY-2026-00001"):
        books.write(
            lambda work: void_payment(work, one.payment_id, reason="x", expected_version=version)
        )
    left = books.read(lambda work: work.db.get_one(Credit, one.credit_id).balance)
    assert left == Money(110_00)
