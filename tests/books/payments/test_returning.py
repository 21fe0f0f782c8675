"""Returned checks and chargebacks: charges open again, the old deposit stays, the fee is apart."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.values import Money
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of
from fscdesk.services.payments.policies import RETURNED_FEE
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.refunding import cancel_refund, pay_refund
from fscdesk.services.payments.returning import (
    Returned,
    ReturnKind,
    return_payment,
    undo_return,
)
from fscdesk.services.payments.transferring import apply_credit, take_back, transfer
from fscdesk.services.work import Work
from tests.support.payment_acts import (
    LATER,
    asked,
    partly,
    setting,
    unapplied,
    version_of,
)
from tests.support.payments import DAY, Till, cents, received, verify


def bounce(books: Office, payment_id: int, **facts: object) -> Returned:
    given: dict[str, object] = {
        "on": LATER,
        "reason": "not covered",
        "expected_version": version_of(books, payment_id),
        **facts,
    }
    return books.write(
        lambda work: return_payment(work, payment_id, **given)  # type: ignore[arg-type]
    ).value


def test_a_returned_check_opens_its_charges_and_leaves_the_deposit(
    books: Office, till: Till
) -> None:
    setting(books, RETURNED_FEE, "25.00")
    parts = (Application(till.copays[0], Money(30_00)), Application(till.own, Money(100_00)))
    one = received(
        books,
        NewPayment(
            Money(130_00),
            PaymentMethod.CHECK,
            DAY,
            guarantor_id=till.alma_pays,
            applications=parts,
        ),
    )
    done = bounce(books, one.payment_id)
    assert set(done.reopened) == {till.copays[0], till.own}

    def look(work: Work) -> None:
        owed = [
            work.db.get_one(Charge, one).patient_balance.cents for one in (*till.copays, till.own)
        ]
        assert owed == [30_00, 30_00, 160_00]
        assert work.db.get_one(Payment, one.payment_id).status is PaymentStatus.RETURNED
        # The day on which it was deposited shows what it showed; the bank's day takes it out.
        assert balance(work, "1050", as_of=DAY) == Money(130_00)
        assert balance(work, "1050") == Money(130_00)
        assert balance(work, "1000", as_of=DAY) == Money()
        assert balance(work, "1000", as_of=LATER) == Money(-130_00)
        assert balance(work, "2400") == Money()
        fee = work.db.get_one(Charge, done.fee_charge_id)
        assert (fee.code, fee.patient_balance, fee.service_day) == ("NSF", Money(25_00), LATER)
        assert (fee.session_id, fee.provider_id, fee.guarantor_id) == (None, None, till.alma_pays)
        service = work.db.get_one(Service, fee.service_id)
        assert service.kind is ServiceKind.ACCOUNT_FEE
        assert cents(work, "4300") == -25_00

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match="was returned by the bank"):
        bounce(books, one.payment_id)


def test_without_a_policy_there_is_no_fee_and_a_payer_never_has_one(
    books: Office, till: Till
) -> None:
    assert bounce(books, partly(books, till).payment_id).fee_charge_id is None
    eft = received(
        books,
        NewPayment(
            Money(130_00),
            PaymentMethod.EFT,
            DAY,
            payer_id=till.payer,
            applications=(Application(till.copays[0], Money(130_00), Side.INSURANCE),),
        ),
    )
    with pytest.raises(Problem, match="A payer is charged no fee"):
        bounce(books, eft.payment_id, fee=Money(25_00))
    setting(books, RETURNED_FEE, "25.00")
    assert bounce(books, eft.payment_id).fee == Money()
    assert books.read(lambda work: work.db.get_one(Charge, till.copays[0]).insurance_balance)
    verify(books)


def test_refunded_money_is_not_returned(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    refund = asked(books, one.credit_id, 50_00)
    with pytest.raises(Problem, match=r"50\.00 of payment PAY-2026-00001 waits.*REF-2026-00001"):
        bounce(books, one.payment_id)
    books.write(
        lambda work: cancel_refund(
            work, refund.refund_id, reason="bounced", expected_version=refund.version
        )
    )
    again = asked(books, one.credit_id, 20_00)
    books.write(
        lambda work: pay_refund(
            work, again.refund_id, on=LATER, reference="", expected_version=again.version
        )
    )
    with pytest.raises(Problem, match=r"20\.00 of payment .* was refunded \(REF-2026-00002\)"):
        bounce(books, one.payment_id)
    verify(books)


def test_money_that_paid_for_somebody_else_comes_back_first(books: Office, till: Till) -> None:
    one = unapplied(books, till, 100_00)
    moved = books.write(
        lambda work: transfer(
            work,
            one.credit_id,
            amount=Money(60_00),
            to_patient=till.ben,
            reason="for Ben",
            on=LATER,
        )
    ).value
    parts = [Application(till.own, Money(45_00))]
    books.write(lambda work: apply_credit(work, moved.credit_id, parts, on=LATER))
    with pytest.raises(Problem, match=r"45\.00 .* has paid 90837 of 03/03/2026 of Ben Somebody\."):
        bounce(books, one.payment_id)
    (entry,) = books.read(lambda work: applications_of(work, one.payment_id))
    books.write(lambda work: take_back(work, entry, reason="bounced"))
    bounce(books, one.payment_id)  # what was transferred and not used goes out with the rest
    assert books.read(lambda work: cents(work, "2400")) == 0
    verify(books)


@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        (PaymentMethod.CASH, ReturnKind.NSF, "came by cash"),
        (PaymentMethod.CARD, ReturnKind.NSF, "came by card"),
        (PaymentMethod.CHECK, ReturnKind.CHARGEBACK, "came by check"),
    ],
)
def test_the_method_must_fit(
    books: Office, till: Till, method: PaymentMethod, kind: ReturnKind, words: str
) -> None:
    new = NewPayment(
        Money(30_00),
        method,
        DAY,
        guarantor_id=till.alma_pays,
        applications=(Application(till.copays[0], Money(30_00)),),
    )
    one = received(books, new)
    with pytest.raises(Problem, match=words):
        bounce(books, one.payment_id, kind=kind)


def test_a_chargeback_goes_the_same_way(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(30_00),
        PaymentMethod.CARD,
        DAY,
        guarantor_id=till.alma_pays,
        applications=(Application(till.copays[0], Money(30_00)),),
    )
    one = received(books, new)
    done = bounce(books, one.payment_id, kind=ReturnKind.CHARGEBACK)
    assert done.reopened == (till.copays[0],)
    verify(books)


def test_the_bank_day_lies_between_the_receipt_and_today(books: Office, till: Till) -> None:
    one = partly(books, till)
    with pytest.raises(Problem, match="lies before the money came"):
        bounce(books, one.payment_id, on=date(2026, 4, 9))
    with pytest.raises(Problem, match="has not come yet"):
        bounce(books, one.payment_id, on=date(2026, 5, 9))
    with pytest.raises(ChangedElsewhere):
        bounce(books, one.payment_id, expected_version=99)
    with pytest.raises(Problem, match="reason is missing"):
        bounce(books, one.payment_id, reason="")
    verify(books)


def test_a_return_taken_back_leaves_the_money_as_a_credit(books: Office, till: Till) -> None:
    one = partly(books, till)
    done = bounce(books, one.payment_id, fee=Money(25_00))
    version = version_of(books, one.payment_id)
    books.write(
        lambda work: undo_return(
            work, one.payment_id, reason="another check", expected_version=version
        )
    )

    def look(work: Work) -> None:
        assert work.db.get_one(Payment, one.payment_id).status is PaymentStatus.POSTED
        assert cents(work, "2400") == -150_00
        assert cents(work, "1000") == 0
        fee = work.db.get_one(Charge, done.fee_charge_id)
        assert (fee.voided_on is not None, fee.patient_balance) == (True, Money())

    books.read(look)
    verify(books)
    bounce(books, one.payment_id)
    verify(books)
