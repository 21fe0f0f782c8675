"""Parts on pages: in order, none lost, and together what belongs together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.printing.flow import Part, Placed, Room, flow, gap, stack
from fscdesk.services.printing.page import Pen

FIRST, AFTER = Room(200, 300), Room(50, 300)


def nothing(pen: Pen, top: float) -> None:
    del pen, top


def a_part(height: float, *, keep_next: bool = False, again: Part | None = None) -> Part:
    return Part(height, nothing, keep_next=keep_next, again=again)


def parts_of(pages: list[list[Placed]]) -> list[Part]:
    return [placed.part for page in pages for placed in page]


def test_no_part_makes_one_empty_page() -> None:
    assert flow([], FIRST, AFTER) == [[]]


def test_parts_follow_each_other_and_go_on_where_a_page_ends() -> None:
    pages = flow([a_part(40)] * 4, FIRST, AFTER)
    assert [[placed.top for placed in page] for page in pages] == [[200, 240], [50, 90]]


def test_what_belongs_together_moves_together() -> None:
    chain = [a_part(40, keep_next=True), a_part(40)]
    pages = flow([a_part(40), *chain], FIRST, AFTER)
    assert [len(page) for page in pages] == [1, 2]


def test_chain_higher_than_a_page_is_cut_and_nothing_is_lost() -> None:
    chain = [a_part(40, keep_next=True) for _ in range(20)]
    pages = flow(chain, FIRST, AFTER)
    assert parts_of(pages) == chain
    assert len(pages) == 4


def test_head_stands_again_on_each_new_page_only() -> None:
    head = a_part(10, keep_next=True)
    rows = [a_part(40, again=head) for _ in range(10)]
    pages = flow([head, *rows], FIRST, AFTER)
    assert [page[0].part for page in pages] == [head] * len(pages)
    assert sum(placed.part is head for page in pages for placed in page) == len(pages) == 3


def test_white_is_left_out_at_the_top_of_a_page() -> None:
    part = a_part(90)
    pages = flow([part, gap(20), part], FIRST, AFTER)
    assert [[placed.top for placed in page] for page in pages] == [[200], [50]]


def test_white_at_the_very_end_makes_no_page() -> None:
    assert len(flow([a_part(90), gap(20)], FIRST, AFTER)) == 1


def test_stack_is_as_high_as_its_parts() -> None:
    drawn: list[float] = []
    part = Part(10, lambda pen, top: drawn.append(top))
    both = stack(part, a_part(5), part)
    both.draw(Pen(title="x"), 100)
    assert both.height == 25
    assert drawn == [100, 115]


@given(st.lists(st.tuples(st.floats(1, 120), st.booleans()), max_size=60))
def test_every_part_is_placed_once_within_its_page(shapes: list[tuple[float, bool]]) -> None:
    parts = [a_part(height, keep_next=keep) for height, keep in shapes]
    pages = flow(parts, FIRST, AFTER)
    assert [id(part) for part in parts_of(pages)] == [id(part) for part in parts]
    for number, page in enumerate(pages):
        top, end = AFTER if number else FIRST
        for placed in page:
            assert placed.top >= top
            alone = placed is page[0]
            assert placed.top + placed.part.height <= end + 0.01 or alone
