"""Taking a return back takes its fee back, with everything that was done about the fee."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import reverse_adjustment
from fscdesk.services.billing.adjustment_lists import memos_of
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.credit_memos import NewMemo, issue, void_memo
from fscdesk.services.billing.invoice_plan import Chosen
from fscdesk.services.billing.invoices import make_invoices, plan_invoices
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.billing.plans import NewPlan
from fscdesk.services.billing.recalling import recall
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments import approving
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.recovering import NewRecovery, recover
from fscdesk.services.payments.returning import return_payment, undo_return
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.work import Work
from tests.support.agency import AGENCY
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, received, verify
from tests.support.plans import planned
from tests.support.second_person import manager
from tests.support.write_offs import TODAY, adjustment, approved, made, new, owes, version_of

WHY = "the bank's mistake"


@pytest.fixture
def bounced(books: Office, till: Till) -> tuple[int, int]:
    """A check of Ben's that was returned: the payment, and the charge of its fee of 25.00."""
    check = NewPayment(
        Money(160_00),
        PaymentMethod.CHECK,
        DAY,
        guarantor_id=till.ben_pays,
        rest=Rest(patient_id=till.ben),
    )
    payment = received(books, check).payment_id
    version = payment_of(books, payment).version
    done = books.write(
        lambda work: return_payment(
            work, payment, on=TODAY, reason="no funds", expected_version=version, fee=Money(25_00)
        )
    ).value
    assert done.fee_charge_id is not None
    return payment, done.fee_charge_id


def payment_of(books: Office, payment_id: int) -> Payment:
    return books.read(lambda work: work.db.get_one(Payment, payment_id))


def undone(books: Office, payment_id: int, *, fail_everywhere: bool = False) -> None:
    version = payment_of(books, payment_id).version

    def act(work: Work) -> None:
        undo_return(work, payment_id, reason=WHY, expected_version=version)

    if fail_everywhere:
        assert_all_or_nothing(books, act)
    else:
        books.write(act)


def placed(books: Office, charge_id: int) -> int:
    agency = books.write(lambda work: add_agency(work, AGENCY)).value
    wanted = NewPlacement(agency, charge_ids=(charge_id,))
    return books.write(lambda work: place(work, wanted)).value.cases[0].case_id


def case_of(books: Office, case_id: int) -> CollectionCase:
    return books.read(lambda work: work.db.get_one(CollectionCase, case_id))


def recalled(books: Office, case_id: int) -> None:
    version = case_of(books, case_id).version
    books.write(lambda work: recall(work, case_id, reason=WHY, expected_version=version))


def test_an_approved_courtesy_of_the_fee_goes_with_it(
    books: Office, bounced: tuple[int, int]
) -> None:
    payment, fee = bounced
    asked = made(books, new(fee, AdjustmentKind.COURTESY, 20_00))
    approved(manager(books), asked.request_id)
    undone(books, payment, fail_everywhere=True)
    row = adjustment(books, asked.ids[0])
    assert row.status is AdjustmentStatus.REVERSED
    assert owes(books, fee) == (0, 0)
    assert books.read(lambda work: (cents(work, "4910"), cents(work, "4300"))) == (0, 0)
    with pytest.raises(Problem, match="is reversed, not posted"):
        books.write(
            lambda work: reverse_adjustment(work, row.id, reason=WHY, expected_version=row.version)
        )
    verify(books)


def test_a_courtesy_that_waits_is_refused_with_its_reason(
    books: Office, bounced: tuple[int, int]
) -> None:
    payment, fee = bounced
    asked = made(books, new(fee, AdjustmentKind.COURTESY, 20_00))
    undone(books, payment)
    request = asked.request_id or 0
    version = version_of(books, request)
    decision = (
        manager(books)
        .write(lambda work: approving.approve(work, request, expected_version=version))
        .value
    )
    assert [one.code for one in decision.findings] == ["not-open"]
    assert adjustment(books, asked.ids[0]).status is AdjustmentStatus.REFUSED
    verify(books)


def test_a_fee_at_an_agency_is_recalled_first(books: Office, bounced: tuple[int, int]) -> None:
    payment, fee = bounced
    case = placed(books, fee)
    with pytest.raises(Problem, match=r"25\.00 of NSF of 04/12/2026 is at an agency") as told:
        undone(books, payment)
    assert told.value.hint == "Nothing was changed. Recall case COL-2026-00001 first."
    assert payment_of(books, payment).status is PaymentStatus.RETURNED
    assert books.read(lambda work: cents(work, "1130")) == 25_00
    recalled(books, case)
    undone(books, payment)
    assert case_of(books, case).status is CaseStatus.RECALLED
    assert books.read(lambda work: (cents(work, "1130"), cents(work, "4300"))) == (0, 0)
    assert owes(books, fee) == (0, 0)
    verify(books)


def test_a_fee_in_a_plan_waits_for_the_end_of_the_plan(
    books: Office, till: Till, bounced: tuple[int, int]
) -> None:
    payment, fee = bounced
    plan = planned(books, NewPlan(till.ben_pays, (till.own, fee), 3))
    with pytest.raises(Problem, match="NSF of 04/12/2026 is in payment plan PLAN-2026-00001"):
        undone(books, payment)
    assert payment_of(books, payment).status is PaymentStatus.RETURNED
    books.write(lambda work: cancel_plan(work, plan.plan_id, reason=WHY, expected_version=1))
    undone(books, payment)
    assert owes(books, fee) == (0, 0)
    verify(books)


def test_a_fee_that_an_agency_recovered_is_not_taken_back(
    books: Office, bounced: tuple[int, int]
) -> None:
    payment, fee = bounced
    case = placed(books, fee)
    books.write(lambda work: recover(work, NewRecovery(case, Money(25_00), TODAY)))
    with pytest.raises(
        Problem, match=r"An agency has recovered 25\.00 of NSF of 04/12/2026"
    ) as told:
        undone(books, payment)
    assert told.value.hint == "Nothing was changed. Take the recovery back first."
    assert case_of(books, case).status is not CaseStatus.PLACED
    verify(books)


def test_an_invoice_does_not_ask_for_a_fee_that_is_gone(
    books: Office, till: Till, bounced: tuple[int, int]
) -> None:
    payment, fee = bounced
    for ids in ((fee,), (till.own,)):
        chosen = Chosen(charge_ids=ids)
        books.write(lambda work, c=chosen: make_invoices(work, plan_invoices(work, c)))  # type: ignore[misc]
    undone(books, payment)
    lines = books.read(
        lambda work: work.db.execute(
            select(Charge.id, InvoiceLine.live, Invoice.status)
            .join(InvoiceLine, InvoiceLine.charge_id == Charge.id)
            .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
            .order_by(Invoice.id)
        ).all()
    )
    assert [tuple(one) for one in lines] == [
        (fee, None, InvoiceStatus.VOID),
        (till.own, till.own, InvoiceStatus.DRAFT),
    ]
    verify(books)


def test_what_a_void_memo_had_paid_of_the_fee_does_not_come_back(
    books: Office, till: Till, bounced: tuple[int, int]
) -> None:
    payment, fee = bounced
    memo = books.write(lambda work: issue(work, NewMemo(till.ben, Money(40_00), "x"))).value
    request = memo.request_id or 0
    version = version_of(books, request)
    manager(books).write(lambda work: approving.approve(work, request, expected_version=version))

    def spend(work: Work) -> None:
        found = next(one for one in memos_of(work, till.ben) if one.id == memo.memo_id)
        apply_credit(work, found.credit_id or 0, [Application(fee, Money(25_00))], on=TODAY)

    books.write(spend)
    version = books.read(lambda work: memos_of(work, till.ben))[0].version
    books.write(lambda work: void_memo(work, memo.memo_id, reason=WHY, expected_version=version))
    undone(books, payment)
    row = books.read(lambda work: memos_of(work, till.ben))[0]
    assert (row.applied, row.left) == (Money(), Money())
    assert books.read(lambda work: cents(work, "4910")) == 0
    verify(books)
