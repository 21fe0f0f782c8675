"""The checks of documents find what stands otherwise than its entries, bills or numbers say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.values import Money
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.invoice_plan import Chosen
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.payments.transferring import transfer
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from tests.support.invoices import invoiced, open_practice
from tests.support.payment_acts import LATER, asked, partly, unapplied
from tests.support.payments import pay, verify
from tests.support.second_person import manager
from tests.support.tampering import tamper
from tests.support.write_offs import approve, approved, made, new


@pytest.fixture
def sound(books: Office) -> Office:
    """Books with one of each: payments, a transfer, a refund, a memo, moves, a bill."""
    till = books.write(open_practice).value
    partly(books, till)
    held = unapplied(books, till, 60_00)
    books.write(
        lambda work: transfer(
            work, held.credit_id, amount=Money(5_00), to_patient=till.ben, reason="his", on=LATER
        )
    )
    refund = asked(books, held.credit_id, 20_00)
    books.write(
        lambda work: pay_refund(
            work, refund.refund_id, on=LATER, reference="", expected_version=refund.version
        )
    )
    check = replace(pay(till, 60_00), guarantor_id=None, payer_id=till.payer)
    line = EobLine(till.copays[1], paid=Money(60_00), contractual=Money(20_00))
    books.write(lambda work: post_eob(work, check, [line]))
    made(books, new(till.copays[0], AdjustmentKind.TO_PATIENT, 50_00))
    boss = manager(books)
    approved(boss, made(books, new(till.own, AdjustmentKind.COURTESY, 10_00)).request_id)
    memo = books.write(lambda work: issue(work, NewMemo(till.alma, Money(9_00), "Ours"))).value
    assert memo.request_id is not None
    asked_for = memo.request_id
    boss.write(lambda work: approve(work, asked_for))
    invoiced(books, Chosen(guarantor_ids=(till.alma_pays,)))
    verify(books)
    return books


@dataclass(frozen=True)
class Fault:
    """What is broken, and what the check says of it."""

    check: str
    offender: str
    sql: str


FAULTS = (
    Fault(
        "charges-owned",
        "entry 2026-000003 moves charge 3 in another's name",
        "UPDATE charge SET patient_id = 1 WHERE id = 3",
    ),
    Fault(
        "charges-owned",
        "entry 2026-000003 moves charge 3 in another's name",
        "UPDATE charge SET guarantor_id = 1 WHERE id = 3",
    ),
    Fault(
        "charges-owned",
        "entry 2026-000001 moves charge 1 in another's name",
        "UPDATE charge SET payer_id = NULL WHERE id = 1",
    ),
    Fault(
        "charges-owned",
        "entry 2026-000001 moves charge 1 in another's name",
        "UPDATE charge SET session_id = 2 WHERE id = 1",
    ),
    Fault(
        "voided-charges-hold-nothing",
        "charge 1 (voided): 80.00 of the payer and 50.00 of the client are open",
        "UPDATE charge SET voided_on = '2026-04-12' WHERE id = 1",
    ),
    Fault(
        "voided-charges-hold-nothing",
        "invoice INV-2026-00001 asks for charge 1, which is voided",
        "UPDATE charge SET voided_on = '2026-04-12' WHERE id = 1",
    ),
    Fault(
        "credits-owned",
        "entry 2026-000004 moves credit 1 of another payment or person",
        "UPDATE credit SET payment_id = 2 WHERE id = 1",
    ),
    Fault(
        "credits-owned",
        "entry 2026-000004 moves credit 1 of another payment or person",
        "UPDATE credit SET guarantor_id = 2 WHERE id = 1",
    ),
    Fault(
        "credits-owned",
        "credit 5 (overpayment) is no credit of its document",
        "UPDATE credit SET kind = 'overpayment' WHERE id IN (SELECT credit_id FROM credit_memo)",
    ),
    Fault(
        "credits-owned",
        "payment PAY-2026-00001: 150.00 came in another's name",
        "UPDATE payment SET guarantor_id = 2 WHERE id = 1",
    ),
    Fault(
        "credits-owned",
        "payment PAY-2026-00001: credit 1 is not its payer's",
        "UPDATE payment SET guarantor_id = NULL, payer_id = 1 WHERE id = 1",
    ),
    Fault(
        "papers-name-their-credit",
        "refund REF-2026-00001 is not of the credit that it names",
        "UPDATE refund SET credit_id = 1",
    ),
    Fault(
        "papers-name-their-credit",
        "refund REF-2026-00001 is not of the credit that it names",
        "UPDATE refund SET payment_id = 1",
    ),
    Fault(
        "papers-name-their-credit",
        "credit memo CM-2026-00001 is not of the credit that it names",
        "UPDATE credit_memo SET credit_id = 1",
    ),
    Fault(
        "adjustments-as-posted",
        "adjustment ADJ-2026-00002 (bad debt, insurance) is not what its entry did",
        "UPDATE adjustment SET kind = 'bad_debt' WHERE number = 'ADJ-2026-00002'",
    ),
    Fault(
        "adjustments-as-posted",
        "adjustment ADJ-2026-00003 (courtesy, insurance) is not what its entry did",
        "UPDATE adjustment SET side = 'insurance' WHERE number = 'ADJ-2026-00003'",
    ),
    Fault(
        "adjustments-as-posted",
        "adjustment ADJ-2026-00003 (courtesy, patient) is not what its entry did",
        "UPDATE adjustment SET charge_id = 1 WHERE number = 'ADJ-2026-00003'",
    ),
    Fault(
        "adjustments-as-posted",
        "adjustment ADJ-2026-00001 is reversed, its entry says otherwise",
        "UPDATE adjustment SET status = 'reversed' WHERE number = 'ADJ-2026-00001'",
    ),
    Fault(
        "adjustments-as-posted",
        "adjustment ADJ-2026-00001 names payment PAY-2026-00001, which is no payer's",
        "UPDATE adjustment SET payment_id = 1 WHERE number = 'ADJ-2026-00001'",
    ),
    Fault(
        "invoices-add-up",
        "invoice INV-2026-00001: 81.00, its lines 80.00",
        "UPDATE invoice SET amount = amount + 100",
    ),
    Fault(
        "invoices-add-up",
        "invoice INV-2026-00001 (draft): charge 1 is held wrongly",
        "UPDATE invoice_line SET live = 3 WHERE charge_id = 1",
    ),
    Fault(
        "invoices-add-up",
        "invoice INV-2026-00001 (void): charge 1 is held wrongly",
        "UPDATE invoice SET status = 'void'",
    ),
    Fault(
        "invoices-add-up",
        "invoice INV-2026-00001 asks for charge 1 of another",
        "UPDATE invoice SET guarantor_id = 2",
    ),
    Fault(
        "numbers-without-gaps",
        "series PAY of 2026: 4 numbers were taken, 3 are there, the last is PAY-2026-00003",
        "UPDATE number_series SET next = next + 1 WHERE name = 'PAY'",
    ),
    Fault(
        "numbers-without-gaps",
        "series ADJ of 2026: 3 numbers were taken, 3 are there, the last is ADJ-2026-00004",
        "UPDATE adjustment SET number = 'ADJ-2026-00004' WHERE number = 'ADJ-2026-00003'",
    ),
    Fault(
        "numbers-without-gaps",
        "series JE of 2026: 0 numbers were taken, 14 are there, the last is 2026-000014",
        "DELETE FROM number_series WHERE name = 'JE'",
    ),
    Fault(
        "audit-chain",
        "1 records of acts are missing",
        "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)",
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}:{fault.sql[:50]}")
def test_a_fault_is_named(sound: Office, practice: str, fault: Fault) -> None:
    tamper(practice, fault.sql)
    wrong = {one.name: one.offenders for one in sound.read(run_checks).checks if not one.ok}
    assert fault.offender in wrong.get(fault.check, ()), wrong


def test_a_number_of_six_digits_comes_after_those_of_five(sound: Office, practice: str) -> None:
    tamper(
        practice,
        "UPDATE refund SET number = 'REF-2026-100000'",
        "UPDATE number_series SET next = 100001 WHERE name = 'REF'",
    )
    [check] = sound.read(lambda work: run_checks(work, ["numbers-without-gaps"])).checks
    assert check.offenders == (
        "series REF of 2026: 100000 numbers were taken, 1 are there, the last is REF-2026-100000",
    )
