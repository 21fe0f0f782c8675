"""By whose word an adjustment posts: a payer's own, by its own payment, or a second person's."""

from __future__ import annotations

from typing import Any

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import Session
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import adjust_by_eob
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.permissions import Right
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, received, verify
from tests.support.people import add_payer
from tests.support.second_person import clerk, manager, second_person, without
from tests.support.write_offs import approved, made, new, owes, refuse

K = AdjustmentKind


def paid_by(books: Office, payer: int, cents: int, *charge_ids: int) -> int:
    """Post a payer's check that pays so many cents of each of these charges."""
    parts = tuple(Application(one, Money(cents), Side.INSURANCE) for one in charge_ids)
    total = Money(cents * max(len(parts), 1))
    check = NewPayment(total, PaymentMethod.CHECK, DAY, payer_id=payer, applications=parts)
    return received(books, check).payment_id


def another_payer(books: Office) -> int:
    return books.write(lambda work: add_payer(work, "Other Payer", "Other", "77777")).value


def test_a_denial_is_not_moved_to_the_client_by_typing_a_group_code(
    books: Office, till: Till
) -> None:
    desk = clerk(books)
    before = owes(books, till.copays[0])
    payment = paid_by(books, till.payer, 1_00, till.copays[1])
    for facts in (
        {"group_code": "PR", "carc": "29"},
        {"group_code": "PR", "carc": "1"},
        {"group_code": "PR", "carc": "29", "payment_id": payment},
        {"group_code": "CO", "carc": "1", "payment_id": payment},
    ):
        with pytest.raises(Problem, match="decide who owes without a payer's reason"):
            made(desk, new(till.copays[0], K.TO_PATIENT, 130_00, **facts))
    assert owes(books, till.copays[0]) == before
    with pytest.raises(Problem, match="has paid nothing of 90837"):
        made(
            desk,
            new(
                till.copays[0],
                K.TO_PATIENT,
                130_00,
                group_code="PR",
                carc="1",
                payment_id=payment,
            ),
        )
    assert owes(books, till.copays[0]) == before
    verify(books)


@pytest.mark.parametrize("carc", ["1", "2", "3"])
def test_deductible_coinsurance_and_copay_of_its_own_remittance_are_the_payers_word(
    books: Office, till: Till, carc: str
) -> None:
    payment = paid_by(books, till.payer, 30_00, till.copays[0])
    facts = {"group_code": "PR", "carc": carc, "payment_id": payment}
    found = made(clerk(books), new(till.copays[0], K.TO_PATIENT, 100_00, **facts))
    assert (found.posted, found.request_id) == (1, None)
    assert owes(books, till.copays[0]) == (130_00, 0)
    verify(books)


def test_back_to_the_payer_is_never_the_payers_word(books: Office, till: Till) -> None:
    payment = paid_by(books, till.payer, 30_00, till.copays[0])
    facts = {"group_code": "PR", "carc": "1", "payment_id": payment}
    with pytest.raises(Problem, match="decide who owes"):
        made(clerk(books), new(till.copays[0], K.TO_PAYER, 10_00, **facts))
    assert made(manager(books), new(till.copays[0], K.TO_PAYER, 10_00)).posted == 1


@pytest.mark.parametrize(
    ("kind", "facts"),
    [(K.CONTRACTUAL, {}), (K.CORRECTION, {"side": Side.INSURANCE}), (K.TO_PATIENT, {})],
)
def test_another_payers_payment_writes_nothing_off(
    books: Office, till: Till, kind: K, facts: dict[str, Any]
) -> None:
    payment = paid_by(books, another_payer(books), 1_00)
    wanted = new(
        till.copays[0], kind, 129_00, payment_id=payment, group_code="PR", carc="1", **facts
    )
    before = owes(books, till.copays[0])
    for desk in (second_person(books, Role.ACCOUNTING), manager(books)):
        with pytest.raises(Problem, match="is not of the payer of 90837 of 03/02/2026"):
            made(desk, wanted)
    with pytest.raises(Problem, match="is not of the payer of 90837"):
        books.write(lambda work: adjust_by_eob(work, [wanted]))
    assert owes(books, till.copays[0]) == before
    verify(books)


def test_a_payment_speaks_only_of_what_it_has_paid(books: Office, till: Till) -> None:
    desk = second_person(books, Role.ACCOUNTING)
    payment = paid_by(books, till.payer, 1_00, till.copays[0])
    facts = {"group_code": "CO", "carc": "45", "payment_id": payment}
    with pytest.raises(Problem, match="has paid nothing of 90837 of 03/09/2026") as told:
        made(desk, new(till.copays[1], K.CONTRACTUAL, 130_00, **facts))
    assert told.value.hint.startswith("Nothing was posted.")
    assert owes(books, till.copays[1]) == (30_00, 130_00)
    assert made(desk, new(till.copays[0], K.CONTRACTUAL, 129_00, **facts)).posted == 1
    assert owes(books, till.copays[0]) == (30_00, 0)
    verify(books)


def test_the_second_payer_of_a_session_speaks_of_its_charge(books: Office, till: Till) -> None:
    second = another_payer(books)

    def covered(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        work.db.get_one(Session, charge.session_id).second_payer_id = second

    books.write(covered)
    payment = paid_by(books, second, 1_00)
    wanted = new(
        till.copays[0], K.CONTRACTUAL, 80_00, group_code="CO", carc="45", payment_id=payment
    )
    assert books.write(lambda work: adjust_by_eob(work, [wanted])).value.posted == 1
    verify(books)


def test_a_line_of_an_eob_that_paid_nothing_is_the_payers_word(books: Office, till: Till) -> None:
    desk = second_person(books, Role.ACCOUNTING)
    check = NewPayment(Money(50_00), PaymentMethod.CHECK, DAY, payer_id=till.payer)
    lines = [
        EobLine(till.copays[0], paid=Money(50_00), contractual=Money(80_00)),
        EobLine(till.copays[1], contractual=Money(30_00), patient=Money(100_00)),
    ]
    desk.write(lambda work: post_eob(work, check, lines))
    assert [owes(books, one) for one in till.copays] == [(30_00, 0), (130_00, 0)]
    verify(books)


def test_corrections_never_add_more_than_the_charge_together(books: Office, till: Till) -> None:
    desk = manager(books)
    approved(desk, made(books, new(till.own, K.CORRECTION, -100_00)).request_id)
    made(books, new(till.own, K.CORRECTION, -60_00))
    assert owes(books, till.own) == (260_00, 0)
    for cents in (-160_00, -1):
        with pytest.raises(Problem, match=r"cannot be added to 90837 .* the whole charge is") as no:
            made(books, new(till.own, K.CORRECTION, cents))
        assert "160.00 of corrections stand or wait" in no.value.message
    with pytest.raises(Problem, match="cannot be added"):
        made(books, *[new(till.copays[0], K.CORRECTION, -100_00)] * 2)
    assert owes(books, till.own) == (260_00, 0)
    verify(books)


def test_what_was_refused_leaves_room_for_a_correction(books: Office, till: Till) -> None:
    asked = made(books, new(till.own, K.CORRECTION, -160_00))
    manager(books).write(lambda work: refuse(work, asked.request_id or 0))
    assert made(books, new(till.own, K.CORRECTION, -160_00)).waiting == 1


def test_a_clerk_without_the_right_to_post_payments_cannot_use_one(
    books: Office, till: Till
) -> None:
    payment = paid_by(books, till.payer, 1_00, till.copays[0])
    desk = without(books, Right.POST_PAYMENT)
    with pytest.raises(Problem, match="You may not adjust"):
        made(desk, new(till.copays[0], K.CONTRACTUAL, 5_00, payment_id=payment))
