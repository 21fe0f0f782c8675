"""What an agency recovers: net received, its commission, the case closed, and the way back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import AgencyFields, add_agency
from fscdesk.services.billing.collection_reading import CaseRow, case_detail
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.recalling import recall
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import receive
from fscdesk.services.payments.recovering import (
    NewRecovery,
    Recovered,
    commission_of,
    recover,
    recoveries_of,
    undo_recovery,
)
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import cents, verify
from tests.support.plans import TODAY, Family, balance_of, check_of, open_family


@pytest.fixture
def family(books: Office) -> Family:
    """A family that owes 600.00."""
    return books.write(open_family).value


def handed_over(work: Work, family: Family, points: int = 3333) -> int:
    """600.00 of Rowan at an agency that keeps a third, less a little."""
    agency = add_agency(work, AgencyFields("Fictional Recovery", points))
    return place(work, NewPlacement(agency, charge_ids=family.charges)).cases[0].case_id


@pytest.fixture
def case_id(books: Office, family: Family) -> int:
    """A case of 600.00."""
    return books.write(lambda work: handed_over(work, family)).value


def recovered(books: Office, new: NewRecovery) -> Recovered:
    return books.write(lambda work: recover(work, new)).value


def row(books: Office, case_id: int) -> CaseRow:
    return books.read(lambda work: case_detail(work, case_id)).row


def left(books: Office, case_id: int) -> list[int]:
    found = books.read(lambda work: case_detail(work, case_id))
    return [one.left.cents for one in found.charges]


@given(st.integers(1, 10**12), st.integers(0, 9_999))
def test_a_commission_never_takes_more_than_all(gross: int, points: int) -> None:
    kept = commission_of(Money(gross), points).cents
    assert 0 <= kept <= gross
    assert abs(kept * 10_000 - gross * points) * 2 <= 10_000


@pytest.mark.parametrize(
    ("gross", "points", "kept"), [(1, 5000, 0), (3, 5000, 2), (200_00, 3333, 66_66), (50, 100, 0)]
)
def test_half_a_cent_of_commission_goes_to_the_even_one(gross: int, points: int, kept: int) -> None:
    assert commission_of(Money(gross), points) == Money(kept)


def test_what_is_recovered_pays_the_oldest_charges_and_the_agency(
    books: Office, family: Family, case_id: int
) -> None:
    new = NewRecovery(case_id, Money(200_00), TODAY, reference="8812")
    done = assert_all_or_nothing(books, lambda work: recover(work, new)).value
    assert (done.commission, done.net, done.left, done.status) == (
        Money(66_66),
        Money(133_34),
        Money(400_00),
        CaseStatus.PLACED,
    )
    verify(books)
    assert left(books, case_id) == [0, 100_00, 150_00, 150_00]

    def look(work: Work) -> None:
        accounts = {one: cents(work, one) for one in ("1050", "1130", "2400", "7610")}
        assert accounts == {"1050": 133_34, "1130": 400_00, "2400": 0, "7610": 66_66}
        payment = work.db.get_one(Payment, done.payment_id)
        assert (payment.amount, payment.guarantor_id) == (Money(133_34), family.rowan)
        assert payment.memo == "Fictional Recovery, case COL-2026-00001"
        assert recoveries_of(work, case_id) == (done.payment_id,)

    books.read(look)
    found = row(books, case_id)
    assert (found.recovered, found.commission, found.returned, found.left) == (
        Money(200_00),
        Money(66_66),
        Money(),
        Money(400_00),
    )


def test_a_case_of_which_nothing_is_left_is_closed(books: Office, case_id: int) -> None:
    recovered(books, NewRecovery(case_id, Money(599_99), TODAY))
    last = recovered(books, NewRecovery(case_id, Money(1), TODAY))
    assert (last.commission, last.net) == (Money(), Money(1))
    assert (last.left, last.status) == (Money(), CaseStatus.RECOVERED)
    verify(books)
    with pytest.raises(Problem, match=r"0\.00 of case COL-2026-00001 is at the agency"):
        recovered(books, NewRecovery(case_id, Money(1), TODAY))


def test_the_agencys_own_figure_of_its_commission(books: Office, case_id: int) -> None:
    new = NewRecovery(case_id, Money(450_01), TODAY, commission=Money(100_00))
    assert recovered(books, new).net == Money(350_01)
    verify(books)
    assert row(books, case_id).commission == Money(100_00)


def test_the_same_recovery_twice_posts_once(books: Office, case_id: int) -> None:
    new = NewRecovery(case_id, Money(600_00), TODAY, request_key="r1")
    first, again = recovered(books, new), recovered(books, new)
    assert again == replace(first, repeated=True)
    with pytest.raises(Problem, match="with other facts"):
        recovered(books, replace(new, gross=Money(500_00)))
    assert books.read(lambda work: cents(work, "1050")) == first.net.cents


def test_two_desks_cannot_recover_more_than_there_is(practice: str, clock: Clock) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    family = desks[0].write(open_family).value
    case_id = desks[0].write(lambda work: handed_over(work, family)).value

    def act(desk: Office) -> str:
        try:
            return recovered(desk, NewRecovery(case_id, Money(400_00), TODAY)).payment_number
        except Problem as refused:
            return refused.message

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(act, desks))
    assert told == [
        "400.00 was recovered, but 200.00 of case COL-2026-00001 is at the agency.",
        "PAY-2026-00001",
    ]
    verify(desks[0])
    for desk in desks:
        desk.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gross": Money()}, "must be above zero"),
        ({"gross": Money(-5)}, "must be above zero"),
        ({"gross": Money(600_01)}, "600.01 was recovered, but 600.00"),
        ({"commission": Money(100_00)}, "leaves nothing of 100.00"),
        ({"commission": Money(-1)}, "leaves nothing"),
        ({"case_id": 99}, "This case is not in the books"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    books: Office, case_id: int, change: dict[str, Any], words: str
) -> None:
    new = replace(NewRecovery(case_id, Money(100_00), TODAY), **change)
    with pytest.raises(Problem, match=words):
        recovered(books, new)
    assert books.read(lambda work: cents(work, "1050")) == 0


def test_a_recovery_can_be_undone(books: Office, case_id: int) -> None:
    done = recovered(books, NewRecovery(case_id, Money(600_00), TODAY))

    def back(work: Work, version: int = 1, payment_id: int = done.payment_id) -> None:
        undo_recovery(work, case_id, payment_id, reason="other case", expected_version=version)

    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: back(work, 2))
    assert_all_or_nothing(books, back)
    verify(books)
    assert left(books, case_id) == [150_00] * 4
    found = row(books, case_id)
    assert (found.status, found.closed_on, found.recovered) == (CaseStatus.PLACED, None, Money())
    assert books.read(lambda work: (cents(work, "7610"), cents(work, "2400"))) == (0, 0)


def test_a_payment_of_something_else_is_no_recovery(
    books: Office, family: Family, case_id: int
) -> None:
    from fscdesk.services.payments.applying import Application

    own = check_of(family.rowan, 40_00, applications=(Application(family.pending, Money(40_00)),))
    paid = books.write(lambda work: receive(work, own)).value
    with pytest.raises(Problem, match="did not pay case COL-2026-00001"):
        books.write(
            lambda work: undo_recovery(
                work, case_id, paid.payment_id, reason="x", expected_version=1
            )
        )


@pytest.mark.parametrize("how", ["void", "return"])
def test_money_of_an_agency_that_does_not_stand_is_at_the_agency_again(
    books: Office, case_id: int, how: str
) -> None:
    done = recovered(books, NewRecovery(case_id, Money(600_00), TODAY, method=PaymentMethod.CHECK))

    def back(work: Work) -> None:
        if how == "void":
            void_payment(work, done.payment_id, reason="typed twice", expected_version=1)
        else:
            return_payment(
                work,
                done.payment_id,
                on=TODAY,
                reason="no funds",
                expected_version=1,
                fee=Money(),
            )

    books.write(back)
    verify(books)
    assert left(books, case_id) == [150_00] * 4

    def all_back(work: Work) -> Any:
        seen = work.db.get_one(CollectionCase, case_id).version
        return recall(work, case_id, reason="agency failed", expected_version=seen)

    assert books.write(all_back).value.amount == Money(600_00)
    verify(books)


def test_what_is_left_after_a_recovery_can_come_back(
    books: Office, family: Family, case_id: int
) -> None:
    recovered(books, NewRecovery(case_id, Money(200_00), TODAY))

    def rest(work: Work) -> Any:
        seen = work.db.get_one(CollectionCase, case_id).version
        return recall(work, case_id, reason="settled", expected_version=seen, settled=True)

    done = books.write(rest).value
    assert (done.amount, done.status) == (Money(400_00), CaseStatus.SETTLED)
    owed = books.read(lambda work: [balance_of(work, one) for one in family.charges])
    assert owed == [0, 100_00, 150_00, 150_00]
    found = row(books, case_id)
    assert (found.recovered, found.returned, found.left) == (
        Money(200_00),
        Money(400_00),
        Money(),
    )
    verify(books)


@pytest.mark.parametrize("name", ["recover", "undo"])
def test_without_the_right_nothing_is_posted(books: Office, case_id: int, name: str) -> None:
    done = recovered(books, NewRecovery(case_id, Money(100_00), TODAY))

    def act(work: Work) -> None:
        work.db.execute(delete(RoleRight))
        if name == "recover":
            recover(work, NewRecovery(case_id, Money(100_00), TODAY))
        else:
            undo_recovery(work, case_id, done.payment_id, reason="x", expected_version=1)

    with pytest.raises(Problem, match="You may not"):
        books.write(act)
    assert left(books, case_id) == [50_00, 150_00, 150_00, 150_00]
