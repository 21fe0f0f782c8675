"""A file of several checks is planned as it will be posted, whatever their order in it."""

from __future__ import annotations

from typing import Any

import pytest

from fscdesk.models.remittance import Fate
from fscdesk.services.remittances.answered import Decided
from fscdesk.services.remittances.incoming import apply_era, plan_era
from tests.support.claims import add_policy
from tests.support.era_edges import KEPT, EraOffice
from tests.support.eras import claim, file_of, plb, remittance, reversal_of, service

SECOND: dict[str, Any] = {"payer": "EXAMPLE EAST", "payer_id": "99902", "origin": "1999029902"}


def planned(edge: EraOffice, *checks: Any) -> list[Decided]:
    """What the plan of a file says of each check; the file is posted then, and must agree."""
    data = file_of(*checks).encode()
    plan = edge.books.read(lambda work: plan_era(work, "a.835", data))
    done = edge.books.write(lambda work: apply_era(work, "a.835", data, clicked=True)).value
    said = [one.decided for one in plan.transactions]
    for decided, kept in zip(said, done.kept, strict=True):
        assert decided is not None
        page = edge.page(kept)
        assert [one.fate for one in decided.claims] == [one.fate for one in page.claims]
        assert [one.words for one in decided.claims] == [one.words for one in page.claims]
        for one, shown in zip(decided.claims, page.claims, strict=True):
            assert [line.fate for line in one.lines] == [line.fate for line in shown.lines]
            assert [line.wrote_off for line in one.lines] == [
                line.wrote_off.cents for line in shown.lines
            ]
            assert [line.to_patient for line in one.lines] == [
                line.to_patient.cents for line in shown.lines
            ]
    edge.verify()
    return [one for one in said if one is not None]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_reversal_in_the_next_check_takes_back_what_the_first_will_have_paid(
    edge: EraOffice, order: tuple[int, int]
) -> None:
    one = edge.send()
    paid = edge.answer(one, "CO45=40 PR3=50")
    checks = [
        remittance(paid, trace="EFT1"),
        remittance(reversal_of(paid), trace="EFT2", plb=[plb("FB", "-70", "EFT2")]),
    ]
    found = planned(edge, *(checks[at] for at in order))
    back = found[order.index(1)].claims[0]
    assert (back.fate, back.lines[0].paid) == (Fate.POSTED, -70_00)
    assert back.lines[0].left == 130_00, "what it had taken off is open again"
    assert edge.owed(one) == (130_00, 30_00)


def test_what_corrects_it_in_a_third_check_sees_it_taken_back(edge: EraOffice) -> None:
    one = edge.send()
    paid = edge.answer(one, KEPT)
    better = edge.answer(one, "CO45=20 PR3=30", payer_number="ICN0002")
    found = planned(
        edge,
        remittance(better, trace="EFT3"),
        remittance(reversal_of(paid), trace="EFT2", plb=[plb("FB", "-100", "EFT2")]),
        remittance(paid, trace="EFT1"),
    )
    assert [one.claims[0].fate for one in found] == [Fate.POSTED] * 3
    assert edge.owed(one) == (0, 30_00)


def test_what_one_check_carries_forward_the_next_one_takes(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    paid = edge.answer(one, KEPT)
    edge.says(paid)
    found = planned(
        edge,
        remittance(reversal_of(paid), trace="E2", plb=[plb("FB", "-100", "E2")]),
        remittance(edge.answer(other, KEPT), trace="E3", plb=[plb("FB", "100", "E2")]),
    )
    assert [one.plbs[0].rest for one in found] == [-100_00, 0]
    assert [left for _, _, left in edge.items()] == [0, 0]


def test_the_second_payers_answer_waits_for_nobody_behind_the_first_ones(edge: EraOffice) -> None:
    desk = edge.desk
    edge.books.write(lambda work: add_policy(work, desk.alma, desk.next_payer, "SEC1", rank=2))
    one = edge.send()
    first = edge.answer(one, "CO45=30 PR2=50")
    line = service(charge="160", cas="CO45=30 OA23=80 PR3=10", day=one.days[0])
    second = claim("88-1", line, status="2", payer_number="SEC1")
    found = planned(edge, remittance(first, trace="E1"), remittance(second, trace="E2", **SECOND))
    assert found[0].claims[0].fate is Fate.POSTED
    assert found[1].claims[0].fate is Fate.POSTED
    assert edge.owed(one) == (0, 10_00)
