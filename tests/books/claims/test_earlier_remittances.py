"""The claim to the next payer repeats what the first one's remittance said, to the letter."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.values import Money
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.building import build_claims, plan_secondary
from fscdesk.services.claims.content import EarlierAnswer
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredClaim, Cas, Plb
from fscdesk.services.remittances.said import said_of
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_policy, claim_of, put_at
from tests.support.payments import verify
from tests.support.remittance_acts import owed, post
from tests.support.remittances_made import claim, line, remittance

CO45 = Cas("CO", "45", 30_00)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """Alma has a second payer."""

    def act(work: Work) -> ClaimDesk:
        made = add_claim_desk(work)
        add_policy(work, made.alma, made.next_payer, "SEC1", rank=2)
        return made

    return books.write(act).value


def charge_of(books: Office) -> int:
    """The one charge."""
    return books.read(lambda work: work.db.scalars(select(Charge.id).order_by(Charge.id)).one())


def told_to_the_next(books: Office, claim_id: int) -> EarlierAnswer | None:
    """What the claim to the next payer says of the first one."""
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.PAID))
    (new,) = books.write(lambda work: build_claims(work, plan_secondary(work))).value.claim_ids
    return books.read(lambda work: content_of(work, new)).others[0].answer


def test_a_deductible_that_waits_is_told_to_the_next_payer(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=ClaimStatus.PENDING)
    charge = charge_of(books)
    said = (CO45, Cas("PR", "1", 40_00), Cas("PR", "2", 10_00))
    post(books, remittance(desk.payer, claim(1, line(charge, 80_00, *said))))
    assert owed(books, charge) == (20_00, 30_00)  # no more of it is the client's until then
    answer = told_to_the_next(books, first)
    assert answer is not None
    (found,) = answer.lines
    assert (answer.paid, answer.patient_owes) == (Money(80_00), Money(50_00))
    assert [(one.group, one.carc, one.amount.cents) for one in found.adjustments] == [
        ("CO", "45", 30_00),
        ("PR", "1", 40_00),
        ("PR", "2", 10_00),
    ]
    verify(books)


def corrected(charge: int) -> list[AnsweredClaim]:
    """What is taken back, and the correction."""
    opposite = (Cas("CO", "45", -30_00), Cas("PR", "1", -50_00))
    back = claim(1, line(charge, -80_00, *opposite, charge=-160_00), status="22")
    return [back, claim(2, line(charge, 100_00, CO45, Cas("PR", "3", 30_00)), payer_number="ICN2")]


def test_after_a_correction_only_the_corrected_answer_is_told(
    books: Office, desk: ClaimDesk
) -> None:
    first = claim_of(books, desk=desk, status=ClaimStatus.PENDING)
    charge = charge_of(books)
    before = claim(1, line(charge, 80_00, CO45, Cas("PR", "1", 50_00)))
    post(books, remittance(desk.payer, before))
    post(books, remittance(desk.payer, *corrected(charge), trace="EFT0002"))
    answer = told_to_the_next(books, first)
    assert answer is not None
    (found,) = answer.lines
    assert found.paid == Money(100_00)
    assert [(one.group, one.carc, one.amount.cents) for one in found.adjustments] == [
        ("CO", "45", 30_00),
        ("PR", "3", 30_00),
    ]
    assert found.decided_on is not None
    assert found.decided_on >= date(2026, 4, 9)
    verify(books)


def test_what_stands_at_the_head_of_the_claim_is_told_with_its_line(
    books: Office, desk: ClaimDesk
) -> None:
    first = claim_of(books, desk=desk, status=ClaimStatus.PENDING)
    one = claim(1, line(charge_of(books), 130_00, CO45), paid=80_00, cas=(Cas("PR", "1", 50_00),))
    post(books, remittance(desk.payer, one))
    answer = told_to_the_next(books, first)
    assert answer is not None
    (found,) = answer.lines
    assert found.paid == Money(80_00)
    assert sum(each.amount.cents for each in found.adjustments) == 80_00


def test_a_word_that_is_taken_back_is_none_any_more(books: Office, desk: ClaimDesk) -> None:
    claim_of(books, desk=desk, status=ClaimStatus.PENDING)
    charge = charge_of(books)
    post(
        books,
        remittance(desk.payer, claim(1, line(charge, 80_00, CO45, Cas("PR", "1", 50_00)))),
    )
    assert list(books.read(lambda work: said_of(work, [charge]))) == [(charge, desk.payer)]
    back = corrected(charge)[0]
    carried = [Plb(1, "FB", "EFT0002", -80_00)]
    post(books, remittance(desk.payer, back, trace="EFT0002", plbs=carried))
    assert books.read(lambda work: said_of(work, [charge])) == {}
