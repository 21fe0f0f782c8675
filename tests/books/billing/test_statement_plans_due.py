"""Who pays by a plan is asked for what is due, and told what is left in all."""

from __future__ import annotations

from fscdesk.models.payment import PaymentMethod
from fscdesk.services.billing.plan_reading import plan_position
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.billing.positions import balances_of
from fscdesk.services.billing.statements import (
    Flag,
    Reason,
    RunFilters,
    make_statements,
    plan_statements,
    statement_pdf_of,
)
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment
from tests.support.payments import received, verify
from tests.support.pdf import page_texts
from tests.support.plans import Family


def test_the_statement_says_due_now_and_total(books: Office, family: Family) -> None:
    books.write(lambda work: make_plan(work, NewPlan(family.rowan, family.charges, 3)))
    today = books.read(lambda work: work.today())
    terms = books.read(lambda work: plan_position(work, family.rowan, today))
    assert terms is not None
    found = books.read(
        lambda work: plan_statements(work, as_of=today, guarantor_ids=[family.rowan])
    )
    (one,) = found.recipients
    assert one.plan is not None
    outside = one.balance - terms.total
    assert one.due_now == terms.due_now + outside
    assert one.due_now < one.balance
    assert Flag.ON_PLAN in one.flags
    assert f"{terms.total} is left of it in all" in one.dunning
    made = books.write(lambda work: make_statements(work, found)).value
    assert made.total == one.due_now
    text = page_texts(books.read(lambda work: statement_pdf_of(work, made.statements[0].id)))[0]
    assert f"${one.due_now}" in text
    assert "In all, by plan" in text
    verify(books)


def test_who_pays_by_a_plan_can_be_left_out(books: Office, family: Family) -> None:
    books.write(lambda work: make_plan(work, NewPlan(family.rowan, family.charges, 3)))
    today = books.read(lambda work: work.today())
    only = RunFilters(leave_on_plan=True)
    found = books.read(
        lambda work: plan_statements(work, as_of=today, guarantor_ids=[family.rowan], filters=only)
    )
    assert [one.reason_code for one in found.left_out] == [Reason.ON_PLAN]


def test_nothing_due_yet_is_no_statement(books: Office, family: Family) -> None:
    books.write(lambda work: make_plan(work, NewPlan(family.rowan, family.charges, 3)))
    today = books.read(lambda work: work.today())
    terms = books.read(lambda work: plan_position(work, family.rowan, today))
    assert terms is not None
    down = Application(family.charges[0], terms.due_now)
    received(
        books,
        NewPayment(
            terms.due_now,
            PaymentMethod.CARD,
            today,
            guarantor_id=family.rowan,
            applications=(down,),
        ),
    )
    found = books.read(
        lambda work: plan_statements(work, as_of=today, guarantor_ids=[family.rowan])
    )
    left = books.read(lambda work: balances_of(work, today, [family.rowan]))[family.rowan]
    outside = left - (terms.total - terms.due_now)
    if outside:
        assert found.recipients[0].due_now == outside
    else:
        assert [one.reason_code for one in found.left_out] == [Reason.NOT_DUE]
