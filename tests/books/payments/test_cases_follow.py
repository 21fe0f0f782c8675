"""Sessions and cases at an agency follow the money: nothing is paid or closed while it is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collection_reading import CaseRow
from fscdesk.services.billing.collections import NewPlacement
from fscdesk.services.billing.recalling import recall
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import correct_payer, void_payment
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.recovering import NewRecovery, recover, undo_recovery
from fscdesk.services.payments.returning import return_payment, undo_return
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.work import Work
from tests.support.agency import AGENCY, case_row, placed
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, verify
from tests.support.tampering import tamper

TODAY = date(2026, 4, 12)


def handed(books: Office, till: Till, agency: int | None = None) -> int:
    """Ben's fee at an agency."""
    found = agency or books.write(lambda work: add_agency(work, AGENCY)).value
    return placed(books, NewPlacement(found, charge_ids=(till.own,))).cases[0].case_id


def recovered(books: Office, case_id: int, amount: int, on: date = TODAY) -> int:
    new = NewRecovery(case_id, Money(amount), on)
    return books.write(lambda work: recover(work, new)).value.payment_id


def undone(books: Office, case_id: int, payment_id: int) -> None:
    books.write(
        lambda work: undo_recovery(
            work, case_id, payment_id, reason="wrong", expected_version=version(work, payment_id)
        )
    )


def version(work: Work, payment_id: int) -> int:
    return work.db.get_one(Payment, payment_id).version


def status(books: Office, till: Till) -> BillingStatus:
    def look(work: Work) -> BillingStatus:
        session = work.db.get_one(Charge, till.own).session_id
        return work.db.get_one(Session, session).billing_status

    return books.read(look)


def where(row: CaseRow) -> tuple[CaseStatus, date | None, int, int]:
    return row.status, row.closed_on, row.recovered.cents, row.left.cents


def taken_back(work: Work, how: str, payment_id: int, till: Till) -> None:
    """Take the money of a payment back in one of the ways there are."""
    seen = version(work, payment_id)
    if how == "void":
        void_payment(work, payment_id, reason="twice", expected_version=seen)
    elif how == "return":
        return_payment(work, payment_id, on=TODAY, reason="x", expected_version=seen, fee=Money())
    elif how == "payer":
        correct_payer(work, payment_id, payer_id=till.payer, reason="theirs", expected_version=seen)
    else:
        entry = work.db.scalars(
            select(JournalEntry.id)
            .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
            .where(JournalLine.payment_id == payment_id, JournalEntry.kind == EntryKind.APPLIED)
        ).first()
        assert entry is not None
        take_back(work, entry, reason="not this one")


@pytest.mark.parametrize("how", ["void", "return", "payer", "take back"])
def test_a_session_whose_money_is_gone_is_not_paid(books: Office, till: Till, how: str) -> None:
    new = NewPayment(
        Money(160_00),
        method=PaymentMethod.CHECK,
        received_on=DAY,
        guarantor_id=till.ben_pays,
        applications=(Application(till.own, Money(160_00)),),
    )
    paid = books.write(lambda work: receive(work, new)).value.payment_id
    assert status(books, till) is BillingStatus.PAID
    assert_all_or_nothing(books, lambda work: taken_back(work, how, paid, till))
    assert status(books, till) is BillingStatus.APPROVED
    verify(books)


def test_what_an_agency_recovers_whole_is_paid(books: Office, till: Till) -> None:
    case_id = handed(books, till)
    assert status(books, till) is not BillingStatus.PAID
    first = recovered(books, case_id, 100_00)
    assert status(books, till) is not BillingStatus.PAID
    recovered(books, case_id, 60_00)
    assert status(books, till) is BillingStatus.PAID
    verify(books)
    undone(books, case_id, first)
    assert status(books, till) is BillingStatus.APPROVED
    verify(books)


@pytest.mark.parametrize("how", ["void", "return", "take back"])
def test_a_case_is_open_while_the_agency_holds_something(
    books: Office, till: Till, how: str
) -> None:
    case_id = handed(books, till)
    payment = recovered(books, case_id, 160_00)
    assert where(case_row(books, case_id)) == (CaseStatus.RECOVERED, TODAY, 160_00, 0)
    assert_all_or_nothing(books, lambda work: taken_back(work, how, payment, till))
    assert where(case_row(books, case_id)) == (CaseStatus.PLACED, None, 0, 160_00)
    verify(books)
    recovered(books, case_id, 160_00)
    assert where(case_row(books, case_id)) == (CaseStatus.RECOVERED, TODAY, 160_00, 0)
    verify(books)


def test_a_return_that_was_a_mistake_leaves_the_case_open(books: Office, till: Till) -> None:
    case_id = handed(books, till)
    payment = recovered(books, case_id, 160_00)
    books.write(lambda work: taken_back(work, "return", payment, till))
    books.write(
        lambda work: undo_return(
            work, payment, reason="it came", expected_version=version(work, payment)
        )
    )
    assert case_row(books, case_id).status is CaseStatus.PLACED  # its money is a credit again
    verify(books)


@pytest.mark.parametrize("to", ["payer_id", "guarantor_id"])
def test_what_an_agency_paid_is_nobody_elses(books: Office, till: Till, to: str) -> None:
    case_id = handed(books, till)
    payment = recovered(books, case_id, 160_00)
    whom: dict[str, Any] = {to: till.payer if to == "payer_id" else till.alma_pays}
    with pytest.raises(Problem, match="is what an agency recovered"):
        books.write(
            lambda work: correct_payer(work, payment, **whom, reason="x", expected_version=1)
        )
    assert where(case_row(books, case_id)) == (CaseStatus.RECOVERED, TODAY, 160_00, 0)
    verify(books)


def test_a_recalled_case_is_open_again_when_its_recovery_bounces(books: Office, till: Till) -> None:
    case_id = handed(books, till)
    payment = recovered(books, case_id, 100_00)
    rest = lambda work: recall(  # noqa: E731
        work,
        case_id,
        reason="settled",
        expected_version=work.db.get_one(CollectionCase, case_id).version,
        settled=True,
    )
    assert books.write(rest).value.status is CaseStatus.SETTLED
    books.write(lambda work: taken_back(work, "return", payment, till))
    assert where(case_row(books, case_id)) == (CaseStatus.PLACED, None, 0, 100_00)
    verify(books)
    assert books.write(rest).value.amount == Money(100_00)
    assert where(case_row(books, case_id)) == (CaseStatus.SETTLED, TODAY, 0, 0)
    verify(books)


def test_nothing_is_recovered_before_it_was_handed_over(
    books: Office, till: Till, clock: Clock
) -> None:
    case_id = handed(books, till)
    with pytest.raises(Problem, match=r"03/05/2026, lies before case COL-2026-00001 was handed"):
        recovered(books, case_id, 160_00, date(2026, 3, 5))
    assert books.read(lambda work: cents(work, "1130")) == 160_00


def test_the_agency_never_holds_less_than_nothing_on_a_past_day(
    books: Office, till: Till, clock: Clock
) -> None:
    """A recovery of Monday, typed wrong and typed anew on Friday, is in the books on Friday."""
    case_id = handed(books, till)
    clock.forward(days=2)
    wrong = recovered(books, case_id, 160_00, date(2026, 4, 13))
    clock.forward(days=3)
    undone(books, case_id, wrong)
    with pytest.raises(Problem, match=r"04/13/2026 is not between 04/17/2026 and today"):
        books.write(
            lambda work: recall(
                work,
                case_id,
                reason="back",
                on=date(2026, 4, 13),
                expected_version=work.db.get_one(CollectionCase, case_id).version,
            )
        )
    right = recovered(books, case_id, 160_00, date(2026, 4, 13))
    facts = books.read(
        lambda work: (
            work.db.get_one(Payment, right).received_on,
            work.db.get_one(Payment, right).posted_on,
        )
    )
    assert facts == (date(2026, 4, 13), date(2026, 4, 17))
    verify(books)


def test_a_charge_can_be_at_the_agency_twice(books: Office, till: Till) -> None:
    part = Application(till.own, Money(60_00))
    new = NewPayment(
        Money(60_00), PaymentMethod.CHECK, TODAY, guarantor_id=till.ben_pays, applications=(part,)
    )
    paid = books.write(lambda work: receive(work, new)).value.payment_id
    agency = books.write(lambda work: add_agency(work, AGENCY)).value
    first = handed(books, till, agency)
    books.write(lambda work: taken_back(work, "return", paid, till))
    second = handed(books, till, agency)
    verify(books)
    assert [case_row(books, one).left.cents for one in (first, second)] == [100_00, 60_00]
    recovered(books, first, 100_00)
    assert where(case_row(books, first)) == (CaseStatus.RECOVERED, TODAY, 100_00, 0)
    assert where(case_row(books, second)) == (CaseStatus.PLACED, None, 0, 60_00)
    assert status(books, till) is not BillingStatus.PAID
    recovered(books, second, 60_00)
    assert where(case_row(books, second)) == (CaseStatus.RECOVERED, TODAY, 60_00, 0)
    assert status(books, till) is BillingStatus.PAID
    verify(books)


@pytest.mark.parametrize(
    ("check", "statement", "words"),
    [
        (
            "cases-follow",
            "UPDATE collection_case SET status = 'recovered', closed_on = '2026-04-12'",
            "case COL-2026-00001 is recovered, and 60.00 of it is at the agency",
        ),
        (
            "agencies-hold",
            "UPDATE journal_entry SET case_id = NULL WHERE kind = 'applied'",
            "charge 3: on 04/12/2026 the agency holds -100.00 of 0.00 in case none",
        ),
        (
            "paid-is-settled",
            "UPDATE session SET billing_status = 'paid' WHERE patient_id = 2",
            "session 3 of 03/03/2026 is paid: payer 0.00, client 0.00, at the agency 60.00",
        ),
    ],
)
def test_the_checks_name_what_does_not_follow(
    books: Office, practice: str, till: Till, check: str, statement: str, words: str
) -> None:
    recovered(books, handed(books, till), 100_00)
    verify(books)
    tamper(practice, statement)
    (found,) = books.read(lambda work: run_checks(work, [check])).checks
    assert words in found.offenders


def test_account_1130_below_zero_on_a_day_is_named(
    books: Office, practice: str, till: Till
) -> None:
    recovered(books, handed(books, till), 160_00)
    tamper(practice, "UPDATE journal_line SET day = '2026-04-01' WHERE part = 'patient_paid'")
    (found,) = books.read(lambda work: run_checks(work, ["agencies-hold"])).checks
    assert found.offenders == (
        "charge 3: on 04/01/2026 the agency holds -160.00 of 160.00 in case COL-2026-00001",
    )
