"""The same answer again, the same claim with another answer, and a line that is about nothing."""

from __future__ import annotations

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.remittance import Fate, RemittanceStatus, Unposted
from fscdesk.services.remittances.undoing import undo_remittance
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_matching import ALMA
from tests.support.eras import claim, plb, service


@pytest.mark.parametrize(
    ("first", "then", "had", "has", "owed"),
    [
        ("CO16=160", "PR1=160", "CO-16 160.00", "PR-1 160.00", (0, 160_00)),
        (
            "CO45=60 PR1=100",
            "CO45=60 PR3=30 CO253=70",
            "CO-45 60.00, PR-1 100.00",
            "CO-45 60.00, PR-3 30.00, CO-253 70.00",
            (0, 30_00),
        ),
    ],
)
def test_another_answer_of_the_same_claim_is_no_copy_and_waits_as_what_it_is(
    edge: EraOffice, first: str, then: str, had: str, has: str, owed: tuple[int, int]
) -> None:
    one = edge.send()
    edge.says(edge.answer(one, first))
    stood = edge.owed(one)
    page = edge.says(edge.answer(one, then))
    stays = only(page)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, Unposted.POSTED_BEFORE)
    assert stays.words == (
        "The payer has answered this claim otherwise before, and takes nothing of that back: 90837"
        f" of 03/02/2026 had {had}, and has {has} now. Look which of them is right."
    )
    assert edge.owed(one) == stood
    assert only(edge.post(page, agreed=[1])).fate is Fate.POSTED
    assert edge.owed(one) == owed
    edge.verify()


def test_what_stands_at_the_head_of_a_claim_is_part_of_its_answer(edge: EraOffice) -> None:
    one = edge.send(sessions=2)
    lines = [service(charge="160", day=day) for day in one.days]
    edge.says(claim(one.account, *lines, cas="CO45=60 PR2=40", patient=ALMA))
    again = edge.says(claim(one.account, *lines, cas="PR2=40 CO45=60", patient=ALMA))
    assert only(again).words == "The same answer is posted already, of another remittance."
    page = edge.says(claim(one.account, *lines, cas="CO45=40 PR2=60", patient=ALMA))
    assert "had CO-45 60.00, PR-2 40.00, and has CO-45 40.00, PR-2 60.00" in only(page).words
    edge.verify()


# A check of nothing but what is posted already.


@pytest.mark.parametrize("beside", [[], [plb("L6", "-1.25", "ICN0001")]], ids=["alone", "interest"])
def test_a_check_of_nothing_but_known_answers_is_no_money_until_somebody_looks(
    edge: EraOffice, beside: list[object]
) -> None:
    one = edge.send()
    said = edge.answer(one, KEPT)
    edge.says(said)
    stood = edge.moved()
    page = edge.says(said, plb=beside)
    assert (page.row.status, only(page).why) == (
        RemittanceStatus.TO_POST,
        Unposted.POSTED_BEFORE,
    )
    assert (edge.payments(), edge.moved()) == ([100_00], stood)
    edge.verify()
    assert only(edge.post(page)).fate is Fate.UNPOSTED
    assert edge.left(page) == 100_00
    edge.verify()


def test_a_known_answer_beside_a_new_one_waits_alone(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    page = edge.says(said, edge.answer(other, KEPT, payer_number="OTHER"))
    assert [each.fate for each in page.claims] == [Fate.UNPOSTED, Fate.POSTED]
    assert (edge.payments(), edge.left(page)) == ([100_00, 200_00], 100_00)
    edge.verify()


# A line over nothing.


def test_a_line_over_nothing_that_nobody_billed_holds_no_paid_claim(edge: EraOffice) -> None:
    one = edge.send()
    idle = service("90785", charge="0", day=one.days[0])
    page = edge.says(
        claim(one.account, service(charge="160", cas=KEPT, day=one.days[0]), idle, patient=ALMA)
    )
    paid, told = only(page).lines
    assert (only(page).fate, paid.fate, told.fate) == (Fate.POSTED,) * 3
    assert told.words == "Nothing was billed of it, and nothing is paid"
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 30_00), ClaimStatus.PAID)
    edge.verify()
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "Once more"))
    assert (edge.owed(one), edge.moved()) == ((130_00, 30_00), {})
    assert only(edge.post(page)).fate is Fate.POSTED
    edge.verify()


@pytest.mark.parametrize("charge", ["15", "0"])
def test_a_line_with_money_that_nobody_billed_still_holds_its_claim(
    edge: EraOffice, charge: str
) -> None:
    one = edge.send()
    more = service("90785", charge=charge, cas="" if charge == "15" else "CO45=-5", day=one.days[0])
    page = edge.says(
        claim(one.account, service(charge="160", cas=KEPT, day=one.days[0]), more, patient=ALMA)
    )
    assert (only(page).fate, only(page).why) == (Fate.UNPOSTED, Unposted.NO_LINE)
    assert edge.owed(one) == (130_00, 30_00)
    edge.verify()
