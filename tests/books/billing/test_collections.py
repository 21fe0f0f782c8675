"""Collections: who is proposed to an agency, and what is handed over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.collection import CaseStatus, ParkedBalance
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import CreditKind
from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import (
    add_agency,
    edit_agency,
)
from fscdesk.services.billing.collection_holds import Hold
from fscdesk.services.billing.collection_plan import CollectionPlan, plan_collections
from fscdesk.services.billing.collection_reading import (
    at_agency,
)
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.plan_policies import COLLECTIONS_DAYS
from fscdesk.services.billing.plans import NewPlan
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Rest, receive
from fscdesk.services.work import Work
from tests.support.agency import AGENCY, case_row, placed
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import cents, verify
from tests.support.plans import (
    TODAY,
    Family,
    balance_of,
    check_of,
    open_family,
    planned,
    set_policy,
)


def proposed(books: Office, **facts: Any) -> CollectionPlan:
    return books.read(lambda work: plan_collections(work, **facts))


def test_the_threshold_list_names_who_owes_for_too_long(
    books: Office, family: Family, agency: int
) -> None:
    plan = proposed(books)
    assert [(one.number, one.amount.cents) for one in plan.accounts] == [
        ("G-1", 600_00),
        ("G-2", 90_00),
    ]
    rowan = plan.accounts[0]
    assert (rowan.phone, rowan.held, rowan.days) == ("555-0142", Money(40_00), 161)
    assert rowan.to_place == family.charges
    assert [one.hold for one in rowan.charges if one.hold] == [Hold.INSURANCE_PENDING]
    assert plan.total == Money(690_00)
    assert [one.number for one in proposed(books, minimum=Money(100_00)).left_out] == ["G-2"]
    # 160 days before 04/12/2026 is 11/03/2025: older than that is 11/02 alone.
    assert proposed(books, days=160).total == Money(150_00)
    books.write(lambda work: set_policy(work, COLLECTIONS_DAYS, 200))
    assert proposed(books).accounts == ()


def test_who_is_left_out_is_named_with_the_reason(
    books: Office, family: Family, agency: int
) -> None:
    planned(books, NewPlan(family.rowan, family.charges[:1], 2))

    def hold(work: Work) -> None:
        work.db.get_one(Guarantor, family.stranger).do_not_bill = True
        work.db.get_one(Patient, family.finn).deceased_on = date(2026, 1, 1)
        work.db.add(
            ParkedBalance(
                patient_id=family.iris,
                live=family.iris,
                parked_on=TODAY,
                parked_by=work.actor.staff_id,
                reason="moved abroad",
            )
        )

    books.write(hold)
    plan = proposed(books)
    assert plan.accounts == ()
    left = {one.number: one for one in plan.left_out}
    assert left["G-2"].reason == "Marked not to be billed"
    holds = {one.charge_id: one.hold for one in left["G-1"].charges}
    first, second, third, fourth = family.charges
    assert holds[second] is holds[fourth] is Hold.DECEASED
    assert holds[first] is holds[third] is Hold.PARKED
    with pytest.raises(Problem, match="Account G-2 is not handed over: marked not"):
        placed(books, NewPlacement(agency, (family.stranger,)))
    with pytest.raises(Problem, match="is held: the client has died"):
        placed(books, NewPlacement(agency, charge_ids=(second,)))


def test_a_plan_and_money_that_is_not_applied_keep_an_account(
    books: Office, family: Family, agency: int
) -> None:
    planned(books, NewPlan(family.rowan, family.charges, 6))
    sol = books.read(
        lambda work: work.db.scalars(
            select(Patient.id).where(Patient.guarantor_id == family.stranger)
        ).one()
    )
    rest = Rest(CreditKind.PREPAYMENT, sol)
    books.write(lambda work: receive(work, check_of(family.stranger, 90_00, rest=rest)))
    plan = proposed(books)
    assert {one.number: one.reason_code for one in plan.left_out} == {
        "G-1": Hold.IN_PLAN,
        "G-2": Hold.CREDITS,
    }


def test_what_is_handed_over_leaves_the_clients_balance(
    books: Office, family: Family, agency: int
) -> None:
    seen = proposed(books)
    new = NewPlacement(agency, (family.rowan, family.stranger), digest=seen.digest)
    done = assert_all_or_nothing(books, lambda work: place(work, new)).value
    assert [(one.number, one.amount.cents) for one in done.cases] == [
        ("COL-2026-00001", 600_00),
        ("COL-2026-00002", 90_00),
    ]
    verify(books)

    def look(work: Work) -> None:
        assert cents(work, "1130") == 690_00
        assert [balance_of(work, one) for one in family.charges] == [0] * 4
        assert balance_of(work, family.pending) == 40_00
        assert at_agency(work, [*family.charges, family.pending]) == dict.fromkeys(
            family.charges, Money(150_00)
        )

    books.read(look)
    row = case_row(books, done.cases[0].case_id)
    assert (row.status, row.left, row.recovered, row.returned, row.commission_points) == (
        CaseStatus.PLACED,
        Money(600_00),
        Money(),
        Money(),
        3000,
    )
    assert proposed(books).accounts == ()
    with pytest.raises(Problem, match="nothing of it is open for that long"):
        placed(books, NewPlacement(agency, (family.stranger,)))
    with pytest.raises(Problem, match="G-1 is not handed over: the payer has not settled"):
        placed(books, NewPlacement(agency, (family.rowan,)))


def test_a_list_that_has_moved_is_not_handed_over(
    books: Office, family: Family, agency: int
) -> None:
    seen = proposed(books)
    placed(books, NewPlacement(agency, charge_ids=family.charges[:1]))
    with pytest.raises(ChangedElsewhere, match="not any more what you looked at"):
        placed(books, NewPlacement(agency, (family.stranger,), digest=seen.digest))


def test_a_narrowed_list_is_handed_over_as_it_was_seen(
    books: Office, family: Family, agency: int
) -> None:
    ids = (family.rowan, family.stranger)
    by_name = books.read(lambda work: plan_collections(work, guarantor_ids=ids))
    by_limits = books.read(lambda work: plan_collections(work, days=30, minimum=Money(1_00)))
    assert len({by_name.digest, by_limits.digest, proposed(books).digest}) == 3
    done = placed(books, NewPlacement(agency, (family.stranger,), digest=by_name.digest))
    assert done.amount == Money(90_00)
    with pytest.raises(ChangedElsewhere, match="not any more what you looked at"):
        placed(books, NewPlacement(agency, (family.rowan,), digest=by_limits.digest))
    later = books.read(lambda work: plan_collections(work, days=30, minimum=Money(1_00)))
    done = placed(books, NewPlacement(agency, (family.rowan,), digest=later.digest))
    assert done.amount == later.total
    with pytest.raises(ChangedElsewhere, match="not any more what you looked at"):
        placed(books, NewPlacement(agency, (family.rowan,), digest="f" * 64))
    verify(books)


def test_the_same_hand_off_twice_happens_once(books: Office, family: Family, agency: int) -> None:
    new = NewPlacement(agency, (family.rowan, family.stranger), request_key="april")
    first, again = placed(books, new), placed(books, new)
    assert again == replace(first, repeated=True)
    assert books.read(lambda work: cents(work, "1130")) == 690_00
    other = books.write(lambda work: add_agency(work, replace(AGENCY, name="Other"))).value
    with pytest.raises(Problem, match="under the same key with another agency"):
        placed(books, replace(new, agency_id=other))


def test_two_desks_hand_an_account_over_once(practice: str, clock: Clock) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    family = desks[0].write(open_family).value
    agency_id = desks[0].write(lambda work: add_agency(work, AGENCY)).value

    def act(desk: Office) -> str:
        try:
            return placed(desk, NewPlacement(agency_id, (family.rowan,))).cases[0].number
        except Problem as refused:
            return refused.message

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(act, desks))
    told.remove("COL-2026-00001")
    assert "not handed over" in told[0] or "a moment ago" in told[0]
    assert desks[0].read(lambda work: cents(work, "1130")) == 600_00
    verify(desks[0])
    for desk in desks:
        desk.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"guarantor_ids": ()}, "Nothing was chosen"),
        ({"on": date(2026, 4, 13)}, "04/13/2026 has not come yet"),
        ({"agency_id": 77}, "This agency is not in the books"),
        ({"guarantor_ids": (), "charge_ids": (9_999,)}, "not in the books any more"),
        ({"on": date(2025, 11, 5)}, "after 11/05/2025"),
    ],
)
def test_what_cannot_be_handed_over_is_refused(
    books: Office, family: Family, agency: int, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(Problem, match=words):
        placed(books, replace(NewPlacement(agency, (family.rowan,)), **change))
    assert books.read(lambda work: cents(work, "1130")) == 0


def test_an_agency_that_is_not_used_gets_nothing(
    books: Office, family: Family, agency: int
) -> None:
    books.write(
        lambda work: edit_agency(work, agency, replace(AGENCY, active=False), expected_version=1)
    )
    with pytest.raises(Problem, match="is not used any more"):
        placed(books, NewPlacement(agency, (family.rowan,)))


def test_money_that_is_not_applied_keeps_the_oldest_charges_from_the_agency(
    books: Office, family: Family, agency: int
) -> None:
    before = {one.number: one for one in proposed(books).accounts}["G-1"]
    patient = books.read(
        lambda work: work.db.scalars(
            select(Patient.id).where(Patient.guarantor_id == before.guarantor_id)
        ).first()
    )
    assert patient is not None
    check = check_of(before.guarantor_id, 1, rest=Rest(CreditKind.PREPAYMENT, patient))
    books.write(lambda work: receive(work, check))
    after = {one.number: one for one in proposed(books).accounts}["G-1"]
    oldest = before.charges[0]
    assert after.held == before.held + oldest.amount
    assert after.amount == before.amount - oldest.amount
    assert [one.hold for one in after.charges][:1] == [Hold.CREDITS]
