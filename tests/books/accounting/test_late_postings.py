"""What comes late, after its month was closed: the open one gets it, last month stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.payment import Credit, Payment, PaymentMethod
from fscdesk.models.refund import Refund
from fscdesk.models.session import Session
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.ledger.balances import trial_balance
from fscdesk.services.ledger.periods import open_days
from fscdesk.services.ledger.posting import post
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.payments.transferring import apply_credit, transfer
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.reports.aging import aging
from fscdesk.services.work import Work
from tests.books.accounting.test_periods import draft
from tests.support.payment_acts import asked, version_of
from tests.support.payments import Till, open_till, received, verify
from tests.support.people import add_session
from tests.support.remittances_made import (
    CONTRACT,
    DEDUCTIBLE,
    claim,
    kept,
    line,
    plain,
    posted,
    remittance,
)
from tests.support.second_person import second_person

LAST, FIRST, RECEIVED = date(2026, 3, 31), date(2026, 4, 1), date(2026, 3, 20)
Act = Callable[[Office, Till], Any]


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def check(books: Office, till: Till, cents: int = 150_00) -> Any:
    return received(
        books,
        NewPayment(
            Money(cents),
            PaymentMethod.CHECK,
            RECEIVED,
            guarantor_id=till.alma_pays,
            check_on=date(2026, 3, 18),
            rest=Rest(patient_id=till.alma),
        ),
    )


def told(books: Office) -> object:
    def ask(work: Work) -> object:
        found = aging(work, as_of=LAST)
        assert found.ties
        return trial_balance(work, LAST), found.total.buckets, found.total.balance

    return books.read(ask)


def pays_and_applies(books: Office, till: Till) -> None:
    one = check(books, till)
    books.write(
        lambda work: apply_credit(
            work, one.credit_id, (Application(till.copays[0], Money(30_00)),), on=FIRST
        )
    )


def is_refunded(books: Office, till: Till) -> None:
    refund = asked(books, check(books, till).credit_id, 50_00)
    version = books.read(lambda work: work.db.get_one(Refund, refund.refund_id).version)
    books.write(
        lambda work: pay_refund(
            work, refund.refund_id, on=date(2026, 3, 25), reference="7", expected_version=version
        )
    )
    row = books.read(lambda work: work.db.get_one(Refund, refund.refund_id))
    assert row.paid_on == date(2026, 3, 25)


def is_returned(books: Office, till: Till) -> None:
    one = check(books, till)
    books.write(
        lambda work: return_payment(
            work,
            one.payment_id,
            on=date(2026, 3, 26),
            reason="No funds",
            expected_version=version_of(books, one.payment_id),
        )
    )


def is_voided(books: Office, till: Till) -> None:
    one = check(books, till)
    books.write(
        lambda work: void_payment(
            work,
            one.payment_id,
            reason="Typed twice",
            expected_version=version_of(books, one.payment_id),
        )
    )


def is_transferred(books: Office, till: Till) -> None:
    one = check(books, till)
    books.write(
        lambda work: transfer(
            work, one.credit_id, to_patient=till.ben, amount=Money(10_00), reason="His", on=FIRST
        )
    )


def is_adjusted(books: Office, till: Till) -> None:
    new = NewAdjustment(
        till.copays[0], AdjustmentKind.TO_PATIENT, Money(10_00), "Deductible", on=LAST
    )
    books.write(lambda work: adjust(work, [new]))


def a_payer_answers(books: Office, till: Till) -> None:
    paid = claim(1, line(till.copays[0], 91_40, CONTRACT, DEDUCTIBLE))

    def act(work: Work) -> int:
        one = kept(work, remittance(till.payer, paid))
        posted(work, one, [plain(paid)], on=RECEIVED)
        return one

    one = books.write(act).value
    payment = books.read(lambda work: work.db.scalars(select(Payment)).one())
    assert (payment.received_on, payment.posted_on) == (RECEIVED, FIRST)
    verify(books)
    books.write(lambda work: undo_remittance(work, one, reason="Another's"))


def an_old_session_comes(books: Office, till: Till) -> None:
    def act(work: Work) -> int:
        provider = work.db.scalars(select(Session.provider_id)).first()
        assert provider is not None
        day = date(2026, 2, 3)
        return add_session(work, till.ben, provider, day=day, share=160_00, patient_paid=20_00)

    session = books.write(act).value
    charge = books.read(
        lambda work: work.db.scalars(select(Charge).where(Charge.session_id == session)).one()
    )
    assert (charge.service_day, charge.first_day) == (date(2026, 2, 3), FIRST)


ACTS: tuple[Act, ...] = (
    pays_and_applies,
    is_refunded,
    is_returned,
    is_voided,
    is_transferred,
    is_adjusted,
    a_payer_answers,
    an_old_session_comes,
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_comes_late_leaves_the_closed_month_as_it_was_told(
    books: Office, till: Till, act: Act
) -> None:
    books.write(lambda work: close(work, LAST))
    before = told(books)
    newest = books.read(lambda work: max(work.db.scalars(select(JournalEntry.id))))
    act(books, till)
    assert told(books) == before
    days = books.read(
        lambda work: work.db.scalars(
            select(JournalLine.day).where(JournalLine.entry_id > newest)
        ).all()
    )
    assert days
    assert min(days) >= FIRST
    verify(books)


def test_a_payment_keeps_its_other_days(books: Office, till: Till) -> None:
    books.write(lambda work: close(work, LAST))
    one = check(books, till)

    def look(work: Work) -> tuple[Payment, Credit]:
        return work.db.get_one(Payment, one.payment_id), work.db.get_one(Credit, one.credit_id)

    payment, credit = books.read(look)
    assert (payment.received_on, payment.check_on) == (RECEIVED, date(2026, 3, 18))
    assert (payment.posted_on, credit.since) == (FIRST, FIRST)


def test_closing_waits_until_who_posts_has_saved(books: Office) -> None:
    """On Postgres both are at work at once; what was begun before the close belongs before it."""
    accountant = second_person(books, Role.ACCOUNTING)
    begun, go_on = Event(), Event()
    found: dict[str, Any] = {}

    def slow(work: Work) -> int:
        entry = post(work, draft(LAST))
        begun.set()
        assert go_on.wait(20)
        return entry

    def shut() -> None:
        found["closed"] = accountant.write(lambda work: close(work, LAST)).value

    poster = Thread(target=lambda: found.update(entry=books.write(slow).value))
    closer = Thread(target=shut)
    poster.start()
    assert begun.wait(20)
    closer.start()
    closer.join(0.3)
    assert closer.is_alive()
    assert books.read(open_days).first is None
    go_on.set()
    for one in (poster, closer):
        one.join(20)
    assert found["closed"].months == (date(2026, 3, 1),)
    assert books.read(lambda work: work.db.get_one(JournalEntry, found["entry"])).entry_date == LAST
    verify(books)
