"""Write-off runs: a listing first, one request for all, a second person, and one undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest, RequestKind
from fscdesk.models.charge import Charge
from fscdesk.models.collection import Agency, CaseStatus, CollectionCase
from fscdesk.models.coverage import Policy
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus, InvoiceStyle
from fscdesk.models.patient import Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import Attendance
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import Adjusted, adjust
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.limits import (
    RUN_LIMIT,
    SMALL_BALANCE,
    SMALL_BALANCE_DAYS,
    WRITE_OFF_ALONE,
)
from fscdesk.services.billing.parking import park
from fscdesk.services.billing.write_off_runs import (
    Flag,
    Why,
    WriteOffPlan,
    ask_run,
    plan_write_offs,
    undo_run,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.policies import OVER_APPLYING
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, cents, received, verify
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.plans import hold_in_plan
from tests.support.second_person import at_once, clerk, manager, nobody, without
from tests.support.write_offs import (
    TODAY,
    approve,
    approved,
    decide_setting,
    new,
    refuse,
)

OLD = date(2025, 12, 1)
WHY = "Small balances of December"


def small(work: Work, count: int, each: int = 5_00, *, day: date = OLD) -> list[int]:
    """Add so many accounts that owe a little, and return their patients."""
    provider = work.db.scalar(select(func.min(Charge.provider_id))) or add_provider(
        work, "Mockley O'Sample"
    )
    start = work.db.scalar(select(func.count(Patient.id))) or 0
    patients = []
    for number in range(start + 1, start + count + 1):
        patient = add_patient(work, f"Quill Number{number}", f"P-{number}")
        add_session(work, patient, provider, day=day, share=each, code="99213")
        patients.append(patient)
    return patients


@pytest.fixture
def three(books: Office) -> list[int]:
    """Three accounts of 5.00 since December."""
    return books.write(lambda work: small(work, 3)).value


def plan(books: Office) -> WriteOffPlan:
    return books.read(plan_write_offs)


def asked(books: Office, *without_: int, key: str | None = None) -> Adjusted:
    seen = plan(books)

    def act(work: Work) -> Adjusted:
        return ask_run(work, seen, except_ids=without_, reason=WHY, request_key=key)

    return books.write(act).value


def account(books: Office, patient: int) -> int:
    return books.read(lambda work: work.db.get_one(Patient, patient).guarantor_id)


def charge_of(work: Work, patient: int) -> Charge:
    return work.db.scalars(select(Charge).filter_by(patient_id=patient)).first()  # type: ignore[return-value]


def open_sum(books: Office) -> int:
    return books.read(lambda work: cents(work, "1100"))


def test_job_9_twenty_five_accounts_one_taken_out_a_second_person(books: Office) -> None:
    """The scenario of the ten jobs: $143.20 in all, one has a visit next week."""

    def fill(work: Work) -> list[int]:
        patients = [*small(work, 24, 5_80), *small(work, 1, 4_00)]
        provider = charge_of(work, patients[7]).provider_id or 0
        add_session(
            work, patients[7], provider, day=TODAY + timedelta(7), attendance=Attendance.SCHEDULED
        )
        return patients

    patients = books.write(fill).value
    seen = plan(books)
    assert (len(seen.candidates), seen.total, seen.left_out) == (25, Money(143_20), ())
    flagged = [one for one in seen.candidates if one.flags]
    assert [one.guarantor_id for one in flagged] == [account(books, patients[7])]
    assert flagged[0].remarks == ("Has a visit on 04/19/2026; it can be asked for then",)
    assert seen.candidates[0].reason == (
        "5.80 open for 132 days, 10.00 or less and more than 90 days"
    )
    desk = clerk(books)
    request = asked(desk, flagged[0].guarantor_id)
    assert (request.waiting, request.amount) == (24, Money(137_40))
    assert request.needs == Right.APPROVE_WRITE_OFF_50
    kept = books.read(lambda work: work.db.get_one(ApprovalRequest, request.request_id))
    assert (kept.kind, kept.count) == (RequestKind.WRITE_OFF_RUN, 24)
    assert open_sum(books) == 143_20, "nothing posts before it is approved"
    with pytest.raises(Problem, match="You asked for this yourself"):
        desk.write(lambda work: approve(work, request.request_id or 0))
    done = approved(manager(books), request.request_id)
    assert (len(done.posted), done.amount, done.left_out) == (24, Money(137_40), ())
    assert open_sum(books) == 5_80
    assert books.read(lambda work: cents(work, "9000")) == 137_40
    verify(books)
    back = desk.write(lambda work: undo_run(work, request.request_id or 0, reason="wrong month"))
    assert back.value.amount == Money(137_40)
    assert open_sum(books) == 143_20
    verify(books)
    assert len(plan(books).candidates) == 25


def planned(work: Work, patient: int) -> None:
    hold_in_plan(work, charge_of(work, patient).id)


def placed(work: Work, patient: int) -> None:
    agency = Agency(name="Imaginary Collections", commission_points=2500)
    work.db.add(agency)
    work.db.flush()
    work.db.add(
        CollectionCase(
            number="COL-1",
            agency_id=agency.id,
            guarantor_id=charge_of(work, patient).guarantor_id,
            amount=Money(1_00),
            commission_points=2500,
            placed_on=DAY,
            status=CaseStatus.PLACED,
            made_by=work.actor.staff_id,
            made_at=work.now(),
        )
    )


def invoiced(work: Work, patient: int) -> None:
    charge = charge_of(work, patient)
    invoice = Invoice(
        number="INV-1",
        guarantor_id=charge.guarantor_id,
        patient_id=patient,
        style=InvoiceStyle.PATIENT,
        status=InvoiceStatus.SENT,
        issued_on=TODAY - timedelta(days=90),
        due_on=DAY,
        amount=Money(5_00),
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(invoice)
    work.db.flush()
    line = InvoiceLine(
        invoice_id=invoice.id,
        position=1,
        charge_id=charge.id,
        live=charge.id,
        amount=Money(5_00),
    )
    work.db.add(line)


def waiting(work: Work, patient: int) -> None:
    adjust(work, new(charge_of(work, patient).id, AdjustmentKind.COURTESY, 1_00))


def young(work: Work, patient: int) -> None:
    provider = charge_of(work, patient).provider_id or 0
    add_session(work, patient, provider, day=TODAY - timedelta(days=90), share=1_00, code="99213")


def overpaid(work: Work, patient: int) -> None:
    decide_setting(work, OVER_APPLYING, "allow")
    charge = charge_of(work, patient)
    add_session(work, patient, charge.provider_id or 0, day=OLD, share=7_00, minute=700)
    receive(
        work,
        NewPayment(
            Money(6_00),
            PaymentMethod.CHECK,
            DAY,
            guarantor_id=charge.guarantor_id,
            applications=(Application(charge.id, Money(6_00)),),
        ),
    )


@pytest.mark.parametrize(
    ("prepare", "why", "words"),
    [
        (planned, Why.IN_PLAN, "Has a payment plan"),
        (placed, Why.AT_AGENCY, "Is at an agency"),
        (invoiced, Why.INVOICED, "Was invoiced within the last 90 days"),
        (waiting, Why.WAITING, "Waits for approval already"),
        (young, Why.TOO_YOUNG, "Open for 90 days only"),
        (overpaid, Why.OVERPAID, "One of its charges is overpaid"),
        (
            lambda work, patient: park(work, patient, reason="abroad"),
            Why.PARKED,
            "Is parked",
        ),
    ],
)
def test_who_is_left_out_and_why(
    books: Office,
    three: list[int],
    prepare: Callable[[Work, int], Any],
    why: Why,
    words: str,
) -> None:
    books.write(lambda work: prepare(work, three[1]))
    seen = plan(books)
    assert [one.guarantor_id for one in seen.candidates] == [
        account(books, three[0]),
        account(books, three[2]),
    ]
    assert [(one.guarantor_id, one.why, one.words) for one in seen.left_out] == [
        (account(books, three[1]), why, words)
    ]


def test_what_a_person_should_look_at_is_flagged(books: Office, three: list[int]) -> None:
    def fill(work: Work) -> None:
        payer = add_payer(work, "Example East")
        policy = Policy(
            patient_id=three[0], payer_id=payer, rank=1, valid_from=OLD, copay=Money(5_00)
        )
        work.db.add(policy)
        decide_setting(work, WRITE_OFF_ALONE, "3.00")
        issue(work, NewMemo(three[1], Money(3_00), "long wait"))

    books.write(fill)
    flags = {one.guarantor_id: one for one in plan(books).candidates}
    assert flags[account(books, three[0])].flags == (Flag.COPAY,)
    assert flags[account(books, three[1])].flags == (Flag.CREDIT,)
    assert flags[account(books, three[1])].remarks == ("Has 3.00 unapplied, which could pay it",)
    assert flags[account(books, three[2])].flags == ()


def test_the_practice_sets_threshold_age_and_the_most_of_one_run(
    books: Office, three: list[int]
) -> None:
    def set_all(work: Work) -> None:
        small(work, 1, 12_00, day=date(2026, 3, 1))
        decide_setting(work, SMALL_BALANCE, "12.00")
        decide_setting(work, SMALL_BALANCE_DAYS, 30)
        decide_setting(work, RUN_LIMIT, "10.00")

    assert len(three) == 3
    books.write(set_all)
    seen = plan(books)
    assert seen.total == Money(10_00)
    assert [one.why for one in seen.left_out] == [Why.RUN_FULL, Why.RUN_FULL]
    whole = books.read(lambda work: plan_write_offs(work, limit=Money(100_00)))
    assert (len(whole.candidates), whole.total) == (4, Money(27_00))
    for facts in ({"threshold": Money()}, {"days": -1}, {"limit": Money()}):
        with pytest.raises(Problem, match="A run needs"):
            books.read(lambda work, facts=facts: plan_write_offs(work, **facts))  # type: ignore[misc]


def test_a_plan_that_was_overtaken_is_not_asked_for(books: Office, three: list[int]) -> None:
    seen = plan(books)
    books.write(lambda work: park(work, three[0], reason="abroad"))
    with pytest.raises(ChangedElsewhere, match="books changed after this plan"):
        books.write(lambda work: ask_run(work, seen, reason=WHY))
    forged = replace(seen, candidates=seen.candidates[:1])
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: ask_run(work, forged, reason=WHY))


def test_nothing_left_or_no_reason_is_no_run(books: Office, three: list[int]) -> None:
    seen = plan(books)
    everybody = [one.guarantor_id for one in seen.candidates]
    with pytest.raises(Problem, match="No account is left"):
        asked(books, *everybody)
    with pytest.raises(Problem, match="The reason is missing"):
        books.write(lambda work: ask_run(work, seen, reason=" "))
    assert len(three) == 3


def test_the_same_key_asks_once_even_when_the_plan_is_overtaken(
    books: Office, three: list[int]
) -> None:
    seen = plan(books)

    def act(work: Work) -> Adjusted:
        return ask_run(work, seen, reason=WHY, request_key="run-1")

    first, again = books.write(act).value, books.write(act).value
    assert again.repeated
    assert (again.request_id, again.ids) == (first.request_id, first.ids)
    assert len(first.ids) == len(three)


def test_two_desks_ask_for_one_run_once(books: Office, three: list[int]) -> None:
    seen = plan(books)
    both = at_once(
        *((desk, lambda work: ask_run(work, seen, reason=WHY)) for desk in (books, manager(books)))
    )
    assert [isinstance(one, Adjusted) for one in both].count(True) == 1
    refused = next(one for one in both if isinstance(one, Exception))
    assert isinstance(refused, Problem)
    count = books.read(lambda work: work.db.scalar(select(func.count(Adjustment.id))))
    assert count == len(three)


def test_without_the_right_there_is_no_plan_no_run_no_undo(books: Office, three: list[int]) -> None:
    seen = plan(books)
    request = asked(books, account(books, three[0])).request_id or 0
    approved(manager(books), request)
    for desk in (nobody(books), without(books, Right.ADJUST)):
        with pytest.raises(Problem, match="You may not plan write-offs"):
            desk.read(plan_write_offs)
        with pytest.raises(Problem, match="You may not"):
            desk.write(lambda work: ask_run(work, seen, reason=WHY))
        with pytest.raises(Problem, match="You may not take an adjustment back"):
            desk.write(lambda work: undo_run(work, request, reason="no"))


def test_what_was_paid_meanwhile_is_left_out_of_the_approval(
    books: Office, three: list[int]
) -> None:
    request = asked(books)
    charge = books.read(lambda work: charge_of(work, three[0]).id)
    received(
        books,
        NewPayment(
            Money(5_00),
            PaymentMethod.CASH,
            DAY,
            guarantor_id=account(books, three[0]),
            applications=(Application(charge, Money(5_00)),),
        ),
    )
    done = approved(manager(books), request.request_id)
    assert (len(done.posted), len(done.left_out)) == (2, 1)
    statuses = books.read(
        lambda work: work.db.scalars(select(Adjustment.status).order_by(Adjustment.id)).all()
    )
    assert statuses == [AdjustmentStatus.REFUSED, *[AdjustmentStatus.POSTED] * 2]
    verify(books)
    back = books.write(lambda work: undo_run(work, request.request_id or 0, reason="no")).value
    assert back.amount == Money(10_00)
    verify(books)


def test_undo_is_for_what_stands(books: Office, three: list[int]) -> None:
    request = asked(books).request_id or 0
    with pytest.raises(Problem, match="is waiting: it posted no write-off"):
        books.write(lambda work: undo_run(work, request, reason="no"))
    desk = manager(books)
    assert_all_or_nothing(desk, lambda work: approve(work, request))
    assert_all_or_nothing(books, lambda work: undo_run(work, request, reason="no"))
    with pytest.raises(Problem, match="stands any more"):
        books.write(lambda work: undo_run(work, request, reason="no"))
    assert open_sum(books) == 5_00 * len(three)
    verify(books)


def test_two_desks_undo_once(books: Office, three: list[int]) -> None:
    request = asked(books).request_id or 0
    other = manager(books)
    approved(other, request)
    both = at_once(
        *((desk, lambda work: undo_run(work, request, reason="no")) for desk in (books, other))
    )
    assert sorted(type(one).__name__ for one in both) == ["Problem", "Reversed"]
    assert open_sum(books) == 5_00 * len(three)
    verify(books)


def test_asking_is_whole_or_not_at_all_and_a_refusal_posts_nothing(
    books: Office, three: list[int]
) -> None:
    seen = plan(books)
    done = assert_all_or_nothing(books, lambda work: ask_run(work, seen, reason=WHY)).value
    assert manager(books).write(lambda work: refuse(work, done.request_id or 0)).value == 3
    assert open_sum(books) == 5_00 * len(three)
    verify(books)
    assert len(plan(books).candidates) == 3, "what was refused can be planned again"
