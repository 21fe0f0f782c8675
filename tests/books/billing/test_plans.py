"""Payment plans: what can be agreed, what a plan asks for on any day, how it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select

from fscdesk.models.plan import Every, Instalment, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_agreements import agreement_document, keep_agreement
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.billing.plan_policies import DOWN_PERCENT
from fscdesk.services.billing.plan_reading import (
    PlanFilter,
    missed_plans,
    page_of_plans,
    plan_detail,
    plan_position,
)
from fscdesk.services.billing.plan_standing import DueState
from fscdesk.services.billing.plans import NewPlan, make_plan, preview_plan, replace_plan
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.plan_payments import pay_plan
from fscdesk.services.payments.receiving import receive
from fscdesk.services.printing.plan_agreement import plan_agreement
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.pdf import page_texts
from tests.support.plans import (
    TODAY,
    Family,
    money,
    noon,
    open_family,
    planned,
    set_policy,
    six_months,
)


def version(books: Office, plan_id: int) -> int:
    return books.read(lambda work: work.db.get_one(PaymentPlan, plan_id).version)


def test_the_plan_of_job_ten_is_shown_and_then_made_so(books: Office, family: Family) -> None:
    new = six_months(family)
    seen = books.read(lambda work: preview_plan(work, new))
    assert seen.schedule is not None
    assert (seen.total, seen.least_down, seen.findings) == (Money(600_00), Money(120_00), ())
    made = planned(books, replace(new, expected_total=seen.total))
    assert (made.number, made.financed, made.parts) == ("PLAN-2026-00001", Money(480_00), 6)

    detail = books.read(lambda work: plan_detail(work, made.plan_id))
    parts = detail.standing.instalments
    assert [one.amount for one in parts] == [Money(80_00)] * 6
    assert [(one.due_on, one.principal) for one in parts] == [
        (one.due_on, one.principal) for one in seen.schedule.parts
    ]
    assert (detail.standing.due_now, detail.standing.left) == (Money(120_00), Money(600_00))
    assert [one.charge_id for one in detail.charges] == list(family.charges)
    assert detail.standing.next_due_on == date(2026, 5, 12)
    verify(books)


def test_what_cannot_be_agreed_is_told_before_and_refused(books: Office, family: Family) -> None:
    worst = six_months(family, down_payment=Money(100_00), apr_points=700)
    seen = books.read(lambda work: preview_plan(work, worst))
    assert seen.schedule is None
    assert {one.code for one in seen.findings} == {"plan-down-payment", "plan-interest"}
    with pytest.raises(Problem, match=r"asks for 120\.00 \(20 %\)") as refused:
        planned(books, worst)
    assert refused.value.hint == "No plan was made."
    books.write(lambda work: set_policy(work, DOWN_PERCENT, 10))
    assert planned(books, replace(worst, apr_points=0)).down_payment == Money(100_00)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"charge_ids": ()}, "no charge for a plan"),
        ({"charge_ids": (9_999,)}, "not in the books any more"),
        ({"guarantor_id": 9_999}, "Who pays is not in the books"),
        ({"agreed_on": date(2026, 4, 13)}, "04/13/2026 has not come yet"),
        ({"number": 25}, "24 months at most"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    books: Office, family: Family, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(Problem, match=words):
        planned(books, replace(six_months(family), **change))
    assert books.read(lambda work: work.db.scalar(select(PaymentPlan.id))) is None


def test_a_charge_of_somebody_else_and_one_that_is_paid_are_refused(
    books: Office, family: Family
) -> None:
    with pytest.raises(Problem, match="is paid by somebody else"):
        planned(books, six_months(family, charge_ids=(*family.charges, family.other)))
    paid = money(family, 150_00, applications=(Application(family.charges[0], Money(150_00)),))
    books.write(lambda work: receive(work, paid))
    with pytest.raises(Problem, match="Nothing is open for"):
        planned(books, six_months(family))
    rest = six_months(family, charge_ids=family.charges[1:], expected_total=Money(600_00))
    with pytest.raises(ChangedElsewhere, match=r"450\.00 is open for this plan"):
        planned(books, rest)


def test_a_charge_is_in_one_plan_at_a_time(books: Office, family: Family) -> None:
    made = planned(books, six_months(family))
    with pytest.raises(Problem, match=f"in plan {made.number} already"):
        planned(books, six_months(family, charge_ids=family.charges[:1]))
    seen = version(books, made.plan_id)
    books.write(
        lambda work: cancel_plan(work, made.plan_id, reason="moved away", expected_version=seen)
    )
    assert planned(books, six_months(family)).number == "PLAN-2026-00002"
    verify(books)


def test_the_same_command_twice_makes_one_plan(books: Office, family: Family) -> None:
    new = six_months(family, request_key="k1")
    first, again = planned(books, new), planned(books, new)
    assert again == replace(first, repeated=True)
    with pytest.raises(Problem, match="under the same key with other terms"):
        planned(books, replace(new, number=3))


def test_two_desks_that_plan_the_same_charges_make_one_plan(practice: str, clock: Clock) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    family = desks[0].write(open_family).value

    def make(desk: Office) -> str:
        try:
            return planned(desk, six_months(family)).number
        except Problem as refused:
            return refused.message

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(make, desks))
    assert told == ["A charge is in plan PLAN-2026-00001 already.", "PLAN-2026-00001"]
    verify(desks[0])
    for desk in desks:
        desk.close()


def test_nothing_of_a_plan_is_left_when_it_fails(books: Office, family: Family) -> None:
    assert_all_or_nothing(books, lambda work: make_plan(work, six_months(family)))
    verify(books)


def test_without_the_right_nothing_is_planned(books: Office, family: Family) -> None:
    made = planned(books, six_months(family))

    def cancel(work: Work) -> None:
        cancel_plan(work, made.plan_id, reason="x", expected_version=1)

    def again(work: Work) -> None:
        replace_plan(work, made.plan_id, six_months(family), reason="x", expected_version=1)

    acts: list[Any] = [
        lambda work: make_plan(work, six_months(family)),
        lambda work: preview_plan(work, six_months(family)),
        lambda work: agreement_document(work, made.plan_id),
        cancel,
        again,
    ]
    for act in acts:

        def without(work: Work, act: Any = act) -> None:
            work.db.execute(delete(RoleRight))
            act(work)

        with pytest.raises(Problem, match="You may not"):
            books.write(without)


def test_a_plan_asks_for_what_is_due_on_any_day(
    books: Office, family: Family, clock: Clock
) -> None:
    made = planned(books, six_months(family))
    books.write(lambda work: pay_plan(work, made.plan_id, money(family, 120_00)))
    clock.set(noon(date(2026, 6, 20)))
    late = money(family, 100_00, date(2026, 6, 20))
    books.write(lambda work: pay_plan(work, made.plan_id, late))

    def on(day: date) -> tuple[Any, ...]:
        found = books.read(lambda work: plan_position(work, family.rowan, day))
        assert found is not None
        assert found.charge_ids == frozenset(family.charges)
        states = [one.state.value for one in found.plans[0].instalments[:3]]
        return found.due_now.cents, found.total.cents, found.missed, *states

    assert books.read(lambda work: plan_position(work, family.rowan, date(2026, 4, 11))) is None
    assert on(TODAY) == (0, 480_00, 0, "coming", "coming", "coming")
    assert on(date(2026, 5, 11)) == (0, 480_00, 0, "coming", "coming", "coming")
    assert on(date(2026, 5, 12)) == (80_00, 480_00, 0, "due", "coming", "coming")
    assert on(date(2026, 5, 22)) == (80_00, 480_00, 0, "late", "coming", "coming")
    assert on(date(2026, 5, 23)) == (80_00, 480_00, 1, "missed", "coming", "coming")
    assert on(date(2026, 6, 12)) == (160_00, 480_00, 1, "missed", "due", "coming")
    # 100.00 of 06/20 pay the missed one, and 20.00 of the second.
    assert on(date(2026, 6, 20)) == (60_00, 380_00, 0, "paid", "late", "coming")
    assert books.read(missed_plans) == ()
    (row,) = books.read(lambda work: missed_plans(work, date(2026, 6, 23)))
    assert (row.standing.missed, row.account) == (1, "G-1")


def test_a_plan_from_the_last_of_january(books: Office, family: Family, clock: Clock) -> None:
    clock.set(noon(date(2028, 1, 5)))
    new = six_months(family, first_due_on=date(2028, 1, 31))
    made = planned(books, new)

    def days(work: Work) -> list[date]:
        found = select(Instalment.due_on).where(Instalment.plan_id == made.plan_id)
        return list(work.db.scalars(found.order_by(Instalment.position)))

    assert [f"{day:%m/%d}" for day in books.read(days)] == [
        "01/31",
        "02/29",
        "03/31",
        "04/30",
        "05/31",
        "06/30",
    ]


def test_a_replaced_plan_frees_its_charges_for_the_new_one(books: Office, family: Family) -> None:
    made = planned(books, six_months(family))
    books.write(lambda work: pay_plan(work, made.plan_id, money(family, 200_00)))
    smaller = NewPlan(family.rowan, (), 10, Every.TWO_WEEKS)
    seen = books.read(lambda work: preview_plan(work, six_months(family), replaces=made.plan_id))
    assert seen.least_down == Money(), "200.00 were paid on 600.00: that is more than 20 %"
    again = version(books, made.plan_id)
    with pytest.raises(ChangedElsewhere):
        books.write(
            lambda work: replace_plan(
                work, made.plan_id, smaller, reason="less income", expected_version=again + 1
            )
        )
    done = assert_all_or_nothing(
        books,
        lambda work: replace_plan(
            work, made.plan_id, smaller, reason="less income", expected_version=again
        ),
    ).value
    assert (done.total, done.down_payment, done.parts) == (Money(400_00), Money(), 10)
    old = books.read(lambda work: plan_detail(work, made.plan_id))
    assert (old.standing.status, old.replaced_by) == (PlanStatus.REPLACED, done.plan_id)
    assert (old.standing.due_now, old.end_reason) == (Money(), "less income")
    position = books.read(lambda work: plan_position(work, family.rowan, TODAY))
    assert position is not None
    assert [one.plan_id for one in position.plans] == [done.plan_id]
    assert position.charge_ids == frozenset(family.charges[1:])
    verify(books)


def test_a_plan_cannot_end_twice_or_unseen(books: Office, family: Family) -> None:
    made = planned(books, six_months(family))
    seen = version(books, made.plan_id)

    def cancel(work: Work, expected: int = seen) -> None:
        cancel_plan(work, made.plan_id, reason="moved away", expected_version=expected)

    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: cancel(work, seen + 1))
    with pytest.raises(Problem, match="reason is missing"):
        books.write(lambda work: cancel_plan(work, made.plan_id, reason=" ", expected_version=seen))
    assert_all_or_nothing(books, cancel)
    with pytest.raises(Problem, match="is cancelled already"):
        books.write(lambda work: cancel(work, seen + 1))
    assert books.read(lambda work: plan_position(work, family.rowan, TODAY)) is None
    live = books.read(lambda work: work.db.scalars(select(PlanCharge.live)).all())
    assert set(live) == {None}


def test_the_agreement_says_what_was_agreed(books: Office, family: Family) -> None:
    made = planned(books, six_months(family, apr_points=500, auto_pay=True))
    books.write(lambda work: pay_plan(work, made.plan_id, money(family, 200_00)))
    document = books.read(lambda work: agreement_document(work, made.plan_id))
    assert (document.owed, document.financed) == (Money(600_00), Money(480_00))
    assert document.payments[-1].remaining == Money()
    assert document.total_of_payments == Money(480_00) + document.total_interest
    assert document.terms.auto_pay_discount == Money(24_00)
    text = " ".join(" ".join(page_texts(plan_agreement(document))).split())
    for words in ("Rowan Imagined", "PLAN-2026-00001", "$480.00", "$24.00"):
        assert words in text
    assert_all_or_nothing(books, lambda work: keep_agreement(work, made.plan_id))


def test_the_list_of_plans(books: Office, family: Family) -> None:
    first = planned(books, six_months(family, charge_ids=family.charges[:2]))
    second = planned(books, six_months(family, charge_ids=family.charges[2:]))
    seen = version(books, first.plan_id)
    books.write(
        lambda work: cancel_plan(work, first.plan_id, reason="moved", expected_version=seen)
    )

    def numbers(which: PlanFilter, *, descending: bool = False) -> list[str]:
        span = Span(0, 10, "number", descending)
        page = books.read(lambda work: page_of_plans(work, span, which))
        assert page.total == len(page.rows)
        return [row.standing.number for row in page.rows]

    assert numbers(PlanFilter(), descending=True) == [second.number, first.number]
    assert numbers(PlanFilter((PlanStatus.ACTIVE,))) == [second.number]
    assert numbers(PlanFilter(text="imagin")) == [first.number, second.number]
    assert numbers(PlanFilter(text=second.number)) == [second.number]
    assert numbers(PlanFilter(guarantor_id=family.stranger)) == []
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: plan_detail(work, 99))


def test_every_state_of_an_instalment_has_a_word() -> None:
    assert {one.value for one in DueState} == {
        "paid",
        "taken_off",
        "coming",
        "due",
        "late",
        "missed",
    }
