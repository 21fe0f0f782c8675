"""What is taken back or undone is the one answer that is meant; what stands beside it stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.remittance import Fate
from fscdesk.models.session import BillingStatus
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.stand import stands
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from tests.support.claims import add_policy
from tests.support.era_edges import KEPT, EraOffice
from tests.support.era_lines import EraClaim
from tests.support.era_matching import SentClaim
from tests.support.eras import claim, file_of, remittance, reversal_of, service

WAITS = (ClaimStatus.PENDING, BillingStatus.PENDING)


def second(one: SentClaim, cas: str, number: str) -> EraClaim:
    """What the payer says of a claim as the second one."""
    line = service(charge="160", cas=cas, day=one.days[0])
    return claim(one.account, line, status="2", payer_number=number)


# One payer is first and second, and says both in one check.


def test_the_second_answer_is_taken_back_and_the_first_stays(edge: EraOffice) -> None:
    desk = edge.desk
    edge.books.write(lambda work: add_policy(work, desk.alma, desk.payer, "SEC1", rank=2))
    one, other = edge.send(), edge.send(week=1, ben=True)
    last = second(one, "OA23=110 PR3=20", "ICN2")
    edge.says(edge.answer(one, "CO45=30 PR2=50"), last)
    assert edge.owed(one) == (0, 20_00)
    edge.says(reversal_of(last), edge.answer(other, KEPT, ben=True))
    # 80.00 and 30.00 of the first answer stay; the client has the share of the start.
    assert edge.owed(one) == (20_00, 30_00)
    assert edge.moved()["4900"] == 60_00
    edge.says(second(one, "OA23=110 PR3=10", "ICN3"))
    assert edge.owed(one) == (0, 10_00)
    edge.verify()


# A reversal and its correction in one file, of which only the correction is undone.


def corrected(edge: EraOffice, one: SentClaim, cas: str, *, status: str = "1") -> int:
    """Answer a claim, take that back and answer anew in one file; the id of the remittance."""
    first = edge.answer(one, KEPT)
    edge.says(first)
    anew = edge.answer(one, cas, payer_number="ICN2", status=status)
    page = edge.says(reversal_of(first), anew, edge.answer(edge.send(week=4), KEPT))
    assert [each.fate for each in page.claims] == [Fate.POSTED] * 3
    return page.row.id


def undo_second(edge: EraOffice, remittance_id: int) -> None:
    """Undo the second claim alone."""
    row_id = edge.page(remittance_id).claims[1].id
    edge.books.write(lambda work: undo_claim(work, row_id, "Not this one"))


@pytest.mark.parametrize(
    ("cas", "status"), [("CO45=40 PR3=30", "1"), ("CO197=160", "4")], ids=["paid", "denied"]
)
def test_after_the_undo_of_a_correction_the_claim_waits_as_after_its_reversal(
    edge: EraOffice, cas: str, status: str
) -> None:
    one = edge.send()
    page_id = corrected(edge, one, cas, status=status)
    then = (edge.owed(one), edge.stands(one), edge.reason_of(one))
    undo_second(edge, page_id)
    assert (edge.owed(one), edge.stands(one), edge.reason_of(one)) == ((130_00, 30_00), WAITS, "")
    assert edge.waits(ItemKind.DENIED) == []
    edge.verify()
    edge.post(edge.page(page_id))
    assert (edge.owed(one), edge.stands(one), edge.reason_of(one)) == then
    undo_second(edge, page_id)
    edge.books.write(lambda work: undo_remittance(work, page_id, "All of it"))
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 30_00), ClaimStatus.PAID)
    assert edge.stands(one)[1] is BillingStatus.APPROVED
    edge.verify()


def test_after_the_undo_of_the_second_answer_the_first_still_stands(edge: EraOffice) -> None:
    desk = edge.desk
    edge.books.write(lambda work: add_policy(work, desk.alma, desk.payer, "SEC1", rank=2))
    alone, one = edge.send(), edge.send(week=1)
    edge.says(edge.answer(alone, "CO45=30 PR2=50"))
    page = edge.says(edge.answer(one, "CO45=30 PR2=50"), second(one, "OA23=110 PR3=20", "ICN2"))
    assert edge.owed(one) == (0, 20_00)
    undo_second(edge, page.row.id)
    assert (edge.owed(one), edge.stands(one)) == (edge.owed(alone), edge.stands(alone))
    assert edge.stands(one)[0] is ClaimStatus.PAID
    edge.verify()


# More is taken back than was paid, and later that is corrected and taken back again.


@pytest.mark.parametrize("together", [False, True], ids=["each alone", "with its correction"])
def test_what_was_taken_beyond_the_payment_is_counted_once(edge: EraOffice, together: bool) -> None:
    one = edge.send()
    first = edge.answer(one, KEPT)
    edge.says(first)
    line = service(charge="-160", paid="-105", cas="CO45=-25 PR3=-30", day=one.days[0])
    more = replace(reversal_of(first), services=(line,), paid="-105")
    ninety = edge.answer(one, "CO45=40 PR3=30", payer_number="ICN2")
    again = edge.answer(one, KEPT, payer_number="ICN3")
    fill = [edge.answer(edge.send(week=week), "CO45=20 PR3=30") for week in (5, 6)]
    if together:
        edge.says(more, ninety, fill[0])
        edge.says(reversal_of(ninety), again, fill[1])
    else:
        edge.says(more, fill[0])
        edge.says(ninety)
        assert edge.books.read(
            lambda work: stands(work, one.charges, edge.desk.payer)[one.charges[0]].paid
        ) == (0, 90_00, 0)
        edge.says(reversal_of(ninety), fill[1])
        edge.says(again)
    assert edge.owed(one) == (0, 30_00)
    # 5.00 is on its own line once; 30.00 is off this claim, 20.00 off each of the others.
    assert edge.moved() == {"1050": 315_00, "4900": 70_00, "4910": 5_00}
    edge.verify()


# The second bill of one service is denied as a duplicate.


@pytest.mark.parametrize("cas", ["OA18=160", "CO18=160"])
def test_a_duplicate_denied_changes_nothing_of_what_the_payer_has_settled(
    edge: EraOffice, cas: str
) -> None:
    one = edge.send()
    edge.says(edge.answer(one, KEPT))
    before = (edge.owed(one), edge.stands(one))
    assert before[0] == (0, 30_00)
    edge.says(edge.answer(one, cas, status="4", payer_number="ICN2"))
    assert (edge.owed(one), edge.stands(one)) == before
    assert edge.waits(ItemKind.DENIED) == []
    edge.verify()


def test_a_duplicate_denied_of_what_is_open_is_a_denial(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, "OA18=160", status="4"))
    assert edge.stands(one) == (ClaimStatus.DENIED, BillingStatus.DENIED)
    edge.verify()


# Several checks in one file.


def test_a_check_that_takes_back_may_stand_before_the_one_that_paid(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    back, paid = edge.all_of(
        file_of(
            remittance(reversal_of(said), edge.answer(other, KEPT), trace="T2"),
            remittance(said, trace="T1", control="0002"),
        )
    )
    assert (back.row.trace, paid.row.trace) == ("T2", "T1")
    assert {each.fate for page in (back, paid) for each in page.claims} == {Fate.POSTED}
    assert (edge.owed(one), edge.stands(one)) == ((130_00, 30_00), WAITS)
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


def test_a_check_that_takes_back_goes_before_the_one_that_corrects(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    edge.all_of(
        file_of(
            remittance(edge.answer(one, "CO45=20 PR3=35", payer_number="ICN2"), trace="T1"),
            remittance(reversal_of(said), edge.answer(other, KEPT), trace="T2", control="0002"),
        )
    )
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 35_00), ClaimStatus.PAID)
    assert edge.moved() == {"1050": 205_00, "4900": 50_00}
    edge.verify()


def test_what_is_paid_again_posts_after_the_check_that_takes_it_back(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    pages = edge.all_of(
        file_of(
            remittance(said, trace="T1"),
            remittance(reversal_of(said), edge.answer(other, KEPT), trace="T2", control="0002"),
        )
    )
    assert {each.fate for page in pages for each in page.claims} == {Fate.POSTED}
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 30_00), ClaimStatus.PAID)
    assert edge.moved() == {"1050": 200_00, "4900": 60_00}
    edge.verify()
