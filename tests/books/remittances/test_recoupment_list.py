"""The list of recoupments: its views and sums, whose claim an item is about, its partners."""

from __future__ import annotations

import pytest

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.remittances.answered import Plb
from fscdesk.services.remittances.recoupment_detail import item_detail
from fscdesk.services.remittances.recoupment_list import (
    SORTS,
    VIEWS,
    ItemFilter,
    ItemState,
    item_counts,
    items_by_payer,
    page_of_items,
)
from fscdesk.services.remittances.recoupments import explain, pair, unpair
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.books.remittances.test_recoupments import (
    WHY,
    interest,
    item,
    penalty,
    post_plbs,
)
from tests.support.payments import Till, verify
from tests.support.remittances_made import to_explain, will_take


@pytest.fixture
def six(books: Office, till: Till) -> int:
    """Six items of a payer in one remittance."""
    return post_plbs(
        books,
        till,
        [
            interest(Plb(1, "L6", "ICN1", -3_25)),
            penalty(Plb(2, "50", "LATE", 12_00)),
            to_explain(Plb(3, "WO", "ICN-2", 40_00)),
            will_take(Plb(4, "WO", "ICN3", -60_00)),
            to_explain(Plb(5, "CS", "ICN4", 7_00)),
            will_take(Plb(6, "FB", "icn 2", -1_00)),
        ],
    )


def listed(books: Office, sort: str = "number", **asked: object) -> list[int]:
    """The items of a question by their place in the file, and its totals."""
    wanted = ItemFilter.of(asked)
    page = books.read(lambda work: page_of_items(work, wanted, Span(0, 50, sort)))
    assert page.total == len(page.rows)
    assert page.totals["open"] == Money(sum(row.open.cents for row in page.rows))
    assert page.totals["amount"] == Money(sum(row.amount.cents for row in page.rows))
    return [int(row.number[-5:]) for row in page.rows]


@pytest.mark.usefixtures("six")
def test_each_view_has_its_items_and_its_count(books: Office) -> None:
    found = {view: listed(books, view=view) for view in VIEWS}
    assert found == {
        "explain": [3, 5],
        "will_take": [4, 6],
        "taken": [3, 5],
        "closed": [1, 2],
        "all": [1, 2, 3, 4, 5, 6],
    }
    assert books.read(item_counts) == {view: len(rows) for view, rows in found.items()}
    page = books.read(lambda work: page_of_items(work, ItemFilter(), Span(0, 9, "number")))
    assert [row.state for row in page.rows] == [
        ItemState.BOOKED,
        ItemState.BOOKED,
        ItemState.TO_EXPLAIN,
        ItemState.WILL_TAKE,
        ItemState.TO_EXPLAIN,
        ItemState.WILL_TAKE,
    ]
    (payer,) = books.read(items_by_payer)
    assert (payer.to_explain, payer.will_take) == (Money(47_00), Money(61_00))


@pytest.mark.usefixtures("six")
def test_it_is_sorted_by_each_column_and_pages_without_losing_any(books: Office) -> None:
    for sort in SORTS:
        for descending in (False, True):
            spans = [Span(at, 2, sort, descending=descending) for at in (0, 2, 4)]
            pages = books.read(
                lambda work, spans=spans: [  # type: ignore[misc]
                    page_of_items(work, ItemFilter(), span) for span in spans
                ]
            )
            assert sorted(row.id for page in pages for row in page.rows) == [1, 2, 3, 4, 5, 6]
    assert listed(books, "open")[0] == 4
    assert listed(books, "amount")[-1] == 3


@pytest.mark.usefixtures("six")
def test_words_chips_and_payers_narrow_it(books: Office, till: Till) -> None:
    assert listed(books, text="icn3") == [4]
    assert listed(books, text="wo 60.00") == [4]
    assert listed(books, text="RCP-2026-00005") == [5]
    assert listed(books, text="rem-2026-00001 late") == [2]
    assert listed(books, kind=("interest", "penalty")) == [1, 2]
    assert listed(books, payer=(till.payer,)) == [1, 2, 3, 4, 5, 6]
    assert listed(books, payer=(till.payer + 1,)) == []
    with pytest.raises(KeyError):
        ItemFilter.of({"who": 1})


@pytest.mark.usefixtures("six")
def test_the_same_reference_comes_before_the_oldest(books: Office) -> None:
    detail = books.read(lambda work: item_detail(work, item_at(work, 3)))
    assert [(one.number[-1], one.words) for one in detail.partners] == [
        ("6", "Same reference"),
        ("4", ""),
    ]
    told = books.read(lambda work: item_detail(work, item_at(work, 4)))
    assert [one.number[-1] for one in told.partners] == ["3", "5"]
    assert books.read(lambda work: item_detail(work, item_at(work, 1))).partners == ()
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: item_detail(work, 99))


def item_at(work: Work, place: int) -> int:
    """The id of the item with a number."""
    page = page_of_items(work, ItemFilter(text=f"RCP-2026-0000{place}"), Span(0, 2, "number"))
    return page.rows[0].id


@pytest.mark.usefixtures("six")
def test_the_history_keeps_what_was_taken_apart(books: Office) -> None:
    taken, told = item(books, 2), item(books, 3)
    one = books.write(lambda work: pair(work, taken, told, WHY, amount=Money(30_00))).value
    books.write(lambda work: unpair(work, one, "It was another one"))
    books.write(lambda work: explain(work, taken, "7620", WHY, amount=Money(10_00)))
    history = books.read(lambda work: item_detail(work, taken)).history
    assert [(one.other, one.account[:4], one.amount.cents) for one in history] == [
        ("RCP-2026-00004", "", 30_00),
        ("", "7620", 10_00),
    ]
    assert [one.may_be_taken_apart for one in history] == [False, True]
    assert history[0].undone_at is not None
    other = books.read(lambda work: item_detail(work, told)).history
    assert [(one.other, one.reason) for one in other] == [("RCP-2026-00003", WHY)]
    verify(books)


def test_what_was_undone_is_in_no_view(books: Office, six: int) -> None:
    books.write(lambda work: undo_remittance(work, six, WHY))
    assert set(books.read(item_counts).values()) == {0}
    assert books.read(items_by_payer) == ()
