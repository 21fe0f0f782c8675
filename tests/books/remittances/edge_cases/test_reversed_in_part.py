"""A reversal of several lines, some of which were taken back before."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Fate, RemittanceStatus, Unposted
from fscdesk.models.values import ZERO
from fscdesk.services.errors import Problem
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.recoupments import explain
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from tests.support.brute_remittances import wrong_remittances
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, SentClaim
from tests.support.eras import claim, plb, reversal_of

OPEN, SETTLED = (130_00, 30_00), (0, 30_00)


def owed(edge: EraOffice, one: SentClaim) -> list[tuple[int, int]]:
    return [edge.owed(one, at) for at in range(len(one.charges))]


def first_taken_back(edge: EraOffice) -> tuple[SentClaim, EraClaim]:
    """Two sessions are paid, and the first is taken back alone."""
    one = edge.send(sessions=2)
    whole = edge.answer(one, KEPT)
    edge.says(whole)
    alone = reversal_of(claim(one.account, whole.services[0], patient=ALMA))
    edge.says(alone, plb=[plb("FB", "-100", "ICN0001")])
    assert owed(edge, one) == [OPEN, SETTLED]
    return one, whole


def test_the_other_line_is_reversed_and_the_first_is_to_explain(edge: EraOffice) -> None:
    one, whole = first_taken_back(edge)
    page = edge.says(reversal_of(whole), plb=[plb("FB", "-200", "ICN0002")])
    assert owed(edge, one) == [OPEN, OPEN]
    found = only(page)
    assert (page.row.status, found.fate) == (RemittanceStatus.POSTED, Fate.POSTED)
    assert found.words.startswith("100.00 of it stays to be explained. 100.00 is taken back for")
    assert [(line.fate, line.why) for line in found.lines] == [
        (Fate.UNPOSTED, Unposted.REVERSES_NOTHING),
        (Fate.POSTED, None),
    ]
    assert edge.items()[-1] == ("22", 100_00, 100_00)
    assert edge.left(page) == 0
    assert edge.accounts()["1120"] == 100_00
    assert edge.stands(one)[0] not in (ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID)
    titles = edge.waits(ItemKind.RECOUPMENT, ItemKind.UNPOSTED)
    assert "Payer took this, and nothing explains it" in titles
    assert wrong_remittances(edge.books) == []
    edge.verify()


def test_the_same_once_more_takes_nothing_twice(edge: EraOffice) -> None:
    one, whole = first_taken_back(edge)
    edge.says(reversal_of(whole), plb=[plb("FB", "-200", "ICN0002")])
    again = edge.says(reversal_of(whole), plb=[plb("FB", "-200", "ICN0003")])
    assert owed(edge, one) == [OPEN, OPEN]
    assert only(again).fate is Fate.UNPOSTED
    assert only(again).words
    edge.verify()


def test_undone_it_stands_as_before_and_posts_again(edge: EraOffice) -> None:
    one, whole = first_taken_back(edge)
    before, stood = edge.accounts(), edge.stands(one)
    page = edge.says(reversal_of(whole), plb=[plb("FB", "-200", "ICN0002")])
    after = edge.accounts()
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "The wrong file"))
    assert (edge.accounts(), edge.stands(one)) == (before, stood)
    edge.verify()
    assert only(edge.post(page)).fate is Fate.POSTED
    assert (edge.accounts(), owed(edge, one)) == (after, [OPEN, OPEN])
    assert wrong_remittances(edge.books) == []
    edge.verify()


def test_the_claim_alone_goes_back_with_what_it_left_to_explain(edge: EraOffice) -> None:
    one, whole = first_taken_back(edge)
    other = edge.send(week=5, sessions=2)
    page = edge.says(reversal_of(whole), edge.answer(other, KEPT))
    assert (owed(edge, one), owed(edge, other)) == ([OPEN, OPEN], [SETTLED, SETTLED])
    row = page.claims[0].id
    with pytest.raises(Problem, match="used by other claims"):
        edge.books.write(lambda work: undo_claim(work, row, "Not ours"))
    edge.books.write(lambda work: undo_claim(work, page.claims[1].id, "Not ours"))
    edge.books.write(lambda work: undo_claim(work, row, "Not ours"))
    assert owed(edge, one) == [OPEN, SETTLED]
    assert "1120" not in edge.accounts()
    assert edge.left(page) == 0
    assert wrong_remittances(edge.books) == []
    edge.verify()
    edge.post(page)
    assert (owed(edge, one), owed(edge, other)) == ([OPEN, OPEN], [SETTLED, SETTLED])
    item = edge.books.read(
        lambda work: work.db.scalars(select(Recoupment).where(Recoupment.open > ZERO)).one()
    )
    edge.books.write(lambda work: explain(work, item.id, "7620", "A penalty"))
    with pytest.raises(Problem, match="settled already"):
        edge.books.write(lambda work: undo_claim(work, row, "Not ours"))
    edge.verify()


def test_a_line_without_money_that_was_never_answered_does_not_hold_the_others(
    edge: EraOffice,
) -> None:
    one = edge.send(sessions=2)
    whole = edge.answer(one, KEPT, "CO16=160")
    edge.says(claim(one.account, whole.services[0], patient=ALMA))
    page = edge.says(reversal_of(whole), plb=[plb("FB", "-100", "ICN0002")])
    assert owed(edge, one) == [OPEN, OPEN]
    assert only(page).fate is Fate.POSTED
    assert only(page).words.startswith("It takes back an answer for")
    assert "1120" not in edge.accounts()
    edge.verify()
