"""Write-offs of SimplePractice that no payer's money explains are taken by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.clearing_list import clearing_list
from fscdesk.services.payments.written_off import accept_by_hand
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.people import add_session
from tests.support.second_person import at_once, nobody, refusals, winners

WHY = "All of it went to the deductible"


@pytest.fixture
def charge(books: Office, till: Till) -> int:
    """A charge of 160.00 of which SimplePractice wrote 40.00 off and paid nothing."""

    def act(work: Work) -> int:
        provider = work.db.scalars(select(Session.provider_id)).first()
        assert provider is not None
        session_id = add_session(
            work,
            till.alma,
            provider,
            day=date(2026, 3, 20),
            payer=till.payer,
            insurance=40_00,
            share=120_00,
            write_off=40_00,
        )
        return work.db.scalars(select(Charge.id).filter_by(session_id=session_id)).one()

    return books.write(act).value


def test_it_becomes_contractual_and_leaves_the_list(books: Office, charge: int) -> None:
    before = books.read(lambda work: (cents(work, "1060"), cents(work, "4900")))
    assert [line.charge_id for line in books.read(clearing_list).lines] == [charge]
    assert books.write(lambda work: accept_by_hand(work, [charge], reason=WHY)).value == 1
    after = books.read(lambda work: (cents(work, "1060"), cents(work, "4900")))
    assert (after[0] - before[0], after[1] - before[1]) == (-40_00, 40_00)
    assert books.read(clearing_list).lines == ()
    made = books.read(lambda work: work.db.scalars(select(Adjustment)).one())
    assert (made.kind, made.status) == (AdjustmentKind.CONTRACTUAL, AdjustmentStatus.POSTED)
    assert (made.amount, made.reason) == (Money(40_00), WHY)
    verify(books)


def test_what_is_not_open_is_refused_and_nothing_posted(
    books: Office, till: Till, charge: int
) -> None:
    for ids in ([], [till.own], [charge, till.own]):
        with pytest.raises(Problem, match="Nothing that SimplePractice wrote off"):
            books.write(lambda work, ids=ids: accept_by_hand(work, ids, reason=WHY))  # type: ignore[misc]
    with pytest.raises(Problem, match="reason"):
        books.write(lambda work: accept_by_hand(work, [charge], reason=" "))
    with pytest.raises(Problem, match="You may not"):
        nobody(books).write(lambda work: accept_by_hand(work, [charge], reason=WHY))
    assert books.read(lambda work: work.db.scalars(select(Adjustment)).all()) == []


def test_it_is_done_once_and_wholly(books: Office, charge: int) -> None:
    def act(work: Work) -> int:
        return accept_by_hand(work, [charge], reason=WHY)

    assert_all_or_nothing(books, act)
    verify(books)


def test_two_people_at_once_take_it_once(books: Office, charge: int) -> None:
    def act(work: Work) -> int:
        return accept_by_hand(work, [charge], reason=WHY)

    outcomes = at_once((books, act), (books, act))
    assert len(winners(outcomes)) == len(refusals(outcomes)) == 1
    verify(books)
