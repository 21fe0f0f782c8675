"""What is open, and how money is shared out over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from fscdesk.models.charge import Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.open_charges import charges_by_id, open_charges
from fscdesk.services.payments.policies import ALLOCATION, Allocation, allocation
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.sharing import in_full, oldest_first, proposed
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.work import Work
from tests.support.payment_acts import setting, unapplied
from tests.support.payments import DAY, Till, pay, received, verify
from tests.support.plans import hold_in_plan


@dataclass(frozen=True)
class Row:
    charge_id: int
    service_day: date
    open: Money
    side: Side = Side.PATIENT


def rows(*opens: int) -> list[Row]:
    """Charges whose ids run against their days."""
    return [Row(100 - at, date(2026, 1, 1 + at), Money(cents)) for at, cents in enumerate(opens)]


def test_oldest_first_goes_by_day_then_id_and_leaves_what_is_overpaid() -> None:
    one_day = [Row(2, DAY, Money(500)), Row(1, DAY, Money(500))]
    assert oldest_first(one_day, Money(600)) == (
        Application(1, Money(500)),
        Application(2, Money(100)),
    )
    assert oldest_first(reversed(rows(10_00, -5_00, 20_00)), Money(15_00)) == (
        Application(100, Money(10_00)),
        Application(98, Money(5_00)),
    )
    assert in_full(rows(10_00, -5_00, 0)) == (Application(100, Money(10_00)),)
    assert proposed(Allocation.OFF, rows(10_00), Money(5_00)) == ()
    assert proposed(Allocation.SUGGEST, rows(10_00), Money(5_00))


@given(st.lists(st.integers(-9_00, 90_00), max_size=12), st.integers(0, 400_00))
def test_sharing_neither_loses_nor_invents_a_cent(opens: list[int], amount: int) -> None:
    charges = rows(*opens)
    parts = oldest_first(charges, Money(amount))
    owed = {row.charge_id: row.open.cents for row in charges}
    shared = sum(part.amount.cents for part in parts)
    assert shared == min(amount, sum(max(cents, 0) for cents in opens))
    assert all(0 < part.amount.cents <= owed[part.charge_id] for part in parts)
    assert all(part.amount.cents == owed[part.charge_id] for part in parts[:-1])


def test_what_is_open_is_read_for_a_guarantor_a_client_a_payer_and_a_search(
    books: Office, till: Till
) -> None:
    def look(work: Work) -> None:
        ids = [one.charge_id for one in open_charges(work, guarantor_id=till.alma_pays)]
        assert ids == list(till.copays)
        both = open_charges(work, patient_ids=(till.alma, till.ben))
        assert [one.charge_id for one in both] == [till.copays[0], till.own, till.copays[1]]
        own = both[1]
        assert (own.patient, own.patient_number, own.open, own.side) == (
            "Ben Somebody",
            "P-2",
            Money(160_00),
            Side.PATIENT,
        )
        assert (own.clinician, own.code, own.flags) == ("Mockley O'Sample", "90837", ())
        insured = open_charges(work, payer_id=till.payer)
        assert [(one.charge_id, one.open) for one in insured] == [
            (one, Money(130_00)) for one in till.copays
        ]
        alma = open_charges(work, payer_id=till.payer, patient_ids=(till.alma,))
        assert [one.charge_id for one in alma] == list(till.copays)
        assert open_charges(work, payer_id=till.payer, patient_ids=(till.ben,)) == []
        assert [one.charge_id for one in open_charges(work, search="somebody")] == [till.own]
        assert [one.charge_id for one in open_charges(work, payer_id=till.payer, search="3/9")] == [
            till.copays[1]
        ]
        one_day = open_charges(work, guarantor_id=till.alma_pays, search="90837 3/2")
        assert [one.charge_id for one in one_day] == [till.copays[0]]
        assert open_charges(work, guarantor_id=till.alma_pays, search="nobody") == []
        assert open_charges(work) == []
        assert len(open_charges(work, guarantor_id=till.alma_pays, most=1)) == 1

    books.read(look)
    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))

    def after(work: Work) -> None:
        left = open_charges(work, guarantor_id=till.alma_pays)
        assert [one.charge_id for one in left] == [till.copays[1]]
        closed = charges_by_id(work, till.copays, Side.PATIENT)
        assert [one.open for one in closed] == [Money(), Money(30_00)]

    books.read(after)


def test_old_debt_stays_with_who_paid_then(books: Office, till: Till) -> None:
    from fscdesk.models.patient import Patient

    def move(work: Work) -> None:
        work.db.get_one(Patient, till.alma).guarantor_id = till.ben_pays

    books.write(move)

    def look(work: Work) -> None:
        of_alma = open_charges(work, guarantor_id=till.alma_pays)
        assert [one.charge_id for one in of_alma] == list(till.copays)
        of_ben = open_charges(work, guarantor_id=till.ben_pays)
        assert [one.charge_id for one in of_ben] == [till.own]

    books.read(look)


def test_a_charge_in_a_plan_is_marked(books: Office, till: Till) -> None:
    books.write(lambda work: hold_in_plan(work, till.own))
    (own,) = books.read(lambda work: open_charges(work, guarantor_id=till.ben_pays))
    assert own.flags == ("in plan",)


def test_the_policy_is_suggest_at_first(books: Office, till: Till) -> None:
    assert books.read(allocation) is Allocation.SUGGEST
    received(books, pay(till, 30_00, Application(till.copays[1], Money(30_00))))


def test_enforced_the_oldest_is_paid_first(books: Office, till: Till) -> None:
    setting(books, ALLOCATION, Allocation.ENFORCE.value)
    younger = Application(till.copays[1], Money(30_00))
    with pytest.raises(Problem, match=r"90837 of 03/02/2026 is older and would stay open"):
        received(books, pay(till, 30_00, younger))
    half = Application(till.copays[0], Money(29_99))
    with pytest.raises(Problem, match="is older"):
        received(books, pay(till, 59_99, half, younger))
    received(books, pay(till, 29_99, half))
    received(books, pay(till, 30_01, Application(till.copays[0], Money(1)), younger))
    verify(books)


def test_enforced_over_two_guarantors_and_for_credits(books: Office, till: Till) -> None:
    setting(books, ALLOCATION, Allocation.ENFORCE.value)
    own = Application(till.own, Money(10_00))  # 3 March, after Alma's first of 2 March
    with pytest.raises(Problem, match="is older"):
        received(
            books,
            pay(till, 20_00, own, Application(till.copays[0], Money(10_00))),
        )
    received(books, pay(till, 10_00, own))  # Alma's own charges are not asked about

    one = unapplied(books, till, 30_00)
    parts = [Application(till.copays[1], Money(30_00))]
    with pytest.raises(Problem, match="is older"):
        books.write(lambda work: apply_credit(work, one.credit_id, parts, on=DAY))


def test_a_payer_and_a_plan_are_not_told_what_to_pay(books: Office, till: Till) -> None:
    setting(books, ALLOCATION, Allocation.ENFORCE.value)
    received(
        books,
        NewPayment(
            Money(130_00),
            PaymentMethod.EFT,
            DAY,
            payer_id=till.payer,
            applications=(Application(till.copays[1], Money(130_00), Side.INSURANCE),),
        ),
    )
    received(
        books,
        NewPayment(
            Money(30_00),
            PaymentMethod.PLAN,
            DAY,
            guarantor_id=till.alma_pays,
            applications=(Application(till.copays[1], Money(30_00)),),
        ),
    )
    verify(books)
