"""Receiving money and applying it: what is posted, what is refused, what stands afterwards."""

from __future__ import annotations

import pytest

from fscdesk.models.charge import Charge, Side
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, CreditKind, PaymentMethod
from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of, apply, unapply
from fscdesk.services.payments.policies import OVER_APPLYING, OverApplying
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, pay, received, verify


def patient_owes(work: Work, charge_id: int) -> int:
    return work.db.get_one(Charge, charge_id).patient_balance.cents


def test_one_check_pays_charges_of_two_guarantors_and_the_rest_stays(
    books: Office, till: Till
) -> None:
    parts = (
        Application(till.copays[0], Money(30_00)),
        Application(till.copays[1], Money(12_50)),
        Application(till.own, Money(100_00)),
    )
    rest = Rest(CreditKind.PREPAYMENT, till.alma)
    found = received(books, pay(till, 150_00, *parts, rest=rest, reference="1047"))
    assert found.number == "PAY-2026-00001"
    assert (found.applied, found.unapplied) == (Money(142_50), Money(7_50))

    def look(work: Work) -> None:
        assert [patient_owes(work, one) for one in (*till.copays, till.own)] == [0, 17_50, 60_00]
        assert work.db.get_one(Patient, till.alma).unapplied == Money(7_50)
        assert work.db.get_one(Credit, found.credit_id).kind is CreditKind.PREPAYMENT
        assert cents(work, "1050") == 150_00
        assert cents(work, "2400") == -7_50

    books.read(look)
    verify(books)


def test_a_payer_pays_its_share_and_keeps_its_own_rest(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(140_00),
        PaymentMethod.EFT,
        DAY,
        payer_id=till.payer,
        applications=(Application(till.copays[0], Money(130_00), Side.INSURANCE),),
    )
    assert received(books, new).unapplied == Money(10_00)
    verify(books)

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        assert (charge.insurance_balance, charge.patient_balance) == (Money(), Money(30_00))
        assert cents(work, "2410") == -10_00

    books.read(look)


def test_an_application_can_be_taken_back_and_the_money_is_a_credit_again(
    books: Office, till: Till
) -> None:
    found = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))

    def back(work: Work) -> None:
        unapply(work, applications_of(work, found.payment_id), on=DAY, reason="wrong session")

    books.write(back)
    verify(books)
    assert books.read(lambda work: patient_owes(work, till.copays[0])) == 30_00
    assert books.read(lambda work: work.db.get_one(Credit, found.credit_id).balance) == Money(30_00)
    assert books.read(lambda work: applications_of(work, found.payment_id)) == []


def test_the_same_command_twice_posts_once(books: Office, till: Till) -> None:
    new = pay(till, 30_00, Application(till.copays[0], Money(30_00)), request_key="k1")
    first = received(books, new)
    again = received(books, new)
    assert again.repeated
    assert (again.payment_id, again.applied, again.unapplied) == (
        first.payment_id,
        first.applied,
        first.unapplied,
    )
    assert books.read(lambda work: cents(work, "1050")) == 30_00
    other = pay(till, 31_00, rest=Rest(patient_id=till.alma), request_key="k1")
    with pytest.raises(Problem, match="with other facts"):
        received(books, other)


@pytest.mark.parametrize(
    ("amount", "part", "words"),
    [
        (0, None, "above zero"),
        (-500, None, "above zero"),
        (10**12 + 1, None, "more than these books can hold"),
        (20_00, 30_00, "applied, but the payment is"),
        (60_00, 40_00, "more than the 30.00 that is open"),
        (60_00, -1, "must be above zero"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    books: Office, till: Till, amount: int, part: int | None, words: str
) -> None:
    parts = () if part is None else (Application(till.copays[0], Money(part)),)
    with pytest.raises(Problem, match=words):
        received(books, pay(till, amount, *parts, rest=Rest(patient_id=till.alma)))
    assert books.read(lambda work: cents(work, "1050")) == 0


def test_a_practice_may_allow_more_than_is_open(books: Office, till: Till) -> None:
    new = pay(till, 40_00, Application(till.copays[0], Money(40_00)))

    def allow(work: Work) -> None:
        work.db.add(
            Setting(
                key=OVER_APPLYING,
                value=OverApplying.WARN.value,
                changed_by=work.actor.staff_id,
                changed_at=work.now(),
            )
        )

    books.write(allow)
    found = received(books, new)
    assert [one.code for one in found.findings] == ["over-applied"]
    assert books.read(lambda work: patient_owes(work, till.copays[0])) == -10_00
    verify(books)


def test_the_share_of_the_other_is_refused(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="is the payer's share"):
        received(books, pay(till, 30_00, Application(till.copays[0], Money(1_00), Side.INSURANCE)))


def test_a_rest_needs_an_owner(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="Whose money the rest is"):
        received(books, pay(till, 30_00))


def test_more_than_is_left_of_a_credit_is_refused(books: Office, till: Till) -> None:
    found = received(books, pay(till, 30_00, rest=Rest(patient_id=till.alma)))

    def twice(work: Work) -> None:
        credit = work.db.get_one(Credit, found.credit_id)
        apply(work, credit, [Application(till.copays[0], Money(20_00))], on=DAY)
        apply(work, credit, [Application(till.copays[1], Money(20_00))], on=DAY)

    with pytest.raises(Problem, match=r"but 10\.00 is left"):
        books.write(twice)
    assert books.read(lambda work: patient_owes(work, till.copays[0])) == 30_00


def test_nothing_is_half_posted(books: Office, till: Till) -> None:
    new = pay(
        till,
        50_00,
        Application(till.copays[0], Money(30_00)),
        Application(till.copays[1], Money(10_00)),
    )
    assert_all_or_nothing(books, lambda work: receive(work, new))
    verify(books)
