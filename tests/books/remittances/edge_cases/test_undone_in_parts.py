"""A remittance that was posted in parts leaves nothing behind when all of it is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.remittance import Fate
from fscdesk.services.remittances.detail import RemittancePage
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from tests.support.era_edges import KEPT, EraOffice
from tests.support.eras import era, reversal_of

AS_BILLED = (130_00, 30_00)


def in_parts(edge: EraOffice, page: RemittancePage) -> RemittancePage:
    """Post the first claim alone, then what was held."""
    edge.post(page, positions=[1])
    return edge.post(page)


def undo(edge: EraOffice, page: RemittancePage) -> None:
    """Undo all of it."""
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "Not ours"))


def standing(edge: EraOffice) -> list[int]:
    """The adjustments that stand, in cents."""
    rows = select(Adjustment).where(Adjustment.status == AdjustmentStatus.POSTED)
    return edge.books.read(lambda work: [one.amount.cents for one in work.db.scalars(rows)])


def test_a_claim_and_its_own_reversal_leave_no_write_off_when_all_is_undone(
    edge: EraOffice,
) -> None:
    one, other = edge.send(), edge.send(week=2)
    said = edge.answer(one, KEPT)
    text = era(said, reversal_of(said), edge.answer(other, KEPT, payer_number="OTHER"), trace="T1")
    page = edge.reads(text, clicked=False)
    assert [each.fate for each in in_parts(edge, page).claims] == [Fate.POSTED] * 3
    assert (edge.owed(one), edge.moved()) == (AS_BILLED, {"1050": 100_00, "4900": 30_00})
    undo(edge, page)
    assert (edge.owed(one), edge.owed(other), edge.moved()) == (AS_BILLED, AS_BILLED, {})
    assert standing(edge) == []
    edge.verify()


def test_a_second_life_in_parts_ends_at_nothing_as_well(edge: EraOffice) -> None:
    one = edge.send()
    said = edge.answer(one, "CO45=30 PR1=50")
    held = edge.answer(edge.send(week=2), KEPT, payer_number="OTHER")
    page = edge.reads(era(said, reversal_of(said), held, trace="T1"), clicked=False)
    for _ in range(2):
        edge.post(page, positions=[1])
        edge.post(page, positions=[2])
        assert (edge.owed(one), standing(edge)) == (AS_BILLED, [])
        undo(edge, page)
        assert (edge.owed(one), edge.moved(), standing(edge)) == (AS_BILLED, {}, [])
        edge.verify()
    edge.post(page, positions=[1])
    edge.post(page, positions=[2])
    back = edge.page(page.row.id).claims[1]
    edge.books.write(lambda work: undo_claim(work, back.id, "It was right"))
    # The claim stands again, and once: what earlier lives had taken back stays taken back.
    assert (edge.owed(one), standing(edge)) == ((0, 50_00), [30_00, 20_00])
    edge.verify()


@pytest.mark.parametrize("first", ["both at once", "in parts"])
def test_an_answer_of_before_stands_again_when_its_reversal_is_undone(
    edge: EraOffice, first: str
) -> None:
    one = edge.send()
    said = edge.answer(one, KEPT)
    edge.says(said)
    new = edge.answer(one, "CO45=50 PR3=30", payer_number="NEW")
    fill = edge.answer(edge.send(week=2), KEPT, payer_number="OTHER")
    page = edge.reads(era(reversal_of(said), new, fill, trace="T1"), clicked=False)
    if first == "in parts":
        edge.post(page, positions=[1, 3])
    edge.post(page)
    assert edge.owed(one) == (0, 30_00)
    undo(edge, page)
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    assert standing(edge) == [30_00]
    edge.verify()
