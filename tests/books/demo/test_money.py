"""What the demo shows of money: each state of each paper, and 1060 closed but for a few lines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest, RequestKind, RequestStatus
from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.document import DocumentKind
from fscdesk.models.invoice import Invoice, InvoiceStatus, Reminder
from fscdesk.models.note import AccountNote
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentOrigin, PaymentStatus
from fscdesk.models.plan import PaymentPlan, PlanStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO
from fscdesk.services.billing.collection_reading import case_detail
from fscdesk.services.billing.documents import documents_of
from fscdesk.services.billing.estimates import estimates_of
from fscdesk.services.billing.invoice_listing import InvoiceFilter, page_of_invoices
from fscdesk.services.billing.parking import parked_balances
from fscdesk.services.billing.plan_reading import standings_of
from fscdesk.services.billing.sliding_fees import sliding_fees_of
from fscdesk.services.billing.statement_runs import page_of_runs
from fscdesk.services.demo.building import live
from fscdesk.services.demo.money_events import money_of
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.clearing_list import clearing_list
from fscdesk.services.work import Work

TODAY = date(2026, 4, 15)
SIZE = 700


@pytest.fixture
def demo(small_demo: Office) -> Office:
    return small_demo


def test_1060_is_closed_but_for_a_short_list_that_says_why(demo: Office) -> None:
    found = demo.read(clearing_list)
    assert not found.difference
    assert 0 < len(found.lines) < 30
    assert all(line.reason for line in found.lines)
    # What came today is in the appointment report, but not yet in the payment export.
    today = {
        (share.one.client.name, share.one.day)
        for money in money_of(live(today=TODAY, sessions=SIZE).diary)
        if money.day == TODAY
        for share in money.shares
    }
    old = [line for line in found.lines if line.day and line.day < TODAY - timedelta(days=35)]
    assert {(line.patient, line.day) for line in old} <= today
    assert len(found.left_over) <= 3


def test_money_came_from_both_systems(demo: Office) -> None:
    def look(work: Work) -> None:
        payments = work.db.scalars(select(Payment)).all()
        typed = [one for one in payments if one.origin is PaymentOrigin.TYPED]
        # A payer sends one check for many sessions.
        assert len(payments) - len(typed) > SIZE / 2
        assert {one.payer_id is None for one in typed} == {True, False}
        assert {one.status for one in typed} == {PaymentStatus.POSTED, PaymentStatus.RETURNED}
        held = work.db.scalars(select(Credit).where(Credit.balance != ZERO)).all()
        assert {one.kind for one in held} == set(CreditKind)
        assert any(one.payer_id for one in held)

    demo.read(look)


def test_every_decision_is_there_and_two_wait(demo: Office) -> None:
    def look(work: Work) -> None:
        made = work.db.scalars(select(Adjustment)).all()
        posted = {one.kind for one in made if one.status is AdjustmentStatus.POSTED}
        assert posted == set(AdjustmentKind)
        requests = work.db.scalars(select(ApprovalRequest)).all()
        waiting = [one for one in requests if one.status is RequestStatus.WAITING]
        assert {one.kind for one in waiting} == {RequestKind.WRITE_OFF, RequestKind.REFUND}
        asked_by = {work.db.get_one(Staff, one.requested_by).login for one in waiting}
        assert asked_by == {"demo.clerk"}
        assert any(one.decided_by for one in requests)
        refunds = {one.status for one in work.db.scalars(select(Refund))}
        assert refunds == {RefundStatus.WAITING, RefundStatus.PAID}

    demo.read(look)


def test_bills_are_in_every_state(demo: Office) -> None:
    def look(work: Work) -> None:
        stored = {one.status for one in work.db.scalars(select(Invoice))}
        assert stored == {InvoiceStatus.DRAFT, InvoiceStatus.SENT, InvoiceStatus.VOID}
        states = {"draft", "sent", "overdue", "paid", "void"}
        page = page_of_invoices(work, InvoiceFilter(), Span(0, 50, "number"))
        assert {row.status.value for row in page.rows} >= states
        assert {one.days for one in work.db.scalars(select(Reminder))} == {7, 14, 30}
        runs = page_of_runs(work, Span(0, 50, "run"))
        assert runs.total == 2
        assert {row.unsent for row in runs.rows} == {0}

    demo.read(look)


def test_agreements_are_kept_and_broken(demo: Office) -> None:
    def look(work: Work) -> None:
        plans = work.db.scalars(select(PaymentPlan).order_by(PaymentPlan.id)).all()
        active = [one for one in plans if one.status is PlanStatus.ACTIVE]
        assert {one.status for one in plans} == {PlanStatus.ACTIVE, PlanStatus.COMPLETED}
        missed = [standing.missed for standing in standings_of(work, active, TODAY).values()]
        assert sorted(missed) == [0, 1]
        cases = [case_detail(work, one.id).row for one in work.db.scalars(select(CollectionCase))]
        assert [one.status for one in cases] == [CaseStatus.PLACED] * 2
        assert sorted(one.recovered > ZERO for one in cases) == [False, True]
        assert all(one.left > ZERO for one in cases)
        kept = documents_of(work, guarantor_id=active[0].guarantor_id)
        assert DocumentKind.AGREEMENT in {one.kind for one in kept}

    demo.read(look)


def test_accounts_are_remarked_upon(demo: Office) -> None:
    def look(work: Work) -> None:
        pinned = {one.pinned for one in work.db.scalars(select(AccountNote))}
        assert pinned == {True, False}
        assert work.db.scalars(select(Patient.id).where(Patient.deceased_on.is_not(None))).all()
        assert work.db.scalars(select(Guarantor.id).where(Guarantor.bad_address)).all()
        assert len(parked_balances(work)) == 1
        people = work.db.scalars(select(Patient.id)).all()
        assert any(estimates_of(work, one) for one in people)
        assert any(row.in_force for one in people for row in sliding_fees_of(work, one))

    demo.read(look)
