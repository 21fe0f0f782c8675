"""Which of several items a payer means, and that what it takes back is not left out of a check."""

from __future__ import annotations

import pytest

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import Fate, RemittanceStatus
from fscdesk.services.errors import Problem
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.closing import set_aside
from fscdesk.services.remittances.undoing import undo_remittance
from tests.support.era_edges import KEPT, EraOffice
from tests.support.eras import era, plb, plbs, reversal_of

REOPENED = (130_00, 30_00)


# Which of several is meant.


def test_a_reference_says_which_is_settled_and_an_amount_does_not_gainsay_it(
    edge: EraOffice,
) -> None:
    sent = [edge.send(week=week) for week in range(3)]
    edge.says(edge.answer(sent[0], KEPT), plb=[plb("WO", "-20", "CLAIM-BBB")])
    edge.says(edge.answer(sent[1], KEPT), plb=[plb("WO", "20", "CLAIM-DDD")])
    assert [left for _, _, left in edge.items()] == [-20_00, 20_00]
    page = edge.says(edge.answer(sent[2], KEPT), plb=[plb("WO", "20", "CLAIM-BBB")])
    assert page.plbs[0].words == "Settles what was open"
    assert [left for _, _, left in edge.items()] == [0, 20_00, 0]
    edge.verify()


def test_what_was_taken_is_not_what_is_carried_later_under_another_name(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said, plb=[plb("FB", "12.34", "ODD")])
    edge.says(reversal_of(said), edge.answer(two, KEPT), plb=[plb("FB", "-152", "WALKFB")])
    assert [left for _, _, left in edge.items()] == [12_34, -152_00]
    edge.verify()


def test_both_ways_of_one_levy_cancel_and_a_later_one_closes_it(edge: EraOffice) -> None:
    one, two, three = (edge.send(week=week) for week in range(3))
    edge.says(edge.answer(one, KEPT), plb=[plb("CS", "10", "ADJ"), plb("CS", "-10", "ADJ")])
    assert edge.items() == [("CS", 10_00, 0), ("CS", -10_00, 0)]
    edge.says(edge.answer(two, KEPT), plb=[plb("CS", "7", "LATER")])
    assert edge.moved()["1120"] == 7_00
    edge.says(edge.answer(three, KEPT), plb=[plb("CS", "-7", "LATER")])
    assert [left for _, _, left in edge.items()] == [0] * 4
    assert edge.moved() == {"1050": 300_00, "4900": 90_00}
    assert edge.waits(ItemKind.RECOUPMENT) == []
    edge.verify()


def test_what_is_added_without_being_owed_is_to_explain(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT), plb=[plbs(("J1", "-4", "A"), ("ZZ", "-3", "B"))])
    assert [each.kind for each in page.plbs] == [RecoupmentKind.TO_EXPLAIN] * 2
    assert edge.moved() == {"1050": 107_00, "1120": -7_00, "4900": 30_00}
    edge.verify()


def test_what_a_later_check_settled_says_so_until_that_is_undone(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    page = edge.says(edge.answer(one, KEPT), plb=[plb("WO", "40", "ICN9")])
    waits = page.plbs[0].words
    assert waits == "40.00 was taken, and no reversal says for what"
    later = edge.says(edge.answer(two, KEPT), plb=[plb("WO", "-40", "ICN9")])
    assert edge.page(page.row.id).plbs[0].words == "Settled meanwhile"
    edge.books.write(lambda work: undo_remittance(work, later.row.id, "Not ours"))
    assert edge.page(page.row.id).plbs[0].words == waits
    edge.verify()


# What takes money back is part of the check, and is not set aside before that is in the books.


def test_what_takes_money_back_is_not_set_aside(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    text = era(reversal_of(said), edge.answer(two, KEPT), trace="SA")
    page = edge.reads(text, clicked=False)
    with pytest.raises(Problem, match=r"takes 100\.00 back") as refused:
        edge.books.write(lambda work: set_aside(work, page.claims[0].id, "Not ours"))
    assert "under Recoupments" in refused.value.hint
    after = edge.post(edge.page(page.row.id))
    assert [each.fate for each in after.claims] == [Fate.POSTED] * 2
    assert (edge.owed(one), edge.left(after)) == (REOPENED, 0)
    edge.verify()


def test_what_is_to_explain_already_is_set_aside_and_stays_so(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    page = edge.says(reversal_of(edge.answer(one, KEPT)), edge.answer(two, KEPT))
    assert edge.moved()["1120"] == 100_00
    edge.books.write(lambda work: set_aside(work, page.claims[0].id, "Not ours"))
    assert edge.page(page.row.id).row.status is RemittanceStatus.POSTED
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "Once more"))
    assert edge.moved() == {}
    after = edge.post(edge.page(page.row.id))
    assert (edge.moved(), edge.left(after)) == ({"1120": 100_00, "4900": 30_00}, 0)
    assert [each.fate for each in after.claims] == [Fate.CLOSED, Fate.POSTED]
    edge.verify()
