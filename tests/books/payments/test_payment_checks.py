"""The checks of payments find the fault that they are for, and name it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.payments.returning import return_payment
from tests.support.payment_acts import LATER, asked, partly, unapplied, version_of
from tests.support.payments import Till, verify
from tests.support.tampering import tamper


@pytest.fixture
def sound(books: Office, till: Till) -> Office:
    """Books with an applied payment, a returned one, one refunded and one that waits."""
    partly(books, till)
    gone = unapplied(books, till, 40_00)
    version = version_of(books, gone.payment_id)
    books.write(
        lambda work: return_payment(
            work, gone.payment_id, on=LATER, reason="not covered", expected_version=version
        )
    )
    refund = asked(books, unapplied(books, till, 60_00).credit_id, 20_00)
    books.write(
        lambda work: pay_refund(
            work, refund.refund_id, on=LATER, reference="", expected_version=refund.version
        )
    )
    asked(books, unapplied(books, till, 120_00).credit_id, 120_00)
    verify(books)
    return books


@dataclass(frozen=True)
class Fault:
    """What is broken, and which words name it."""

    check: str
    offender: str
    sql: str


FAULTS = (
    Fault(
        "payments-add-up",
        "payment PAY-2026-00001: amount 151.00 (posted), brought 150.00, its lines sum to 0.00",
        "UPDATE payment SET amount = amount + 100 WHERE id = 1",
    ),
    Fault(
        "payments-add-up",
        "credit 1 is overdrawn: -1.00",
        "UPDATE credit SET balance = -100 WHERE id = 1",
    ),
    Fault(
        "payments-add-up",
        "payment PAY-2026-00002: amount 40.00 (posted), the bank took back 40.00",
        "UPDATE payment SET status = 'posted' WHERE id = 2",
    ),
    Fault(
        "payments-add-up",
        "payment PAY-2026-00001 was returned: 120.00 is left of it, 0.00 refunded",
        "UPDATE payment SET status = 'returned' WHERE id = 1",
    ),
    Fault(
        "payments-add-up",
        "payment PAY-2026-00003 was voided: 40.00 is left of it, 20.00 refunded",
        "UPDATE payment SET status = 'voided' WHERE id = 3",
    ),
    Fault(
        "credit-balances",
        "credit 1: stored 121.00, lines 120.00",
        "UPDATE credit SET balance = balance + 100 WHERE id = 1",
    ),
    Fault(
        "credit-balances",
        "entry 2026-000005 moves credit 1 in another's name",
        "UPDATE credit SET patient_id = 2 WHERE id = 1",
    ),
    Fault(
        "documents-posted",
        "refund REF-2026-00001 (cancelled): 20.00, posted 20.00",
        "UPDATE refund SET status = 'cancelled' WHERE id = 1",
    ),
    Fault(
        "second-person",
        "request REQ-2026-00001 is approved without a second person",
        "UPDATE approval_request SET status = 'approved', decided_by = requested_by",
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}:{fault.offender[:30]}")
def test_a_fault_is_named(sound: Office, practice: str, fault: Fault) -> None:
    drop = "ALTER TABLE approval_request DROP CONSTRAINT ck_approval_request_second_person"
    wants = sound.dialect == "postgresql" and fault.check == "second-person"
    tamper(practice, *((drop,) if wants else ()), fault.sql)
    wrong = {one.name: one.offenders for one in sound.read(run_checks).checks if not one.ok}
    assert fault.offender in wrong.get(fault.check, ()), wrong
