"""A typed EOB: paid, contractual, the client's part, denied; and what is expected of a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment
from fscdesk.models.charge import Charge
from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.expecting import Expected, expected_of
from fscdesk.services.remittances.typed_eobs import EobLine, PostedEob, post_eob
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, verify
from tests.support.people import add_provider, add_session


def check(till: Till, amount: int, **facts: object) -> NewPayment:
    new = NewPayment(
        Money(amount), PaymentMethod.CHECK, DAY, payer_id=till.payer, reference="0000481516"
    )
    return replace(new, **facts)  # type: ignore[arg-type]


def usual(till: Till) -> list[EobLine]:
    """91.40 paid, 18.60 contractual, 20.00 deductible; the other line is denied."""
    return [
        EobLine(till.copays[0], Money(91_40), Money(18_60), Money(20_00)),
        EobLine(till.copays[1], denied="16"),
    ]


def posted(books: Office, till: Till, amount: int, lines: list[EobLine]) -> PostedEob:
    return books.write(lambda work: post_eob(work, check(till, amount), lines)).value


def test_each_line_says_what_becomes_of_its_charge(books: Office, till: Till) -> None:
    found = posted(books, till, 91_40, usual(till))
    assert (found.contractual, found.patient, found.denied) == (Money(18_60), Money(20_00), 1)

    def look(work: Work) -> None:
        paid, denied = (work.db.get_one(Charge, one) for one in till.copays)
        assert (paid.insurance_balance, paid.patient_balance) == (ZERO, Money(50_00))
        assert paid.patient_since == date(2026, 3, 2)  # it owed its copay since then
        assert (denied.insurance_balance, denied.patient_balance) == (Money(130_00), Money(30_00))
        statuses = [
            work.db.get_one(Session, one.session_id).billing_status for one in (paid, denied)
        ]
        assert statuses == [BillingStatus.APPROVED, BillingStatus.DENIED]
        reasons = work.db.execute(
            select(Adjustment.group_code, Adjustment.carc).order_by(Adjustment.id)
        ).all()
        assert [tuple(one) for one in reasons] == [("CO", "45"), ("PR", "1")]
        assert cents(work, "1050") == 91_40
        assert cents(work, "4900") == 18_60

    books.read(look)
    verify(books)


@pytest.mark.parametrize(
    ("amount", "change", "words"),
    [
        (100_00, {}, r"8\.60 of the check is left"),
        (80_00, {}, r"11\.40 more than the check"),
        (91_40, {"contractual": Money(30_00)}, "owes for"),
        (91_40, {"denied": "16"}, "pays and adjusts nothing"),
        (91_40, {"patient_reason": "96"}, "PR-96 is not a reason"),
        (91_40, {"contractual": Money(-1)}, "below zero"),
        (91_40, {"paid": ZERO, "contractual": ZERO, "patient": ZERO}, "neither an amount"),
    ],
)
def test_what_does_not_add_up_is_refused_in_words(
    books: Office, till: Till, amount: int, change: dict[str, object], words: str
) -> None:
    first, second = usual(till)
    with pytest.raises(Problem, match=words):
        posted(books, till, amount, [replace(first, **change), second])  # type: ignore[arg-type]
    assert books.read(lambda work: cents(work, "1050")) == 0


def test_a_charge_stands_once_on_an_eob(books: Office, till: Till) -> None:
    first, _ = usual(till)
    with pytest.raises(Problem, match="twice"):
        posted(books, till, 182_80, [first, first])


def test_a_rest_is_kept_for_the_payer_when_somebody_says_so(books: Office, till: Till) -> None:
    def act(work: Work) -> Money:
        done = post_eob(work, check(till, 100_00), usual(till), keep_rest=True)
        return done.payment.unapplied

    assert books.write(act).value == Money(8_60)
    verify(books)


def test_nothing_is_half_posted_and_a_repeat_posts_nothing(books: Office, till: Till) -> None:
    new = check(till, 91_40, request_key="eob-1")
    assert_all_or_nothing(books, lambda work: post_eob(work, new, usual(till)))
    again = books.write(lambda work: post_eob(work, new, usual(till))).value
    assert again.payment.repeated
    assert books.read(lambda work: cents(work, "4900")) == 18_60
    verify(books)


def test_expected_is_the_schedule_else_what_was_paid_last_else_nothing(
    books: Office, till: Till
) -> None:
    ask = lambda work: expected_of(work, till.payer, till.copays)  # noqa: E731
    assert books.read(ask) == {}

    def history(work: Work) -> None:
        provider = add_provider(work, "Testa Fernsample")
        add_session(
            work,
            till.alma,
            provider,
            day=date(2026, 2, 2),
            payer=till.payer,
            insurance=130_00,
            share=30_00,
            insurance_paid=91_40,
            write_off=38_60,
        )

    books.write(history)
    paid, off = Money(91_40), Money(38_60)
    assert books.read(ask) == dict.fromkeys(
        till.copays, Expected(paid, off, ZERO, "as paid for 02/02/2026")
    )

    def schedule(work: Work) -> None:
        held = FeeSchedule(name="2026", payer_id=till.payer, valid_from=date(2026, 3, 5))
        work.db.add(held)
        work.db.flush()
        fee = Fee(schedule_id=held.id, code="90837", charged=Money(160_00), expected=Money(125_00))
        work.db.add(fee)

    books.write(schedule)
    found = books.read(ask)
    assert found[till.copays[0]].why == "as paid for 02/02/2026"  # before the schedule
    assert found[till.copays[1]] == Expected(Money(95_00), Money(35_00), ZERO, "fee schedule")
