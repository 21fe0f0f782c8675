"""One check number that comes twice with other words: both are shown, and one of them posts."""

from __future__ import annotations

from typing import Any

import pytest

from fscdesk.models.remittance import Fate, RemittanceStatus
from fscdesk.services.errors import Problem
from fscdesk.services.remittances.choosing import choose_payer, let_go_on
from fscdesk.services.remittances.incoming import plan_era
from fscdesk.services.remittances.undoing import undo_remittance
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.eras import era, file_of, remittance

HOUSE = "1888888888"
"""A clearinghouse that puts its own id into TRN03."""
LESS = "CO45=40 PR3=30"
"""The payer pays 90.00 instead of 100.00."""
OTHERWISE = "Another remittance with this check number says something else."


@pytest.mark.parametrize(
    ("cas", "said"),
    [
        (LESS, {"origin": HOUSE}),
        (KEPT, {"origin": HOUSE, "effective": "20260321"}),
        (KEPT, {"trace": "E77", "effective": "20260321"}),
        (LESS, {"trace": "e-77", "effective": "20270501"}),
    ],
    ids=["amount", "day", "zeros", "a year later"],
)
def test_the_same_number_with_another_amount_or_day_is_stopped_beside_the_first(
    edge: EraOffice, cas: str, said: dict[str, Any]
) -> None:
    one = edge.send()
    first = edge.says(edge.answer(one, KEPT), trace="0E77")
    stood = edge.moved()
    page = edge.reads(era(edge.answer(one, cas), **{"trace": "0E77"} | said))
    assert (page.row.status, page.conflict_id) == (RemittanceStatus.STOPPED, first.row.id)
    assert page.stop == OTHERWISE
    assert (edge.payments(), edge.moved()) == ([100_00], stood)
    edge.verify()


def test_a_person_who_has_looked_at_both_posts_the_second_too(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    edge.says(edge.answer(one, KEPT), trace="T5")
    page = edge.says(edge.answer(other, LESS), trace="T5", origin=HOUSE)
    edge.books.write(lambda work: let_go_on(work, page.row.id, "Two checks of one number"))
    assert only(edge.post(page)).fate is Fate.POSTED
    assert edge.payments() == [100_00, 90_00]
    edge.verify()


def test_a_number_that_comes_again_after_years_is_another_check_and_is_told(
    edge: EraOffice,
) -> None:
    one, other = edge.send(), edge.send(week=1)
    first = edge.says(edge.answer(one, KEPT), trace="T5")
    text = era(edge.answer(other, LESS), trace="T5", origin=HOUSE, effective="20271020")
    (plan,) = edge.books.read(lambda work: plan_era(work, "x", text.encode())).transactions
    assert (plan.conflict, plan.stop) == (None, "")
    words = (
        f"This payer has used check number T5 before: {first.row.number} over 100.00 of"
        " 03/20/2026. It is taken as another check."
    )
    found = [each.message for each in plan.findings if each.code == "remittance-number-again"]
    assert found == [words]
    assert only(edge.reads(text)).fate is Fate.POSTED
    edge.verify()


@pytest.mark.parametrize("origin", [HOUSE, "1999019901"], ids=["by two ways", "by one"])
def test_a_file_that_says_one_number_twice_posts_the_first_and_shows_the_second(
    edge: EraOffice, origin: str
) -> None:
    one, other = edge.send(), edge.send(week=1)
    second = remittance(edge.answer(other, LESS), trace="T5", control="0002", origin=origin)
    pages = edge.all_of(file_of(remittance(edge.answer(one, KEPT), trace="T5"), second))
    assert [each.row.status for each in pages] == [
        RemittanceStatus.POSTED,
        RemittanceStatus.STOPPED,
    ]
    assert (pages[1].conflict_id, edge.payments()) == (pages[0].row.id, [100_00])
    edge.verify()


def test_a_payer_that_is_told_later_is_asked_for_its_number_too(edge: EraOffice) -> None:
    one = edge.send()
    first = edge.says(edge.answer(one, KEPT), trace="T3")
    lost = edge.answer(one, LESS, ben=True, patient=("ELSEWHERE", "ZED", "QQQ"))
    strange = {"payer": "SOMEONE TPA", "payer_id": "12345", "origin": "1777777777"}
    copy = edge.reads(era(lost, trace="T3", **strange).replace(one.account, "NOBODYS"))
    assert copy.row.status is RemittanceStatus.TO_POST
    edge.books.write(lambda work: choose_payer(work, copy.row.id, edge.desk.payer))
    shown = edge.page(copy.row.id)
    assert (shown.row.status, shown.conflict_id) == (RemittanceStatus.STOPPED, first.row.id)


# An undone check, and the one that came in its place.


def test_an_undone_check_does_not_post_again_beside_its_replacement(edge: EraOffice) -> None:
    one = edge.send()
    first = edge.says(edge.answer(one, KEPT), trace="T9")
    edge.books.write(lambda work: undo_remittance(work, first.row.id, "It is wrong"))
    second = edge.says(edge.answer(one, LESS), trace="T9")
    edge.books.write(lambda work: let_go_on(work, second.row.id, "It is the right one"))
    edge.post(second)
    stood = (edge.owed(one), edge.moved())
    words = (
        f"This check number is in the books as {second.row.number} over 90.00 of 03/20/2026; this"
        " one says 100.00 of 03/20/2026. Look at both. Undo that one first, then post this."
    )
    with pytest.raises(Problem) as refused:
        edge.post(first)
    assert refused.value.message == words
    assert (edge.owed(one), edge.moved(), edge.payments()) == (*stood, [100_00, 90_00])
    edge.books.write(lambda work: undo_remittance(work, second.row.id, "The first was right"))
    assert only(edge.post(first)).fate is Fate.POSTED
    assert edge.owed(one) == (0, 30_00)
    edge.verify()
