"""A reversal takes back the answer that it names; of any other it takes nothing, and waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.remittance import Fate, Unposted
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.detail import RemittancePage
from tests.support.era_edges import KEPT, EraOffice
from tests.support.eras import plb, reversal_of

CHANGED = "CO45=50 PR3=30"
"""The payer pays 80.00 instead of 100.00."""


def waits(page: RemittancePage) -> None:
    """Fail unless its first claim, a reversal, waits, and says which answer stands instead."""
    back = page.claims[0]
    assert (back.fate, back.why) == (Fate.UNPOSTED, Unposted.REVERSES_NOTHING)
    assert back.words == (
        "100.00 is taken back for 90837 of 03/02/2026, but not of what is in the books: there this"
        " payer's answer is 80.00 (its claim NEW)."
    )


def test_a_correction_is_not_taken_back_by_the_reversal_beside_it_when_post_is_pressed_again(
    edge: EraOffice,
) -> None:
    one = edge.send()
    back = reversal_of(edge.answer(one, KEPT))
    new = edge.answer(one, CHANGED, payer_number="NEW")
    page = edge.says(back, new, amount="0", plb=[plb("WO", "-20", "ICN0001")])
    stood = (edge.owed(one), edge.items(), edge.moved())
    assert stood[0] == (0, 30_00)
    for _ in range(2):
        page = edge.post(page)
        waits(page)
        assert (edge.owed(one), edge.items(), edge.moved()) == stood
    assert len(edge.waits(ItemKind.UNPOSTED)) == 1
    edge.verify()


def test_a_correction_under_the_same_number_is_not_the_original_either(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=2)
    back = reversal_of(edge.answer(one, KEPT))
    fill = edge.answer(other, KEPT, payer_number="OTHER")
    page = edge.says(back, edge.answer(one, CHANGED), fill)
    stood = (edge.owed(one), edge.items(), edge.moved())
    after = edge.post(page)
    assert [each.why for each in after.claims] == [Unposted.REVERSES_NOTHING, None, None]
    assert (edge.owed(one), edge.items(), edge.moved()) == stood
    edge.verify()


def test_the_reversal_of_an_answer_that_never_came_leaves_the_newer_one(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, CHANGED, payer_number="NEW"))
    back = reversal_of(edge.answer(one, KEPT, payer_number="OLD"))
    page = edge.says(back, amount="0", plb=[plb("WO", "-100", "OLD")])
    waits(page)
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 30_00), ClaimStatus.PAID)
    assert edge.moved() == {"1050": 80_00, "1120": 100_00, "2410": -100_00, "4900": 50_00}
    edge.verify()


def test_a_reversal_that_waits_does_not_take_what_is_answered_later(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=2)
    back = reversal_of(edge.answer(one, KEPT, payer_number="OLD"))
    page = edge.says(back, edge.answer(other, KEPT, payer_number="OTHER"))
    edge.says(edge.answer(one, CHANGED, payer_number="NEW"))
    stood = (edge.owed(one), edge.items(), edge.moved())
    waits(edge.page(page.row.id))
    waits(edge.post(page))
    assert (edge.owed(one), edge.items(), edge.moved()) == stood
    edge.verify()


@pytest.mark.parametrize(("later", "found"), [(KEPT, True), ("CO45=25 PR3=35", False)])
def test_without_a_number_a_later_answer_is_the_original_only_to_the_cent(
    edge: EraOffice, later: str, found: bool
) -> None:
    one, other = edge.send(), edge.send(week=2)
    back = replace(reversal_of(edge.answer(one, KEPT)), payer_number="")
    page = edge.says(back, edge.answer(other, KEPT, payer_number="OTHER"))
    edge.says(edge.answer(one, later, payer_number="LATE"))
    after = edge.post(page)
    assert after.claims[0].fate is (Fate.POSTED if found else Fate.UNPOSTED)
    assert edge.owed(one) == ((130_00, 30_00) if found else (0, 35_00))
    edge.verify()


def test_the_original_that_is_read_after_its_reversal_goes_back_once_it_is_in(
    edge: EraOffice,
) -> None:
    one = edge.send()
    said = edge.answer(one, KEPT)
    new = edge.answer(one, CHANGED, payer_number="NEW")
    carried = [plb("WO", "-20", "ICN0001")]
    page = edge.says(reversal_of(said), new, amount="0", plb=carried)
    late = edge.says(said)
    # Both answers are paid by now: the first is one too many, until a person lets it in.
    assert late.claims[0].why is Unposted.PAYS_TOO_MUCH
    edge.post(late, agreed=[1])
    assert edge.post(page).claims[0].fate is Fate.POSTED
    assert (edge.owed(one)[1], edge.moved()["1050"]) == (30_00, 100_00)
    assert edge.items() == [("WO", -20_00, -20_00), ("22", 100_00, 0)]
    edge.verify()


@pytest.mark.parametrize("number", ["ICN0001", "REVERSAL-1", ""], ids=["same", "own", "none"])
def test_what_equals_the_original_to_the_cent_goes_back_under_any_number(
    edge: EraOffice, number: str
) -> None:
    one, other = edge.send(), edge.send(week=2)
    said = edge.answer(one, KEPT)
    edge.says(said)
    back = replace(reversal_of(said), payer_number=number)
    page = edge.says(back, edge.answer(other, KEPT, payer_number="OTHER"))
    assert page.claims[0].fate is Fate.POSTED
    assert edge.owed(one) == (130_00, 30_00)
    edge.verify()
