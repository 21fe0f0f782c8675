"""Undoing an EOB: money, adjustments and statuses stand as before it was entered."""

from __future__ import annotations

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import BillingStatus, Session, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.office import Office
from fscdesk.services.payments.entering import payment_version
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.taking_back import take_back
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, verify


def enter(work: Work, till: Till) -> tuple[int, int]:
    """Pay one line and deny the other; returns the payment and its version."""
    new = NewPayment(Money(91_40), PaymentMethod.CHECK, DAY, payer_id=till.payer)
    lines = [
        EobLine(till.copays[0], Money(91_40), Money(38_60)),
        EobLine(till.copays[1], denied="16"),
    ]
    done = post_eob(work, new, lines)
    return done.payment.payment_id, payment_version(work, done.payment.payment_id)


def statuses(work: Work, till: Till) -> list[BillingStatus]:
    charges = [work.db.get_one(Charge, one) for one in till.copays]
    return [work.db.get_one(Session, one.session_id).billing_status for one in charges]


def test_everything_stands_as_before(books: Office, till: Till) -> None:
    before = books.read(lambda work: statuses(work, till))
    payment, version = books.write(lambda work: enter(work, till)).value
    assert books.read(lambda work: statuses(work, till)) == [
        BillingStatus.APPROVED,
        BillingStatus.DENIED,
    ]
    books.write(lambda work: take_back(work, payment, expected_version=version))
    assert books.read(lambda work: statuses(work, till)) == before
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "4900"))) == (0, 0)
    verify(books)


def test_a_session_that_moved_on_since_is_left_alone(books: Office, till: Till) -> None:
    payment, version = books.write(lambda work: enter(work, till)).value

    def appeal(work: Work) -> None:
        session = work.db.get_one(Charge, till.copays[1]).session_id
        assert session is not None
        change = StatusChange(
            session, StatusKind.BILLING, BillingStatus.DENIED, BillingStatus.APPEALING, "Appealed"
        )
        write_status_changes(work, [change], day=work.today())

    books.write(appeal)
    books.write(lambda work: take_back(work, payment, expected_version=version))
    assert books.read(lambda work: statuses(work, till))[1] is BillingStatus.APPEALING


def test_a_payment_that_somebody_changed_is_not_taken_back(books: Office, till: Till) -> None:
    payment, version = books.write(lambda work: enter(work, till)).value
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: take_back(work, payment, expected_version=version + 1))
    assert books.read(lambda work: cents(work, "1050")) == 91_40


def test_nothing_is_half_taken_back(books: Office, till: Till) -> None:
    payment, version = books.write(lambda work: enter(work, till)).value
    assert_all_or_nothing(books, lambda work: take_back(work, payment, expected_version=version))
    verify(books)
